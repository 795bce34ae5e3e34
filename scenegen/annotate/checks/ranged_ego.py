"""Checks of the ego's motion in the labels of sweeps and scans, against the trajectory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scenegen.annotate.checks.lane_truth import ego_place
from scenegen.annotate.checks.scan_case import ScanCase
from scenegen.annotate.checks.sweep_case import SweepCase
from scenegen.annotate.checks.truth import SceneTruth
from scenegen.records import CONTROLS
from scenegen.records.labels import EgoLabel

TOLERANCE = 1e-6
_ROUNDING_S = 1e-8


def sweep_ego(case: SweepCase) -> Iterator[str]:
    """Acceleration and controls are the trajectory's, and who has a lane is in one."""
    yield from problems(case.labels.ego, case.truth, case.start_s)


def scan_ego(case: ScanCase) -> Iterator[str]:
    """Acceleration and controls are the trajectory's, and who has a lane is in one."""
    yield from problems(case.labels.ego, case.truth, case.time_s)


def problems(ego: EgoLabel, truth: SceneTruth, time_s: float) -> Iterator[str]:
    """Go through what is wrong with the ego's motion at a moment by the scenario."""
    trajectory = truth.trajectory
    told = ego.acceleration_world_mps2
    if told is None:
        return  # labels of a version that knew nothing of it
    times, column = trajectory.time_s, trajectory.column(truth.scenario.ego.instance_id)
    rates = np.gradient(trajectory.velocity_mps[:, column], times, axis=0)
    expected = [float(np.interp(time_s, times, axis)) for axis in rates.T]
    if not np.allclose(told, expected, rtol=0.0, atol=TOLERANCE):
        yield "the ego's acceleration is not that of the trajectory's velocities"
    controls = ego.controls
    if trajectory.controls is not None and trajectory.controls.size:
        row = int((times < time_s - _ROUNDING_S).sum())
        known = [getattr(controls, name, np.nan) for name in CONTROLS]
        if not np.allclose(known, trajectory.controls[row], rtol=0.0, atol=TOLERANCE):
            yield "the ego's controls are not the trajectory's"
    elif controls is not None:
        yield "the ego has controls that the trajectory doesn't"
    place = ego_place(truth, int(np.abs(times - time_s).argmin()))
    lane = ego.lane
    if (lane is None) != (place is None) or (lane and lane not in truth.network.lanes):
        yield f"the ego's lane is {lane}"
