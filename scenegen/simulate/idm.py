"""The Intelligent Driver Model (Treiber, Hennecke, Helbing 2000)."""

from __future__ import annotations

import numpy as np

from scenegen.records.base import F64

STANDSTILL_GAP_M = 2.0
HEADWAY_S = 1.3


def free_acceleration(speed: F64, wanted: F64, a: F64, b: F64) -> F64:
    """Return the acceleration on an empty road, in the form that is gentle above `wanted`.

    Parameters
    ----------
    speed, wanted : ndarray, shape (N,)
        m/s.
    a, b : ndarray, shape (N,)
        Comfortable acceleration and deceleration, m/s².
    """
    target = np.maximum(wanted, 0.1)
    v = np.maximum(speed, 0.0)
    below = a * (1.0 - (v / target) ** 4)
    above = -b * (1.0 - (target / np.maximum(v, 0.1)) ** np.maximum(4.0 * a / b, 1.0))
    return np.where(wanted < 0.1, -b, np.where(v <= target, below, above))


LINE_GAP_M = 1.5
"""A line is no bumper: one stops half a metre short of it."""


def halting(gap_m: float, speed_mps: float, a: float, b: float) -> float:
    """Return the acceleration towards a stand before a line, m/s².

    Parameters
    ----------
    gap_m : float
        From the front to the line.
    a, b : float
        How the driver likes to speed up and slow down.
    """
    v = np.array(speed_mps)
    return float(a - interaction(v, v, np.array(gap_m + LINE_GAP_M), np.array(a), np.array(b)))


def interaction(
    speed: F64,
    closing: F64,
    gap: F64,
    a: F64,
    b: F64,
    *,
    headway_s: F64 | float = HEADWAY_S,
    min_gap_m: F64 | float = STANDSTILL_GAP_M,
) -> F64:
    """Return the deceleration (>= 0) for the sake of something ahead.

    Parameters
    ----------
    closing : ndarray
        Speed at which the gap closes, m/s.
    gap : ndarray
        Free distance, m; ``inf`` for an empty road.
    headway_s, min_gap_m : ndarray or float
        Time and distance at standstill that drivers keep.
    """
    v = np.maximum(speed, 0.0)
    dynamic = v * headway_s + v * closing / (2.0 * np.sqrt(a * b))
    wanted = min_gap_m + np.maximum(dynamic, 0.0)
    return np.asarray(a * (wanted / np.maximum(gap, 0.3)) ** 2)
