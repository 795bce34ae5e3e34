"""Trajectories without physics, for what only looks at a scene."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenegen.records import MAX_JOINTS, Actor, Rates, Trajectory


def coasting(actors: Sequence[Actor], rows: int, rates: Rates | None = None) -> Trajectory:
    """Return a trajectory on which everyone keeps velocity and heading, and moves no joint.

    There are no signals. Other states come in by `dataclasses.replace`.

    Parameters
    ----------
    actors : sequence of Actor
        They start where they are placed.
    rows : int
        Control steps, the first at 0 s.
    rates : Rates, optional
        Those of a scenario that names none, if not given.
    """
    rates = rates or Rates()
    shape = (rows, len(actors))
    time = np.arange(rows) / rates.control_hz
    velocity = np.array([a.velocity_mps for a in actors], dtype=np.float64)
    start = np.array([a.position_m for a in actors], dtype=np.float64)
    heading = np.array([a.quaternion_wxyz for a in actors], dtype=np.float64)
    return Trajectory(
        actor_ids=np.array([a.instance_id for a in actors], dtype=np.uint16),
        step=np.arange(rows, dtype=np.int64) * (rates.physics_hz // rates.control_hz),
        time_s=time,
        position_m=start + time[:, None, None] * velocity,
        quaternion_wxyz=np.tile(heading, (rows, 1, 1)),
        velocity_mps=np.tile(velocity, (rows, 1, 1)),
        angular_velocity_radps=np.zeros((*shape, 3)),
        articulation=np.zeros((*shape, MAX_JOINTS)),
        lamps=np.zeros(shape, dtype=np.uint16),
        intent=np.zeros(shape, dtype=np.uint8),
        manoeuvre=np.full(shape, -1, dtype=np.int16),
        valid=np.ones(shape, dtype=np.bool_),
        signal_states=np.zeros((rows, 0), dtype=np.uint8),
    )
