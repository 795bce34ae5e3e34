"""The camera, and the only conversion between OpenCV and OpenGL axes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from scenegen.geometry.lens import Lens
from scenegen.geometry.transforms import Array, inverse

CAMERA_FROM_GL: Array = np.diag([1.0, -1.0, -1.0, 1.0])
"""Takes OpenGL eye coordinates (x right, y up, z backward) to OpenCV ones, and back."""

CAMERA_FROM_BODY_AXES: Array = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])
"""Rotation from ISO 8855 body axes to OpenCV axes for a camera that looks straight ahead."""


@dataclass(frozen=True)
class Camera:
    """A camera fixed to a body: a pinhole, or one with a lens.

    Attributes
    ----------
    width, height : int
        Picture size in px.
    fx, fy, cx, cy : float
        Focal lengths and principal point in px, corner-based: the middle of a
        640 px wide picture is ``cx = 320``.
    body_from_camera : ndarray, shape (4, 4)
        Mounting pose; camera axes are OpenCV's.
    near_m, far_m : float
        Depths between which surfaces are drawn.
    lens : BrownConrady, KannalaBrandt or None
        None for a pinhole. It says what depth is: along z, or distance for a fisheye.
    readout_s : float
        Time from the top of the picture to its bottom, as rows are read one after the other;
        0 where all are taken at once. See `MovingCamera`.
    """

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    body_from_camera: Array
    near_m: float = 0.3
    far_m: float = 400.0
    lens: Lens | None = None
    readout_s: float = 0.0

    @property
    def K(self) -> Array:  # noqa: N802
        """Intrinsic matrix (3, 3) in px, corner-based."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    def project(self, points_camera: npt.ArrayLike) -> Array:
        """Project points (..., 3) in the camera frame to px (..., 2).

        Points without an image come out as NaN: those at or behind the camera plane of a
        pinhole, or outside of a lens's field.
        """
        p = np.asarray(points_camera, dtype=np.float64)
        if self.lens is not None:
            return self.lens.image(p) * [self.fx, self.fy] + [self.cx, self.cy]
        z = np.where(p[..., 2] > 0, p[..., 2], np.nan)
        u = self.fx * p[..., 0] / z + self.cx
        v = self.fy * p[..., 1] / z + self.cy
        return np.stack([u, v], axis=-1)

    def unproject(self, pixels: npt.ArrayLike, depth_m: npt.ArrayLike) -> Array:
        """Return the camera-frame points (..., 3) m of px (..., 2) at depths (...,).

        NaN for px outside of a lens's field.
        """
        px = np.asarray(pixels, dtype=np.float64)
        z = np.asarray(depth_m, dtype=np.float64)
        if self.lens is not None:
            image = (px - [self.cx, self.cy]) / [self.fx, self.fy]
            return self.lens.rays(image) * z[..., None]
        x = (px[..., 0] - self.cx) / self.fx * z
        y = (px[..., 1] - self.cy) / self.fy * z
        return np.stack([x, y, z], axis=-1)

    def pixel_centres(self) -> Array:
        """Return the px coordinates (H, W, 2) of all pixel centres."""
        u, v = np.meshgrid(np.arange(self.width) + 0.5, np.arange(self.height) + 0.5)
        return np.stack([u, v], axis=-1)

    def row_delays(self, v_px: npt.ArrayLike) -> Array:
        """Return how much later, s, heights (...,) px are taken than the picture's middle.

        Above the middle of the first row and below that of the last, time stands still.
        """
        v = np.clip(np.asarray(v_px, dtype=np.float64), 0.5, self.height - 0.5)
        return np.asarray(self.readout_s * (v / self.height - 0.5))

    def depth_of(self, points_camera: npt.ArrayLike) -> Array:
        """Return the depths (...,) m of points (..., 3) in the camera frame."""
        p = np.asarray(points_camera, dtype=np.float64)
        return p[..., 2] if self.lens is None else self.lens.depth(p)

    def scale_px(self, pixels: npt.ArrayLike) -> float:
        """Return the most px that a step across a ray at depth 1 makes, at any of px (N, 2).

        The focal length of a pinhole. Px outside of a lens's field don't count.
        """
        if self.lens is None:
            return self.fx
        px = np.asarray(pixels, dtype=np.float64).reshape(-1, 2)
        one = np.ones(len(px))
        du, dv = (
            self.unproject(px + step, one) - self.unproject(px - step, one)
            for step in ((0.5, 0.0), (0.0, 0.5))
        )
        uu, vv = np.einsum("ni,ni->n", du, du), np.einsum("ni,ni->n", dv, dv)
        uv = np.einsum("ni,ni->n", du, dv)
        least = 0.5 * (uu + vv - np.hypot(uu - vv, 2 * uv))
        return float(np.fmax.reduce(1 / np.sqrt(least), initial=0.5 * self.fx))

    def pinhole(self, towards: npt.ArrayLike = (0.0, 0.0, 1.0)) -> tuple[Camera, Array]:
        """Return a pinhole at the same place, turned, and the rotation (3, 3) to its axes.

        Under a lens straight edges are curved; there they are straight, and px are as large
        as in this picture's middle. A pinhole is its own, turned no way.

        Parameters
        ----------
        towards : array_like, shape (3,)
            Camera-frame direction of its axis.
        """
        if self.lens is None:
            return self, np.eye(3)
        z = np.asarray(towards, dtype=np.float64)
        z = z / np.linalg.norm(z)
        x = np.cross((0.0, 1.0, 0.0) if abs(z[1]) < 0.9 else (0.0, 0.0, -1.0), z)
        x /= np.linalg.norm(x)
        return replace(self, lens=None), np.stack([x, np.cross(z, x), z])

    def pixel_rays(self) -> Array:
        """Return the points (H, W, 3) of depth 1 at all pixel centres; NaN outside of a field."""
        if self.lens is None:
            return self.unproject(self.pixel_centres(), np.ones((self.height, self.width)))
        size, focal = (self.width, self.height), (self.fx, self.fy)
        return _lens_rays(self.lens, size, focal, (self.cx, self.cy))

    def gl_projection(self) -> Array:
        """Return the OpenGL clip-from-eye matrix (4, 4) whose rows run bottom-up.

        Equals ``clip @ CAMERA_FROM_GL`` of this camera, with depth in [-1, 1].
        """
        n, f = self.near_m, self.far_m
        m = np.zeros((4, 4))
        m[0, 0] = 2 * self.fx / self.width
        m[0, 2] = 1 - 2 * self.cx / self.width
        m[1, 1] = 2 * self.fy / self.height
        m[1, 2] = 2 * self.cy / self.height - 1
        m[2, 2] = -(f + n) / (f - n)
        m[2, 3] = -2 * f * n / (f - n)
        m[3, 2] = -1.0
        return m

    def gl_view(self, world_from_camera: npt.ArrayLike) -> Array:
        """Return the OpenGL eye-from-world matrix (4, 4) of a camera pose."""
        return CAMERA_FROM_GL @ inverse(world_from_camera)


@lru_cache(maxsize=8)
def _lens_rays(
    lens: Lens, size: tuple[int, int], focal: tuple[float, float], middle: tuple[float, float]
) -> Array:
    """Return `Camera.pixel_rays` of a lens, whose inverse takes long, for many frames."""
    camera = Camera(*size, *focal, *middle, np.eye(4), lens=lens)
    rays = camera.unproject(camera.pixel_centres(), np.ones(size[::-1]))
    rays.setflags(write=False)
    return rays


def look_at(eye_m: npt.ArrayLike, target_m: npt.ArrayLike) -> Array:
    """Return ``world_from_camera`` (4, 4) of a camera at one point that looks at another.

    Raises
    ------
    ValueError
        The direction is vertical or of no length, so "up" has no meaning.
    """
    eye = np.asarray(eye_m, dtype=np.float64)
    forward = np.asarray(target_m, dtype=np.float64) - eye
    right = np.cross(forward, (0.0, 0.0, 1.0))
    if np.linalg.norm(right) < 1e-9 * max(1.0, float(np.linalg.norm(forward))):
        raise ValueError("look_at needs a direction that is not vertical")
    forward = forward / np.linalg.norm(forward)
    right = right / np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, 0], matrix[:3, 1], matrix[:3, 2] = right, np.cross(forward, right), forward
    matrix[:3, 3] = eye
    return matrix
