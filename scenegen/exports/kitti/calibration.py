"""Calibration files of KITTI: those of objects, of tracking, and of odometry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scenegen.dataset.layout import read_content
from scenegen.records.base import F64


@dataclass(frozen=True)
class KittiCalibration:
    """One camera, a LiDAR and the vehicle.

    Attributes
    ----------
    K : (3, 3) float64 px
        Counted from the middle of the first pixel.
    camera_from_lidar, lidar_from_body : (4, 4) float64
        KITTI's ``Tr_velo_to_cam`` and ``Tr_imu_to_velo``; the body frame stands for the IMU's.
    """

    K: F64
    camera_from_lidar: F64
    lidar_from_body: F64

    @property
    def projection(self) -> F64:
        """The matrix P (3, 4) of every camera: there is one, which is the reference."""
        return np.hstack([self.K, np.zeros((3, 1))])


def object_text(calibration: KittiCalibration) -> bytes:
    """Return ``calib/NNNNNN.txt`` of the object benchmark."""
    names = ("R0_rect:", "Tr_velo_to_cam:", "Tr_imu_to_velo:")
    return _text(calibration, names)


def tracking_text(calibration: KittiCalibration) -> bytes:
    """Return ``calib/NNNN.txt`` of the tracking benchmark, whose last names have no colon."""
    return _text(calibration, ("R_rect", "Tr_velo_cam", "Tr_imu_velo"))


def odometry_text(K: F64, camera_from_lidar: F64) -> bytes:
    """Return ``calib.txt`` of a sequence of the odometry benchmark."""
    projection = np.hstack([K, np.zeros((3, 1))])
    rows = [(f"P{i}:", projection) for i in range(4)] + [("Tr:", camera_from_lidar[:3])]
    return _lines(rows)


def read_object_calibration(path: Path) -> KittiCalibration:
    """Return what `object_text` or `tracking_text` wrote; DatasetError if it is damaged."""
    return read_content(path, _parsed)


def _parsed(data: bytes) -> KittiCalibration:
    words = (line.split() for line in data.decode().splitlines() if line.strip())
    rows = {name.rstrip(":"): np.array(numbers, np.float64) for name, *numbers in words}
    lidar = rows["Tr_velo_to_cam" if "Tr_velo_to_cam" in rows else "Tr_velo_cam"]
    body = rows["Tr_imu_to_velo" if "Tr_imu_to_velo" in rows else "Tr_imu_velo"]
    K = rows["P2"].reshape(3, 4)[:, :3]
    return KittiCalibration(K, _whole(lidar.reshape(3, 4)), _whole(body.reshape(3, 4)))


def _whole(rows: F64) -> F64:
    return np.vstack([rows, [0.0, 0.0, 0.0, 1.0]])


def _text(calibration: KittiCalibration, names: tuple[str, str, str]) -> bytes:
    cameras = [(f"P{i}:", calibration.projection) for i in range(4)]
    turned, lidar, body = names
    return _lines(
        [
            *cameras,
            (turned, np.eye(3)),
            (lidar, calibration.camera_from_lidar[:3]),
            (body, calibration.lidar_from_body[:3]),
        ]
    )


def _lines(rows: Iterable[tuple[str, npt.NDArray[np.float64]]]) -> bytes:
    return "".join(f"{name} {numbers_text(matrix)}\n" for name, matrix in rows).encode()


def numbers_text(matrix: npt.ArrayLike) -> str:
    """Return the numbers of a matrix row by row, to the digits that KITTI writes."""
    return " ".join(f"{number:.12e}" for number in np.ravel(np.asarray(matrix) + 0.0))
