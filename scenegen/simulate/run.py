"""A whole scene from its first control step to its last."""

from __future__ import annotations

from scenegen.records import ConcreteScenario, Trajectory
from scenegen.records.holds import Holds
from scenegen.simulate.recorder import Recorder
from scenegen.simulate.world import World


def simulate(scenario: ConcreteScenario) -> Trajectory:
    """Simulate a scene in a fresh physics world.

    Returns
    -------
    Trajectory
        One row for each control step from 0 to ``scenario.duration_s``, inclusive. The
        same scenario gives the same bytes in any process.

    Raises
    ------
    SimulationError
        A state is not finite, or a body left the world; names actor, step and time.
    """
    return simulate_told(scenario)[0]


def simulate_told(scenario: ConcreteScenario) -> tuple[Trajectory, Holds]:
    """Simulate a scene as `simulate` does, and return what held its drivers back as well."""
    rows = round(scenario.duration_s * scenario.rates.control_hz) + 1
    world = World(scenario)
    try:
        recorder = Recorder(world, rows)
        recorder.write(0)
        for row in range(1, rows):
            world.step()
            recorder.write(row)
        return recorder.trajectory(), recorder.holds()
    finally:
        world.close()
