"""Two sets side by side: what fidelity and diversity both need to say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scenegen.evaluate.feature_store import FeatureSet, FeatureStore
from scenegen.evaluate.images import I64
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.appearance import Appearance, appearance
from scenegen.evaluate.measures.prdc import Neighbours, neighbours
from scenegen.evaluate.results import MetricResult
from scenegen.evaluate.statistics import DRAWS, F64, Interval, mean_interval
from scenegen.evaluate.study import Study, Tick

MIN_ITEMS = 20
"""Pictures or crops on either side below which a distance says nothing."""
MOST = 10_000
"""Pictures of a set that neighbours are searched among; of more, as many spread evenly."""
BOOTSTRAP = f"block bootstrap, {DRAWS} draws"

Better = Literal["lower", "higher", "neither"]


def share_interval(values: F64, blocks: I64, generator: np.random.Generator) -> Interval:
    """Return the mean of values (N,) of 0 and 1 with its 95 % interval.

    By bootstrap over blocks; where all values agree no draw differs, and the exact interval of
    that many agreeing blocks is given (Clopper and Pearson 1934).
    """
    if (values != values[0]).any():
        return mean_interval(values, blocks, generator)
    seldom = float(0.025 ** (1 / len(np.unique(blocks))))
    return Interval(1.0, seldom, 1.0) if values[0] else Interval(0.0, 0.0, 1 - seldom)


def share(tick: Tick, low: float, high: float) -> Tick:
    """Return the tick of a part that takes the whole from `low` to `high`."""
    return lambda done, note: tick(low + (high - low) * done, note)


@dataclass(frozen=True)
class Side:
    """A set with what was read off its pictures."""

    mapped: MappedSet
    frames: FeatureSet
    looks: Appearance


@dataclass(frozen=True)
class Comparison:
    """A synthetic set beside the real test set and, where there is one, the training set."""

    study: Study
    store: FeatureStore
    synthetic: Side
    test: Side
    train: Side | None

    def generator(self, *purpose: str | int) -> np.random.Generator:
        """Return the random numbers of one figure of this synthetic set."""
        return self.study.generator("compare", self.synthetic.mapped.name, *purpose)

    def result(
        self,
        name: str,
        interval: Interval | None,
        n: int,
        better: Better,
        method: str,
        *,
        unit: str = "images",
        dataset: str = "",
        model: str | None = None,
        slice: str = "all",
        note: str = "",
    ) -> MetricResult:
        """Return a figure about the synthetic set, or `dataset`, against the test set."""
        return MetricResult(
            name=name,
            value=None if interval is None else interval.value,
            ci_low=None if interval is None else interval.low,
            ci_high=None if interval is None else interval.high,
            n=n,
            unit=unit,
            better=better,
            method="" if interval is None else method,
            dataset=dataset or self.synthetic.mapped.name,
            reference=self.study.test.name,
            model=self.store.extractor.name if model is None else model,
            slice=slice,
            note=note,
        )


def compare(study: Study, synthetic: MappedSet, store: FeatureStore, tick: Tick) -> Comparison:
    """Read the pictures of all sets that a comparison needs, or what was kept of them."""
    sets = [synthetic, study.test, *([] if study.train is None else [study.train])]
    total = sum(len(mapped) for mapped in sets)
    done = 0
    sides = []
    for mapped in sets:
        middle, end = done + 0.8 * len(mapped), done + len(mapped)
        frames = store.frames(mapped, share(tick, done / total, middle / total))
        looks = appearance(study.memo, mapped, share(tick, middle / total, end / total))
        sides.append(Side(mapped, frames, looks))
        done = end
    return Comparison(study, store, sides[0], sides[1], sides[2] if len(sides) > 2 else None)


def nearest_frames(real: Side, other: FeatureSet) -> Neighbours | None:
    """Return how frames lie among real ones; None where either side has too few."""
    if min(len(real.frames), len(other)) < MIN_ITEMS:
        return None
    return neighbours(real.frames.evenly(MOST).features, other.features)


def halves(mapped: MappedSet) -> tuple[I64, I64]:
    """Return the positions of two halves of a set that share as little as possible.

    Whole drives if there are several, dealt by size to the half that has less; otherwise the
    first half of the only drive and the second.
    """
    order = sorted(
        range(len(mapped)), key=lambda i: (mapped.records[i].group, mapped.records[i].order)
    )
    drives: dict[str, list[int]] = {}
    for i in order:
        drives.setdefault(mapped.records[i].group, []).append(i)
    if len(drives) == 1:
        middle = len(order) // 2
        first, second = order[:middle], order[middle:]
    else:
        first, second = [], []
        for members in sorted(drives.values(), key=len, reverse=True):
            (first if len(first) <= len(second) else second).extend(members)
    return np.sort(np.array(first, np.int64)), np.sort(np.array(second, np.int64))
