"""How often bodies find room where the values are right: what weights by cell have to know.

A draw in which what stands breaks a constraint on who is hidden has no room either.

Draws are placed until so many have found room, or so many have been placed. Of independent
draws, both numbers tell the share without bias, and no other number does as well: (k - 1) / (n - 1)
where the n-th draw was the k-th and last to find room, k / n where the draws ran out first
(Girshick, Mosteller and Savage 1946, on unbiased estimates for sequential sampling). A fixed
number of draws would have to be large, so as not to say of rare room that there is none.
"""

from __future__ import annotations

import math

import numpy as np

from scenegen.sample.candidates import draw_candidates
from scenegen.sample.looked import Sceneries
from scenegen.sample.placing import Sieve
from scenegen.sample.points import PointSource

BATCH, LARGEST = 64, 8192
CANDIDATES = 100_000
"""Points after which those that meet the constraints on values have to do."""
AT_ONCE = 1024


def share_with_room(
    sieve: Sieve,
    points: PointSource,
    generator: np.random.Generator,
    enough: int,
    most: int,
    before: tuple[int, int] = (0, 0),
) -> float:
    """Return an unbiased estimate of the share of draws whose bodies find room.

    Parameters
    ----------
    sieve : Sieve
        Those that don't pass its constraints on values are not among the draws.
    points : PointSource
        Independent points, alike in distribution.
    generator : numpy.random.Generator
        Of looks.
    enough : int
        Draws with room after which nothing more is placed; at least 2.
    most : int
        Draws that are placed at the most.
    before : tuple of int
        Draws that were placed already, the last of which found room if any did; and how many
        found room.

    Returns
    -------
    float
        From 0 to 1. A draw that would be refused as wrong finds no room: no scene has it.
    """
    (placed, fitted), tried, batch = before, 0, BATCH
    sceneries = Sceneries.by_chance(sieve.logical, generator)
    while fitted < enough and placed < most and tried < CANDIDATES:
        some = points.take(batch)
        if not len(some):
            break
        tried, batch = tried + len(some), min(LARGEST, 4 * batch)
        columns = draw_candidates(sieve.logical, some).columns
        rows = sieve.passing(columns, len(some))
        while rows.size and fitted < enough and placed < most:
            piece = rows[: min(_expected(placed, fitted, enough), most - placed)]
            rows = rows[len(piece) :]
            found = sieve.place_by_chance(columns, piece, generator)
            fits = sieve.look(columns, piece, found, sceneries, enough - fitted)
            fitted += fits.size
            placed += int(fits[-1]) + 1 if fitted == enough else len(piece)
    return unbiased_share(placed, fitted, enough)


def unbiased_share(placed: int, fitted: int, enough: int) -> float:
    """Return the share that draws tell: `enough` found room, or there were no more to place."""
    if fitted < enough:
        return fitted / placed if placed else 0.0
    return (fitted - 1) / (placed - 1)


def _expected(placed: int, fitted: int, enough: int) -> int:
    """Return how many more draws it will take, by what those so far have shown."""
    return min(AT_ONCE, math.ceil((enough - fitted) * (placed + 1) / (fitted + 1)))
