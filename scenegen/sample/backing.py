"""Driving backward: out of a parking place, out of a driveway, into a lane."""

from __future__ import annotations

import numpy as np

from scenegen.errors import ScenarioError
from scenegen.geometry import wrap_angle
from scenegen.records import Drive
from scenegen.roads import lane_point, project_to_lane
from scenegen.sample import paths
from scenegen.sample.course import Course, Step
from scenegen.sample.limits import limited
from scenegen.sample.on_wheels import turning_radius
from scenegen.scenario.behaviours import Reverse

BACKWARD_MPS = 1.6
BACK_GAIN_MPS2, BACK_LOSS_MPS2 = 0.8, 1.2
"""How drivers reverse, who look over their shoulders."""
RADIUS_SHARE = 1.25
"""Usual radius of a bend in reverse, over the least that the vehicle can do."""
REACH_M = 40.0
FARTHEST_M, WIDEST_M = 200.0, 100.0
"""Nobody reverses farther, or in a wider bend."""


def reverse(course: Course, entry: Reverse) -> list[Step]:
    """Back up and stop."""
    course.needs_drive("reverse")
    body = course.body
    if body.asset.category in ("bicycle", "motorcycle", "train"):
        raise ScenarioError(
            f"{body.name!r} ({body.asset.id}) has no reverse gear; cars, vans, lorries and buses "
            "have",
            body.entry.asset.place,
        )
    if any(o.carrier is body and "kingpin" in o.asset.anchors for o in course.stage.bodies):
        raise ScenarioError(
            f"{body.name!r} would jackknife: only vehicles without a semitrailer reverse",
            body.entry.asset.place,
        )
    given = [name for name in ("turn", "lane") if getattr(entry, name) is not None]
    if len(given) == 2 or (entry.lane is not None and entry.distance is not None):
        raise ScenarioError(
            "a bend in reverse has a 'distance' and a 'turn', or follows from its 'lane'",
            entry.lane.place if entry.lane else body.entry.asset.place,
        )
    if entry.lane is None and entry.distance is None:
        raise ScenarioError(
            f"{body.name!r} needs the 'distance' that it reverses, or the 'lane' into which",
            body.entry.asset.place,
        )
    least = turning_radius(course)
    radius = course.bounded(entry.radius, RADIUS_SHARE * least, WIDEST_M)
    if radius < least and entry.radius is not None:
        raise ScenarioError(
            f"{entry.radius.name!r} comes to {radius:.1f} m; {body.asset.id!r} steers no bend "
            f"tighter than {least:.1f} m",
            entry.radius.place,
        )
    speed = limited(course.positive(entry.speed, BACKWARD_MPS), body.asset, entry.speed)
    wheels = body.asset.wheels
    rear = float(np.mean([w.position_m[0] for w in wheels if not w.steered]))
    if entry.lane is None:
        distance = course.bounded(entry.distance, 0.0, FARTHEST_M)
        turn = course.values.number(entry.turn)
        if entry.turn is not None and abs(turn) > np.pi:
            raise ScenarioError(
                f"{entry.turn.name!r} comes to {np.degrees(turn):.0f} deg; a bend in reverse has "
                "180 deg at most",
                entry.turn.place,
            )
        path = paths.backing_path(rear, distance, turn, radius)
        if turn == 0.0:  # the middle of the body, not its axle, goes so far
            path = paths.backing_path(rear, distance + rear, 0.0, radius)
    else:
        path = _into_lane(course, entry, rear, radius, least)
    course.speed_mps = 0.0
    way = Drive(
        path=path,
        speed_mps=speed,
        acceleration_mps2=course.positive(entry.acceleration, BACK_GAIN_MPS2),
        deceleration_mps2=course.positive(entry.deceleration, BACK_LOSS_MPS2),
        follow=course.values.flag(entry.react, False),
        obey_signals=False,
        frame="body",
        stops=True,
        backward=True,
    )
    return [Step(way)]


def _into_lane(
    course: Course, entry: Reverse, rear_m: float, radius_m: float, least_m: float
) -> paths.Path:
    """Return the path, body frame, that ends in a lane, facing along its traffic."""
    assert entry.lane is not None
    body, lane = course.body, course.stage.lane(entry.lane)
    back = -np.array([np.cos(body.yaw_rad), np.sin(body.yaw_rad)])
    axle = body.position_m[:2] - rear_m * back
    far = np.arange(0.0, REACH_M, 0.1)
    _, aside = project_to_lane(lane, axle + far[:, None] * back)
    crossed = np.flatnonzero(np.diff(np.sign(aside)) != 0)
    if not crossed.size:
        raise ScenarioError(
            f"{body.name!r} doesn't come to lane {lane.id!r} straight back within {REACH_M:g} m; "
            "turn it so that its back is towards the lane",
            entry.lane.place,
        )
    there = float(far[crossed[0]])
    s, _ = project_to_lane(lane, axle + there * back)
    _, heading = lane_point(lane, float(s))
    # Whose tail swings to the left turns to the right.
    turn = float(wrap_angle(body.yaw_rad - heading))
    share = float(np.tan(0.5 * min(abs(turn), 2.8)))
    radius = min(radius_m, there / max(share, 1e-6))
    if radius < least_m:
        raise ScenarioError(
            f"{body.name!r} is too near to lane {lane.id!r} to back into it: the bend would have "
            f"{radius:.1f} m, and {body.asset.id!r} steers {least_m:.1f} m at least; set it "
            "further back, or name a lane beyond",
            entry.lane.place,
        )
    return paths.backing_path(rear_m, there - radius * share, turn, radius)
