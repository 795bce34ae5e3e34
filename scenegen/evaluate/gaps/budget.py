"""The error budget: what share of the error lies where, with intervals, as figures and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scenegen.evaluate.gaps.cells import SIZE_CELLS
from scenegen.evaluate.gaps.errors import (
    Axis,
    Errors,
    class_cell_error,
    mean_iou,
    of_pictures,
    pair_error,
    shares,
)
from scenegen.evaluate.gaps.profile import UNKNOWN, words_of
from scenegen.evaluate.images import F64, I64, ImageRecord
from scenegen.evaluate.statistics import Interval, block_weights, interval_of


@dataclass(frozen=True)
class Part:
    """Where some of the error lies.

    Attributes
    ----------
    axis, slice : str
        By what was sorted, as ``class`` or ``size``, and where, as ``size=small``.
    share : Interval
        Of all error; those of one axis sum to one.
    rate : Interval or None
        Share of the true pixels there that are wrong; None if there is no truth there.
    pixels : float
        Share of the true pixels that lie there.
    pictures : int
        Pictures that have truth there.
    """

    axis: str
    slice: str
    share: Interval
    rate: Interval | None
    pixels: float
    pictures: int


@dataclass(frozen=True)
class ThingPart:
    """Things of one class and size: how many, how many of them not found, share of error."""

    class_id: int
    size: int
    count: int
    lost: Interval
    share: Interval


@dataclass(frozen=True)
class Budget:
    """All parts of a model's error.

    Attributes
    ----------
    error : Interval
        One minus mean IoU over the classes in the truth: what is shared out.
    parts : tuple of Part
        By axis, the greatest share first.
    things : tuple of ThingPart
        The greatest share first.
    cells : (C, K) float64
        Share of each class and size (`SIZE_CELLS`); sums to one.
    pairs : tuple of (int, int, float)
        True class, predicted class and share; the greatest first.
    """

    error: Interval
    parts: tuple[Part, ...]
    things: tuple[ThingPart, ...]
    cells: F64
    pairs: tuple[tuple[int, int, float], ...]


def budget_of(
    errors: Errors,
    records: tuple[ImageRecord, ...],
    brightness: F64,
    blocks: I64,
    generator: np.random.Generator,
) -> Budget:
    """Share out the error of a model over classes, sizes, places, light and weather.

    Parameters
    ----------
    brightness : (N,) float64
    blocks : (N,) int64
        Resampled together.
    """
    drawn = block_weights(blocks, generator).astype(np.float64)
    once = np.ones(errors.pictures)
    axes = {"class": _by_class(errors), **errors.axes}
    for name, words in words_of(records, brightness).items():
        if set(words) != {UNKNOWN}:
            axes[name] = of_pictures(errors, words)
    parts: list[Part] = []
    for name, axis in axes.items():
        parts += _parts(name, axis, errors, once, drawn)
    error = 1 - float(mean_iou(errors, once))
    return Budget(
        interval_of(error, 1 - mean_iou(errors, drawn)),
        tuple(parts),
        _things(errors, once, drawn),
        shares(class_cell_error(errors, errors.axes["size"], once)),
        _pairs(errors, once),
    )


def _by_class(errors: Errors) -> Axis:
    """Return the axis whose cells are the classes themselves."""
    size = errors.axes["size"]
    diagonal = np.eye(len(errors.classes))

    def cells(part: F64) -> F64:
        return np.asarray(part.sum(axis=2)[:, :, None] * diagonal, np.float64)

    return Axis(errors.classes, cells(size.hit), cells(size.missed), cells(size.invented))


def _parts(name: str, axis: Axis, errors: Errors, once: F64, drawn: F64) -> list[Part]:
    share = shares(class_cell_error(errors, axis, once)).sum(axis=0)
    draws = shares(class_cell_error(errors, axis, drawn)).sum(axis=1)
    missed, hit = axis.missed.sum(axis=1), axis.hit.sum(axis=1)
    wrong, truth = once @ missed, once @ (missed + hit)
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = (drawn @ missed) / (drawn @ (missed + hit))
    parts = [
        Part(
            name,
            f"{name}={cell}",
            interval_of(float(share[k]), draws[:, k]),
            interval_of(float(wrong[k] / truth[k]), rates[:, k]) if truth[k] else None,
            float(truth[k] / truth.sum()),
            int(((missed + hit)[:, k] > 0).sum()),
        )
        for k, cell in enumerate(axis.cells)
        if truth[k] or share[k]
    ]
    return sorted(parts, key=lambda part: -part.share.value)


def _things(errors: Errors, once: F64, drawn: F64) -> tuple[ThingPart, ...]:
    axis = errors.axes["size"]
    share = shares(class_cell_error(errors, axis, once))
    draws = shares(class_cell_error(errors, axis, drawn))
    count, lost = (np.tensordot(once, part, axes=1) for part in (errors.things, errors.lost))
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = np.tensordot(drawn, errors.lost, axes=1) / np.tensordot(
            drawn, errors.things, axes=1
        )
    found = [
        ThingPart(
            c,
            k,
            int(count[c, k]),
            interval_of(float(lost[c, k] / count[c, k]), rates[:, c, k]),
            interval_of(float(share[c, k]), draws[:, c, k]),
        )
        for c in range(len(errors.classes))
        for k in range(1, len(SIZE_CELLS))
        if count[c, k]
    ]
    return tuple(sorted(found, key=lambda part: -part.share.value))


def _pairs(errors: Errors, once: F64) -> tuple[tuple[int, int, float], ...]:
    parts = pair_error(errors, once)
    total = float(class_cell_error(errors, errors.axes["size"], once).sum())
    order = np.argsort(-parts, axis=None, kind="stable")
    pairs = [(int(i // len(parts)), int(i % len(parts))) for i in order]
    return tuple((t, p, float(parts[t, p]) / total) for t, p in pairs if parts[t, p] > 0)


def rate_factors(budget: Budget, most: float = 2.0) -> Mapping[tuple[str, str], float]:
    """Return how much more each light and weather should count than it occurs.

    Its error rate over that of all pixels, within 1 / `most` and `most`; 1 where the
    interval of the rate holds that of all.
    """
    factors = {}
    for part in budget.parts:
        if part.axis not in ("time_of_day", "weather") or part.rate is None:
            continue
        same = [p for p in budget.parts if p.axis == part.axis and p.rate is not None]
        overall = sum(p.pixels * p.rate.value for p in same if p.rate is not None)
        if overall > 0 and not part.rate.low <= overall <= part.rate.high:
            ratio = part.rate.value / overall
            factors[part.axis, part.slice.partition("=")[2]] = float(np.clip(ratio, 1 / most, most))
    return factors
