"""When a manoeuvre starts, from the true state at a control step."""

from __future__ import annotations

import numpy as np

from scenegen.records import Trigger
from scenegen.records.base import F64

_EPSILON_S = 1e-9


def fires(
    trigger: Trigger,
    time_s: float,
    own: tuple[F64, F64],
    other: tuple[F64, F64, float] | None,
    before_finished: bool,
) -> bool:
    """Return whether a trigger's condition holds.

    Parameters
    ----------
    own : (position (2,), velocity (2,))
        Middle of this actor's box, in the plane.
    other : (position (2,), velocity (2,), heading rad) or None
        Of the actor that the trigger names.
    before_finished : bool
        Whether the manoeuvre before this one has come to its end, or there is none.

    Raises
    ------
    ValueError
        The trigger needs another actor and names none.
    """
    if trigger.kind == "start":
        return before_finished
    if trigger.kind == "time":
        return time_s >= trigger.value - _EPSILON_S
    if other is None:
        raise ValueError(f"a {trigger.kind!r} trigger needs the id of another actor")
    apart = other[0] - own[0]
    if trigger.kind == "distance":
        return bool(np.hypot(apart[0], apart[1]) <= trigger.value)
    if trigger.kind == "ttc":
        return time_to_collision(apart, other[1] - own[1]) <= trigger.value
    return time_to_abreast(-apart, other[1], other[2]) <= trigger.value


def time_to_collision(apart_m: F64, relative_mps: F64) -> float:
    """Return the time (s) to the closest approach along a relative velocity; inf if parting.

    Parameters
    ----------
    apart_m, relative_mps : ndarray, shape (2,)
        Position and velocity of the other, seen from here.
    """
    square = float(relative_mps @ relative_mps)
    closing = -float(apart_m @ relative_mps)
    return closing / square if square > 1e-6 and closing > 0 else float("inf")


def time_to_abreast(ahead_m: F64, velocity_mps: F64, heading_rad: float) -> float:
    """Return the time (s) until something moving is abreast of a point; inf if it has passed.

    Parameters
    ----------
    ahead_m : ndarray, shape (2,)
        The point, seen from what moves.
    """
    heading = np.array([np.cos(heading_rad), np.sin(heading_rad)])
    along, speed = float(ahead_m @ heading), float(velocity_mps @ heading)
    return along / speed if speed > 0.1 and along >= 0 else float("inf")
