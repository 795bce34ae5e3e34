"""Lane lines as curves in the picture, ordered from the ego lane outward."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.exports.lane_chains import Chain, counted, joined
from scenegen.geometry import MovingCamera, inverse
from scenegen.records import FrameLabels
from scenegen.records.base import F64

Mask = npt.NDArray[np.bool_]

STEP_M = 0.5
"""Lines are straight in the picture between points so close."""
SIDE = 2
"""Lines on each side: those of the ego lane and of the lanes beside it."""


@dataclass(frozen=True)
class ImageLane:
    """A lane line in the picture, from its nearest visible point to the farthest.

    In between it goes on where something hides it and where it has no paint.

    Attributes
    ----------
    order : int
        1 the next on the camera's left, 2 the one beyond, -1 the next on its right, …
    points : ndarray, shape (K, 2)
        px from the picture's corner, away from the camera. Those at both ends may lie outside.
    seen : ndarray, shape (K,), bool
        Whether the line is in sight there, gaps between dashes included.
    """

    order: int
    type: str
    color: str
    points: F64
    seen: Mask

    def at_rows(self, rows: npt.NDArray[np.int64], width: int) -> tuple[F64, Mask]:
        """Return where the line passes the middles of rows of pixels.

        Parameters
        ----------
        rows : ndarray, shape (R,)
        width : int
            Of the picture, px.

        Returns
        -------
        x : ndarray, shape (R,)
            px from the corner, at ``rows + 0.5``; the nearest to the camera if there are several,
            NaN if there is none in the picture.
        seen : ndarray, shape (R,), bool
        """
        start, end = self.points[:-1], self.points[1:]
        height = rows[:, None] + 0.5
        fall = end[:, 1] - start[:, 1]
        share = (height - start[:, 1]) / np.where(fall == 0, np.inf, fall)
        x = start[:, 0] + share * (end[:, 0] - start[:, 0])
        there = (fall != 0) & (share >= 0) & (share <= 1) & (x >= 0) & (x < width)
        first = there.argmax(axis=1)
        row = np.arange(len(rows))
        found = there[row, first]
        nearer = first + (share[row, first] > 0.5)
        return np.where(found, x[row, first], np.nan), found & self.seen[nearer]


def image_lanes(labels: FrameLabels) -> list[ImageLane]:
    """Return the lines of a frame's ego lane and of the lanes beside it, from left to right.

    Up to `SIDE` on each side of the camera, of which some part shows; a camera that looks
    aside has none.
    """
    level = _level_frame(labels)
    ground_m = float((inverse(level) @ np.array(labels.ego.world_from_body)[:, 3])[2])
    chains = counted(joined(labels.lanes, inverse(level)), ground_m)
    moving = labels.moving_camera()
    lanes = []
    for order in sorted(chains, reverse=True):
        if abs(order) <= SIDE:
            lane = _image(order, chains[order], level, moving)
            if lane is not None:
                lanes.append(lane)
    return lanes


def _level_frame(labels: FrameLabels) -> F64:
    """Return the pose (4, 4) of the camera with x level and ahead, y to the left and z up."""
    pose = np.array(labels.camera.world_from_camera)
    ahead = np.arctan2(pose[1, 2], pose[0, 2])
    cos, sin = np.cos(ahead), np.sin(ahead)
    level = np.eye(4)
    level[:2, :2] = [[cos, -sin], [sin, cos]]
    level[:3, 3] = pose[:3, 3]
    return level


def _image(order: int, chain: Chain, level: F64, moving: MovingCamera) -> ImageLane | None:
    points, before, share = _dense(chain.points)
    images = moving.project(points @ level[:3, :3].T + level[:3, 3])
    pixels = images.pixels
    size = (moving.camera.width, moving.camera.height)
    with np.errstate(invalid="ignore"):
        inside = np.asarray(((pixels >= 0) & (pixels < size)).all(axis=1))
    # What lies between a point that shows and one outside of the picture shows as far as it is
    # inside; elsewhere the nearer of the two says.
    ends = np.stack([before, np.minimum(before + 1, len(chain.points) - 1)])
    shown = chain.shown[ends]
    outside = ~inside[np.flatnonzero(share == 0)[ends]]
    nearer = np.where(share > 0.5, shown[1], shown[0])
    paint = np.append(chain.painted, True)[before]
    shows = inside & paint & np.where(outside.any(axis=0), shown.any(axis=0), nearer)
    if not shows.any():
        return None
    first, last = np.flatnonzero(shows)[[0, -1]]
    finite = np.asarray(np.isfinite(pixels).all(axis=1))
    if first > 0 and finite[first - 1] and not inside[first - 1]:
        first -= 1
    if last + 1 < len(pixels) and finite[last + 1] and not inside[last + 1]:
        last += 1
    part = slice(first, last + 1)
    kept = finite[part]
    seen = shows[part][kept]
    # Ends that lie outside stand for the border, so they are as what follows is.
    seen[0], seen[-1] = seen[:2].any(), seen[-2:].any()
    return ImageLane(order, chain.type, chain.color, pixels[part][kept], seen)


def _dense(points: F64) -> tuple[F64, npt.NDArray[np.int64], F64]:
    """Return points (N, 3) at most `STEP_M` apart on a polyline (K, 3).

    With them, which of its points comes before each, and the share of the way to the next.
    """
    lengths = np.linalg.norm(np.diff(points, axis=0), axis=1)
    counts = np.maximum(np.ceil(lengths / STEP_M).astype(np.int64), 1)
    before = np.repeat(np.arange(len(counts)), counts)
    share = (np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[
        before
    ]
    inner = points[before] + share[:, None] * (points[before + 1] - points[before])
    return (
        np.vstack([inner, points[-1:]]),
        np.append(before, len(points) - 1),
        np.append(share, 0.0),
    )
