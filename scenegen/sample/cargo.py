"""Losing loads."""

from __future__ import annotations

import numpy as np

from scenegen.errors import ScenarioError
from scenegen.geometry import apply, inverse, pose
from scenegen.records import Release
from scenegen.records.base import Vec2
from scenegen.records.taxonomy import BIPED_JOINTS
from scenegen.sample.course import Course, Step
from scenegen.sample.placed import Placed
from scenegen.scenario.behaviours import DropCargo

BED_MPS2 = 4.0
"""What friction on a bed takes from a load that slides, with something to spare."""
OVER_M = 0.5
"""How far beyond the edge its middle has to get."""

WAYS = {"back": (-1.0, 0.0), "left": (0.0, 1.0), "right": (0.0, -1.0), "none": (0.0, 0.0)}


def drop_cargo(course: Course, entry: DropCargo) -> list[Step]:
    """Lose a load."""
    loads = [load for load in course.stage.groups[entry.load] if load.carrier is course.body]
    for load in loads:
        if load.asset.joints == BIPED_JOINTS or "kingpin" in load.asset.anchors:
            raise ScenarioError(
                f"{load.name!r} ({load.asset.id}) is no cargo that {course.body.name!r} could drop",
                load.entry.asset.place,
            )
    if not loads:
        return [Step(Release())]
    ids = tuple(load.instance_id for load in loads)
    return [Step(Release(loads=ids, push_mps=_push(course, entry, loads[0])))]


def _push(course: Course, entry: DropCargo, load: Placed) -> Vec2:
    """Return how fast a load sets out, in the axes of its carrier."""
    x, y = WAYS[course.values.text(entry.to, "back")]
    carrier = course.body
    body_from_world = inverse(pose(carrier.position_m, carrier.quaternion_wxyz))
    at = apply(body_from_world, load.position_m[None])[0]
    low, high = carrier.asset.bounds_m
    edge = at[0] - low[0] if x else (high[1] - at[1] if y > 0 else at[1] - low[1])
    usual = float(np.sqrt(2.0 * BED_MPS2 * max(float(edge) + OVER_M, 0.1)))
    speed = course.positive(entry.speed, usual)
    return (x * speed, y * speed)
