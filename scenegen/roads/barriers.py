"""How far the half barriers of a level crossing are down, in closed form.

Arms begin to come down at least 3 s after the lights begin to burn, and not before these are red;
they are upright again within 12 s of the lights going out (MUTCD 2009, 8C.04). They take 6 to 8 s
on their way down (ORR, Level crossings: a guide for managers, designers and operators).
"""

from __future__ import annotations

from scenegen.records import RoadSpec, SignalPlan
from scenegen.roads.signals import EPSILON_S, cycle_s

WARNING_S, LOWERING_S, RAISING_S = 3.0, 7.0, 6.0
UPRIGHT_RAD = 1.48
"""Of an arm that is raised, from lying across the road."""


def barrier_lift(spec: RoadSpec, time_s: float) -> float:
    """Return the angle of the arms above the level, rad; they start and stop gently."""
    up = 1.0 - lowered(spec, time_s)
    return UPRIGHT_RAD * up * up * (3.0 - 2.0 * up)


def lowered(spec: RoadSpec, time_s: float) -> float:
    """Return how far the arms have come down: 0 is upright, 1 across the road.

    Those that work follow the lights. Without power, or while amber flashes, they stay up.

    Parameters
    ----------
    spec : RoadSpec
        Of a level crossing.
    time_s : float
        Since the start of the scene.
    """
    if spec.barriers in ("none", "open"):
        return 0.0
    if spec.barriers == "closed":
        return 1.0
    plan = spec.signals
    if plan is None or plan.mode in ("dark", "flashing"):
        return 0.0
    return 1.0 if plan.mode == "closed" else _in_cycle(plan, time_s + plan.offset_s + EPSILON_S)


def _in_cycle(plan: SignalPlan, at_s: float) -> float:
    """Return the same of lights that come and go, the road's green beginning at 0.

    If there is time for a share `below` of the way down and `above` of the way up in each cycle,
    arms come, after enough cycles, to the end that there is more time for.
    """
    cycle = cycle_s(plan)
    begins = plan.green_s + max(plan.amber_s, WARNING_S)
    # A phase shorter than the warning never lowers them.
    below, above = max(cycle - begins, 0.0) / LOWERING_S, begins / RAISING_S
    lowest = min(below, 1.0) if above >= min(below, 1.0) else 1.0
    at = at_s % cycle
    up = max(lowest - min(at, begins) / RAISING_S, 0.0)
    return min(up + max(at - begins, 0.0) / LOWERING_S, lowest)
