"""The draws that scenes of a design are made of, many scenes at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scenegen.records.base import F64
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.designs.choose import cell_points, points_of
from scenegen.sample.judged import judge_places
from scenegen.sample.points import PointSource
from scenegen.sample.soft import constraints_of_scene
from scenegen.sample.verdicts import Mask
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Column
from scenegen.seeds import SceneKey, named_generator

FIRST_BATCH = 32
BATCHES = 4
MOST_TRIED = 256
"""Draws of a scene that are placed before it is left out."""
ROOM = 16
"""Draws of each cell that tell how often bodies find room there."""

Draw = tuple[dict[str, Column], float]


@dataclass
class _Supply:
    """The draws of one scene whose values meet what its coins ask, in their order."""

    logical: LogicalScenario
    points: PointSource
    asked: Mask
    draws: list[Draw] = field(default_factory=list)
    batch: int = FIRST_BATCH
    batches: int = 0

    def take(self, n: int) -> list[Draw]:
        """Return the next n draws, or fewer if hardly any meet the constraints."""
        while len(self.draws) < n and self.batches < BATCHES:
            found = draw_candidates(self.logical, self.points.take(self.batch))
            rows = np.flatnonzero(found.met[:, self.asked].all(axis=1)).tolist()
            self.draws += [(found.row(row), float(found.log_weight[row])) for row in rows]
            self.batches, self.batch = self.batches + (not rows), self.batch * (1 if rows else 8)
        taken, self.draws = self.draws[:n], self.draws[n:]
        return taken


def scene_draws(
    logical: LogicalScenario, seed: int, count: int, *, judged: bool
) -> tuple[dict[str, Column], F64]:
    """Return the first draw of each of some scenes that meets all that its coins ask.

    Distributed as scenes are, whose bodies look otherwise.

    Parameters
    ----------
    judged : bool
        Whether places are judged, and the share of each cell's draws whose bodies find room is
        part of the weights; if not, values alone.

    Returns
    -------
    columns : dict of str to ndarray, shape (n,)
        Every parameter; n is `count`, or less where scenes found no draw.
    log_weight : ndarray, shape (n,)
    """
    generator = named_generator(logical.digest, seed, "scene draws")
    pending: dict[int, _Supply] = {}
    for index in range(count):
        key = SceneKey(logical.digest, seed, index)
        own = constraints_of_scene(logical, key)
        asked = np.array([c in own for c in logical.constraints], dtype=bool)
        pending[index] = _Supply(logical, points_of(logical, key), asked)
    found: dict[int, Draw] = {}
    size, tried = 1, 0
    while pending and tried < MOST_TRIED:
        drawn = {index: supply.take(size) for index, supply in pending.items()}
        fine = _fine(logical, pending, drawn, generator) if judged else None
        for index, some in drawn.items():
            good = [k for k in range(len(some)) if fine is None or fine[index][k]]
            if good:
                found[index] = some[good[0]]
            if good or len(some) < size:
                del pending[index]
        size, tried = 2 * size, tried + size
    if judged:
        found = _with_room(logical, seed, found, generator)
    draws = [found[index] for index in sorted(found)]
    names = draws[0][0] if draws else ()
    columns = {name: np.concatenate([row[name] for row, _ in draws]) for name in names}
    return columns, np.array([weight for _, weight in draws])


def _fine(
    logical: LogicalScenario,
    supplies: dict[int, _Supply],
    drawn: dict[int, list[Draw]],
    generator: np.random.Generator,
) -> dict[int, Mask]:
    """Say of each scene's draws whether bodies find room and meet what its coins ask of places."""
    rows = [row for some in drawn.values() for row, _ in some]
    if not rows:
        return {index: np.zeros(0, dtype=bool) for index in drawn}
    columns = {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}
    found = judge_places(logical, columns, len(rows), generator)
    fine, at = {}, 0
    for index, some in drawn.items():
        own = slice(at, at + len(some))
        fine[index] = found.fits[own] & found.met[own][:, supplies[index].asked].all(axis=1)
        at += len(some)
    return fine


def _with_room(
    logical: LogicalScenario, seed: int, found: dict[int, Draw], generator: np.random.Generator
) -> dict[int, Draw]:
    """Put the share of each cell's draws that find room into the weights of its scenes."""
    supplies, drawn = dict[int, _Supply](), dict[int, list[Draw]]()
    for index in found:
        key = SceneKey(logical.digest, seed, index)
        points = cell_points(logical, key, generator)
        if points is None:
            return found
        own = constraints_of_scene(logical, key)
        asked = np.array([c in own for c in logical.constraints], dtype=bool)
        supplies[index] = _Supply(logical, points, asked)
        drawn[index] = supplies[index].take(ROOM)
    fine = _fine(logical, supplies, drawn, generator)
    # The scene's own draw found room.
    return {
        index: (row, weight + float(np.log((fine[index].sum() + 1) / (len(fine[index]) + 1))))
        for index, (row, weight) in found.items()
    }
