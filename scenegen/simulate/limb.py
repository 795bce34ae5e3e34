"""A leg's joint angles from where its foot is."""

from __future__ import annotations

from math import acos, asin, atan2, cos, sin, sqrt

STRETCH = 0.9995
"""A leg is never quite straight, where its knee would snap."""


def leg_angles(
    x: float, y: float, z: float, upper_m: float, lower_m: float, out: float
) -> tuple[float, float, float]:
    """Return swing, spread and knee bend (rad) of a leg that has to end at a point.

    The scalar form of `assets.riding.two_link` for knees, quick enough for every leg in
    every control step.

    Parameters
    ----------
    x, y, z : float
        The leg's end from its root, m; out of reach, the leg is stretched towards it.
    out : float
        +1 for a left leg, -1 for a right one: away from the body.
    """
    distance = sqrt(x * x + y * y + z * z)
    reach = min(max(distance, abs(upper_m - lower_m) + 1e-6), STRETCH * (upper_m + lower_m))
    scale = reach / distance
    x, y, z = x * scale, y * scale, z * scale
    cosine = (reach * reach - upper_m * upper_m - lower_m * lower_m) / (2.0 * upper_m * lower_m)
    bend = acos(min(max(cosine, -1.0), 1.0))
    forward, down = -lower_m * sin(bend), upper_m + lower_m * cos(bend)
    spread = asin(min(max(y / down, -1.0), 1.0))
    return atan2(x, -z) - atan2(forward, down * cos(spread)), out * spread, bend
