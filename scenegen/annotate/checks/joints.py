"""Check of which joints show, against what rays meet at their pixels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scenegen import assets
from scenegen.annotate.checks.case import FrameCase, centres, depth_slack
from scenegen.annotate.checks.snapping import candidates
from scenegen.annotate.joints import FLESH_M, HIDDEN, OUTSIDE, VISIBLE, adjoining
from scenegen.geometry import inverse
from scenegen.records import ObjectLabel
from scenegen.records.base import F64


def joints(case: FrameCase) -> Iterator[str]:
    """A joint shows where rays meet its own part first, no deeper than flesh, or what is behind."""
    for label in case.labels.objects:
        shown = label.skeleton_visible
        if shown is None or label.skeleton_px is None or label.instance_id not in case.truth.actors:
            continue
        if shown.keys() != label.skeleton_px.keys():
            yield f"instance {label.instance_id}: joints that are told to show are others"
            continue
        wrong = [joint for joint in shown if shown[joint] not in _possible(case, label, joint)]
        if wrong:
            yield (
                f"instance {label.instance_id}: {len(wrong)} joints don't show as rays say, "
                f"first {wrong[0]}, which is told to be {shown[wrong[0]]}"
            )


def _possible(case: FrameCase, label: ObjectLabel, joint: str) -> set[int]:
    """Return what may be told of a joint."""
    assert label.skeleton_px is not None
    place = label.skeleton_px[joint]
    size = (case.camera.width, case.camera.height)
    if place is None or not all(0 <= at < most for at, most in zip(place, size, strict=True)):
        return {OUTSIDE}
    pixel = np.floor(place).astype(np.int64)
    depth = _depth(case, label, joint, np.array(place))
    meet = adjoining(case.truth.asset(label.instance_id))[joint]
    instance, part, met = _first(case, centres(pixel))
    slack = 2 * float(depth_slack(np.array(depth))) + 1e-4
    found = _told(instance == label.instance_id and part in meet, depth - met, slack)
    may = candidates(case.camera, case.scene, centres(pixel), min(depth, met))
    for k in range(len(may.instance)):
        own = int(may.instance[k]) == label.instance_id and int(may.part[k]) in meet
        for least in (float(may.low_m[k]), float(may.high_m[k])):
            found |= _told(own, depth - least, slack)
    return found


def _told(own: bool, before_m: float, slack_m: float) -> set[int]:
    """Return what may be told of a joint before which so much lies."""
    found = set()
    if (own and before_m <= FLESH_M + slack_m) or before_m < slack_m:
        found.add(VISIBLE)
    if (not own or before_m > FLESH_M - slack_m) and before_m >= -slack_m:
        found.add(HIDDEN)
    return found


def _first(case: FrameCase, point_px: F64) -> tuple[int, int, float]:
    """Return instance, part and depth of what a ray meets first."""
    best: tuple[int, int, float] = (0, 0, np.inf)
    for placed in case.scene:
        ray = point_px.reshape(1, 2)
        if not placed.within(ray).size:
            continue
        hits = placed.cast(ray)
        if hits.distance[0] < best[2]:
            best = (placed.instance_id, placed.part, float(hits.distance[0]))
    return best


def _depth(case: FrameCase, label: ObjectLabel, joint: str, place: F64) -> float:
    """Return how deep a joint lies at the moment at which its row sees it."""
    asset = case.truth.asset(label.instance_id)
    name, offset = assets.skeleton_points(asset)[joint]
    part = next(k for k, other in enumerate(asset.parts) if other.name == name)
    moment = case.moving.moments(place[1:])
    world = case.truth.part_at(label.instance_id, part, moment)[0]
    local = inverse(case.moving.at(moment)[0]) @ world
    return float(case.camera.depth_of(local[:3, :3] @ np.array(offset) + local[:3, 3]))
