"""The things in a set of pictures, one row each: from its boxes, or from connected regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.evaluate.classes import LabelSpace
from scenegen.evaluate.images import F64, I64, U8
from scenegen.evaluate.mapped import MappedSet
from scenegen.records.taxonomy import CLASSES

Source = Literal["boxes", "regions"]
MIN_REGION_PX = 24
"""Regions of fewer pixels are ragged edges of labels rather than things."""

_THINGS = frozenset(c.name for c in CLASSES if c.things) | {"traffic light", "traffic sign"}


@dataclass(frozen=True)
class ObjectTable:
    """Columns of equal length N, a row an object.

    Attributes
    ----------
    picture : (N,) int64
        Position in the set.
    class_id : (N,) int64
        Judged class.
    xyxy : (N, 4) float64 px
    height_share : (N,) float64
        Height of the box over that of the picture: what stands for distance where it is unknown.
    truncated : (N,) bool
        Whether the box touches the picture's edge.
    distance_m, occlusion : (N,) float64 or None
        Where the set has them.
    """

    picture: I64
    class_id: I64
    xyxy: F64
    height_share: F64
    truncated: npt.NDArray[np.bool_]
    distance_m: F64 | None = None
    occlusion: F64 | None = None

    def __len__(self) -> int:
        return len(self.class_id)


def common_source(*sets: MappedSet) -> Source:
    """Return how objects can be had alike from all sets: their boxes, or else regions."""
    return "boxes" if all(mapped.has("boxes") for mapped in sets) else "regions"


def thing_ids(space: LabelSpace) -> tuple[int, ...]:
    """Return the judged classes whose members can be counted."""
    return tuple(i for i, judged in enumerate(space.classes) if judged.extent & _THINGS)


def objects_of(mapped: MappedSet, index: int, source: Source) -> ObjectTable:
    """Return the objects of one picture.

    Regions of one class that touch count as one object, so crowds and cars in a queue
    are fewer and larger than they are; compare regions with regions only.
    """
    if source == "regions":
        semantic = mapped.semantic(index)
        return _table(index, *_regions(semantic, mapped.mapping.space), semantic.shape)
    boxes = mapped.boxes(index)
    height, width = mapped.image(index).shape[:2]
    keep = ~boxes.crowd & np.isin(boxes.class_id, thing_ids(mapped.mapping.space))
    return _table(
        index,
        boxes.xyxy[keep],
        boxes.class_id[keep],
        (height, width),
        None if boxes.distance_m is None else boxes.distance_m[keep],
        None if boxes.occlusion is None else boxes.occlusion[keep],
    )


def all_objects(mapped: MappedSet, source: Source) -> ObjectTable:
    """Return the objects of every picture of a set, in order."""
    tables = [objects_of(mapped, index, source) for index in range(len(mapped))]
    if not tables:
        return _table(0, np.zeros((0, 4)), np.zeros(0, np.int64), (1, 1))

    def column(name: str) -> npt.NDArray[Any]:
        return np.concatenate([getattr(table, name) for table in tables])

    def known(name: str) -> bool:
        return all(getattr(table, name) is not None for table in tables)

    return ObjectTable(
        column("picture"),
        column("class_id"),
        column("xyxy"),
        column("height_share"),
        column("truncated"),
        column("distance_m") if known("distance_m") else None,
        column("occlusion") if known("occlusion") else None,
    )


def _regions(semantic: U8, space: LabelSpace) -> tuple[F64, I64]:
    found: list[tuple[float, float, float, float]] = []
    ids: list[int] = []
    for class_id in thing_ids(space):
        mask = (semantic == class_id).astype(np.uint8)
        if not mask.any():
            continue
        count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        for left, top, width, height, area in stats[1:count].tolist():
            if area >= MIN_REGION_PX:
                found.append((left, top, left + width, top + height))
                ids.append(class_id)
    return np.array(found, np.float64).reshape(-1, 4), np.array(ids, np.int64)


def _table(
    index: int,
    xyxy: F64,
    class_id: I64,
    shape: tuple[int, ...],
    distance_m: F64 | None = None,
    occlusion: F64 | None = None,
) -> ObjectTable:
    height, width = shape[:2]
    return ObjectTable(
        np.full(len(class_id), index, np.int64),
        class_id,
        xyxy,
        (xyxy[:, 3] - xyxy[:, 1]) / height,
        (xyxy[:, :2] <= 0).any(axis=1) | (xyxy[:, 2] >= width) | (xyxy[:, 3] >= height),
        distance_m,
        occlusion,
    )
