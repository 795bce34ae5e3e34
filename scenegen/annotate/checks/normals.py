"""Checks of the normal picture, alone and against the depth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.case import DEPTH_STEP_M, FrameCase
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
    surface = semantic != CLASS_BY_NAME["sky"].id
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

    On a plane n·X = d the inverse depth w = n·r / d is linear in the pixel, r being the
    ray through it with z = 1. So n / d = (fx w_u, fy w_v, w - w_u (u - cx) - w_v (v - cy)).

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
        inverse = 1.0 / depth.astype(np.float64)
    inverse[~np.isfinite(depth)] = np.nan
    middle, left, right, up, down = _neighbours(inverse)
    noise = 0.5 * DEPTH_STEP_M * middle**2 + 1e-7
    flat = np.abs(left - 2 * middle + right) <= 4 * noise
    flat &= np.abs(up - 2 * middle + down) <= 4 * noise
    classes = _neighbours(semantic)
    flat &= np.all([c == classes[0] for c in classes], axis=0) & ~np.isin(classes[0], _ROUGH)
    flat &= np.all([i == 0 for i in _neighbours(instance)], axis=0)
    camera = case.camera
    du, dv = (right - left) / (2 * REACH_PX), (down - up) / (2 * REACH_PX)
    u, v = np.moveaxis(_neighbours(camera.pixel_centres())[0], -1, 0)
    over_d = np.stack(
        [camera.fx * du, camera.fy * dv, middle - du * (u - camera.cx) - dv * (v - camera.cy)],
        axis=-1,
    )
    size = np.linalg.norm(over_d, axis=-1)
    doubt = 1.5 * noise * camera.fx / REACH_PX
    with np.errstate(invalid="ignore"):
        flat &= doubt < 0.035 * size
        return np.asarray(flat), -over_d / size[..., None]


def _neighbours(picture: npt.NDArray[_Value]) -> list[npt.NDArray[_Value]]:
    """Return a picture and its neighbours left, right, above and below, `REACH_PX` away."""
    r, s = REACH_PX, STRIDE_PX
    height, width = picture.shape[:2]
    return [
        picture[r + dv : height - r + dv : s, r + du : width - r + du : s]
        for du, dv in ((0, 0), (-r, 0), (r, 0), (0, -r), (0, r))
    ]
