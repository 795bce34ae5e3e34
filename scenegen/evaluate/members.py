"""Real pictures that a maker was trained on, and real pictures that it wasn't."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.errors import InputError
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.relations import shared_groups
from scenegen.evaluate.statistics import F64, I64
from scenegen.evaluate.study import Study


@dataclass(frozen=True)
class Losses:
    """What a generative model's own loss says about pictures, lower where it knows them.

    Attributes
    ----------
    model : str
    members : (M,) float64
        By the pictures of `Study.train`.
    others : (H,) float64
        By the pictures of `held_out`.
    """

    model: str
    members: F64
    others: F64


@dataclass(frozen=True)
class HeldOut:
    """Real pictures that nothing was trained on.

    Attributes
    ----------
    mapped : MappedSet
    drives : tuple of str
        Those that train has too; empty if none.
    """

    mapped: MappedSet
    drives: tuple[str, ...]


@dataclass(frozen=True)
class Arm:
    """Members and others that are compared.

    Attributes
    ----------
    slice : str
        As results have it.
    members : (M,) int64
        Positions in train.
    alike : bool
        Whether members and others come from the same drives, so that only memory tells them
        apart.
    """

    slice: str
    members: I64
    alike: bool


def held_out(study: Study) -> HeldOut:
    """Return the validation set if it shares drives with train, or else the test set."""
    train = training_set(study)
    if study.val is not None and (drives := shared_groups(train, study.val)):
        return HeldOut(study.val, drives)
    return HeldOut(study.test, shared_groups(train, study.test) or ())


def training_set(study: Study) -> MappedSet:
    """Return the real training pictures; InputError if there are none."""
    if study.train is None or not len(study.train):
        raise InputError("privacy needs the real pictures that the maker was trained on: train")
    return study.train


def arms(train: MappedSet, held: HeldOut) -> tuple[Arm, ...]:
    """Return all members and, if they are fewer, those of the held-out set's drives."""
    alike = np.array([record.group in held.drives for record in train.records])
    whole = Arm("all", np.arange(len(train), dtype=np.int64), bool(alike.all()))
    if not alike.any() or alike.all():
        return (whole,)
    return whole, Arm("drives=shared", np.flatnonzero(alike), True)
