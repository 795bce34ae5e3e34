"""A side road that ends at the main road.

Corner radii at the kerb: RASt 06 (FGSV 200), section 6.3.4, asks for 8 to 12 m where lorries
turn, 6 m where only cars do. Those on the side road give way or stop (Vienna Convention on
Road Signs and Signals, B 1 and B 2), or all obey signals.
"""

from __future__ import annotations

from math import pi

from scenegen.errors import InputError
from scenegen.records import RoadSpec
from scenegen.records.road_map import RoadMap
from scenegen.roads.layouts.arms import Arm, Rule, arm_road, clear_m, corner_radius_m, reach_m
from scenegen.roads.layouts.drawing import Pose
from scenegen.roads.layouts.strips import Widths, widths_of
from scenegen.roads.layouts.ways import Weaver

JUNCTION = "100"


def t_junction(spec: RoadSpec) -> RoadMap:
    """Return a main road along +x and a side road from its middle to one side.

    The main road's two halves and the way between them have no name, so that its lanes are
    called as on other roads; the side road, which runs away from the junction, is ``side``.

    Raises
    ------
    InputError
        The main road is too short for the junction.
    """
    main = widths_of(spec, spec.lanes_forward), widths_of(spec, spec.lanes_backward)
    lanes = max(spec.side_lanes, 1)
    side = widths_of(spec, lanes, parking=False)
    right = spec.side == "right"
    # The angle between the side road and that arm of the main road that comes before it,
    # counter-clockwise: the western one if it lies on the right.
    angle = pi - spec.arm_rad if right else spec.arm_rad
    near, far = _reaches(spec, main, side, angle)
    rule: Rule = "signals" if spec.signals is not None else spec.priority
    main_rule: Rule = "signals" if spec.signals is not None else "none"
    middle = Pose(0.5 * spec.length_m, 0.0)
    # Mouths by how far each of the three arms must keep off the middle.
    west_m, east_m = (near[0], far[1]) if right else (far[1], near[0])
    side_m = max(near[1], far[0])
    arms = {
        "main": Arm("main", "1", middle.moved(-west_m).back, True, *main, main_rule),
        "far": Arm("far", "2", middle.moved(east_m), False, main[1], main[0], main_rule),
        "side": Arm(
            "side",
            "3",
            middle.turned(-spec.arm_rad if right else spec.arm_rad).moved(side_m),
            False,
            side,
            side,
            rule,
            "minor",
        ),
    }
    _fits(spec, arms, west_m, east_m)
    weave = Weaver(JUNCTION, 11, spec.speed_limit_mps)
    before, after = (arms["main"], arms["far"]) if right else (arms["far"], arms["main"])
    weave.straight(arms["main"], arms["far"], name="", closed=(not right, right))
    weave.corner(before, arms["side"])
    weave.corner(arms["side"], after)
    weave.turn(after, arms["side"])
    weave.turn(arms["side"], before)
    ways = weave.done("t_junction")
    half = 0.5 * spec.length_m
    roads = (
        arm_road(spec, arms["main"], half - west_m, name="", junction=JUNCTION),
        arm_road(spec, arms["far"], half - east_m, name="", junction=JUNCTION),
        arm_road(spec, arms["side"], spec.arm_length_m, name="side", junction=JUNCTION),
    )
    return RoadMap(name="t_junction", roads=roads + ways.roads, junctions=(ways.junction,))


def _reaches(
    spec: RoadSpec, main: tuple[Widths, Widths], side: Widths, angle: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return how far arms must end from the middle for each of the two corners.

    The first corner is that from the arm before the side road, the second that from the side
    road to the arm after it; each gives (arm that comes, arm that goes).
    """
    right = spec.side == "right"
    coming, going = (main[0], main[0]) if right else (main[1], main[1])
    outer = (max(coming.lanes - 1, 0) * coming.lane_m, (side.lanes - 1) * side.lane_m)
    first = corner_radius_m(spec, coming, side)
    second = corner_radius_m(spec, side, going)
    return (
        (
            reach_m(outer[0], outer[1], angle, first),
            reach_m(outer[1], outer[0], angle, first),
        ),
        (
            reach_m(outer[1], outer[0], pi - angle, second),
            reach_m(outer[0], outer[1], pi - angle, second),
        ),
    )


def _fits(spec: RoadSpec, arms: dict[str, Arm], west_m: float, east_m: float) -> None:
    least = 2.0 * (max(west_m, east_m) + clear_m(spec, arms["main"]) + 5.0)
    if spec.length_m < least:
        raise InputError(
            f"road.length_m is {spec.length_m:g} m, but the junction and its approaches take"
            f" {least:.0f} m: use a length of at least that, or a smaller corner_radius_m"
        )
