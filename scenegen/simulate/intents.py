"""What people, riders and animals were about, known exactly once the run is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenegen.records import Actor, Drive, Intent, Stand, Walk
from scenegen.records.base import F64

if TYPE_CHECKING:
    from scenegen.simulate.world import World

NOTICE_S = 1.5
"""How long before its start a crossing counts as about to begin."""

CATEGORIES = ("person", "rider", "animal")


def intents_of(
    world: World,
    manoeuvre: npt.NDArray[np.int16],
    moving: npt.NDArray[np.bool_],
) -> npt.NDArray[np.uint8]:
    """Return the intents (T, A) of those whom nothing has befallen.

    Parameters
    ----------
    manoeuvre, moving : ndarray, shape (T, A)
        What ran at each control step, and whose walk was not over.
    """
    intent = np.zeros(manoeuvre.shape, dtype=np.uint8)
    notice = round(NOTICE_S * world.scenario.rates.control_hz)
    for k, body in enumerate(world.bodies):
        if body.actor.category not in CATEGORIES:
            continue
        guide = _guide(world, k)
        going = moving[:, guide] | (guide in world.vehicle_of)
        actor = world.bodies[guide].actor
        intent[:, k] = _column(actor, manoeuvre[:, guide], going, notice, world)
    return intent


def _guide(world: World, k: int) -> int:
    """Return who says where actor `k` goes, or went before they were thrown off."""
    while world.carriage.carrier[k] >= 0 and k not in world.alighting.seats:
        k = int(world.carriage.carrier[k])
    return k


def _column(
    actor: Actor,
    manoeuvre: npt.NDArray[np.int16],
    moving: npt.NDArray[np.bool_],
    notice: int,
    world: World,
) -> npt.NDArray[np.uint8]:
    """Return one actor's intents (T,) but for being struck."""
    rows = np.arange(len(manoeuvre))
    column = np.full(len(manoeuvre), Intent.NONE, dtype=np.uint8)
    own = len(actor.behaviour)
    # While an interrupt runs, what it broke off counts as reached.
    reached = np.maximum.accumulate(np.where(manoeuvre < own, manoeuvre, -1))
    for index, step in enumerate(actor.manoeuvres):
        if isinstance(step.action, Stand) and step.action.intent is not None:
            column[manoeuvre == index] = Intent[step.action.intent.upper()]
        crossing = _crosses(step.action, world)
        if crossing is None:
            continue
        now = (manoeuvre == index) & moving
        special = step.action.intent if isinstance(step.action, Walk) else None
        if special is not None:
            column[now] = Intent[special.upper()]
            continue
        column[now] = Intent.CROSSING if crossing else Intent.WALKING_ALONG
        if not crossing or index >= own:
            continue
        started = np.flatnonzero(reached >= index)
        start = int(started[0]) if started.size else len(rows) + notice
        waiting = (rows < start) & (column == Intent.NONE)
        column[waiting] = Intent.WAITING
        soon = (rows < start) & (rows >= start - notice)
        column[soon & (column != Intent.CROSSING)] = Intent.WILL_CROSS
    return column


def _crosses(action: object, world: World) -> bool | None:
    """Return whether an action leads across the ego's way; None if it leads nowhere."""
    if isinstance(action, Walk):
        return action.crossing
    if isinstance(action, Drive):
        ego = world.scenario.ego
        ways = [way.path for way in ego.actions if isinstance(way, Drive) and way.frame == "world"]
        path = np.asarray(action.path)
        return any(_intersect(path, np.asarray(way)) for way in ways)
    return None


def _intersect(a: F64, b: F64) -> bool:
    """Return whether two polylines (n, 2) and (m, 2) cut each other at a real angle."""
    p, r = a[:-1, None], (a[1:] - a[:-1])[:, None]
    q, s = b[None, :-1], (b[1:] - b[:-1])[None]
    area = r[..., 0] * s[..., 1] - r[..., 1] * s[..., 0]
    size = np.hypot(r[..., 0], r[..., 1]) * np.hypot(s[..., 0], s[..., 1])
    crossed = np.abs(area) > 0.34 * size
    area = np.where(crossed, area, 1.0)
    d = q - p
    t = (d[..., 0] * s[..., 1] - d[..., 1] * s[..., 0]) / area
    u = (d[..., 0] * r[..., 1] - d[..., 1] * r[..., 0]) / area
    return bool((crossed & (t >= 0) & (t <= 1) & (u >= 0) & (u <= 1)).any())
