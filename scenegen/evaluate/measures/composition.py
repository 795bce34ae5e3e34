"""What pictures are made of: pixels and objects by class, picture by picture."""

from __future__ import annotations

import numpy as np

from scenegen.evaluate.images import F64, Task
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.objects import objects_of
from scenegen.evaluate.study import Tick, silent


def class_shares(mapped: MappedSet, tick: Tick = silent) -> F64:
    """Return the share of each class in the judged pixels of each picture (N, C) float64.

    A row sums to one, or to zero where nothing in the picture is judged.
    """
    size = len(mapped.mapping.space)
    shares = np.zeros((len(mapped), size))
    for index in range(len(mapped)):
        tick(index / len(mapped), f"{mapped.name}: classes of {index} of {len(mapped)} pictures")
        counts = np.bincount(mapped.semantic(index).ravel(), minlength=256)[:size]
        shares[index] = counts / max(int(counts.sum()), 1)
    return shares


def object_counts(mapped: MappedSet, tick: Tick = silent) -> F64:
    """Return how many boxes of each class each picture holds (N, C) float64."""
    size = len(mapped.mapping.space)
    counts = np.zeros((len(mapped), size))
    for index in range(len(mapped)):
        tick(index / len(mapped), f"{mapped.name}: objects of {index} of {len(mapped)} pictures")
        found = objects_of(mapped, index, "boxes").class_id
        counts[index] = np.bincount(found, minlength=size)
    return counts


def content(mapped: MappedSet, task: Task, tick: Tick = silent) -> F64:
    """Return `class_shares` for ``semantic``, `object_counts` for ``boxes``; (N, C) float64."""
    return class_shares(mapped, tick) if task == "semantic" else object_counts(mapped, tick)
