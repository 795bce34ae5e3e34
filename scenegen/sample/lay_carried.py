"""Lays out what others hold: loads, riders, semitrailers, what is pushed."""

from __future__ import annotations

import numpy as np

from scenegen.errors import ScenarioError
from scenegen.geometry import wrap_angle
from scenegen.records.base import F64
from scenegen.sample.carried import STACK_GAP_M, base_of
from scenegen.sample.laid import Laid, Rows, Stand
from scenegen.sample.verdicts import always
from scenegen.scenario.actors import ActorEntry


def lay_carried(laid: Laid, name: str, entry: ActorEntry) -> None:
    """Lay out an actor that another one holds; as on level ground."""
    place = entry.place
    holder = place.attached_to or ""
    present = np.ones(laid.n, dtype=bool)
    laid.require_present(holder, present)
    stand = laid.groups[holder][0]
    carrier = stand.body
    number = next(k for k, other in enumerate(laid.stands) if other is stand)
    for k, known in enumerate(laid.models.known):
        if not known.carries:
            error = ScenarioError(
                f"{name}: {carrier.name!r} carries nothing; only what drives on wheels does",
                entry.asset.place,
            )
            mine = carrier.present & (carrier.model == k)
            laid.verdicts.note(mine, always(error))
    model = laid.model(name, 0, entry, present & laid.verdicts.fine)
    base = _base(laid, number, stand, model, entry)
    offset = base
    if place.offset is not None:
        offset = base + np.stack([laid.values.number(part) for part in place.offset], axis=-1)
    turn = laid.values.number(place.turn)
    c, s = np.cos(carrier.yaw_rad), np.sin(carrier.yaw_rad)
    x = carrier.x_m + c * offset[:, 0] - s * offset[:, 1]
    y = carrier.y_m + s * offset[:, 0] + c * offset[:, 1]
    rolls = np.array([known.rolls for known in laid.models.known] or [False])
    laid.add(
        (name, 0, entry),
        present,
        model,
        (x, y, wrap_angle(carrier.yaw_rad + turn)),
        carrier=number,
        above_m=np.where(rolls[model], 0.0, carrier.above_m + offset[:, 2]),
        offset_m=offset,
        turn_rad=turn,
    )


def _base(laid: Laid, number: int, stand: Stand, model: Rows, entry: ActorEntry) -> F64:
    """Return the points (n, 3) of the carrier's frame that a load's offset counts from."""
    carrier = stand.body
    base = np.zeros((laid.n, 3))
    below = None if entry.place.on_top_of is None else laid.groups[entry.place.on_top_of][0].body
    tops = np.array([known.bounds_m[1, 2] + STACK_GAP_M for known in laid.models.known] or [0.0])
    pairs = np.stack([carrier.model, model], axis=-1)[laid.verdicts.fine]
    for a, b in np.unique(pairs, axis=0).tolist():
        rows = (carrier.model == a) & (model == b)
        holder, held = laid.models.known[a].asset, laid.models.known[b].asset
        try:
            found = base_of(carrier.name, holder, held, entry)
        except ScenarioError as error:
            laid.verdicts.note(rows, always(error))
            continue
        if found is not None:
            base[rows] = found
            continue
        assert below is not None
        if below.carrier != number:
            loose = f"{below.name!r} is not attached to {carrier.name!r}"
            laid.verdicts.note(rows, always(ScenarioError(loose, entry.asset.place)))
        base[rows] = below.offset_m[rows]
        base[rows, 2] += tops[below.model[rows]]
    return base
