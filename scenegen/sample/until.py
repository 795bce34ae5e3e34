"""How many scenes it takes until the possible pairs of cells are covered."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scenegen.errors import UnsatisfiableError
from scenegen.sample.coverage import cells_of
from scenegen.sample.designs.plans import without_room
from scenegen.sample.designs.possible import possible_of
from scenegen.sample.designs.screening import Run
from scenegen.sample.draw import draft
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Column


def scenes_until(
    logical: LogicalScenario, seed: int, first: int, most: int, coverage: float
) -> int:
    """Return the number of scenes after which a share of the possible pairs has occurred.

    Parameters
    ----------
    logical : LogicalScenario
        Whose design says which parameters are combined, and into how many cells they are cut.
    seed, first : int
        Root seed, and the index of the first scene.
    most : int
        Number of scenes that is returned where they don't reach the coverage.
    coverage : float
        Above 0, at most 1.
    """
    run = Run(logical.digest, seed, logical)
    possible, no_room = possible_of(run, 2), without_room(run)
    rows = np.zeros((0, len(possible.space.axes)), np.int64)
    if rows.shape[1] < 2:
        return most
    for count in range(1, most + 1):
        try:
            columns = draft(logical, seed, first + count - 1).choice.columns
        except UnsatisfiableError:
            # Its cell has no room for its bodies: making it will fail and say so.
            continue
        rows = np.concatenate([rows, cells_of(possible.space.axes, columns)])
        hit, total = possible.count(rows, 2, no_room)
        if hit >= coverage * total:
            return count
    return most


def pairs_covered(
    logical: LogicalScenario, seed: int, columns: Mapping[str, Column]
) -> tuple[int, int]:
    """Return how many of the possible pairs of parameters' values some scenes have.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (n,)
        Value of every parameter in each scene.

    Returns
    -------
    covered, possible : int
        Both 0 where there are no two parameters.
    """
    run = Run(logical.digest, seed, logical)
    possible = possible_of(run, 2)
    if len(possible.space.axes) < 2:
        return 0, 0
    return possible.count(cells_of(possible.space.axes, columns), 2, without_room(run))
