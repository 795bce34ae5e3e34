"""Rails in the lanes that trams drive in."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from scenegen.geometry import quaternion_from_yaw
from scenegen.records import Lane, Prop, RoadNetwork, RoadSpec
from scenegen.records.base import F64

SAGITTA_M = 0.01
"""How far a straight piece of rail may stray from a bend."""
LONGEST_M, SHORTEST_M = 12.0, 1.0


def lay_rails(network: RoadNetwork, spec: RoadSpec, lanes: Iterable[Lane]) -> tuple[Prop, ...]:
    """Return a pair of rails along each of some lanes of a level road, in straight pieces.

    On roads that rise and fall rails would stand out of the surface or sink into it: there
    are none.
    """
    if not network.flat:
        return ()
    piece = LONGEST_M
    if spec.kind == "curve":
        piece = float(np.clip(np.sqrt(8.0 * abs(spec.radius_m) * SAGITTA_M), SHORTEST_M, piece))
    elif spec.is_map:
        piece = SHORTEST_M
    return tuple(prop for lane in lanes for prop in _along(lane.centre, piece))


def _along(line_m: F64, piece_m: float) -> list[Prop]:
    """Return rails along a line (N, 3): chords between points at equal distances."""
    steps = np.linalg.norm(np.diff(line_m, axis=0), axis=1)
    s = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0.0, s[-1], max(2, int(np.ceil(s[-1] / piece_m)) + 1))
    points = np.column_stack([np.interp(at, s, axis) for axis in line_m.T])
    return [_piece(a, b) for a, b in pairwise(points)]


def _piece(a: F64, b: F64) -> Prop:
    dx, dy, _ = (b - a).tolist()
    w, i, j, k = quaternion_from_yaw(float(np.arctan2(dy, dx))).tolist()
    x, y, z = (0.5 * (a + b)).tolist()
    # Lengths in whole centimetres, so that pieces share a mesh.
    length = round(float(np.hypot(dx, dy)) + 0.005, 2)
    return Prop(
        asset_id="prop.tram_rails",
        position_m=(x, y, z),
        quaternion_wxyz=(w, i, j, k),
        size_m=(length, 1.7, 0.02),
    )
