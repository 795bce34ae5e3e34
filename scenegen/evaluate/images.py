"""A set of labelled pictures, whoever made it: records in memory, pictures on disk."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.errors import DatasetError, InputError, nearest
from scenegen.evaluate.classes import ClassTable

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
Task = Literal["semantic", "boxes"]
Attribute = str | float | bool


@dataclass(frozen=True)
class ImageRecord:
    """One picture and where its truth is.

    Attributes
    ----------
    id : str
        Unique within the set, and the same on every machine.
    image : Path
    truth : mapping of str to Path
        Files by kind, as ``semantic`` or ``boxes``; what a kind holds is the loader's matter.
    group : str
        The drive or video sequence. Splits and bootstrap blocks never cut one picture
        from its neighbours without knowing it.
    order : int
        Position within the group.
    split : str
        As the set has it: ``train``, ``val``, ``test`` or ``""``.
    attributes : mapping
        What is known about the whole picture, by `ATTRIBUTES` where a word fits, by the
        set's own names otherwise.
    """

    id: str
    image: Path
    truth: Mapping[str, Path] = field(default_factory=dict)
    group: str = ""
    order: int = 0
    split: str = ""
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "time_of_day": ("day", "dusk", "night"),
    "weather": ("clear", "cloudy", "rain", "snow", "fog"),
    "scene": ("urban", "rural", "motorway", "parking", "tunnel"),
}
"""Attributes by which sets are sliced alike, and their values."""


@dataclass(frozen=True)
class Boxes:
    """The objects of one picture.

    Attributes
    ----------
    xyxy : (N, 4) float64 px
        Left, top, right, bottom by pixel corners.
    class_id : (N,) int64
        Native ids.
    crowd : (N,) bool
        Regions that count neither as hits nor as misses.
    distance_m, occlusion, truncation : (N,) float64, optional
        Where the set has them; shares in [0, 1].
    """

    xyxy: F64
    class_id: I64
    crowd: npt.NDArray[np.bool_]
    distance_m: F64 | None = None
    occlusion: F64 | None = None
    truncation: F64 | None = None

    def __len__(self) -> int:
        return len(self.class_id)

    def where(self, keep: npt.NDArray[np.bool_]) -> Boxes:
        """Return the boxes where a mask (N,) is true."""

        def rows(column: F64 | None) -> F64 | None:
            return None if column is None else column[keep]

        return Boxes(
            self.xyxy[keep],
            self.class_id[keep],
            self.crowd[keep],
            rows(self.distance_m),
            rows(self.occlusion),
            rows(self.truncation),
        )


def no_boxes() -> Boxes:
    """Return the boxes of an empty picture."""
    return Boxes(np.zeros((0, 4)), np.zeros(0, np.int64), np.zeros(0, np.bool_))


class Loader(Protocol):
    """Reads what a record points to; the part of an adapter that runs per picture."""

    def image(self, record: ImageRecord) -> U8:
        """Return the sRGB picture (H, W, 3) uint8."""

    def semantic(self, record: ImageRecord) -> I64:
        """Return native class ids (H, W) int64; negative or unknown ids are ignored."""

    def boxes(self, record: ImageRecord) -> Boxes:
        """Return the objects of the picture."""


@dataclass(frozen=True)
class ImageSet:
    """Records of one data set with the means to read them; nothing is decoded ahead of need.

    Attributes
    ----------
    name : str
        Shown in reports.
    root : Path
    table : ClassTable
    records : tuple of ImageRecord
        Ordered by group and order.
    loader : Loader
    tasks : frozenset
        Which truth there is: ``semantic``, ``boxes`` or both.
    """

    name: str
    root: Path
    table: ClassTable
    records: tuple[ImageRecord, ...]
    loader: Loader
    tasks: frozenset[Task]

    def __len__(self) -> int:
        return len(self.records)

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders that the pictures come from: several if it is a union."""
        return (self.root,)

    def image(self, index: int) -> U8:
        """Return the sRGB picture (H, W, 3) uint8."""
        return self.loader.image(self.records[index])

    def semantic(self, index: int) -> I64:
        """Return native class ids (H, W) int64."""
        return self.loader.semantic(self.records[index])

    def boxes(self, index: int) -> Boxes:
        """Return the objects of a picture, by native class ids."""
        return self.loader.boxes(self.records[index])

    def images(self) -> Iterator[U8]:
        """Iterate over the pictures in order, one in memory at a time."""
        return (self.image(index) for index in range(len(self)))

    @property
    def splits(self) -> tuple[str, ...]:
        """Names of the splits, in order of appearance."""
        return tuple(dict.fromkeys(record.split for record in self.records))

    def split(self, name: str) -> ImageSet:
        """Return the records of one split; InputError if there are none."""
        if name not in self.splits:
            raise InputError(
                f"{self.root}: {self.name} has no split {name!r}{nearest(name, self.splits)}"
            )
        return self.where(lambda record: record.split == name)

    def where(self, keep: Callable[[ImageRecord], bool]) -> ImageSet:
        """Return the records for which `keep` is true."""
        return replace(self, records=tuple(r for r in self.records if keep(r)))

    def subset(self, indices: Sequence[int] | I64) -> ImageSet:
        """Return the records at the given positions, in that order."""
        return replace(self, records=tuple(self.records[int(i)] for i in indices))

    def evenly(self, count: int) -> ImageSet:
        """Return at most `count` records spread evenly over all, the first one included."""
        if count >= len(self):
            return self
        return self.subset((np.arange(count) * len(self)) // count)

    def digest(self) -> str:
        """Return one sha256 over ids, pictures and truth files; reads every file."""
        total = hashlib.sha256(self.table.name.encode())
        of_truth = functools.cache(file_sha256)  # one file may hold the truth of every picture
        for record in self.records:
            total.update(f"\n{record.id}\n{record.split}\n{record.group}\n".encode())
            total.update(file_sha256(record.image))
            for kind in sorted(record.truth):
                total.update(of_truth(record.truth[kind]))
        return total.hexdigest()


def file_sha256(path: Path) -> bytes:
    """Return the sha256 of a file; DatasetError if it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise DatasetError(f"{path}: can't be read ({error.strerror})") from error


def read_rgb(path: Path) -> U8:
    """Return a picture file as sRGB (H, W, 3) uint8; DatasetError if it is missing or damaged."""
    return np.ascontiguousarray(_decode(path, cv2.IMREAD_COLOR)[..., ::-1])


def read_ids(path: Path) -> I64:
    """Return a label picture (H, W) or (H, W, 3) as int64 numbers, channels R, G, B."""
    pixels = _decode(path, cv2.IMREAD_UNCHANGED)
    if pixels.ndim == 3:
        pixels = pixels[..., 2::-1]
    return pixels.astype(np.int64)


def _decode(path: Path, flags: int) -> npt.NDArray[np.generic]:
    try:
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        raise DatasetError(f"{path}: can't be read ({error.strerror})") from error
    pixels = cv2.imdecode(data, flags) if data.size else None
    if pixels is None:
        raise DatasetError(f"{path}: no readable picture")
    return pixels  # type: ignore[no-any-return]


def blocks(records: Sequence[ImageRecord], length: int = 10) -> I64:
    """Return the bootstrap block (N,) of each record: at most `length` neighbours of one group.

    Neighbouring frames are alike, so an interval that resamples single frames is too
    narrow (Künsch 1989, moving and block bootstrap).
    """
    numbers: dict[tuple[str, int], int] = {}
    within: dict[str, int] = {}
    result = np.zeros(len(records), np.int64)
    for i in sorted(range(len(records)), key=lambda i: (records[i].group, records[i].order)):
        group = records[i].group
        position = within[group] = within.get(group, -1) + 1
        result[i] = numbers.setdefault((group, position // length), len(numbers))
    return result
