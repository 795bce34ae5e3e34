"""The pictures of a comparison, each in one role."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.errors import InputError, nearest
from scenegen.evaluate.adapters import find_adapter, open_set
from scenegen.evaluate.classes import LabelSpace, map_classes
from scenegen.evaluate.comparison import MIN_ITEMS
from scenegen.evaluate.evaluation import SetFacts
from scenegen.evaluate.mapped import MappedSet
from scenegen.pipeline.refine_config import TrainRefinerConfig
from scenegen.pipeline.refine_sets import open_training_sets
from scenegen.refine.comparison.translated import parted

if TYPE_CHECKING:
    from scenegen.pipeline.compare_config import CompareConfig


@dataclass(frozen=True)
class CompareSets:
    """What takes part in a comparison.

    Attributes
    ----------
    space : LabelSpace
    train : MappedSet
        Photographs that recipes learn from.
    val : MappedSet
        Photographs that the label gate learns from.
    test : MappedSet
        Photographs that figures are told on.
    learned, held : MappedSet
        Rendered frames that recipes learn from, and others that every method refines.
    """

    space: LabelSpace
    train: MappedSet
    val: MappedSet
    test: MappedSet
    learned: MappedSet
    held: MappedSet

    def facts(self, adapters: tuple[str, str]) -> tuple[SetFacts, ...]:
        """Return what the record says of the sets; adapters of the real and the rendered one."""
        real, rendered = adapters
        rows = [
            ("train", self.train, real), ("val", self.val, real), ("test", self.test, real),
            ("synthetic", self.learned, rendered), ("synthetic", self.held, rendered),
        ]  # fmt: skip
        return tuple(
            SetFacts(
                name=mapped.name,
                role=role,
                adapter=adapter,
                pictures=len(mapped),
                groups=len({record.group for record in mapped.records}),
                digest=mapped.digest,
                classes=len(self.space) - len(mapped.mapping.unfed),
            )
            for role, mapped, adapter in rows
        )


def open_compare_sets(config: CompareConfig) -> CompareSets:
    """Open what the configuration names.

    Raises
    ------
    InputError
        A folder, split or class is wrong, a role has too few pictures, or one has two roles.
    """
    splits = (config.train_split, config.val_split, config.test_split)
    if len(set(splits)) < len(splits):
        raise InputError(
            f"train_split, val_split and test_split ({', '.join(splits)}): give them different "
            "names, so that nothing is judged by what it learned from"
        )
    root = Path(config.real)
    real = open_set(find_adapter(config.adapter, root).name, root, config.options)
    for key, name in zip(("train_split", "val_split", "test_split"), splits, strict=True):
        if name not in real.splits:
            named = ", ".join(filter(None, real.splits)) or "none"
            raise InputError(
                f"{key}={name}: {root} has no such split{nearest(name, real.splits)}; it has "
                f"{named}, and methods are trained on one, gated by another and judged by a third"
            )
    photos = real.split(config.test_split)
    if not all("semantic" in record.truth for record in photos.records):
        raise InputError(f"{root}: split {config.test_split!r}: not all have classes per pixel")
    shared = {"real", "adapter", "options", "train_split", "val_split", "space", "dataset"}
    keys = config.model_dump(include={*shared, "out", "limit"})
    sets = open_training_sets(TrainRefinerConfig.parse(keys))
    if sets.rendered is None or sets.val is None:
        raise AssertionError("both were asked for")
    test = MappedSet("test", photos, map_classes(photos.table, sets.space))
    learned, held = parted(sets.rendered)
    for mapped, what in (
        (test, f"{config.real}: split {config.test_split!r}"),
        (held, f"{config.dataset}: the scenes held out (every fifth)"),
    ):
        if len(mapped) < MIN_ITEMS:
            raise InputError(f"{what}: {len(mapped)} pictures; figures need {MIN_ITEMS}")
    return CompareSets(sets.space, sets.real, sets.val, test, learned, held)
