"""Classes of different data sets, and how one maps onto another.

Every set says of each of its classes which *common classes* it holds (its extent), and a
`LabelSpace` is a partition of common classes. A mapping follows from the two: it is
derived, shown, overridable and checked for holes, never typed in pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.errors import InputError, nearest
from scenegen.records.taxonomy import CLASSES, IGNORE

COMMON: tuple[str, ...] = (
    *(c.name for c in CLASSES if c.name not in {"unlabeled", "static", "dynamic"}),
    *("bridge", "tunnel", "rail track", "caravan", "trailer", "ego vehicle"),
    "other vehicle",
)
"""The vocabulary of extents: Cityscapes' names and scenegen's own beyond them."""

Color = tuple[int, int, int]
U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class NativeClass:
    """A class as a data set has it.

    Attributes
    ----------
    id : int
        Its number in label pictures or annotations.
    name : str
    extent : frozenset of str
        The common classes whose things it holds; empty for void.
    color : tuple of int, optional
        8-bit sRGB, for overlays and for sets whose label pictures are colours.
    """

    id: int
    name: str
    extent: frozenset[str] = frozenset()
    color: Color | None = None

    def __post_init__(self) -> None:
        for name in sorted(self.extent):
            if name not in COMMON:
                raise InputError(
                    f"class {self.name!r}: {name!r} is no common class" + nearest(name, COMMON)
                )


@dataclass(frozen=True)
class ClassTable:
    """All classes of a data set, by ascending id."""

    name: str
    classes: tuple[NativeClass, ...]

    def by_name(self, name: str) -> NativeClass:
        """Return a class; InputError names the nearest if there is none."""
        for native in self.classes:
            if native.name == name:
                return native
        raise InputError(
            f"{self.name} has no class {name!r}" + nearest(name, (c.name for c in self.classes))
        )


SCENEGEN = ClassTable(
    "scenegen",
    tuple(
        NativeClass(c.id, c.name, frozenset({c.name}) & frozenset(COMMON), c.color) for c in CLASSES
    ),
)


@dataclass(frozen=True)
class SpaceClass:
    """A class that is judged: a set of common classes under one name."""

    name: str
    extent: frozenset[str]
    color: Color = (128, 128, 128)


@dataclass(frozen=True)
class LabelSpace:
    """The classes that an evaluation tells apart; ids are positions, 255 is ignored."""

    name: str
    classes: tuple[SpaceClass, ...]

    def __post_init__(self) -> None:
        seen: dict[str, str] = {}
        for judged in self.classes:
            for common in judged.extent:
                if seen.setdefault(common, judged.name) != judged.name:
                    both = f"{seen[common]!r} and in {judged.name!r}"
                    raise InputError(f"label space {self.name}: {common!r} is in {both}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names by id."""
        return tuple(judged.name for judged in self.classes)

    def id_of(self, name: str) -> int:
        """Return a class's id; InputError names the nearest if there is none."""
        if name not in self.names:
            raise InputError(
                f"label space {self.name} has no class {name!r}" + nearest(name, self.names)
            )
        return self.names.index(name)

    def __len__(self) -> int:
        return len(self.classes)


def native_space(table: ClassTable) -> LabelSpace:
    """Return the space that tells apart what a set tells apart.

    Where two classes of the set share a common class, the first has it.
    """
    taken: set[str] = set()
    classes = []
    for native in table.classes:
        extent = native.extent - taken
        if extent:
            classes.append(SpaceClass(native.name, extent, native.color or (128, 128, 128)))
        taken |= extent
    return LabelSpace(table.name, tuple(classes))


@dataclass(frozen=True)
class MappingRow:
    """Where one native class goes.

    Attributes
    ----------
    target : str or None
        The judged class, or None if its pixels are ignored.
    reason : str
        ``extent``, ``override``, ``void`` (the set itself ignores it), ``outside`` (the
        space does not judge it) or ``straddles`` (it holds several judged classes).
    """

    native: NativeClass
    target: str | None
    reason: str


@dataclass(frozen=True)
class ClassMapping:
    """From a set's class numbers to those of a space."""

    table: ClassTable
    space: LabelSpace
    rows: tuple[MappingRow, ...]

    @property
    def straddling(self) -> tuple[str, ...]:
        """Native classes that are ignored because they hold several judged classes."""
        return tuple(row.native.name for row in self.rows if row.reason == "straddles")

    @property
    def unfed(self) -> tuple[str, ...]:
        """Judged classes that no native class gives."""
        fed = {row.target for row in self.rows}
        return tuple(name for name in self.space.names if name not in fed)

    def lut(self) -> U8:
        """Return the table (max id + 1,) uint8 from native id to judged id; 255 = ignore."""
        size = max((row.native.id for row in self.rows), default=0) + 1
        lut = np.full(max(size, 256), IGNORE, np.uint8)
        for row in self.rows:
            if row.target is not None and row.native.id >= 0:
                lut[row.native.id] = self.space.id_of(row.target)
        return lut

    def apply(self, ids: npt.NDArray[np.integer]) -> U8:
        """Return judged ids (same shape) uint8 of native ids; unknown numbers are ignored."""
        lut = self.lut()
        known = (ids >= 0) & (ids < len(lut))
        return np.where(known, lut[np.where(known, ids, 0)], np.uint8(IGNORE)).astype(np.uint8)


def map_classes(
    table: ClassTable, space: LabelSpace, overrides: Mapping[str, str | None] | None = None
) -> ClassMapping:
    """Derive how a set's classes map onto a space.

    Parameters
    ----------
    overrides : mapping of str to str or None, optional
        Native name to judged name, or to None to ignore it.

    Raises
    ------
    InputError
        An override names a class that the set or the space doesn't have.
    """
    chosen = dict(overrides or {})
    for name, target in chosen.items():
        table.by_name(name)
        if target is not None:
            space.id_of(target)
    own = space.names if space.name == table.name else ()
    return ClassMapping(
        table, space, tuple(_row(native, space, chosen, own) for native in table.classes)
    )


def _row(
    native: NativeClass, space: LabelSpace, chosen: Mapping[str, str | None], own: tuple[str, ...]
) -> MappingRow:
    if native.name in chosen:
        return MappingRow(native, chosen[native.name], "override")
    if native.name in own:  # of its own native space, though a part of it went to another
        return MappingRow(native, native.name, "extent")
    if not native.extent:
        return MappingRow(native, None, "void")
    targets = [judged.name for judged in space.classes if judged.extent & native.extent]
    if len(targets) > 1:
        return MappingRow(native, None, "straddles")
    if not targets:
        return MappingRow(native, None, "outside")
    return MappingRow(native, targets[0], "extent")


def extent(names: str | Iterable[str]) -> frozenset[str]:
    """Return an extent from a comma list or from names."""
    parts = names.split(",") if isinstance(names, str) else names
    return frozenset(part.strip() for part in parts if part.strip())
