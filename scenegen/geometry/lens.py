"""Lenses: where directions come to lie in a picture, in OpenCV's conventions.

A lens maps a point of the camera frame to *image* coordinates (mx, my), from which pixels
follow as ``u = fx * mx + cx`` and ``v = fy * my + cy``. Both models hold within a field around
the axis only: beyond it nothing has an image, and results are NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scenegen.geometry.transforms import Array

_WIDEST_BROWN_RAD = np.deg2rad(80.0)
_SHARE_OF_FOLD = 0.98
"""The field ends a little before the radius at which the picture would fold back."""
_WIDEST_KANNALA_RAD = np.deg2rad(120.0)
_NODES = 2048


@dataclass(frozen=True)
class BrownConrady:
    """Radial and tangential distortion of a pinhole (Brown 1966), OpenCV's default model.

    With x = X/Z, y = Y/Z and s = x² + y²: mx = x (1 + k1 s + k2 s² + k3 s³) + 2 p1 x y +
    p2 (s + 2 x²), and my likewise with p1 (s + 2 y²) + 2 p2 x y. Depth is Z.
    """

    k1: float = 0.0
    k2: float = 0.0
    p1: float = 0.0
    p2: float = 0.0
    k3: float = 0.0

    @property
    def field_rad(self) -> float:
        """Greatest angle from the axis that has an image."""
        return _brown_field(self)

    def depth(self, points: Array) -> Array:
        """Return the depth (...,) m of points (..., 3): along z."""
        return np.asarray(points[..., 2])

    def image(self, points: Array) -> Array:
        """Return the image coordinates (..., 2) of points (..., 3); NaN outside of the field."""
        z = points[..., 2]
        ahead = z > 0
        xy = points[..., :2] / np.where(ahead, z, np.nan)[..., None]
        within = np.einsum("...i,...i->...", xy, xy) <= np.tan(self.field_rad) ** 2
        return np.where(within[..., None], self._distorted(xy), np.nan)

    def rays(self, image: Array) -> Array:
        """Return the points (..., 3) of depth 1 that have these images (..., 2); NaN for none."""
        length = np.linalg.norm(image, axis=-1)
        radius, most = _inverted(self, length)
        xy = (
            image * np.divide(radius, length, out=np.ones_like(length), where=length > 0)[..., None]
        )
        if self.p1 or self.p2:
            for _ in range(5):
                xy = xy - _solved(self._slopes(xy), self._distorted(xy) - image)
            with np.errstate(invalid="ignore"):
                exact = np.abs(self._distorted(xy) - image).max(axis=-1) < 1e-10
        else:
            exact = length <= most
        with np.errstate(invalid="ignore"):
            exact &= np.linalg.norm(xy, axis=-1) <= np.tan(self.field_rad)
        rays = np.concatenate([xy, np.ones_like(xy[..., :1])], axis=-1)
        return np.where(exact[..., None], rays, np.nan)

    def radial(self, angle_rad: Array) -> tuple[Array, Array]:
        """Return the radius (N,) of the image at angles from the axis, and its slope by tan."""
        r = np.tan(angle_rad)
        s = r * r
        slope = 1 + s * (3 * self.k1 + s * (5 * self.k2 + s * 7 * self.k3))
        return r * (1 + s * (self.k1 + s * (self.k2 + s * self.k3))), slope

    def _distorted(self, xy: Array) -> Array:
        x, y = xy[..., 0], xy[..., 1]
        s = x * x + y * y
        radial = 1 + s * (self.k1 + s * (self.k2 + s * self.k3))
        across = 2 * x * y
        mx = x * radial + self.p1 * across + self.p2 * (s + 2 * x * x)
        my = y * radial + self.p1 * (s + 2 * y * y) + self.p2 * across
        return np.stack([mx, my], axis=-1)

    def _slopes(self, xy: Array) -> Array:
        """Return the Jacobian (..., 2, 2) of the image by x and y."""
        x, y = xy[..., 0], xy[..., 1]
        s = x * x + y * y
        radial = 1 + s * (self.k1 + s * (self.k2 + s * self.k3))
        by_s = 2 * (self.k1 + s * (2 * self.k2 + s * 3 * self.k3))
        mixed = by_s * x * y + 2 * self.p1 * x + 2 * self.p2 * y
        xx = radial + by_s * x * x + 2 * self.p1 * y + 6 * self.p2 * x
        yy = radial + by_s * y * y + 6 * self.p1 * y + 2 * self.p2 * x
        return np.stack([np.stack([xx, mixed], -1), np.stack([mixed, yy], -1)], -2)


@dataclass(frozen=True)
class KannalaBrandt:
    """A fisheye (Kannala and Brandt 2006), as in ``cv2.fisheye``.

    A direction at angle θ from the axis lies at radius θ (1 + k1 θ² + k2 θ⁴ + k3 θ⁶ + k4 θ⁸).
    Depth is the distance from the camera, since z is none where θ reaches 90 degrees.

    Attributes
    ----------
    half_field_rad : float
        Where the picture ends, unless it would fold back before.
    """

    k1: float = 0.0
    k2: float = 0.0
    k3: float = 0.0
    k4: float = 0.0
    half_field_rad: float = float(np.deg2rad(100.0))

    @property
    def field_rad(self) -> float:
        """Greatest angle from the axis that has an image."""
        return _kannala_field(self)

    def depth(self, points: Array) -> Array:
        """Return the depth (...,) m of points (..., 3): their distance."""
        return np.asarray(np.linalg.norm(points, axis=-1))

    def image(self, points: Array) -> Array:
        """Return the image coordinates (..., 2) of points (..., 3); NaN outside of the field."""
        across = np.hypot(points[..., 0], points[..., 1])
        angle = np.arctan2(across, points[..., 2])
        radius, _ = self.radial(angle)
        share = np.divide(radius, across, out=np.zeros_like(across), where=across > 0)
        within = (angle <= self.field_rad) & ((across > 0) | (points[..., 2] > 0))
        return np.where(within[..., None], points[..., :2] * share[..., None], np.nan)

    def rays(self, image: Array) -> Array:
        """Return the points (..., 3) of depth 1 that have these images (..., 2); NaN for none."""
        length = np.linalg.norm(image, axis=-1)
        angle, most = _inverted(self, length)
        across = np.divide(np.sin(angle), length, out=np.zeros_like(length), where=length > 0)
        rays = np.concatenate([image * across[..., None], np.cos(angle)[..., None]], axis=-1)
        return np.where((length <= most)[..., None], rays, np.nan)

    def radial(self, angle_rad: Array) -> tuple[Array, Array]:
        """Return the radius (N,) of the image at angles from the axis, and its slope."""
        s = angle_rad * angle_rad
        slope = 1 + s * (3 * self.k1 + s * (5 * self.k2 + s * (7 * self.k3 + s * 9 * self.k4)))
        sum_ = 1 + s * (self.k1 + s * (self.k2 + s * (self.k3 + s * self.k4)))
        return angle_rad * sum_, slope


Lens = BrownConrady | KannalaBrandt


@lru_cache(maxsize=64)
def _brown_field(lens: BrownConrady) -> float:
    fold = _first_root([7 * lens.k3, 5 * lens.k2, 3 * lens.k1, 1.0])
    widest = _SHARE_OF_FOLD * np.sqrt(fold)
    return float(min(np.arctan(widest), _WIDEST_BROWN_RAD))


@lru_cache(maxsize=64)
def _kannala_field(lens: KannalaBrandt) -> float:
    fold = _first_root([9 * lens.k4, 7 * lens.k3, 5 * lens.k2, 3 * lens.k1, 1.0])
    return float(min(_SHARE_OF_FOLD * np.sqrt(fold), lens.half_field_rad, _WIDEST_KANNALA_RAD))


def _first_root(polynomial: list[float]) -> float:
    """Return the least positive real root, the highest power first; ``inf`` if there is none."""
    roots = np.roots(polynomial)
    real = roots.real[(np.abs(roots.imag) < 1e-9) & (roots.real > 0)]
    return float(real.min(initial=np.inf))


@lru_cache(maxsize=64)
def _nodes(lens: Lens) -> tuple[Array, Array]:
    """Return radii (N,) of the image and the angles (N,) from the axis that they stem from."""
    angle = np.linspace(0.0, lens.field_rad, _NODES)
    return lens.radial(angle)[0], angle


def _inverted(lens: Lens, radius: Array) -> tuple[Array, float]:
    """Return what has these radii of the image, and the greatest radius there is.

    That is the angle from the axis or, for `BrownConrady`, its tangent. Radii beyond the
    greatest are taken for that.
    """
    radii, angles = _nodes(lens)
    wanted = np.minimum(radius, radii[-1])
    angle = np.interp(wanted, radii, angles)
    for _ in range(4):
        found, slope = lens.radial(angle)
        change = (found - wanted) / slope
        if isinstance(lens, BrownConrady):
            change = change * np.cos(angle) ** 2
        angle = np.clip(angle - change, 0.0, lens.field_rad)
    return (np.tan(angle) if isinstance(lens, BrownConrady) else angle), float(radii[-1])


def _solved(matrices: Array, values: Array) -> Array:
    """Return the solutions (..., 2) of 2x2 systems (..., 2, 2), where there is one."""
    (a, b), (c, d) = np.moveaxis(matrices, (-2, -1), (0, 1))
    p, q = np.moveaxis(values, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        solved = np.stack([d * p - b * q, a * q - c * p], axis=-1) / (a * d - b * c)[..., None]
    return np.asarray(solved)
