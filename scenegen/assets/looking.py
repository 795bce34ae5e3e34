"""Where one looks from and at: the upright box around a body, its points, and eyes."""

from __future__ import annotations

import numpy as np

from scenegen.assets.lookup import get
from scenegen.assets.mounts import mounts_on
from scenegen.geometry import Boxes, boxes_of, matrix_from_quaternion, sight_points, yaw_of
from scenegen.records.base import F64
from scenegen.records.concrete import Actor
from scenegen.records.sensors import SensorSpec


def eye_of(actor: Actor, sensor: SensorSpec | None, position_m: F64, quaternion_wxyz: F64) -> F64:
    """Return where an actor, or a sensor on it, looks from (T, 3), world.

    Parameters
    ----------
    actor : Actor
    sensor : SensorSpec or None
        None for its own eyes, which are where a camera would sit.
    position_m, quaternion_wxyz : ndarray, shapes (T, 3) and (T, 4)
        Of the actor.
    """
    spot = mounts_on(actor.size_m).camera if sensor is None else sensor.position_m
    return np.asarray(position_m + matrix_from_quaternion(quaternion_wxyz) @ np.asarray(spot))


def upright_box(actor: Actor, position_m: F64, quaternion_wxyz: F64) -> Boxes:
    """Return the upright boxes (T,) around an actor in every pose of its joints."""
    x, y, z = position_m.T
    bounds = get(actor.asset_id, actor.variant).bounds_m
    return boxes_of(bounds[None], x, y, z, np.asarray(yaw_of(quaternion_wxyz)))


def points_of(box: Boxes) -> F64:
    """Return the ten points (10, T, 3) of bodies in boxes (T,) that are looked at."""
    return sight_points(box.base, np.zeros_like(box.low_m), box.low_m, box.high_m)
