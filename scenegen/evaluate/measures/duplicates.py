"""Frames of one set that are near-identical, told apart by whether they are neighbours in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.evaluate.feature_store import FeatureSet, spread
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.appearance import Appearance
from scenegen.evaluate.statistics import F64, I64

MOST = 10_000
"""Frames that are compared with each other; of more, runs of neighbours spread evenly."""
PIXEL_RMS = 3.0
"""Levels of 255 by which near-identical tiny copies differ at most."""
COSINE = 0.98
"""Least cosine of the features of near-identical frames."""
_ROWS = 512
_RUN = 10


@dataclass(frozen=True)
class Duplicates:
    """Which of the frames that were compared are repeated.

    Attributes
    ----------
    elsewhere, consecutive : (N,) float64
        1 where a near-identical frame is not, or is, the next or previous one of the same group.
    blocks : (N,) int64
        Bootstrap blocks.
    """

    elsewhere: F64
    consecutive: F64
    blocks: I64


def find_duplicates(mapped: MappedSet, frames: FeatureSet, looks: Appearance) -> Duplicates:
    """Find frames that are alike both in pixels and in features.

    Pixels alone would call pictures of one fog equal, and features alone two different views of
    one street.
    """
    chosen = _chosen(len(mapped))
    groups = np.unique([record.group for record in mapped.records], return_inverse=True)[1]
    group = groups[chosen]
    order = _positions(mapped)[chosen]
    tiny = looks.tiny[chosen].reshape(len(chosen), -1).astype(np.float64)
    features = np.asarray(frames.features[chosen], np.float64)
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    unit = features / np.maximum(lengths, np.finfo(np.float64).tiny)
    squares = (tiny**2).sum(axis=1)
    elsewhere, consecutive = np.zeros(len(chosen)), np.zeros(len(chosen))
    for start in range(0, len(chosen), _ROWS):
        rows = slice(start, min(start + _ROWS, len(chosen)))
        apart = squares[rows, None] + squares - 2 * (tiny[rows] @ tiny.T)
        same = apart <= PIXEL_RMS**2 * tiny.shape[1]
        same &= unit[rows] @ unit.T >= COSINE
        same[np.arange(rows.stop - start), np.arange(start, rows.stop)] = False
        together = group[rows, None] == group
        beside = together & (np.abs(order[rows, None] - order) == 1)
        elsewhere[rows] = (same & ~beside).any(axis=1)
        consecutive[rows] = (same & beside).any(axis=1)
    return Duplicates(elsewhere, consecutive, frames.blocks[chosen])


def _chosen(count: int) -> I64:
    if count <= MOST:
        return np.arange(count, dtype=np.int64)
    starts = spread(count // _RUN, MOST // _RUN) * _RUN
    return np.asarray((starts[:, None] + np.arange(_RUN)).ravel(), np.int64)


def _positions(mapped: MappedSet) -> I64:
    """Return the rank (N,) of each record within its group, by order."""
    result = np.zeros(len(mapped), np.int64)
    seen: dict[str, int] = {}
    records = mapped.records
    for i in sorted(range(len(mapped)), key=lambda i: (records[i].group, records[i].order)):
        result[i] = seen[records[i].group] = seen.get(records[i].group, -1) + 1
    return result
