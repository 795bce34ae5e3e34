"""Decks of roads above roads as boxes: what falls there lies on them, and parapets hold it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scenegen.geometry import quaternion_from_matrix
from scenegen.records import RoadSpec
from scenegen.records.base import F64
from scenegen.roads.map.levels import levels_of, surface_z
from scenegen.roads.map.network import map_shape
from scenegen.roads.map.structure import DECK_M, PARAPET_M, PARAPET_WIDE_M, edges
from scenegen.roads.map.trace import Strip, TracedRoad, stations_of
from scenegen.roads.map.zones import kind_of
from scenegen.roads.reference_line import place

_NARROW_M = 0.02
"""Where a lane is narrower, as at the tip of a taper, its neighbours carry what is there."""


@dataclass(frozen=True)
class Solid:
    """A box in the world.

    Attributes
    ----------
    middle_m : ndarray, shape (3,)
    quaternion_wxyz : ndarray, shape (4,)
        x along the road, y to its left, z up from its surface.
    size_m : ndarray, shape (3,)
    """

    middle_m: F64
    quaternion_wxyz: F64
    size_m: F64


@dataclass(frozen=True)
class DeckSolids:
    """The boxes of all decks: what is walked and driven on, and what bounds it."""

    slabs: tuple[Solid, ...]
    parapets: tuple[Solid, ...]


def deck_solids(spec: RoadSpec) -> DeckSolids:
    """Return the decks of a road map as boxes, one for each lane and chord of its mesh."""
    if not spec.is_map or not map_shape(spec).network.stacked:
        return DeckSolids((), ())
    decks = levels_of(map_shape(spec).roads).decks
    slabs = [solid for one in decks for strip in one.strips for solid in _slabs(one, strip)]
    return DeckSolids(tuple(slabs), tuple(p for one in decks for p in _parapets(one)))


def _slabs(one: TracedRoad, strip: Strip) -> Iterator[Solid]:
    """Yield the boxes below a lane's surface, from its chords down to the deck's underside."""
    raised = kind_of(strip.lane).raised_m
    sides = []
    for xy, t in ((strip.inner, strip.inner_m), (strip.outer, strip.outer_m)):
        sides.append(np.column_stack([xy, surface_z(one, strip.s_m, t) + raised]))
    left, right = sides if strip.lane.id < 0 else sides[::-1]
    yield from _below(left, right, DECK_M + raised)


def _parapets(one: TracedRoad) -> Iterator[Solid]:
    """Yield the boxes of both parapets, each from the deck's underside to its top."""
    s = stations_of(one.road, one.reach_m)
    known = edges(one, s)
    for side in (1, -1):
        rims = []
        for outward in (0.0, PARAPET_WIDE_M):
            t, z = known[side]
            xy = place(one.road, s, t + side * outward)
            rims.append(np.column_stack([xy, z + PARAPET_M]))
        left, right = rims[::-1] if side > 0 else rims
        yield from _below(left, right, PARAPET_M + DECK_M)


def _below(left: F64, right: F64, thick_m: float) -> Iterator[Solid]:
    """Yield boxes whose tops lie along the chords between two lines (K, 3) of points."""
    for k in range(len(left) - 1):
        a, b, c, d = right[k], right[k + 1], left[k + 1], left[k]
        ahead, across = 0.5 * (b + c - a - d), 0.5 * (c + d - a - b)
        length = float(np.linalg.norm(ahead))
        if length < _NARROW_M or float(np.linalg.norm(across)) < _NARROW_M:
            continue
        x = ahead / length
        y = across - (across @ x) * x
        width = float(np.linalg.norm(y))
        up = np.cross(x, y / width)
        axes = np.column_stack([x, y / width, up])
        middle = 0.25 * (a + b + c + d) - 0.5 * thick_m * up
        yield Solid(middle, quaternion_from_matrix(axes), np.array([length, width, thick_m]))
