"""Where the files of a frame and the oracle disagree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from scenegen.dataset import FrameReader
from tests.oracle.annotator import Oracle

DEPTH_STEP_M = 1 / 256
DEPTH_END_M = 65535 / 256
OCCLUSION = 0.005
"""Shares that may differ by: 0.5 %."""


@dataclass(frozen=True)
class Comparison:
    """What one frame came to.

    Attributes
    ----------
    inner_px : int
        Pixels whose eight neighbours show the same by the oracle.
    ids, classes, depths : int
        Those of them that the files have otherwise; depths where the neighbours lie in one plane.
    edge_px : int
        Pixels on edges that differ, which is no fault.
    objects : int
    occlusion : float
        The greatest difference of an occlusion, but for those of one pixel.
    boxes_px : float
        The greatest difference of an amodal box's edge, px.
    faults : tuple of str
        One line for each thing that is wrong.
    """

    inner_px: int
    ids: int
    classes: int
    depths: int
    edge_px: int
    objects: int
    occlusion: float
    boxes_px: float
    faults: tuple[str, ...]


def compare(frame: FrameReader, oracle: Oracle) -> Comparison:
    """Hold a frame's pictures, occlusions and amodal boxes against the oracle's."""
    labels = frame.labels
    instance, semantic, depth = oracle.pictures(labels)
    inner = _inner(instance) & _inner(semantic)
    wrong_id = frame.instance != instance
    wrong_class = frame.semantic_truth != semantic
    wrong_depth = ~_close(frame.depth_m.astype(np.float64), depth) & _flat(depth)
    faults = [
        f"{name} differ at {int((wrong & inner).sum())} px, first {np.argwhere(wrong & inner)[0]}"
        for name, wrong in (("ids", wrong_id), ("classes", wrong_class), ("depths", wrong_depth))
        if (wrong & inner).any()
    ]
    worst, furthest = 0.0, 0.0
    for label in labels.objects:
        alone = oracle.amodal(labels, label.instance_id)
        seen = int((instance == label.instance_id).sum())
        inside = max(alone.inside_px, 1)
        off = abs(label.occlusion - (1 - seen / inside))
        box = float(np.abs(np.array(label.box2d_amodal) - np.array(alone.box)).max())
        worst, furthest = max(worst, off if off > 1.5 / inside else 0.0), max(furthest, box)
        if off > max(OCCLUSION, 1.5 / inside):
            hidden = 1 - seen / inside
            faults.append(f"{label.name} is hidden by {hidden:.4f}, not {label.occlusion:.4f}")
        if box > 1.0:
            faults.append(f"{label.name} has the amodal box {alone.box}, not {label.box2d_amodal}")
    counts = (int((w & inner).sum()) for w in (wrong_id, wrong_class, wrong_depth))
    edge = int(((wrong_id | wrong_class) & ~inner).sum())
    objects = len(labels.objects)
    return Comparison(int(inner.sum()), *counts, edge, objects, worst, furthest, tuple(faults))


def _inner(ids: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return which pixels (H, W) have eight neighbours with the same id."""
    low = ndimage.minimum_filter(ids, size=3, mode="nearest")
    return np.asarray(low == ndimage.maximum_filter(ids, size=3, mode="nearest"))


def _close(
    stored: npt.NDArray[np.float64], depth: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Return where depths (H, W) agree.

    To the file's step, what float32 makes of it (a 20,000th), and a 16th of what neighbours span.
    """
    shown, true = np.minimum(stored, DEPTH_END_M), np.minimum(depth, DEPTH_END_M)
    span = ndimage.maximum_filter(true, size=3) - ndimage.minimum_filter(true, size=3)
    return np.asarray(np.abs(shown - true) <= DEPTH_STEP_M + 5e-5 * true + span / 16)


def _flat(depth: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return which pixels (H, W) and their neighbours show one plane: leaves before leaves don't.

    The inverse depth of a plane is linear in px.
    """
    inverse = 1.0 / depth
    bent = np.zeros_like(inverse)
    for axis in (0, 1):
        bent += np.abs(ndimage.correlate1d(inverse, [1.0, -2.0, 1.0], axis=axis, mode="nearest"))
    return np.asarray(bent <= 1e-3 * inverse)
