"""What a run's monitors come to."""

from __future__ import annotations

from functools import partial

from scenegen.monitor.questions import Run
from scenegen.monitor.semantics import Semantics
from scenegen.records import ConcreteScenario, Monitor, Trajectory
from scenegen.scenario.bound import read_bound
from scenegen.scenario.syntax import Node


def judge(concrete: ConcreteScenario, trajectory: Trajectory) -> dict[str, float]:
    """Return the robustness of every monitor of a scene, by name; see `robustness`."""
    run = Run(concrete, trajectory)
    rate = concrete.rates.control_hz
    return {name: robustness(monitor, run, rate) for name, monitor in concrete.monitors.items()}


def robustness(monitor: Monitor, run: Run, rate_hz: float) -> float:
    """Return how far a run is from breaking a monitor; negative if it breaks it.

    The value is that of the formula at the first step, in discrete time at the rate of control.

    Raises
    ------
    ValueError
        The monitor holds no formula, or asks about bodies that the run doesn't have.
    """
    node, semantics = semantics_of(monitor, run, rate_hz)
    return float(semantics.worth(node)[0])


def semantics_of(monitor: Monitor, run: Run, rate_hz: float) -> tuple[Node, Semantics]:
    """Return a monitor's formula, and what tells what it is worth in a run.

    Raises
    ------
    ValueError
        As `robustness`.
    """
    formula = read_bound(monitor.formula)
    unknown = {i for ids in formula.bodies.values() for i in ids} - run.ids
    if unknown:
        raise ValueError(f"a monitor asks about {sorted(unknown)}, who are not in the run")
    blind = formula.sensors - run.sensors
    if blind:
        raise ValueError(f"a monitor asks about {sorted(blind)}, which is no sensor of the ego")
    measure, margin = (partial(ask, bodies=formula.bodies) for ask in (run.measure, run.margin))
    return formula.node, Semantics(measure, margin, run.steps, rate_hz)
