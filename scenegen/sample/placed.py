"""Bodies at their places, as composition builds them up one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.geometry import apply, pose, quaternion_multiply, yaw_of
from scenegen.geometry.transforms import quaternion_from_rpy, quaternion_from_yaw, turned
from scenegen.records import Asset, Lane, RoadNetwork
from scenegen.records.base import F64, Quaternion, Vec3
from scenegen.roads import height_at
from scenegen.scenario.actors import ActorEntry


@dataclass(frozen=True)
class Placed:
    """One body.

    Attributes
    ----------
    name : str
        The YAML's name; of a row's members with their number.
    lane, s_m, lateral_m
        Where it is along traffic of the lane that it was placed in; None if carried.
    facing : int
        +1 along that lane's traffic, -1 against it, 0 across.
    carrier : Placed or None
    """

    instance_id: int
    name: str
    entry: ActorEntry
    asset: Asset
    variant: int
    position_m: F64
    quaternion_wxyz: F64
    speed_mps: float
    lane: Lane | None = None
    s_m: float = 0.0
    lateral_m: float = 0.0
    facing: int = 1
    carrier: Placed | None = None

    @property
    def yaw_rad(self) -> float:
        """Heading in the world."""
        return float(yaw_of(self.quaternion_wxyz))

    @property
    def velocity_mps(self) -> Vec3:
        """Velocity (3,) at the start: the speed the way it faces, or the carrier's."""
        if self.carrier is not None:
            return self.carrier.velocity_mps
        forward = pose((0.0, 0.0, 0.0), self.quaternion_wxyz)[:3, 0] * self.speed_mps
        x, y, z = forward.tolist()
        return (x, y, z)

    @property
    def root(self) -> Placed:
        """What carries it in the end, or itself."""
        return self if self.carrier is None else self.carrier.root


def on_ground(
    network: RoadNetwork, asset: Asset, xy: F64, yaw_rad: float, near_m: float = np.inf
) -> tuple[F64, F64]:
    """Return position (3,) and orientation (4,) of a body that stands on the surface.

    Where roads lie above each other that is the one on or below a height `near_m`.

    Bodies on wheels take the slope between their axles and between their sides; all
    others stand upright.
    """
    height = float(height_at(network, xy, near_m))
    if not asset.wheels:
        return np.array([*xy, height]), quaternion_from_yaw(yaw_rad)
    wheels = np.array([wheel.position_m[:2] for wheel in asset.wheels])
    heights = height_at(network, xy + turned(wheels, yaw_rad), near_m)
    terms = np.column_stack([np.ones(len(wheels)), wheels])
    middle, ahead, left = np.linalg.lstsq(terms, heights, rcond=None)[0].tolist()
    tilt = quaternion_from_rpy(float(np.arctan(left)), float(-np.arctan(ahead)), yaw_rad)
    return np.array([*xy, middle]), tilt


def on_carrier(carrier: Placed, offset_m: F64, turn_rad: float) -> tuple[F64, F64]:
    """Return position (3,) and orientation (4,) of a load at a place of its carrier's body."""
    world_from_body = pose(carrier.position_m, carrier.quaternion_wxyz)
    position = apply(world_from_body, offset_m[None])[0]
    return position, quaternion_multiply(carrier.quaternion_wxyz, quaternion_from_yaw(turn_rad))


def as_quaternion(quaternion_wxyz: F64) -> Quaternion:
    """Return a unit quaternion as a record holds it."""
    w, x, y, z = (quaternion_wxyz / np.linalg.norm(quaternion_wxyz)).tolist()
    return (w, x, y, z)
