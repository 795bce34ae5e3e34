"""Points of a sweep as others keep them: all in the sensor's frame at one moment."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from scenegen.dataset import SweepReader
from scenegen.geometry import apply, inverse
from scenegen.records.base import F64

F32 = npt.NDArray[np.float32]


def sweep_at(sweeps: Iterable[SweepReader], time_s: float) -> SweepReader | None:
    """Return the sweep that was going on at a moment; the last one that had begun if none was."""
    begun = [sweep for sweep in sweeps if sweep.entry.time_s <= time_s + 1e-9]
    return max(begun, key=lambda sweep: sweep.entry.time_s, default=None)


def cloud(sweep: SweepReader, world_from_sensor: F64) -> F32:
    """Return points (N, 4) float32: x, y, z in m in one frame, and intensity 0 to 1.

    The ego's motion during the sweep is taken out; what moves itself stays where it was when
    the beam met it.

    Parameters
    ----------
    sweep : SweepReader
    world_from_sensor : (4, 4) float64
        Where the sensor was at the moment whose frame is asked for.
    """
    points = sweep.points
    moved = apply(inverse(world_from_sensor), sweep.labels.in_world(points[:, :3], sweep.beam))
    return np.column_stack([moved, points[:, 3]]).astype("<f4")
