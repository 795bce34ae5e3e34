"""The land beside the road: where scenery may stand, and which way the road lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.geometry import wrap_angle
from scenegen.records import RoadNetwork
from scenegen.records.base import F64
from scenegen.roads.alignment import Alignment, main_alignment
from scenegen.roads.crossing import roads_of
from scenegen.roads.junction import junction_of
from scenegen.roads.map.network import map_shape
from scenegen.roads.map.sides import alignment_radius, along_road, sides_of
from scenegen.roads.map.signals import MapSign, signs_of
from scenegen.roads.section import Side, cross_section

BEFORE_M = 60.0
AFTER_M = 140.0
CROSS_REACH_M = 90.0
"""How far beside the crossing road scenery is wanted."""
SHORTEST_M = 20.0
"""Length from which on a road of a map has scenery of its own."""


@dataclass(frozen=True)
class Roadside:
    """One side of one road, by station s and distance d outward from the carriageway.

    Attributes
    ----------
    name : str
        ``right``, ``left``, ``cross_right`` or ``cross_left``.
    runs : tuple of (s0, s1)
        Stretches clear of the other road.
    depth_m : float
        How far outward the coordinates stay one-to-one.
    """

    name: str
    side: Side
    sign: float
    alignment: Alignment
    runs: tuple[tuple[float, float], ...]
    depth_m: float

    @property
    def walk_m(self) -> float:
        """Width of kerb and sidewalk."""
        return self.side.kerb_m + self.side.sidewalk_m

    @property
    def verge_m(self) -> float:
        """Width of kerb, sidewalk and verge."""
        return self.walk_m + self.side.verge_m

    def place(self, s_m: float, d_m: float) -> tuple[float, float]:
        """Return the point (x, y) at a station and a distance outward."""
        t = self.sign * (self.side.carriageway_m + d_m)
        x, y = self.alignment.place(s_m, t).tolist()
        return x, y

    @property
    def tightest_m(self) -> float:
        """Radius of the line's tightest bend; ``inf`` where it has none."""
        left = self.alignment.normal
        turn = np.abs(left[:-1, 0] * left[1:, 1] - left[:-1, 1] * left[1:, 0])
        bend = float((turn / np.maximum(np.diff(self.alignment.s_m), 1e-9)).max())
        return 1.0 / bend if bend > 1e-9 else float("inf")

    def along(self, s_m: float) -> float:
        """Return the heading of the traffic on this side."""
        left = self.alignment.left(s_m)
        return float(wrap_angle(np.arctan2(-left[0], left[1]) + (np.pi if self.sign > 0 else 0.0)))

    def inward(self, s_m: float) -> float:
        """Return the heading that faces the road: to the left of traffic."""
        return float(wrap_angle(self.along(s_m) + 0.5 * np.pi))


def roadsides(network: RoadNetwork) -> tuple[Roadside, ...]:
    """Return the sides of all roads of a network."""
    spec = network.spec
    if spec.is_map:
        return _map_sides(network)
    section = cross_section(spec)
    if spec.kind == "crossing":
        sides = []
        junction = junction_of(spec)
        for road in roads_of(spec, junction):
            clear = junction.edge.width_m - junction.radius_m
            middle = road.crossing_s
            low, high = -BEFORE_M, spec.length_m + AFTER_M
            if road.group == "minor":
                low, high = middle - CROSS_REACH_M, middle + CROSS_REACH_M
            runs = ((low, road.station(0, clear)), (road.station(1, clear), high))
            for name, side, sign in (("right", section.right, -1.0), ("left", section.left, 1.0)):
                sides.append(
                    Roadside(f"{road.prefix}{name}", side, sign, road.alignment, runs, 150.0)
                )
        return tuple(sides)
    alignment = main_alignment(spec)
    whole = ((-BEFORE_M, spec.length_m + AFTER_M),)
    inner = np.sign(spec.radius_m) if spec.kind == "curve" else 0.0
    return tuple(
        Roadside(
            name,
            side,
            sign,
            alignment,
            whole,
            0.8 * (abs(spec.radius_m) - side.carriageway_m) if sign == inner else 150.0,
        )
        for name, side, sign in (("right", section.right, -1.0), ("left", section.left, 1.0))
    )


def _map_sides(network: RoadNetwork) -> tuple[Roadside, ...]:
    """Return both sides of every road of a map that leads through no junction."""
    sides = []
    for one in map_shape(network.spec).roads:
        if one.road.junction is not None or one.road.length_m < SHORTEST_M:
            continue
        alignment, strips = along_road(one), sides_of(one, network.spec.verge_m)
        run = max(one.reach_m[0], -BEFORE_M), min(one.reach_m[1], one.road.length_m + AFTER_M)
        prefix = f"{one.road.name}_" if one.road.name else ""
        for name, side, sign in (("right", strips[0], -1.0), ("left", strips[1], 1.0)):
            depth = 0.8 * max(alignment_radius(one, sign) - side.carriageway_m, 0.0)
            sides.append(
                Roadside(f"{prefix}{name}", side, sign, alignment, (run,), min(depth, 150.0))
            )
    return tuple(sides)


def map_signs(network: RoadNetwork) -> tuple[MapSign, ...]:
    """Return the signs that a road map has; none for other roads."""
    if not network.spec.is_map:
        return ()
    shape = map_shape(network.spec)
    return signs_of([one.road for one in shape.roads], shape.carriageway.distance)


def beyond_carriageway(network: RoadNetwork, xy: npt.ArrayLike) -> F64:
    """Return distances (...,) of points (..., 2) outward from the nearest carriageway.

    Negative on what vehicles drive and park on.
    """
    p = np.asarray(xy, dtype=np.float64)
    if network.spec.is_map:
        return map_shape(network.spec).carriageway.distance(p)
    if network.spec.kind == "crossing":
        return junction_of(network.spec).distance(p)
    section = cross_section(network.spec)
    t = main_alignment(network.spec).offset(p)
    return np.maximum(t - section.left.carriageway_m, -t - section.right.carriageway_m)
