"""Checks of the ego's motion in the labels of sweeps and scans, against the trajectory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scenegen.annotate.checks.lane_truth import ego_place
from scenegen.annotate.checks.scan_case import ScanCase
from scenegen.annotate.checks.sweep_case import SweepCase
from scenegen.records import CONTROLS

TOLERANCE = 1e-6
_ROUNDING_S = 1e-8


def ego_motion(case: SweepCase | ScanCase) -> Iterator[str]:
    """Acceleration and controls are the trajectory's, and who has a lane is in one."""
    labels, trajectory = case.labels, case.truth.trajectory
    told = labels.ego.acceleration_world_mps2
    if told is None:
        return  # labels of a version that knew nothing of it
    times, column = trajectory.time_s, trajectory.column(case.truth.scenario.ego.instance_id)
    rates = np.gradient(trajectory.velocity_mps[:, column], times, axis=0)
    expected = [float(np.interp(labels.time_s, times, axis)) for axis in rates.T]
    if not np.allclose(told, expected, rtol=0.0, atol=TOLERANCE):
        yield "the ego's acceleration is not that of the trajectory's velocities"
    controls = labels.ego.controls
    if trajectory.controls is not None and trajectory.controls.size:
        row = int((times < labels.time_s - _ROUNDING_S).sum())
        known = [getattr(controls, name, np.nan) for name in CONTROLS]
        if not np.allclose(known, trajectory.controls[row], rtol=0.0, atol=TOLERANCE):
            yield "the ego's controls are not the trajectory's"
    elif controls is not None:
        yield "the ego has controls that the trajectory doesn't"
    place = ego_place(case.truth, int(np.abs(times - labels.time_s).argmin()))
    lane = labels.ego.lane
    if (lane is None) != (place is None) or (lane and lane not in case.truth.network.lanes):
        yield f"the ego's lane is {lane}"
