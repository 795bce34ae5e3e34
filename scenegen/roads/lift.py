"""From road coordinates to the world, and the strips where cars park."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenegen.records.base import F64
from scenegen.roads.alignment import Alignment
from scenegen.roads.section import Section
from scenegen.roads.sweep import Lift, Zone


def lift_along(alignment: Alignment) -> Lift:
    """Return the map from (s, t, z across) to the world."""

    def lift(s: F64, t: F64, z: F64, slope: float) -> tuple[F64, F64, F64]:
        plane = alignment.place(s, t)
        left = alignment.left(s)
        ahead = np.stack([left[:, 1], -left[:, 0]], axis=-1)
        gradient = alignment.slope(s)[:, None] * ahead + slope * left
        normal = np.column_stack([-gradient, np.ones(len(s))])
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        uv = np.column_stack([s, t]) if alignment.bend else plane
        return np.column_stack([plane, z + alignment.height(s)]), normal, uv

    return lift


def parking_zones(section: Section, runs: Sequence[tuple[float, float]]) -> list[Zone]:
    """Return the parking strips over stretches of road."""
    zones = []
    for side, sign in ((section.right, -1), (section.left, 1)):
        if side.parking_m > 0:
            t0, t1 = sorted((sign * (side.lanes_m + side.shoulder_m), sign * side.carriageway_m))
            zones += [Zone("parking", a, b, t0, t1) for a, b in runs]
    return zones
