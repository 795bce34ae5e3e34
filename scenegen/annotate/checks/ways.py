"""Checks of where surface points were before and go next, against depth and poses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks import motion
from scenegen.annotate.checks.bodies import groups
from scenegen.annotate.checks.case import FrameCase, depth_slack
from scenegen.annotate.checks.prediction import part_motions
from scenegen.annotate.checks.surfaces import SKY
from scenegen.records.base import F64

WAY_STEP_M = 1e-3
"""What a stored way is a multiple of."""
WAY_LIMIT_M = 32.767
"""Longest stored way along an axis."""


def flow_back(case: FrameCase) -> Iterator[str]:
    """Depth moved by the poses of the frame before gives the backward flow."""
    truth = case.pictures.truth
    if case.labels.frame == 0:
        if truth.flow_back_valid is not None and truth.flow_back_valid.any():
            yield "the first frame has backward flow, but nothing before it"
        return
    pictures = replace(case.pictures, flow_px=truth.flow_back_px, flow_valid=truth.flow_back_valid)
    yield from motion.flow(FrameCase(case.labels, pictures, case.truth, None, -1))


def scene_flow(case: FrameCase) -> Iterator[str]:
    """Ways are those of the bodies that explain flow and depth, and the sky has none."""
    pictures, stored = case.pictures, case.pictures.truth
    assert pictures.depth_m is not None
    assert stored.scene_flow_m is not None
    assert stored.scene_flow_valid is not None
    if (stored.scene_flow_valid & (pictures.semantic == SKY)).any():
        yield "the sky has scene flow"
    for group in case.cached(groups):
        told = group.agrees & group.expected & group.present
        pixels = group.pixels[told]
        column, row = np.floor(pixels).astype(np.int64).T
        depth = pictures.depth_m[row, column].astype(np.float64)
        after = case.camera.unproject(
            pixels + group.prediction.flow_px[told], group.prediction.depth_m[told]
        )
        expected = after - case.camera.unproject(pixels, depth)
        way, valid = stored.scene_flow_m[row, column], stored.scene_flow_valid[row, column]
        # A depth's rounding moves both ends, each along its ray.
        slack = WAY_STEP_M + 2 * depth_slack(depth) * np.linalg.norm(case.rays[row, column], axis=1)
        off = np.abs(way - expected).max(axis=1)
        bad = valid & (off > slack + group.prediction.depth_slack_m[told])
        if group.instance_id:
            bad[bad] = ~_of_another_part(case, group.instance_id, pixels[bad], depth[bad], way[bad])
        lacks = ~valid & (np.abs(expected).max(axis=1) < WAY_LIMIT_M - slack)
        if bad.any():
            yield (
                f"{group.name}: scene flow of {int(bad.sum())} of {bad.size} px is not that of "
                f"depth and poses, by up to {float(off[bad].max()):.3f} m"
            )
        if lacks.any():
            yield f"{group.name}: {int(lacks.sum())} px lack scene flow"


def _of_another_part(
    case: FrameCase, instance_id: int, pixels: F64, depth_m: F64, way: npt.NDArray[np.float32]
) -> npt.NDArray[np.bool_]:
    """Return which px (N, 2) go the way (N, 3) of any part of an actor that may be there.

    Where parts meet, the flow of two may fit a pixel.
    """
    points = case.camera.unproject(pixels, depth_m)
    rays = np.linalg.norm(points, axis=1) / depth_m
    slack = WAY_STEP_M + 2 * depth_slack(depth_m) * rays
    found = np.zeros(len(pixels), dtype=np.bool_)
    for body in part_motions(case, instance_id):
        there = body.moved(pixels, points).points
        near = np.abs(there - points - way).max(axis=1) <= slack
        found |= near & body.holds(pixels, points, depth_m)
    return found
