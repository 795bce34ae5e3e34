"""Checks of intentions by looking ahead in the run, and of gazes by cutting lines with outlines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from scenegen import assets, roads
from scenegen.annotate.checks.case import FrameCase
from scenegen.annotate.checks.course import is_older
from scenegen.annotate.checks.truth import SceneTruth
from scenegen.annotate.gaze import FIELD, OPAQUE, SEEN_SHARE, THINNEST_M
from scenegen.annotate.intentions import ONTO_THE_ROAD
from scenegen.annotate.objects import INTENTIONAL
from scenegen.geometry import apply, yaw_of
from scenegen.records import FrameLabels, Intent, ObjectLabel
from scenegen.records.base import F64, Quaternion

SLACK_M = 1e-3
"""Outlines are made larger or smaller by this where a line may just graze them."""


def intentions(case: FrameCase) -> Iterator[str]:
    """Intentions are what the behaviour says and the run shows."""
    if is_older(case.labels):
        return
    for label in case.labels.objects:
        if label.instance_id in case.truth.actors:
            for problem in _problems(case, label):
                yield f"instance {label.instance_id}: {problem}"


def _problems(case: FrameCase, label: ObjectLabel) -> Iterator[str]:
    told, truth, row = label.intention, case.truth, case.row
    if (label.category in INTENTIONAL) != (told is not None):
        yield f"intention of a {label.category} is {told}"
    if told is None:
        return
    trajectory, column = truth.trajectory, truth.trajectory.column(label.instance_id)
    if told.hesitating != (trajectory.intent[row, column] == Intent.HESITATING):
        yield f"hesitating is {told.hesitating}, not as the behaviour has it"
    looks = trajectory.distracted is not None and bool(trajectory.distracted[row, column])
    if told.distracted != looks:
        yield f"distracted is {told.distracted}, not as the behaviour has it"
    entry = truth.kept(("entries", label.instance_id), lambda: _entries(truth, column))[row]
    if told.will_cross != (entry >= 0) or told.will_cross != (told.time_to_crossing_s is not None):
        yield f"will_cross is {told.will_cross}, the run shows {entry >= 0}"
    elif told.time_to_crossing_s is not None:
        # They come onto the road between the row at which they are first there and that before.
        latest = float(trajectory.time_s[entry] - trajectory.time_s[row])
        step = 1.0 / truth.scenario.rates.control_hz
        if not max(latest - step, 0.0) - 1e-4 <= told.time_to_crossing_s <= latest + 1e-4:
            yield f"time_to_crossing_s is {told.time_to_crossing_s}, the run shows {latest:.3f}"
    if not told.seen_ego and in_view(truth, label.instance_id, row, SLACK_M):
        yield "has not seen the ego, which is before their eyes"


def _entries(truth: SceneTruth, column: int) -> list[int]:
    """Return for each row the first from there on at which someone crosses; -1 for none."""
    trajectory, network = truth.trajectory, truth.network
    place, intent = trajectory.position_m[:, column, :2], trajectory.intent[:, column]
    zebra = np.zeros(len(intent), dtype=bool)
    for lane in network.lanes.values():
        if lane.kind == "crosswalk":
            s, aside = roads.project_to_lane(lane, place)
            within = (s > 0) & (s < roads.lane_length(lane))
            zebra |= within & (np.abs(aside) <= 0.5 * lane.width_m)
    crossing = np.isin(intent, [int(i) for i in ONTO_THE_ROAD])
    crossing |= zebra & (intent == Intent.WALKING_ALONG)
    there = crossing & (roads.beyond_carriageway(network, place) < 0)
    over = np.isin(intent, [int(Intent.STRUCK), int(Intent.FALLEN)])
    found = []
    for row in range(len(intent)):
        ahead = np.flatnonzero(there[row:])
        found.append(-1 if over[row] or not ahead.size else row + int(ahead[0]))
    return found


def seen(truth: SceneTruth, frames: Sequence[FrameLabels]) -> Iterator[str]:
    """Who has seen the ego has had it before their eyes by then, and goes on having seen it."""
    last: dict[int, int] = {}
    done: set[int] = set()
    for frame in sorted(frames, key=lambda f: f.step):
        if is_older(frame):
            continue
        row = int(truth.scenario.frame_rows[frame.frame])
        for label in frame.objects:
            id_ = label.instance_id
            if label.intention is None or id_ not in truth.actors:
                continue
            if not label.intention.seen_ego:
                last[id_] = row
                if id_ in done:
                    yield f"frame {frame.frame}: instance {id_} has no longer seen the ego"
            elif id_ not in done:
                done.add(id_)
                rows = range(row, last.get(id_, -1), -1)
                if not any(in_view(truth, id_, r, -SLACK_M) for r in rows):
                    yield f"frame {frame.frame}: instance {id_} can't have seen the ego"


def in_view(truth: SceneTruth, instance_id: int, row: int, grown_m: float) -> bool:
    """Say whether somebody has the ego before their eyes at a row, by outlines a bit larger."""
    trajectory, actor = truth.trajectory, truth.actors[instance_id]
    distracted = trajectory.distracted
    if distracted is not None and distracted[row, trajectory.column(instance_id)]:
        return False
    asset = truth.asset(instance_id)
    names = [part.name for part in asset.parts]
    if "head" in names:
        head = truth.world_from_parts(instance_id, row)[names.index("head")]
    else:
        head = truth.world_from_body(instance_id, row).copy()
        head[:3, 3] += 0.93 * asset.size_m[2] * head[:3, 2]
    ego = truth.scenario.ego.instance_id
    middle = truth.asset(ego).bounds_m.mean(axis=0)
    there = apply(truth.world_from_body(ego, row), middle[None])[0]
    to = there - head[:3, 3]
    reach = SEEN_SHARE * truth.scenario.weather.visibility_m
    away = float(np.linalg.norm(to))
    if to @ head[:3, 0] <= away * FIELD + grown_m or away >= reach - grown_m:
        return False
    hiding = truth.kept(("walls",), lambda: _walls(truth))
    hiding = hiding + [
        _wall(assets.solid_bounds(truth.asset(i)), trajectory.position_m[row, k], tuple(turn))
        for i, k, turn in (
            (a.instance_id, k, trajectory.quaternion_wxyz[row, k].tolist())
            for a in truth.scenario.actors
            for k in (trajectory.column(a.instance_id),)
            if a.category in OPAQUE and a.instance_id not in (ego, actor.attached_to)
        )
    ]
    return not any(_cuts(wall, head[:3, 3], there, grown_m) for wall in hiding)


Wall = tuple[shapely.Polygon, float, float]
"""An outline, and the heights of its bottom and top."""


def _walls(truth: SceneTruth) -> list[Wall]:
    found = []
    for prop in truth.scenario.props:
        bounds = assets.solid_bounds(assets.drawn(prop))
        if (bounds[1] - bounds[0]).min() > THINNEST_M:
            found.append(_wall(bounds, np.array(prop.position_m), prop.quaternion_wxyz))
    return found


def _wall(bounds_m: F64, place_m: F64, quaternion_wxyz: Quaternion) -> Wall:
    (x0, y0, z0), (x1, y1, z1) = bounds_m.tolist()
    yaw = float(yaw_of(np.array(quaternion_wxyz)))
    turn = np.array([[np.cos(yaw), np.sin(yaw)], [-np.sin(yaw), np.cos(yaw)]])
    corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]) @ turn + place_m[:2]
    return shapely.Polygon(corners), float(place_m[2]) + z0, float(place_m[2]) + z1


def _cuts(wall: Wall, eye_m: F64, point_m: F64, grown_m: float) -> bool:
    """Say whether a line goes through a wall: over its outline, between its heights."""
    polygon, low, high = wall
    line = shapely.LineString([eye_m[:2], point_m[:2]])
    over = shapely.intersection(line, shapely.buffer(polygon, grown_m, join_style="mitre"))
    if over.is_empty or over.length == 0:
        return False
    ends = shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(over)))
    heights = eye_m[2] + ends / line.length * (point_m[2] - eye_m[2])
    return bool(heights.max() > low - grown_m and heights.min() < high + grown_m)
