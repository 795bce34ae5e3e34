"""What is true at one control step of an episode, as agents and rewards are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from scenegen.drive.sensed import Sensed
from scenegen.geometry.transforms import turned
from scenegen.records.base import F64, Vec3


@dataclass(frozen=True)
class Vehicle:
    """What of the ego an agent has to know to drive it.

    Attributes
    ----------
    size_m : (3,) length, width, height
    wheelbase_m : float
    rear_axle_m : float
        Of the rear axle along the body's x; negative behind the origin.
    steer_max_rad : float
        At the road wheels.
    pull_mps2, brake_mps2 : float
        What engine and brakes give at most, on a dry road.
    understeer : float
        Steering angle that a lateral acceleration of 1 g needs on top, rad.
    """

    size_m: Vec3
    wheelbase_m: float
    rear_axle_m: float
    steer_max_rad: float
    pull_mps2: float
    brake_mps2: float
    understeer: float


@dataclass(frozen=True)
class Cast:
    """Who takes part in an episode, in the order of `State`'s arrays; the ego is the first.

    Attributes
    ----------
    ids : (A,) int64
        Instance ids.
    names, categories : (A,) of str
    half_m : (A, 2) float64
        Half lengths and half widths.
    heads : tuple of str
        Ids of the signal heads, in the order of `State.signals`.
    """

    ids: npt.NDArray[np.int64]
    names: tuple[str, ...]
    categories: tuple[str, ...]
    half_m: F64
    heads: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """The way that the scenario has its ego go.

    Attributes
    ----------
    s_m, offset_m : float
        Where the ego is along the way, and how far to the left of it.
    points_m : (K, 2) float64
        Of the way from the ego on, every `spacing_m`, world.
    heading_rad : (K,) float64
    curvature_1pm : (K,) float64
        Positive to the left.
    spacing_m : float
    """

    s_m: float
    offset_m: float
    points_m: F64
    heading_rad: F64
    curvature_1pm: F64
    spacing_m: float


@dataclass(frozen=True)
class Touched:
    """A contact of the ego that began since the decision before.

    Attributes
    ----------
    other : int
        Instance id; 0 for scenery and kerbs.
    closing_mps : float
        How fast the two came together.
    """

    other: int
    closing_mps: float


class Moving(Protocol):
    """What of a `State` it takes to turn an action into controls."""

    @property
    def speed_mps(self) -> float:
        """The ego's speed along its heading."""


@dataclass(frozen=True)
class State:
    """A control step. Whoever holds one can't change the world by it.

    Attributes
    ----------
    row : int
        Control steps done.
    time_s : float
    position_m, velocity_mps : (A, 3) float64
        Of body origins, world.
    yaw_rad, yaw_rate_radps : (A,) float64
    speed_mps, acceleration_mps2 : float
        The ego's, along its heading.
    steer_rad : float
        At the ego's road wheels, to the left.
    signals : (S,) uint8
        `SignalState` of every head.
    route : Route or None
        None where the scenario gives the ego no way.
    touched : tuple of Touched
    sensed : mapping of str to Picture or Cloud
        What is newest of each sensor that was asked for, by its name.
    """

    row: int
    time_s: float
    position_m: F64
    velocity_mps: F64
    yaw_rad: F64
    yaw_rate_radps: F64
    speed_mps: float
    acceleration_mps2: float
    steer_rad: float
    signals: npt.NDArray[np.uint8]
    route: Route | None
    touched: tuple[Touched, ...] = ()
    sensed: Mapping[str, Sensed] = field(default_factory=dict)

    @cached_property
    def from_ego(self) -> F64:
        """Positions (A, 2) of all in the ego's frame: x ahead, y to the left, from its origin."""
        return self.in_ego(self.position_m[:, :2])

    def in_ego(self, xy_m: F64) -> F64:
        """Return places (..., 2) of the world in the ego's frame."""
        away = xy_m - self.position_m[0, :2]
        return turned(away, -float(self.yaw_rad[0]))
