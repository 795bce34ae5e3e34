"""Lays out actors side by side with another: people who walk together, cars abreast."""

from __future__ import annotations

import numpy as np

from scenegen.geometry import wrap_angle
from scenegen.records.base import F64
from scenegen.sample.laid import Laid, Rows, Who
from scenegen.sample.lay_rows import Way, abreast, headings, refuse_hitched, stand
from scenegen.sample.verdicts import Mask
from scenegen.scenario.actors import ActorEntry


def lay_flank(laid: Laid, name: str, entry: ActorEntry) -> None:
    """Lay out an actor, or all bodies of a row, to the left or right of another, facing as it does.

    To the side means across the other's heading, whatever its lane does there. Of a row, the
    outermost body on that side counts; this one's own bodies go on outward from there.
    """
    place, count = entry.place, laid.counts[name]
    first = laid.groups[place.flank or ""][0].body
    laid.require_present(place.flank or "", count > 0)
    side = 1.0 if place.left_of is not None else -1.0
    spacing = laid.values.number(entry.spacing, 1.0, count > 1)
    edge = _edge(laid, place.flank or "", side)
    for index in range(laid.slots(name)):
        present = count > index
        model = laid.model(name, index, entry, present)
        turn, facing = headings(laid, place, present)
        if place.heading is None:
            facing = np.where(turn == 0.0, first.facing, 0.0)
        else:  # said by the lane, and not by how the other one faces
            turn = wrap_angle(first.along_rad + turn - first.yaw_rad)
        half = 0.5 * laid.shoulders(model, turn)
        free = spacing if index else laid.values.number(place.gap, rows=present)
        aside = side * (edge + free + half)
        edge = edge + free + 2.0 * half
        x = first.x_m - np.sin(first.yaw_rad) * aside
        y = first.y_m + np.cos(first.yaw_rad) * aside
        yaw = wrap_angle(first.yaw_rad + turn)
        _stand(laid, (name, index, entry), present, model, (x, y, yaw), facing)


def _edge(laid: Laid, flank: str, side: float) -> F64:
    """Return how far (n,) bodies reach from the first one's middle to its left, or right."""
    bodies = [stand.body for stand in laid.groups[flank]]
    first = bodies[0]
    edge = np.full(laid.n, -np.inf)
    for body in bodies:
        dx, dy = body.x_m - first.x_m, body.y_m - first.y_m
        aside = side * (np.cos(first.yaw_rad) * dy - np.sin(first.yaw_rad) * dx)
        reach = aside + 0.5 * laid.shoulders(body.model, body.yaw_rad - first.yaw_rad)
        edge = np.where(body.present, np.maximum(edge, reach), edge)
    return np.where(np.isfinite(edge), edge, 0.0)


def _stand(
    laid: Laid, who: Who, present: Mask, model: Rows, pose: tuple[F64, F64, F64], facing: F64
) -> None:
    """Take note of a body at a place, in the lane of who it stands beside if that is in one."""
    entry, (x, y, yaw) = who[2], pose
    other = laid.groups[entry.place.flank or ""][0]
    first, lines = other.body, other.lines
    if lines is None:
        refuse_hitched(laid, entry, present, model)
        yaw = laid.facing(entry, x, y, first.along_rad, yaw, present)
        laid.add(who, present, model, (x, y, yaw), along_rad=first.along_rad, facing=facing)
        return
    s, (_, lateral) = abreast(lines, x, y), lines.project(x, y)
    turn = wrap_angle(yaw - lines.heading(np.clip(s, 0.0, lines.length_m)))
    stand(laid, who, present, model, Way(lines, first.lane, turn, facing), s, lateral)
