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
from scenegen.geometry.paths import Path
from scenegen.geometry.transforms import Array, apply, inverse

Index = npt.NDArray[np.int64]
PointsAt = Callable[[Array], Array]
SeenAt = Callable[[Index, Array], Array]
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
        local = self.camera.unproject(px, depth_m)
        return self.path.to_world(local, self.moments(px[:, 1]))

    @cached_property
    def path(self) -> Path:
        """The camera's way."""
        return Path(self.knots_s, self.knots)

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
            middle = world_points(np.array([self.time_s]))
            everywhen = np.full(len(middle), self.time_s)

            def points_at(chosen: Index, moments: Array) -> Array:
                everywhen[chosen] = moments
                return world_points(everywhen)[chosen]
        else:
            middle = np.asarray(world_points, dtype=np.float64)

            def points_at(chosen: Index, moments: Array) -> Array:
                del moments
                return middle[chosen]

        if self.camera.readout_s == 0.0:
            local = apply(inverse(self.at(np.array([self.time_s]))[0]), middle)
            return Images(self.camera.project(local), local)

        def seen(chosen: Index, v: Array) -> Array:
            moments = self.moments(v)
            return self.path.to_body(points_at(chosen, moments), moments)

        return self.images(seen, np.full(len(middle), 0.5 * self.camera.height))

    def images(self, seen: SeenAt, start: Array) -> Images:
        """Return where points lie in the picture, given where heights of it see them.

        Parameters
        ----------
        seen : callable
            From the numbers (M,) of some points and heights (M,) px to these points (M, 3) in
            the camera's frame at the heights' moments.
        start : ndarray, shape (N,)
            Heights that all points are first sought from.
        """
        found = Images(np.full((len(start), 2), np.nan), np.full((len(start), 3), np.nan))
        lacking = np.arange(len(start))
        height = float(self.camera.height)
        for v in (start, np.zeros(len(start)), np.full(len(start), height)):
            self._step(seen, lacking, v[lacking], found)
            lacking = np.flatnonzero(np.isnan(found.pixels[:, 0]))
            if not lacking.size:
                break
        return found

    def _step(self, seen: SeenAt, chosen: Index, v: Array, found: Images) -> None:
        """Seek the images of some points (M,) from heights (M,); writes those it finds."""
        slope, moved, reached_before = np.zeros(len(v)), np.zeros(len(v)), v
        for _ in range(_MOST_STEPS):
            points = seen(chosen, v)
            pixels = self.camera.project(points)
            reached = pixels[:, 1]
            off = np.abs(reached - v)
            found.points[chosen] = points
            found.pixels[chosen[off <= _ENOUGH_PX]] = pixels[off <= _ENOUGH_PX]
            go = off > _ENOUGH_PX  # not where there is no image, which is NaN
            if not go.any():
                return
            told = go & (np.abs(moved) > _ENOUGH_PX)
            slope[told] = (reached[told] - reached_before[told]) / moved[told]
            slope = np.clip(slope, -_STEEPEST, _STEEPEST)
            chosen, slope, reached_before = chosen[go], slope[go], reached[go]
            moved = (reached_before - v[go]) / (1.0 - slope)
            v = v[go] + moved
