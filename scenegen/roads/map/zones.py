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
"""Holes between lanes up to this are paved, or part of the island beside them."""
_TOUCH_M = 0.3
_CAP_M = 0.1
"""Longest gap between a road and the next one that is closed."""

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
    for traced in roads:
        for strip in traced.strips:
            kind = kind_of(strip.lane)
            for quad in quads(strip):
                pieces.append(Polygon(quad))
                kinds.append(kind)
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
    _fill(faces, found)
    return Zones(_merge(faces, found))


def _lines(roads: Sequence[TracedRoad]) -> list[BaseGeometry]:
    """Return all lanes' borders and the cuts across roads."""
    found: list[BaseGeometry] = []
    for traced in roads:
        for strip in traced.strips:
            found += [shapely.linestrings(strip.inner), shapely.linestrings(strip.outer)]
        found += [shapely.linestrings(cut) for cut in traced.cuts]
        found += [_cap(traced, 0), _cap(traced, -1)]
    return found


def _cap(traced: TracedRoad, end: int) -> BaseGeometry:
    """Return three sides of a thin rectangle beyond a road's end, which close a gap to the next."""
    cut = traced.cuts[end]
    across = cut[-1] - cut[0]
    ahead = np.array([-across[1], across[0]]) / max(float(np.hypot(*across)), 1e-9)
    beyond = (-1.0 if end == 0 else 1.0) * _CAP_M * ahead
    return shapely.linestrings([cut[0], cut[0] + beyond, cut[-1] + beyond, cut[-1]])


def _fill(faces: list[Polygon], found: list[Kind | None]) -> None:
    """Give a kind to gaps between lanes: narrow ones, and holes that aren't large."""
    gaps = [k for k, kind in enumerate(found) if kind is None]
    if not gaps:
        return
    tree = shapely.STRtree(faces)
    zoned = shapely.union_all([f for f, kind in zip(faces, found, strict=True) if kind is not None])
    rings = [Polygon(ring) for part in shapely.get_parts(zoned) for ring in part.interiors]
    holes = shapely.union_all([hole for hole in rings if hole.area <= LARGEST_GAP_M2])
    inside = shapely.contains_xy(holes, middles([faces[k] for k in gaps]))
    chosen: dict[int, Kind] = {}
    for k, within in zip(gaps, inside.tolist(), strict=True):
        face = faces[k]
        shares: dict[Kind, float] = defaultdict(float)
        for other in tree.query(face).tolist():
            kind = found[other]
            if kind is not None:
                shares[kind] += face.boundary.intersection(faces[other].boundary).length
        raised = [kind for kind, share in shares.items() if kind.raised_m > 0 and share > _TOUCH_M]
        narrow = 2.0 * face.area < THIN_M * face.length
        if narrow and sum(shares.values()) > 0.6 * face.length:
            chosen[k] = max(sorted(shares), key=lambda kind: shares[kind])
        elif within:
            chosen[k] = max(raised) if raised else Kind(_PRIORITY["road"], "road")
    for k, kind in chosen.items():
        found[k] = kind


def _merge(faces: list[Polygon], found: list[Kind | None]) -> dict[Kind, BaseGeometry]:
    members: dict[Kind, list[Polygon]] = defaultdict(list)
    for face, kind in zip(faces, found, strict=True):
        if kind is not None:
            members[kind].append(face)
    return {kind: shapely.coverage_union_all(members[kind]) for kind in sorted(members)}
