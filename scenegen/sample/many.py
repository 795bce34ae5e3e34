"""Draws many accepted scenes at once, without what only a picture needs."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from scenegen.records.base import F64
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.lay import counts_of
from scenegen.sample.layout import Layout, Mask, Rows
from scenegen.sample.looked import Sceneries
from scenegen.sample.looks import first_looks, looks_of_many
from scenegen.sample.placing import Sieve, on_map
from scenegen.sample.points import UniformPoints
from scenegen.sample.remedies import unsatisfiable
from scenegen.sample.soft import with_constraints
from scenegen.sample.validate import validate
from scenegen.sample.verdicts import Verdicts
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Column
from scenegen.seeds import named_generator

FIRST_BLOCK, BLOCK = 256, 8192
CANDIDATE_BUDGET = 100_000
"""Candidates in a row of which at least one has to be accepted."""


@dataclass(frozen=True)
class Draws:
    """Accepted draws of a scenario, with the places of their bodies.

    Attributes
    ----------
    columns : dict of str to ndarray, shape (n,)
        Every parameter, drawn or derived, in SI units.
    log_weight : ndarray, shape (n,)
        ln nominal - ln proposal density.
    names : tuple of str
        Of the B bodies, in the order of their instance ids.
    present : ndarray, shape (n, B), bool
        Which of them each draw has; where not, the numbers mean nothing.
    position_m : ndarray, shape (n, B, 2)
        World x and y of the body frames.
    yaw_rad : ndarray, shape (n, B)
    velocity_mps : ndarray, shape (n, B, 2)
    bounds_m : ndarray, shape (n, B, 2, 3)
        Least and greatest coordinates of each body in its own frame.
    asset_id, lane : ndarray, shape (n, B), str
        Lanes are those that bodies were placed in, empty for none.
    tried : int
        Candidates up to the one that gave the last of these.
    rejections : dict of str to int
        How many candidates each constraint was the first to reject.
    """

    columns: dict[str, Column]
    log_weight: F64
    names: tuple[str, ...]
    present: Mask
    position_m: F64
    yaw_rad: F64
    velocity_mps: F64
    bounds_m: F64
    asset_id: Column
    lane: Column
    tried: int
    rejections: dict[str, int]

    def __len__(self) -> int:
        return len(self.log_weight)


def sample_many(logical: LogicalScenario, seed: int, n: int) -> Draws:
    """Return n accepted draws.

    Points are drawn at random, whatever the scenario's design is. Draws are independent of each
    other and distributed as scenes are then. The first m of n are the same as m by themselves.

    Parameters
    ----------
    logical : LogicalScenario
    seed : int
    n : int
        At least 1.

    Raises
    ------
    ScenarioError
        A value makes no sense in one of the draws, with the place of its field.
    UnsatisfiableError
        No draw of many meets the constraints; names the one that rejects most.
    """
    validate(logical)
    patterns = _patterns(logical, seed, n)
    blocks, order = list[_Block](), list[Rows]()
    for asked, scenes in patterns:
        blocks += _accepted(asked, seed, scenes.size)
        order.append(scenes)
    return _gather(blocks, np.argsort(np.concatenate(order)))


def _patterns(logical: LogicalScenario, seed: int, n: int) -> list[tuple[LogicalScenario, Rows]]:
    """Return which constraints are asked of which of n draws: soft ones by coins, as in `soft`.

    Draws of which the same are asked come from a stream of their own.
    """
    share = np.array([constraint.probability for constraint in logical.constraints])
    if (share >= 1.0).all():
        return [(logical, np.arange(n))]
    thrown = named_generator(logical.digest, seed, "soft").random((n, share.size)) < share
    kinds, kind = np.unique(thrown, axis=0, return_inverse=True)
    return [
        (
            with_constraints(
                logical,
                [c for c, on in zip(logical.constraints, row, strict=True) if on],
            ),
            np.flatnonzero(kind.reshape(-1) == k),
        )
        for k, row in enumerate(kinds)
    ]


def _accepted(logical: LogicalScenario, seed: int, n: int) -> list[_Block]:
    """Return blocks with n accepted draws in all."""
    blocks = list[_Block]()
    found = since = number = 0
    size, sieve = FIRST_BLOCK, Sieve(logical)
    while found < n:
        block = _block(sieve, seed, number, size, n - found)
        blocks.append(block.first(n - found))
        found += blocks[-1].accepted.size
        blocks[-1].refuse_faults()
        number, size = number + 1, min(BLOCK, 4 * size)
        since = 0 if block.accepted.size else since + block.tried
        if since >= CANDIDATE_BUDGET:
            rejections = sum((other.rejections() for other in blocks), Counter[str]())
            raise unsatisfiable(logical, rejections, since)
    return blocks


@dataclass(frozen=True)
class _Block:
    """Candidates that were drawn together.

    Attributes
    ----------
    columns, log_weight, layout
        Of the `rows` whose values meet all constraints.
    accepted : ndarray of int
        Which of these are accepted.
    tried : int
        Candidates up to the last one that is asked for.
    values, places : Verdicts
        Of all candidates, and of `rows`.
    """

    columns: dict[str, Column]
    log_weight: F64
    layout: Layout
    rows: Rows
    accepted: Rows
    tried: int
    values: Verdicts
    places: Verdicts

    def first(self, n: int) -> _Block:
        """Return what leads to the first n accepted draws."""
        if len(self.accepted) < n:
            return self
        tried = int(self.rows[self.accepted[n - 1]]) + 1
        return replace(self, accepted=self.accepted[:n], tried=tried)

    def refuse_faults(self) -> None:
        """Raise the error of the first draw that was tried and is at fault, if one is."""
        faults = self.places.fault_rows()
        if faults.size and self.rows[faults[0]] < self.tried:
            raise self.places.error(int(faults[0]))

    def rejections(self) -> Counter[str]:
        """Return what rejected how many of the candidates that were tried."""
        placed = int(np.searchsorted(self.rows, self.tried))
        return self.values.rejections(self.tried) + self.places.rejections(placed)


def _block(sieve: Sieve, seed: int, number: int, size: int, wanted: int) -> _Block:
    """Return a block that depends on its number alone, as far as `wanted` draws need it."""
    logical = sieve.logical
    generator = named_generator(logical.digest, seed, "many", number)
    points = UniformPoints(generator, len(logical.parameters)).take(size)
    candidates = draw_candidates(logical, points)
    verdicts = Verdicts(size)
    sieve.values.judge(candidates.columns, verdicts)
    fitting = np.flatnonzero(verdicts.fine)
    columns = {name: column[fitting] for name, column in candidates.columns.items()}
    looks = looks_of_many(
        logical, columns, counts_of(logical, columns, fitting.size), generator, fitting.size
    )
    # Maps are built draw by draw: no more of them than it takes.
    ahead = 2 * wanted if on_map(logical) else fitting.size
    while True:
        rows = fitting[:ahead]
        some = first_looks(looks, rows.size)
        layout, placed = sieve.place(candidates.columns, rows, lambda *_, some=some: some)
        sceneries = Sceneries.by_chance(logical, copy.deepcopy(generator))
        accepted = sieve.look(candidates.columns, rows, (layout, placed), sceneries, wanted)
        if accepted.size >= wanted or rows.size == fitting.size:
            break
        ahead *= 4
    return _Block(
        {name: column[rows] for name, column in candidates.columns.items()},
        candidates.log_weight[rows],
        layout,
        rows,
        accepted,
        size,
        verdicts,
        placed,
    )


def _gather(blocks: list[_Block], sequence: Rows) -> Draws:
    """Put the accepted draws of blocks together, in a sequence."""
    names = list(dict.fromkeys(b.name for block in blocks for b in block.layout.bodies))
    order = _in_order(blocks, names)
    parts: list[dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]] = []
    for block in blocks:
        rows = block.accepted
        parts.append(_poses(block.layout.take(rows), order, len(rows)))
        parts[-1]["log_weight"] = block.log_weight[rows]
        parts[-1].update({f"column {k}": v[rows] for k, v in block.columns.items()})
    whole = {key: np.concatenate([part[key] for part in parts])[sequence] for key in parts[0]}
    columns = {
        key.removeprefix("column "): whole.pop(key) for key in list(whole) if key[:7] == "column "
    }
    for array in (*whole.values(), *columns.values()):
        array.setflags(write=False)
    rejections = sum((block.rejections() for block in blocks), Counter[str]())
    tried = sum(block.tried for block in blocks)
    return Draws(columns=columns, names=order, tried=tried, rejections=dict(rejections), **whole)


def _in_order(blocks: list[_Block], names: list[str]) -> tuple[str, ...]:
    """Return the names of all bodies: actors in the order of the file, rows by number."""
    place = {
        body.name: (k, body.index)
        for block in blocks
        for k, actor in enumerate(block.layout.groups)
        for body in (block.layout.bodies[number] for number in block.layout.groups[actor])
    }
    return tuple(sorted(names, key=place.__getitem__))


def _poses(
    layout: Layout, names: tuple[str, ...], n: int
) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    """Return the arrays of `Draws` for one block; bodies that it has none of are absent."""
    own = {body.name: number for number, body in enumerate(layout.bodies)}
    take = np.array([own.get(name, -1) for name in names])
    there = take >= 0
    ids = np.array([model.asset_id for model in layout.models])
    models = np.stack([body.model for body in layout.bodies])
    lanes = np.stack([body.lane for body in layout.bodies])
    return {
        "present": (layout.present[take] & there[:, None]).T,
        "position_m": np.stack([layout.x_m[take].T, layout.y_m[take].T], axis=-1),
        "yaw_rad": layout.yaw_rad[take].T,
        "velocity_mps": np.moveaxis(layout.velocity_mps[take], 0, 1),
        "bounds_m": np.moveaxis(layout.bounds_m[take], 0, 1),
        "asset_id": ids[models[take]].T if len(ids) else np.full((n, len(names)), ""),
        "lane": lanes[take].T,
    }
