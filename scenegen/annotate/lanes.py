"""Lane lines around the ego, in the world and in the picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan

import numpy as np
import numpy.typing as npt

from scenegen.annotate.beside import ego_indices
from scenegen.geometry import MovingCamera
from scenegen.records import Frame, LaneLabel, LaneLine, RoadNetwork
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

RANGE_M = 120.0
"""Lane lines are labelled up to this distance from the ego, seen from above."""
SPACING_M = 5.0
"""Greatest distance between the points of a labelled line."""

_UNDERFOOT = np.array([CLASS_BY_NAME["road"].id, CLASS_BY_NAME["lane marking"].id], dtype=np.uint8)


@dataclass(frozen=True)
class PaintedLine:
    """A lane line of the road whose points lie close enough to label.

    Attributes
    ----------
    line : LaneLine
    number : int
        From 1, in the order of the road's lines.
    points : ndarray, shape (K, 3)
        At most `SPACING_M` apart, world.
    """

    line: LaneLine
    number: int
    points: F64


def painted_lines(network: RoadNetwork) -> tuple[PaintedLine, ...]:
    """Return the lines of a road, which are the same in all frames of a scene."""
    return tuple(
        PaintedLine(line, number, densify(line.points, SPACING_M))
        for number, line in enumerate(network.lines, start=1)
    )


def lane_labels(
    frame: Frame, moving: MovingCamera, lines: Iterable[PaintedLine], world_from_ego: F64
) -> list[LaneLabel]:
    """Label the painted lines within `RANGE_M` of the ego.

    A line that leaves the range and comes back gives several labels: ``ID``, ``ID.1``, …
    World points are rounded to 0.1 mm and image points to 1/1000 px.

    Parameters
    ----------
    frame : Frame
    moving : MovingCamera
        Its camera while the rows are read.
    lines : iterable of PaintedLine
        From `painted_lines`.
    world_from_ego : ndarray, shape (4, 4)
        Pose of the ego's body.
    """
    pieces = [
        (f"{painted.line.id}.{k}" if k else painted.line.id, painted, points)
        for painted in lines
        for k, points in enumerate(clip_to_range(painted.points, world_from_ego[:3, 3]))
    ]
    if not pieces:
        return []
    world = np.round(np.concatenate([points for _, _, points in pieces]), 4)
    images = moving.project(world)
    pixels = np.round(images.pixels, 3)
    shown = _shown(frame, images.points, pixels)
    beside = ego_indices([(painted.line, points) for _, painted, points in pieces], world_from_ego)
    labels, start = [], 0
    for (id_, painted, points), index in zip(pieces, beside, strict=True):
        part = slice(start, start + len(points))
        labels.append(_label(id_, painted, world[part], pixels[part], shown[part], index))
        start = part.stop
    return labels


def clip_to_range(points: F64, middle_m: F64, range_m: float = RANGE_M) -> list[F64]:
    """Return the pieces of a polyline whose points lie within a range, seen from above.

    Parameters
    ----------
    points : ndarray, shape (K, 3)
    middle_m : ndarray, shape (3,)
    range_m : float

    Returns
    -------
    list of ndarray, shape (M, 3)
        At least two points each, in the polyline's order.
    """
    near = np.hypot(*(points[:, :2] - middle_m[:2]).T) <= range_m
    edges = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]]).astype(np.int8)))
    runs = edges.reshape(-1, 2)
    return [points[start:stop] for start, stop in runs if stop - start >= 2]


def densify(points: F64, spacing_m: float) -> F64:
    """Divide the segments of a polyline (K, 3) evenly, keeping all its points.

    Parameters
    ----------
    points : ndarray, shape (K, 3)
    spacing_m : float
        Greatest distance between points of the result.
    """
    lengths = np.linalg.norm(np.diff(points, axis=0), axis=1)
    counts = np.maximum(np.ceil(lengths / spacing_m).astype(np.int64), 1)
    segment = np.repeat(np.arange(len(counts)), counts)
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (step / counts[segment])[:, None]
    inner = points[segment] * (1 - share) + points[segment + 1] * share
    return np.concatenate([inner, points[-1:]])


def _shown(frame: Frame, camera_points: F64, pixels: F64) -> npt.NDArray[np.bool_]:
    """Return which points (N,) the picture shows: road or paint at the point's depth.

    A pixel's depth is that of its centre, while the point may lie half a pixel off. On the
    road, at height h below the camera, depth changes by z² / (f h) from row to row, which
    is the tolerance beside 5 cm for the road's own unevenness.
    """
    camera = frame.camera
    depth = camera.depth_of(camera_points)
    inside = (
        np.isfinite(pixels).all(axis=1)
        & (depth >= camera.near_m)
        & ((pixels >= 0) & (pixels < [camera.width, camera.height])).all(axis=1)
    )
    column, row = np.where(inside[:, None], pixels, 0).astype(np.int64).T
    height = np.maximum(np.abs(camera_points[:, 1]), 0.1)
    tolerance = 0.05 + depth**2 / (camera.fy * height)
    surface = np.isin(frame.semantic[row, column], _UNDERFOOT)
    shown = frame.depth_m[row, column].astype(np.float64)
    return np.asarray(inside & surface & (np.abs(shown - depth) <= tolerance))


def _label(
    id_: str,
    painted: PaintedLine,
    world: F64,
    pixels: F64,
    shown: npt.NDArray[np.bool_],
    ego_index: int | None,
) -> LaneLabel:
    line = painted.line
    return LaneLabel(
        id=id_,
        type=line.type,
        color=line.color,
        number=painted.number,
        width_m=line.width_m,
        ego_index=ego_index,
        points_world_m=world.tolist(),
        points_px=[None if isnan(u) else (u, v) for u, v in pixels.tolist()],
        points_visible=shown.tolist(),
        visible=bool(shown.any()),
    )
