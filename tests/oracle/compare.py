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
EDGE_PX = 1 / 128
"""Nearer to an edge a pixel may show either side: rasterisers round corners to 1/256 px."""
AROUND = EDGE_PX * np.array([[x, y] for y in (-1, 0, 1) for x in (-1, 0, 1)])


@dataclass(frozen=True)
class Comparison:
    """What one frame came to.

    Attributes
    ----------
    pixels : int
    edge_px : int
        Pixels that differ but lie on an edge: within `EDGE_PX` the oracle sees what they show.
    wrong_px : int
        Those that differ and don't.
    objects : int
    occlusion : float
        The greatest difference of an occlusion, but for those of one pixel.
    boxes_px : float
        The greatest difference of an amodal box's edge, px.
    faults : tuple of str
        One line for each thing that is wrong.
    """

    pixels: int
    edge_px: int
    wrong_px: int
    objects: int
    occlusion: float
    boxes_px: float
    faults: tuple[str, ...]


def compare(frame: FrameReader, oracle: Oracle) -> Comparison:
    """Hold a frame's pictures, occlusions and amodal boxes against the oracle's."""
    labels = frame.labels
    instance, semantic, depth = oracle.pictures(labels)
    stored = frame.depth_m.astype(np.float64)
    span = ndimage.maximum_filter(_held(depth), 3) - ndimage.minimum_filter(_held(depth), 3)
    differs = (frame.instance != instance) | (frame.semantic_truth != semantic)
    differs |= np.abs(_held(stored) - _held(depth)) > _slack(depth) + span / 16
    places = np.argwhere(differs)
    wrong = [place for place in places.tolist() if not _on_edge(frame, oracle, stored, place)]
    faults = []
    if wrong:
        row, column = wrong[0]
        faults.append(
            f"{len(wrong)} px differ, first ({column}, {row}): class "
            f"{frame.semantic_truth[row, column]} of {frame.instance[row, column]} at "
            f"{stored[row, column]:.3f} m, by rays {semantic[row, column]} of "
            f"{instance[row, column]} at {depth[row, column]:.3f} m"
        )
    worst, furthest = 0.0, 0.0
    for label in labels.objects:
        alone = oracle.amodal(labels, label.instance_id)
        seen = int((instance == label.instance_id).sum())
        inside = max(alone.inside_px, 1)
        hidden = 1 - seen / inside
        off = abs(label.occlusion - hidden)
        box = float(np.abs(np.array(label.box2d_amodal) - np.array(alone.box)).max())
        worst, furthest = max(worst, off if off > 1.5 / inside else 0.0), max(furthest, box)
        if off > max(OCCLUSION, 1.5 / inside):
            faults.append(f"{label.name} is hidden by {hidden:.4f}, not {label.occlusion:.4f}")
        if box > 1.0:
            faults.append(f"{label.name} has the amodal box {alone.box}, not {label.box2d_amodal}")
    edge = len(places) - len(wrong)
    objects = len(labels.objects)
    return Comparison(depth.size, edge, len(wrong), objects, worst, furthest, tuple(faults))


def _on_edge(
    frame: FrameReader, oracle: Oracle, stored: npt.NDArray[np.float64], place: list[int]
) -> bool:
    """Tell whether the oracle sees what a pixel (row, column) shows, hardly beside its centre."""
    row, column = place
    points = np.array([column + 0.5, row + 0.5]) + AROUND
    instance, semantic, depth = oracle.at(frame.labels, points)
    same = (instance == frame.instance[row, column]) & (
        semantic == frame.semantic_truth[row, column]
    )
    if not same.any():
        return False
    low, high = _held(depth[same]).min(), _held(depth[same]).max()
    # What is seen almost edge-on changes by as much as a hundredth within so little.
    shown, slack = _held(stored[row, column]), _slack(high) + 0.01 * _held(high)
    return bool(low - slack <= shown <= high + slack)


def _held(depth: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return depths as far as files hold them."""
    return np.minimum(np.asarray(depth, dtype=np.float64), DEPTH_END_M)


def _slack(depth: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return by how much depths may differ: the file's step, and what float32 makes of them."""
    return DEPTH_STEP_M + 5e-5 * _held(depth)
