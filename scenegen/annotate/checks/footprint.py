"""What a beam may be the echo of: its slack, its rays, and how echoes run into one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.sweep_case import SweepCase
from scenegen.geometry.beams import SIDES, side_rays
from scenegen.records.base import F64

SIGMAS = 6.0
"""Noise beyond so many standard deviations doesn't happen in a data set's lifetime."""
FLOAT_M = 2e-3
"""What float32 may do to a range some hundred metres from the scene's origin."""
PULSE_M = 0.6
"""Echoes of one beam that are closer than this run into one; docs/dataset.md."""
_WOBBLE = 3e-5
"""A ray along an outline may fall on either side: float32 directions are no finer."""


def slack_m(case: SweepCase) -> float:
    """Return by how much a range may differ from that of its surface."""
    return SIGMAS * case.spec.noise_m + FLOAT_M


def beam_rays(case: SweepCase, beam: npt.NDArray[np.int64]) -> F64:
    """Return rays (K, M, 3) all over beams (K,), in the sensor's frame.

    Their middle, their rims, and a little beside each; a rim without a neighbour is left out.
    """
    column, channel = np.divmod(beam, case.spec.channels)
    middle = case.beams[column, channel]
    rays = [middle]
    for axis, step in SIDES:
        other = [column, channel]
        other[axis] = other[axis] + step
        there = (other[axis] >= 0) & (other[axis] < case.beams.shape[axis])
        rim = middle.copy()
        if case.spec.divergence_rad and there.any():
            near = case.beams[other[0][there], other[1][there]]
            rim[there] = side_rays(middle[there], near, case.spec.divergence_rad)
        rays.append(rim)
    shifts = _WOBBLE * np.concatenate([np.zeros((1, 3)), np.eye(3), -np.eye(3)])
    stacked = np.stack(rays, axis=1)[:, :, None] + shifts
    return np.asarray(stacked.reshape(len(beam), len(rays) * len(shifts), 3))
