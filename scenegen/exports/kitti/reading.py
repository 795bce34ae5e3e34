"""Reads the object benchmark's training part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scenegen.dataset.layout import read_content
from scenegen.dataset.point_files import decode_points
from scenegen.errors import DatasetError
from scenegen.exports.clouds import F32
from scenegen.exports.kitti.calibration import KittiCalibration, read_object_calibration
from scenegen.exports.kitti.labels import KittiObject, read_objects


@dataclass(frozen=True)
class KittiPicture:
    """One picture of the training part, with what belongs to it."""

    number: int
    image: Path
    objects: tuple[KittiObject, ...]
    calibration: KittiCalibration
    velodyne: Path

    @property
    def points(self) -> F32:
        """Points (N, 4) float32 of the LiDAR: x, y, z in m and intensity."""
        return read_content(self.velodyne, decode_points)


def read_kitti(path: Path) -> Iterator[KittiPicture]:
    """Go through the pictures of ``training`` in a folder, by number.

    Raises
    ------
    DatasetError
        There are none, or a file is missing or damaged.
    """
    training = path / "training"
    images = sorted((training / "image_2").glob("*.png"))
    if not images:
        raise DatasetError(f"{path}: no pictures in training/image_2")
    for image in images:
        name = image.stem
        yield KittiPicture(
            int(name),
            image,
            tuple(read_objects(training / "label_2" / f"{name}.txt")),
            read_object_calibration(training / "calib" / f"{name}.txt"),
            training / "velodyne" / f"{name}.bin",
        )
