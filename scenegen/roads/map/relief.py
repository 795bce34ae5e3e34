"""Heights of a road map's corners: roads' surfaces, blended where they overlap, and the land.

Where several roads cover a place, each counts by how far within it the place lies, so that the
surface has no steps. Kerbs and pavements stand on it; beyond what is paved verges fall off, and
the land farther out is a mean of the roads around (Shepard's interpolation).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from scenegen.records.base import F64
from scenegen.roads import lane_borders
from scenegen.roads.map.arrangement import I64
from scenegen.roads.map.land import Land
from scenegen.roads.map.trace import TracedRoad, is_level
from scenegen.roads.reference_line import elevation, place, project, roll
from scenegen.roads.section import VERGE_SLOPE

BLEND_M = 60.0
"""Distance from the verge at which the land no longer follows the nearest road alone."""
HEADROOM_M = 1.5
"""Least height of a deck above the land below it."""
LOST_M = 5.0
"""Height of a deck above land that no road tells the height of."""
_TOLERANCE_M = 0.05
_SAMPLE_M = 15.0
_POWER = 3.0
_CHUNK = 4096
Flags = npt.NDArray[np.bool_]


def heights_of(
    land: Land,
    index: I64,
    corners: F64,
    roads: Sequence[TracedRoad],
    verge_m: float,
    decks: Sequence[TracedRoad] = (),
) -> F64:
    """Return the height (V,) of every corner.

    Parameters
    ----------
    index : ndarray, shape (T, 3)
        Corners of the land's triangles.
    corners : ndarray, shape (V, 2)
    roads : sequence of TracedRoad
        What lies on the land.
    verge_m : float
        Width over which the land falls off beside what is paved.
    decks : sequence of TracedRoad
        What stands free above the land.
    """
    count = len(corners)
    paved = np.zeros(count, dtype=bool)
    paved[index[land.paved]] = True
    # Corners of what is flush stay down; what touches nothing flush is as high as its zone.
    raised = np.zeros(count)
    np.maximum.at(raised, index[land.paved].ravel(), np.repeat(land.raised_m[land.paved], 3))
    raised[index[land.paved & (land.raised_m == 0.0)]] = 0.0
    level = all(is_level(traced.road) for traced in roads)
    base = np.zeros(count) if level else _surface(corners, paved, roads)
    z = base + raised
    edges = _rim(land, index)
    beyond = np.flatnonzero(~paved)
    if not len(beyond):
        return z
    nearest, distance = _on_rim(edges, corners, z, beyond)
    share = np.clip((distance - verge_m) / BLEND_M, 0.0, 1.0)
    share = share * share * (3.0 - 2.0 * share)
    far = np.zeros(len(beyond)) if level else _shepard(corners[beyond], roads)
    z[beyond] = (1 - share) * nearest + share * far - VERGE_SLOPE * np.minimum(distance, verge_m)
    for one in decks:
        _dig(one, land, index, edges, corners, z, paved, verge_m)
    return z


def _dig(
    one: TracedRoad,
    land: Land,
    index: I64,
    edges: I64,
    corners: F64,
    z: F64,
    paved: Flags,
    verge_m: float,
) -> None:
    """Lower the land below a deck to that of the roads that pass there; fills `z`."""
    below = np.zeros(len(corners), dtype=bool)
    below[index[land.under]] = True
    asked = np.flatnonzero(below & ~paved)
    deck, depth = _of_road(one, corners[asked])
    asked, deck = asked[depth > 0], deck[depth > 0]
    if not len(asked):
        return
    low = edges[z[edges].max(axis=1) < deck.min() - HEADROOM_M]
    floor = deck - LOST_M
    if len(low):
        nearest, distance = _on_rim(low, corners, z, asked)
        floor = nearest - VERGE_SLOPE * np.minimum(distance, verge_m)
    z[asked] = np.minimum(floor, deck - HEADROOM_M)


def _surface(corners: F64, paved: Flags, roads: Sequence[TracedRoad]) -> F64:
    """Return the heights (V,) of the roads' own surface at paved corners."""
    total, weight = np.zeros(len(corners)), np.zeros(len(corners))
    candidates = np.flatnonzero(paved)
    points = shapely.points(corners[candidates])
    for traced in roads:
        low = np.min([np.minimum(s.inner, s.outer).min(axis=0) for s in traced.strips], axis=0)
        high = np.max([np.maximum(s.inner, s.outer).max(axis=0) for s in traced.strips], axis=0)
        near = shapely.intersects(points, shapely.box(*(low - 1.0), *(high + 1.0)))
        here = candidates[near]
        if not len(here):
            continue
        z, depth = _of_road(traced, corners[here])
        on = depth > 0
        total[here[on]] += z[on] * depth[on]
        weight[here[on]] += depth[on]
    known = paved & (weight > 0)
    base = np.zeros(len(corners))
    base[known] = total[known] / weight[known]
    lost = np.flatnonzero(paved & ~known)
    if len(lost) and known.any():
        gap, neighbour = cKDTree(corners[known]).query(corners[lost], k=min(4, int(known.sum())))
        gap, neighbour = gap.reshape(len(lost), -1), neighbour.reshape(len(lost), -1)
        share = 1.0 / np.maximum(gap, 1e-6) ** 2
        base[lost] = (share * base[known][neighbour]).sum(axis=1) / share.sum(axis=1)
    return base


def _of_road(traced: TracedRoad, xy: F64) -> tuple[F64, F64]:
    """Return one road's heights (N,) at points, and how far within it they lie; 0 outside."""
    road = traced.road
    s, t = project(road, xy)
    z = elevation(road, s) + t * np.sin(roll(road, s))
    which = lane_borders.section_index(road, s)
    depth = np.zeros(len(xy))
    for k in np.unique(which):
        here = which == k
        outer = list(lane_borders.borders(road, int(k), s[here]).values())
        inside = np.minimum(outer[0] - t[here], t[here] - outer[-1])
        depth[here] = inside + _TOLERANCE_M
    ends = np.minimum(s - traced.reach_m[0], traced.reach_m[1] - s)
    if road.junction is not None:
        # A way through a junction counts for nothing where it begins: there the arm does.
        depth = np.minimum(depth, ends + _TOLERANCE_M)
    depth = np.where(ends > -_TOLERANCE_M, depth, 0.0)
    return z, np.maximum(depth, 0.0)


def _rim(land: Land, index: I64) -> I64:
    """Return the edges (E, 2) between what is paved and what isn't."""
    edges = np.sort(np.concatenate([index[:, [0, 1]], index[:, [1, 2]], index[:, [2, 0]]]), axis=1)
    inside = np.tile(land.paved, 3)
    unique, owner = np.unique(edges, axis=0, return_inverse=True)
    owner = owner.ravel()
    on_paved = np.bincount(owner, inside, len(unique))
    on_any = np.bincount(owner, minlength=len(unique))
    return np.asarray(unique[(on_paved == 1) & (on_any == 2)])


def _on_rim(edges: I64, corners: F64, z: F64, asked: I64) -> tuple[F64, F64]:
    """Return the height at the nearest place of the rim for some corners, and its distance."""
    tree = shapely.STRtree(shapely.linestrings(corners[edges]))
    points = shapely.points(corners[asked])
    pairs, distance = tree.query_nearest(points, return_distance=True, all_matches=False)
    order = np.argsort(pairs[0], kind="stable")
    edge = edges[pairs[1][order]]
    a, b = corners[edge[:, 0]], corners[edge[:, 1]]
    step = b - a
    share = ((corners[asked] - a) * step).sum(axis=1) / (step * step).sum(axis=1)
    share = np.clip(share, 0.0, 1.0)
    return z[edge[:, 0]] + share * (z[edge[:, 1]] - z[edge[:, 0]]), distance[order]


def _shepard(points: F64, roads: Sequence[TracedRoad]) -> F64:
    """Return a mean (N,) of the roads' heights, near ones counting most."""
    at, z = _samples(roads)
    found = np.empty(len(points))
    for start in range(0, len(points), _CHUNK):
        part = points[start : start + _CHUNK]
        gap = np.linalg.norm(part[:, None] - at, axis=2)
        share = 1.0 / np.maximum(gap, 1.0) ** _POWER
        found[start : start + _CHUNK] = (share @ z) / share.sum(axis=1)
    return found


def _samples(roads: Sequence[TracedRoad]) -> tuple[F64, F64]:
    places, heights = [], []
    for one in roads:
        road, (s0, s1) = one.road, one.reach_m
        s0, s1 = max(s0, 0.0), min(s1, one.road.length_m)
        if s1 <= s0:
            continue
        s = np.linspace(s0, s1, max(2, int((s1 - s0) / _SAMPLE_M) + 1))
        places.append(place(road, s, np.zeros_like(s)))
        heights.append(elevation(road, s))
    return np.concatenate(places), np.concatenate(heights)
