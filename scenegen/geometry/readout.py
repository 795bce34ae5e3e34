"""A camera on its way, which may read its rows one after the other (rolling shutter).

Row by row from the top, the picture is taken over `Camera.readout_s` around the moment of
its middle. So every row sees the world at its own time and from its own pose, and where a
point comes to lie depends on the row that it comes to lie in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenegen.geometry.camera import Camera
from scenegen.geometry.interpolation import poses_at
from scenegen.geometry.transforms import Array, apply, inverse

PointsAt = Callable[[Array], Array]
_ENOUGH_PX = 1e-6
_MOST_STEPS = 24
_STEEPEST = 0.9


@dataclass(frozen=True)
class Images:
    """Where a moving camera sees points.

    Attributes
    ----------
    pixels : ndarray, shape (N, 2)
        Px; NaN for points that have no image.
    points : ndarray, shape (N, 3)
        In the camera's frame at the moment at which each is seen.
    """

    pixels: Array
    points: Array


@dataclass(frozen=True)
class MovingCamera:
    """A camera around the moment of a picture.

    Attributes
    ----------
    camera : Camera
    time_s : float
        Of the picture's middle.
    knots_s : ndarray, shape (K,)
        Rising; at least two.
    knots : ndarray, shape (K, 4, 4)
        ``world_from_camera`` at `knots_s`. Between them the camera goes straight and turns
        evenly; beyond the ends the last motion goes on.
    """

    camera: Camera
    time_s: float
    knots_s: Array
    knots: Array

    def moments(self, v_px: npt.ArrayLike) -> Array:
        """Return when heights (...,) px of the picture are taken, s."""
        return self.time_s + self.camera.row_delays(v_px)

    def at(self, moments: Array) -> Array:
        """Return ``world_from_camera`` (N, 4, 4) at moments (N,) s."""
        return poses_at(self.knots_s, self.knots, moments)

    def poses(self, v_px: npt.ArrayLike) -> Array:
        """Return ``world_from_camera`` (N, 4, 4) at heights (N,) px of the picture."""
        return self.at(self.moments(v_px))

    @cached_property
    def row_poses(self) -> Array:
        """Poses (H, 4, 4), ``world_from_camera``, at which the rows are taken."""
        return self.poses(np.arange(self.camera.height) + 0.5)

    def unproject(self, pixels: npt.ArrayLike, depth_m: npt.ArrayLike) -> Array:
        """Return the world points (N, 3) m that px (N, 2) show at depths (N,).

        They are where they were when their row was taken.
        """
        px = np.asarray(pixels, dtype=np.float64)
        return applied(self.between(self._poses, px[:, 1]), self.camera.unproject(px, depth_m))

    @cached_property
    def half_rows(self) -> Array:
        """Heights (2H,) px of every half row, from the middle of the first; the last one twice."""
        last = 2 * self.camera.height - 2
        return 0.5 + 0.5 * np.minimum(np.arange(last + 2), last)

    @cached_property
    def _poses(self) -> Array:
        return self.poses(self.half_rows)

    @cached_property
    def _camera_from_world(self) -> Array:
        return inverse(self._poses)

    def between(self, poses: Array, v_px: Array) -> Array:
        """Return poses (N, 4, 4) at heights (N,) px, from those (2H, 4, 4) at `half_rows`.

        They are mixed, which for so small a motion is as good as turning: a camera that turns by
        2 rad/s is off by less than 1e-9 of a point's distance, and at the middles of rows by
        nothing.

        Parameters
        ----------
        poses : ndarray, shape (2H, 4, 4)
        v_px : ndarray, shape (N,)
        """
        place = np.clip(2.0 * v_px - 1.0, 0.0, 2.0 * self.camera.height - 2.0)
        first = place.astype(np.int64)
        before, after = poses[first], poses[first + 1]
        return np.asarray(before + (place - first)[:, None, None] * (after - before))

    def project(self, world_points: npt.ArrayLike | PointsAt) -> Images:
        """Return where points lie in the picture.

        A point is seen at the height v that solves v = image(point at t(v), camera at t(v)).
        It is found by stepping there, each step corrected by how the last ones shrank, from the
        picture's middle and, where that finds none, from its top and bottom. Points that move
        down as fast as rows are read may have several images, of which one is returned.

        Parameters
        ----------
        world_points : array_like, shape (N, 3), or callable
            Points that stand still; or the points (N, 3) at moments (N,) or (1,), s.
        """
        if callable(world_points):
            points_at = world_points
        else:
            still = np.asarray(world_points, dtype=np.float64)

            def points_at(_: Array) -> Array:
                return still

        middle = points_at(np.array([self.time_s]))
        if self.camera.readout_s == 0.0:
            local = apply(inverse(self.at(np.array([self.time_s]))[0]), middle)
            return Images(self.camera.project(local), local)

        def seen(v: Array) -> Array:
            return applied(self.between(self._camera_from_world, v), points_at(self.moments(v)))

        return self.images(seen, len(middle))

    def images(self, seen: PointsAt, count: int) -> Images:
        """Return where points lie in the picture, given where heights of it see them.

        Parameters
        ----------
        seen : callable
            From heights (N,) px to the points (N, 3) in the camera's frame at their moments.
        count : int
        """
        height = float(self.camera.height)
        found = self._stepped(seen, np.full(count, 0.5 * height))
        for start in (0.0, height):
            lacking = np.isnan(found.pixels[:, 0])
            if lacking.any():
                other = self._stepped(seen, np.full(count, start))
                found = Images(
                    np.where(lacking[:, None], other.pixels, found.pixels),
                    np.where(lacking[:, None], other.points, found.points),
                )
        return found

    def _stepped(self, seen: PointsAt, v: Array) -> Images:
        """Return the images of points, sought from heights (N,)."""
        slope, before = np.zeros(len(v)), (v, v)
        for step in range(_MOST_STEPS):
            points = seen(v)
            pixels = self.camera.project(points)
            reached = pixels[:, 1]
            with np.errstate(invalid="ignore"):
                off = np.abs(reached - v)
                done = ~(off > _ENOUGH_PX)
                if done.all():
                    break
                if step:
                    moved = v - before[0]
                    told = np.abs(moved) > _ENOUGH_PX
                    change = np.where(told, (reached - before[1]) / np.where(told, moved, 1.0), 0)
                    slope = np.clip(np.nan_to_num(change), -_STEEPEST, _STEEPEST)
                before = (v, reached)
                v = np.where(done, v, v + (reached - v) / (1.0 - slope))
        settled = np.where((off <= _ENOUGH_PX)[:, None], pixels, np.nan)
        return Images(settled, points)


def applied(transforms: Array, points: Array) -> Array:
    """Take points (N, 3) through a transform (N, 4, 4) each."""
    turned = np.einsum("nij,nj->ni", transforms[:, :3, :3], points)
    return np.asarray(turned + transforms[:, :3, 3])
