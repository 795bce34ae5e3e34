"""Points to files and back: little-endian arrays without a header, one row a point.

=========  ==============  ===================================================
file       type            meaning
=========  ==============  ===================================================
points     4 x float32     LiDAR: x, y, z in m, sensor frame, and intensity (KITTI)
points     6 x float32     radar: `records.scan.SCAN_COLUMNS`
labels     uint32          instance << 16 | class id (SemanticKITTI)
beams      uint32          LiDAR: column * channels + channel
=========  ==============  ===================================================
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.records import Scan, Sweep
from scenegen.records.scan import SCAN_COLUMNS

SWEEP_FILES = {"points": "bin", "labels": "label", "beams": "bin", "boxes": "json"}
"""Suffix of each file of a sweep, by its folder."""

SCAN_FILES = {"points": "bin", "labels": "label", "boxes": "json"}
"""Suffix of each file of a radar's scan, by its folder."""
FILES_BY_KIND = {"lidar": SWEEP_FILES, "radar": SCAN_FILES}


def encode_scan(scan: Scan) -> dict[str, bytes]:
    """Return the files of a scan by folder, without ``boxes``."""
    return {
        "points": scan.points.astype("<f4").tobytes(),
        "labels": _packed(scan.instance, scan.semantic),
    }


def encode_sweep(sweep: Sweep) -> dict[str, bytes]:
    """Return the files of a sweep by folder, without ``boxes``."""
    return {
        "points": sweep.points.astype("<f4").tobytes(),
        "labels": _packed(sweep.instance, sweep.semantic),
        "beams": sweep.beam.astype("<u4").tobytes(),
    }


def _packed(instance: npt.NDArray[np.uint16], semantic: npt.NDArray[np.uint16]) -> bytes:
    return ((instance.astype(np.uint32) << 16) | semantic).astype("<u4").tobytes()


def decode_detections(data: bytes) -> npt.NDArray[np.float32]:
    """Return detections (N, 6) float32; ValueError if the file is cut."""
    return np.asarray(_rows(data, np.dtype("<f4"), len(SCAN_COLUMNS)), dtype=np.float32)


def decode_points(data: bytes) -> npt.NDArray[np.float32]:
    """Return points (N, 4) float32; ValueError if the file is cut."""
    return np.asarray(_rows(data, np.dtype("<f4"), 4), dtype=np.float32)


def decode_ids(data: bytes) -> npt.NDArray[np.uint32]:
    """Return the numbers (N,) of ``labels`` or ``beams``; ValueError if the file is cut."""
    return np.asarray(_rows(data, np.dtype("<u4"), 1)[:, 0], dtype=np.uint32)


def _rows(data: bytes, dtype: np.dtype[Any], columns: int) -> npt.NDArray[Any]:
    size = dtype.itemsize * columns
    if len(data) % size:
        raise ValueError(f"{len(data)} bytes are no whole number of {size}-byte rows")
    return np.frombuffer(data, dtype=dtype).reshape(-1, columns).copy()
