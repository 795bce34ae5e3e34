"""Where what a pixel shows is at the next frame, by its depth and the poses of a rigid body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.case import FLOW_LIMIT_PX, FrameCase, depth_slack
from scenegen.annotate.checks.surfaces import Placed
from scenegen.geometry import Images, apply, inverse
from scenegen.records.base import F64


@dataclass(frozen=True)
class Prediction:
    """Where surface points are at the next frame by their depth and the poses.

    Attributes
    ----------
    flow_px : ndarray, shape (N, 2)
        NaN where the point goes behind the camera, or out of a lens's field.
    slack_px : ndarray, shape (N,)
        How much the flow changes within the rounding of the depth.
    depth_m : ndarray, shape (N,)
        As the next camera has it.
    depth_slack_m : ndarray, shape (N,)
        How much that changes within the rounding of this frame's depth.
    """

    flow_px: F64
    slack_px: F64
    depth_m: F64
    depth_slack_m: F64


Moved = Callable[[F64, F64], Images]
"""From px (N, 2) and what they show (N, 3), in the camera's frame, to where that is next."""


def predict(case: FrameCase, pixels: F64, depth_m: F64, moved: Moved) -> Prediction:
    """Move the points of pixels to the next frame.

    Parameters
    ----------
    case : FrameCase
    pixels : ndarray, shape (N, 2)
        Pixel centres, px.
    depth_m : ndarray, shape (N,)
    moved : callable
        The motion of one rigid body.
    """
    camera, slack = case.camera, depth_slack(depth_m)
    images, depths = [], []
    for offset in (-slack, slack, 0.0):
        points = camera.unproject(pixels, np.maximum(depth_m + offset, 1e-3))
        there = moved(pixels, points)
        images.append(there.pixels)
        depths.append(camera.depth_of(there.points))
    low, high, middle = images
    # Where the rounding decides whether there is an image, any one will do, of endless slack.
    told = np.isfinite(middle)
    rim = np.where(np.isfinite(low), low, high)
    spread = np.maximum(np.abs(low - middle), np.abs(high - middle)).max(axis=1)
    middle = np.where(told, middle, rim)
    return Prediction(
        middle - pixels,
        np.nan_to_num(spread, nan=np.inf),
        depths[2],
        np.abs(depths[1] - depths[2]),
    )


def storable(moved: Prediction) -> npt.NDArray[np.bool_]:
    """Return which predicted flows exist and are surely short enough for the file."""
    imaged = np.isfinite(moved.flow_px).all(axis=1)
    longest = np.abs(np.nan_to_num(moved.flow_px)).max(axis=1, initial=0.0)
    return np.asarray(imaged & (longest < FLOW_LIMIT_PX - 2 - moved.slack_px))


@dataclass(frozen=True)
class Body:
    """A rigid body between two frames.

    Attributes
    ----------
    part : int or None
        None for the scenery.
    placed : Placed or None
        Where its surface is now.
    moved : callable
        From this frame's camera to the next frame's.
    """

    part: int | None
    placed: Placed | None
    moved: Moved

    def holds(self, pixels: F64, points: F64, depth_m: F64) -> npt.NDArray[np.bool_]:
        """Return which points (N, 3) of px (N, 2), at depths (N,), can belong to it."""
        if self.placed is None:
            return np.ones(len(points), dtype=np.bool_)
        local = self.placed.in_mesh(pixels, points)
        low, high = self.placed.mesh.bounds
        slack = 2 * depth_slack(depth_m)[:, None]
        return np.asarray(((local >= low - slack) & (local <= high + slack)).all(axis=1))


def scenery_body(case: FrameCase) -> Body:
    """Return the scenery as a body, which holds every point."""
    if not case.rolling:
        after = inverse(case.next_world_from_camera) @ case.world_from_camera
        return Body(None, None, _rigid(case, after))

    def moved(pixels: F64, points: F64) -> Images:
        return case.next_moving.project(case.scenery.in_mesh(pixels, points))

    return Body(None, None, moved)


def _rigid(case: FrameCase, next_from_now: F64) -> Moved:
    def moved(pixels: F64, points: F64) -> Images:
        del pixels
        there = apply(next_from_now, points)
        return Images(case.camera.project(there), there)

    return moved


def part_motions(case: FrameCase, instance_id: int) -> list[Body]:
    """Return the motions of an actor's parts between the cameras of two frames."""
    if case.rolling:
        return [
            Body(placed.part, placed, _part_by_row(case, placed))
            for placed in case.parts(instance_id)
        ]
    after = inverse(case.next_world_from_camera) @ case.truth.world_from_parts(
        instance_id, case.next_row
    )
    return [
        Body(placed.part, placed, _rigid(case, after[placed.part] @ placed.mesh_from_camera))
        for placed in case.parts(instance_id)
    ]


def _part_by_row(case: FrameCase, placed: Placed) -> Moved:
    def moved(pixels: F64, points: F64) -> Images:
        local = placed.in_mesh(pixels, points)

        def places(moments: F64) -> F64:
            poses = case.truth.part_at(placed.instance_id, placed.part, moments)
            return np.asarray(np.einsum("nij,nj->ni", poses[:, :3, :3], local) + poses[:, :3, 3])

        return case.next_moving.project(places)

    return moved
