"""What a segmenter reaches on real photographs that it wasn't trained on: the bar for frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenegen.evaluate.images import F64, I64, U8
from scenegen.evaluate.measures.confusion import confusions, iou, weighted
from scenegen.evaluate.statistics import Interval, block_weights, interval_of, mean_interval
from scenegen.records.base import Record
from scenegen.refine.gate.things import things_in
from scenegen.seeds import named_generator

_FEWEST = 5
"""Objects below which a class's mean tells nothing."""


class Measured(Record):
    """A value with its 95 % interval by blocks of video."""

    value: float
    low: float
    high: float


class Bar(Record):
    """A class on real photographs.

    Attributes
    ----------
    name : str
    iou : Measured or None
        Intersection over union, over all photographs; None if none shows it.
    object : Measured or None
        Mean agreement of its objects (`Thing.agreement`); None for classes that are no objects
        and where there are fewer than five.
    objects : int
        How many there are.
    """

    name: str
    iou: Measured | None
    object: Measured | None
    objects: int


def bars_of(
    predicted: U8,
    semantic: U8,
    blocks: I64,
    names: Sequence[str],
    things: Sequence[int],
    least_px: float,
) -> tuple[Bar, ...]:
    """Measure a segmenter's predictions on photographs.

    Parameters
    ----------
    predicted, semantic : (N, h, w) uint8
    blocks : (N,) int64
        Neighbouring frames of one drive, see `images.blocks`.
    things : sequence of int
        Ids of classes that are objects.
    least_px : float
        Objects of fewer pixels don't count.
    """
    counts = confusions(predicted, semantic, len(names))
    generator = named_generator("gate bars")
    draws = iou(weighted(counts, block_weights(blocks, generator).astype(np.float64)))
    values = iou(counts.sum(axis=0))
    found: dict[int, list[tuple[float, int]]] = {k: [] for k in things}
    for guess, truth, block in zip(predicted, semantic, blocks.tolist(), strict=True):
        for thing in things_in(truth, None, things):
            if thing.pixels >= least_px:
                found[thing.class_id].append((thing.agreement(guess, truth), block))
    return tuple(
        Bar(
            name=name,
            iou=_measured(values[k], draws[:, k]),
            object=_mean(found.get(k, []), generator),
            objects=len(found.get(k, [])),
        )
        for k, name in enumerate(names)
    )


def _measured(value: float, draws: F64) -> Measured | None:
    return _rounded(interval_of(float(value), draws)) if np.isfinite(value) else None


def _mean(found: list[tuple[float, int]], generator: np.random.Generator) -> Measured | None:
    if len(found) < _FEWEST:
        return None
    values, blocks = (np.array(column) for column in zip(*found, strict=True))
    return _rounded(mean_interval(values, blocks, generator))


def _rounded(interval: Interval) -> Measured:
    value, low, high = (round(x, 4) for x in (interval.value, interval.low, interval.high))
    return Measured(value=value, low=low, high=high)
