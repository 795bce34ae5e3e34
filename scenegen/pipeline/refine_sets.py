"""The pictures of a training: real splits and rendered frames in one label space."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.errors import InputError, nearest
from scenegen.evaluate.adapters import find_adapter, open_set
from scenegen.evaluate.classes import LabelSpace, map_classes
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.spaces import label_space
from scenegen.pipeline.evaluate_sets import common_aspect

if TYPE_CHECKING:
    from scenegen.evaluate.images import ImageSet
    from scenegen.pipeline.refine_config import TrainRefinerConfig


@dataclass(frozen=True)
class TrainingSets:
    """What a refiner is trained on and judged by.

    Attributes
    ----------
    space : LabelSpace
    real : MappedSet
    val : MappedSet or None
        Real pictures that are looked at and never trained on.
    rendered : MappedSet or None
        Rendered frames, cut to the real pictures' proportions.
    """

    space: LabelSpace
    real: MappedSet
    val: MappedSet | None
    rendered: MappedSet | None


def open_training_sets(config: TrainRefinerConfig) -> TrainingSets:
    """Open what the configuration names.

    Raises
    ------
    InputError
        A folder, split or class is wrong, or pictures have no classes per pixel.
    """
    root = Path(config.real)
    info = find_adapter(config.adapter, root)
    real = open_set(info.name, root, config.options)
    train = _split(real, config.train_split, "train_split", config.real)
    val = _split(real, config.val_split, "val_split", config.real) if config.val_split else None
    space = label_space(config.space, real.table)

    def mapped(name: str, images: ImageSet, aspect: float | None = None) -> MappedSet:
        found = MappedSet(name, images, map_classes(images.table, space), aspect=aspect)
        if not found.has("semantic"):
            raise InputError(f"{name}: not all pictures have classes per pixel")
        return found

    rendered = None
    if config.dataset is not None:
        folder = Path(config.dataset)
        frames = open_set(find_adapter("auto", folder).name, folder).evenly(config.limit)
        if len({record.group for record in frames.records}) < 2:
            raise InputError(f"{folder}: needs two scenes, to learn from one and look at another")
        rendered = mapped(folder.resolve().name, frames, common_aspect(train))
    unseen = None if val is None else mapped("val", val)
    return TrainingSets(space, mapped("train", train), unseen, rendered)


def _split(images: ImageSet, name: str, key: str, folder: str) -> ImageSet:
    there = images.splits
    if name not in there:
        raise InputError(f"{key}={name}: {folder} has no such split{nearest(name, there)}")
    found = images.split(name)
    if not len(found):
        raise InputError(f"{folder}: its split {name!r} holds no pictures")
    return found
