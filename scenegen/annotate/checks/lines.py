"""Checks of lane lines: which pixels they are painted on, and where they pass the ego."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.case import FrameCase, centres
from scenegen.geometry import apply, inverse
from scenegen.records import LaneLine
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

MOST_PX = 1500
"""So many pixels of paint are looked at."""
SLACK_M = 0.045
"""Chords of bends, rounded depth, and the grid of meshes."""
LEVEL_M = 1.5
_PAINT = CLASS_BY_NAME["lane marking"].id


def numbers(case: FrameCase) -> Iterator[str]:
    """Pixels are numbered by the labelled line on which their point lies, and only paint is."""
    pictures, stored = case.pictures, case.pictures.truth
    lanes = stored.lanes
    assert lanes is not None
    assert pictures.depth_m is not None
    known = {label.number for label in case.labels.lanes if label.number is not None}
    strangers = set(np.unique(lanes).tolist()) - known - {0}
    if strangers:
        yield f"pixels of lines {sorted(strangers)}, which the labels don't know"
    paint = (pictures.semantic == _PAINT) & (pictures.instance == 0)
    if ((lanes > 0) & ~paint).any():
        yield f"{int(((lanes > 0) & ~paint).sum())} px that are no paint belong to a line"
    row, column = np.nonzero(paint & np.isfinite(pictures.depth_m))
    step = max(1, -(-len(row) // MOST_PX))
    row, column = row[::step], column[::step]
    if not row.size or strangers:
        return
    depth = pictures.depth_m[row, column].astype(np.float64)
    points = case.moving.unproject(centres(np.stack([column, row], axis=1)), depth)
    told = lanes[row, column]
    beyond = np.array([_beyond(case.truth.network.lines[k - 1], points) for k in sorted(known)])
    beyond = beyond.reshape(len(known), len(points))
    of = {number: k for k, number in enumerate(sorted(known))}
    own = np.array([of.get(number, -1) for number in told.tolist()])
    on = own >= 0
    bad = np.zeros(len(points), dtype=np.bool_)
    bad[on] = beyond[own[on], np.flatnonzero(on)] > SLACK_M
    if bad.any():
        yield f"{int(bad.sum())} of {len(bad)} px don't lie on the line that they are numbered by"
    lacking = ~on & (beyond.min(axis=0, initial=np.inf) < -SLACK_M)
    if lacking.any():
        yield f"{int(lacking.sum())} of {len(bad)} px lie on a labelled line and have no number"


def _beyond(line: LaneLine, points: F64) -> npt.NDArray[np.float64]:
    """Return how far (N,) points (N, 3) lie outside of a line's paint, seen from above."""
    a, step = line.points[:-1], np.diff(line.points, axis=0)
    length = np.maximum((step[:, :2] ** 2).sum(axis=1), 1e-12)
    best = np.full(len(points), np.inf)
    for start, way, square in zip(a, step, length, strict=True):
        share = np.clip((points[:, :2] - start[:2]) @ way[:2] / square, 0.0, 1.0)
        foot = start + share[:, None] * way
        gap = np.hypot(*(points - foot)[:, :2].T)
        gap[np.abs(points[:, 2] - foot[:, 2]) > LEVEL_M] = np.inf
        np.minimum(best, gap, out=best)
    return best - 0.5 * line.width_m


def beside(case: FrameCase) -> Iterator[str]:
    """Lines with a number beside the ego pass it on that side, farther for greater numbers."""
    ego_from_world = inverse(np.array(case.labels.ego.world_from_body))
    passed: dict[int, list[float]] = {}
    for label in case.labels.lanes:
        if label.ego_index is None:
            continue
        points = apply(ego_from_world, np.array(label.points_world_m))
        passes = np.flatnonzero(np.diff(points[:, 0] >= 0))
        if label.type not in ("solid", "broken") or not passes.size:
            yield f"lane line {label.id} doesn't pass the ego, but is number {label.ego_index}"
            continue
        offsets = [float(np.interp(0.0, *_rising(points[k : k + 2]))) for k in passes.tolist()]
        passed.setdefault(label.ego_index, []).append(min(offsets, key=abs))
    for side in (1, -1):
        ranks = sorted(abs(number) for number in passed if number * side > 0)
        reach = 0.0
        if ranks != list(range(1, len(ranks) + 1)):
            yield f"lines beside the ego are numbered {[side * rank for rank in ranks]}"
        for rank in ranks:
            near = min(side * offset for offset in passed[side * rank])
            if near < reach - 1e-3:
                yield f"lane line {side * rank} passes the ego nearer than those before it"
            reach = max(side * offset for offset in passed[side * rank])


def _rising(ends: F64) -> tuple[F64, F64]:
    """Return x and y (2,), (2,) of two points, the one with the lesser x first."""
    ends = ends[np.argsort(ends[:, 0])]
    return ends[:, 0], ends[:, 1]
