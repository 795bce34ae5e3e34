"""What an agent may ask of the ego, and what that is as steering and acceleration."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from scenegen.drive.state import Moving, Vehicle
from scenegen.errors import ScenegenError
from scenegen.records.base import F64
from scenegen.simulate import Command
from scenegen.simulate.engine import GRAVITY_MPS2

SPEED_GAIN_1PS = 1.5
"""Acceleration asked for, per lack of speed."""
LEAST_AIM_M = 3.0
AIM_S = 0.6
"""Points of a path are steered at so far ahead (pure pursuit)."""
PACE_S = 1.0
"""Where on a path the ego is to be so much later decides how it speeds up."""


class ActionError(ScenegenError):
    """An action that is none: not finite, or of the wrong shape."""


@dataclass(frozen=True)
class Pedals:
    """Steering and pedals.

    Attributes
    ----------
    steer : float
        Share of the greatest steering angle, -1 (right) to 1 (left).
    pedal : float
        Share of the greatest acceleration, above 0, or of the greatest braking, below; 0 keeps
        the speed.
    reverse : bool
        In reverse gear, into which one shifts at a standstill only.
    """

    steer: float
    pedal: float
    reverse: bool = False


@dataclass(frozen=True)
class Target:
    """A speed and a curvature (1/m, positive to the left) to take up."""

    speed_mps: float
    curvature_1pm: float


@dataclass(frozen=True)
class Waypoints:
    """Where the ego's origin shall be.

    Attributes
    ----------
    points_m : (K, 2) float64
        In the ego's frame as it is now: x ahead, y to the left.
    every_s : float
        Time from one to the next; the first is due after as long.
    """

    points_m: F64
    every_s: float = 0.5


Action = Pedals | Target | Waypoints


def command_of(action: Action, state: Moving, vehicle: Vehicle) -> Command:
    """Return what an action asks of steering and engine.

    Raises
    ------
    ActionError
        It isn't finite, or has no points.
    """
    if isinstance(action, Pedals):
        _check_finite((action.steer, action.pedal))
        steer, pedal = float(np.clip(action.steer, -1, 1)), float(np.clip(action.pedal, -1, 1))
        most = vehicle.pull_mps2 if pedal > 0 else vehicle.brake_mps2
        return Command(steer * vehicle.steer_max_rad, pedal * most, reverse=action.reverse)
    if isinstance(action, Target):
        _check_finite(astuple(action))
        asked = SPEED_GAIN_1PS * (action.speed_mps - state.speed_mps)
        return Command(
            steering_rad(action.curvature_1pm, state, vehicle), _possible(asked, vehicle)
        )
    return _follow(action, state, vehicle)


def _follow(action: Waypoints, state: Moving, vehicle: Vehicle) -> Command:
    points = np.asarray(action.points_m, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ActionError(f"waypoints are (K, 2) in m, not {points.shape}")
    _check_finite((*points.ravel().tolist(), action.every_s))
    if action.every_s <= 0:
        raise ActionError(f"waypoints come every so many seconds, not every {action.every_s:g} s")
    way = np.concatenate([np.zeros((1, 2)), points])
    s = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))])
    due = action.every_s * np.arange(len(way))
    within = min(PACE_S, float(due[-1]))
    reached = float(np.interp(within, due, s))
    asked = 2.0 * (reached - state.speed_mps * within) / within**2
    aim = min(max(LEAST_AIM_M, AIM_S * abs(state.speed_mps)), float(s[-1]))
    x, y = (float(np.interp(aim, s, way[:, k])) for k in (0, 1))
    x -= vehicle.rear_axle_m
    curvature = 2.0 * y / max(x * x + y * y, 0.25) if s[-1] > 0.1 else 0.0
    return Command(steering_rad(curvature, state, vehicle), _possible(asked, vehicle))


def steering_rad(curvature_1pm: float, state: Moving, vehicle: Vehicle) -> float:
    """Return the steering angle of a curvature, with what the tyres' slip takes of it."""
    lateral = np.clip(curvature_1pm * state.speed_mps**2 / GRAVITY_MPS2, -0.6, 0.6)
    angle = np.arctan(vehicle.wheelbase_m * curvature_1pm) + vehicle.understeer * lateral
    return float(np.clip(angle, -vehicle.steer_max_rad, vehicle.steer_max_rad))


def pedals_of(
    acceleration_mps2: float, curvature_1pm: float, state: Moving, vehicle: Vehicle
) -> Pedals:
    """Return the pedals of an acceleration, and the steering of a curvature."""
    most = vehicle.pull_mps2 if acceleration_mps2 > 0 else vehicle.brake_mps2
    steer = steering_rad(curvature_1pm, state, vehicle) / vehicle.steer_max_rad
    return Pedals(steer, float(np.clip(acceleration_mps2 / most, -1.0, 1.0)))


def _possible(asked_mps2: float, vehicle: Vehicle) -> float:
    return float(np.clip(asked_mps2, -vehicle.brake_mps2, vehicle.pull_mps2))


def _check_finite(values: tuple[float, ...]) -> None:
    if not np.isfinite(values).all():
        told = ", ".join(f"{value:g}" for value in values)
        raise ActionError(f"an action that isn't finite: {told}")
