"""Checks of what labels say about motion, lamps, controls and contacts, against the trajectory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.case import FrameCase
from scenegen.annotate.checks.truth import SceneTruth
from scenegen.annotate.objects import RIGHT_OF_WAY, VEHICLES, lamp_names
from scenegen.records import CONTROLS, FrameLabels, ObjectLabel, Trajectory
from scenegen.records.base import F64
from scenegen.records.taxonomy import Lamp
from scenegen.roads import head_state

TOLERANCE = 1e-6
FLASHING = Lamp.INDICATOR_LEFT | Lamp.INDICATOR_RIGHT | Lamp.BEACON
NEVER_CHANGES_S = 240.0
"""Signals that don't say when they change must not do so within this time."""
_AT_ONCE = 64


def is_older(labels: FrameLabels) -> bool:
    """Say whether labels are of a version that knew nothing of what is checked here."""
    return labels.pairs is None


def motion(case: FrameCase) -> Iterator[str]:
    """Accelerations, spins, lamps, right of way, controls and weight are the trajectory's."""
    labels, trajectory = case.labels, case.truth.trajectory
    if is_older(labels):
        return
    rates = _accelerations(trajectory, case.row)
    ego = trajectory.column(case.truth.scenario.ego.instance_id)
    if _off(labels.ego.acceleration_world_mps2, rates[ego]):
        yield "the ego's acceleration is not that of the trajectory's velocities"
    controls = labels.ego.controls
    if trajectory.controls is not None and trajectory.controls.size:
        told = [getattr(controls, name, np.nan) for name in CONTROLS]
        if _off(told, trajectory.controls[case.row]):
            yield "the ego's controls are not the trajectory's"
    elif controls is not None:
        yield "the ego has controls that the trajectory doesn't"
    if labels.log_weight != case.truth.scenario.log_weight:
        yield f"log_weight is {labels.log_weight}, not {case.truth.scenario.log_weight}"
    for label in labels.objects:
        if label.instance_id in case.truth.actors:
            column = trajectory.column(label.instance_id)
            if _off(label.acceleration_world_mps2, rates[column]):
                yield f"instance {label.instance_id}: acceleration is not that of its velocities"
            spin = trajectory.angular_velocity_radps[case.row, column]
            if _off(label.angular_velocity_world_radps, spin):
                yield f"instance {label.instance_id}: angular velocity is not the trajectory's"
            for problem in _driver_problems(case, label, column):
                yield f"instance {label.instance_id}: {problem}"


def _accelerations(trajectory: Trajectory, row: int) -> F64:
    """Return the accelerations (N, 3) at a row, from numpy's own gradient."""
    if len(trajectory.time_s) < 2:
        return np.zeros(trajectory.velocity_mps.shape[1:])
    around = slice(max(row - 1, 0), row + 2)
    rates = np.gradient(trajectory.velocity_mps[around], trajectory.time_s[around], axis=0)
    return np.asarray(rates[row - around.start])


def _driver_problems(case: FrameCase, label: ObjectLabel, column: int) -> Iterator[str]:
    trajectory, row = case.truth.trajectory, case.row
    if label.category not in VEHICLES:
        if label.lamps_on is not None or label.right_of_way is not None:
            yield "is no vehicle, but has lamps or the right of way"
        return
    if trajectory.lamps_on is not None:
        on = Lamp(int(trajectory.lamps_on[row, column]))
        told = set(label.lamps_on or ())
        if "hazard" in told:
            told = told - {"hazard"} | {"indicator_left", "indicator_right"}
        if told != set(lamp_names(on)) or label.lamps_on is None:
            yield f"lamps_on {label.lamps_on}, trajectory {lamp_names(on)}"
        lit = set(label.lamps or ())
        if not lit <= told or told - lit - set(lamp_names(FLASHING)):
            yield f"lamps {sorted(lit)} are lit of {sorted(told)} that are on"
    if trajectory.right_of_way is not None:
        way = RIGHT_OF_WAY[int(trajectory.right_of_way[row, column])]
        if label.right_of_way != way:
            yield f"right_of_way {label.right_of_way}, trajectory {way}"
        ruled = case.truth.network.yields or case.truth.network.signals
        if way != "none" and not ruled:
            yield f"right_of_way {way} on a road without lines or signals to wait at"


def countdowns(case: FrameCase) -> Iterator[str]:
    """Signals show the same until their countdown is over, and then what they say."""
    plan, now = case.truth.scenario.road.signals, case.labels.time_s
    heads = {head.id: head for head in case.truth.network.signals}
    if is_older(case.labels) or plan is None:
        return
    for label in case.labels.signals:
        head = heads.get(label.id)
        if head is None:
            continue
        until = NEVER_CHANGES_S if label.countdown_s is None else label.countdown_s
        moments = now + np.linspace(0.0, max(until - 1e-3, 0.0), _AT_ONCE)
        states = {head_state(plan, head, float(moment)).name.lower() for moment in moments}
        if states != {label.state}:
            yield f"signal {label.id} changes within its countdown of {label.countdown_s} s"
        if label.countdown_s is None:
            continue
        after = head_state(plan, head, now + label.countdown_s + 1e-3).name.lower()
        if after != label.next_state or after == label.state:
            yield f"signal {label.id} shows {after} next, labelled {label.next_state}"


def contacts(truth: SceneTruth, frames: Sequence[FrameLabels]) -> Iterator[str]:
    """Every contact of the run up to the last frame is in one frame of each sensor, the first."""
    hz, events = truth.scenario.rates.physics_hz, truth.trajectory.contacts
    rows = truth.scenario.frame_rows
    for frame in frames:
        if frame.contacts is None:
            continue
        before = int(rows[frame.frame - 1]) if frame.frame > 0 else None
        since = -1 if before is None else int(truth.trajectory.step[before])
        expected = [
            (int(e["actor_a"]), int(e["actor_b"]), e["step"] / hz, float(e["impulse_ns"]))
            for e in events
            if since < e["step"] + 1 <= frame.step
        ]
        found = [(c.a, c.b, c.time_s, c.impulse_ns) for c in frame.contacts]
        if len(found) != len(expected) or _off(found, expected):
            yield f"{frame.sensor} frame {frame.frame}: contacts {found}, trajectory {expected}"


def _off(found: npt.ArrayLike | None, expected: npt.ArrayLike) -> bool:
    if found is None:
        return True
    a, b = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    return a.shape != b.shape or not bool((np.abs(a - b) <= TOLERANCE).all())
