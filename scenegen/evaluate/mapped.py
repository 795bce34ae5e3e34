"""A set of pictures seen through a label space: what every measure works on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scenegen.evaluate.classes import ClassMapping
from scenegen.evaluate.images import I64, U8, Boxes, ImageRecord, ImageSet, Task, blocks
from scenegen.evaluate.window import cut, cut_boxes, window
from scenegen.records.taxonomy import IGNORE


@dataclass(frozen=True)
class MappedSet:
    """Pictures with truth in judged classes.

    Attributes
    ----------
    name : str
        As reports call it.
    images : ImageSet
    mapping : ClassMapping
    block_length : int
        Neighbouring frames that a bootstrap block holds at most.
    aspect : float, optional
        Width over height of the part of each picture that is looked at, see `window`;
        the whole picture without.
    """

    name: str
    images: ImageSet
    mapping: ClassMapping
    block_length: int = 10
    aspect: float | None = None

    def __len__(self) -> int:
        return len(self.images)

    @property
    def records(self) -> tuple[ImageRecord, ...]:
        """The records, in order."""
        return self.images.records

    @cached_property
    def blocks(self) -> I64:
        """The bootstrap block of each picture (N,) int64."""
        return blocks(self.records, self.block_length)

    @cached_property
    def digest(self) -> str:
        """sha256 over pictures, truth and mapping."""
        rows = [(row.native.name, row.target) for row in self.mapping.rows]
        text = f"{self.images.digest()} {self.mapping.space.names} {rows} {self.aspect}"
        return hashlib.sha256(text.encode()).hexdigest()

    def has(self, task: Task) -> bool:
        """Return whether every picture has truth of a kind."""
        return all(task in record.truth for record in self.records)

    def image(self, index: int) -> U8:
        """Return the sRGB picture (H, W, 3) uint8."""
        picture = self.images.image(index)
        return picture if self.aspect is None else cut(picture, window(picture.shape, self.aspect))

    def semantic(self, index: int) -> U8:
        """Return judged class ids (H, W) uint8; 255 = ignore."""
        ids = self.mapping.apply(self.images.semantic(index))
        return ids if self.aspect is None else cut(ids, window(ids.shape, self.aspect))

    def boxes(self, index: int) -> Boxes:
        """Return the objects by judged class ids.

        Objects of classes that are not judged are left out.
        """
        found = self.images.boxes(index)
        if self.aspect is not None:
            shape = self.images.image(index).shape
            found = cut_boxes(found, window(shape, self.aspect))
        ids = self.mapping.apply(found.class_id).astype(np.int64)
        return replace(found, class_id=ids).where(ids != IGNORE)

    def subset(self, indices: Sequence[int] | I64) -> MappedSet:
        """Return the pictures at the given positions."""
        return replace(self, images=self.images.subset(indices))

    def where(self, keep: Callable[[ImageRecord], bool]) -> MappedSet:
        """Return the pictures whose record is kept."""
        return replace(self, images=self.images.where(keep))
