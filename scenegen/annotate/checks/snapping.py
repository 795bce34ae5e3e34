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

from scenegen.annotate.checks.surfaces import SKY, Placed
from scenegen.geometry import Camera, apply
from scenegen.records.base import F64

GRID_PX = 1 / 256
"""The sub-pixel grid that corners are rounded to."""
_FLOAT = 2.0**-23
_STEPS = np.array([[0.5, 0.0], [-0.5, 0.0], [0.0, 0.5], [0.0, -0.5]])
_SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


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


def displacement_px(placed: Placed, depth_m: float, points_px: F64) -> float:
    """Return how far, px, a corner's image near some points (N, 2) px may be off.

    By rounding to the grid, and float32.

    A vertex goes to the camera's frame by float32 sums of terms as large as its own
    coordinates and the mesh's distance, then to px in a viewport of three pictures.
    """
    camera = placed.camera
    size = np.abs(placed.mesh.bounds).max(axis=0) @ np.ones(3)
    size += np.abs(placed.camera_from_mesh[:3, 3]).sum()
    return float(
        0.5 * GRID_PX
        + 3 * max(camera.width, camera.height) * _FLOAT
        + 2 * _FLOAT * size * camera.scale_px(points_px) / max(depth_m, camera.near_m)
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


@dataclass(frozen=True)
class _Meeting:
    """Triangles of one mesh that meet a pixel's square, one row each.

    Attributes
    ----------
    faces : ndarray, shape (F,), int64
        Of the mesh.
    corners : ndarray, shape (F, 3, 3)
        Camera frame.
    volume : ndarray, shape (F,)
        Triple product of the corners, negative seen from the front.
    sure : ndarray, shape (F,), bool
        Covers the whole square.
    """

    faces: npt.NDArray[np.int64]
    corners: F64
    volume: F64
    sure: npt.NDArray[np.bool_]
    rays: F64


def _meeting(placed: Placed, point_px: F64, half_px: float) -> _Meeting:
    """Return the triangles that meet the square of a half width around a pixel's centre."""
    camera, from_camera = placed.camera, placed.mesh_from_camera
    middle = camera.unproject(point_px, 1.0)
    rays = camera.unproject(point_px + half_px * _SQUARE, np.ones(4))
    reach = 1.5 * float(np.nanmax(np.linalg.norm(rays - middle, axis=1)))
    faces = placed.mesh.near_line(from_camera[:3, 3], from_camera[:3, :3] @ middle, reach)
    corners = placed.mesh.triangles.corners[faces]
    corners = apply(placed.camera_from_mesh, corners.reshape(-1, 3)).reshape(-1, 3, 3)
    volume = np.einsum("fi,fi->f", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))
    possible, sure = _meet(corners, volume, rays)
    possible &= (camera.depth_of(corners) >= camera.near_m).any(axis=1)
    return _Meeting(faces[possible], corners[possible], volume[possible], sure[possible], rays)


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
        met = _meeting(placed, point_px, half)
        thickness, _ = _image_shape(placed.camera, met.corners, point_px)
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


def _candidates_of(placed: Placed, point_px: F64, depth_m: float) -> Candidates:
    """Return what one mesh adds to the candidates of a pixel."""
    camera, half = placed.camera, displacement_px(placed, depth_m, point_px)
    met = _meeting(placed, point_px, half)
    thickness, rounding = _image_shape(camera, met.corners, point_px)
    low, high = _depths(camera, met.corners, met.volume, point_px, half + rounding)
    # The far plane in clip space is where z and w are equal, which float32 sums of terms as
    # large as the distance tell apart to this depth.
    blur = _FLOAT * camera.far_m**2 / camera.near_m
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


def _meet(
    corners: F64, volume: F64, rays: F64
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which triangles (F, 3, 3), camera frame, meet a pyramid of rays, and cover it.

    Both are convex cones seen from the eye, so they are apart exactly if a side of one of
    them has the other wholly outside.

    Parameters
    ----------
    corners : ndarray, shape (F, 3, 3)
    volume : ndarray, shape (F,)
        Triple product of the corners.
    rays : ndarray, shape (4, 3)
        The pyramid's edges, clockwise in the picture.
    """
    sides = np.cross(corners, np.roll(corners, -1, axis=1)) * np.sign(volume)[:, None, None]
    of_rays = np.einsum("fsi,ri->fsr", sides, rays)
    apart = (of_rays < 0).all(axis=2).any(axis=1)
    walls = np.cross(rays, np.roll(rays, -1, axis=0))
    apart |= (np.einsum("fci,wi->fcw", corners, walls) < 0).all(axis=1).any(axis=1)
    return ~apart, (of_rays >= 0).all(axis=(1, 2)) & (volume != 0)


def _depths(
    camera: Camera, corners: F64, volume: F64, point_px: F64, half_px: F64
) -> tuple[F64, F64]:
    """Return the least and greatest depth (F,) of triangles' planes within squares.

    On the plane n·X = v the inverse depth along rays r of depth 1 is n·r / v, linear in px
    (under a lens, as far as rays are within less than a pixel).
    The greatest is ``inf`` where the plane leaves the square, or can't be told edge-on.
    """
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    with np.errstate(divide="ignore", invalid="ignore"):
        ray = camera.unproject(point_px, 1.0)
        beside = camera.unproject(point_px + _STEPS, np.ones(4))
        middle = (normals @ ray) / volume
        slope = np.abs(normals @ (beside[0] - beside[1]))
        slope += np.abs(normals @ (beside[2] - beside[3]))
        spread = half_px * slope / np.abs(volume)
        greatest, least = middle + spread, middle - spread
        low = np.where(greatest > 0, 1 / greatest, np.inf)
        high = np.where(least > 0, 1 / least, np.inf)
    told = np.isfinite(low)
    return np.where(told, low, 0.0), np.where(told, high, np.inf)


def _image_shape(camera: Camera, corners: F64, point_px: F64) -> tuple[F64, F64]:
    """Return the least height of triangles' images, px, and what float32 makes of the rest.

    Slopes of what is interpolated are differences of products of the corners' differences,
    divided by the area. Each product is rounded by 2^-24 of itself; for a slope, and for the
    area, that is two products. Carried over the extent E of the triangle this moves a value
    by as much as 6 * 2^-24 * E * |dx| |dy| / area px along its slope.

    Under a lens this is so in the picture of a pinhole that looks at the pixel.

    Returns
    -------
    height : ndarray, shape (F,)
        ``inf`` for triangles that the near plane cuts.
    rounding : ndarray, shape (F,)
    """
    widest = 3.0 * max(camera.width, camera.height)
    straight, turned = camera.pinhole(camera.unproject(point_px, 1.0))
    corners = corners @ turned.T
    images = straight.project(corners)
    edges = np.roll(images, -1, axis=1) - images
    area = np.abs(edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0])
    across = np.minimum(np.abs(edges).max(axis=1), widest)
    extent = np.hypot(*across.T)
    with np.errstate(divide="ignore", invalid="ignore"):
        height = np.where(extent > 0, area / np.linalg.norm(edges, axis=2).max(axis=1), 0.0)
        rounding = 3 * _FLOAT * extent * across[:, 0] * across[:, 1] / area
    whole = (corners[..., 2] > camera.near_m).all(axis=1)
    return np.where(whole, height, np.inf), np.where(whole, rounding, 3 * _FLOAT * widest)
