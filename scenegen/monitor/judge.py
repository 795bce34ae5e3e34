"""What a run's monitors come to."""

from __future__ import annotations

import math
from functools import partial
from itertools import product

from scenegen.monitor.questions import Run
from scenegen.monitor.semantics import worth
from scenegen.records import ConcreteScenario, Monitor, Trajectory
from scenegen.scenario.bound import read_bound

MOST_BODIES = 10_000
"""Combinations of bodies that a monitor over rows may ask about."""


def judge(concrete: ConcreteScenario, trajectory: Trajectory) -> dict[str, float]:
    """Return the robustness of every monitor of a scene, by name; see `robustness`."""
    run = Run(concrete, trajectory)
    rate = concrete.rates.control_hz
    return {name: robustness(monitor, run, rate) for name, monitor in concrete.monitors.items()}


def robustness(monitor: Monitor, run: Run, rate_hz: float) -> float:
    """Return how far a run is from breaking a monitor; negative if it breaks it.

    The value is that of the formula at the first step, in discrete time at the rate of control.
    A row of actors stands for each of its bodies in turn: the least value counts, ``inf``
    for a row without any.

    Raises
    ------
    ValueError
        The monitor holds no formula, or asks about bodies that the run doesn't have.
    """
    formula = read_bound(monitor.formula)
    unknown = {i for ids in formula.bodies.values() for i in ids} - run.bodies
    if unknown:
        raise ValueError(f"a monitor asks about {sorted(unknown)}, who are not in the run")
    if math.prod(len(ids) for ids in formula.bodies.values()) > MOST_BODIES:
        raise ValueError(f"a monitor asks about at most {MOST_BODIES:,} combinations of bodies")
    least = float("inf")
    for bodies in product(*formula.bodies.values()):
        who = dict(zip(formula.bodies, bodies, strict=True))
        values = worth(
            formula.node,
            partial(run.measure, who=who),
            partial(run.margin, who=who),
            run.steps,
            rate_hz,
        )
        least = min(least, float(values[0]))
    return least
