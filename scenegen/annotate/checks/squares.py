"""Triangles of a mesh that meet the square around a pixel's centre, by exact cones of rays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.surfaces import Placed
from scenegen.geometry import Camera, apply
from scenegen.records.base import F64

GRID_PX = 1 / 256
"""The sub-pixel grid that corners are rounded to."""
FLOAT_STEP = 2.0**-23
"""Between 1 and the next float32."""
_STEPS = np.array([[0.5, 0.0], [-0.5, 0.0], [0.0, 0.5], [0.0, -0.5]])
_SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


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
        + 3 * max(camera.width, camera.height) * FLOAT_STEP
        + 2 * FLOAT_STEP * size * camera.scale_px(points_px) / max(depth_m, camera.near_m)
    )


@dataclass(frozen=True)
class Meeting:
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


def meeting(placed: Placed, point_px: F64, half_px: float) -> Meeting:
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
    return Meeting(faces[possible], corners[possible], volume[possible], sure[possible], rays)


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


def depths(
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


def image_shape(camera: Camera, corners: F64, point_px: F64) -> tuple[F64, F64]:
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
        rounding = 3 * FLOAT_STEP * extent * across[:, 0] * across[:, 1] / area
    whole = (corners[..., 2] > camera.near_m).all(axis=1)
    return np.where(whole, height, np.inf), np.where(whole, rounding, 3 * FLOAT_STEP * widest)
