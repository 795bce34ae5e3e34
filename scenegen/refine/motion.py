"""Where the points of a frame were in the one before, by the exact forward flow of a data set."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import U8

F32 = npt.NDArray[np.float32]
I32 = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
_REACH_PX = 0.75
"""How far from a pixel's middle what arrives still tells its source: what grows by up to half as
much again from frame to frame leaves no holes, and what is uncovered isn't filled."""


@dataclass(frozen=True)
class Truth:
    """What a frame's files say about motion.

    Attributes
    ----------
    flow_px : (H, W, 2) float32
        Right and down, to the next frame.
    valid : (H, W) bool
    depth_m : (H, W) float32
    surface : (H, W) int32
        Number of the thing or class that a pixel shows, see `surfaces`.
    """

    flow_px: F32
    valid: Mask
    depth_m: F32
    surface: I32


def surfaces(semantic: U8, instance: npt.NDArray[np.uint16]) -> I32:
    """Return one number (H, W) for each pair of class and instance."""
    return instance.astype(np.int32) << 8 | semantic


@dataclass(frozen=True)
class Backward:
    """From pixels of a frame to places in the frame before.

    Attributes
    ----------
    source_px : (H, W, 2) float32
        x and y, counted from the middle of the first pixel as OpenCV does.
    known : (H, W) bool
        Where the same surface point was in sight.
    """

    source_px: F32
    known: Mask

    def carried(self, picture: U8) -> U8:
        """Return the picture before as this frame has it; meaningless where not `known`."""
        x, y = self.source_px[..., 0], self.source_px[..., 1]
        moved = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(moved, np.uint8)


def backward(before: Truth, surface: I32) -> Backward:
    """Turn forward flow around.

    Each pixel goes to the pixels around where it arrives, if they show its surface; the nearest to
    the camera stays. A pixel's source is that of the one it kept, less what this missed the middle
    by. Pixels that nothing arrives at were hidden or out of the picture.

    Parameters
    ----------
    before : Truth
        Of the frame before.
    surface : (H, W) int32
        Of this frame.
    """
    height, width = surface.shape
    rows, columns = np.nonzero(before.valid)
    order = np.argsort(-before.depth_m[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    at = np.stack([columns, rows], axis=1).astype(np.float32)
    there = at + before.flow_px[rows, columns]
    own = before.surface[rows, columns]
    source = np.zeros((height, width, 2), np.float32)
    depth = np.full((height, width), np.inf, np.float32)
    known = np.zeros((height, width), np.bool_)
    corner = np.floor(there).astype(np.int64)
    for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
        x, y = corner[:, 0] + dx, corner[:, 1] + dy
        missed = np.stack([x, y], axis=1) - there
        near = (np.abs(missed) < _REACH_PX).all(axis=1)
        keep = np.flatnonzero(near & (x >= 0) & (x < width) & (y >= 0) & (y < height))
        keep = keep[surface[y[keep], x[keep]] == own[keep]]
        x, y, z = x[keep], y[keep], before.depth_m[rows[keep], columns[keep]]
        nearer = (z < depth[y, x]) | ~known[y, x]  # the sky's depth is infinite
        keep, x, y, z = keep[nearer], x[nearer], y[nearer], z[nearer]
        # Where pixels share a target the last assignment stays: the nearest.
        depth[y, x], known[y, x], source[y, x] = z, True, at[keep] + missed[keep]
    return Backward(source, known)


def change(before: U8, after: U8, moved: Backward) -> float:
    """Return how much a video flickers: what is left when motion is taken out.

    The root of the mean square over known pixels and channels, in 8-bit levels; its square is the
    warping error of Lai et al. 2018 but for the scale. NaN if no pixel is known.
    """
    if not moved.known.any():
        return float("nan")
    left = after[moved.known].astype(np.float64) - moved.carried(before)[moved.known]
    return float(np.sqrt(np.mean(left**2)))
