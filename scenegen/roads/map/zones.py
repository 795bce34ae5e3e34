"""What the land of a road map is made of, before paint: one zone beside the other.

Lanes overlap within junctions and gape where roads meet; here each piece of the plane gets one
kind: what is driven on wins over what is parked on, that over pavements, those over grass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from scenegen.records.road_map import LaneType, MapLane
from scenegen.roads.map.arrangement import Cover, arrange, middles
from scenegen.roads.map.trace import TracedRoad, quads
from scenegen.roads.section import KERB_HEIGHT_M, Group

THIN_M = 0.25
"""Gaps narrower than this are made of what lies beside them."""
LARGEST_GAP_M2 = 60.0
"""Holes between the ways through a junction up to this are paved."""

_DRIVEN: frozenset[LaneType] = frozenset(
    {
        "driving", "entry", "exit", "onRamp", "offRamp", "connectingRamp", "bidirectional",
        "biking", "bus", "tram", "shoulder", "stop", "border", "restricted",
    }
)  # fmt: skip
_KINDS: dict[LaneType, Group] = {
    **dict.fromkeys(_DRIVEN, "road"),
    "parking": "parking",
    "rail": "edge",
    "sidewalk": "sidewalk",
    "walking": "sidewalk",
    "curb": "kerb",
    "median": "verge",
    "none": "verge",
}
_PRIORITY: dict[Group, int] = {
    "road": 0, "parking": 1, "kerb": 2, "sidewalk": 3, "edge": 4, "verge": 5,
}  # fmt: skip
_FLUSH = frozenset({"road", "parking"})


@dataclass(frozen=True, order=True)
class Kind:
    """What a zone is made of, and how high it lies above the road's surface."""

    priority: int
    group: Group
    raised_m: float = 0.0

    @property
    def driven(self) -> bool:
        """Whether it is part of the carriageway."""
        return self.group in _FLUSH


@dataclass(frozen=True)
class Zones:
    """Areas that don't overlap, by kind, in a fixed order; corners on the grid."""

    areas: dict[Kind, BaseGeometry]

    @property
    def carriageway(self) -> BaseGeometry:
        """What vehicles drive and park on."""
        return self.union(kind for kind in self.areas if kind.driven)

    @property
    def paved(self) -> BaseGeometry:
        """All of it."""
        return self.union(self.areas)

    def union(self, kinds: Iterable[Kind]) -> BaseGeometry:
        """Return some of the areas as one."""
        parts = [self.areas[kind] for kind in kinds]
        return shapely.union_all(np.array(parts, dtype=object))


def is_driven(kind: LaneType) -> bool:
    """Say whether a type of lane is part of the carriageway."""
    return _KINDS[kind] in _FLUSH


def kind_of(lane: MapLane) -> Kind:
    """Return what a lane is made of; pavements without a height of their own are raised."""
    group = _KINDS[lane.type]
    raised = float(max(lane.height_m))
    if group in ("sidewalk", "kerb") and raised == 0.0:
        raised = KERB_HEIGHT_M
    if group in _FLUSH or group == "edge":
        raised = 0.0
    return Kind(_PRIORITY[group], group, raised)


def zones_of(roads: Sequence[TracedRoad], islands: Sequence[Polygon] = ()) -> Zones:
    """Return what is where on a map.

    Parameters
    ----------
    islands : sequence of Polygon
        Raised areas that win over all lanes.
    """
    pieces: list[Polygon] = []
    kinds: list[Kind] = []
    ways: dict[str, list[Polygon]] = defaultdict(list)
    for traced in roads:
        for strip in traced.strips:
            kind = kind_of(strip.lane)
            for quad in quads(strip):
                piece = Polygon(quad)
                pieces.append(piece)
                kinds.append(kind)
                if traced.road.junction is not None and kind.driven:
                    ways[traced.road.junction].append(piece)
    island = Kind(-1, "sidewalk", KERB_HEIGHT_M)
    pieces += islands
    kinds += [island] * len(islands)
    faces = arrange([*_lines(roads), *(area.boundary for area in islands)])
    point, piece_of = Cover(pieces).pairs(middles(faces))
    found: list[Kind | None] = [None] * len(faces)
    for face, piece in zip(point.tolist(), piece_of.tolist(), strict=True):
        here = found[face]
        if here is None or kinds[piece] < here:
            found[face] = kinds[piece]
    _fill(faces, found, _junction_holes(ways))
    return Zones(_merge(faces, found))


def _lines(roads: Sequence[TracedRoad]) -> list[BaseGeometry]:
    """Return all lanes' borders and the cuts across roads."""
    found: list[BaseGeometry] = []
    for traced in roads:
        for strip in traced.strips:
            found += [shapely.linestrings(strip.inner), shapely.linestrings(strip.outer)]
        found += [shapely.linestrings(cut) for cut in traced.cuts]
    return found


def _junction_holes(ways: dict[str, list[Polygon]]) -> BaseGeometry:
    """Return the small areas that the ways through a junction enclose."""
    holes = []
    for name in sorted(ways):
        # Pieces of one way touch with a rounding error between them.
        area = shapely.union_all(np.array(ways[name]), grid_size=2.0**-7)
        for part in shapely.get_parts(area):
            holes += [Polygon(ring) for ring in part.interiors]
    return shapely.union_all([hole for hole in holes if hole.area <= LARGEST_GAP_M2])


def _fill(faces: list[Polygon], found: list[Kind | None], holes: BaseGeometry) -> None:
    """Give a kind to gaps between lanes: narrow ones, and the small ones within junctions."""
    gaps = [k for k, kind in enumerate(found) if kind is None]
    if not gaps:
        return
    road = Kind(_PRIORITY["road"], "road")
    tree = shapely.STRtree(faces)
    inside = shapely.contains_xy(holes, middles([faces[k] for k in gaps]))
    for k, within in zip(gaps, inside.tolist(), strict=True):
        face = faces[k]
        if within:
            found[k] = road
        elif 2.0 * face.area < THIN_M * face.length:
            shares: dict[Kind, float] = defaultdict(float)
            for other in tree.query(face).tolist():
                kind = found[other]
                if other != k and kind is not None:
                    shares[kind] += face.boundary.intersection(faces[other].boundary).length
            if shares and sum(shares.values()) > 0.6 * face.length:
                found[k] = max(sorted(shares), key=lambda kind: shares[kind])


def _merge(faces: list[Polygon], found: list[Kind | None]) -> dict[Kind, BaseGeometry]:
    members: dict[Kind, list[Polygon]] = defaultdict(list)
    for face, kind in zip(faces, found, strict=True):
        if kind is not None:
            members[kind].append(face)
    return {kind: shapely.coverage_union_all(members[kind]) for kind in sorted(members)}
