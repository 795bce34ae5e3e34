"""Boxes of many pictures in a few arrays: a million of them in some 50 MB."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from scenegen.errors import DatasetError
from scenegen.evaluate.images import F64, I64, U8, Boxes, ImageRecord, read_rgb


@dataclass(frozen=True)
class BoxColumns:
    """Boxes by picture, in the order in which they came.

    Attributes
    ----------
    starts : (P + 1,) int64
        Boxes of picture p are those from ``starts[p]`` to ``starts[p + 1]``.
    xyxy : (N, 4) float64 px
    class_id : (N,) int32
    crowd : (N,) bool
    """

    starts: I64
    xyxy: F64
    class_id: np.ndarray[tuple[int], np.dtype[np.int32]]
    crowd: np.ndarray[tuple[int], np.dtype[np.bool_]]

    def boxes(self, picture: int) -> Boxes:
        """Return the objects of a picture by its position."""
        part = slice(int(self.starts[picture]), int(self.starts[picture + 1]))
        return Boxes(
            self.xyxy[part].copy(), self.class_id[part].astype(np.int64), self.crowd[part].copy()
        )


@dataclass
class BoxCollector:
    """Takes boxes one by one, in any order of pictures."""

    picture: array[int] = field(default_factory=lambda: array("i"))
    xyxy: array[float] = field(default_factory=lambda: array("d"))
    class_id: array[int] = field(default_factory=lambda: array("i"))
    crowd: bytearray = field(default_factory=bytearray)

    def add(self, picture: int, xyxy: Sequence[float], class_id: int, crowd: bool = False) -> None:
        """Add one object: position of its picture, left, top, right, bottom px, native class."""
        self.picture.append(picture)
        self.xyxy.extend(xyxy)
        self.class_id.append(class_id)
        self.crowd.append(crowd)

    def columns(self, pictures: int) -> BoxColumns:
        """Return what was added, by picture; `pictures` is how many there are."""
        picture = np.frombuffer(self.picture, np.int32)
        order = np.argsort(picture, kind="stable")
        counts = np.bincount(picture, minlength=pictures)
        return BoxColumns(
            np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            np.frombuffer(self.xyxy, np.float64).reshape(-1, 4)[order],
            np.frombuffer(self.class_id, np.int32)[order],
            np.frombuffer(self.crowd, np.bool_)[order],
        )


@dataclass(frozen=True)
class ColumnLoader:
    """Pictures from files, boxes from columns that were read when the set was opened.

    Attributes
    ----------
    positions : mapping of str to int
        Position in `columns` by record id.
    columns : BoxColumns
    """

    positions: Mapping[str, int]
    columns: BoxColumns

    def image(self, record: ImageRecord) -> U8:
        """Return the sRGB picture (H, W, 3) uint8."""
        return read_rgb(record.image)

    def semantic(self, record: ImageRecord) -> I64:
        """Raise DatasetError."""
        raise DatasetError(f"{record.image}: this data set has no label pictures")

    def boxes(self, record: ImageRecord) -> Boxes:
        """Return the objects of the picture."""
        if record.id not in self.positions:
            raise DatasetError(f"{record.image}: no boxes truth for this picture")
        return self.columns.boxes(self.positions[record.id])
