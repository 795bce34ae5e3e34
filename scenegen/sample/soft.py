"""Soft constraints: which of them a scene has to meet.

A constraint with the probability p is enforced in a scene with that probability, by a coin
of its own for each scene and constraint, thrown once before any candidate is drawn. So it
holds in a share p + (1 - p) h of scenes, h being how often it holds by itself: at least p.
A coin for each candidate would not do: rejected candidates throw again until it is let off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from scenegen.scenario import Constraint, LogicalScenario
from scenegen.seeds import SceneKey

Rows = npt.NDArray[np.int64]


def constraints_of_scene(logical: LogicalScenario, key: SceneKey) -> tuple[Constraint, ...]:
    """Return the constraints that a scene has to meet.

    Each soft one has a random stream by its position's name, so that no other draw of the
    scene depends on whether it is there.
    """
    return tuple(
        constraint
        for index, constraint in enumerate(logical.constraints)
        if constraint.probability >= 1.0
        or key.generator(f"require.{index}").random() < constraint.probability
    )


def with_constraints(
    logical: LogicalScenario, constraints: Sequence[Constraint]
) -> LogicalScenario:
    """Return the scenario with these constraints; its digest is another one if they are."""
    if len(constraints) == len(logical.constraints):
        return logical
    return replace(logical, constraints=tuple(constraints))


def rows_of_scenes(
    logical: LogicalScenario,
    passing: Callable[[LogicalScenario], Rows],
    generator: np.random.Generator,
) -> Rows:
    """Return the candidates that scene after scene takes, each the first that will do.

    Parameters
    ----------
    logical : LogicalScenario
    passing : callable
        Gives the rows, ascending, that meet the constraints of the scenario it is given.
    generator : numpy.random.Generator
        Throws the coins of scenes.

    Returns
    -------
    ndarray of int64
        Ascending. Distributed as accepted draws are; their number over that of candidates is
        the acceptance rate. Without soft constraints, all rows that pass.
    """
    probabilities = np.array([constraint.probability for constraint in logical.constraints])
    if (probabilities >= 1.0).all():
        return passing(logical)
    known: dict[tuple[bool, ...], Rows] = {}
    taken: list[int] = []
    while True:
        enforced = generator.random(probabilities.size) < probabilities
        pattern = tuple(enforced.tolist())
        if pattern not in known:
            kept = [c for c, on in zip(logical.constraints, pattern, strict=True) if on]
            known[pattern] = passing(with_constraints(logical, kept))
        at = int(np.searchsorted(known[pattern], taken[-1] + 1 if taken else 0))
        if at == known[pattern].size:
            return np.array(taken, dtype=np.int64)
        taken.append(int(known[pattern][at]))
