"""Measures of a roundabout and the parts of its circle.

Compact roundabouts as in FGSV's leaflet on roundabouts (M Kreisverkehre, 2006) and RASt 06,
section 6.3.5: inscribed circles of 26 to 40 m, a circulating roadway of 8 m that narrows to
6.5 m with wider circles, kerb radii of 10 to 16 m at entries and 12 to 18 m at exits, splitter
islands at least 1.6 m wide and 2.5 m where people cross. With two lanes: inscribed circles of 40 m
and more, lanes around of 4.5 m and kerb radii of 20 m, so that nobody beside others is led into
their lane (NCHRP Report 672, chapter 6: 4.3 to 4.9 m, and above 20 m).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, pi

import numpy as np

from scenegen.errors import InputError
from scenegen.records import RoadSpec
from scenegen.records.base import F64
from scenegen.records.road_map import Arc, LaneSection, MapRoad, RoadLink
from scenegen.roads.layouts.drawing import Pose, blend, draw, length_of
from scenegen.roads.layouts.strips import Strip, Widths, driving, roadside, section
from scenegen.roads.layouts.ways import linked
from scenegen.roads.section import KERB_HEIGHT_M, KERB_WIDTH_M

RADII_M = {1: (12.0, 14.0), 2: (20.0, 20.0)}
"""Kerb radii of entries and exits, by lanes."""
SPLITTER_M = 2.5
APPROACH_M = 40.0
"""Least length of the main road before the circle."""
LEAST_GAP_RAD = 0.03
"""Least arc of the circle between an entry and the exit after it."""
NOSE_M = 1.2
"""Between the circle and the splitter islands."""
TWO_LANES_FROM_M, RING_LANE_M = 40.0, 4.5
"""Least inscribed diameter with two lanes around, and the width of each."""
DASH_M = (1.5, 1.5)
"""Dash and gap between lanes around: short, to lie evenly in pieces of the circle."""
_APRON = Strip("restricted", (NOSE_M, NOSE_M))
CENTRE_M = 0.1
"""At the very middle of the island no lane has any width left."""
FIRST_JUNCTION, FIRST_SEGMENT, FIRST_WAY = 100, 11, 21


@dataclass(frozen=True)
class Ring:
    """Measures of a roundabout.

    Attributes
    ----------
    arms, lanes : int
        Roads that lead to it, and lanes around.
    outer_m, inner_m : float
        Radii of the circulating roadway.
    entry_m, exit_m : float
        Radii of the kerbs of entries and exits.
    entry_rad, exit_rad : float
        Angles at the middle between an arm and where its entry ends, its exit begins.
    """

    middle: Pose
    arms: int
    lanes: int
    outer_m: float
    inner_m: float
    entry_m: float
    exit_m: float
    entry_rad: float
    exit_rad: float

    @property
    def centre(self) -> F64:
        """The middle as an array (2,)."""
        return np.array([self.middle.x_m, self.middle.y_m])

    @property
    def width_m(self) -> float:
        """Of the circulating roadway."""
        return self.outer_m - self.inner_m

    @property
    def lane_m(self) -> float:
        """Width of a lane around."""
        return self.width_m / self.lanes

    @property
    def mouth_m(self) -> float:
        """Distance from the middle at which arms end: where kerbs of entry and exit do."""
        ends = (
            (self.outer_m + self.entry_m) * cos(self.entry_rad),
            (self.outer_m + self.exit_m) * cos(self.exit_rad),
        )
        return max(ends)

    def ray(self, k: int) -> Pose:
        """Return the pose in the middle that looks along an arm."""
        return self.middle.turned(pi + k * 2.0 * pi / self.arms)

    def around(self, k: int, radius_m: float, beyond_rad: float) -> Pose:
        """Return the pose of who drives around, at an angle beyond an arm."""
        return self.ray(k).turned(beyond_rad).moved(radius_m).turned(0.5 * pi)

    def segment(self, spec: RoadSpec, k: int) -> MapRoad:
        """Return the circle from an arm's entry to the next arm's exit."""
        angle = 2.0 * pi / self.arms - self.entry_rad - self.exit_rad
        ends = (k, (k + 1) % self.arms)
        before, after = (RoadLink(kind="junction", id=str(FIRST_JUNCTION + n)) for n in ends)
        beyond = roadside(self.widths(spec), self.widths(spec))
        return self._part(spec, k, self.entry_rad, angle, beyond).model_copy(
            update={
                "id": str(FIRST_SEGMENT + k),
                "name": f"ring_{k}",
                "predecessor": before,
                "successor": after,
            }
        )

    def past(self, spec: RoadSpec, k: int, before: MapRoad, after: MapRoad) -> MapRoad:
        """Return the way around, past an arm."""
        part = self._part(spec, k, -self.exit_rad, self.entry_rad + self.exit_rad, [_APRON])
        return part.model_copy(
            update={
                "sections": (_swelling(part, -self.lanes - 1),),
                "id": str(FIRST_WAY + 3 * k),
                "name": f"ring_past_{k}",
                "junction": str(FIRST_JUNCTION + k),
                "predecessor": RoadLink(kind="road", id=before.id, contact="end"),
                "successor": RoadLink(kind="road", id=after.id, contact="start"),
            }
        )

    def widths(self, spec: RoadSpec) -> Widths:
        """Return the widths of what lies outside of the island."""
        return Widths(self.lanes, self.lane_m, spec.shoulder_m, 0.0, spec.sidewalk_m)

    def _part(
        self, spec: RoadSpec, k: int, start_rad: float, angle_rad: float, beyond: list[Strip]
    ) -> MapRoad:
        piece = (self.inner_m * angle_rad, Arc(curvature_1pm=1.0 / self.inner_m))
        geometries, _ = draw(self.around(k, self.inner_m, start_rad), [piece])
        lanes = driving(self.lanes, self.lane_m)
        right = [*(lane.lined(lane.line, dash_m=DASH_M) for lane in lanes), *beyond]
        here = section(0.0, piece[0], self._island(), right, links=False)
        on = {lane.id: lane.id for lane in here.lanes if lane.id >= -self.lanes and lane.id != 0}
        sections: tuple[LaneSection, ...] = (linked(here, on, on),)
        return MapRoad(
            id="0",
            length_m=length_of(geometries),
            speed_mps=spec.speed_limit_mps,
            geometries=geometries,
            sections=sections,
        )

    def _island(self) -> list[Strip]:
        """Return kerb and green of the central island, inward."""
        green = self.inner_m - KERB_WIDTH_M - CENTRE_M
        top = (KERB_HEIGHT_M, KERB_HEIGHT_M)
        return [
            Strip("curb", (KERB_WIDTH_M, KERB_WIDTH_M), raised=(0.0, KERB_HEIGHT_M)),
            Strip("median", (green, green), raised=top),
        ]


def _swelling(road: MapRoad, apron: int) -> LaneSection:
    """Return the section past an arm: the lane paved outside of the circle swells and shrinks."""
    half = 0.5 * road.length_m
    widths = (*blend(half, 0.0, NOSE_M), *blend(half, NOSE_M, 0.0, half))
    (here,) = road.sections
    lanes = tuple(
        lane.model_copy(update={"widths": widths}) if lane.id == apron else lane
        for lane in here.lanes
    )
    return here.model_copy(update={"lanes": lanes})


def circulating_m(diameter_m: float, lanes: int) -> float:
    """Return the width of the circulating roadway for an inscribed circle's diameter."""
    if lanes > 1:
        return lanes * RING_LANE_M
    return float(np.interp(diameter_m, [26.0, 40.0], [8.0, 6.5]))


def ring_of(spec: RoadSpec) -> Ring:
    """Return the measures of a roundabout.

    Raises
    ------
    InputError
        The circle is too small for its arms or lanes, or the main road too short for it.
    """
    lanes = spec.lanes_forward
    if lanes > 1 and spec.inscribed_diameter_m < TWO_LANES_FROM_M:
        raise InputError(
            f"road.inscribed_diameter_m is {spec.inscribed_diameter_m:g}, too small for"
            f" {lanes} lanes: use at least {TWO_LANES_FROM_M:g} m, or one lane each way"
        )
    outer = 0.5 * spec.inscribed_diameter_m
    angles = _angles(spec, outer)
    room = 2.0 * pi / spec.arms - LEAST_GAP_RAD
    if sum(angles) > room:
        tried = np.arange(np.ceil(spec.inscribed_diameter_m), 500.0)
        least = next(d for d in tried if sum(_angles(spec, 0.5 * float(d))) <= room)
        raise InputError(
            f"road.inscribed_diameter_m is {spec.inscribed_diameter_m:g} m, too small for"
            f" {spec.arms} arms, whose entries and exits would meet: use at least {least:g} m,"
            " or fewer arms"
        )
    middle = Pose(0.5 * spec.length_m, 0.0)
    inner = outer - circulating_m(spec.inscribed_diameter_m, lanes)
    ring = Ring(middle, spec.arms, lanes, outer, inner, *RADII_M[lanes], *angles)
    least = 2.0 * (ring.mouth_m + APPROACH_M)
    if spec.length_m < least:
        raise InputError(
            f"road.length_m is {spec.length_m:g} m, but half of it has to hold half of the"
            f" roundabout and {APPROACH_M:g} m before it: use at least {np.ceil(least):g} m"
        )
    return ring


def _angles(spec: RoadSpec, outer_m: float) -> tuple[float, float]:
    kerb = 0.5 * SPLITTER_M + spec.lanes_forward * spec.lane_width_m
    entry, leave = (
        asin((kerb + radius) / (outer_m + radius)) for radius in RADII_M[spec.lanes_forward]
    )
    return entry, leave
