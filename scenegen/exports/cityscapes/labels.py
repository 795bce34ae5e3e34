"""Our classes and instances as Cityscapes' label pictures, and these as polygons."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from scenegen.dataset.codecs import U8, U16
from scenegen.records import FrameLabels
from scenegen.records.taxonomy import CLASS_BY_ID, CLASS_BY_NAME, CLASSES

THINGS = range(24, 34)
"""Ids of classes that Cityscapes tells apart one by one."""
MOST = 1000
"""An instance's number is its class times this, and a count."""


def _table() -> U8:
    table = np.zeros(256, dtype=np.uint8)  # what is to be ignored is unlabeled
    for entry in CLASSES:
        table[entry.id] = entry.cityscapes_id
    return table


_IDS = _table()


def label_ids(semantic: U8) -> U8:
    """Return Cityscapes' class ids (H, W) of ours; 0, unlabeled, for pixels to ignore."""
    return np.asarray(_IDS[semantic])


def instance_ids(semantic: U8, instance: U16, labels: FrameLabels) -> U16:
    """Return the numbers of an instance picture (H, W).

    Class times 1000 and a count from 0, by rising instance id, for what Cityscapes tells apart;
    else the class.

    Raises
    ------
    ValueError
        More than a thousand things of one class.
    """
    ids = label_ids(semantic)
    numbers = ids.astype(np.uint16)
    table = np.zeros(2**16, dtype=np.uint16)
    counts = dict.fromkeys(THINGS, 0)
    for label in sorted(labels.objects, key=lambda o: o.instance_id):
        class_id = CLASS_BY_NAME[label.category].cityscapes_id
        if class_id in counts:
            if counts[class_id] == MOST:
                raise ValueError(f"more than {MOST} things of class {label.category}")
            table[label.instance_id] = class_id * MOST + counts[class_id]
            counts[class_id] += 1
    named = table[instance]
    return np.where((named > 0) & (ids > 0), named, numbers)


def polygons(numbers: U16) -> list[dict[str, Any]]:
    """Return polygons that give the picture back when they are drawn in their order.

    Each is the outer border of pixels that hang together by their edges and have one number,
    through the middles of pixels; what lies in holes of another comes after it.
    """
    found = []
    for number in np.unique(numbers).tolist():
        class_id = number // MOST if number >= MOST else number
        count, parts, boxes, _ = cv2.connectedComponentsWithStats(
            (numbers == number).astype(np.uint8), connectivity=4
        )
        for part in range(1, count):
            left, top, width, height, _ = boxes[part].tolist()
            mask = (parts[top : top + height, left : left + width] == part).astype(np.uint8)
            rings, _ = cv2.findContours(
                mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(left, top)
            )
            ring = rings[0]
            corners = ring[:, 0].tolist()
            entry: dict[str, Any] = {
                "label": CLASS_BY_ID[class_id].name,
                "polygon": corners if len(corners) > 1 else corners * 2,
            }
            if number >= MOST:
                entry["instance"] = number
            found.append((-cv2.contourArea(ring), number, top, left, entry))
    return [entry for *_, entry in sorted(found, key=lambda item: item[:4])]
