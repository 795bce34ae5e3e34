"""A data set as OpenLABEL files, beside the sensors' own."""

from __future__ import annotations

from scenegen.dataset import FrameReader
from scenegen.dataset.canonical import canonical_json
from scenegen.exports.folder import ExportFolder
from scenegen.exports.openlabel.scene import AnyReader, SceneContent
from scenegen.exports.source import Source


def write_openlabel(source: Source, folder: ExportFolder) -> None:
    """Write a file for each scene, and the pictures and points that it names."""
    for scene in source.scenes():
        readings: list[AnyReader] = [
            *source.frames(scene),
            *source.sweeps(scene),
            *source.scans(scene),
        ]
        content = SceneContent(scene, readings)
        for reading in readings:
            file = reading.path("rgb" if isinstance(reading, FrameReader) else "points")
            uri = f"{scene.id}/{reading.sensor}/{file.name}"
            folder.copy(uri, file)
            content.add(reading, uri)
        made = canonical_json(content.content(source.dataset.info))
        folder.write(f"{scene.id}.json", made)
