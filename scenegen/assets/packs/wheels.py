"""Which of a vehicle's triangles are its wheels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.assets.packs.source_mesh import SourceMesh
from scenegen.errors import AssetError
from scenegen.records.base import F64, Vec3

_ROUND = 0.25
_SMALLEST_M = 0.2
_SLACK_M = 0.02


@dataclass(frozen=True)
class FoundWheel:
    """A wheel of a model: which axle from the front, which side, where, and its faces."""

    axle: int
    side: float
    hub_m: Vec3
    radius_m: float
    faces: npt.NDArray[np.bool_]


def find_wheels(
    mesh: SourceMesh, is_tyre: npt.NDArray[np.bool_], turned: bool = False
) -> tuple[FoundWheel, ...]:
    """Return the wheels of a model by its tyres, from the front, left before right.

    What lies within a tyre's cylinder turns with it: rims, discs and nuts.

    Parameters
    ----------
    mesh : SourceMesh
        In the body frame.
    is_tyre : ndarray, shape (F,)
        Faces of rubber.
    turned : bool
        Whether wheels may stand at an angle: then a sphere is taken for the cylinder, and
        the two wheels of an axle are put at the same place on either side.

    Raises
    ------
    AssetError
        The two sides have different numbers of wheels, or fewer than two.
    """
    corners = mesh.vertices[mesh.faces]
    sides = {side: _clusters(corners[is_tyre], side) for side in (1.0, -1.0)}
    if len(sides[1.0]) != len(sides[-1.0]) or len(sides[1.0]) < 2:
        raise AssetError(
            f"{len(sides[1.0])} wheels on the left and {len(sides[-1.0])} on the right"
        )
    wheels = []
    for axle, pair in enumerate(zip(sides[1.0], sides[-1.0], strict=True)):
        middles = np.array([0.5 * (low + high) for low, high in pair])
        shared = np.abs(middles).mean(axis=0) * (np.sign(middles[0, 0]), 1.0, 1.0)
        for side, (low, high), middle in zip((1.0, -1.0), pair, middles, strict=True):
            radius = 0.5 * float(high[2] - low[2])
            away = np.abs(corners - middle)
            wide = np.maximum(away[..., 1] - 0.5 * (high[1] - low[1]) - _SLACK_M, 0.0)
            if turned:
                inside = (np.linalg.norm(away, axis=2) < radius + 0.005).all(axis=1)
            else:
                inside = np.hypot(away[..., 0], away[..., 2]) < radius + 0.005
                inside = (inside & (wide <= 0.0)).all(axis=1)
            x, y, z = (shared * (1.0, side, 1.0) if turned else middle).tolist()
            wheels.append(FoundWheel(axle, side, (x, y, z), radius, inside))
    return tuple(wheels)


def laid_wheels(
    mesh: SourceMesh, axles: tuple[tuple[float, float, float, float], ...]
) -> tuple[FoundWheel, ...]:
    """Return wheels at given hubs, as `find_wheels` does.

    Parameters
    ----------
    mesh : SourceMesh
        In the body frame.
    axles : tuple of (x, y, radius, width)
        Of the left wheels, from the front.
    """
    corners = mesh.vertices[mesh.faces]
    wheels = []
    for axle, (x, y, radius, width) in enumerate(axles):
        for side in (1.0, -1.0):
            hub = (x, side * y, radius)
            away = np.abs(corners - hub)
            inside = np.hypot(away[..., 0], away[..., 2]) < radius + _SLACK_M
            inside &= away[..., 1] < 0.5 * width + _SLACK_M
            own = np.asarray(inside.all(axis=1))
            wheels.append(FoundWheel(axle, side, hub, radius, own))
    return tuple(wheels)


def _clusters(corners: F64, side: float) -> list[tuple[F64, F64]]:
    """Return the boxes of the round things on one side, from the front to the rear."""
    own = corners[(side * corners[..., 1] > 0).all(axis=1)]
    if not len(own):
        return []
    order = np.argsort(own[..., 0].min(axis=1))
    own = own[order]
    reach = np.maximum.accumulate(own[..., 0].max(axis=1))
    starts = np.flatnonzero(own[1:, :, 0].min(axis=1) > reach[:-1] + 0.01) + 1
    found = []
    for group in np.split(own, starts):
        points = group.reshape(-1, 3)
        low, high = points.min(axis=0), points.max(axis=0)
        length, _, height = (high - low).tolist()
        standing = low[2] < 0.1 and min(length, height) > 2 * _SMALLEST_M
        if standing and abs(length - height) < _ROUND * height:
            found.append((low, high))
    return found[::-1]
