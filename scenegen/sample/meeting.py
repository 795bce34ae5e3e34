"""Who is somewhere together with somebody else, by their speed."""

from __future__ import annotations

from scenegen.errors import ScenarioError
from scenegen.records import Pace, Synchronize, Trigger
from scenegen.sample import on_wheels
from scenegen.sample.course import Course, Step
from scenegen.sample.limits import most_speed
from scenegen.sample.placed import Placed
from scenegen.sample.triggers import line_of
from scenegen.scenario.behaviours import FollowLane
from scenegen.scenario.driving import Synchronize as Entry

AT_ONCE = Trigger(kind="time", value=0.0)
"""What is met in the same control step."""


def synchronize(course: Course, entry: Entry) -> list[Step]:
    """Keep time with another; who does nothing before follows its lane."""
    course.needs_drive("synchronize")
    other = _other(course, entry)
    if other is None:
        return _drives(course) or [Step(Pace(speed_mps=course.speed_mps))]
    stage, values = course.stage, course.values
    limit = most_speed(course.body.asset)
    theirs = entry.at_s if entry.their_s is None else entry.their_s
    action = Synchronize(
        actor=other.instance_id,
        place=line_of(entry.at_s, entry.lane, course.body, stage),
        their_place=line_of(theirs, entry.their_lane, other, stage),
        ahead_s=values.number(entry.ahead),
        fastest_mps=course.bounded(entry.at_most, limit, limit),
        acceleration_mps2=course.positive(entry.acceleration, 2.0),
        deceleration_mps2=course.positive(entry.deceleration, 3.0),
    )
    drives = _drives(course)
    return [*drives, Step(action, AT_ONCE if drives else Trigger())]


def _drives(course: Course) -> list[Step]:
    """Return what it does who has done nothing yet."""
    return [] if course.moved else on_wheels.follow(course, FollowLane(do="follow_lane"))


def _other(course: Course, entry: Entry) -> Placed | None:
    """Return whom it keeps time with: of a row the first body, None for an empty row."""
    row = course.stage.groups.get(entry.whom)
    if row and row[0].instance_id == course.body.instance_id:
        raise ScenarioError(
            f"{entry.whom!r} can't keep time with itself; name another actor", entry.at_s.place
        )
    return row[0] if row else None
