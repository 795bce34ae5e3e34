"""Sets brought to the size that models work at, once, and read from disk by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.errors import InputError
from scenegen.evaluate.images import I64, U8, Boxes, Task
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.study import Tick, silent
from scenegen.evaluate.utility.folders import new_array, published
from scenegen.evaluate.window import cut, cut_boxes, window

Size = tuple[int, int]
"""Width and height in px."""
VERSION = 2
SEEN_PX = 4.0
"""Boxes narrower or lower than this at the working size are a few blurred pixels: they count
neither as hits nor as misses, as small boxes do at KITTI."""


@dataclass(frozen=True)
class Prepared:
    """Pictures of one size with their truth, mapped from disk.

    Attributes
    ----------
    name : str
    digest : str
        Of pictures, truth, mapping, size and chosen rows: equal digests, equal data.
    task : str
        Which truth is there.
    size : (width, height) px
    ids : tuple of str
        By position, as in the set's records.
    blocks : (N,) int64
        Bootstrap block of each picture.
    rows : (N,) int64
        Where each picture is in the stored arrays.
    folder : Path
        Holds the arrays.
    """

    name: str
    digest: str
    task: Task
    size: Size
    ids: tuple[str, ...]
    blocks: I64
    rows: I64
    folder: Path

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        names = ("images", "semantic") if self.task == "semantic" else ("images", *BOX_COLUMNS)
        return {name: np.load(self.folder / f"{name}.npy", mmap_mode="r") for name in names}

    def images(self, at: Sequence[int] | I64 | slice) -> U8:
        """Return the sRGB pictures (n, h, w, 3) uint8 at the given positions."""
        return np.asarray(self._arrays["images"][self._stored(at)])

    def semantic(self, at: Sequence[int] | I64 | slice) -> U8:
        """Return judged class ids (n, h, w) uint8, 255 = ignore, at the given positions."""
        return np.asarray(self._arrays["semantic"][self._stored(at)])

    def boxes(self, index: int) -> Boxes:
        """Return the objects of one picture, by judged ids, in px of the working size."""
        first, last = self._arrays["offsets"][self.rows[index] : self.rows[index] + 2].tolist()
        xyxy, ids, crowd = (np.array(self._arrays[name][first:last]) for name in BOX_COLUMNS[1:])
        return Boxes(xyxy, ids, crowd)

    def subset(self, indices: Sequence[int] | I64) -> Prepared:
        """Return the pictures at the given positions, in that order; nothing is copied."""
        chosen = np.asarray(indices, np.int64)
        text = f"{self.digest} {chosen.tolist()}"
        return replace(
            self,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            ids=tuple(self.ids[int(i)] for i in chosen),
            blocks=self.blocks[chosen],
            rows=self.rows[chosen],
        )

    def _stored(self, at: Sequence[int] | I64 | slice) -> I64:
        return self.rows[at if isinstance(at, slice) else np.asarray(at, np.int64)]


BOX_COLUMNS = ("offsets", "xyxy", "class_id", "crowd")


def prepare(mapped: MappedSet, task: Task, size: Size, memo: Memo, tick: Tick = silent) -> Prepared:
    """Bring a set to the working size, or find what an earlier call made of the same files.

    Pictures are averaged over areas, labels take the nearest pixel, boxes are scaled along.
    One picture is in memory at a time.

    Parameters
    ----------
    size : (width, height) px
    memo : Memo
        The arrays lie below its folder.
    """
    if not len(mapped):
        raise InputError(f"{mapped.name}: has no pictures to train on or to test on")
    text = f"{mapped.digest} {task} {size} {VERSION}"
    key = hashlib.sha256(text.encode()).hexdigest()
    folder = memo.folder / f"prepared-{task}-{key[:20]}"
    published(folder, lambda part: _fill(mapped, task, size, part, tick))
    rows = np.arange(len(mapped), dtype=np.int64)
    ids = tuple(record.id for record in mapped.records)
    return Prepared(mapped.name, key, task, size, ids, mapped.blocks, rows, folder)


def to_size(picture: U8, size: Size) -> U8:
    """Return the window of an sRGB picture (H, W, 3) at a size, areas averaged."""
    part = cut(picture, window(picture.shape, size[0] / size[1]))
    mode = cv2.INTER_AREA if part.shape[1] >= size[0] else cv2.INTER_LINEAR
    return cv2.resize(part, size, interpolation=mode)  # type: ignore[no-any-return]


def labels_to_size(semantic: U8, size: Size) -> U8:
    """Return the window of class ids (H, W) at a size, each the nearest pixel's."""
    part = cut(semantic, window(semantic.shape, size[0] / size[1]))
    return cv2.resize(part, size, interpolation=cv2.INTER_NEAREST_EXACT)  # type: ignore[no-any-return]


def boxes_to_size(boxes: Boxes, shape: tuple[int, ...], size: Size) -> Boxes:
    """Return boxes in px of the scaled window, cut at its edges.

    Boxes of which the window leaves less than half are left out; those below `SEEN_PX`
    become crowds, which nobody has to find.
    """
    part = window(shape, size[0] / size[1])
    inside = cut_boxes(boxes, part)
    xyxy = inside.xyxy * np.array([size[0] / part[2], size[1] / part[3]] * 2)
    tiny = (xyxy[:, 2:] - xyxy[:, :2] < SEEN_PX).any(axis=1)
    return replace(inside, xyxy=xyxy, crowd=inside.crowd | tiny)


def _fill(mapped: MappedSet, task: Task, size: Size, folder: Path, tick: Tick) -> None:
    count, (width, height) = len(mapped), size
    images = new_array(folder / "images.npy", (count, height, width, 3))
    labels = (
        new_array(folder / "semantic.npy", (count, height, width)) if task == "semantic" else None
    )
    found: list[Boxes] = []
    for index in range(count):
        tick(index / count, f"{mapped.name}: {index} of {count} pictures scaled")
        picture = mapped.image(index)
        images[index] = to_size(picture, size)
        if labels is not None:
            labels[index] = labels_to_size(mapped.semantic(index), size)
        else:
            found.append(boxes_to_size(mapped.boxes(index), picture.shape, size))
    images.flush()
    if labels is None:
        _save_boxes(folder, found)
    else:
        labels.flush()
    about = {"name": mapped.name, "digest": mapped.digest, "size": size}
    (folder / "about.json").write_text(json.dumps(about) + "\n", encoding="utf-8")


def _save_boxes(folder: Path, found: list[Boxes]) -> None:
    counts = np.array([0, *(len(boxes) for boxes in found)], np.int64)
    columns = {
        "offsets": np.cumsum(counts),
        "xyxy": np.concatenate([np.zeros((0, 4)), *(b.xyxy for b in found)]),
        "class_id": np.concatenate([np.zeros(0, np.int64), *(b.class_id for b in found)]),
        "crowd": np.concatenate([np.zeros(0, np.bool_), *(b.crowd for b in found)]),
    }
    for name, values in columns.items():
        np.save(folder / f"{name}.npy", values)


def working_size(mapped: MappedSet, width: int = 240, multiple: int = 16) -> Size:
    """Return a size of about a width and of the aspect of a set's first picture.

    Parameters
    ----------
    multiple : int
        Divides width and height, which are at least twice as much.
    """
    rows, columns = mapped.image(0).shape[:2]
    wide = max(2, round(width / multiple)) * multiple
    return wide, max(2, round(wide * rows / columns / multiple)) * multiple
