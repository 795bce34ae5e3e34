"""Opening and shutting the doors of cars."""

from __future__ import annotations

from scenegen.errors import ScenarioError
from scenegen.records import Door
from scenegen.sample.course import Course, Step
from scenegen.scenario.behaviours import CloseDoor, OpenDoor

OPEN_RAD, WIDEST_RAD = 1.1, 1.2
SWING_S = 0.9


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
