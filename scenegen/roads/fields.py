"""Fields beside open roads: parcels of grass, corn, stubble and ploughed soil."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np

from scenegen.records import SWEPT, RoadSpec
from scenegen.records.base import F64
from scenegen.roads.alignment import EXTENSION_M, Alignment
from scenegen.roads.roadside import Roadside
from scenegen.roads.section import SIDE_M, Group, Section, cross_section
from scenegen.roads.sweep import SLICE_M, Soup
from scenegen.seeds import named_generator

_TILLED = frozenset({"rural", "motorway"})
_NAMING = set[str](
    {
        "kind", "length_m", "lanes_forward", "lanes_backward", "lane_width_m", "shoulder_m",
        "parking_m", "sidewalk_m", "verge_m", "radius_m", "arc_rad", "crest_m",
        "crest_length_m", "speed_limit_mps", "surroundings", "signals", "zebra", "kerb_lines",
        "bays", "cycle_symbols",
    }
)  # fmt: skip
"""What of a road decides on its fields: what swept roads have, so that no new key moves them."""
_KINDS: tuple[Group, ...] = ("meadow", "crop", "stubble", "soil")
_ODDS = (0.4, 0.26, 0.2, 0.14)
_NEAR_M = (5.0, 16.0)
"""Width of the grass between the verge and the first fields."""
_DEEP_M, _LONG_M = (50.0, 120.0), (70.0, 190.0)
_ROWS = 3


@dataclass(frozen=True)
class Row:
    """Fields in a row along one side of the road.

    Attributes
    ----------
    t0_m, t1_m : float
        Between these lateral positions.
    starts_m : tuple of float
        Where each field begins, in whole slices; the first goes on for ever.
    kinds : tuple of str
    """

    t0_m: float
    t1_m: float
    starts_m: tuple[float, ...]
    kinds: tuple[Group, ...]

    def kind(self, s_m: float) -> Group:
        """Return what grows at a station."""
        return self.kinds[max(0, bisect(self.starts_m, s_m) - 1)]


def fields_of(spec: RoadSpec, section: Section) -> tuple[Row, ...]:
    """Return the rows of fields beside a road: none in town and in woods.

    Which they are depends on nothing but the road, as its whole mesh does.
    """
    if spec.surroundings not in _TILLED or spec.kind not in SWEPT - {"crossing"}:
        return ()
    rng = named_generator("fields", spec.model_dump_json(include=_NAMING))
    rows = []
    for border, sign in ((section.t_m[1], -1.0), (section.t_m[-2], 1.0)):
        edge = float(border) + sign * float(rng.uniform(*_NEAR_M))
        for number in range(_ROWS):
            last = number == _ROWS - 1
            far = sign * SIDE_M if last else edge + sign * float(rng.uniform(*_DEEP_M))
            starts = _starts(spec.length_m + EXTENSION_M, rng)
            kinds = tuple(_KINDS[k] for k in rng.choice(len(_KINDS), len(starts), p=_ODDS))
            rows.append(Row(min(edge, far), max(edge, far), starts, kinds))
            edge = far
    return tuple(rows)


def _starts(end_m: float, rng: np.random.Generator) -> tuple[float, ...]:
    starts, at = [-EXTENSION_M], -EXTENSION_M
    while at < end_m:
        at += float(rng.uniform(*_LONG_M))
        starts.append(round(at / SLICE_M) * SLICE_M)
    return tuple(starts)


def till(soup: Soup, alignment: Alignment, rows: tuple[Row, ...]) -> Soup:
    """Return a road's triangles with the ground turned into fields, each by its middle."""
    ground = np.flatnonzero(soup.group == "ground")
    if not rows or not len(ground):
        return soup
    s, t = alignment.project(soup.position_m[ground, :, :2].mean(axis=1))
    group = soup.group.astype(f"U{max(len(name) for name in get_args(Group))}")
    for row in rows:
        for k in np.flatnonzero((t > row.t0_m) & (t < row.t1_m)):
            group[ground[k]] = row.kind(float(s[k]))
    return replace(soup, group=group)


def field_edges(spec: RoadSpec, side: Roadside) -> tuple[float, ...]:
    """Return the distances outward from the carriageway at which rows of fields begin."""
    if spec.is_map:
        return ()
    rows = fields_of(spec, cross_section(spec))
    edges = {side.sign * t for row in rows for t in (row.t0_m, row.t1_m)}
    return tuple(sorted(t - side.side.carriageway_m for t in edges if 0.0 < t < SIDE_M))


def borders(rows: tuple[Row, ...]) -> F64:
    """Return the lateral positions between rows, at which a sweep has to be cut."""
    edges = {t for row in rows for t in (row.t0_m, row.t1_m) if abs(t) < SIDE_M}
    return np.array(sorted(edges))
