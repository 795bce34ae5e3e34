"""Figures on how much nearer synthetic pictures are to those that their maker was trained on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scenegen.evaluate.copies import RULE, Copies
from scenegen.evaluate.feature_store import FeatureSet, spread
from scenegen.evaluate.leakage import COUNTED
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.membership import (
    DRAWS,
    FPR,
    distances,
    membership_intervals,
    nearer_interval,
)
from scenegen.evaluate.measures.patches import best_match, patches_of
from scenegen.evaluate.measures.phash import Signatures, unit_fine
from scenegen.evaluate.members import Arm, HeldOut, Losses
from scenegen.evaluate.results import MetricResult
from scenegen.evaluate.statistics import Interval, mean_interval
from scenegen.evaluate.study import Study, Tick

MOST = 1_000
"""Pictures of a set that are drawn on for shares and areas; of more, as many spread evenly."""
PATCHED = 200
"""Pictures of a set that patches are taken of."""
PATCH_COPY = 0.97
"""Correlation from which patches count as equal."""
BOOTSTRAP = f"block bootstrap, {DRAWS} draws"
CAVEAT = "; members and others are not from the same drives"


@dataclass(frozen=True)
class Traces:
    """What is looked for, and the figures on it.

    Attributes
    ----------
    model : str
        Name of the features.
    held : HeldOut
        The others.
    """

    study: Study
    synthetic: MappedSet
    model: str
    train: MappedSet
    held: HeldOut

    def result(
        self, name: str, interval: Interval | None, n: int, **words: str | None
    ) -> MetricResult:
        plain = {key: word for key, word in words.items() if word is not None}
        return MetricResult.model_validate(
            {
                "name": f"privacy.{name}",
                "value": None if interval is None else interval.value,
                "ci_low": None if interval is None else interval.low,
                "ci_high": None if interval is None else interval.high,
                "n": n,
                "method": "" if interval is None else BOOTSTRAP,
                "dataset": self.synthetic.name,
                "reference": self.train.name,
                "better": "lower",
                **plain,
            }
        )

    def generator(self, *purpose: str) -> np.random.Generator:
        return self.study.generator("privacy", self.synthetic.name, *purpose)

    def copies(self, found: Copies, floor: Copies) -> Iterator[MetricResult]:
        """Count copies, and how often photographs that can't be copies pass for some."""
        for name, which in (("exact", found.exact), ("near", found.near)):
            count = float(which.sum())
            interval = Interval(count, count, count)
            yield self.result(name, interval, len(which), method=COUNTED)
        held = self.held.mapped
        for suffix, copies, mapped in (("", found, self.synthetic), ("_floor", floor, held)):
            blocks, n = mapped.blocks[copies.picture], len(copies.picture)
            words = {"model": self.model, "dataset": mapped.name}
            share = mean_interval(
                copies.copied.astype(np.float64), blocks, self.generator("copies", suffix)
            )
            better = "neither" if suffix else "lower"
            yield self.result(f"copies{suffix}", share, n, better=better, note=RULE, **words)
            ratio = mean_interval(copies.features.ratio, blocks, self.generator("ratio", suffix))
            note = "mean distance to the nearest training picture over that to the next ones"
            better = "neither" if suffix else "higher"
            yield self.result(
                f"distance_ratio{suffix}", ratio, n, better=better, note=note, **words
            )

    def nearer(
        self, arm: Arm, frames: list[FeatureSet], looks: list[Signatures]
    ) -> Iterator[MetricResult]:
        """Give the share of pictures nearer to members than to others, by features and pixels."""
        made, members, held = self._spread(arm, frames)
        rows = {
            "nearer_train": [np.asarray(f.features) for f in (made, members, held)],
            "nearer_train_pixels": [
                unit_fine(s.fine[f.pictures])
                for s, f in zip(looks, (made, members, held), strict=True)
            ],
        }
        n = min(len(members), len(held))
        note = f"{n} members and {n} others; one half without memory{self._caveat(arm)}"
        for name, (q, m, h) in rows.items():
            interval = nearer_interval(
                distances(q, m),
                distances(q, h),
                (made.blocks, members.blocks, held.blocks),
                self.generator(name, arm.slice),
            )
            model = self.model if name == "nearer_train" else None
            yield self.result(name, interval, len(made), slice=arm.slice, note=note, model=model)

    def membership(
        self, arm: Arm, frames: list[FeatureSet], losses: Losses | None
    ) -> Iterator[MetricResult]:
        """Tell members from others by how near the synthetic set comes to them."""
        made, members, held = self._spread(arm, frames)
        scores = {
            "membership": [
                -distances(f.features, made.features).min(axis=1) for f in (members, held)
            ]
        }
        if losses is not None:
            scores["loss"] = [-losses.members[members.pictures], -losses.others[held.pictures]]
        n = len(members) + len(held)
        for kind, (inside, outside) in scores.items():
            auc, rate = membership_intervals(
                inside, outside, (members.blocks, held.blocks), self.generator(kind, arm.slice)
            )
            model = losses.model if kind == "loss" and losses is not None else self.model
            words = {"slice": arm.slice, "model": model}
            yield self.result(
                f"{kind}_auc",
                auc,
                n,
                note=f"one half without memory{self._caveat(arm)}",
                **words,
            )
            few = f"; {len(held)} others, so none is taken" if len(held) < 1 / FPR else ""
            yield self.result(
                f"{kind}_tpr",
                rate,
                n,
                note=f"members told at {FPR:.0%} of others taken for members; {FPR:.0%} without "
                f"memory{few}{self._caveat(arm)}",
                **words,
            )

    def patches(self, tick: Tick) -> Iterator[MetricResult]:
        """Compare patches with those of equally many members and others."""
        count = min(PATCHED, len(self.train), len(self.held.mapped))
        chosen = [spread(len(m), count) for m in (self.train, self.held.mapped)]
        made = patches_of(self.synthetic, spread(len(self.synthetic), PATCHED), 64, tick)
        members, others = (
            patches_of(m, at, 32).descriptor
            for m, at in zip((self.train, self.held.mapped), chosen, strict=True)
        )
        note = f"patches of 64 px of {count} members and {count} others"
        caveat = "" if set(self.held.drives) >= {r.group for r in self.train.records} else CAVEAT
        if not len(made) or not len(members) or not len(others):
            for name in ("patch_nearer_train", "patch_copies", "patch_copies_floor"):
                yield self.result(name, None, 0, unit="patches", note="no patch shows anything")
            return
        inside, _ = best_match(made.descriptor, members)
        outside, _ = best_match(made.descriptor, others)
        nearer = (inside > outside) + 0.5 * (inside == outside)
        blocks = self.synthetic.blocks[made.picture]
        alike = f"correlated by {PATCH_COPY} or more"
        for name, values, text in (
            (
                "patch_nearer_train",
                nearer,
                f"{note}; one half without memory; real pictures are not resampled{caveat}",
            ),
            ("patch_copies", inside >= PATCH_COPY, f"{alike} with one of the members' {note}"),
            (
                "patch_copies_floor",
                outside >= PATCH_COPY,
                f"{alike} with one of the others' {note}",
            ),
        ):
            interval = mean_interval(values.astype(np.float64), blocks, self.generator(name))
            better = "neither" if name.endswith("floor") else "lower"
            yield self.result(name, interval, len(made), unit="patches", better=better, note=text)

    def _spread(self, arm: Arm, frames: list[FeatureSet]) -> list[FeatureSet]:
        """Return at most `MOST` synthetic pictures, members and others."""
        made, train, held = frames
        return [part.evenly(MOST) for part in (made, train.subset(arm.members), held)]

    def _caveat(self, arm: Arm) -> str:
        return "" if arm.alike else CAVEAT
