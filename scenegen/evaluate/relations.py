"""Pairs of sets that must have nothing in common, and what they have in common all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scenegen.evaluate.copies import Seen, find_copies
from scenegen.evaluate.feature_store import FeatureSet
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.phash import Pairs, Signatures, exact_pairs, near_pairs
from scenegen.evaluate.study import Study

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Relation:
    """Two sets that must have nothing in common.

    Attributes
    ----------
    seen : MappedSet
        What models are made from or chosen by; the judged set itself for pairs within it.
    judged : MappedSet
    slice : str
        As results have it.
    exact, near, groups : str
        How bad equal pictures, alike pictures and shared drives are.
    """

    seen: MappedSet
    judged: MappedSet
    slice: str
    exact: Severity
    near: Severity
    groups: Severity

    @property
    def within(self) -> bool:
        """Whether pairs are looked for inside one set."""
        return self.seen is self.judged


@dataclass(frozen=True)
class Known:
    """What is known of a set's pictures; features where there is a network."""

    looks: Signatures
    frames: FeatureSet | None


@dataclass(frozen=True)
class Finding:
    """What two sets have in common.

    Attributes
    ----------
    groups : tuple of str or None
        Drives that are in both; None where they can't be compared.
    """

    relation: Relation
    exact: Pairs
    near: Pairs
    groups: tuple[str, ...] | None


def shared_groups(a: MappedSet, b: MappedSet) -> tuple[str, ...] | None:
    """Return the drives that two sets share; None where no drive of either is known.

    Drives of different data sets are different, whatever their names.
    """
    left, right = ({record.group for record in m.records} - {""} for m in (a, b))
    if not left or not right:
        return None
    same = a.images.root.resolve() == b.images.root.resolve() or a.images.name == b.images.name
    return tuple(sorted(left & right)) if same else ()


def relations_of(study: Study) -> Iterator[Relation]:
    """Give what may not leak into what, and how bad it would be."""
    test = study.test
    for synthetic in study.synthetic:
        yield Relation(synthetic, test, "all", "error", "warning", "error")
    if study.train is not None:
        yield Relation(study.train, test, "pair=train-test", "error", "warning", "error")
    if study.val is not None:
        yield Relation(study.val, test, "pair=val-test", "error", "warning", "warning")
    if study.train is not None and study.val is not None:
        yield Relation(study.train, study.val, "pair=train-val", "warning", "warning", "warning")
    yield Relation(test, test, "pair=test-test", "note", "note", "note")


def compare_known(relation: Relation, seen: Known, judged: Known) -> Finding:
    """Return what two sets have in common."""
    if relation.within:
        return Finding(relation, exact_pairs(judged.looks), near_pairs(judged.looks), ())
    near = near_pairs(judged.looks, seen.looks)
    if judged.frames is not None and seen.frames is not None:
        near = _with_copies(near, (judged.frames, judged.looks), (seen.frames, seen.looks))
    return Finding(
        relation,
        exact_pairs(judged.looks, seen.looks),
        near,
        shared_groups(relation.seen, relation.judged),
    )


def _with_copies(near: Pairs, judged: Seen, seen: Seen) -> Pairs:
    """Return near pairs and those that only features or coarser likeness tell."""
    if not len(judged[0]) or not len(seen[0]):
        return near
    copies = find_copies(judged, seen)
    only = copies.copied & ~(copies.exact | copies.near)[copies.picture]
    left = np.concatenate([near.left, copies.picture[only]])
    right = np.concatenate([near.right, copies.source[only]])
    likeness = np.concatenate([near.correlation, 1 - copies.strangeness[only]])
    order = np.lexsort((right, left))
    return Pairs(left[order], right[order], likeness[order])
