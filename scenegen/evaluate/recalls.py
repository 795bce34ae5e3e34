"""How much of each real object a model found: by class, size, distance, occlusion and place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.classes import LabelSpace
from scenegen.evaluate.gaps.cells import EDGE_CELLS, POSITION_CELLS, SIZE_CELLS, things_of
from scenegen.evaluate.images import F64, I64, U8, Boxes
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.objects import thing_ids
from scenegen.evaluate.slices import DISTANCES, SIZES
from scenegen.evaluate.utility.prepared import Size, boxes_to_size
from scenegen.evaluate.utility.protocol import Detections

OVERLAP = 0.5
"""Intersection over union from which a box counts as found."""


@dataclass(frozen=True)
class Recalls:
    """The real objects of the test pictures, and how much of each was found.

    Attributes
    ----------
    picture : (M,) int64
        Position in the test set.
    class_id : (M,) int64
    recall : (M,) float64
        Share of its pixels that were predicted right; 0 or 1 for boxes.
    words : mapping of str to (M,) str
        By attribute of objects, as ``size``, the value of each; empty where it is unknown.
    """

    picture: I64
    class_id: I64
    recall: F64
    words: Mapping[str, npt.NDArray[np.str_]]

    def __len__(self) -> int:
        return len(self.picture)


def region_recalls(truth: U8, predicted: U8, space: LabelSpace) -> Recalls:
    """Return how much of each connected region of a class of things was predicted right.

    Parameters
    ----------
    truth, predicted : (N, h, w) uint8
        Judged ids, 255 = ignore.
    """
    return _joined([_regions(i, truth[i], predicted[i], space) for i in range(len(truth))])


def box_recalls(test: MappedSet, size: Size, found: Sequence[Detections]) -> Recalls:
    """Return whether each box overlaps a detection of its class by half.

    Parameters
    ----------
    test : MappedSet
        Tells distances and occlusion, where it knows them.
    size : (width, height) px
        That detections (N,) are in; boxes that it leaves out are left out.
    """
    return _joined([_boxes(i, test, size, found[i]) for i in range(len(test))])


def _regions(index: int, truth: U8, predicted: U8, space: LabelSpace) -> Recalls:
    found = things_of(np.asarray(truth), space)
    count = len(found.class_id)
    rows, columns = np.nonzero(found.label)
    label = found.label[rows, columns] - 1
    pixels = np.bincount(label, minlength=count)
    right = np.bincount(label, truth[rows, columns] == predicted[rows, columns], count)
    edge = np.zeros(count, np.int64)
    edge[label] = found.edge[rows, columns]
    places = [np.bincount(label, place, count) / pixels for place in (rows, columns)]
    keep = found.counted
    words = {
        "size": np.array(SIZE_CELLS)[found.size_of],
        "truncated": np.where(edge == EDGE_CELLS.index("whole"), "no", "yes"),
        "position": _ninths(places[0] / truth.shape[0], places[1] / truth.shape[1]),
    }
    return Recalls(
        np.full(int(keep.sum()), index, np.int64),
        found.class_id[keep],
        (right / pixels)[keep],
        {name: column[keep] for name, column in words.items()},
    )


def _boxes(index: int, test: MappedSet, size: Size, found: Detections) -> Recalls:
    truth, (height, width) = test.boxes(index), test.image(index).shape[:2]
    counted = ~truth.crowd & np.isin(truth.class_id, thing_ids(test.mapping.space))
    kept, hits = [], []
    for thing in np.flatnonzero(counted).tolist():
        part = slice(thing, thing + 1)
        one = Boxes(truth.xyxy[part], truth.class_id[part], truth.crowd[part])
        scaled = boxes_to_size(one, (height, width), size)
        if len(scaled):
            rivals = found.xyxy[found.class_id == scaled.class_id[0]]
            kept.append(thing)
            hits.append(float(_overlap(scaled.xyxy[0], rivals).max(initial=0.0) >= OVERLAP))
    at = np.array(kept, np.int64)
    left, top, right, bottom = truth.xyxy[at].T
    cut = (left <= 0) | (top <= 0) | (right >= width) | (bottom >= height)
    away, hidden = truth.distance_m, truth.occlusion
    words = {
        "size": _ranges((bottom - top) / height, SIZES),
        "truncated": np.where(cut, "yes", "no"),
        "position": _ninths((top + bottom) / 2 / height, (left + right) / 2 / width),
        "distance": _nothing(at) if away is None else _ranges(away[at], DISTANCES),
        "occlusion": _nothing(at)
        if hidden is None
        else np.where(np.isnan(hidden[at]), "", np.where(hidden[at] >= 0.5, "half", "little")),
    }
    return Recalls(
        np.full(len(at), index, np.int64), truth.class_id[at], np.array(hits, np.float64), words
    )


def _overlap(box: F64, others: F64) -> F64:
    """Return intersection over union (n,) of a box (4,) with others (n, 4)."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1)
    union = np.prod(box[2:] - box[:2]) + areas - shared
    return np.asarray(np.divide(shared, union, out=np.zeros(len(others)), where=union > 0))


def _ninths(down: F64, across: F64) -> npt.NDArray[np.str_]:
    """Return the ninth of the picture in which each place lies, given as shares of it."""
    row, column = (np.clip(3 * place, 0, 2).astype(np.int64) for place in (down, across))
    return np.asarray(np.array(POSITION_CELLS)[3 * row + column])


def _ranges(values: F64, ranges: Sequence[tuple[str, float, float]]) -> npt.NDArray[np.str_]:
    """Return the name of the range that each value is in; empty where there is none."""
    return np.select(
        [(values >= low) & (values < high) for _, low, high in ranges],
        [name for name, _, _ in ranges],
        default="",
    )


def _nothing(rows: I64) -> npt.NDArray[np.str_]:
    return np.full(len(rows), "")


def _joined(parts: Sequence[Recalls]) -> Recalls:
    def column(name: str) -> npt.NDArray[Any]:
        return np.concatenate([np.zeros(0), *(getattr(part, name) for part in parts)])

    names = parts[0].words if parts else {}
    return Recalls(
        column("picture").astype(np.int64),
        column("class_id").astype(np.int64),
        column("recall"),
        {name: np.concatenate([part.words[name] for part in parts]) for name in names},
    )
