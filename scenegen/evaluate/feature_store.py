"""Features of whole sets, made once: memory-mapped files under the digests of set and network."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.dataset.storage import storage_errors
from scenegen.evaluate.feature_spec import F32
from scenegen.evaluate.features import BATCH, Extractor
from scenegen.evaluate.images import F64, I64, U8
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.objects import ObjectTable, Source, all_objects
from scenegen.evaluate.study import Tick, silent

CHUNK = 8 * BATCH
"""Pictures between two notes on how far the work has come."""
CROP_MIN_PX = 20
"""Height below which a crop is more interpolation than picture."""
CROPS_PER_CLASS = 100
CONTEXT = 1.25
"""Side of a crop over the longer side of its box."""


@dataclass(frozen=True)
class FeatureSet:
    """Features of pictures or crops.

    Attributes
    ----------
    features : (N, D) float32
        A memory map where it comes from the store.
    blocks : (N,) int64
        Bootstrap block of each.
    pictures : (N,) int64
        Position in the set of the picture each is, or is cut from.
    """

    features: F32
    blocks: I64
    pictures: I64

    def __len__(self) -> int:
        return len(self.features)

    def subset(self, chosen: I64 | npt.NDArray[np.bool_]) -> FeatureSet:
        """Return the rows at positions (M,), or where a mask (N,) is true."""
        return FeatureSet(self.features[chosen], self.blocks[chosen], self.pictures[chosen])

    def evenly(self, count: int) -> FeatureSet:
        """Return at most `count` rows spread evenly over all."""
        return self if count >= len(self) else self.subset(spread(len(self), count))


@dataclass(frozen=True)
class CropSet:
    """Features of object crops, and which objects they are; rows match."""

    features: FeatureSet
    objects: ObjectTable


def spread(total: int, count: int) -> I64:
    """Return at most `count` positions (M,) int64 spread evenly over `total`, 0 included."""
    count = min(count, total)
    return (np.arange(count, dtype=np.int64) * total) // max(count, 1)


class FeatureStore:
    """Makes features of sets, and keeps them below a memo's folder.

    A file is written in full or continued where a killed run left it.

    Parameters
    ----------
    memo : Memo
    extractor : Extractor
    """

    def __init__(self, memo: Memo, extractor: Extractor) -> None:
        self.memo = memo
        self.extractor = extractor

    def frames(self, mapped: MappedSet, tick: Tick = silent) -> FeatureSet:
        """Return features of every picture of a set."""

        def pictures(start: int) -> Iterator[U8]:
            return (mapped.image(index) for index in range(start, len(mapped)))

        inputs = {"kind": "frames", "set": mapped.digest}
        label = f"features of {mapped.name}"
        features = self._features(label, inputs, len(mapped), pictures, tick)
        return FeatureSet(features, mapped.blocks, np.arange(len(mapped), dtype=np.int64))

    def crops(self, mapped: MappedSet, source: Source, tick: Tick = silent) -> CropSet:
        """Return features of squares around objects of at least `CROP_MIN_PX`.

        Of each class at most `CROPS_PER_CLASS`, spread evenly over the set.
        """
        objects = self.objects(mapped, source)
        tall = objects.xyxy[:, 3] - objects.xyxy[:, 1] >= CROP_MIN_PX
        chosen = [np.zeros(0, np.int64)]
        for class_id in np.unique(objects.class_id):
            of_class = np.flatnonzero(tall & (objects.class_id == class_id))
            chosen.append(of_class[spread(len(of_class), CROPS_PER_CLASS)])
        objects = rows_of(objects, np.sort(np.concatenate(chosen)))

        def pictures(start: int) -> Iterator[U8]:
            index, picture = -1, np.zeros((1, 1, 3), np.uint8)
            for row in range(start, len(objects)):
                if objects.picture[row] != index:
                    index = int(objects.picture[row])
                    picture = mapped.image(index)
                yield square_crop(picture, objects.xyxy[row])

        inputs = {
            "kind": "crops",
            "set": mapped.digest,
            "source": source,
            "rule": [CROP_MIN_PX, CROPS_PER_CLASS, CONTEXT],
        }
        label = f"object crops of {mapped.name}"
        features = self._features(label, inputs, len(objects), pictures, tick)
        blocks = mapped.blocks[objects.picture]
        return CropSet(FeatureSet(features, blocks, objects.picture), objects)

    def objects(self, mapped: MappedSet, source: Source) -> ObjectTable:
        """Return all objects of a set, read once."""
        columns = self.memo.arrays(
            "objects",
            {"set": mapped.digest, "source": source},
            lambda: {
                name: column
                for name, column in vars(all_objects(mapped, source)).items()
                if column is not None
            },
        )
        return ObjectTable(**columns)

    def _features(
        self,
        label: str,
        inputs: dict[str, Any],
        count: int,
        pictures: Callable[[int], Iterator[U8]],
        tick: Tick,
    ) -> F32:
        if count == 0:
            return np.zeros((0, self.extractor.dimension), np.float32)
        text = json.dumps({"extractor": self.extractor.digest, **inputs}, sort_keys=True)
        key = hashlib.sha256(text.encode()).hexdigest()[:20]
        path = self.memo.folder / f"features-{inputs['kind']}-{key}.npy"
        with storage_errors(self.memo.folder):
            self.memo.folder.mkdir(parents=True, exist_ok=True)
            if not path.is_file():
                self._fill(path, label, count, pictures, tick)
        tick(1.0, label)
        return np.load(path, mmap_mode="r", allow_pickle=False)  # type: ignore[no-any-return]

    def _fill(
        self,
        path: Path,
        label: str,
        count: int,
        pictures: Callable[[int], Iterator[U8]],
        tick: Tick,
    ) -> None:
        """Write the features of all pictures; rows that a killed run left open are not a number."""
        aside = path.with_suffix(".partial.npy")
        shape = (count, self.extractor.dimension)
        rows = _open_rows(aside, shape)
        done = int(np.argmax(np.append(np.isnan(rows[:, [0, -1]]).any(axis=1), True)))
        start = done - done % BATCH
        source = pictures(start)
        for first, last in pairwise([*range(start, count, CHUNK), count]):
            tick(first / count, label)
            rows[first:last] = self.extractor([next(source) for _ in range(first, last)])
            rows.flush()
        del rows
        os.replace(aside, path)  # noqa: PTH105


def _open_rows(path: Path, shape: tuple[int, int]) -> np.memmap[Any, np.dtype[np.float32]]:
    if path.is_file():
        found = np.lib.format.open_memmap(path, mode="r+")
        if found.shape == shape and found.dtype == np.float32:
            return found
    rows = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    rows[:] = np.nan
    return rows


def rows_of(objects: ObjectTable, chosen: I64 | npt.NDArray[np.bool_]) -> ObjectTable:
    """Return the objects at positions (M,), or where a mask (N,) is true."""
    columns: dict[str, Any] = {
        name: None if column is None else column[chosen] for name, column in vars(objects).items()
    }
    return ObjectTable(**columns)


def square_crop(picture: U8, xyxy: F64) -> U8:
    """Return the square around a box (4,) px with a little context, edges repeated outside."""
    left, top, right, bottom = xyxy.tolist()
    side = max(round(CONTEXT * max(right - left, bottom - top)), 2)
    x = round((left + right - side) / 2)
    y = round((top + bottom - side) / 2)
    height, width = picture.shape[:2]
    inside = picture[max(y, 0) : y + side, max(x, 0) : x + side]
    above, beside = max(-y, 0), max(-x, 0)
    below, after = max(y + side - height, 0), max(x + side - width, 0)
    padded = cv2.copyMakeBorder(inside, above, below, beside, after, cv2.BORDER_REPLICATE)
    return np.asarray(padded, np.uint8)
