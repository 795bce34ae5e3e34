"""What a model gets wrong, counted by picture, class and cell so that shares add up.

The error is what mean IoU lacks to one. With M missed, I invented and U united pixels of
each of C classes it is sum((M + I) / U) / C, a sum over wrong pixels: one of truth t and
prediction p adds (1 / U_t + 1 / U_p) / C. So every way of sorting wrong pixels splits it
into shares that sum to one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scenegen.errors import InputError
from scenegen.evaluate.classes import LabelSpace
from scenegen.evaluate.gaps.cells import (
    EDGE_CELLS,
    POSITION_CELLS,
    SIZE_CELLS,
    position_map,
    things_of,
)
from scenegen.evaluate.images import F64, U8
from scenegen.records.taxonomy import IGNORE

_PIXEL_AXES = {"size": SIZE_CELLS, "edge": EDGE_CELLS, "position": POSITION_CELLS}


@dataclass(frozen=True)
class Axis:
    """Pixels of each picture and class, by cell.

    Attributes
    ----------
    cells : tuple of str
        K names; each pixel is in one.
    hit, missed, invented : (N, C, K) float64
        Truth that was found; truth that was not; and what was said wrongly, by the
        class that was said.
    """

    cells: tuple[str, ...]
    hit: F64
    missed: F64
    invented: F64


@dataclass(frozen=True)
class Errors:
    """Everything about a model's mistakes that a budget needs.

    Attributes
    ----------
    confusion : (N, C, C) float64
        Pixels by picture, true class and predicted class.
    axes : mapping
        ``size``, ``edge`` and ``position``, and those of whole pictures.
    things, lost : (N, C, K) float64
        Regions of truth by class and size (`SIZE_CELLS`); those of which less than
        half of the pixels were found.
    """

    classes: tuple[str, ...]
    confusion: F64
    axes: Mapping[str, Axis]
    things: F64
    lost: F64

    @property
    def pictures(self) -> int:
        """How many pictures there are."""
        return len(self.confusion)


def errors_of(truth: U8, prediction: U8, space: LabelSpace) -> Errors:
    """Count the mistakes of a model.

    Parameters
    ----------
    truth, prediction : (N, h, w) uint8
        Judged ids; where the truth is 255 nothing is judged, a prediction of 255 is a miss.

    Raises
    ------
    InputError
        The shapes differ.
    """
    if truth.shape != prediction.shape:
        raise InputError(f"predictions are {prediction.shape}, the truth is {truth.shape}")
    counts = _Counts.empty(len(truth), len(space))
    where = position_map((truth.shape[1], truth.shape[2]))
    for i in range(len(truth)):
        judged = (truth[i] != IGNORE) & (truth[i] < len(space))
        real = np.where(judged, truth[i], np.uint8(IGNORE))
        counts.add(i, real, np.where(judged, prediction[i], np.uint8(IGNORE)), space, where)
    return Errors(space.names, counts.confusion, counts.axes, counts.things, counts.lost)


@dataclass(frozen=True)
class _Counts:
    """The arrays of `Errors` while pictures are added to them."""

    confusion: F64
    axes: Mapping[str, Axis]
    things: F64
    lost: F64

    @classmethod
    def empty(cls, count: int, classes: int) -> _Counts:
        def zeros(last: int) -> F64:
            return np.zeros((count, classes, last))

        return cls(
            zeros(classes),
            {
                name: Axis(cells, *(zeros(len(cells)) for _ in range(3)))
                for name, cells in _PIXEL_AXES.items()
            },
            zeros(len(SIZE_CELLS)),
            zeros(len(SIZE_CELLS)),
        )

    def add(self, i: int, truth: U8, said: U8, space: LabelSpace, where: U8) -> None:
        """Count one picture; both (h, w) uint8 are 255 where nothing is judged."""
        real, seen = things_of(truth, space), things_of(said, space)
        answered = (truth != IGNORE) & (said < len(space))
        np.add.at(self.confusion[i], (truth[answered], said[answered]), 1)
        right = (truth != IGNORE) & (said == truth)
        missed, invented = (truth != IGNORE) & ~right, answered & ~right
        cells = {
            "size": (real.size, seen.size),
            "edge": (real.edge, seen.edge),
            "position": (where, where),
        }
        for name, (of_truth, of_said) in cells.items():
            axis = self.axes[name]
            np.add.at(axis.hit[i], (truth[right], of_truth[right]), 1)
            np.add.at(axis.missed[i], (truth[missed], of_truth[missed]), 1)
            np.add.at(axis.invented[i], (said[invented], of_said[invented]), 1)
        regions = len(real.class_id) + 1
        area = np.bincount(real.label.ravel(), minlength=regions)[1:]
        found = np.bincount(real.label[right], minlength=regions)[1:]
        kinds = (real.class_id, real.size_of)
        np.add.at(self.things[i], kinds, real.counted)
        np.add.at(self.lost[i], kinds, real.counted & (2 * found < area))


def of_pictures(errors: Errors, words: Sequence[str]) -> Axis:
    """Return the axis that sorts whole pictures by a word (N,) each; cells in order of words."""
    cells = tuple(dict.fromkeys(words))
    member = np.array([[word == cell for cell in cells] for word in words], np.float64)
    diagonal = np.einsum("ncc->nc", errors.confusion)
    size = errors.axes["size"]
    return Axis(
        cells,
        diagonal[:, :, None] * member[:, None, :],
        size.missed.sum(axis=2)[:, :, None] * member[:, None, :],
        size.invented.sum(axis=2)[:, :, None] * member[:, None, :],
    )


def united(errors: Errors, weights: F64) -> F64:
    """Return the union of each class (…, C) under weights of pictures (…, N); 0 if not in truth.

    A class without a true pixel has no IoU; what is said of it wrongly counts as missed
    where it was said.
    """
    size = errors.axes["size"]
    hit, missed, invented = (
        weights @ part.sum(axis=2) for part in (size.hit, size.missed, size.invented)
    )
    return np.where(hit + missed > 0, hit + missed + invented, 0.0)


def class_cell_error(errors: Errors, axis: Axis, weights: F64) -> F64:
    """Return the part of the error that lies in each class and cell (…, C, K).

    Parameters
    ----------
    weights : (…, N) float64
        How often each picture counts.

    Returns
    -------
    (…, C, K) float64
        Sums to one minus mean IoU.
    """
    union = united(errors, weights)
    per_pixel = np.divide(1.0, union, out=np.zeros_like(union), where=union > 0)
    wrong = np.tensordot(weights, axis.missed + axis.invented, axes=1)
    judged = np.maximum((union > 0).sum(axis=-1), 1)
    return np.asarray(wrong * per_pixel[..., None] / judged[..., None, None], np.float64)


def mean_iou(errors: Errors, weights: F64) -> F64:
    """Return mean IoU (…) over classes that are in the truth, under weights (…, N)."""
    union = united(errors, weights)
    hit = weights @ errors.axes["size"].hit.sum(axis=2)
    iou = np.divide(hit, union, out=np.zeros_like(union), where=union > 0)
    return np.asarray(iou.sum(axis=-1) / np.maximum((union > 0).sum(axis=-1), 1), np.float64)


def pair_error(errors: Errors, weights: F64) -> F64:
    """Return the part of the error of each pair (C, C) of true and predicted class."""
    union = united(errors, weights)
    per_pixel = np.divide(1.0, union, out=np.zeros_like(union), where=union > 0)
    wrong = np.tensordot(weights, errors.confusion, axes=1)
    np.fill_diagonal(wrong, 0.0)
    each = wrong * (per_pixel[:, None] + per_pixel[None, :])
    return np.asarray(each / max(int((union > 0).sum()), 1), np.float64)


def shares(parts: F64) -> F64:
    """Return parts (…, C, K) over their sums; zero where there is no error at all."""
    total = parts.sum(axis=(-2, -1), keepdims=True)
    return np.asarray(
        np.divide(parts, total, out=np.zeros_like(parts), where=total > 0), np.float64
    )
