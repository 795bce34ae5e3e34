"""Checks of the labelled boxes against the masks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.spatial import ConvexHull, QhullError

from scenegen.annotate.checks.case import FrameCase, centres
from scenegen.geometry import apply, box_corners, matrix_from_quaternion, nearest_point, project_box
from scenegen.records import ObjectLabel
from scenegen.records.base import F64

TOLERANCE_PX = 1.0
"""How far outside the projected box a pixel centre of the object may lie."""


def boxes_contain_masks(case: FrameCase) -> Iterator[str]:
    """The image of each 3D box, cut at the near plane, contains the object's pixels."""
    instance = case.pictures.instance
    assert instance is not None
    extents = case.extents
    for label in case.labels.objects:
        if label.instance_id not in extents:
            continue
        x1, y1, x2, y2 = (int(v) for v in extents[label.instance_id][0])
        mask = instance[y1:y2, x1:x2] == label.instance_id
        outside = -np.inf
        for part, top, corners in _as_seen(case, label, mask, y1):
            outside = max(outside, _outside(case, corners, part, (x1, top)))
        if np.isinf(outside):
            yield f"instance {label.instance_id} is seen where its box can't be: behind the camera"
        elif outside > TOLERANCE_PX:
            yield (
                f"instance {label.instance_id} reaches {outside:.2f} px beyond its projected 3D box"
            )


Mask = npt.NDArray[np.bool_]


def _as_seen(
    case: FrameCase, label: ObjectLabel, mask: Mask, top: int
) -> Iterator[tuple[Mask, int, F64]]:
    """Yield parts of a mask, their first row, and the box's corners (8, 3) that belong to it.

    Under a rolling shutter these are single rows: each sees the box at its own moment.
    """
    if not case.rolling or label.instance_id not in case.truth.actors:
        yield mask, top, label_corners(label)
        return
    corners = track_corners(case, label)
    by_row = case.bodies_by_row(label.instance_id)
    for row in np.flatnonzero(mask.any(axis=1)).tolist():
        yield mask[row : row + 1], top + row, apply(by_row[top + row], corners)


def track_corners(case: FrameCase, label: ObjectLabel) -> F64:
    """Return the corners (8, 3) of a labelled box in the body's frame."""
    low, high = case.truth.bounds[label.instance_id]
    middle = np.eye(4)
    middle[:3, 3] = 0.5 * (low + high)
    return box_corners(middle, label.box3d.size_m)


def _outside(case: FrameCase, corners: F64, mask: Mask, first: tuple[int, int]) -> float:
    """Return how far, px, a mask reaches beyond a box's image; ``inf`` where there is none."""
    if not nearest_point(corners).any():  # the camera is in the box, so that is all around
        return -np.inf
    if case.camera.lens is None:
        image = project_box(case.camera, corners)
        points, scale = _row_ends(mask) + np.array(first), 1.0
    else:
        pixels = np.argwhere(mask)[:, ::-1] + np.array(first)
        points, image, scale = _straightened(case, corners, pixels)
    if image is None or not np.isfinite(points).all():
        return np.inf
    return scale * _distance_outside(points, image)


def amodal_contains_visible(case: FrameCase) -> Iterator[str]:
    """The amodal box contains the visible one, and shares lie in [0, 1]."""
    for label in case.labels.objects:
        a, v = label.box2d_amodal, label.box2d_visible
        if a[0] > v[0] or a[1] > v[1] or a[2] < v[2] or a[3] < v[3]:
            yield f"instance {label.instance_id}: amodal box {a} does not contain visible {v}"
        for name, share in (("occlusion", label.occlusion), ("truncation", label.truncation)):
            if not 0 <= share < 1:
                yield f"instance {label.instance_id}: {name} {share} is not in [0, 1)"


def label_corners(label: ObjectLabel) -> F64:
    """Return the corners (8, 3) of a labelled box, camera frame."""
    frame = np.eye(4)
    frame[:3, :3] = matrix_from_quaternion(label.box3d.quaternion_wxyz)
    frame[:3, 3] = label.box3d.center_m
    return box_corners(frame, label.box3d.size_m)


def _straightened(
    case: FrameCase, corners: F64, pixels: npt.NDArray[np.int64]
) -> tuple[F64, F64 | None, float]:
    """Return pixel centres and a box's image where edges are straight: seen by a pinhole.

    From where the lens is it looks at the box's middle or at its nearest point, whichever leaves
    the pixels farther in front: of a long body right beside the lens, parts lie behind the one;
    nothing of it lies behind the other.

    Returns
    -------
    points : ndarray, shape (N, 2)
    image : ndarray, shape (M, 2), or None
    scale : float
        Px of the lens's picture in one of these, at most.
    """
    camera = case.camera
    rays = camera.unproject(centres(pixels), np.ones(len(pixels)))
    directions = rays / np.linalg.norm(rays, axis=1, keepdims=True)
    views = [camera.pinhole(towards) for towards in (corners.mean(axis=0), nearest_point(corners))]
    straight, turned = max(views, key=lambda view: (directions @ view[1][2]).min())
    # What is nearer than the near plane of one of them need not be so for the other.
    straight = replace(straight, near_m=0.1 * camera.near_m)
    image = project_box(straight, corners @ turned.T)
    points = np.nan_to_num(straight.project(rays @ turned.T), nan=np.inf)
    step = max(1, len(pixels) // 256)
    scale = camera.scale_px(centres(pixels[::step])) / straight.fx
    return points, image, scale


def _row_ends(mask: npt.NDArray[np.bool_]) -> F64:
    """Return the first and last pixel centres (2R, 2) px of a mask's rows.

    A convex set that contains them contains all pixels of the mask.
    """
    rows = np.flatnonzero(mask.any(axis=1))
    first = mask[rows].argmax(axis=1)
    last = mask.shape[1] - 1 - mask[rows, ::-1].argmax(axis=1)
    ends = np.stack([np.concatenate([first, last]), np.concatenate([rows, rows])], axis=1)
    return centres(ends)


def _distance_outside(points: F64, polygon_points: F64) -> float:
    """Return how far, px, the farthest of points (N, 2) lies outside the hull of others."""
    try:
        planes = ConvexHull(polygon_points).equations
    except QhullError:  # seen edge-on, the image is a line
        planes = ConvexHull(polygon_points, qhull_options="QJ").equations
    return float((points @ planes[:, :2].T + planes[:, 2]).max())
