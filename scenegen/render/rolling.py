"""The flow and the colours of a picture whose rows are read one after the other.

The truth of every pixel is exact (see `lens_pass`); colours are drawn in bands of rows, each
band at the moment of its middle row. A pixel then looks up where its surface point is at that
moment, so what is left are surfaces that come to light within half a band: `BAND_PX` wide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera, inverse
from scenegen.geometry.readout import applied
from scenegen.records.base import F64
from scenegen.render.gpu_scene import GpuScene
from scenegen.render.lens_color import faces_along, looked_up
from scenegen.render.lens_pass import Truth
from scenegen.render.row_motion import RowMotion

BAND_PX = 4.0
"""Nearly all surfaces move by no more than this while a band is read."""
MOST_BANDS = 24
_STRIDE = 8
_QUANTILE = 0.98


Draw = Callable[[Camera, F64, float, int], npt.NDArray[np.uint8]]


def landing(motion: RowMotion, pixels: F64, depth_m: F64, group: npt.NDArray[np.int64]) -> F64:
    """Return where the points of pixels (N, 2) of groups (N,) are in the next picture, px."""
    world = motion.now.unproject(pixels, depth_m)
    result = np.empty_like(pixels)
    still = group == 0
    result[still] = motion.then.project(world[still]).pixels
    bounds = np.flatnonzero(np.diff(np.sort(group), prepend=0))
    order = np.argsort(group, kind="stable")
    for first, last in pairwise([*bounds.tolist(), len(group)]):
        same = order[first:last]
        moments = motion.now.moments(pixels[same, 1])
        to_part = inverse(_part(motion, int(group[same[0]]), moments))
        result[same] = _landed(motion, int(group[same[0]]), applied(to_part, world[same]))
    return result


def _part(motion: RowMotion, group: int, moments: F64) -> F64:
    """Return a moving part's poses (N, 4, 4) at moments (N,)."""
    return motion.tracks.at(moments, np.full(len(moments), group - 1))


def _landed(motion: RowMotion, group: int, local: F64) -> F64:
    """Return where points (N, 3) of a moving part are in the next picture, px."""
    then = motion.then
    heights = then.half_rows
    poses = inverse(then.poses(heights)) @ _part(motion, group, then.moments(heights))

    def seen(v: F64) -> F64:
        return applied(then.between(poses, v), local)

    return then.images(seen, len(local)).pixels


def groups_of(scene: GpuScene, motion: RowMotion, truth: Truth) -> npt.NDArray[np.int64]:
    """Return the group of motion (H, W) of what pixels show; 0 for the sky."""
    groups = np.append(motion.group[scene.part], 0)
    return np.asarray(groups[truth.drawable.astype(np.intp)])


def rolling_colors(
    motion: RowMotion,
    truth: Truth,
    group: npt.NDArray[np.int64],
    moments_s: Sequence[float],
    draw: Draw,
    *,
    whole: bool = False,
) -> list[npt.NDArray[np.uint8]]:
    """Return pictures (H, W, 3), one for each of some moments around a row's own.

    Parameters
    ----------
    motion : RowMotion
    truth : Truth
    group : ndarray, shape (H, W), int64
        From `groups_of`.
    moments_s : sequence of float
        So much later is light taken than the truth is of.
    draw : callable
        From a pinhole, its pose (4, 4) in the world's, the moment after the picture's own and
        the number of the band, to its picture.
    whole : bool
        Whether colours depend on more of a picture than a band, as reflections and drops on the
        lens do; then there is one band.
    """
    camera = motion.now.camera
    points = _points(motion, truth, group)
    count = 1 if whole else _band_count(motion, points, group)
    pictures = [np.zeros((camera.height, camera.width, 3), dtype=np.uint8) for _ in moments_s]
    bounds = np.linspace(0, camera.height, count + 1).astype(int).tolist()
    for band, (top, bottom) in enumerate(pairwise(bounds)):
        row = (top + bottom) // 2
        rays = _seen_from(motion, row, points[top:bottom], group[top:bottom])
        delay = float(camera.row_delays(row + 0.5))
        for face in faces_along(camera, rays):
            for picture, moment in zip(pictures, moments_s, strict=True):
                later = delay + moment
                pose = motion.now.at(np.array([motion.now.time_s + later]))[0]
                drawn = draw(face.camera, pose @ face.camera_from_face, later, band)
                looked_up(picture[top:bottom], face, drawn)
    return pictures


def _points(motion: RowMotion, truth: Truth, group: npt.NDArray[np.int64]) -> F64:
    """Return what pixels show (H, W, 4), homogeneous, in the camera's frame at the middle."""
    camera = motion.now.camera
    rays = camera.pixel_rays()
    near = np.isfinite(truth.depth_m)
    inverse_depth = np.where(near, 1.0 / np.where(near, truth.depth_m, 1.0), 0.0)
    rows = np.broadcast_to(np.arange(camera.height)[:, None], group.shape)
    poses = motion.middle_from_row[group, rows]
    points = np.empty((*group.shape, 4))
    points[..., :3] = np.einsum("hwij,hwj->hwi", poses[..., :3, :3], rays)
    points[..., :3] += inverse_depth[..., None] * poses[..., :3, 3]
    points[..., 3] = inverse_depth
    return points


def _seen_from(motion: RowMotion, row: int, points: F64, group: npt.NDArray[np.int64]) -> F64:
    """Return the rays (h, W, 3) to homogeneous points (h, W, 4) at the moment of a row."""
    moved = inverse(motion.middle_from_row[:, row])
    turned = np.einsum("ij,hwj->hwi", moved[0, :3], points)
    other = group > 0
    if other.any():
        turned[other] = np.einsum("nij,nj->ni", moved[group[other], :3], points[other])
    return np.asarray(turned)


def _band_count(motion: RowMotion, points: F64, group: npt.NDArray[np.int64]) -> int:
    """Return how many bands keep motion within one below `BAND_PX` nearly everywhere."""
    camera = motion.now.camera
    some, groups = points[::_STRIDE, ::_STRIDE], group[::_STRIDE, ::_STRIDE]
    ends = [camera.project(_seen_from(motion, row, some, groups)) for row in (0, -1)]
    length = np.linalg.norm(ends[1] - ends[0], axis=-1)
    told = np.isfinite(length)
    chosen = [length[told], length[told & (groups > 0)]]
    longest = max((float(np.quantile(c, _QUANTILE)) for c in chosen if c.size), default=0.0)
    return int(np.clip(np.ceil(longest / BAND_PX), 1, MOST_BANDS))
