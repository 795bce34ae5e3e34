"""The cross-section of a road: which strip lies where, and how high.

Lateral coordinate t grows to the left of the reference line, so forward lanes have
t < 0. Every strip beyond the carriageway is laid out by d, the distance outward from
the edge of the carriageway, which a rounded kerb at a crossing shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np

from scenegen.records import RoadSpec
from scenegen.records.base import F64

Group = Literal[
    "road",
    "paint",
    "yellow",
    "hole",
    "parking",
    "kerb",
    "sidewalk",
    "edge",
    "verge",
    "ground",
    "meadow",
    "crop",
    "stubble",
    "soil",
]

KERB_HEIGHT_M = 0.12
KERB_WIDTH_M = 0.15
KERB_BATTER_M = 0.02
"""How far the kerb's face leans back, so that height stays a function of the plan."""
VERGE_SLOPE = 0.04
EDGE_M = 0.3
"""Width of the gritty strip between asphalt and grass."""
MEDIAN_SHOULDER_M = 1.0
"""Widest paved strip between a motorway's fast lane and its median."""
SIDE_M = 450.0
"""How far the ground goes on beside the road; beyond the far plane of any usual camera."""


@dataclass(frozen=True)
class Edge:
    """One side of the road beyond the edge of the carriageway.

    Attributes
    ----------
    d_m, z_m : ndarray, shape (K,)
        Breakpoints of the profile outward from the carriageway (d = 0, z = 0); d
        increases strictly, the last one is where the verge ends.
    groups : tuple of str, K - 1
        What lies between the breakpoints.
    """

    d_m: F64
    z_m: F64
    groups: tuple[Group, ...]

    @property
    def width_m(self) -> float:
        """Distance from the carriageway to the outer end of the verge."""
        return float(self.d_m[-1])

    @property
    def ground_m(self) -> float:
        """Height of the ground beyond the verge."""
        return float(self.z_m[-1])

    def height(self, d_m: F64) -> F64:
        """Return heights (...,) at distances (...,) outward; 0 on the carriageway."""
        return np.asarray(np.interp(d_m, self.d_m, self.z_m))

    def slope(self, d_m: F64) -> F64:
        """Return dz/dd (...,) at distances (...,) outward."""
        steps = np.concatenate([[0.0], np.diff(self.z_m) / np.diff(self.d_m), [0.0]])
        return np.asarray(steps[np.searchsorted(self.d_m, d_m, side="right")])


@dataclass(frozen=True)
class Side:
    """Widths of the strips of one side, from the reference line outward."""

    lanes: int
    lane_m: float
    shoulder_m: float
    parking_m: float
    sidewalk_m: float
    verge_m: float

    @property
    def lanes_m(self) -> float:
        """Where the driving lanes end."""
        return self.lanes * self.lane_m

    @property
    def carriageway_m(self) -> float:
        """Where the paved, level surface ends."""
        return self.lanes_m + self.shoulder_m + self.parking_m

    @property
    def kerb_m(self) -> float:
        """Width of the kerb; there is one only before a sidewalk."""
        return KERB_WIDTH_M if self.sidewalk_m > 0 else 0.0

    @cached_property
    def edge(self) -> Edge:
        """Profile beyond the carriageway."""
        d, z, groups = [0.0], [0.0], list[Group]()
        if self.sidewalk_m > 0:
            d += [KERB_BATTER_M, KERB_WIDTH_M, KERB_WIDTH_M + self.sidewalk_m]
            z += [KERB_HEIGHT_M] * 3
            groups += ["kerb", "kerb", "sidewalk"]
        # Without a verge the grass still needs a slope down from the asphalt's edge.
        verge = max(self.verge_m, 0.5)
        if self.sidewalk_m <= 0:
            d.append(d[-1] + EDGE_M)
            z.append(z[-1] - VERGE_SLOPE * EDGE_M)
            groups.append("edge")
            verge -= EDGE_M
        d.append(d[-1] + verge)
        z.append(z[-1] - VERGE_SLOPE * verge)
        groups.append("verge")
        return Edge(np.array(d), np.array(z), tuple(groups))


@dataclass(frozen=True)
class Section:
    """Both sides of a road, and the profile across all of it.

    Attributes
    ----------
    right, left : Side
        Seen along the reference line: forward lanes are on the right.
    t_m, z_m : ndarray, shape (K,)
        Breakpoints of the profile, t increasing strictly from right to left.
    groups : tuple of str, K - 1
    """

    right: Side
    left: Side
    t_m: F64
    z_m: F64
    groups: tuple[Group, ...]

    def height(self, t_m: F64) -> F64:
        """Return heights (...,) above the reference line at lateral positions (...,)."""
        return np.asarray(np.interp(t_m, self.t_m, self.z_m))

    def slope(self, t_m: F64) -> F64:
        """Return dz/dt (...,) at lateral positions (...,)."""
        return np.asarray(self._slopes[np.searchsorted(self.t_m, t_m, side="right")])

    @cached_property
    def _slopes(self) -> F64:
        return np.concatenate([[0.0], np.diff(self.z_m) / np.diff(self.t_m), [0.0]])


def _sides(spec: RoadSpec) -> tuple[Side, Side]:
    right = Side(
        spec.lanes_forward,
        spec.lane_width_m,
        spec.shoulder_m,
        spec.parking_m,
        spec.sidewalk_m,
        spec.verge_m,
    )
    if spec.surroundings == "motorway" and spec.lanes_backward == 0 and spec.kind != "crossing":
        inner = min(spec.shoulder_m, MEDIAN_SHOULDER_M)
        return right, Side(0, spec.lane_width_m, inner, 0.0, 0.0, spec.verge_m)
    left = Side(
        spec.lanes_backward,
        spec.lane_width_m,
        spec.shoulder_m,
        spec.parking_m,
        spec.sidewalk_m,
        spec.verge_m,
    )
    return right, left


@lru_cache(maxsize=16)
def cross_section(spec: RoadSpec) -> Section:
    """Return the cross-section of a road, ground included."""
    right, left = _sides(spec)
    r, l = right.edge, left.edge  # noqa: E741
    t = np.concatenate(
        [
            [-SIDE_M],
            -(right.carriageway_m + r.d_m[::-1]),
            left.carriageway_m + l.d_m,
            [SIDE_M],
        ]
    )
    z = np.concatenate([[r.ground_m], r.z_m[::-1], l.z_m, [l.ground_m]])
    groups: tuple[Group, ...] = ("ground", *r.groups[::-1], "road", *l.groups, "ground")
    return Section(right, left, t, z, groups)
