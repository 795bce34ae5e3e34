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
MOST_DOUBTFUL = 256
"""So many pixels whose flow is of no part that holds them are held against triangles."""
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
    one of them must move as the flow says. A point may lie beside the part that its pixel shows
    where a triangle is seen edge-on or a corner was rounded; that is one `candidates` finds.
    """
    pictures = case.pictures
    assert pictures.depth_m is not None
    rows, columns = where
    pixels = centres(np.stack([columns, rows], axis=1))
    depth = pictures.depth_m[where].astype(np.float64)
    points = case.camera.unproject(pixels, depth)
    stored = np.zeros((len(pixels), 2))
    if pictures.flow_px is not None:
        stored = pictures.flow_px[where].astype(np.float64)
    best = _Best(case, pixels, depth, stored)
    holds = np.array([body.holds(pixels, points, depth) for body in bodies])
    for body, held in zip(bodies, holds, strict=True):
        best.take(body, held)
    if instance_id:
        doubtful = ~(best.error_px <= FLOW_TOLERANCE_PX)
        if pictures.flow_valid is not None:
            doubtful &= pictures.flow_valid[where]
        unplaced = np.flatnonzero(~holds.any(axis=0))
        doubtful[unplaced] = False
        beside = np.zeros_like(holds)
        for index in (*unplaced, *np.flatnonzero(doubtful)[:MOST_DOUBTFUL]):
            parts = _parts_at(case, instance_id, pixels[index], float(depth[index]))
            beside[:, index] = [body.part in parts for body in bodies]
        for body, held in zip(bodies, beside & ~holds, strict=True):
            best.take(body, held)
    moved = best.prediction
    expected = storable(moved)
    present = expected if pictures.flow_valid is None else pictures.flow_valid[where]
    imaged = np.isfinite(moved.flow_px).all(axis=1)
    # Present although too long to be told, or absent where one part may have moved too far.
    unsure = (imaged & ~expected) | (~present & best.may_lack)
    return Group(
        f"instance {instance_id}" if instance_id else "scenery",
        instance_id,
        pixels,
        moved,
        best.error_px,
        best.error_px <= FLOW_TOLERANCE_PX,
        present,
        np.where(unsure, present, expected),
    )


class _Best:
    """What moves pixels (N, 2) most like the flow stored for them (N, 2)."""

    def __init__(self, case: FrameCase, pixels: F64, depth_m: F64, stored_px: F64) -> None:
        count = len(pixels)
        self._case, self._pixels, self._depth_m, self._stored_px = case, pixels, depth_m, stored_px
        self.prediction = Prediction(
            np.full((count, 2), np.nan), np.zeros(count), np.full(count, np.nan), np.zeros(count)
        )
        self.error_px = np.full(count, np.inf)
        self.may_lack = np.zeros(count, dtype=np.bool_)

    def take(self, body: Body, some: npt.NDArray[np.bool_]) -> None:
        """Try a body for some of the pixels."""
        if not some.any():
            return
        moved = predict(self._case, self._pixels[some], self._depth_m[some], body.moved)
        error = np.abs(moved.flow_px - self._stored_px[some]).max(axis=1) - moved.slack_px
        error = np.where(np.isnan(error), 1e6, error)
        self.may_lack[some] |= ~storable(moved)
        better = error < self.error_px[some]
        chosen, best = np.flatnonzero(some)[better], self.prediction
        self.error_px[chosen] = error[better]
        best.flow_px[chosen] = moved.flow_px[better]
        best.slack_px[chosen] = moved.slack_px[better]
        best.depth_m[chosen] = moved.depth_m[better]
        best.depth_slack_m[chosen] = moved.depth_slack_m[better]


def _parts_at(case: FrameCase, instance_id: int, point_px: F64, depth_m: float) -> set[int]:
    """Return the parts of an actor that a pixel may show at a depth."""
    found = candidates(case.camera, case.parts(instance_id), point_px, depth_m)
    slack = float(depth_slack(np.array(depth_m)))
    near = (depth_m >= found.low_m - slack) & (depth_m <= found.high_m + slack)
    return set(found.part[near & (found.instance == instance_id)].tolist())
