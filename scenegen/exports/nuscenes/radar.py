"""Radar scans as nuScenes keeps them: binary PCD of 18 fields."""

from __future__ import annotations

import numpy as np

from scenegen.dataset import ScanReader

_FIELDS = (
    *("x", "y", "z", "dyn_prop", "id", "rcs", "vx", "vy", "vx_comp", "vy_comp"),
    *("is_quality_valid", "ambig_state", "x_rms", "y_rms", "invalid_state", "pdh0"),
    *("vx_rms", "vy_rms"),
)
_SIZES = (4, 4, 4, 1, 2, 4, 4, 4, 4, 4, 1, 1, 1, 1, 1, 1, 1, 1)
_FLOATS = frozenset({"x", "y", "z", "rcs", "vx", "vy", "vx_comp", "vy_comp"})
_ROW = np.dtype(
    [
        (name, "<f4" if name in _FLOATS else f"<i{size}")
        for name, size in zip(_FIELDS, _SIZES, strict=True)
    ]
)
_MOVING, _STANDING, _ONCOMING = 0, 1, 2
_MOVES_MPS = 0.5
_UNAMBIGUOUS, _LIKELY = 3, 1


def scan_pcd(scan: ScanReader) -> bytes:
    """Return the file of a scan: places in the sensor's frame, radial speeds as vectors.

    `vx_comp`, `vy_comp` are over the ground. Whether something moves is told by its radial speed
    over the ground, as a radar would; what the fields of quality would say isn't simulated:
    everything is valid and unambiguous.
    """
    labels, detections = scan.labels, scan.scan
    rows = np.zeros(max(len(detections.points), 1), _ROW)
    if not len(detections.points):
        for name in _FLOATS:
            rows[name] = np.nan  # an empty scan, as nuScenes' reader knows it
    else:
        direction = detections.directions
        places = detections.points[:, :1] * direction
        ground = labels.over_ground(detections)
        level = direction[:, :2] / np.linalg.norm(direction[:, :2], axis=1, keepdims=True)
        seen = detections.points[:, 3:4] * level
        over = ground[:, None] * level
        rows["x"], rows["y"], rows["z"] = places.T
        rows["vx"], rows["vy"] = seen.T
        rows["vx_comp"], rows["vy_comp"] = over.T
        rows["rcs"] = detections.points[:, 4]
        rows["id"] = np.arange(len(rows)) % 2**15
        moves = np.where(ground < 0, _ONCOMING, _MOVING)
        rows["dyn_prop"] = np.where(np.abs(ground) < _MOVES_MPS, _STANDING, moves)
        rows["is_quality_valid"], rows["pdh0"] = 1, _LIKELY
        rows["ambig_state"] = _UNAMBIGUOUS
    header = (
        "# .PCD v0.7 - Point Cloud Data file format",
        "VERSION 0.7",
        f"FIELDS {' '.join(_FIELDS)}",
        f"SIZE {' '.join(str(size) for size in _SIZES)}",
        f"TYPE {' '.join('F' if name in _FLOATS else 'I' for name in _FIELDS)}",
        f"COUNT {' '.join('1' for _ in _FIELDS)}",
        f"WIDTH {len(rows)}",
        "HEIGHT 1",
        "VIEWPOINT 0 0 0 1 0 0 0",
        f"POINTS {len(rows)}",
        "DATA binary",
    )
    # The reader of nuScenes-devkit wants a byte behind the last point.
    return ("\n".join(header) + "\n").encode() + rows.tobytes() + b"\n"
