"""How like photographs a method's frames look, and how unlike each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from scenegen.evaluate.feature_store import FeatureSet, spread
from scenegen.evaluate.images import F64
from scenegen.evaluate.measures.kid import kernel_sums, kid_under
from scenegen.evaluate.measures.prdc import neighbours
from scenegen.evaluate.measures.spread import total_spread
from scenegen.evaluate.measures.vendi import vendi
from scenegen.refine.comparison.estimates import (
    Chance,
    Estimate,
    of_draws,
    without_groups,
)
from scenegen.seeds import named_generator


def looks(
    runs: Sequence[FeatureSet], test: FeatureSet, chance: Chance, few: int
) -> dict[str, Estimate]:
    """Return fidelity and diversity of a method against real test photographs.

    Parameters
    ----------
    runs : sequence of FeatureSet
        The same frames by each seed; one set where seeds change nothing.
    test : FeatureSet
        Real photographs.
    few : int
        Frames of each method that figures which grow with the number look at.
    """
    full = list(runs) * (chance.runs if len(runs) == 1 else 1)
    alike = [one.subset(spread(len(one), few)) for one in full]
    found = {"fidelity.kid": _kid(full, test, chance)}
    near = [neighbours(test.features, one.features) for one in alike]
    for name in ("recall", "coverage"):
        values = np.stack([getattr(one, name) for one in near])
        found[f"diversity.{name}"] = chance.share(values, "test", test.blocks)
    for name, measure in _VARIETY.items():
        found[f"diversity.{name}"] = without_groups(measure, alike)
    if len(runs) > 1:
        found["diversity.seeds"] = chance.mean(_apart(full, test), "frames", full[0].blocks)
    return found


_VARIETY: dict[str, Callable[[FeatureSet], float]] = {
    "vendi": lambda one: vendi(one.features),
    "spread": lambda one: total_spread(one.features),
}


def _kid(runs: Sequence[FeatureSet], test: FeatureSet, chance: Chance) -> Estimate:
    """Return the distance, mean over runs, blocks of both sets and runs drawn anew."""
    each = []
    for one in runs:
        sums = kernel_sums(one, test, named_generator("compare", chance.seed, "pairs"))
        frames, photos = (np.arange(n, dtype=np.int64) for n in sums.xy.total.shape)
        w, v = chance.draws("kid frames", frames), chance.draws("kid photos", photos)
        each.append(kid_under(sums, w.weights, v.weights))
    share = chance.draws("kid frames", frames).seeds
    return of_draws((np.stack(each, axis=1) * share).sum(axis=1))


def _apart(runs: Sequence[FeatureSet], test: FeatureSet) -> F64:
    """Return how far a frame's versions by unlike seeds are apart (runs, N), mean over pairs.

    In units of the root mean square distance between two photographs. Where it is 0, a label map
    has one picture.
    """
    unit = np.sqrt(2.0 * total_spread(test.features))
    pairs = [
        np.linalg.norm(np.asarray(a.features, np.float64) - b.features, axis=1) / unit
        for a, b in combinations(runs, 2)
    ]
    mean = np.mean(pairs, axis=0)
    return np.asarray(np.stack([mean] * len(runs)), np.float64)
