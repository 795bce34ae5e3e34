"""Numbers from training runs: means over seeds, intervals over blocks and seeds, gains, worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import F64, I64
from scenegen.evaluate.measures.confusion import mean_over_classes
from scenegen.evaluate.statistics import Interval, block_weights, interval_of, paired_p_value
from scenegen.evaluate.utility.judges import Judge
from scenegen.evaluate.utility.training import Run

Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Resampling:
    """The same blocks and seeds for every arm, so that arms are compared in pairs.

    Attributes
    ----------
    blocks : (N,) int64
        Of the test pictures.
    weights : (1 + D, N) float64
        Pictures as they are, then D bootstrap draws of blocks.
    seeds : (1 + D, S) float64
        Share of each seed: equal, then D draws with replacement.
    """

    blocks: I64
    weights: F64
    seeds: F64

    @property
    def method(self) -> str:
        """How intervals are made, in words."""
        draws, seeds = len(self.weights) - 1, self.seeds.shape[1]
        count = len(np.unique(self.blocks))
        spread = f"{seeds} seeds" if seeds > 1 else "one seed, so without the spread of training"
        return f"bootstrap over {count} blocks of pictures and {spread}, {draws} draws"


def resampling(blocks: I64, seeds: int, draws: int, generator: np.random.Generator) -> Resampling:
    """Return D draws of blocks and seeds."""
    drawn = block_weights(blocks, generator, draws)
    picks = generator.multinomial(seeds, np.full(seeds, 1 / seeds), draws) / seeds
    return Resampling(
        blocks,
        np.concatenate([np.ones((1, len(blocks))), drawn]),
        np.concatenate([np.full((1, seeds), 1 / seeds), picks]),
    )


def arm_scores(runs: Sequence[Run], judge: Judge, chance: Resampling) -> F64:
    """Return class scores (1 + D, C) of an arm, mean over its seeds; NaN without truth."""
    each = np.stack([judge.scores(run.kept, chance.weights) for run in runs])
    return np.asarray(np.einsum("sdc,ds->dc", each, chance.seeds), np.float64)


def interval(draws: F64) -> Interval | None:
    """Return the interval of draws (1 + D,), the value first; None if it is not defined."""
    if not np.isfinite(draws[0]):
        return None
    return interval_of(float(draws[0]), draws[1:])


def block_p_value(
    first: Sequence[Run],
    second: Sequence[Run],
    judge: Judge,
    blocks: I64,
    generator: np.random.Generator,
) -> float:
    """Return the p-value of the difference between two arms, a sign-flip test over blocks.

    Each block of test pictures gives one difference: of its mean over classes, and of
    that the mean over seeds.
    """
    names = np.unique(blocks)
    members = (blocks == names[:, None]).astype(np.float64)

    def by_block(runs: Sequence[Run]) -> F64:
        each = [mean_over_classes(judge.scores(run.kept, members)) for run in runs]
        return np.asarray(np.mean(each, axis=0), np.float64)

    differences = by_block(first) - by_block(second)
    return paired_p_value(differences[np.isfinite(differences)], generator)


def worth(score: float, counts: Sequence[int], curve: F64) -> float:
    """Return how many real pictures give a score, read off the real-only curve.

    Straight between counts on a logarithmic axis; where more pictures did worse, the best
    score so far holds.

    Parameters
    ----------
    counts : sequence of int
        Ascending.
    curve : (K,) float64
        Scores of so many real pictures alone.

    Returns
    -------
    float
        0 below the curve, infinity above it.
    """
    rising = np.maximum.accumulate(curve)
    if not score >= rising[0]:
        return 0.0
    if score > rising[-1]:
        return float("inf")
    at = int(np.searchsorted(rising, score, side="left"))
    if at == 0:
        return float(counts[0])
    share = (score - rising[at - 1]) / (rising[at] - rising[at - 1])
    low, high = np.log(counts[at - 1]), np.log(counts[at])
    return float(np.exp(low + share * (high - low)))
