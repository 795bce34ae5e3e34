"""Roads that lead over others: which stretches stand free of the ground.

Where two roads cover the same place with room between them, the upper one is a deck there, from
a little before to a little after. Everything else lies on the ground.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Polygon

from scenegen.errors import InputError
from scenegen.records.base import F64
from scenegen.roads.map.trace import Strip, TracedRoad, is_level, trace_road
from scenegen.roads.reference_line import elevation, roll

CLEAR_M = 3.5
"""Least height between the surfaces of roads that lie above each other."""
MARGIN_M = 8.0
"""How far a deck goes on beyond what lies below it."""
_SAME_M = 1.2
_JOIN_M = 25.0
_FAR_M = 60.0
_LEAST_M2 = 0.05
Range = tuple[float, float]


@dataclass(frozen=True)
class Levels:
    """Pieces of roads on the ground, and those that stand free."""

    ground: tuple[TracedRoad, ...]
    decks: tuple[TracedRoad, ...]


def levels_of(roads: Sequence[TracedRoad]) -> Levels:
    """Part roads into what lies on the ground and decks above it.

    Raises
    ------
    InputError
        Two roads cover the same place too near above each other to pass and too far apart to
        be one surface.
    """
    if all(is_level(one.road) for one in roads):
        return Levels(tuple(roads), ())
    stretches = _stretches(roads)
    ground: list[TracedRoad] = []
    decks: list[TracedRoad] = []
    for k, one in enumerate(roads):
        at = one.reach_m[0]
        for a, b in stretches.get(k, ()):
            if a > at:
                ground.append(trace_road(one.road, (at, a)))
            decks.append(trace_road(one.road, (a, b)))
            at = b
        if at == one.reach_m[0]:
            ground.append(one)
        elif at < one.reach_m[1]:
            ground.append(trace_road(one.road, (at, one.reach_m[1])))
    return Levels(tuple(ground), tuple(decks))


def _stretches(roads: Sequence[TracedRoad]) -> dict[int, list[Range]]:
    """Return by road the stations between which it is a deck."""
    quads: list[Polygon] = []
    where: list[tuple[int, float, float, float]] = []
    for k, one in enumerate(roads):
        for strip in one.strips:
            for j in range(len(strip.s_m) - 1):
                quad = np.array(
                    [strip.inner[j], strip.inner[j + 1], strip.outer[j + 1], strip.outer[j]]
                )
                quads.append(Polygon(quad))
                where.append((k, strip.s_m[j], strip.s_m[j + 1], _height(strip, j)))
    shapes = np.array(quads)
    first, second = shapely.STRtree(shapes).query(shapes)
    owner, start, _, z = np.array(where).T
    apart = np.abs(z[first] - z[second])
    same = (owner[first] == owner[second]) & (np.abs(start[first] - start[second]) < _FAR_M)
    pairs = (first < second) & (apart > _SAME_M) & ~same
    first, second = first[pairs], second[pairs]
    over = shapely.area(shapely.intersection(shapes[first], shapes[second])) > _LEAST_M2
    found: dict[int, list[Range]] = defaultdict(list)
    for i, j in zip(first[over].tolist(), second[over].tolist(), strict=True):
        upper, lower = (i, j) if z[i] > z[j] else (j, i)
        gap = float(z[upper] - z[lower])
        if gap < CLEAR_M:
            a, b = roads[where[upper][0]].road.id, roads[where[lower][0]].road.id
            raise InputError(
                f"road {a} lies {gap:.1f} m above road {b} at its station {where[upper][1]:.0f} m:"
                f" let them meet at one height, or pass {CLEAR_M:g} m or more apart"
            )
        found[where[upper][0]].append((where[upper][1], where[upper][2]))
    return {k: _merged(ranges, roads[k].reach_m) for k, ranges in sorted(found.items())}


def _height(strip: Strip, j: int) -> float:
    s = 0.5 * (strip.s_m[j] + strip.s_m[j + 1])
    t = 0.25 * float((strip.inner_m[j : j + 2] + strip.outer_m[j : j + 2]).sum())
    return float(elevation(strip.road, s) + t * np.sin(roll(strip.road, s)))


def _merged(ranges: list[Range], reach: Range) -> list[Range]:
    found: list[Range] = []
    for a, b in sorted(ranges):
        low, high = max(a - MARGIN_M, reach[0]), min(b + MARGIN_M, reach[1])
        if found and low - found[-1][1] < _JOIN_M:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def surface_z(one: TracedRoad, s: F64, t: F64) -> F64:
    """Return heights (N,) of a road's surface at stations and offsets, lanes' own left out."""
    return np.asarray(elevation(one.road, s) + t * np.sin(roll(one.road, s)))
