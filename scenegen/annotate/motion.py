"""What follows from a run's states alone: accelerations, the ego's controls, contacts."""

from __future__ import annotations

import numpy as np

from scenegen.records import CONTROLS, ConcreteScenario, Trajectory
from scenegen.records.base import F64
from scenegen.records.motion_labels import ContactLabel, EgoControls


def accelerations(trajectory: Trajectory) -> F64:
    """Return the accelerations (T, N, 3) of all body origins, in world axes, m/s².

    (v[i + 1] - v[i - 1]) / (t[i + 1] - t[i - 1]) of the recorded velocities; (v[1] - v[0]) / dt
    and (v[-1] - v[-2]) / dt at the ends of a run. So a blow counts as what it comes to on average
    over the two control steps around a row; a run of one row has none.
    """
    velocity, time = trajectory.velocity_mps, trajectory.time_s
    if len(time) < 2:
        return np.zeros_like(velocity)
    before = np.maximum(np.arange(len(time)) - 1, 0)
    after = np.minimum(np.arange(len(time)) + 1, len(time) - 1)
    span = (time[after] - time[before])[:, None, None]
    return np.asarray((velocity[after] - velocity[before]) / span)


def controls_at(trajectory: Trajectory, row: int) -> EgoControls | None:
    """Return the ego's controls at a row; None if it is no vehicle, or they weren't recorded."""
    if trajectory.controls is None or not trajectory.controls.size:
        return None
    values = dict(zip(CONTROLS, trajectory.controls[row].tolist(), strict=True))
    return EgoControls(**{**values, "gear": round(values["gear"])})


def contacts_between(
    scenario: ConcreteScenario, trajectory: Trajectory, before: int | None, row: int
) -> list[ContactLabel]:
    """Return the contacts that began after one row, if there is one, up to another.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory
    before : int or None
        The row of the frame before; None in the first frame.
    row : int
    """
    contacts = trajectory.contacts
    # What a physics step brings about is there at its end.
    ends = contacts["step"] + 1
    since = ends > (-1 if before is None else trajectory.step[before])
    return [
        ContactLabel(
            a=int(contact["actor_a"]),
            b=int(contact["actor_b"]),
            time_s=float(contact["step"]) / scenario.rates.physics_hz,
            impulse_ns=float(contact["impulse_ns"]),
            closing_speed_mps=float(contact["closing_speed_mps"]),
            position_world_m=tuple(contact["position_m"].tolist()),
        )
        for contact in contacts[since & (ends <= trajectory.step[row])]
    ]
