"""Recordings for the Rerun viewer, one a scene."""

from __future__ import annotations

from pathlib import Path

from scenegen.dataset import SceneReader
from scenegen.exports.extras import needs
from scenegen.exports.folder import ExportFolder
from scenegen.exports.source import Source


def write_rerun(source: Source, folder: ExportFolder) -> None:
    """Write ``SCENE.rrd`` for each scene.

    Raises
    ------
    InputError
        rerun-sdk isn't installed.
    """
    needs_rerun()
    for scene in source.scenes():
        record_scene(source, scene, folder.place(f"{scene.id}.rrd"))


def record_scene(source: Source, scene: SceneReader, path: Path) -> None:
    """Write one scene to a file; see `exports.rerun.recording`."""
    from scenegen.exports.rerun.recording import record  # noqa: PLC0415 - loads rerun

    record(source, scene, path)


def needs_rerun() -> None:
    """Raise InputError if rerun-sdk isn't installed."""
    needs(("rerun",), "a Rerun recording", "view")
