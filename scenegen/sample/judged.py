"""Draws whose places are judged whole: every constraint on places by itself, not only the first.

A scene takes the first draw that meets what is asked of it, which coins decide for soft
constraints; so what would be left has to be known constraint by constraint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scenegen.sample.layout import Layout
from scenegen.sample.looked import Sceneries
from scenegen.sample.placing import Sieve
from scenegen.sample.soft import with_constraints
from scenegen.sample.spatial import LaidScene
from scenegen.sample.unsure import asks_scenery, at_best, at_worst
from scenegen.sample.verdicts import Mask
from scenegen.scenario import Constraint, LogicalScenario
from scenegen.scenario.syntax import Column, evaluate

AT_ONCE = 4096
"""Draws that are laid out together."""


@dataclass(frozen=True)
class Judged:
    """What is wrong with the places of n draws.

    Attributes
    ----------
    fits : ndarray, shape (n,), bool
        Whether all bodies find room, constraints aside.
    met : ndarray, shape (n, C), bool
        Which of the scenario's constraints on places each draw meets; those on values are not
        looked at and count as met, and so do all of them where bodies find no room.
    rejections : Counter
        How many draws each reason (``no_overlap(a, b)``, ``on_road(a)``, the text of a
        constraint that always has to hold) was the first to reject.
    """

    fits: Mask
    met: Mask
    rejections: Counter[str]


def judge_places(
    logical: LogicalScenario,
    columns: Mapping[str, Column],
    n: int,
    generator: np.random.Generator,
    scenery: bool = False,
) -> Judged:
    """Place the bodies of draws and hold them against every constraint on places.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (n,)
        Every parameter, drawn or derived.
    generator : numpy.random.Generator
        Of looks.
    scenery : bool
        Whether every draw is made whole of which a constraint asks what stands in it, which takes
        long; else such constraints count as met where they may be.

    Raises
    ------
    ScenarioError
        A value makes no sense in one of the draws, with the place of its field.
    """
    fits, met = np.zeros(n, dtype=bool), np.ones((n, len(logical.constraints)), dtype=bool)
    rejections: Counter[str] = Counter()
    sceneries = Sceneries.by_chance(logical, generator) if scenery else None
    bare = Sieve(with_constraints(logical, [c for c in logical.constraints if not c.spatial]))
    for start in range(0, n, AT_ONCE):
        rows = np.arange(start, min(start + AT_ONCE, n))
        layout, verdicts = bare.place_by_chance(columns, rows, generator)
        if (faults := verdicts.fault_rows()).size:
            raise verdicts.error(int(faults[0]))
        room = np.flatnonzero(verdicts.fine)
        here = {name: column[rows[room]] for name, column in columns.items()}
        holds = constraints_met(logical.constraints, logical, layout.take(room), here, sceneries)
        met[rows[room]] = holds
        for index, constraint in enumerate(logical.constraints):
            if constraint.probability >= 1.0:
                broken = np.zeros(len(rows), dtype=bool)
                broken[room[~holds[:, index]]] = True
                verdicts.note(broken, constraint.text)
        fits[rows[room]] = True
        rejections += verdicts.rejections()
    return Judged(fits, met, rejections)


def constraints_met(
    constraints: Sequence[Constraint],
    logical: LogicalScenario,
    layout: Layout,
    columns: Mapping[str, Column],
    sceneries: Sceneries | None,
) -> Mask:
    """Return which constraints (n, C) on places draws meet; those on values count as met.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (n,)
    sceneries : Sceneries or None
        What makes draws whole where that has a say; without, such constraints count as met.
    """
    n = layout.present.shape[1]
    bodies = LaidScene(logical, layout, columns)
    met = np.ones((n, len(constraints)), dtype=bool)
    sure = np.ones_like(met)
    for index, constraint in enumerate(constraints):
        if constraint.spatial and n:
            best, worst = at_best(constraint.node), at_worst(constraint.node)
            met[:, index] = evaluate(best, columns, bodies.measure)
            if asks_scenery(constraint.node):
                sure[:, index] = evaluate(worst, columns, bodies.measure)
    if sceneries is None:
        return met
    open_ = met & ~sure
    for row in np.flatnonzero(open_.any(axis=1)).tolist():
        sceneries.advance()
        one, here = layout.take(np.array([row])), {k: v[row : row + 1] for k, v in columns.items()}
        scene = LaidScene(logical, one, here, sceneries.around(here, one))
        for index in np.flatnonzero(open_[row]).tolist():
            met[row, index] = np.all(evaluate(constraints[index].node, here, scene.measure))
    return met
