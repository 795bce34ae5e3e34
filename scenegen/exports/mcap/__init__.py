"""MCAP files with Foxglove's messages, one a scene."""

from __future__ import annotations

from scenegen.exports.extras import needs
from scenegen.exports.folder import ExportFolder
from scenegen.exports.source import Source


def write_mcap(source: Source, folder: ExportFolder) -> None:
    """Write ``SCENE.mcap`` for each scene; see `exports.mcap.scene`.

    Raises
    ------
    InputError
        mcap, its support of protobuf, or Foxglove's schemas aren't installed.
    """
    needs(("mcap", "mcap_protobuf", "foxglove_schemas_protobuf"), "an MCAP file", "view")
    from scenegen.exports.mcap.scene import write_scene  # noqa: PLC0415 - loads mcap

    for scene in source.scenes():
        write_scene(source, scene, folder.place(f"{scene.id}.mcap"))
