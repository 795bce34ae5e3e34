"""Splits for a set that comes as one piece: whole drives, the same ones on every machine."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from scenegen.evaluate.images import ImageSet

SHARES: tuple[tuple[str, float], ...] = (("train", 0.6), ("val", 0.15), ("test", 0.25))
"""Shares of the pictures, as near as whole drives allow."""


def split_by_group(images: ImageSet) -> ImageSet:
    """Return the same pictures in splits that share no drive.

    Drives are dealt in the order of their names' hashes, each to the split that lacks
    most of its share. Of three drives or more every split gets one; of fewer,
    test goes before train and train before val.
    """
    sizes: dict[str, int] = {}
    for record in images.records:
        sizes[record.group] = sizes.get(record.group, 0) + 1
    order = sorted(sizes, key=lambda group: hashlib.sha256(group.encode()).digest())
    held = {name: 0.0 for name, _ in SHARES}
    split_of: dict[str, str] = {}
    for number, group in enumerate(order):
        if number < len(SHARES):
            name = ("test", "train", "val")[number]
        else:
            name = min(SHARES, key=lambda entry: held[entry[0]] / entry[1])[0]
        held[name] += sizes[group]
        split_of[group] = name
    return replace(
        images,
        records=tuple(replace(record, split=split_of[record.group]) for record in images.records),
    )
