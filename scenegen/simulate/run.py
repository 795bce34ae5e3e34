"""A whole scene from its first control step to its last."""

from __future__ import annotations

from scenegen.errors import InputError
from scenegen.records import ConcreteScenario, Trajectory
from scenegen.records.disturbance import PERCEIVED
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
    check_undirected(scenario)
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


def check_undirected(scenario: ConcreteScenario) -> None:
    """Raise an InputError if a disturbance is of an agent, where the ego has none."""
    for one in scenario.disturbances:
        if one.channel in PERCEIVED:
            raise InputError(
                f"{scenario.name}: disturbance {one.name!r} is {one.channel}, of what an agent is "
                "told, and here the ego goes by the scenario's own driver; take drive or search"
            )
