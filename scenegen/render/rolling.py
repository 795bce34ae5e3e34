"""The flow of a picture whose rows are read one after the other."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from scenegen.geometry.paths import Path
from scenegen.records.base import F64
from scenegen.render.gpu_scene import GpuScene
from scenegen.render.lens_pass import Truth
from scenegen.render.row_motion import RowMotion


def landing(motion: RowMotion, pixels: F64, points: F64, group: npt.NDArray[np.int64]) -> F64:
    """Return where the points of pixels (N, 2) are in the next picture, px.

    Parameters
    ----------
    motion : RowMotion
    pixels : ndarray, shape (N, 2)
    points : ndarray, shape (N, 3)
        What they show, in the camera's frame at the moment of their row.
    group : ndarray, shape (N,), int64
        How these points move.
    """
    now, then = motion.now, motion.then
    world = now.path.to_world(points, now.moments(pixels[:, 1]))
    result = np.empty_like(pixels)
    order = np.argsort(group, kind="stable")
    bounds = np.flatnonzero(np.diff(group[order], prepend=-1, append=-1))
    for first, last in pairwise(bounds.tolist()):
        same = order[first:last]
        points, path = world[same], None
        if group[same[0]] > 0:
            path = motion.path(int(group[same[0]]))
            points = path.to_body(points, now.moments(pixels[same, 1]))

        def seen(
            chosen: npt.NDArray[np.int64], v: F64, points: F64 = points, path: Path | None = path
        ) -> F64:
            moments = then.moments(v)
            there = points[chosen]
            if path is not None:
                there = path.to_world(there, moments)
            return then.path.to_body(there, moments)

        result[same] = then.images(seen, pixels[same, 1]).pixels
    return result


def groups_of(scene: GpuScene, motion: RowMotion, truth: Truth) -> npt.NDArray[np.int64]:
    """Return the group of motion (H, W) of what pixels show; 0 for the sky."""
    groups = np.append(motion.group[scene.part], 0)
    return np.asarray(groups[truth.drawable.astype(np.intp)])
