"""Phases of traffic signals, in closed form."""

from __future__ import annotations

import math
from typing import Literal

from scenegen.records import SignalHead, SignalPlan, SignalState

FLASH_PERIOD_S = 1.0
WALK_SHARE = 0.6
"""Part of the traffic's green during which those beside it may set out across the other road."""
EPSILON_S = 1e-9
"""So that a time that is a phase's start in decimals counts as its start."""

_WITHOUT_GREEN = {
    SignalState.GREEN: SignalState.OFF,
    SignalState.RED_AMBER: SignalState.RED,
}


def cycle_s(plan: SignalPlan) -> float:
    """Return the length of a whole cycle in s."""
    return 2 * (plan.green_s + plan.amber_s + plan.all_red_s + plan.red_amber_s)


def signal_state(plan: SignalPlan, group: Literal["major", "minor"], time_s: float) -> SignalState:
    """Return what the signals of one road show.

    The major road's green begins at phase 0, the minor road's half a cycle later. Each
    half runs: green, amber, all red, then red and amber for the other road.

    Parameters
    ----------
    plan : SignalPlan
    group : str
    time_s : float
        Since the start of the scene.
    """
    at = time_s + plan.offset_s + EPSILON_S
    if plan.mode == "dark":
        return SignalState.OFF
    if plan.mode == "closed":
        return SignalState.RED
    if plan.mode == "flashing":
        on = at % FLASH_PERIOD_S < 0.5 * FLASH_PERIOD_S
        return SignalState.FLASHING_AMBER_ON if on else SignalState.FLASHING_AMBER_OFF
    state = _cycle(plan, at)
    if group == "major":
        return state
    if plan.mode == "conflicting" and state is SignalState.GREEN:
        return SignalState.GREEN
    return _cycle(plan, at - 0.5 * cycle_s(plan))


def walk_state(plan: SignalPlan, crossed: Literal["major", "minor"], time_s: float) -> SignalState:
    """Return what the signals show to those who walk across one road.

    They walk beside the other road's green, and are stopped before it ends so that they
    get across. Failing signals leave them without any, but for ``conflicting`` ones,
    where only those of the traffic fail.

    Parameters
    ----------
    plan : SignalPlan
    crossed : str
        The road they walk across.
    time_s : float
        Since the start of the scene.
    """
    if plan.mode in ("dark", "flashing"):
        return SignalState.OFF
    if plan.mode == "closed":
        return SignalState.RED
    at = time_s + plan.offset_s + EPSILON_S
    beside = at if crossed == "minor" else at - 0.5 * cycle_s(plan)
    walking = beside % cycle_s(plan) < WALK_SHARE * plan.green_s
    return SignalState.GREEN if walking else SignalState.RED


def head_state(plan: SignalPlan, head: SignalHead, time_s: float) -> SignalState:
    """Return what one signal shows.

    Lights of a level crossing are those of its road without the green: dark while it is open.
    """
    if head.kind == "walk":
        return walk_state(plan, head.group, time_s)
    state = signal_state(plan, head.group, time_s)
    if head.kind == "level_crossing":
        return _WITHOUT_GREEN.get(state, state)
    return state


def next_change(plan: SignalPlan, head: SignalHead, time_s: float) -> tuple[float, SignalState]:
    """Return when a signal next shows something else, and what.

    Returns
    -------
    countdown_s : float
        From `time_s` on, above 0; ``inf`` if it never changes.
    state : SignalState
        What it shows from then on; what it shows now if it never changes.
    """
    now = head_state(plan, head, time_s)
    period, starts = _starts(plan)
    at = (time_s + plan.offset_s + EPSILON_S) % period
    for start in sorted((start - at) % period or period for start in starts):
        # A phase begins within rounding; a moment later it has.
        state = head_state(plan, head, time_s + start + 2.0 * EPSILON_S)
        if state is not now:
            return start + EPSILON_S, state
    return math.inf, now


def _starts(plan: SignalPlan) -> tuple[float, tuple[float, ...]]:
    """Return the period of a plan, and when in it phases of any signal may begin."""
    if plan.mode == "flashing":
        return FLASH_PERIOD_S, (0.0, 0.5 * FLASH_PERIOD_S)
    cycle, green = cycle_s(plan), plan.green_s
    once = (0.0, WALK_SHARE * green, green, green + plan.amber_s, cycle - plan.red_amber_s)
    both = [(start + shift) % cycle for start in once for shift in (0.0, 0.5 * cycle)]
    return cycle, tuple(sorted(set(both)))


def _cycle(plan: SignalPlan, at: float) -> SignalState:
    cycle = cycle_s(plan)
    phase = at % cycle
    if phase < plan.green_s:
        return SignalState.GREEN
    if phase < plan.green_s + plan.amber_s:
        return SignalState.AMBER
    if phase >= cycle - plan.red_amber_s:
        return SignalState.RED_AMBER
    return SignalState.RED
