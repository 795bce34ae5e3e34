"""Arms of a junction: where they end before it, and what stands and is painted there."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin, tan
from typing import Literal

from scenegen.records import RoadSpec
from scenegen.records.road_map import (
    LaneSection,
    Line,
    MapObject,
    MapRoad,
    MapSignal,
    RoadLink,
)
from scenegen.roads.layouts.drawing import Piece, Pose, draw, length_of
from scenegen.roads.layouts.strips import Widths, section, side
from scenegen.roads.section import KERB_WIDTH_M

ZEBRA_M = 3.5
WALK_GAP_M = 0.5
"""Between the end of the rounded kerb and the crossing for walkers."""
STOP_GAP_M, STOP_LINE_M = 1.0, 0.5
"""Clear asphalt between a crossing for walkers and the stop line, and that line's width."""
PARKING_CLEAR_M = 8.0
"""Before a stop line, where nobody parks."""
POST_INSET_M = 0.45
HEAD_HEIGHT_M = 2.9

Rule = Literal["none", "give_way", "stop", "signals"]


@dataclass(frozen=True)
class Arm:
    """A road that leads to a junction.

    Attributes
    ----------
    road : str
        Its id.
    mouth : Pose
        Where it ends at the junction, in its middle, looking away from it.
    inward : bool
        Whether its stations run towards the junction.
    coming, going : Widths
        Of the side that leads into the junction and of the one that leads out of it.
    rule : str
        What holds for those who come.
    group : str
        Of its signals.
    """

    key: str
    road: str
    mouth: Pose
    inward: bool
    coming: Widths
    going: Widths
    rule: Rule = "none"
    group: Literal["major", "minor"] = "major"

    def into(self, lane: int) -> int:
        """Return the id of the n-th lane, from the middle, that leads into the junction."""
        return -(lane + 1) if self.inward else lane + 1

    def out(self, lane: int) -> int:
        """Return the id of the n-th lane, from the middle, that leads away."""
        return lane + 1 if self.inward else -(lane + 1)

    @property
    def contact(self) -> Literal["start", "end"]:
        """End of the road that touches the junction."""
        return "end" if self.inward else "start"

    @property
    def link(self) -> RoadLink:
        """How ways through the junction name this arm."""
        return RoadLink(kind="road", id=self.road, contact=self.contact)


def reach_m(coming_m: float, going_m: float, angle_rad: float, radius_m: float) -> float:
    """Return how far from the junction's middle an arm ends, for the corner to the next arm.

    Two lines run beside the two arms, inside the angle between them; a circle touches both.

    Parameters
    ----------
    coming_m, going_m : float
        Distances of the lines from the middles of this arm and of the other.
    angle_rad : float
        Between the arms, 0 to pi.
    radius_m : float
        Of the circle.
    """
    meet = (going_m + coming_m * cos(angle_rad)) / sin(angle_rad)
    return meet + radius_m / tan(0.5 * angle_rad)


def corner_radius_m(spec: RoadSpec, coming: Widths, going: Widths) -> float:
    """Return the radius of the left border of the lane that turns right around a corner."""
    return spec.corner_radius_m + coming.lane_m + max(coming.beyond_m, going.beyond_m)


def arm_road(
    spec: RoadSpec,
    arm: Arm,
    length_m: float,
    *,
    name: str,
    junction: str,
    pieces: list[Piece] | None = None,
) -> MapRoad:
    """Return an arm as a road that ends at its mouth: straight, or of pieces outward.

    Parameters
    ----------
    pieces : list of Piece, optional
        Of an arm that runs outward.
    """
    start = arm.mouth.moved(length_m).back if arm.inward else arm.mouth
    geometries, _ = draw(start, pieces or [(length_m, Line())])
    length = length_of(geometries)
    link = RoadLink(kind="junction", id=junction)
    return MapRoad(
        id=arm.road,
        name=name,
        length_m=length,
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        sections=sections_of(arm, length, clear_m(spec, arm)),
        predecessor=None if arm.inward else link,
        successor=link if arm.inward else None,
        signals=_signals(spec, arm, length),
        objects=_objects(spec, arm, length),
    )


def clear_m(spec: RoadSpec, arm: Arm) -> float:
    """Return how far from its mouth an arm is kept free of parked cars."""
    return stop_m(spec, arm) + STOP_LINE_M + PARKING_CLEAR_M


def sections_of(arm: Arm, length_m: float, clear: float) -> tuple[LaneSection, ...]:
    """Return the sections of an arm: parking away from the junction, none near it."""
    right, left = (arm.coming, arm.going) if arm.inward else (arm.going, arm.coming)
    line = centre_line(right.lanes, left.lanes)
    parts: list[tuple[float, float, Literal["parking", "restricted"]]]
    if max(right.parking_m, left.parking_m) == 0 or length_m < clear + 5.0:
        parts = [(0.0, length_m, "restricted")]
    elif arm.inward:
        parts = [(0.0, length_m - clear, "parking"), (length_m - clear, clear, "restricted")]
    else:
        parts = [(0.0, clear, "restricted"), (clear, length_m - clear, "parking")]
    return tuple(
        section(s, length, side(left, kind), side(right, kind), line) for s, length, kind in parts
    )


def centre_line(forward: int, backward: int) -> Literal["none", "solid", "broken"]:
    """Return the line between the two directions."""
    if forward == 0 or backward == 0:
        return "none"
    return "solid" if max(forward, backward) > 1 else "broken"


def stop_m(spec: RoadSpec, arm: Arm) -> float:
    """Return how far from its mouth those who come wait."""
    return WALK_GAP_M + ZEBRA_M + STOP_GAP_M if spec.zebra else WALK_GAP_M


def _s(arm: Arm, length_m: float, from_mouth_m: float) -> float:
    return length_m - from_mouth_m if arm.inward else from_mouth_m


def _objects(spec: RoadSpec, arm: Arm, length_m: float) -> tuple[MapObject, ...]:
    found = []
    if spec.zebra:
        width = arm.coming.driven_m + arm.coming.beyond_m, arm.going.driven_m + arm.going.beyond_m
        left = width[1] if arm.inward else width[0]
        found.append(
            MapObject(
                id=f"crosswalk_{arm.key}",
                kind="crosswalk",
                s_m=_s(arm, length_m, WALK_GAP_M + 0.5 * ZEBRA_M),
                t_m=left - 0.5 * sum(width),
                length_m=ZEBRA_M,
                width_m=sum(width),
                name=f"crosswalk_{arm.key}",
            )
        )
    if arm.rule != "none" and arm.coming.lanes:
        sign = -1.0 if arm.inward else 1.0
        found.append(
            MapObject(
                id=f"stop_{arm.key}",
                kind="stop_line",
                s_m=_s(arm, length_m, stop_m(spec, arm) + 0.5 * STOP_LINE_M),
                t_m=sign * 0.5 * arm.coming.driven_m,
                length_m=STOP_LINE_M,
                width_m=arm.coming.driven_m,
                name="give_way" if arm.rule == "give_way" else "stop",
            )
        )
    return tuple(found)


def _signals(spec: RoadSpec, arm: Arm, length_m: float) -> tuple[MapSignal, ...]:
    if arm.rule == "none" or not arm.coming.lanes:
        return ()
    kerb = KERB_WIDTH_M if arm.coming.sidewalk_m else 0.0
    beside = arm.coming.driven_m + arm.coming.beyond_m + kerb + POST_INSET_M
    sign = -1.0 if arm.inward else 1.0
    lights = arm.rule == "signals"
    ids = sorted((arm.into(0), arm.into(arm.coming.lanes - 1)))
    return (
        MapSignal(
            id=f"{arm.key}_near",
            kind="traffic_light" if arm.rule == "signals" else arm.rule,
            s_m=_s(arm, length_m, stop_m(spec, arm)),
            t_m=sign * beside,
            z_m=HEAD_HEIGHT_M if lights else 0.0,
            orientation="+" if arm.inward else "-",
            lanes=(ids[0], ids[1]),
            group=arm.group if lights else "",
            name=f"{arm.key}_near",
        ),
    )
