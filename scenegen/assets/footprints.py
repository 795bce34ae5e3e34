"""The rectangle in the plane that a body takes up as it moves, for distances and encounters."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from scenegen.assets.extent import solid_bounds
from scenegen.assets.lookup import get
from scenegen.geometry import yaw_of
from scenegen.geometry.encounters import Moving
from scenegen.records import Trajectory
from scenegen.records.base import F64
from scenegen.records.mesh import Asset


class Drawn(Protocol):
    """Whose asset is known."""

    @property
    def instance_id(self) -> int: ...
    @property
    def asset_id(self) -> str: ...
    @property
    def variant(self) -> int: ...


def footprint(actor: Drawn, trajectory: Trajectory) -> Moving:
    """Return the rectangle (T,) around what one would run into, at every row of a trajectory.

    Its size is that of `solid_bounds`: without mirrors and swinging limbs.
    """
    column = trajectory.column(actor.instance_id)
    return under(
        get(actor.asset_id, actor.variant),
        trajectory.position_m[:, column],
        yaw_of(trajectory.quaternion_wxyz[:, column]),
        trajectory.velocity_mps[:, column],
    )


def under(asset: Asset, position_m: F64, yaw_rad: npt.ArrayLike, velocity_mps: F64) -> Moving:
    """Return the rectangle (...) around what one would run into, of a body that stands upright.

    Parameters
    ----------
    position_m, velocity_mps : ndarray, shape (..., 3)
        Of the body's origin, world.
    yaw_rad : array_like, shape (...)
    """
    bounds = solid_bounds(asset)[:, :2]
    middle, half = bounds.mean(axis=0), np.diff(bounds, axis=0)[0] / 2
    yaw = np.asarray(yaw_rad, dtype=np.float64)
    c, s = np.cos(yaw), np.sin(yaw)
    return Moving(
        position_m[..., 0] + (c * middle[0] - s * middle[1]),
        position_m[..., 1] + (s * middle[0] + c * middle[1]),
        *(c, s, half[0], half[1]),
        *(yaw, velocity_mps[..., 0], velocity_mps[..., 1]),
    )
