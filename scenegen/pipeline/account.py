"""A run in a few lines, in order of time: who does what, who brakes, how near they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scenegen.monitor import beginnings, brakings_of, happenings, nearest_of
from scenegen.monitor.findings import DRIVEN
from scenegen.pipeline.story import QUIET, of_its_row
from scenegen.report.facts import find_encounter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenegen.monitor import Braking
    from scenegen.records import ConcreteScenario, Trajectory
    from scenegen.records.holds import Holds

LINES = 8
"""Lines at the most; what tells least is left out."""
TTC_S = 10.0
"""A least time to collision beyond this is no close call."""
KMH = 3.6
_RANKS = {"drives past a red light": 0, "left the road": 0, "fell": 0, "tipped over": 0}
"""Of what counts most; other findings come after behaviours."""


@dataclass(frozen=True)
class Line:
    """Something that happened.

    Attributes
    ----------
    time_s : float
    rank : int
        0 for what tells most.
    text : str
    """

    time_s: float
    rank: int
    text: str

    def __str__(self) -> str:
        return f"{self.time_s:.1f} s  {self.text}"


def account_of(
    concrete: ConcreteScenario, trajectory: Trajectory, holds: Holds
) -> tuple[Line, ...]:
    """Return the `LINES` that tell most of a run, in order of time.

    First contacts, falls, red lights that are passed; how near the ego and others come and when
    the ego brakes; which behaviours begin; who stands, and when others brake.
    """
    lines = [
        *_happened(concrete, trajectory, holds),
        *_near(concrete, trajectory),
        *_braked(concrete, trajectory, holds),
        *_begun(concrete, trajectory),
    ]
    most = sorted(lines, key=lambda line: (line.rank, line.time_s))[:LINES]
    return tuple(sorted(most, key=lambda line: (line.time_s, line.rank)))


def _happened(concrete: ConcreteScenario, trajectory: Trajectory, holds: Holds) -> Iterator[Line]:
    for one in happenings(concrete, trajectory, holds):
        if one.time_s is not None:
            touches = one.what.startswith("touches")
            rank = 0 if touches else _RANKS.get(one.what, 3)
            until = "" if not one.lasts or one.until_s is None else f" until {one.until_s:.1f} s"
            why = f", {one.why}" if touches else f" {one.why}" if one.why else ""
            yield Line(one.time_s, rank, f"{one.who} {one.what}{until}{why}")


def _near(concrete: ConcreteScenario, trajectory: Trajectory) -> Iterator[Line]:
    """Yield the ego's least distance and time to collision, if it touches nobody."""
    names = {actor.instance_id: actor.name for actor in concrete.actors}
    encounter, near = find_encounter(concrete, trajectory), nearest_of(concrete, trajectory)
    if encounter.contact_mps is not None:
        return
    if encounter.actor is not None and encounter.ttc_s < TTC_S:
        text = f"least time to collision: {encounter.ttc_s:.1f} s with {names[encounter.actor]}"
        yield Line(encounter.time_s, 1, text)
    if near is not None:
        text = f"nearest: {near.name}, {near.gap_m:.1f} m from the ego"
        yield Line(float(trajectory.time_s[near.row]), 1, text)


def _braked(concrete: ConcreteScenario, trajectory: Trajectory, holds: Holds) -> Iterator[Line]:
    for actor in concrete.actors:
        if actor.category in DRIVEN and actor.attached_to is None:
            rank = 1 if actor is concrete.ego else 3
            for one in brakings_of(actor, concrete, trajectory, holds):
                yield Line(one.begins_s, rank, _told(one))


def _told(one: Braking) -> str:
    """Return ``ego brakes for child: 48 to 12 km/h by 4.1 s, hardest 6.1 m/s^2``."""
    why = one.why.removesuffix(" (ahead on its way)").removesuffix(" (who goes first)")
    whom = f" {why}" if why else ""
    to = "to a stand" if one.stands else f"to {one.to_mps * KMH:.0f} km/h"
    return (
        f"{one.actor} brakes{whom}: {one.from_mps * KMH:.0f} km/h {to} by {one.ends_s:.1f} s, "
        f"hardest {one.hardest_mps2:.1f} m/s^2"
    )


def _begun(concrete: ConcreteScenario, trajectory: Trajectory) -> Iterator[Line]:
    """Yield which behaviours begin after the start; of a row's bodies, the first only."""
    told = set()
    for one in sorted(beginnings(concrete, trajectory), key=lambda one: one.row or 0):
        what = f"{of_its_row(one.actor, concrete)} begins {one.does}"
        if one.row and one.does not in QUIET and what not in told:
            told.add(what)
            yield Line(float(trajectory.time_s[one.row]), 2, what)


def met_by_ego(concrete: ConcreteScenario, trajectory: Trajectory) -> tuple[int, ...]:
    """Return the instance ids of whom the ego touches or comes nearest to, in time and space."""
    near = nearest_of(concrete, trajectory)
    ids = (find_encounter(concrete, trajectory).actor, None if near is None else near.actor)
    return tuple(dict.fromkeys(one for one in ids if one is not None))


def ego_speed_kmh(concrete: ConcreteScenario, trajectory: Trajectory, row: int) -> float:
    """Return how fast the ego is at a row of the trajectory, in km/h."""
    column = trajectory.column(concrete.ego.instance_id)
    return float(np.linalg.norm(trajectory.velocity_mps[row, column])) * KMH
