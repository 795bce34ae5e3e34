"""Slices of real pictures and objects, each with the rest that it is to be compared with."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.gaps.profile import UNKNOWN, words_of
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.recalls import Recalls
from scenegen.evaluate.statistics import F64

MIN_PICTURES = 10
MIN_OBJECTS = 10
"""Slices of fewer pictures or objects, or of fewer than `MIN_BLOCKS` blocks, are left out."""
MIN_BLOCKS = 3
MOST_DRIVES = 12
"""Of more drives none is a slice."""
Mask = npt.NDArray[np.bool_]


def picture_contrasts(mapped: MappedSet, brightness: F64) -> dict[str, tuple[Mask, Mask]]:
    """Return slices (N,) of pictures by attribute, brightness and drive, each with its rest.

    Pictures of which an attribute isn't known are in neither.
    """
    words: dict[str, tuple[str, ...]] = dict(words_of(mapped.records, brightness))
    drives = tuple(record.group or UNKNOWN for record in mapped.records)
    if len(set(drives)) <= MOST_DRIVES:
        words["drive"] = drives
    found = {}
    for attribute, values in words.items():
        array = np.array(values)
        known = array != UNKNOWN
        for value in sorted(set(values) - {UNKNOWN}):
            inside = array == value
            rest = known & ~inside
            if all(_enough(part, mapped.blocks, MIN_PICTURES) for part in (inside, rest)):
                found[f"{attribute}={value}"] = inside, rest
    return found


def object_contrasts(
    recalls: Recalls, classes: tuple[str, ...], blocks: npt.NDArray[np.int64]
) -> dict[str, tuple[Mask, Mask]]:
    """Return slices (M,) of objects by class, attribute, and class and attribute, with their rest.

    The rest of a slice within a class is of the same class, so that a class that is hard
    doesn't pass for a size that is.
    """
    found: dict[str, tuple[Mask, Mask]] = {}
    block = blocks[recalls.picture]
    everything = np.ones(len(recalls), np.bool_)
    parts: Mapping[str, Mask] = {
        "": everything,
        **{f"class={name}": recalls.class_id == i for i, name in enumerate(classes)},
    }
    for prefix, part in parts.items():
        if prefix and _enough(part, block, MIN_OBJECTS):
            found[prefix] = part, ~part
        for attribute, values in recalls.words.items():
            if prefix and attribute == "position":
                continue  # ninths of the picture by class are too many, and hardly filled
            known = part & (values != "")
            for value in sorted(set(values[known].tolist())):
                inside = known & (values == value)
                rest = known & ~inside
                if all(_enough(p, block, MIN_OBJECTS) for p in (inside, rest)):
                    found[",".join(filter(None, (prefix, f"{attribute}={value}")))] = inside, rest
    return found


def _enough(mask: Mask, blocks: npt.NDArray[np.int64], least: int) -> bool:
    return int(mask.sum()) >= least and len(np.unique(blocks[mask])) >= MIN_BLOCKS
