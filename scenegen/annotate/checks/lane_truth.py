"""Checks of the lanes that labels name, by projecting points on one lane after the other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scenegen.annotate.checks.case import FrameCase
from scenegen.annotate.checks.course import is_older
from scenegen.annotate.checks.truth import SceneTruth
from scenegen.annotate.lane_places import LEVEL_M, SAME_M
from scenegen.annotate.signals import ego_lane
from scenegen.geometry import wrap_angle
from scenegen.records import Lane
from scenegen.records.base import F64
from scenegen.records.motion_labels import LanePlace
from scenegen.roads import lane_length, lane_point, project_to_lane

MARGIN_M = 0.3
"""Lanes are polylines: in their bends the two ways to measure differ by less than this."""
SAME_WAY_RAD = 0.25 * np.pi


def lane_places(case: FrameCase) -> Iterator[str]:
    """Who has a lane is in it, who has none is in none, and lanes are counted from the ego's."""
    labels, truth, row = case.labels, case.truth, case.row
    if is_older(labels):
        return
    known = truth.network.lanes
    ego = known.get(labels.ego.lane or "")
    if (labels.ego.lane is None) != (ego_place(truth, row) is None):
        yield f"the ego's lane is {labels.ego.lane}"
    for label in labels.objects:
        if label.instance_id not in truth.actors:
            continue
        column = truth.trajectory.column(label.instance_id)
        point = truth.trajectory.position_m[row, column]
        for problem in _problems(truth, ego, label.lane, point):
            yield f"instance {label.instance_id}: {problem}"


def ego_place(truth: SceneTruth, row: int) -> Lane | None:
    """Return a lane that the ego may be said to be in."""
    ego = truth.scenario.ego.instance_id
    point = truth.trajectory.position_m[row, truth.trajectory.column(ego)]
    near = ego_lane(truth.network, truth.world_from_body(ego, row))
    return near or next((lane for lane in _driving(truth) if _outside(lane, point) < 0), None)


def _problems(
    truth: SceneTruth, ego: Lane | None, place: LanePlace | None, point_m: F64
) -> Iterator[str]:
    if place is None:
        deep = [lane.id for lane in _driving(truth) if _outside(lane, point_m) < -MARGIN_M]
        if deep:
            yield f"has no lane, but is in {', '.join(deep)}"
        return
    lane = truth.network.lanes.get(place.id)
    if lane is None or lane.kind != "driving":
        yield f"lane {place.id} is no driving lane"
        return
    if _outside(lane, point_m) > MARGIN_M:
        yield f"is not in lane {place.id}, but {_outside(lane, point_m):.2f} m beside it"
    if place.index is None or ego is None:
        return
    if place.id == ego.id and place.index != 0:
        yield f"is in the ego's lane, but {place.index} lanes beside it"
    abreast = _abreast(ego, point_m)
    if abreast is None:
        return
    expected = _count(truth, lane, point_m, *abreast)
    if expected is not None and expected != (place.index, place.same_way):
        yield f"lane {place.id} is {place.index} lanes to the left, counted {expected[0]}"


def _driving(truth: SceneTruth) -> list[Lane]:
    return [lane for lane in truth.network.lanes.values() if lane.kind == "driving"]


def _outside(lane: Lane, point_m: F64) -> float:
    """Return how far a point (3,) is outside a lane; negative within it."""
    s, _ = project_to_lane(lane, point_m[:2])
    nearest, _ = lane_point(lane, float(s))
    away = float(np.hypot(*(nearest - point_m)[:2]))
    return np.inf if abs(nearest[2] - point_m[2]) > LEVEL_M else away - 0.5 * lane.width_m


def _abreast(ego: Lane, point_m: F64) -> tuple[F64, float] | None:
    """Return the place (3,) and heading of the ego's lane abreast of a point, if there is one."""
    s, _ = project_to_lane(ego, point_m[:2])
    if not 1.0 < s < lane_length(ego) - 1.0:
        return None
    return lane_point(ego, float(s))


def _count(
    truth: SceneTruth, lane: Lane, point_m: F64, foot_m: F64, yaw_rad: float
) -> tuple[int, bool] | None:
    """Return how many lanes to the left of a place on the ego's lane a lane is, and if it goes on.

    None where lanes split, join or bend so that neighbours can't be told by their middles.
    """
    left = np.array([-np.sin(yaw_rad), np.cos(yaw_rad)])
    middles = []
    for other in _driving(truth):
        s, _ = project_to_lane(other, foot_m[:2])
        if not 1.0 < s < lane_length(other) - 1.0:
            continue
        nearest, heading = lane_point(other, float(s))
        off = abs(float(wrap_angle(heading - yaw_rad)))
        if min(off, np.pi - off) > 0.1 or abs(nearest[2] - foot_m[2]) > LEVEL_M:
            continue
        middles.append((float((nearest - foot_m)[:2] @ left), other.id, off < 0.5 * np.pi))
    own = [m for m in middles if m[1] == lane.id]
    aside = float((point_m - foot_m)[:2] @ left)
    if not own or abs(own[0][0] - aside) > 0.5 * lane.width_m + MARGIN_M:
        return None
    side = 1 if own[0][0] > 0 else -1
    between = sorted(side * m[0] for m in middles if 0.5 < side * m[0] <= side * own[0][0] + 1e-6)
    steps = np.diff([0.0, *between])
    if ((steps > 0.05) & (steps < SAME_M + 0.5)).any():
        return None
    return side * int((steps > SAME_M).sum()), own[0][2]
