"""A LiDAR's receiver: the least that it detects, and the share of a beam that it sees.

Laser and receiver lie side by side, so near spots are out of focus and beside the detector: the
share that is seen is that of a blurred disc which lies on the detector's, both in angles. So
what is right before the sensor is hardly seen, as fog and drops that would outshine everything.
"""

from __future__ import annotations

import numpy as np

from scenegen.ranging.vectors import F32
from scenegen.records import LidarSpec
from scenegen.records.base import F64

PULSE_M = 0.6
"""Length of a pulse in range: 4 ns there and back."""
_LENS_M, _BESIDE_M = 0.02, 0.02
"""Width of the receiver's lens, and how far its axis lies beside the laser's."""
_FIELD_RAD, _BEAM_RAD = 4e-3, 3e-3
"""Full angles of the detector's field and of the beam: as narrow as sunlight asks for. With it
rain, snow and fog answer about as often as they have been seen to do (docs/dataset.md)."""
_STRAY = 0.002
"""Share of the light that lens and housing scatter onto the detector from anywhere."""
_PER_M = 100
_WHOLE_M = (_BESIDE_M + _LENS_M / 2) / (0.5 * (_FIELD_RAD - _BEAM_RAD))
"""From here on the receiver sees the whole beam."""


def threshold(spec: LidarSpec) -> float:
    """Return the least signal that is detected: reflectance over squared range."""
    return 0.1 / spec.reach_m**2


def overlap(range_m: F32) -> F32:
    """Return the share of a beam that the receiver sees at ranges."""
    place = np.minimum(range_m * np.float32(_PER_M), np.float32(len(_SEEN) - 1))
    return np.asarray(_SEEN.take(place.astype(np.int32)))


def parallax(range_m: F64) -> F64:
    """Return the angles between laser and receiver as they are seen from ranges."""
    return _BESIDE_M / range_m


def _on_detector(range_m: F64) -> F64:
    """Return the share of a beam's blurred disc that lies on the detector."""
    disc = 0.5 * (_BEAM_RAD + _LENS_M / range_m)
    field, off = 0.5 * _FIELD_RAD, _BESIDE_M / range_m
    # Where both circles cross, seen from both middles; the chord cuts a segment off each.
    near = np.clip((off**2 + disc**2 - field**2) / (2 * off * disc), -1, 1)
    far = np.clip((off**2 + field**2 - disc**2) / (2 * off * field), -1, 1)
    area = sum(
        r**2 * (np.arccos(c) - c * np.sqrt(1 - c**2)) for r, c in ((disc, near), (field, far))
    )
    return np.asarray(area / (np.pi * disc**2))


def _table() -> F32:
    middles = (np.arange(int(_WHOLE_M * _PER_M) + 1) + 0.5) / _PER_M
    seen = np.append(_on_detector(middles), 1.0)
    return np.asarray(np.clip(seen, _STRAY, 1), dtype=np.float32)


_SEEN = _table()
