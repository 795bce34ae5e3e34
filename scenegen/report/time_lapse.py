"""Where everybody is at several moments, in one plan: what a behaviour looks like from above."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenegen.records import Actor, ConcreteScenario, RoadNetwork, Trajectory
from scenegen.records.base import F64
from scenegen.report.birds_eye import draw_actors, draw_prop, draw_road, draw_ways
from scenegen.report.colors import Image, Rgb
from scenegen.report.overlay import put_text
from scenegen.report.plan import Plan

MARGIN_M = 5.0
LEAST_M = (36.0, 14.0)
TALLEST = 0.6
"""Height of a picture over its width, at most."""
FAINTEST = 0.35
LOOSE_M = 0.5
"""How much nearer or farther than at first what has come off its carrier gets."""
_INK: Rgb = (245, 245, 245)


def time_lapse(
    scenario: ConcreteScenario,
    trajectory: Trajectory,
    network: RoadNetwork,
    times_s: Sequence[float],
    *,
    names: Sequence[str] = (),
    width: int = 900,
) -> Image:
    """Return a plan (H, width, 3) of the scene, sRGB, with everybody at several moments.

    Boxes are hollow and grow stronger with time, full at the last moment; each is marked with
    its time. Lines are ways over the whole scene.

    Parameters
    ----------
    times_s : sequence of float
        Moments, in order; the nearest rows of the trajectory are shown.
    names : sequence of str
        Actors that the picture is about, which are framed and marked; all but the ego that
        move, if none is named.
    """
    rows = [int(np.abs(trajectory.time_s - time).argmin()) for time in times_s]
    columns = _about(scenario, trajectory, names)
    plan = _framed(trajectory.position_m[rows][:, columns, :2].reshape(-1, 2), width)
    draw_road(plan, network)
    for prop in scenario.props:
        draw_prop(plan, prop)
    draw_ways(plan, scenario, trajectory)
    last = len(rows) - 1
    for index, row in enumerate(rows):
        strength = 1.0 if index == last else FAINTEST + (1.0 - FAINTEST) * index / len(rows)
        draw_actors(plan, scenario, trajectory, row, strength)
    for column in columns:
        _mark(plan, trajectory, column, rows)
    plan.scale_bar()
    return plan.image


def _about(scenario: ConcreteScenario, trajectory: Trajectory, names: Sequence[str]) -> list[int]:
    """Return the columns of the actors that a picture is about."""
    named = [a for a in scenario.actors if a.name in names]
    chosen = named or [
        a
        for a in scenario.actors
        if not _carried(trajectory, a)
        and np.ptp(trajectory.position_m[:, trajectory.column(a.instance_id)], axis=0).max() > 0.5
    ]
    return [trajectory.column(a.instance_id) for a in chosen or scenario.actors[:1]]


def _carried(trajectory: Trajectory, actor: Actor) -> bool:
    """Say whether an actor is where another one takes it, all the time."""
    if actor.attached_to is None:
        return False
    own, carrier = (trajectory.column(i) for i in (actor.instance_id, actor.attached_to))
    apart = np.linalg.norm(
        trajectory.position_m[:, own] - trajectory.position_m[:, carrier], axis=1
    )
    return bool(np.ptp(apart) < LOOSE_M)


def _framed(points_m: F64, width: int) -> Plan:
    """Return an empty plan that shows all points (n, 2)."""
    low, high = points_m.min(axis=0) - MARGIN_M, points_m.max(axis=0) + MARGIN_M
    span = np.maximum(high - low, LEAST_M)
    scale = float(max(span[0] / width, span[1] / (TALLEST * width)))
    height = 2 * round(0.5 * min(max(span[1] / scale, 0.2 * width), TALLEST * width))
    return Plan((low + high) / 2, scale, width, height)


def _mark(plan: Plan, trajectory: Trajectory, column: int, rows: Sequence[int]) -> None:
    """Write beside an actor at which time it is there, unless it has hardly moved since."""
    before: F64 | None = None
    for row in rows:
        at = trajectory.position_m[row, column, :2]
        if before is not None and float(np.hypot(*(at - before))) < 16.0 * plan.metres_per_px:
            continue
        before = at
        x, y = (plan.px(at) / 16.0).tolist()
        put_text(plan.image, f"{trajectory.time_s[row]:.3g}", (x - 6, y - 9), _INK, 0.38)
