"""Several data sets taken as one, as a set and what was generated to fill its gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scenegen.errors import InputError
from scenegen.evaluate.images import I64, U8, Boxes, ImageRecord, ImageSet


@dataclass(frozen=True)
class _Parts:
    """Hands each record to the set that it comes from, under the id that it has there."""

    parts: dict[str, ImageSet]

    def image(self, record: ImageRecord) -> U8:
        part, own = self._home(record)
        return part.loader.image(own)

    def semantic(self, record: ImageRecord) -> I64:
        part, own = self._home(record)
        return part.loader.semantic(own)

    def boxes(self, record: ImageRecord) -> Boxes:
        part, own = self._home(record)
        return part.loader.boxes(own)

    def _home(self, record: ImageRecord) -> tuple[ImageSet, ImageRecord]:
        name, _, own = record.id.partition(":")
        group = record.group.partition(":")[2]
        return self.parts[name], replace(record, id=own, group=group)


@dataclass(frozen=True)
class Union(ImageSet):
    """A set whose pictures lie in several folders; see `union`."""

    folders: tuple[Path, ...] = ()

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders, in the order of the numbers in front of groups."""
        return self.folders


def union(sets: Sequence[ImageSet]) -> ImageSet:
    """Return the pictures of several sets as one set, part after part.

    Ids and groups get the part's number in front, since two runs of one scenario name
    their scenes alike.

    Raises
    ------
    InputError
        The sets have different classes.
    """
    if len(sets) == 1:
        return sets[0]
    first = sets[0]
    for other in sets[1:]:
        if other.table != first.table:
            raise InputError(
                f"{first.root} and {other.root}: can't be taken as one set, since their classes "
                f"({first.table.name}, {other.table.name}) differ"
            )
    parts = {str(number): images for number, images in enumerate(sets)}
    records = tuple(
        replace(record, id=f"{name}:{record.id}", group=f"{name}:{record.group}")
        for name, images in parts.items()
        for record in images.records
    )
    tasks = frozenset.intersection(*(images.tasks for images in sets))
    name = "+".join(images.name for images in sets)
    roots = tuple(images.root for images in sets)
    return Union(name, first.root, first.table, records, _Parts(parts), tasks, roots)
