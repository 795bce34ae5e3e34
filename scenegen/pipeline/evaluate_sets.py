"""Which pictures an evaluation works on: sets opened, splits chosen, classes mapped."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.errors import InputError, nearest
from scenegen.evaluate.adapters import ADAPTERS, find_adapter, open_set
from scenegen.evaluate.classes import LabelSpace, map_classes
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.spaces import label_space, read_overrides
from scenegen.evaluate.splits import split_by_group
from scenegen.evaluate.union import union
from scenegen.evaluate.window import STRETCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenegen.evaluate.images import ImageSet
    from scenegen.pipeline.evaluate_config import EvaluateConfig


@dataclass(frozen=True)
class Sets:
    """The sets of one evaluation; see `Study` for what each is for."""

    space: LabelSpace
    synthetic: tuple[MappedSet, ...]
    test: MappedSet
    train: MappedSet | None
    val: MappedSet | None
    adapters: Mapping[str, str]
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def real(self) -> tuple[MappedSet, ...]:
        """The real sets that there are."""
        return tuple(m for m in (self.test, self.train, self.val) if m is not None)


def open_sets(config: EvaluateConfig) -> Sets:
    """Open what the configuration names.

    Raises
    ------
    InputError
        A folder, an adapter, a split, the space or the mapping is wrong, or a part that
        was asked for lacks the pictures it needs.
    """
    root = Path(config.real)
    info = find_adapter(config.adapter, root)
    real = open_set(info.name, root, config.options)
    note = ""
    if len(real.splits) == 1:
        # Test sets are often published without truth: then train has to be all three.
        note = f"the set comes as one split ({real.splits[0] or 'unnamed'}), cut here by drives"
        real = split_by_group(real)
    space = label_space(config.space, real.table)
    overrides = read_overrides(config.mapping) if config.mapping else {}

    def mapped(name: str, images: ImageSet, limit: int, aspect: float | None = None) -> MappedSet:
        mapping = map_classes(images.table, space, overrides.get(images.table.name))
        return MappedSet(name, images.evenly(limit), mapping, aspect=aspect)

    test, train, val = _splits(config, real)
    adapters = dict.fromkeys(filter(None, (test, train, val)), info.name)
    aspect = common_aspect(real.split(test)) if config.crop else None
    synthetic = []
    for name, adapter, images in _synthetic(config):
        if name in adapters:
            raise InputError(f"{name}: is the name of a real split too; rename the folder")
        synthetic.append(mapped(name, images, config.limit, aspect))
        adapters[name] = adapter
    opened = {
        name: mapped(name, real.split(name), config.limit_real)
        for name in (test, train, val)
        if name is not None
    }
    unused = set(overrides) - {real.table.name, *(s.images.table.name for s in synthetic)}
    if unused:
        tables = {real.table.name, *(s.images.table.name for s in synthetic)}
        word = sorted(unused)[0]
        raise InputError(f"{config.mapping}: no set here is called {word!r}{nearest(word, tables)}")
    return Sets(
        space,
        tuple(synthetic),
        opened[test],
        opened[train] if train else None,
        opened[val] if val else None,
        adapters,
        dict.fromkeys(opened, note),
    )


def _splits(config: EvaluateConfig, real: ImageSet) -> tuple[str, str | None, str | None]:
    """Return the names of the splits to test on, to train on and to choose by."""
    there = real.splits
    if not there:
        raise InputError(f"{config.real}: holds no pictures")
    for key in ("test_split", "train_split", "val_split"):
        name = getattr(config, key)
        if name is not None and name not in there:
            raise InputError(f"{key}={name}: {config.real} has no such split{nearest(name, there)}")
    told = [name for name in there if _has_truth(real.split(name))] or list(there)
    test = config.test_split or next(s for s in ("test", "val", *told) if s in told)
    left = [name for name in told if name != test]
    train = config.train_split or ("train" if "train" in left else None)
    val = config.val_split or ("val" if "val" in left and train != "val" else None)
    if test in (train, val):
        raise InputError(
            f"split {test!r} is tested on and trained on or chosen by: give test_split, "
            "train_split and val_split different names"
        )
    return test, train, val


def common_aspect(images: ImageSet) -> float | None:
    """Return the aspect that a set's pictures share, by a few spread over it; None if mixed."""
    few = images.evenly(8)
    aspects = [picture.shape[1] / picture.shape[0] for picture in few.images()]
    return aspects[0] if max(aspects) / min(aspects) <= STRETCH else None


def _has_truth(images: ImageSet) -> bool:
    """Return whether every picture has truth: test splits are often published without."""
    return all(record.truth for record in images.records)


def _synthetic(config: EvaluateConfig) -> list[tuple[str, str, ImageSet]]:
    """Return name, adapters and set of each entry of ``dataset=``, names made unique."""
    found: list[tuple[str, str, ImageSet]] = []
    for word in filter(None, (word.strip() for word in config.dataset.split(","))):
        parts = [_part(part) for part in ([word] if Path(word).exists() else word.split("+"))]
        images = union([part for _, _, part in parts])
        name = "+".join(name for name, _, _ in parts)
        adapters = "+".join(dict.fromkeys(adapter for _, adapter, _ in parts))
        taken = [other for other, _, _ in found]
        number, unique = 2, name
        while unique in taken:
            unique, number = f"{name}-{number}", number + 1
        found.append((unique, adapters, images))
    return found


def _part(word: str) -> tuple[str, str, ImageSet]:
    """Return name, adapter and set of one ``[ADAPTER:]PATH[@SPLIT]``."""
    adapter, colon, rest = word.partition(":")
    if not colon or adapter not in ADAPTERS:
        adapter, rest = "auto", word
    path, at, split = rest.rpartition("@")
    if not at or Path(rest).exists():
        path, split = rest, ""
    info = find_adapter(adapter, Path(path))
    images = open_set(info.name, Path(path))
    if split:
        images = images.split(split)
    if not len(images):
        raise InputError(f"{path}: holds no pictures to judge")
    return Path(path).resolve().name + (f"@{split}" if split else ""), info.name, images
