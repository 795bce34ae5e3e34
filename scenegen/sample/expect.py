"""When a trigger will fire if nobody changes speed, to lay out a path beforehand."""

from __future__ import annotations

import numpy as np

from scenegen.records.base import F64
from scenegen.sample.placed import Placed
from scenegen.sample.placement import Stage
from scenegen.scenario.behaviours import When

STEP_S = 0.05


def expected_time(body: Placed, when: When, stage: Stage, duration_s: float) -> float | None:
    """Return the time in s at which a trigger is expected to fire; None if nobody can tell.

    Both actors are carried on straight at the speeds they start with. A trigger that does not
    fire within the scene that way, and one that asks for a load, which may be lost, can't be told.
    """
    kind = when.kind
    if kind == "start":
        return 0.0
    value = stage.values.number(getattr(when, kind))
    if kind == "time":
        return value
    row = stage.groups.get(when.to)
    if not row:
        return duration_s
    if row[0].carrier is not None and row[0].asset.category != "rider":
        return None
    times = np.arange(0.0, duration_s + STEP_S, STEP_S)[:, None]
    mine = body.position_m[:2] + times * np.array(body.velocity_mps[:2])
    theirs = row[0].position_m[:2] + times * np.array(row[0].velocity_mps[:2])
    fired = _fired(kind, value, mine=mine, theirs=theirs, body=body, other=row[0])
    return float(times[np.argmax(fired), 0]) if fired.any() else None


def _fired(kind: str, value: float, *, mine: F64, theirs: F64, body: Placed, other: Placed) -> F64:
    apart = mine - theirs
    distance = np.linalg.norm(apart, axis=1)
    if kind == "distance":
        return np.asarray(distance <= value)
    relative = np.array(other.velocity_mps[:2]) - np.array(body.velocity_mps[:2])
    if kind == "ttc":
        closing = (apart @ relative) / np.maximum(distance, 1e-6)
        return np.asarray((closing > 0) & (distance <= value * closing))
    ahead = np.array([np.cos(other.yaw_rad), np.sin(other.yaw_rad)])
    speed = float(np.array(other.velocity_mps[:2]) @ ahead)
    along = apart @ ahead
    return np.asarray((along >= 0) & (along <= value * speed))
