"""Checks of depth and flow against the poses of two frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.case import (
    DEPTH_LIMIT_M,
    FLOW_LIMIT_PX,
    FLOW_STEP_PX,
    FrameCase,
    centres,
    depth_slack,
)
from scenegen.annotate.checks.snapping import candidates
from scenegen.annotate.checks.surfaces import Placed, first_surfaces
from scenegen.geometry import Images, apply, inverse
from scenegen.records.base import F64

SCENERY_STRIDE = 3
"""Every third column and row of the scenery is looked at; of actors, every pixel."""
MOST_OTHER = 1024
"""So many of the pixels at other depths than predicted are held against rays."""
FLOW_TOLERANCE_PX = 0.5 * FLOW_STEP_PX + 0.01
"""Rounding in the file, and float32 arithmetic of the renderer."""


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


def flow(case: FrameCase) -> Iterator[str]:
    """Depth moved by the poses gives the flow: scenery, and every rigid part of an actor."""
    for group in case.cached(_groups):
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
    for group in case.cached(_groups):
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


@dataclass(frozen=True)
class _Group:
    """Pixels of one body (or of the scenery) with their stored and predicted flow."""

    name: str
    instance_id: int
    pixels: F64
    prediction: Prediction
    error_px: F64
    agrees: npt.NDArray[np.bool_]
    present: npt.NDArray[np.bool_]
    expected: npt.NDArray[np.bool_]


def _groups(case: FrameCase) -> list[_Group]:
    """Split the pixels that have a stored depth by body."""
    pictures = case.pictures
    assert pictures.depth_m is not None
    assert pictures.instance is not None
    held = np.isfinite(pictures.depth_m)
    scenery = np.zeros_like(held)
    scenery[::SCENERY_STRIDE, ::SCENERY_STRIDE] = True
    scenery &= held & (pictures.instance == 0)
    everywhere = _Body(None, None, _scenery_motion(case))
    groups = [_group(case, 0, np.nonzero(scenery), [everywhere])]
    shown = set(case.truth.shown_ids(case.row)) & set(case.truth.shown_ids(case.next_row))
    for id_, (extent, _) in case.extents.items():
        if id_ not in shown:
            continue
        x1, y1, x2, y2 = (int(v) for v in extent)
        box = (slice(y1, y2), slice(x1, x2))
        rows, columns = np.nonzero(held[box] & (pictures.instance[box] == id_))
        if rows.size:
            groups.append(_group(case, id_, (rows + y1, columns + x1), _part_motions(case, id_)))
    return groups


@dataclass(frozen=True)
class _Body:
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


def _scenery_motion(case: FrameCase) -> Moved:
    if not case.rolling:
        return _rigid(case, inverse(case.next_world_from_camera) @ case.world_from_camera)

    def moved(pixels: F64, points: F64) -> Images:
        return case.next_moving.project(case.scenery.in_mesh(pixels, points))

    return moved


def _rigid(case: FrameCase, next_from_now: F64) -> Moved:
    def moved(pixels: F64, points: F64) -> Images:
        del pixels
        there = apply(next_from_now, points)
        return Images(case.camera.project(there), there)

    return moved


def _part_motions(case: FrameCase, instance_id: int) -> list[_Body]:
    """Return the motions of an actor's parts between the cameras of two frames."""
    if case.rolling:
        return [
            _Body(placed.part, placed, _part_by_row(case, placed))
            for placed in case.parts(instance_id)
        ]
    after = inverse(case.next_world_from_camera) @ case.truth.world_from_parts(
        instance_id, case.next_row
    )
    return [
        _Body(placed.part, placed, _rigid(case, after[placed.part] @ placed.mesh_from_camera))
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


def _group(
    case: FrameCase,
    instance_id: int,
    where: tuple[npt.NDArray[np.int64], ...],
    bodies: list[_Body],
) -> _Group:
    """Compare the stored flow of pixels with that of the body that explains it best.

    A pixel of an articulated actor may belong to any part whose bounds contain its point;
    one of them must move as the flow says. A point may be outside of all bounds where the
    pixel shows a triangle seen edge-on; then it is one of those that `candidates` finds.
    """
    pictures = case.pictures
    assert pictures.depth_m is not None
    rows, columns = where
    pixels = centres(np.stack([columns, rows], axis=1))
    depth = pictures.depth_m[where].astype(np.float64)
    points = case.camera.unproject(pixels, depth)
    count = len(pixels)
    stored = np.zeros((count, 2))
    if pictures.flow_px is not None:
        stored = pictures.flow_px[where].astype(np.float64)
    best = Prediction(
        np.full((count, 2), np.nan), np.zeros(count), np.full(count, np.nan), np.zeros(count)
    )
    best_error = np.full(count, np.inf)
    may_lack = np.zeros(count, dtype=np.bool_)
    holds = [body.holds(pixels, points, depth) for body in bodies]
    unplaced = np.flatnonzero(~np.any(holds, axis=0))
    for index in unplaced.tolist():
        parts = _parts_at(case, instance_id, pixels[index], float(depth[index]))
        for body, held in zip(bodies, holds, strict=True):
            held[index] = body.part in parts
    for body, candidate in zip(bodies, holds, strict=True):
        if not candidate.any():
            continue
        moved = predict(case, pixels[candidate], depth[candidate], body.moved)
        error = np.abs(moved.flow_px - stored[candidate]).max(axis=1) - moved.slack_px
        error = np.where(np.isnan(error), 1e6, error)
        may_lack[candidate] |= ~_storable(moved)
        better = error < best_error[candidate]
        chosen = np.flatnonzero(candidate)[better]
        best_error[chosen] = error[better]
        best.flow_px[chosen] = moved.flow_px[better]
        best.slack_px[chosen] = moved.slack_px[better]
        best.depth_m[chosen] = moved.depth_m[better]
        best.depth_slack_m[chosen] = moved.depth_slack_m[better]
    expected = _storable(best)
    present = expected if pictures.flow_valid is None else pictures.flow_valid[where]
    imaged = np.isfinite(best.flow_px).all(axis=1)
    # Present although too long to be told, or absent where one part may have moved too far.
    doubtful = (imaged & ~expected) | (~present & may_lack)
    return _Group(
        f"instance {instance_id}" if instance_id else "scenery",
        instance_id,
        pixels,
        best,
        best_error,
        best_error <= FLOW_TOLERANCE_PX,
        present,
        np.where(doubtful, present, expected),
    )


def _storable(moved: Prediction) -> npt.NDArray[np.bool_]:
    """Return which predicted flows exist and are surely short enough for the file."""
    imaged = np.isfinite(moved.flow_px).all(axis=1)
    longest = np.abs(np.nan_to_num(moved.flow_px)).max(axis=1, initial=0.0)
    return np.asarray(imaged & (longest < FLOW_LIMIT_PX - 2 - moved.slack_px))


def _parts_at(case: FrameCase, instance_id: int, point_px: F64, depth_m: float) -> set[int]:
    """Return the parts of an actor that a pixel may show at a depth."""
    found = candidates(case.camera, case.parts(instance_id), point_px, depth_m)
    slack = float(depth_slack(np.array(depth_m)))
    near = (depth_m >= found.low_m - slack) & (depth_m <= found.high_m + slack)
    return set(found.part[near & (found.instance == instance_id)].tolist())
