"""Where the files of a frame and the oracle disagree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from scenegen.dataset import FrameReader
from tests.oracle.annotator import Oracle, Seen

DEPTH_STEP_M = 1 / 256
DEPTH_END_M = 65535 / 256
OCCLUSION = 0.005
"""Shares that may differ by: 0.5 %."""
EDGE_PX = 1 / 128
"""Nearer to an edge a pixel may show either side: rasterisers round corners to 1/256 px."""
FAR = 1e-4
"""Share of the farthest depth within which a surface may be there or not."""
LAYERS = 6
"""As many as lie on each other on a sign, 3 mm apart."""
_STEPS = np.linspace(-EDGE_PX, EDGE_PX, 9)
_SQUARE = np.array([[x, y] for y in _STEPS for x in _STEPS])
AROUND = np.concatenate([_SQUARE, _SQUARE / 2])
ORDER = 2.0**-22
"""Shares of the range of depths, in those of a depth buffer, that decide what lies before what."""


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
        The greatest difference of an occlusion beyond what pixels on edges make of it.
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
    wrong = places[~_on_edges(frame, oracle, depth, places)]
    faults = []
    if len(wrong):
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
        # What has few pixels may be hidden by an edge of another that runs along their middles.
        either = (instance == label.instance_id) != (frame.instance == label.instance_id)
        beyond = max(0.0, off - (1.5 + float(either.sum())) / inside)
        worst, furthest = max(worst, beyond), max(furthest, box)
        if beyond and off > OCCLUSION:
            faults.append(f"{label.name} is hidden by {hidden:.4f}, not {label.occlusion:.4f}")
        if box > 1.0:
            faults.append(f"{label.name} has the amodal box {alone.box}, not {label.box2d_amodal}")
    edge = len(places) - len(wrong)
    objects = len(labels.objects)
    return Comparison(depth.size, edge, len(wrong), objects, worst, furthest, tuple(faults))


def _on_edges(
    frame: FrameReader,
    oracle: Oracle,
    depth: npt.NDArray[np.float64],
    places: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """Tell for px (N, 2), row and column, whether the oracle sees what they show hardly beside.

    Also where two surfaces lie closer to each other than a depth buffer tells, where one lies at
    its far end, and where corners that were rounded left a crack between two triangles through
    which more of the same class is seen.

    Parameters
    ----------
    depth : ndarray, shape (H, W)
        The oracle's.
    """
    if not len(places):
        return np.zeros(0, dtype=np.bool_)
    camera, at = frame.labels.camera.camera(), tuple(places.T)
    middles, shown = places[:, ::-1] + 0.5, _held(frame.depth_m[at])
    probes = (middles[:, None] + AROUND).reshape(-1, 2)
    seen = oracle.at(frame.labels, probes, far_m=camera.far_m * (1 + FAR))
    near = _held(seen.depth_m).reshape(len(places), -1)
    same = _same(frame, at, seen)
    low = np.where(same, near, np.inf).min(axis=1)
    high = np.where(same, near, -np.inf).max(axis=1)
    # A triangle seen edge-on has depths between those beside it, though no ray meets it.
    around = np.stack([_shifted(_held(depth), x, y)[at] for y in (-1, 0, 1) for x in (-1, 0, 1)])
    sharp = np.ptp(around, axis=0) > 0.005 * around.min(axis=0)
    low = np.where(sharp, np.minimum(low, around.min(axis=0)), low)
    high = np.where(sharp, np.maximum(high, around.max(axis=0)), high)
    # What is seen almost edge-on changes by as much as a hundredth within so little.
    slack = _slack(high) + 0.01 * _held(high)
    edge = same.any(axis=1) & (low - slack <= shown) & (shown <= high + slack)
    triangles = seen.triangle.reshape(len(places), -1)
    crack = same.any(axis=1) & (np.ptp(triangles, axis=1) > 0) & (shown > high)
    first = np.minimum(seen.depth_m, camera.far_m)
    order = ORDER * first**2 / camera.near_m
    tied, reached = np.zeros(len(places), dtype=np.bool_), first
    for _ in range(LAYERS):
        behind = oracle.at(frame.labels, probes, reached + 1e-4, first + 1e-4 + order)
        tied |= _same(frame, at, behind).any(axis=1)
        reached = np.minimum(behind.depth_m, camera.far_m)
    end = np.abs(depth[at] - camera.far_m) <= FAR * camera.far_m
    return np.asarray(edge | crack | tied | end)


def _same(
    frame: FrameReader, at: tuple[npt.NDArray[np.int64], ...], seen: Seen
) -> npt.NDArray[np.bool_]:
    """Tell which of the points (N, K) seen around px (N,) are of the ids that these show."""
    count = len(at[0])
    return np.asarray(
        (seen.instance.reshape(count, -1) == frame.instance[at][:, None])
        & (seen.semantic.reshape(count, -1) == frame.semantic_truth[at][:, None])
    )


def _shifted(picture: npt.NDArray[np.float64], right: int, down: int) -> npt.NDArray[np.float64]:
    """Return a picture moved by whole px; its border is repeated."""
    padded = np.pad(picture, 1, mode="edge")
    height, width = picture.shape
    return padded[1 - down : 1 - down + height, 1 - right : 1 - right + width]


def _held(depth: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return depths as far as files hold them."""
    return np.minimum(np.asarray(depth, dtype=np.float64), DEPTH_END_M)


def _slack(depth: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return by how much depths may differ: the file's step, and what float32 makes of them."""
    return DEPTH_STEP_M + 5e-5 * _held(depth)
