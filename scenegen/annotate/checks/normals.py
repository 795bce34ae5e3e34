"""Checks of the normal picture, alone and against the depth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.case import DEPTH_STEP_M, FrameCase
from scenegen.geometry import inverse
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

REACH_PX = 3
"""Depths this many pixels to each side make the gradient."""
STRIDE_PX = 2
AGREEMENT = 0.95
"""Share of the pixels of flat scenery whose normal must agree with the depth's gradient."""
ANGLE_RAD = np.deg2rad(6.0)
_LEAST_PX = 200
_Value = TypeVar("_Value", bound=np.generic)
_ROUGH = [CLASS_BY_NAME[name].id for name in ("vegetation", "sky", "traffic light")]


def normals(case: FrameCase) -> Iterator[str]:
    """Normals are of unit length, face the camera and are there exactly where a surface is."""
    normal, semantic = case.pictures.normal, case.pictures.semantic
    assert normal is not None
    assert semantic is not None
    length = np.sqrt(np.einsum("ijk,ijk->ij", normal, normal))
    surface = (semantic != CLASS_BY_NAME["sky"].id) & case.field
    missing = surface & (length < 0.5)
    if missing.any():
        yield f"{int(missing.sum())} px of surfaces have no normal"
    extra = ~surface & (length > 1e-3)
    if extra.any():
        yield f"{int(extra.sum())} px of sky have a normal"
    wrong = surface & (length >= 0.5) & (np.abs(length - 1) > 1e-3)
    if wrong.any():
        yield f"{int(wrong.sum())} normals are not of unit length"
    away = surface & (_away(case, normal) > 1e-3)
    if away.any():
        yield f"{int(away.sum())} normals face away from the camera"


def _away(case: FrameCase, normal: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the cosines (H, W) between normals (H, W, 3) and the rays to their pixels."""
    camera = case.camera
    if camera.lens is not None:
        rays = np.nan_to_num(case.rays)
        lengths = np.maximum(np.linalg.norm(rays, axis=-1), 1e-9)
        return np.asarray((np.einsum("ijk,ijk->ij", normal, rays) / lengths).astype(np.float32))
    x = ((np.arange(camera.width) + 0.5 - camera.cx) / camera.fx).astype(np.float32)
    y = ((np.arange(camera.height) + 0.5 - camera.cy) / camera.fy).astype(np.float32)[:, None]
    along = normal[..., 0] * x + normal[..., 1] * y + normal[..., 2]
    return np.asarray(along / np.sqrt(x * x + y * y + 1))


def normals_of_depth(case: FrameCase) -> Iterator[str]:
    """On flat scenery the gradient of the depth gives the normal."""
    normal = case.pictures.normal
    assert normal is not None
    flat, expected = plane_normals(case)
    if flat.sum() < _LEAST_PX:
        return
    found = normal[REACH_PX:-REACH_PX:STRIDE_PX, REACH_PX:-REACH_PX:STRIDE_PX][flat]
    cosine = np.clip(np.einsum("ij,ij->i", found.astype(np.float64), expected[flat]), -1, 1)
    agree = float(np.mean(np.arccos(cosine) < ANGLE_RAD))
    if agree < AGREEMENT:
        yield f"normals agree with the depth's gradient at {agree:.1%} of flat scenery only"


def plane_normals(case: FrameCase) -> tuple[npt.NDArray[np.bool_], F64]:
    """Return where scenery is flat by its depth, and the normals there, camera frame.

    On a plane n·X = d the inverse depth is w = n·r / d, r being the ray through the pixel of
    depth 1. So n / d follows from w and its differences by those of r, and where the plane
    goes on, w bends as r does: not at all without a lens.

    Returns
    -------
    flat : ndarray, shape (h, w), bool
        On every `STRIDE_PX`-th pixel, the border of `REACH_PX` left out.
    normals : ndarray, shape (h, w, 3)
        Unit, facing the camera; of no meaning where not flat.
    """
    depth, instance, semantic = (
        case.pictures.depth_m,
        case.pictures.instance,
        case.pictures.semantic,
    )
    assert depth is not None
    assert instance is not None
    assert semantic is not None
    with np.errstate(invalid="ignore", divide="ignore"):
        over = 1.0 / depth.astype(np.float64)
    over[~np.isfinite(depth)] = np.nan
    middle, left, right, up, down = _neighbours(over)
    noise = 0.5 * DEPTH_STEP_M * middle**2 + 1e-7
    ray, *beside = _as_seen_at(case, _neighbours(case.rays), (up, down))
    along, down_ = beside[1] - beside[0], beside[3] - beside[2]
    with np.errstate(invalid="ignore"):
        over_d = _solved(ray, along, down_, (middle, right - left, down - up))
        flat = np.ones(middle.shape, dtype=np.bool_)
        for first, last, (before, after) in (
            (left, right, beside[:2]),
            (up, down, beside[2:]),
        ):
            bend = np.einsum("ijk,ijk->ij", over_d, before - 2 * ray + after)
            flat &= np.abs(first - 2 * middle + last - bend) <= 4 * noise
    classes = _neighbours(semantic)
    flat &= np.all([c == classes[0] for c in classes], axis=0) & ~np.isin(classes[0], _ROUGH)
    flat &= np.all([i == 0 for i in _neighbours(instance)], axis=0)
    steps = np.minimum(np.linalg.norm(along, axis=-1), np.linalg.norm(down_, axis=-1))
    size = np.linalg.norm(over_d, axis=-1)
    with np.errstate(invalid="ignore"):
        flat &= 1.5 * noise * 2 / steps < 0.035 * size
        return np.asarray(flat), -over_d / size[..., None]


def _as_seen_at(case: FrameCase, rays: list[F64], inverse_depths: tuple[F64, F64]) -> list[F64]:
    """Return rays and those of `_neighbours`, all (h, w, 3), in the camera's frame at the middle.

    Under a rolling shutter the rows above and below are seen from elsewhere: a neighbour at X,
    of inverse depth w and ray r, is at M X in the frame of the row in the middle, so that w
    and w M X = w o + R r take the places of w and r.
    """
    if not case.rolling:
        return rays
    middle, left, right, *beside = rays
    poses, count = case.moving.row_poses, case.camera.height
    rows = np.arange(count)[REACH_PX : count - REACH_PX : STRIDE_PX]
    moved = []
    for ray, w, step in zip(beside, inverse_depths, (-REACH_PX, REACH_PX), strict=True):
        other = inverse(poses[rows]) @ poses[rows + step]
        turned = np.einsum("hij,hwj->hwi", other[:, :3, :3], ray)
        moved.append(turned + w[..., None] * other[:, None, :3, 3])
    return [middle, left, right, *moved]


def _solved(ray: F64, along: F64, down: F64, values: tuple[F64, F64, F64]) -> F64:
    """Return the vectors (h, w, 3) whose products with three others (h, w, 3) are given."""
    crosses = np.cross(along, down), np.cross(down, ray), np.cross(ray, along)
    volume = np.einsum("ijk,ijk->ij", ray, crosses[0])
    sums = sum(c * v[..., None] for c, v in zip(crosses, values, strict=True))
    return np.asarray(sums / volume[..., None])


def _neighbours(picture: npt.NDArray[_Value]) -> list[npt.NDArray[_Value]]:
    """Return a picture and its neighbours left, right, above and below, `REACH_PX` away."""
    r, s = REACH_PX, STRIDE_PX
    height, width = picture.shape[:2]
    return [
        picture[r + dv : height - r + dv : s, r + du : width - r + du : s]
        for du, dv in ((0, 0), (-r, 0), (r, 0), (0, -r), (0, r))
    ]
