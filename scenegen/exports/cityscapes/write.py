"""A data set as Cityscapes' folders."""

from __future__ import annotations

import cv2
import numpy as np

from scenegen.dataset.canonical import readable_json
from scenegen.dataset.codecs import U8, U16
from scenegen.errors import InputError
from scenegen.exports.cityscapes.calibration import camera_json, disparity, vehicle_json
from scenegen.exports.cityscapes.labels import instance_ids, label_ids, polygons
from scenegen.exports.folder import ExportFolder
from scenegen.exports.shots import Shot, shots
from scenegen.exports.source import Source
from scenegen.records import FrameLabels
from scenegen.records.taxonomy import CLASS_BY_ID


def write_cityscapes(source: Source, folder: ExportFolder) -> None:
    """Write a city for each scenario and camera, a sequence for each scene.

    Raises
    ------
    InputError
        Two scenarios or cameras would be one city.
    """
    cities: dict[str, tuple[str, str]] = {}
    for shot in shots(source):
        whose = (shot.scene.manifest.scenario, shot.frame.sensor)
        city = "--".join(whose).replace("_", "-")
        if cities.setdefault(city, whose) != whose:
            raise InputError(
                f"scenario {whose[0]} by {whose[1]} and {cities[city][0]} by {cities[city][1]} "
                f"would both be the city {city}; export them apart, by sensors="
            )
        name = f"{city}_{shot.scene.manifest.index:06d}_{shot.frame.index:06d}"
        _write(shot, city, name, folder)


def _write(shot: Shot, city: str, name: str, folder: ExportFolder) -> None:
    def place(kind: str, end: str = "") -> str:
        return f"{kind}/{shot.split}/{city}/{name}_{kind}{end}"

    frame, labels = shot.frame, shot.frame.labels
    semantic = frame.semantic
    numbers = instance_ids(semantic, frame.instance, labels)
    ids = label_ids(semantic)
    folder.copy(place("leftImg8bit", ".png"), frame.path("rgb"))
    folder.write(place("gtFine", "_labelIds.png"), _png(ids))
    folder.write(place("gtFine", "_instanceIds.png"), _png(numbers))
    folder.write(place("gtFine", "_color.png"), _png(_COLORS[ids]))
    height, width = ids.shape
    drawn = {"imgHeight": height, "imgWidth": width, "objects": polygons(numbers)}
    folder.write(place("gtFine", "_polygons.json"), readable_json(drawn))
    folder.write(place("vehicle", ".json"), readable_json(vehicle_json(labels)))
    if is_pinhole(labels):
        folder.write(place("camera", ".json"), readable_json(camera_json(labels)))
        stored = disparity(frame.depth_m, labels.camera.K[0][0])
        folder.write(place("disparity", ".png"), _png(stored))


def is_pinhole(labels: FrameLabels) -> bool:
    """Return whether Cityscapes' camera file can describe a camera: no lens, no readout."""
    return labels.camera.model == "pinhole" and labels.camera.readout_s == 0.0


def _colors() -> U8:
    colors = np.zeros((256, 3), dtype=np.uint8)
    for class_id, entry in CLASS_BY_ID.items():
        colors[class_id] = entry.color[::-1]
    return colors


_COLORS = _colors()
"""Blue, green, red by class id, as OpenCV has them."""


def _png(picture: U8 | U16) -> bytes:
    return bytes(cv2.imencode(".png", picture)[1])
