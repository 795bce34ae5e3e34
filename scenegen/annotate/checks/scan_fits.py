"""Which surfaces a radar's detection may be of, by its cells and noise, and whether they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.scan_case import Reach, within
from scenegen.annotate.checks.sweep_case import Moment
from scenegen.records import RadarSpec, Scan
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

_VEHICLE_IDS = tuple(CLASS_BY_NAME[name].id for name in ("car", "truck", "bus", "train"))
_SIGMAS = 6.0
"""Noise beyond so many standard deviations doesn't happen in a data set's lifetime."""
_BEST = 0.03
"""Least deviation of a measurement, in cells; docs/dataset.md."""
_POSE_M = 0.02
"""What float32 and motion between control steps may do to a place."""
_POSE_MPS = 0.02
_SKIN_M, _BESIDE_M = 0.5, 0.15
"""A radar sees through so much of a body's own skin, and past others' rims."""
_FEW, _MANY = 40, 4000
"""Triangles that are looked at first, and if none of them shows."""


@dataclass(frozen=True)
class Slack:
    """By how much one detection may be off."""

    range_m: float
    azimuth_rad: float
    elevation_rad: float
    speed_mps: float


class Errors:
    """By how much detections (N, 6) may be off: a cell that others share, and noise.

    Attributes
    ----------
    range_m, azimuth_rad, elevation_rad, speed_mps : ndarray, shape (N,)
    """

    def __init__(self, spec: RadarSpec, points: F64) -> None:
        ratio = 10 ** (0.1 * points[:, 5])
        # A tone's Cramér-Rao bound: 6 / (2π)² cells² over the signal's power.
        cells = 1 + _SIGMAS * np.sqrt(6 / (4 * np.pi**2 * ratio) + _BEST**2)
        edge = np.abs(points[:, 1]) + spec.azimuth_resolution_rad
        wide = spec.azimuth_resolution_rad / np.maximum(np.cos(np.minimum(edge, 1.5)), 0.1)
        self.range_m = cells * spec.range_resolution_m + _POSE_M
        self.azimuth_rad = cells * wide + _POSE_M / points[:, 0]
        above = spec.elevation_resolution_rad
        self.elevation_rad = cells * (above or 0.0) + _POSE_M / points[:, 0]
        self.speed_mps = cells * spec.speed_resolution_mps + _POSE_MPS

    def of(self, k: int) -> Slack:
        """Return those of one detection."""
        return Slack(
            float(self.range_m[k]),
            float(self.azimuth_rad[k]),
            float(self.elevation_rad[k]),
            float(self.speed_mps[k]),
        )


def fitting(spec: RadarSpec, reach: Reach, point: F64, slack: Slack) -> npt.NDArray[np.int64]:
    """Return the triangles that a detection (6,) may be of, ranges and speeds unfolded."""
    distance, azimuth, elevation, speed = (float(value) for value in point[:4])
    fits = within(reach.azimuth_rad, azimuth, slack.azimuth_rad)
    if spec.elevation_resolution_rad is None:
        fits &= within(reach.elevation_rad, 0.0, spec.vfov_rad / 2)
    else:
        fits &= within(reach.elevation_rad, elevation, slack.elevation_rad)
    near = np.zeros_like(fits)
    for fold in (0.0, spec.far_m):
        near |= within(reach.range_m, distance + fold, slack.range_m)
    period = 2 * spec.max_speed_mps
    low, high = reach.speed_mps[0] - slack.speed_mps, reach.speed_mps[1] + slack.speed_mps
    # The first of speed, speed ± period, … that isn't below the span.
    fits &= speed + np.ceil((low - speed) / period) * period <= high
    return np.flatnonzero(fits & near)


def ghosts(spec: RadarSpec, scan: Scan) -> npt.NDArray[np.bool_]:
    """Return which detections (N,) lie at twice the range and speed of a vehicle's."""
    points = scan.points.astype(np.float64)
    errors = Errors(spec, points)
    first = np.flatnonzero(np.isin(scan.semantic, _VEHICLE_IDS) & (scan.instance > 0))
    found = np.zeros(len(points), dtype=np.bool_)
    for k in first.tolist():
        twice = np.abs(points[:, 0] - 2 * points[k, 0])
        far = np.minimum(twice % spec.far_m, -twice % spec.far_m)
        fast = np.abs(spec.folded_speed(points[:, 3] - 2 * points[k, 3]))
        fits = far <= errors.range_m + 2 * errors.range_m[k]
        fits &= fast <= errors.speed_mps + 2 * errors.speed_mps[k]
        fits &= np.abs(points[:, 1] - points[k, 1]) <= errors.azimuth_rad + errors.azimuth_rad[k]
        found |= fits
    return found


def hidden(moment: Moment, corners: Sequence[F64], ids: Sequence[int]) -> list[int]:
    """Return the numbers of the actors' surfaces of which a radar sees no point.

    Parameters
    ----------
    moment : Moment
    corners : sequence of ndarray, shape (F, 3, 3)
        Triangles, sensor frame.
    ids : sequence of int
        The actor of each.
    """
    left = list(range(len(ids)))
    if not left:
        return []
    for count, steps in ((_FEW, 2), (_MANY, 5)):
        some = [corners[n][:: max(len(corners[n]) // count, 1)] for n in left]
        places = [(_spread(steps) @ part).reshape(-1, 3) for part in some]
        owner = np.repeat(np.array(left, dtype=np.int64), [len(place) for place in places])
        seen = _seen(moment, np.concatenate([*places, np.zeros((0, 3))]), np.array(ids)[owner])
        left = sorted(set(left) - set(owner[seen].tolist()))
        if not left:
            break
    return left


def _seen(moment: Moment, places: F64, instance: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Tell which points (K, 3) of actors (K,), sensor frame, a radar sees."""
    distance = np.linalg.norm(places, axis=1)
    met = moment.cast(places / distance[:, None])
    skin = np.where(met.instance == instance, _SKIN_M, _BESIDE_M)
    return np.asarray(met.distance_m >= distance - skin - _POSE_M)


def _spread(steps: int) -> F64:
    """Return barycentric weights (K, 3) of points inside of a triangle, near its corners too."""
    whole = 3 * steps - 2
    weights = [(a, b, whole - a - b) for a in range(1, whole) for b in range(1, whole - a)]
    return np.array(weights) / whole
