"""What happened in a run that an author may not have meant, a finding each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.assets import footprint
from scenegen.geometry import matrix_from_quaternion
from scenegen.monitor.begun import beginnings, begun_again
from scenegen.monitor.conditions_told import told
from scenegen.monitor.halts import halts_of
from scenegen.monitor.meetings import meetings_of
from scenegen.monitor.red_lights import Fronts, passes_red
from scenegen.monitor.sight import Sight
from scenegen.monitor.speeds import KMH, shortfalls
from scenegen.records import Actor, ConcreteScenario, Intent, Trajectory
from scenegen.records.holds import Hold, Holds
from scenegen.roads import beyond_carriageway, build_network

MOTORS = frozenset({"car", "truck", "bus", "motorcycle"})
"""Categories that belong on the carriageway."""
DRIVEN = MOTORS | {"bicycle", "train"}
OVER = 0.5
"""Upright share of a body's vertical axis below which it has fallen: 60 degrees."""
OFF_M = 0.3
"""How far beyond the carriageway a middle has to be to have left it."""
HARDLY_M = 3.0
MISSED_S = 0.3
"""By so much who is to be somewhere together with another may be late."""
_NUMBER = re.compile(r"_\d+$")
"""What ends the names of the bodies of a row."""


@dataclass(frozen=True)
class Finding:
    """One thing that happened, or didn't.

    Attributes
    ----------
    who : str
        Name of the actor.
    what : str
        A verb and what goes with it: ``fell``, ``touches van``, ``cross never began``.
    time_s : float or None
        When; None for what is about all of the run.
    until_s : float or None
        When it was over, of what lasts; None for the rest, and for what lasts to the end.
    lasts : bool
    why : str
        ``for cyclist (ahead on its way)``, ``waits for: time 5 s``.
    """

    who: str
    what: str
    time_s: float | None = None
    until_s: float | None = None
    lasts: bool = False
    why: str = ""

    @property
    def when(self) -> str:
        """Return ``at 4.3 s``, ``from 2.1 s to the end``, or "" for all of the run."""
        if self.time_s is None:
            return ""
        if not self.lasts:
            return f"at {self.time_s:.1f} s"
        end = "the end" if self.until_s is None else f"{self.until_s:.1f} s"
        return f"from {self.time_s:.1f} s to {end}"


def findings_of(
    concrete: ConcreteScenario, trajectory: Trajectory, holds: Holds
) -> tuple[Finding, ...]:
    """Return what happened in a run.

    Who stands, what never began, contacts, red lights that are passed, falls, who leaves the road.

    Parameters
    ----------
    concrete : ConcreteScenario
    trajectory, holds
        Of that scene.

    Returns
    -------
    tuple of Finding
        Each pair's contact once, the first; in no order of time.
    """
    return (
        *happenings(concrete, trajectory, holds),
        *_never_begun(concrete, trajectory),
        *_begun_again(concrete, trajectory),
        *_slow(concrete, trajectory, holds),
        *_unseen(concrete, trajectory),
    )


def happenings(
    concrete: ConcreteScenario, trajectory: Trajectory, holds: Holds
) -> tuple[Finding, ...]:
    """Return those findings that have a time, which alone tell the story of a run."""
    return (
        *_stands(concrete, trajectory, holds),
        *_missed(concrete, trajectory),
        *_contacts(concrete, trajectory),
        *_past_red(concrete, trajectory),
        *_fallen(concrete, trajectory),
        *_off_the_road(concrete, trajectory),
    )


def _stands(concrete: ConcreteScenario, trajectory: Trajectory, holds: Holds) -> Iterator[Finding]:
    """Yield where the ego stands, and the others who wait for somebody."""
    for actor in concrete.actors:
        if actor.category not in DRIVEN:
            continue
        halts = halts_of(actor, concrete, trajectory, holds)
        ego = actor is concrete.ego
        for halt in halts:
            if ego or halt.hold in (Hold.AHEAD, Hold.LINE):
                yield Finding(actor.name, "stands", halt.begins_s, halt.ends_s, True, halt.why)
        at = trajectory.position_m[:, trajectory.column(actor.instance_id), :2]
        way_m = float(np.hypot(*np.diff(at, axis=0).T).sum())
        if ego and not halts and way_m < HARDLY_M:
            yield Finding(actor.name, "hardly moves", why=f"{way_m:.1f} m in all")


def _never_begun(concrete: ConcreteScenario, trajectory: Trajectory) -> Iterator[Finding]:
    idle: set[tuple[str, str]] = set()
    for one in beginnings(concrete, trajectory):
        if one.row is not None:
            continue
        blocked = (one.actor, one.follows) in idle
        idle.add((one.actor, one.does))
        waits = f"{one.follows}, which never began" if blocked else told(one.trigger, concrete)
        why = f"comes after {waits}" if blocked else f"waits for: {waits}"
        yield Finding(one.actor, f"{one.does} never began", why=why)


def _begun_again(concrete: ConcreteScenario, trajectory: Trajectory) -> Iterator[Finding]:
    for who, word in begun_again(concrete, trajectory):
        why = "conditions that ask for 'does' or 'ends' mean the first time"
        yield Finding(who, f"{word} began more than once", why=why)


def _missed(concrete: ConcreteScenario, trajectory: Trajectory) -> Iterator[Finding]:
    """Yield who was not where it was to be together with another."""
    for one in meetings_of(concrete, trajectory):
        if one.late_s is None:
            who = one.actor if one.own_s is None else one.other
            why = f"{who} never passes its place"
        elif abs(one.late_s) > MISSED_S:
            why = f"{abs(one.late_s):.1f} s too {'late' if one.late_s > 0 else 'early'}"
        else:
            continue
        yield Finding(one.actor, f"synchronize misses {one.other}", one.own_s, why=why)


def _slow(concrete: ConcreteScenario, trajectory: Trajectory, holds: Holds) -> Iterator[Finding]:
    for one in shortfalls(concrete, trajectory, holds):
        wanted = f"{one.wanted_mps * KMH:.0f} km/h"
        yield Finding(one.actor, f"{one.does} never reaches its {wanted}", why=one.why)


def _contacts(concrete: ConcreteScenario, trajectory: Trajectory) -> Iterator[Finding]:
    """Yield first contacts of pairs, but for who rides or carries whom, and those of the fallen."""
    actors = {actor.instance_id: actor for actor in concrete.actors}
    found: set[frozenset[int]] = set()
    for contact in trajectory.contacts:
        a, b = (int(contact[key]) for key in ("actor_a", "actor_b"))
        pair = frozenset({a, b})
        if pair in found or (b and _root(a, actors) == _root(b, actors)):
            continue
        found.add(pair)
        time_s = float(contact["step"]) / concrete.rates.physics_hz
        if b == 0 and _down(actors[a], trajectory, time_s):
            continue
        one, two = actors[a].name, actors[b].name if b else "scenery or a kerb"
        if b and concrete.ego.instance_id == b:
            one, two = two, one
        why = f"closing at {float(contact['closing_speed_mps']):.1f} m/s"
        yield Finding(one, f"touches {two}", time_s, why=why)


def _past_red(concrete: ConcreteScenario, trajectory: Trajectory) -> Iterator[Finding]:
    """Yield who drives past a stop line at red, once each."""
    if concrete.road.signals is None:
        return
    network = build_network(concrete.road)
    for actor in concrete.actors:
        if actor.category not in DRIVEN or actor.attached_to is not None:
            continue
        column, body = trajectory.column(actor.instance_id), footprint(actor, trajectory)
        fronts = Fronts(
            body.middle_m + body.half_length_m * np.stack(body.ahead, axis=1),
            body.yaw_rad,
            trajectory.position_m[:, column, 2],
        )
        row = passes_red(network, trajectory, fronts)
        if row is not None:
            speed = float(np.hypot(*trajectory.velocity_mps[row, column, :2]))
            time_s, why = float(trajectory.time_s[row]), f"at {speed * KMH:.0f} km/h"
            yield Finding(actor.name, "drives past a red light", time_s, why=why)


def _root(instance_id: int, actors: dict[int, Actor]) -> int:
    holder = actors[instance_id].attached_to
    return instance_id if holder is None else _root(holder, actors)


def _down(actor: Actor, trajectory: Trajectory, time_s: float) -> bool:
    """Return whether somebody is carried, loose, or lies or falls, soon after a moment."""
    if actor.attached_to is not None or actor.category not in DRIVEN:
        return True
    row = min(int(np.searchsorted(trajectory.time_s, time_s)) + 1, len(trajectory.time_s) - 1)
    return bool(_lies(actor, trajectory)[: row + 1].any())


def _lies(actor: Actor, trajectory: Trajectory) -> npt.NDArray[np.bool_]:
    """Return where (T,) a body on wheels has tipped over, or one on legs has fallen."""
    column = trajectory.column(actor.instance_id)
    if actor.category not in DRIVEN:
        return np.asarray(trajectory.intent[:, column] == Intent.FALLEN)
    turn = matrix_from_quaternion(trajectory.quaternion_wxyz[:, column])
    return np.asarray(turn[:, 2, 2] < OVER)


def _fallen(concrete: ConcreteScenario, trajectory: Trajectory) -> Iterator[Finding]:
    for actor in concrete.actors:
        lies = _lies(actor, trajectory)
        if lies.any() and not lies[0]:
            word = "tipped over" if actor.category in ("car", "truck", "bus", "train") else "fell"
            yield Finding(actor.name, word, float(trajectory.time_s[int(lies.argmax())]))


def _off_the_road(concrete: ConcreteScenario, trajectory: Trajectory) -> Iterator[Finding]:
    """Yield who came off the carriageway that it was on."""
    driven = [a for a in concrete.actors if a.category in MOTORS and a.attached_to is None]
    columns = [trajectory.column(actor.instance_id) for actor in driven]
    network = build_network(concrete.road)
    beyond = beyond_carriageway(network, trajectory.position_m[:, columns, :2])
    for actor, away in zip(driven, beyond.T, strict=True):
        left = np.maximum.accumulate(away < 0) & (away > OFF_M)
        if left.any():
            yield Finding(actor.name, "left the road", float(trajectory.time_s[left.argmax()]))


def _unseen(concrete: ConcreteScenario, trajectory: Trajectory) -> Iterator[Finding]:
    """Yield who is in no sensor's view at any step, hidden by others or out of its field.

    Of a row, that is all of its bodies or none: most rows begin behind the ego.
    """
    sight, ego = Sight(concrete, trajectory), concrete.ego.instance_id
    views = {name: sight.view(ego, name) for name in concrete.sensors}

    def shows(actor: Actor) -> bool:
        in_view = {n: sight.seen(view, actor.instance_id) > 0 for n, view in views.items()}
        return any(
            inside.any() and (sight.hidden(ego, name, actor.instance_id)[inside] < 0).any()
            for name, inside in in_view.items()
        )

    rows: dict[str, list[Actor]] = {}
    for actor in concrete.actors[1:] if views else ():
        if actor.attached_to is None:
            rows.setdefault(_NUMBER.sub("", actor.name), []).append(actor)
    for row in rows.values():
        if not any(shows(actor) for actor in row):
            yield from (Finding(actor.name, "never in sight of the ego's sensors") for actor in row)
