"""Where somebody on wheels brakes: from when to when, how hard, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.assets import footprint
from scenegen.geometry.encounters import forward_speed
from scenegen.geometry.stretches import stretches
from scenegen.monitor.halts import STANDS_MPS, most_held, why_of
from scenegen.records import Actor, ConcreteScenario, Trajectory
from scenegen.records.base import F64
from scenegen.records.holds import Hold, Holds

SPAN_S = 0.2
"""Over so long a deceleration is taken: bodies of rigid physics shake at shorter ones."""
BRAKES_MPS2 = 1.0
"""Braking lasts while one slows down by more: lifting off the pedal doesn't."""
TOLD_MPS2, TOLD_MPS = 2.0, 2.0
"""How hard one has to brake at most, and by how much to slow down, for it to be told."""
PAUSE_S = 0.5
"""Who takes the foot off for less goes on braking."""


@dataclass(frozen=True)
class Braking:
    """One time of braking.

    Attributes
    ----------
    actor : str
    begins_s, ends_s : float
    from_mps, to_mps : float
        Forward speeds then.
    hardest_mps2 : float
        Greatest deceleration, positive, as a mean over `SPAN_S`.
    why : str
        As `why_of` tells it; "" for what its own behaviour wants.
    """

    actor: str
    begins_s: float
    ends_s: float
    from_mps: float
    to_mps: float
    hardest_mps2: float
    why: str = ""

    @property
    def stands(self) -> bool:
        """Whether it ends in a stand."""
        return self.to_mps < STANDS_MPS


def brakings_of(
    actor: Actor, concrete: ConcreteScenario, trajectory: Trajectory, holds: Holds
) -> tuple[Braking, ...]:
    """Return where a vehicle brakes before its first contact with anybody, in order of time.

    What stops it in a crash is no braking, be it scenery.
    """
    column, times_s = trajectory.column(actor.instance_id), trajectory.time_s
    speed = forward_speed(footprint(actor, trajectory))
    last = _until_contact(actor, trajectory)
    found = []
    for first, end, hardest in brakes(speed[:last], times_s[:last]):
        hold, whom = most_held(holds.kind[first:end, column], holds.whom[first:end, column])
        if hold is Hold.CRASHED:
            continue  # what it ran into stops it
        free = hold in (Hold.NONE, Hold.WANTED)
        found.append(
            Braking(
                actor.name,
                float(times_s[first]),
                float(times_s[end - 1]),
                float(speed[first]),
                float(speed[end - 1]),
                hardest,
                "" if free else why_of(hold, whom, concrete),
            )
        )
    return tuple(found)


def deceleration(speed_mps: F64, times_s: F64) -> F64:
    """Return how fast (T,) in m/s^2 a speed falls, as a mean over `SPAN_S` about each moment."""
    low, high = (np.clip(times_s + side * SPAN_S / 2, times_s[0], times_s[-1]) for side in (-1, 1))
    lost = np.interp(low, times_s, speed_mps) - np.interp(high, times_s, speed_mps)
    return np.asarray(lost / (high - low))


def brakes(speed_mps: F64, times_s: F64) -> list[tuple[int, int, float]]:
    """Return where a speed (T,) is braked down: first row, end (exclusive), hardest in m/s^2."""
    if len(times_s) < 2:
        return []
    slowing = deceleration(speed_mps, times_s)
    joined: list[tuple[int, int]] = []
    for first, end in stretches(slowing > BRAKES_MPS2):
        goes_on = bool(joined) and times_s[first] - times_s[joined[-1][1] - 1] < PAUSE_S
        joined.append((joined.pop()[0] if goes_on else first, end))
    found = [(first, end, float(slowing[first:end].max())) for first, end in joined]
    return [
        (first, end, hardest)
        for first, end, hardest in found
        if hardest >= TOLD_MPS2 and speed_mps[first] - speed_mps[end - 1] >= TOLD_MPS
    ]


def _until_contact(actor: Actor, trajectory: Trajectory) -> int:
    """Return how many rows there are before somebody first touches anybody."""
    contacts = trajectory.contacts
    mine = (contacts["actor_a"] == actor.instance_id) | (contacts["actor_b"] == actor.instance_id)
    others = mine & (contacts["actor_a"] > 0) & (contacts["actor_b"] > 0)
    if not others.any():
        return len(trajectory.step)
    return int(np.searchsorted(trajectory.step, contacts["step"][others].min()))
