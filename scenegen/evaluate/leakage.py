"""Whether what is judged was seen before: the same pictures or the same drives on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.phash import (
    CORRELATION,
    HAMMING,
    Pairs,
    Signatures,
    exact_pairs,
    near_pairs,
    signatures,
)
from scenegen.evaluate.results import Flag, Grid, MetricResult, Picture, Section, Table
from scenegen.evaluate.study import Study, Tick, silent
from scenegen.evaluate.thumbnails import side_by_side, write_thumbnail

Severity = Literal["error", "warning", "note"]
SHOWN = 6
"""Pairs that are shown of each two sets."""
COUNTED = "counted, nothing sampled"
NEAR = f"hashes within {HAMMING} of 64 bits, fine structure correlated by {CORRELATION} or more"


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


def leakage(study: Study, tick: Tick = silent) -> Section:
    """Look for pictures and drives that the splits of a study share.

    Copies are found whatever their format, size and compression, and with light changes of
    brightness; not mirrored or strongly cropped ones. All pictures are read once.
    """
    relations = list(_relations(study))
    sets = {id(m): m for relation in relations for m in (relation.seen, relation.judged)}
    known: dict[int, Signatures] = {}
    for number, (key, mapped) in enumerate(sets.items()):

        def part(share: float, note: str, number: int = number) -> None:
            tick((number + share) / len(sets), note)

        known[key] = signatures(mapped, study.memo, part)
    findings = [
        _compare(relation, known[id(relation.seen)], known[id(relation.judged)])
        for relation in relations
    ]
    pictures = [p for finding in findings for p in _pictures(study, finding)]
    note = "Left the picture that is judged, right the one that was seen before."
    return Section(
        name="leakage",
        title="Leakage between splits",
        results=tuple(result for finding in findings for result in _results(finding)),
        flags=tuple(flag for finding in findings for flag in _flags(finding)),
        tables=(_table(findings),),
        grids=(Grid(title="Pictures in two sets", columns=2, pictures=tuple(pictures), note=note),)
        if pictures
        else (),
        about="Figures on pictures that a model has seen, or on the drives they come from, are "
        f"too good. Pictures are equal if their pixels are, and alike if {NEAR}.",
    )


def shared_groups(a: MappedSet, b: MappedSet) -> tuple[str, ...] | None:
    """Return the drives that two sets share; None where no drive of either is known.

    Drives of different data sets are different, whatever their names.
    """
    left, right = ({record.group for record in m.records} - {""} for m in (a, b))
    if not left or not right:
        return None
    same = a.images.root.resolve() == b.images.root.resolve() or a.images.name == b.images.name
    return tuple(sorted(left & right)) if same else ()


def _relations(study: Study) -> Iterator[Relation]:
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


def _compare(relation: Relation, seen: Signatures, judged: Signatures) -> Finding:
    if relation.within:
        return Finding(relation, exact_pairs(judged), near_pairs(judged), ())
    return Finding(
        relation,
        exact_pairs(judged, seen),
        near_pairs(judged, seen),
        shared_groups(relation.seen, relation.judged),
    )


def _touched(finding: Finding, pairs: Pairs) -> int:
    """Return how many judged pictures are in a pair."""
    ends = np.union1d(pairs.left, pairs.right) if finding.relation.within else pairs.left
    return len(np.unique(ends))


def _results(finding: Finding) -> Iterator[MetricResult]:
    relation = finding.relation
    counts: dict[str, tuple[int | None, int, str, str]] = {
        "exact": (_touched(finding, finding.exact), len(relation.judged), "images", ""),
        "near": (_touched(finding, finding.near), len(relation.judged), "images", NEAR),
    }
    if not relation.within:
        drives = {record.group for record in relation.judged.records} - {""}
        found = None if finding.groups is None else len(finding.groups)
        why = "" if found is not None else "a set doesn't tell its drives"
        counts["shared_groups"] = (found, len(drives), "drives", why)
    for name, (value, n, unit, note) in counts.items():
        yield MetricResult(
            name=f"leakage.{name}",
            value=value,
            ci_low=value,
            ci_high=value,
            n=n,
            unit=unit,
            better="lower",
            method=COUNTED,
            dataset=relation.seen.name,
            reference=relation.judged.name,
            slice=relation.slice,
            note=note,
        )


def _flags(finding: Finding) -> Iterator[Flag]:
    relation = finding.relation
    judged, seen = relation.judged.name, relation.seen.name
    where = f"elsewhere in {judged}" if relation.within else f"in {seen}"
    for kind, pairs, severity, word in (
        ("exact duplicates", finding.exact, relation.exact, "the same"),
        ("near duplicates", finding.near, relation.near, "nearly the same"),
    ):
        count = _touched(finding, pairs)
        if count:
            pair = f"{_id(relation.judged, pairs.left[0])} and {_id(relation.seen, pairs.right[0])}"
            message = f"{count} of {len(relation.judged)} pictures of {judged} are {word} {where}"
            yield Flag(severity=severity, kind=kind, message=f"{message}, as {pair}")
    if finding.groups:
        message = f"{judged} and {seen} share the drives {', '.join(finding.groups[:5])}"
        more = f" and {len(finding.groups) - 5} more" if len(finding.groups) > 5 else ""
        yield Flag(severity=relation.groups, kind="shared drives", message=message + more)
    if finding.groups is None:
        message = f"whether {judged} and {seen} share drives is not known: a set doesn't tell them"
        yield Flag(severity="note", kind="unknown drives", message=message)


def _table(findings: list[Finding]) -> Table:
    rows = []
    for finding in findings:
        relation = finding.relation
        groups = None if finding.groups is None else len(finding.groups)
        rows.append(
            (
                relation.judged.name,
                len(relation.judged),
                relation.seen.name,
                len(relation.seen),
                _touched(finding, finding.exact),
                _touched(finding, finding.near),
                None if relation.within else groups,
            )
        )
    columns = ("judged", "pictures", "seen", "of so many", "equal", "alike", "shared drives")
    return Table(title="What sets share", columns=columns, rows=tuple(rows))


def _pictures(study: Study, finding: Finding) -> Iterator[Picture]:
    relation = finding.relation
    for kind, pairs in (("equal", finding.exact), ("alike", finding.near)):
        for at in _strongest(pairs):
            i, j = int(pairs.left[at]), int(pairs.right[at])
            ids = f"{_id(relation.judged, i)} – {_id(relation.seen, j)}"
            both = side_by_side([relation.judged.image(i), relation.seen.image(j)])
            name = f"leakage-{relation.slice}-{kind}-{ids}"
            caption = f"{kind}: {relation.judged.name} {ids} ({relation.seen.name})"
            yield Picture(path=write_thumbnail(study.out, name, both, 480), caption=caption)


def _strongest(pairs: Pairs) -> list[int]:
    """Return where the most alike pairs are, each judged picture once."""
    order = np.argsort(-pairs.correlation, kind="stable")
    _, first = np.unique(pairs.left[order], return_index=True)
    return [int(i) for i in order[np.sort(first)][:SHOWN]]


def _id(mapped: MappedSet, index: int | np.int64) -> str:
    return mapped.records[int(index)].id
