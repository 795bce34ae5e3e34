"""What carries roads and covers them: decks with parapets and piers, tunnels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from scenegen.records import Surface
from scenegen.records.base import F64
from scenegen.roads import lane_borders
from scenegen.roads.map.levels import surface_z
from scenegen.roads.map.trace import TracedRoad, stations_of
from scenegen.roads.map.zones import kind_of
from scenegen.roads.reference_line import frames, place
from scenegen.roads.surfaces import CONCRETE

DECK_M = 1.0
"""From a deck's surface down to its underside."""
PARAPET_M, PARAPET_WIDE_M = 1.0, 0.3
CLEARANCE_M, WALL_M, ROOF_M = 4.8, 0.5, 0.6
"""Height within a tunnel, and how thick its walls and its roof are."""
_SUNK_M = 0.3
"""How far below the edge of what is paved walls begin: deeper than any kerb is high."""
_PIER_STEP_M, _PIER_M, _PIER_CLEAR_M = 18.0, 1.0, 1.5
_TILE_M = 4.0

Profile = Sequence[tuple[int, float, float]]
"""Corners of a cross-section: side (1 left, -1 right), distance outward, height above it."""

_DECK: Profile = (
    (1, 0.0, -_SUNK_M),
    (1, 0.0, PARAPET_M),
    (1, PARAPET_WIDE_M, PARAPET_M),
    (1, PARAPET_WIDE_M, -DECK_M),
    (-1, PARAPET_WIDE_M, -DECK_M),
    (-1, PARAPET_WIDE_M, PARAPET_M),
    (-1, 0.0, PARAPET_M),
    (-1, 0.0, -_SUNK_M),
)
_TUNNEL: Profile = (
    (1, 0.0, -_SUNK_M),
    (1, 0.0, CLEARANCE_M),
    (-1, 0.0, CLEARANCE_M),
    (-1, 0.0, -_SUNK_M),
    (-1, WALL_M, -DECK_M),
    (-1, WALL_M, CLEARANCE_M + ROOF_M),
    (1, WALL_M, CLEARANCE_M + ROOF_M),
    (1, WALL_M, -DECK_M),
    (1, 0.0, -_SUNK_M),
)
_DECK_ENDS = ((0, 1, 2, 3), (4, 5, 6, 7), (0, 3, 4, 7))
_TUNNEL_ENDS = ((0, 1, 6, 7), (2, 3, 4, 5), (1, 2, 5, 6))
"""Corners of the pieces that close both ends."""


def edges(one: TracedRoad, s: F64) -> dict[int, tuple[F64, F64]]:
    """Return by side the outermost offsets (K,) of a road's lanes and the heights there."""
    t = {1: np.empty(len(s)), -1: np.empty(len(s))}
    raised = {1: np.zeros(len(s)), -1: np.zeros(len(s))}
    which = lane_borders.section_index(one.road, s)
    for k in np.unique(which):
        here = which == k
        found = lane_borders.borders(one.road, int(k), s[here])
        outer = {1: next(iter(found)), -1: list(found)[-1]}
        for side, number in outer.items():
            t[side][here] = found[number]
            if number != 0:
                lane = lane_borders.lane_of(one.road.sections[int(k)], number)
                raised[side][here] = kind_of(lane).raised_m
    return {side: (t[side], surface_z(one, s, t[side]) + raised[side]) for side in (1, -1)}


def _sweep(one: TracedRoad, s: F64, profile: Profile, ends: Sequence[tuple[int, ...]]) -> F64:
    """Return triangles (T, 3, 3) of a profile swept along a road, closed at both ends."""
    known = edges(one, s)
    lines = []
    for side, outward, up in profile:
        t, z = known[side]
        lines.append(np.column_stack([place(one.road, s, t + side * outward), z + up]))
    grid = np.stack(lines, axis=1)
    a, b = grid[:-1, :-1], grid[1:, :-1]
    c, d = grid[1:, 1:], grid[:-1, 1:]
    faces = [np.stack([a, b, c], axis=2).reshape(-1, 3, 3)]
    faces.append(np.stack([a, c, d], axis=2).reshape(-1, 3, 3))
    ahead = frames(one.road, s[[0, -1]]).ahead
    for end, sign in ((0, -1.0), (-1, 1.0)):
        facing = sign * np.array([*ahead[end], 0.0])
        for corners in ends:
            p = grid[end, list(corners)]
            two = np.stack([p[[0, 1, 2]], p[[0, 2, 3]]])
            normal = np.cross(two[0, 1] - two[0, 0], two[0, 2] - two[0, 0])
            faces.append(two if normal @ facing > 0 else two[:, ::-1])
    return np.concatenate(faces)


def deck(one: TracedRoad) -> F64:
    """Return the triangles (T, 3, 3) of a deck's parapets, sides and underside."""
    return _sweep(one, stations_of(one.road, one.reach_m), _DECK, _DECK_ENDS)


def tunnel(one: TracedRoad, s0: float, s1: float) -> F64:
    """Return the triangles (T, 3, 3) of a tunnel's walls and roof between two stations."""
    known = stations_of(one.road, one.reach_m)
    s = np.concatenate([[s0], known[(known > s0 + 0.01) & (known < s1 - 0.01)], [s1]])
    return _sweep(one, s, _TUNNEL, _TUNNEL_ENDS)


def piers(one: TracedRoad, beyond: Callable[[F64], F64], ground: Callable[[F64], F64]) -> F64:
    """Return the triangles (T, 3, 3) of a deck's piers, none of which stands on a road.

    Parameters
    ----------
    beyond : callable
        Distances (N,) of points (N, 2) from the carriageways on the ground.
    ground : callable
        Heights (N,) of the ground.
    """
    s0, s1 = one.reach_m
    count = max(1, int((s1 - s0) / _PIER_STEP_M))
    s = s0 + (np.arange(count) + 0.5) * (s1 - s0) / count
    known = edges(one, s)
    faces = []
    for k in range(count):
        low, high = known[-1][0][k], known[1][0][k]
        middle, half = 0.5 * (low + high), 0.3 * (high - low)
        at = np.array([s[k] - 0.5 * _PIER_M, s[k] + 0.5 * _PIER_M])
        plane = place(one.road, at[[0, 1, 1, 0]], middle + half * np.array([-1, -1, 1, 1]))
        if float(beyond(plane).min()) < _PIER_CLEAR_M:
            continue
        top = min(known[1][1][k], known[-1][1][k]) - DECK_M + _SUNK_M
        foot = float(ground(plane).min()) - _SUNK_M
        for i in range(4):
            p, q = plane[i], plane[(i + 1) % 4]
            a, b = [*p, foot], [*q, foot]
            c, d = [*q, top], [*p, top]
            faces += [[a, b, c], [a, c, d]]
    return np.array(faces).reshape(-1, 3, 3)


def concrete(triangles: Sequence[F64]) -> Surface | None:
    """Return triangles as one surface of concrete; None if there are none."""
    found = np.concatenate([np.zeros((0, 3, 3)), *triangles])
    normal = np.cross(found[:, 1] - found[:, 0], found[:, 2] - found[:, 0])
    size = np.linalg.norm(normal, axis=1)
    found, normal, size = found[size > 1e-9], normal[size > 1e-9], size[size > 1e-9]
    if not len(found):
        return None
    normal = np.repeat((normal / size[:, None])[:, None], 3, axis=1)
    # Seen from the side on walls, from above on what lies.
    across = np.abs(normal[..., :2]).argmin(axis=-1)
    level = np.abs(normal[..., 2]) > 0.7
    u = np.take_along_axis(found, across[..., None], axis=-1)[..., 0]
    u = np.where(level, found[..., 0], u)
    v = np.where(level, found[..., 1], found[..., 2])
    carried = np.concatenate([found, normal, np.stack([u, v], axis=-1) / _TILE_M], axis=-1)
    rounded = (np.round(carried.reshape(-1, 8), 5) + 0.0).astype(np.float32)
    unique, index = np.unique(rounded, axis=0, return_inverse=True)
    return Surface(
        np.ascontiguousarray(unique[:, :3]),
        np.ascontiguousarray(unique[:, 3:6]),
        np.ascontiguousarray(unique[:, 6:]),
        index.reshape(-1, 3).astype(np.int32),
        CONCRETE,
        "wall",
    )
