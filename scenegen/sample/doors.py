"""Opening and shutting the doors of cars, and getting out through them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenegen.assets import SEAT, way_out
from scenegen.errors import ScenarioError
from scenegen.records import Door, GetOut
from scenegen.roads import project_to_lane
from scenegen.sample.course import Course, Step
from scenegen.sample.placed import Placed, on_carrier
from scenegen.scenario.behaviours import CloseDoor, GetOutEntry, OpenDoor, plain_entries

OPEN_RAD, WIDEST_RAD = 1.1, 1.2
SWING_S = 0.9
GET_OUT_S = 2.0


def swing(course: Course, entry: OpenDoor | CloseDoor) -> list[Step]:
    """Open a door, or shut it.

    Raises
    ------
    ScenarioError
        There is no such door, or it doesn't open so far.
    """
    asset = course.body.asset
    door = course.values.text(entry.door, "front_left")
    channel = f"door_{door}"
    if channel not in asset.joints:
        known = [name.removeprefix("door_") for name in asset.joints if name.startswith("door_")]
        remedy = f"; it has {', '.join(known)}" if known else "; cars and vans have"
        course.lacks(f"{door.replace('_', ' ')} door on hinges", remedy, entry.do)
    angle = 0.0
    if isinstance(entry, OpenDoor):
        angle = course.positive(entry.angle, OPEN_RAD)
        if angle > WIDEST_RAD and entry.angle is not None:
            raise ScenarioError(
                f"{entry.angle.name!r} comes to {angle:.2f} rad; a door opens to "
                f"{WIDEST_RAD:g} rad (69 deg) at most",
                entry.angle.place,
            )
    over = course.positive(entry.over, SWING_S)
    return [Step(Door(channel=channel, angle_rad=angle, over_s=over))]


def get_out(course: Course, entry: GetOutEntry) -> list[Step]:
    """Get out of a car; from then on the body is beside it, on foot.

    Raises
    ------
    ScenarioError
        They sit in no car, or in one that never opens the door beside them.
    """
    person, car = course.body, course.body.carrier
    seat = person.entry.place.anchor or ""
    if car is None or not seat.startswith(SEAT):
        course.lacks(
            "seat in a car", f": place them {{attached_to: NAME, anchor: {SEAT}front_left}}"
        )
    assert car is not None
    door = seat.removeprefix(SEAT)
    opened = {
        course.values.text(other.door, "front_left")
        for _, other in plain_entries(car.entry.behaviour, ())
        if isinstance(other, OpenDoor)
    }
    if door not in opened:
        raise ScenarioError(
            f"{person.name!r} can't get out: {car.name!r} never opens the door beside them; "
            f"give it {{do: open_door, door: {door}}}",
            person.entry.asset.place,
        )
    course.body = _beside(person, car, seat)
    course.lane, course.lateral_m = course.body.lane, course.body.lateral_m
    course.position_m = course.body.position_m[:2]
    return [Step(GetOut(over_s=course.positive(entry.over, GET_OUT_S)))]


def _beside(person: Placed, car: Placed, seat: str) -> Placed:
    """Return somebody as they stand once they have got out, in the lane that the car is in."""
    stood = way_out(car.asset, seat, person.asset, 1.0)
    position, quaternion = on_carrier(car, np.array([*stood.place_m, 0.0]), stood.turn_rad)
    lane = car.lane
    s, lateral = (0.0, 0.0) if lane is None else project_to_lane(lane, position[:2])[:2]
    return replace(
        person,
        position_m=position,
        quaternion_wxyz=quaternion,
        lane=lane,
        s_m=float(s),
        lateral_m=float(lateral),
        facing=car.facing,
        carrier=None,
    )
