"""Whether what is judged was seen before: the same pictures or the same drives on both sides."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scenegen.evaluate.comparison import share
from scenegen.evaluate.copies import RATIO
from scenegen.evaluate.feature_store import FeatureStore
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.phash import CORRELATION, HAMMING, Pairs, signatures
from scenegen.evaluate.relations import Finding, Known, compare_known, relations_of
from scenegen.evaluate.results import Flag, Grid, MetricResult, Picture, Section, Table
from scenegen.evaluate.study import Study, Tick, silent
from scenegen.evaluate.thumbnails import side_by_side, write_thumbnail

SHOWN = 6
"""Pairs that are shown of each two sets."""
COUNTED = "counted, nothing sampled"
NEAR = f"hashes within {HAMMING} of 64 bits, fine structure correlated by {CORRELATION} or more"
COPIED = f"or at most {RATIO} times as far from one picture as from the next, in features"


def leakage(study: Study, tick: Tick = silent, store: FeatureStore | None = None) -> Section:
    """Look for pictures and drives that the splits of a study share.

    Copies are found whatever their format, size and compression, and with light changes of
    brightness. All pictures are read once.

    Parameters
    ----------
    store : FeatureStore, optional
        With features mirrored and cut copies are found as well, as `copies.find_copies` does.
    """
    relations = list(relations_of(study))
    sets = {id(m): m for relation in relations for m in (relation.seen, relation.judged)}
    known: dict[int, Known] = {}
    for number, (key, mapped) in enumerate(sets.items()):
        part = share(tick, number / len(sets), (number + 1) / len(sets))
        looks = signatures(mapped, study.memo, share(part, 0.0, 0.3))
        frames = None if store is None else store.frames(mapped, share(part, 0.3, 1.0))
        known[key] = Known(looks, frames)
    findings = [
        compare_known(relation, known[id(relation.seen)], known[id(relation.judged)])
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
        f"too good. Pictures are equal if their pixels are, and alike if {NEAR}, "
        f"{COPIED}.",
    )


def _results(finding: Finding) -> Iterator[MetricResult]:
    relation = finding.relation
    counts: dict[str, tuple[int | None, int, str, str]] = {
        "exact": (len(finding.exact), len(relation.judged), "images", ""),
        "near": (len(finding.near), len(relation.judged), "images", NEAR),
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
        count = len(pairs)
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
                len(finding.exact),
                len(finding.near),
                None if relation.within else groups,
            )
        )
    columns = ("judged", "pictures", "seen", "of so many", "equal", "alike", "shared drives")
    return Table(title="What sets share", columns=columns, rows=tuple(rows))


def _pictures(study: Study, finding: Finding) -> Iterator[Picture]:
    relation = finding.relation
    for kind, pairs in (("equal", finding.exact), ("alike", finding.near)):
        for at in _strongest(pairs, once=relation.within):
            i, j = int(pairs.left[at]), int(pairs.right[at])
            ids = f"{_id(relation.judged, i)} – {_id(relation.seen, j)}"
            both = side_by_side([relation.judged.image(i), relation.seen.image(j)])
            name = f"leakage-{relation.slice}-{kind}-{ids}"
            caption = f"{kind}: {relation.judged.name} {ids} ({relation.seen.name})"
            yield Picture(path=write_thumbnail(study.out, name, both, 480), caption=caption)


def _strongest(pairs: Pairs, once: bool) -> list[int]:
    """Return where the most alike pairs are; of pairs within one set each `once`."""
    order = np.argsort(-pairs.correlation, kind="stable")
    if once:
        known = set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
        left, right = pairs.left, pairs.right
        twice = [(int(j), int(i)) in known and j < i for i, j in zip(left, right, strict=True)]
        order = order[~np.array(twice, np.bool_)[order]]
    return [int(at) for at in order[:SHOWN]]


def _id(mapped: MappedSet, index: int | np.int64) -> str:
    return mapped.records[int(index)].id
