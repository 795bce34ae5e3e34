"""Pixels of a frame by the rigid bodies they show, with their stored and predicted flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.case import FLOW_STEP_PX, FrameCase, centres, depth_slack
from scenegen.annotate.checks.prediction import (
    Body,
    Prediction,
    part_motions,
    predict,
    scenery_body,
    storable,
)
from scenegen.annotate.checks.snapping import candidates
from scenegen.records.base import F64

SCENERY_STRIDE = 3
"""Every third column and row of the scenery is looked at; of actors, every pixel."""
FLOW_TOLERANCE_PX = 0.5 * FLOW_STEP_PX + 0.01
"""Rounding in the file, and float32 arithmetic of the renderer."""


@dataclass(frozen=True)
class Group:
    """Pixels of one body (or of the scenery) with their stored and predicted flow."""

    name: str
    instance_id: int
    pixels: F64
    prediction: Prediction
    error_px: F64
    agrees: npt.NDArray[np.bool_]
    present: npt.NDArray[np.bool_]
    expected: npt.NDArray[np.bool_]


def groups(case: FrameCase) -> list[Group]:
    """Split the pixels that have a stored depth by body."""
    pictures = case.pictures
    assert pictures.depth_m is not None
    assert pictures.instance is not None
    held = np.isfinite(pictures.depth_m)
    scenery = np.zeros_like(held)
    scenery[::SCENERY_STRIDE, ::SCENERY_STRIDE] = True
    scenery &= held & (pictures.instance == 0)
    found = [_group(case, 0, np.nonzero(scenery), [scenery_body(case)])]
    shown = set(case.truth.shown_ids(case.row)) & set(case.truth.shown_ids(case.next_row))
    for id_, (extent, _) in case.extents.items():
        if id_ not in shown:
            continue
        x1, y1, x2, y2 = (int(v) for v in extent)
        box = (slice(y1, y2), slice(x1, x2))
        rows, columns = np.nonzero(held[box] & (pictures.instance[box] == id_))
        if rows.size:
            found.append(_group(case, id_, (rows + y1, columns + x1), part_motions(case, id_)))
    return found


def _group(
    case: FrameCase,
    instance_id: int,
    where: tuple[npt.NDArray[np.int64], ...],
    bodies: list[Body],
) -> Group:
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
        may_lack[candidate] |= ~storable(moved)
        better = error < best_error[candidate]
        chosen = np.flatnonzero(candidate)[better]
        best_error[chosen] = error[better]
        best.flow_px[chosen] = moved.flow_px[better]
        best.slack_px[chosen] = moved.slack_px[better]
        best.depth_m[chosen] = moved.depth_m[better]
        best.depth_slack_m[chosen] = moved.depth_slack_m[better]
    expected = storable(best)
    present = expected if pictures.flow_valid is None else pictures.flow_valid[where]
    imaged = np.isfinite(best.flow_px).all(axis=1)
    # Present although too long to be told, or absent where one part may have moved too far.
    doubtful = (imaged & ~expected) | (~present & may_lack)
    return Group(
        f"instance {instance_id}" if instance_id else "scenery",
        instance_id,
        pixels,
        best,
        best_error,
        best_error <= FLOW_TOLERANCE_PX,
        present,
        np.where(doubtful, present, expected),
    )


def _parts_at(case: FrameCase, instance_id: int, point_px: F64, depth_m: float) -> set[int]:
    """Return the parts of an actor that a pixel may show at a depth."""
    found = candidates(case.camera, case.parts(instance_id), point_px, depth_m)
    slack = float(depth_slack(np.array(depth_m)))
    near = (depth_m >= found.low_m - slack) & (depth_m <= found.high_m + slack)
    return set(found.part[near & (found.instance == instance_id)].tolist())
