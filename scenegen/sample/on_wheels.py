"""Turns behaviours on wheels into actions with world paths."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from scenegen.errors import ScenarioError
from scenegen.records import Brake, Drive, Lights, OnAhead, Pace, Stand, Trigger
from scenegen.records.base import F64
from scenegen.roads import left_of, onward, project_to_lane
from scenegen.sample import paths
from scenegen.sample.course import Course, Step
from scenegen.sample.expect import expected_time
from scenegen.sample.limits import limited
from scenegen.sample.triggers import NEVER, room_in
from scenegen.sample.ways_ahead import way_ahead
from scenegen.scenario.behaviours import (
    ChangeSpeed,
    Cruise,
    CutIn,
    Driving,
    FollowLane,
    HardBrake,
    Overtake,
    PullOut,
    RideAcross,
    RunTheLight,
    Swerve,
    UTurn,
)

CHANGE_S = 2.5
"""A brisk lane change."""
FARTHEST_M = 10_000.0
SLOWEST_S = 60.0
LONGEST_M = 300.0
"""Times and ways of changes to the side are at most so long."""
SLOWEST_MPS = 3.0
"""Ways to the side are at least as long as at this speed."""
HARD_MPS2 = 9.0
CLEARANCE_M = 8.0
"""How far ahead of who has been overtaken one comes back in."""
WITHIN_M = 14.0
"""How long a way a car needs to leave a parking place."""
STEER_RAD = 0.56
"""Steering angle that a bend may ask for, a little less than wheels turn."""


def drive(
    course: Course, entry: Driving, path: paths.Path, *, aside: bool = False, **defaults: Any
) -> Drive:
    """Return a drive along a path at an entry's speed; it may begin with moving aside."""
    course.needs_drive()
    values = course.values
    speed = values.number(entry.speed, course.speed_mps)
    if speed < 0 and entry.speed is not None:
        raise ScenarioError(f"{entry.speed.name!r} is below 0", entry.speed.place)
    course.speed_mps = limited(speed, course.body.asset, entry.speed)
    react = values.flag(entry.react, defaults.pop("react", True))
    # Who moves aside whatever happens slows down for the lane's bends, not for its own.
    eases: Literal["all", "lane", "none"] = "lane" if aside and not react else "all"
    if entry.slow_for_bends is not None:
        eases = "all" if values.flag(entry.slow_for_bends, True) else "none"
    return Drive(
        path=path,
        speed_mps=speed,
        acceleration_mps2=course.positive(entry.acceleration, 2.0),
        deceleration_mps2=course.positive(entry.deceleration, 3.0),
        follow=react,
        obey_signals=values.flag(entry.obey_signals, defaults.pop("obey", True)),
        indicator=values.text(entry.indicator, defaults.pop("indicator", "none")),
        headway_s=course.positive(entry.headway, 1.3),
        min_gap_m=course.positive(entry.min_gap, 2.0),
        bends=eases,
        **defaults,
    )


def follow(course: Course, entry: FollowLane | Cruise | RunTheLight) -> list[Step]:
    """Follow a lane."""
    if isinstance(entry, FollowLane | Cruise) and entry.lane is not None:
        course.lane = course.stage.lane(entry.lane)
    network, station = course.stage.network, course.station()
    lane = way_ahead(network, course.needs_lane(), station, entry, course.values)
    path = paths.follow_path(lane, station, course.lateral_m)
    side = course.values.text(entry.turn, "none")
    indicator = side if side in ("left", "right") else "none"
    if isinstance(entry, RunTheLight):
        return [Step(drive(course, entry, path, react=False, obey=False, indicator=indicator))]
    return [Step(drive(course, entry, path, indicator=indicator))]


def change(course: Course, entry: CutIn | Swerve) -> list[Step]:
    """Change lanes, or move aside; laid out beforehand where that can be."""
    course.needs_drive()
    lane, before = course.needs_lane(), course.lateral_m
    speed = course.values.number(entry.speed, course.speed_mps)
    over = course.bounded(entry.over, CHANGE_S, SLOWEST_S) * max(speed, SLOWEST_MPS)
    station = course.station()
    if isinstance(entry, CutIn):
        target, after = course.stage.lane(entry.lane), 0.0
    else:
        target, after = lane, before + course.values.number(entry.lateral)
    begins = None
    if course.foresees(entry.when):
        begins = expected_time(course.body, entry.when, course.stage, course.duration_s)
    begin = station + course.speed_mps * (begins or 0.0)
    network = course.stage.network
    there = onward(network, target)
    path = paths.change_path(
        onward(network, lane),
        there,
        start_m=station,
        begin_m=begin,
        over_m=over,
        lateral_m=(before, after),
    )
    side = _side(path)
    way: dict[str, Any] = {"ends_m": begin + over - station + paths.BEFORE_M}
    if begins is None:
        path = paths.follow_path(there, _beside(course, target), after)
        way = {"join_m": over}
    course.lane, course.lateral_m = target, after
    indicator = side if isinstance(entry, CutIn) else "none"
    cuts_in = isinstance(entry, CutIn)
    going = drive(course, entry, path, aside=True, react=cuts_in, indicator=indicator, **way)
    steps = [Step(going)]
    if isinstance(entry, Swerve) and entry.back_after is not None:
        wait = course.values.number(entry.back_after)
        course.lateral_m = before
        home = paths.follow_path(onward(network, lane), station, before)
        back = drive(course, entry, home, aside=True, react=False, join_m=over)
        steps.append(Step(back, Trigger(delay_s=max(wait, 0.0))))
    return steps


def _beside(course: Course, lane: Any) -> float:
    """Return the station in a lane beside where the body starts."""
    return float(project_to_lane(lane, course.body.position_m[:2])[0])


def overtake(course: Course, entry: Overtake) -> list[Step]:
    """Pull out, pass and come back in, once there is room if that is asked for."""
    course.needs_drive("overtake")
    stage, body, own = course.stage, course.body, course.needs_lane()
    beside = left_of(stage.network, own) if entry.lane is None else stage.lane(entry.lane)
    if beside is None or beside.kind != "driving":
        raise ScenarioError(
            f"{body.name!r} has no driving lane to the left of {own.id!r} to overtake in; "
            "name one with 'lane', or give the road more lanes",
            body.entry.asset.place,
        )
    row = stage.groups.get(entry.past)
    other = row[0].instance_id if row else None
    home = paths.follow_path(onward(stage.network, own), course.station(), course.lateral_m)
    out = paths.path_beside(beside, body.position_m, body.yaw_rad)
    side = _side_of(home, out)
    back = "right" if side == "left" else "left"
    ignores = {"ignores": () if other is None else (other,)}
    before = course.speed_mps
    going = drive(course, entry, out, aside=True, indicator=side, **ignores)
    way = course.bounded(entry.over, CHANGE_S, SLOWEST_S) * max(going.speed_mps, SLOWEST_MPS)
    going = going.model_copy(update={"join_m": way})
    coming = drive(course, entry, home, aside=True, indicator=back, join_m=way, **ignores)
    by = course.positive(entry.clearance, CLEARANCE_M)
    passed = NEVER if other is None else OnAhead(actor=other, by_m=by)
    steps = [Step(going), Step(coming, passed)]
    if entry.room is not None:
        time = course.positive(entry.room)
        behind = drive(course, entry, home).model_copy(update={"speed_mps": max(before, 0.0)})
        room = room_in(beside, body, time, going.speed_mps)
        steps = [Step(behind), Step(going, room), steps[1]]
    return steps


def pull_out(course: Course, entry: PullOut) -> list[Step]:
    """Come over from the side of the road into a lane, once there is room if asked for."""
    course.needs_drive("pull_out")
    lane = course.stage.lane(entry.lane)
    way = course.bounded(entry.within, WITHIN_M, LONGEST_M)
    path = paths.follow_path(onward(course.stage.network, lane), _beside(course, lane), 0.0)
    out = paths.path_beside(lane, course.body.position_m, course.body.yaw_rad)
    here = paths.straight_path(course.body.position_m, course.body.yaw_rad, 10.0)
    side = _side_of(here, out)
    if np.cos(_yaw(np.array(path[-2:])) - _yaw(np.array(out[-2:]))) < 0:
        raise ScenarioError(
            f"traffic in {lane.id!r} comes towards {course.body.name!r}; pull out into a lane "
            "that it faces along",
            entry.lane.place,
        )
    if entry.speed is None and not course.speed_mps > 0:
        course.speed_mps = lane.speed_limit_mps
    going = drive(course, entry, path, aside=True, indicator=side, join_m=way)
    course.lane, course.lateral_m = lane, 0.0
    if entry.room is None:
        return [Step(going)]
    room = room_in(lane, course.body, course.positive(entry.room), going.speed_mps)
    return [Step(Stand()), Step(going, room)]


def waiting_side(steps: list[Step]) -> Lights | None:
    """Return the indicator of who waits, at a stand, for room to pull out."""
    last = steps[-1].action
    if len(steps) == 2 and isinstance(steps[0].action, Stand) and isinstance(last, Drive):
        return Lights(indicator=last.indicator)
    return None


def u_turn(course: Course, entry: UTurn) -> list[Step]:
    """Drive on along the lane and turn round into another."""
    course.needs_drive("u_turn")
    own, target = course.needs_lane(), course.stage.lane(entry.lane)
    if target.direction == own.direction:
        raise ScenarioError(
            f"traffic in {target.id!r} goes the same way as in {own.id!r}; turn into a lane of "
            "the other direction",
            entry.lane.place,
        )
    s = course.values.number(entry.at_s)
    at = s if own.direction > 0 else float(own.stations_m[-1]) - s
    if not course.station() < at < float(own.stations_m[-1]):
        raise ScenarioError(
            f"{entry.at_s.name!r} comes to {s:g} m, which is not ahead of {course.body.name!r} in "
            f"{own.id!r}",
            entry.at_s.place,
        )
    path, radius = paths.turning_path(own, target, course.station(), at)
    least = turning_radius(course)
    if radius < least:
        raise ScenarioError(
            f"{course.body.name!r} ({course.body.asset.id}) needs {2 * least:.1f} m from lane to "
            f"lane to turn round, and {own.id!r} and {target.id!r} are {2 * radius:.1f} m apart; "
            "use lanes further apart",
            entry.lane.place,
        )
    ends = at - course.station() + paths.BEFORE_M + np.pi * radius + 4.0
    course.lane, course.lateral_m = target, 0.0
    return [Step(drive(course, entry, path, indicator="left", ends_m=float(ends)))]


def turning_radius(course: Course) -> float:
    """Return the least radius of the bend that a body's rear axle can go through, m."""
    wheels = course.body.asset.wheels
    front = np.mean([w.position_m[0] for w in wheels if w.steered])
    rear = np.mean([w.position_m[0] for w in wheels if not w.steered])
    return float((front - rear) / np.tan(STEER_RAD))


def ride(course: Course, entry: RideAcross) -> list[Step]:
    """Ride straight on."""
    distance = course.bounded(entry.distance, 100.0, FARTHEST_M)
    path = paths.straight_path(course.body.position_m, course.body.yaw_rad, distance)
    return [Step(drive(course, entry, path, react=False, obey=False))]


def brake(course: Course, entry: HardBrake) -> list[Step]:
    """Brake."""
    course.needs_drive()
    deceleration = course.positive(entry.deceleration, HARD_MPS2)
    speed = course.values.number(entry.speed)
    locks = not course.values.flag(entry.anti_lock, True)
    return [Step(Brake(deceleration_mps2=deceleration, speed_mps=speed, locks=locks))]


def change_speed(course: Course, entry: ChangeSpeed) -> list[Step]:
    """Change the speed wanted."""
    course.needs_drive("change_speed")
    speed = course.values.number(entry.speed)
    if speed < 0:
        raise ScenarioError(f"{entry.speed.name!r} is below 0", entry.speed.place)
    course.speed_mps = limited(speed, course.body.asset, entry.speed)
    pace = Pace(
        speed_mps=speed,
        acceleration_mps2=course.positive(entry.acceleration, 2.0),
        deceleration_mps2=course.positive(entry.deceleration, 3.0),
    )
    return [Step(pace)]


def _side(path: paths.Path) -> str:
    """Return the side that a change of lanes goes to."""
    points = np.array(path)
    chord = points[1] - points[0]
    across = np.array([-chord[1], chord[0]])
    middle = points[len(points) // 2 :] - points[0]
    return "left" if float((middle @ across).mean()) > 0 else "right"


def _side_of(here: paths.Path, there: paths.Path) -> str:
    """Return on which side of the beginning of one path another one runs."""
    start, end = np.array(here[0]), np.array(here[1])
    points = np.array(there)
    near = points[np.hypot(*(points - end).T).argmin()] - start
    ahead = end - start
    return "left" if float(ahead[0] * near[1] - ahead[1] * near[0]) > 0 else "right"


def _yaw(points: F64) -> float:
    x, y = (points[1] - points[0]).tolist()
    return float(np.arctan2(y, x))
