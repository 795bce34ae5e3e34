"""What a pixel may show, given that a rasteriser moves corners to its sub-pixel grid.

A rasteriser works with float32 positions and then rounds the corners of triangles to 1/256
px (OpenGL leaves the grid to the implementation; 8 bits are what llvmpipe and current GPUs
report as ``GL_SUBPIXEL_BITS``). So each corner moves by at most d, and a pixel centre p that the
moved triangle covers is the image of a point q of the true triangle with |p - q| <= d on
both axes: p is the same weighted mean of the moved corners as q is of the true ones. What
a pixel can show is therefore a triangle that meets the square of half width d around its
centre; and it must be there if it covers the whole square and nothing is nearer. Its depth
is that of its plane within the square, which the float32 arithmetic of the interpolation
widens where a triangle is long and thin. No share of pixels is let off: this holds for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.squares import (
    FLOAT_STEP,
    depths,
    displacement_px,
    image_shape,
    meeting,
)
from scenegen.annotate.checks.surfaces import SKY, Placed
from scenegen.geometry import Camera
from scenegen.records.base import F64


@dataclass(frozen=True)
class Candidates:
    """Triangles that one pixel may show, one row each.

    Attributes
    ----------
    instance, semantic, part : ndarray, shape (C,), int64
    low_m, high_m : ndarray, shape (C,)
        Least and greatest depth that the triangle can have there.
    sure : ndarray, shape (C,), bool
        Covers the whole square.
    """

    instance: npt.NDArray[np.int64]
    semantic: npt.NDArray[np.int64]
    part: npt.NDArray[np.int64]
    low_m: F64
    high_m: F64
    sure: npt.NDArray[np.bool_]

    def __getitem__(self, chosen: npt.NDArray[np.bool_]) -> Candidates:
        return Candidates(
            self.instance[chosen],
            self.semantic[chosen],
            self.part[chosen],
            self.low_m[chosen],
            self.high_m[chosen],
            self.sure[chosen],
        )

    def match(
        self, instance: int, semantic: int, depth_m: float, slack_m: float
    ) -> npt.NDArray[np.bool_]:
        """Return which candidates (C,) a stored id, class and depth agree with."""
        same = (self.instance == instance) & (self.semantic == semantic)
        return np.asarray(
            same & (depth_m >= self.low_m - slack_m) & (depth_m <= self.high_m + slack_m)
        )


def candidates(
    camera: Camera, scene: Iterable[Placed], point_px: F64, depth_m: float
) -> Candidates:
    """Return what a pixel may show by its scene alone.

    Parameters
    ----------
    camera : Camera
    scene : iterable of Placed
    point_px : ndarray, shape (2,)
        The pixel's centre.
    depth_m : float
        The nearest depth that matters, for which float32 errors are reckoned.
    """
    near = [placed.at(point_px) for placed in scene if placed.within(point_px[None]).size]
    found = [_candidates_of(placed, point_px, depth_m) for placed in near]
    return _unhidden(camera, _joined(found))


def _joined(pieces: list[Candidates]) -> Candidates:
    """Return the rows of all pieces."""
    return Candidates(
        np.array([v for p in pieces for v in p.instance], dtype=np.int64),
        np.array([v for p in pieces for v in p.semantic], dtype=np.int64),
        np.array([v for p in pieces for v in p.part], dtype=np.int64),
        np.array([v for p in pieces for v in p.low_m], dtype=np.float64),
        np.array([v for p in pieces for v in p.high_m], dtype=np.float64),
        np.array([v for p in pieces for v in p.sure], dtype=np.bool_),
    )


def _unhidden(camera: Camera, found: Candidates) -> Candidates:
    """Leave out what lies surely behind another; sky stays where nothing is sure."""
    nearest = found.high_m[found.sure].min(initial=np.inf)
    # Nearer than two depth buffers of 24 bits tell apart the order of drawing decides. A value
    # is rounded by half a step; float32 rounds it three times by half a step more: at the
    # vertex in z, in the quotient by w, and in between.
    step = 2 * 2 * 2.0**-24 * min(nearest, camera.far_m) ** 2 / camera.near_m
    kept = found[found.low_m <= nearest + step]
    return _joined([kept, _BACKGROUND]) if np.isinf(nearest) else kept


_BACKGROUND = Candidates(
    np.array([0]),
    np.array([SKY]),
    np.array([0]),
    np.array([np.inf]),
    np.array([np.inf]),
    np.array([False]),
)


def _candidates_of(placed: Placed, point_px: F64, depth_m: float) -> Candidates:
    """Return what one mesh adds to the candidates of a pixel."""
    camera, half = placed.camera, displacement_px(placed, depth_m, point_px)
    met = meeting(placed, point_px, half)
    thickness, rounding = image_shape(camera, met.corners, point_px)
    low, high = depths(camera, met.corners, met.volume, point_px, half + rounding)
    # The far plane in clip space is where z and w are equal, which float32 sums of terms as
    # large as the distance tell apart to this depth.
    blur = FLOAT_STEP * camera.far_m**2 / camera.near_m
    triangles = placed.mesh.triangles
    seen = (met.volume < 0) | (thickness <= 2 * half) | triangles.two_sided[met.faces]
    seen &= (high >= camera.near_m) & (low <= camera.far_m + blur)
    found = Candidates(
        np.full(len(met.faces), placed.instance_id, dtype=np.int64),
        triangles.semantic[met.faces].astype(np.int64),
        np.full(len(met.faces), placed.part, dtype=np.int64),
        low,
        high,
        met.sure & (low >= camera.near_m) & (high <= camera.far_m - blur),
    )
    return found[seen]


def surely_covered(parts: Iterable[Placed], point_px: F64, depth_m: float) -> bool:
    """Tell whether a rasteriser must show one of some meshes at a pixel's centre.

    It must if one triangle covers the square, or if triangles that share their edges within
    it do; sheets that only lie one behind the other may come apart. So whatever has an edge
    there without a neighbour is taken away until nothing more is.
    """
    for part in parts:
        if not part.within(point_px[None]).size:
            continue
        placed = part.at(point_px)
        half = displacement_px(placed, depth_m, point_px)
        met = meeting(placed, point_px, half)
        thickness, _ = image_shape(placed.camera, met.corners, point_px)
        both = placed.mesh.triangles.two_sided[met.faces]
        firm = (thickness > 2 * half) & ((met.volume < 0) | both)
        if (firm & met.sure).any():
            return True
        if _patch(placed.mesh.triangles.corners[met.faces[firm]], met.corners[firm], met.rays):
            return True
    return False


def _patch(places: F64, corners: F64, rays: F64) -> bool:
    """Tell whether triangles (F, 3, 3) are left that share all edges which cross a square.

    Parameters
    ----------
    places : ndarray, shape (F, 3, 3)
        Corners in the mesh's frame, equal where triangles touch.
    corners : ndarray, shape (F, 3, 3)
        The same, camera frame.
    rays : ndarray, shape (4, 3)
        Corners of the square.
    """
    sides = np.cross(corners, np.roll(corners, -1, axis=1))
    of_rays = np.einsum("fsi,ri->fsr", sides, rays)
    crossing = (of_rays.min(axis=2) <= 0) & (of_rays.max(axis=2) >= 0)
    names = [[tuple(place.tolist()) for place in triangle] for triangle in places]
    left = set(range(len(names)))
    while left:
        edges = {(names[f][k], names[f][(k + 1) % 3]) for f in left for k in range(3)}
        open_ = {
            f
            for f in left
            for k in range(3)
            if crossing[f, k] and (names[f][(k + 1) % 3], names[f][k]) not in edges
        }
        if not open_:
            return True
        left -= open_
    return False
