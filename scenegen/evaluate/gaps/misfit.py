"""How far a set's content is from the real one, before and after a proposal, with intervals."""

from __future__ import annotations

import numpy as np

from scenegen.evaluate.gaps.mixture import misfit
from scenegen.evaluate.gaps.profile import Profile
from scenegen.evaluate.gaps.proposal import Aim, Proposal
from scenegen.evaluate.images import F64
from scenegen.evaluate.statistics import Interval, block_weights, interval_of


def misfits(
    present: Profile,
    real: Profile,
    scenarios: tuple[str, ...],
    proposal: Proposal,
    aim: Aim,
    generator: np.random.Generator,
) -> tuple[Interval, Interval]:
    """Return the misfit of the present set and the one that is expected of the union.

    Both sets are resampled by blocks; the proposal and the weights stay.
    """
    mixture = proposal.mixture
    of = np.array(scenarios)
    # The union as weights of the present pictures: each scenario's share, evenly over them.
    planned = np.full(len(present), (1 - mixture.added) / len(present))
    for name, share in zip(mixture.names, mixture.shares, strict=True):
        chosen = of == name
        planned[chosen] += mixture.added * share / chosen.sum()
    drawn = block_weights(present.blocks, generator).astype(np.float64)
    target = _means(real.content, block_weights(real.blocks, generator).astype(np.float64))
    before = misfit(_means(present.content, drawn), target, aim.weights)
    after = misfit(_means(present.content, drawn * planned), target, aim.weights)
    return interval_of(mixture.misfit_before, before), interval_of(mixture.misfit_after, after)


def _means(values: F64, weights: F64) -> F64:
    return np.asarray(weights @ values / weights.sum(axis=1, keepdims=True), np.float64)
