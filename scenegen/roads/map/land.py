"""The land of a road map as triangles: zones, paint, kerbs, verges and the ground around.

All lines are arranged in the plane at once; every triangle is of the kind that its face has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from scenegen.records.base import F64
from scenegen.roads.map.arrangement import Cover, arrange, borders_of, middles, triangulate
from scenegen.roads.map.trace import TracedRoad, is_level
from scenegen.roads.map.zones import Kind, Zones
from scenegen.roads.section import EDGE_M, KERB_BATTER_M, KERB_WIDTH_M, SIDE_M, Group

FINEST_M = 8.0
"""Side of the ground's squares beside the road; they double away from it."""
_LEVELS = 5
_NOTHING = Polygon()
JUNCTION_GRID_M = 2.0
"""Spacing of points in junctions that rise and fall."""


@dataclass(frozen=True)
class Land:
    """Triangles of the plane with what each is made of.

    Attributes
    ----------
    plane : ndarray, shape (T, 3, 2)
        Corners, counter-clockwise.
    group : ndarray, shape (T,), str
    raised_m : ndarray, shape (T,)
        Height above the road's surface of what the triangle is of.
    paved : ndarray, shape (T,), bool
        Whether it is part of some zone: lanes and what belongs to them.
    batter : ndarray, shape (T,), bool
        Whether it is the face of a kerb.
    under : ndarray, shape (T,), bool
        Whether it is land below a deck.
    """

    plane: F64
    group: npt.NDArray[np.str_]
    raised_m: F64
    paved: npt.NDArray[np.bool_]
    batter: npt.NDArray[np.bool_]
    under: npt.NDArray[np.bool_]


def land_of(
    zones: Zones,
    roads: Sequence[TracedRoad],
    paint: dict[Group, list[BaseGeometry]],
    verge_m: float,
    decks: BaseGeometry = _NOTHING,
) -> Land:
    """Triangulate the land of a map out to `SIDE_M` around its roads.

    Parameters
    ----------
    paint : dict
        Painted areas by what they are made of.
    decks : geometry
        What stands free above the land.
    """
    paved, carriageway = zones.paved, zones.carriageway
    verge = paved.buffer(max(verge_m, 0.5), quad_segs=4).simplify(0.02)
    edge = carriageway.buffer(EDGE_M, quad_segs=4).union(paved)
    raised = [(k, a) for k, a in zones.areas.items() if k.raised_m > 0]
    kerb = _near(raised, carriageway, KERB_WIDTH_M)
    batter = _near(raised, carriageway, KERB_BATTER_M)
    reach = paved.union(verge)
    lines: list[BaseGeometry] = []
    for area in (verge, edge, decks.difference(paved)):
        lines += borders_of(area)
    lines += _lines_of(zones, roads, paint, (kerb, batter))
    lines += _squares(reach)
    if not all(is_level(traced.road) for traced in roads):
        lines += _grid_within(roads, carriageway)
    faces = arrange(lines)
    kind, layer = _classes(faces, zones, paint, (kerb, batter, edge, verge))
    below = shapely.contains_xy(decks, middles(faces))
    return _cut_up(faces, kind, layer, below)


def deck_of(
    zones: Zones, roads: Sequence[TracedRoad], paint: dict[Group, list[BaseGeometry]]
) -> Land:
    """Triangulate what is paved of a piece of road that stands free, and nothing around it."""
    raised = [(k, a) for k, a in zones.areas.items() if k.raised_m > 0]
    kerb = _near(raised, zones.carriageway, KERB_WIDTH_M)
    batter = _near(raised, zones.carriageway, KERB_BATTER_M)
    faces = arrange(_lines_of(zones, roads, paint, (kerb, batter)))
    kind, layer = _classes(faces, zones, paint, (kerb, batter, _NOTHING, _NOTHING))
    kept = [k for k, one in enumerate(kind) if one is not None]
    return _cut_up(
        [faces[k] for k in kept],
        [kind[k] for k in kept],
        [layer[k] for k in kept],
        np.zeros(len(kept), dtype=bool),
    )


def _lines_of(
    zones: Zones,
    roads: Sequence[TracedRoad],
    paint: dict[Group, list[BaseGeometry]],
    kerbs: tuple[BaseGeometry, BaseGeometry],
) -> list[BaseGeometry]:
    """Return the lines that part what is paved."""
    painted = [area for areas in paint.values() for area in areas]
    lines = [
        line for area in (*zones.areas.values(), *kerbs, *painted) for line in borders_of(area)
    ]
    return [*lines, *_cuts(roads, zones.paved)]


def _cut_up(
    faces: list[Polygon],
    kind: list[Kind | None],
    layer: list[str],
    below: npt.NDArray[np.bool_],
) -> Land:
    plane, owner = triangulate(faces)
    zone = np.array([k is not None for k in kind])
    heights = np.array([0.0 if k is None else k.raised_m for k in kind])
    return Land(
        plane,
        np.array(layer)[owner],
        heights[owner],
        zone[owner],
        np.array([name == "batter" for name in layer])[owner],
        (below & ~zone)[owner],
    )


def _near(
    raised: list[tuple[Kind, BaseGeometry]], carriageway: BaseGeometry, width_m: float
) -> BaseGeometry:
    """Return what of raised zones lies within a width of the carriageway."""
    if not raised:
        return Polygon()
    whole = shapely.union_all([area for _, area in raised])
    band = carriageway.buffer(width_m, join_style="mitre", mitre_limit=2.0)
    return shapely.intersection(whole, band)


def _cuts(roads: Sequence[TracedRoad], paved: BaseGeometry) -> list[BaseGeometry]:
    lines = [LineString(cut) for traced in roads for cut in traced.cuts if _has_length(cut)]
    return [part for part in shapely.intersection(np.array(lines), paved) if part.length > 0]


def _has_length(line: F64) -> bool:
    return bool(np.ptp(line, axis=0).max() > 1e-3)


def _squares(reach: BaseGeometry) -> list[BaseGeometry]:
    """Return squares that cover the land beyond the verges, the larger the farther."""
    coarsest = FINEST_M * 2.0 ** (_LEVELS - 1)
    low, high = np.array(reach.bounds[:2]) - SIDE_M, np.array(reach.bounds[2:]) + SIDE_M
    low, high = np.floor(low / coarsest), np.ceil(high / coarsest)
    grid = np.meshgrid(*(np.arange(a, b) for a, b in zip(low, high, strict=True)))
    corners = np.stack(grid, axis=-1).reshape(-1, 2) * coarsest
    size = coarsest
    found: list[npt.NDArray[np.object_]] = []
    while len(corners):
        boxes = shapely.box(*corners.T, *(corners + size).T)
        # Squares as large as they are far away stay; nearer ones are quartered.
        near = shapely.dwithin(boxes, reach, size if size > FINEST_M else -1.0)
        found.append(boxes[~near])
        size *= 0.5
        quarter = np.array([(0, 0), (1, 0), (0, 1), (1, 1)]) * size
        corners = (corners[near][:, None] + quarter).reshape(-1, 2)
    rings = shapely.boundary(np.concatenate(found))
    shapely.prepare(reach)
    outside = ~shapely.intersects(reach, rings)
    cut = shapely.difference(rings[~outside], reach)
    return [*rings[outside], *(part for part in cut if part.length > 0)]


def _grid_within(roads: Sequence[TracedRoad], carriageway: BaseGeometry) -> list[BaseGeometry]:
    """Return lines that divide junctions finely, so that their surface can bend."""
    quads = [
        np.concatenate([strip.inner, strip.outer[::-1]])
        for traced in roads
        if traced.road.junction is not None
        for strip in traced.strips
    ]
    if not quads:
        return []
    parts = [shapely.make_valid(Polygon(quad)) for quad in quads]
    area = shapely.intersection(shapely.union_all(parts), carriageway)
    x0, y0, x1, y1 = area.bounds
    step = JUNCTION_GRID_M
    lines = [
        LineString([(x, y0), (x, y1)]) for x in np.arange(np.ceil(x0 / step), x1 / step) * step
    ]
    lines += [
        LineString([(x0, y), (x1, y)]) for y in np.arange(np.ceil(y0 / step), y1 / step) * step
    ]
    return [part for part in shapely.intersection(np.array(lines), area) if part.length > 0]


def _classes(
    faces: list[Polygon],
    zones: Zones,
    paint: dict[Group, list[BaseGeometry]],
    layers: tuple[BaseGeometry, BaseGeometry, BaseGeometry, BaseGeometry],
) -> tuple[list[Kind | None], list[str]]:
    """Return the zone of each face, and what it is made of."""
    kerb, batter, edge, verge = layers
    areas: list[BaseGeometry] = []
    meaning: list[tuple[int, str, Kind | None]] = []

    def add(area: BaseGeometry, rank: int, name: str, kind: Kind | None = None) -> None:
        for part in shapely.get_parts(area):
            areas.append(part)
            meaning.append((rank, name, kind))

    for name, painted in sorted(paint.items()):
        for area in painted:
            add(area, 0, name)
    add(batter, 1, "batter")
    add(kerb, 2, "kerb")
    for kind, area in zones.areas.items():
        add(area, 3, kind.group, kind)
    add(edge, 4, "edge")
    add(verge, 5, "verge")
    face_of, area_of = Cover(areas).pairs(middles(faces))
    best = [(6, "ground")] * len(faces)
    kinds: list[Kind | None] = [None] * len(faces)
    for face, area in zip(face_of.tolist(), area_of.tolist(), strict=True):
        rank, name, kind = meaning[area]
        if kind is not None:
            kinds[face] = kind
        if rank < best[face][0]:
            best[face] = (rank, name)
    return kinds, [name for _, name in best]
