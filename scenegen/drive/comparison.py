"""Two agents over the same scenes: who fails where the other doesn't, and what is better."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy

from scenegen.drive.record import EpisodeRecord
from scenegen.records.base import F64, Record
from scenegen.seeds import named_generator

DRAWS = 2000
LEAST = 2
"""Pairs that a change needs at least."""


class Change(Record):
    """How a criterion's robustness changed from the other agent to this one.

    Attributes
    ----------
    episodes : int
        Scenes in which both have a value.
    mean, low, high : float
        Mean difference, with its 95 % percentile interval over resampled scenes.
    """

    criterion: str
    episodes: int
    mean: float
    low: float
    high: float


class Comparison(Record):
    """A run against another one over the same scenes.

    Attributes
    ----------
    other : str
        The other agent.
    episodes : int
        Scenes that both drove.
    only_here, only_there, both : int
        How many failed in this run alone, in the other alone, and in both.
    p_value : float
        Of McNemar's exact test (1947): how often chance alone would split the scenes in which
        only one fails at least so unevenly.
    changes : tuple of Change
    """

    other: str
    episodes: int
    only_here: int
    only_there: int
    both: int
    p_value: float
    changes: tuple[Change, ...]

    def __str__(self) -> str:
        return (
            f"against {self.other}, the same {self.episodes} scenes: {self.only_here} failed here "
            f"alone, {self.only_there} there alone, {self.both} in both (p = {self.p_value:.3g})"
        )


def compare(here: Sequence[EpisodeRecord], there: Sequence[EpisodeRecord]) -> Comparison:
    """Compare the runs of two agents; scenes that only one drove don't count."""
    others = {record.scene_id: record for record in there}
    pairs = [(record, others[record.scene_id]) for record in here if record.scene_id in others]
    only_here = sum(a.failed and not b.failed for a, b in pairs)
    only_there = sum(b.failed and not a.failed for a, b in pairs)
    apart = only_here + only_there
    names = dict.fromkeys(name for a, _ in pairs for name in a.criteria)
    changes = [_change(name, pairs) for name in names]
    return Comparison(
        other=there[0].agent if there else "",
        episodes=len(pairs),
        only_here=only_here,
        only_there=only_there,
        both=sum(a.failed and b.failed for a, b in pairs),
        p_value=float(scipy.stats.binomtest(only_here, apart).pvalue) if apart else 1.0,
        changes=tuple(change for change in changes if change is not None),
    )


def _change(name: str, pairs: Sequence[tuple[EpisodeRecord, EpisodeRecord]]) -> Change | None:
    values = [(a.criteria.get(name), b.criteria.get(name)) for a, b in pairs]
    known = np.array([a - b for a, b in values if a is not None and b is not None])
    if len(known) < LEAST:
        return None
    low, high = _interval(known, name)
    return Change(criterion=name, episodes=len(known), mean=float(known.mean()), low=low, high=high)


def _interval(differences: F64, name: str) -> tuple[float, float]:
    generator = named_generator("drive", "comparison", name, len(differences))
    drawn = generator.integers(0, len(differences), (DRAWS, len(differences)))
    low, high = np.quantile(differences[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)
