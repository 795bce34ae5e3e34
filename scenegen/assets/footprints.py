"""The rectangle in the plane that a body takes up as it moves, for distances and encounters."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from scenegen.assets.extent import solid_bounds
from scenegen.assets.lookup import get
from scenegen.geometry import yaw_of
from scenegen.geometry.encounters import Moving
from scenegen.records import Trajectory


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
    bounds = solid_bounds(get(actor.asset_id, actor.variant))[:, :2]
    column = trajectory.column(actor.instance_id)
    yaw = yaw_of(trajectory.quaternion_wxyz[:, column])
    middle, half = bounds.mean(axis=0), np.diff(bounds, axis=0)[0] / 2
    c, s = np.cos(yaw), np.sin(yaw)
    x, y, _ = trajectory.position_m[:, column].T
    vx, vy, _ = trajectory.velocity_mps[:, column].T
    return Moving(
        x + (c * middle[0] - s * middle[1]),
        y + (s * middle[0] + c * middle[1]),
        *(c, s, half[0], half[1]),
        *(yaw, vx, vy),
    )
