"""The swept path of long vehicles: how far rear axles and semitrailers cut bends.

Plane kinematics without slip: a rear axle rolls the way it points, and a semitrailer's axles
follow the kingpin (the tractrix). In a steady bend all of them go on circles about one middle,
which gives the widths of bends in guidelines (AASHTO, A Policy on Geometric Design, 3.3.10).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.records.base import F64
from scenegen.simulate.specs import VehicleSpec

BODY_HALF_M = 1.275
"""Half of the width that lorries and buses may have (Directive 96/53/EC); mirrors stick out."""
STEP_M = 1.0


@dataclass(frozen=True)
class Rig:
    """What of a vehicle matters for where it cuts bends; lengths from its rear axle, x forward.

    Attributes
    ----------
    base_m : float
        From the rear axle to the steered one.
    rear_m : float
        x of the rear axle in the body frame.
    front_m, back_m : float
        Ends of the body.
    half_m : float
        Half of the body's width.
    steer_max_rad, steer_rate_radps : float
    hitch_m : float
        The fifth wheel.
    trailer_m : float
        From the kingpin back to the semitrailer's axles; 0 without one.
    nose_m, tail_m : float
        Ends of the semitrailer, from its axles.
    """

    base_m: float
    rear_m: float
    front_m: float
    back_m: float
    half_m: float
    steer_max_rad: float
    steer_rate_radps: float
    hitch_m: float = 0.0
    trailer_m: float = 0.0
    nose_m: float = 0.0
    tail_m: float = 0.0

    def swept_width_m(self, radius_m: float) -> float:
        """Return the width that is swept in a steady bend; `radius_m` is the rear axle's.

        The outermost point is a front corner, the innermost the side at the last axle:
        sqrt((R + w/2)² + f²) - (R - w/2). The axle of a semitrailer goes on a circle of radius
        sqrt(R² + h² - l²), and about the middle of it if that is negative.
        """
        outer, last = np.hypot(radius_m + self.half_m, self.front_m), radius_m
        if self.trailer_m > 0:
            last = np.sqrt(max(radius_m**2 + self.hitch_m**2 - self.trailer_m**2, 0.0))
            outer = max(outer, np.hypot(last + self.half_m, self.nose_m))
        return float(outer - last + self.half_m)


def rig_of(spec: VehicleSpec, trailer: VehicleSpec | None = None) -> Rig:
    """Return the rig of a vehicle and of the semitrailer that it pulls."""
    ends = spec.asset.bounds_m[:, 0] - spec.rear_axle_m
    towing: dict[str, float] = {}
    if trailer is not None:
        rear = trailer.rear_axle_m
        nose, tail = trailer.asset.bounds_m[1, 0] - rear, trailer.asset.bounds_m[0, 0] - rear
        towing = {
            "hitch_m": spec.asset.anchors["fifth_wheel"][0] - spec.rear_axle_m,
            "trailer_m": trailer.asset.anchors["kingpin"][0] - rear,
            "nose_m": float(nose),
            "tail_m": float(tail),
        }
    return Rig(
        base_m=spec.wheelbase_m,
        rear_m=spec.rear_axle_m,
        front_m=float(ends[1]),
        back_m=float(ends[0]),
        half_m=min(0.5 * spec.asset.size_m[1], BODY_HALF_M),
        steer_max_rad=spec.kind.steer_max_rad,
        steer_rate_radps=spec.kind.steer_rate_radps,
        **towing,
    )


def aim_m(speed_mps: F64, base_m: F64) -> F64:
    """Return how far ahead of the rear axle drivers on four wheels and more aim."""
    return np.maximum(2.5 + 0.55 * speed_mps, 1.2 * base_m)


def outlines(rig: Rig, ways_m: F64, reach_m: float, speed_mps: float) -> F64:
    """Drive a rig along paths by pure pursuit and return the edges of what it sweeps.

    Parameters
    ----------
    ways_m : ndarray, shape (B, M, 2)
        Paths for the body's reference point, with points about 1 m apart. The rig starts on
        the first of them in line.
    reach_m : float
        How far ahead of the rear axle the driver aims.
    speed_mps : float
        How fast; slow driving gives time to steer.

    Returns
    -------
    ndarray, shape (B, T, E, 2)
        E points on either side of the bodies after each step of `STEP_M`.
    """
    rows, last = np.arange(len(ways_m)), ways_m.shape[1] - 2
    ahead = _unit(ways_m[:, 2] - ways_m[:, 0])
    yaw = np.arctan2(ahead[:, 1], ahead[:, 0])
    axle = ways_m[:, 0] + rig.rear_m * ahead
    drawn = yaw
    pin = axle + rig.hitch_m * ahead
    steer = np.zeros(len(ways_m))
    turn = rig.steer_rate_radps * STEP_M / speed_mps
    index = np.zeros(len(ways_m), dtype=np.int64)
    found = []
    for _ in range(last - int(np.ceil(reach_m))):
        ahead = _heading(yaw)
        # Where the reference point is along the way, as the drivers find it.
        window = np.minimum(index[:, None] + np.arange(4), last)
        origin = axle - rig.rear_m * ahead
        away = origin[:, None] - ways_m[rows[:, None], window]
        index = window[rows, (away * away).sum(axis=-1).argmin(axis=1)]
        chord = ways_m[rows, index + 1] - ways_m[rows, index]
        along = ((origin - ways_m[rows, index]) * chord).sum(axis=1) / (chord * chord).sum(axis=1)
        place = np.clip(index + along + rig.rear_m + reach_m, 0.0, last)
        low = place.astype(np.int64)
        part = (place - low)[:, None]
        target = (1.0 - part) * ways_m[rows, low] + part * ways_m[rows, low + 1] - axle
        left = _left_of(ahead, target)
        wanted = np.arctan(2.0 * rig.base_m * left / np.maximum((target**2).sum(axis=1), 0.25))
        wanted = np.clip(wanted, -rig.steer_max_rad, rig.steer_max_rad)
        before, steer = steer, steer + np.clip(wanted - steer, -turn, turn)
        bend = STEP_M * np.tan(0.5 * (before + steer)) / rig.base_m
        axle = axle + STEP_M * _heading(yaw + 0.5 * bend)
        yaw = yaw + bend
        found.append(_edges(axle, yaw, (rig.back_m, 0.0, 0.5 * rig.base_m, rig.front_m), rig))
        if rig.trailer_m > 0:
            last_pin, pin = pin, axle + rig.hitch_m * _heading(yaw)
            half_turn = 0.5 * _left_of(_heading(drawn), pin - last_pin) / rig.trailer_m
            between = _heading(drawn + half_turn)
            drawn = drawn + _left_of(between, pin - last_pin) / rig.trailer_m
            bogie = pin - rig.trailer_m * _heading(drawn)
            places = (rig.tail_m, 0.0, 0.5 * rig.trailer_m, rig.nose_m)
            edges = _edges(bogie, drawn, places, rig)
            found[-1] = np.concatenate([found[-1], edges], axis=1)
    return np.stack(found, axis=1)


def _edges(axle_m: F64, yaw_rad: F64, along_m: tuple[float, ...], rig: Rig) -> F64:
    """Return the points (B, 2 n, 2) at the sides of bodies at places along them."""
    ahead = _heading(yaw_rad)
    left = rig.half_m * np.stack([-ahead[:, 1], ahead[:, 0]], axis=-1)
    middles = axle_m[:, None] + np.array(along_m)[:, None] * ahead[:, None]
    return np.concatenate([middles - left[:, None], middles + left[:, None]], axis=1)


def _heading(yaw_rad: F64) -> F64:
    return np.stack([np.cos(yaw_rad), np.sin(yaw_rad)], axis=-1)


def _unit(vectors: F64) -> F64:
    return np.asarray(vectors / np.hypot(vectors[..., 0], vectors[..., 1])[..., None])


def _left_of(ahead: F64, arrows: F64) -> F64:
    """Return the parts (B,) of arrows (B, 2) to the left of unit vectors (B, 2)."""
    return np.asarray(ahead[:, 0] * arrows[:, 1] - ahead[:, 1] * arrows[:, 0])
