"""Checks of depth and flow against the poses of two frames."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.bodies import groups
from scenegen.annotate.checks.case import DEPTH_LIMIT_M, FrameCase, centres, depth_slack
from scenegen.annotate.checks.snapping import candidates
from scenegen.annotate.checks.surfaces import first_surfaces

MOST_OTHER = 1024
"""So many of the pixels at other depths than predicted are held against rays."""


def flow(case: FrameCase) -> Iterator[str]:
    """Depth moved by the poses gives the flow: scenery, and every rigid part of an actor."""
    for group in case.cached(groups):
        bad = group.present & ~group.agrees
        if bad.any():
            worst = float(np.nanmax(np.where(bad, group.error_px, 0)))
            yield (
                f"{group.name}: flow of {int(bad.sum())} of {bad.size} px is not that of "
                f"depth and poses, by up to {worst:.2f} px"
            )
        wrong = group.present != group.expected
        if wrong.any():
            yield f"{group.name}: validity of the flow of {int(wrong.sum())} px is wrong"


def next_depth(case: FrameCase) -> Iterator[str]:
    """The next frame shows the same surface at the depth that this one predicts.

    Where it shows the same body at another depth, rays at the next frame must meet that.
    """
    following = case.following
    if following is None or following.depth_m is None or following.instance is None:
        return
    for group in case.cached(groups):
        target = np.floor(group.pixels + group.prediction.flow_px)
        size = (case.camera.width - 1, case.camera.height - 1)
        inside = group.expected & ((target >= 1) & (target < size)).all(axis=1)
        column, row = np.where(inside[:, None], target, 1).astype(np.int64).T
        inside &= following.instance[row, column] == group.instance_id
        column, row = column[inside], row[inside]
        around = np.stack(
            [following.depth_m[row + j, column + i] for i in (-1, 0, 1) for j in (-1, 0, 1)]
        )
        expected = group.prediction.depth_m[inside]
        slack = depth_slack(expected) + group.prediction.depth_slack_m[inside]
        other = (around.min(axis=0) > expected + slack) | (around.max(axis=0) < expected - slack)
        pixels = np.unique(np.stack([column[other], row[other]], axis=1), axis=0)
        step = max(1, -(-len(pixels) // MOST_OTHER))
        yield from (f"{group.name}: {text}" for text in _unmet(case, pixels[::step]))


def _unmet(case: FrameCase, pixels: npt.NDArray[np.int64]) -> Iterator[str]:
    """Hold pixels (N, 2) of the next frame, instance and depth, against rays there."""
    following = case.following
    assert following is not None
    assert following.depth_m is not None
    assert following.instance is not None
    column, row = pixels.T
    instance, depth = following.instance[row, column], following.depth_m[row, column]
    found = first_surfaces(case.next_scene, centres(pixels))
    slack = depth_slack(np.minimum(depth, DEPTH_LIMIT_M).astype(np.float64))
    beyond = np.isinf(depth)
    with np.errstate(invalid="ignore"):
        near = np.abs(found.depth_m - depth) <= slack
    same = (found.instance == instance) & (near | (beyond & (found.depth_m > DEPTH_LIMIT_M)))
    count = 0
    for index in np.flatnonzero(~same):
        z = float(depth[index])
        nearest = min(z, float(found.depth_m[index]))
        may = candidates(case.camera, case.next_scene, centres(pixels[index]), nearest)
        least = DEPTH_LIMIT_M if beyond[index] else z - float(slack[index])
        met = (may.instance == instance[index]) & (may.high_m >= least)
        count += not bool((met & (may.low_m <= z + float(slack[index]))).any())
    if count:
        yield f"next frame is not at the predicted depth, nor at that of rays, at {count} px"
