"""What a state may be: finite, and within reach of the road."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenegen.errors import SimulationError

if TYPE_CHECKING:
    from scenegen.simulate.world import World

ABYSS_M = 60.0
BEYOND_M = 600.0
"""How far above or below the road's start, and beyond its ends, is out of the world."""


def check_state(world: World) -> None:
    """Look at a world's present state.

    Raises
    ------
    SimulationError
        A state is not finite, or a body has left the world; names actor, step and time.
    """
    low, high = world.ground.low - BEYOND_M, world.ground.high + BEYOND_M
    xy, z = world.position_m[:, :2], world.position_m[:, 2]
    finite = np.asarray(np.isfinite(world.rows).all(axis=1))
    inside = ((xy > low) & (xy < high)).all(axis=1) & (np.abs(z) < ABYSS_M)
    wrong = np.flatnonzero(~(finite & inside))
    if wrong.size:
        actor = world.bodies[int(wrong[0])].actor
        what = "left the world" if finite[wrong[0]] else "is no longer finite"
        raise SimulationError(
            f"actor {actor.instance_id} ({actor.name}) {what} at physics step "
            f"{world.row * world.substeps} ({world.time_s:.2f} s), "
            f"position {np.round(world.position_m[wrong[0]], 2).tolist()}"
        )
