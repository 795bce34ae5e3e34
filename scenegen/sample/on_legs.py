"""Turns behaviours on legs into actions with world paths."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenegen.errors import ScenarioError
from scenegen.records import Fall, Pose, Release, Stand, Trigger, Walk
from scenegen.records.base import F64
from scenegen.records.taxonomy import BIPED_JOINTS
from scenegen.roads import lane_length, lane_point, path_along
from scenegen.sample import paths
from scenegen.sample.carried import in_seat, is_roller
from scenegen.sample.course import Course, Step
from scenegen.sample.limits import limited
from scenegen.sample.roaming import wander_path
from scenegen.scenario.behaviours import (
    Cross,
    DartOut,
    FallEntry,
    Hesitate,
    StandEntry,
    UsePhone,
    WalkAlong,
    Walking,
    Wander,
)

DART_MPS2 = 4.0
"""Acceleration of a child that starts to run."""
PAUSE_S = 1.0
FARTHEST_M = 1500.0
"""What a sprinter does in the longest scene."""
WITHIN_M = 4.0

TURNS = {"along": 0.0, "against": np.pi, "left": np.pi / 2, "right": -np.pi / 2}


def walk(course: Course, entry: Cross | DartOut | WalkAlong) -> list[Step]:
    """Walk across or along."""
    _needs_legs_or_rims(course, entry.do)
    usual = DART_MPS2 if isinstance(entry, DartOut) else 2.5
    if not isinstance(entry, WalkAlong):
        path = _across(course, entry)
        return [Step(_walk(course, entry, path, crossing=True, usual_mps2=usual))]
    made = _walk(course, entry, _along(course, entry), crossing=False)
    if course.moved and entry.distance is not None:
        made = made.model_copy(update={"length_m": course.positive(entry.distance)})
    return [Step(made)]


def _walk(
    course: Course,
    entry: Walking,
    path: paths.Path,
    *,
    crossing: bool,
    usual_mps2: float = 2.5,
    **others: Any,
) -> Walk:
    """Return a walk at an entry's speed; the body is at its end from then on."""
    body = course.body
    speed = course.positive(entry.speed) * _pace(course, entry)
    avoids = course.values.flag(entry.avoid, False)
    keeps_in = avoids and isinstance(entry, WalkAlong)
    here = not crossing or course.moved
    made = Walk(
        path=path,
        speed_mps=limited(speed, body.asset, entry.speed),
        acceleration_mps2=course.positive(entry.acceleration, usual_mps2),
        crossing=crossing,
        gait=gait_of(course, entry.gait),
        avoid=avoids,
        room_m=_room(course) if keeps_in else None,
        from_here=here and not isinstance(entry, WalkAlong),
        **others,
    )
    course.position_m = np.array(path[-1])
    return made


def _along(course: Course, entry: WalkAlong) -> paths.Path:
    body = course.body
    if body.lane is None:
        course.lacks("lane")
    assert body.lane is not None
    distance = course.bounded(entry.distance, lane_length(body.lane), FARTHEST_M)
    sense, s = body.facing or 1, body.s_m
    end = s + sense * distance
    if course.moved:  # wherever in the lane they are by then
        s, end = (0.0, lane_length(body.lane))[::sense]
    return path_along(body.lane, s, end, paths.STEP_M, body.lateral_m)


def _across(course: Course, entry: Cross | DartOut | Hesitate) -> paths.Path:
    position, yaw = np.array([*course.position_m, 0.0]), _heading(course, entry)
    default = 0.0
    if entry.distance is None:
        default = paths.distance_across(course.stage.network, position, yaw)
    distance = course.bounded(entry.distance, default, FARTHEST_M)
    return paths.straight_path(position, yaw, distance)


def _heading(course: Course, entry: Cross | DartOut | Hesitate) -> float:
    """Return the direction in which someone crosses: as they face, or as asked for."""
    if entry.heading is None:
        return course.body.yaw_rad
    lane = course.body.lane
    if lane is None:
        course.lacks("lane to have a 'heading' in")
    assert lane is not None
    _, along = lane_point(lane, course.body.s_m)
    heading = course.values.text(entry.heading)
    # The road's middle is to the left of every lane.
    return along + TURNS["left" if heading == "across" else heading]


def hesitate(course: Course, entry: Hesitate) -> list[Step]:
    """Begin to cross, stop, and turn back or go on."""
    _needs_legs_or_rims(course, entry.do)
    path = np.array(_across(course, entry))
    whole = float(np.hypot(*(path[-1] - path[0])))
    after = course.positive(entry.after)
    if after >= whole:
        raise ScenarioError(
            f"{entry.after.name!r} comes to {after:g} m; the way across is {whole:.1f} m, and "
            "who hesitates stops before its end",
            entry.after.place,
        )
    back = course.values.text(entry.then, "back") == "back"
    middle = path[0] + (path[-1] - path[0]) * (after / whole)
    out = _walk(course, entry, _line(path[0], middle), crossing=True)
    pause = course.values.number(entry.pause, PAUSE_S)
    goal = path[0] if back else path[-1]
    course.moved = True
    on = _walk(
        course,
        entry,
        _line(middle, goal),
        crossing=True,
        intent="turning_back" if back else None,
    )
    if entry.back_speed is not None:
        speed = limited(course.positive(entry.back_speed), course.body.asset, entry.back_speed)
        on = on.model_copy(update={"speed_mps": speed})
    wait = Trigger(delay_s=max(pause, 0.0))
    return [Step(out), Step(Stand(gait=out.gait, intent="hesitating")), Step(on, wait)]


def _line(a: F64, b: F64) -> paths.Path:
    parts = np.linspace(0.0, 1.0, max(2, int(np.ceil(np.hypot(*(b - a)) / paths.STEP_M)) + 1))
    points = a + parts[:, None] * (b - a)
    return tuple((x, y) for x, y in points.tolist())


def wander(course: Course, entry: Wander) -> list[Step]:
    """Walk about without aim."""
    _needs_legs_or_rims(course, entry.do)
    within = course.positive(entry.within, WITHIN_M)
    speed = course.positive(entry.speed)
    # Nobody gets farther than this within the scene, whatever they are asked for.
    most = limited(speed, course.body.asset, entry.speed) * (course.duration_s + 1.0) + 2.0
    length = min(course.positive(entry.distance, most), most)
    yaw = course.body.yaw_rad
    path = wander_path(course.position_m, yaw, length, within, course.stage.generator)
    made = _walk(course, entry, path, crossing=False, intent="wandering")
    return [Step(made)]


def stand(course: Course, entry: StandEntry) -> list[Step]:
    """Stay."""
    hazard = course.values.flag(entry.hazard_lights, False)
    return [Step(Stand(hazard_lights=hazard, gait=gait_of(course, entry.gait)))]


def fall(course: Course, entry: FallEntry) -> list[Step]:
    """Fall down."""
    course.needs_legs()
    _needs_to_be_out(course, entry.do)
    way: Any = course.values.text(entry.way, "forward")
    return [Step(Fall(way=way))]


def use_phone(course: Course, entry: UsePhone) -> list[Step]:
    """Look at a telephone."""
    body = course.body
    if body.asset.joints != BIPED_JOINTS or body.carrier is not None:
        course.lacks("free hands", ": people on foot have", f"{entry.do}")
    return [Step(Pose(gait="phone"))]


def release(course: Course) -> list[Step]:
    """Come off what carries one."""
    body = course.body
    if body.carrier is None or "kingpin" in body.asset.anchors:
        course.lacks("carrier")
    if body.asset.joints == BIPED_JOINTS:
        raise ScenarioError(
            f"{body.name!r} ({body.asset.id}) rides and is no load: let them 'fall'",
            body.entry.asset.place,
        )
    return [Step(Release())]


def _needs_to_be_out(course: Course, what: str) -> None:
    """Make sure that a body doesn't sit in a car."""
    body = course.body
    if body.carrier is not None and in_seat(body.entry):
        raise ScenarioError(
            f"{body.name!r} ({body.asset.id}) sits in {body.carrier.name!r} and can't {what}: "
            "let them 'get_out' first",
            body.entry.asset.place,
        )


def _needs_legs_or_rims(course: Course, what: str) -> None:
    """Make sure that a body walks, or is a wheelchair that who sits in it propels."""
    body = course.body
    if not is_roller(body.asset):
        course.needs_legs(what)
        _needs_to_be_out(course, what)
        if body.carrier is not None:
            raise ScenarioError(
                f"{body.name!r} ({body.asset.id}) doesn't walk: {body.carrier.name!r} takes "
                "them along; say there how it goes",
                body.entry.asset.place,
            )
        return
    seated = any(other.carrier is body for other in course.stage.bodies)
    if body.carrier is not None or not seated:
        course.lacks("legs, and no one attached to propel it")


def gait_of(course: Course, value: Any) -> Any:
    """Return how the body goes; only people have a choice."""
    gait = course.values.text(value, "auto")
    body = course.body
    if gait != "auto" and body.asset.category != "person" and value is not None:
        raise ScenarioError(
            f"{body.name!r} ({body.asset.id}) is no person; only people have a gait", value.place
        )
    return gait


def _pace(course: Course, entry: Walking) -> float:
    """Return the speed of this body of a row over that of the entry."""
    if entry.spread is None:
        return 1.0
    spread = course.values.number(entry.spread)
    if not 0.0 <= spread < 1.0:
        raise ScenarioError(
            f"{entry.spread.name!r} comes to {spread:g}; it is from 0 to below 1",
            entry.spread.place,
        )
    return 1.0 + spread * float(course.stage.generator.uniform(-1.0, 1.0))


def _room(course: Course) -> tuple[float, float] | None:
    """Return how far the lane reaches to the left and right of the way the body walks."""
    body = course.body
    if body.lane is None:
        return None
    left = 0.5 * body.lane.width_m - body.lateral_m
    right = 0.5 * body.lane.width_m + body.lateral_m
    return (left, right) if (body.facing or 1) > 0 else (right, left)
