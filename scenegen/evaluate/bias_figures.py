"""Gaps between slices: of scores, of objects found, of what is covered, of what weights change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scenegen.evaluate.answers import PLAIN, REBALANCED, Answers
from scenegen.evaluate.contrasts import Mask, object_contrasts, picture_contrasts
from scenegen.evaluate.gaps.profile import mean_luma
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.confusion import mean_over_classes
from scenegen.evaluate.recalls import Recalls
from scenegen.evaluate.results import MetricResult
from scenegen.evaluate.statistics import (
    F64,
    LEVEL,
    block_weights,
    interval_of,
    paired_p_value,
)
from scenegen.evaluate.study import Study


@dataclass(frozen=True)
class Gap:
    """How much worse a slice is than the rest of its attribute.

    Attributes
    ----------
    slice : str
    draws : (1 + D,) float64
        The rest's rate less the slice's; the value first.
    """

    slice: str
    draws: F64


@dataclass(frozen=True)
class Slices:
    """The figures of one synthetic set's models by slice of the test pictures."""

    study: Study
    synthetic: MappedSet
    answers: Answers

    @cached_property
    def weights(self) -> F64:
        """The test pictures as they are, then draws of blocks, (1 + D, N)."""
        blocks = self.study.test.blocks
        generator = self.study.generator("bias", "bootstrap")
        drawn = block_weights(blocks, generator, self.answers.draws)
        return np.concatenate([np.ones((1, len(blocks))), drawn])

    @cached_property
    def pictures(self) -> dict[str, tuple[Mask, Mask]]:
        """Slices of test pictures, each with the rest that it is compared with."""
        return picture_contrasts(self.study.test, _brightness(self.study))

    def result(
        self, name: str, draws: F64, n: int, slice_: str, *, level: float = LEVEL, **words: str
    ) -> MetricResult:
        """Return a figure of draws (1 + D,), the value first."""
        defined = bool(np.isfinite(draws[0]))
        found = interval_of(float(draws[0]), draws[1:], level) if defined else None
        blocks = len(np.unique(self.study.test.blocks))
        return MetricResult.model_validate(
            {
                "name": f"bias.{name}",
                "value": None if found is None else found.value,
                "ci_low": None if found is None else found.low,
                "ci_high": None if found is None else found.high,
                "n": n,
                "method": f"bootstrap over {blocks} blocks, {self.answers.draws} draws",
                "dataset": self.synthetic.name,
                "reference": self.study.test.name,
                "model": self.answers.model,
                "slice": slice_,
                **words,
            }
        )

    def score(self, arm: str, mask: Mask) -> F64:
        """Return the class scores (1 + D, C) of an arm on some of the pictures."""
        return self.answers.scores[arm](self.weights * mask)

    def rate(self, arm: str, mask: Mask) -> F64:
        """Return what slices are compared by (1 + D, C) on some of the pictures."""
        return self.answers.rates[arm](self.weights * mask)

    def picture_gaps(self, arm: str = PLAIN) -> list[Gap]:
        """Compare each slice of pictures with the rest, over the classes that both have."""
        found = []
        for name, (inside, rest) in self.pictures.items():
            one, other = self.rate(arm, inside), self.rate(arm, rest)
            both = np.isfinite(one[0]) & np.isfinite(other[0])
            if both.any():
                lack = mean_over_classes(other, both) - mean_over_classes(one, both)
                found.append(Gap(name, lack))
        return found

    def picture_results(self) -> Iterator[MetricResult]:
        """Give the score of each slice of pictures, how much worse it is, and the worst."""
        for name, (inside, _) in self.pictures.items():
            draws = mean_over_classes(self.score(PLAIN, inside))
            note = f"{self.answers.metric} over the classes that the slice has"
            n = int(inside.sum())
            yield self.result("score", draws, n, name, better="higher", note=note)
        for arm, suffix in ((PLAIN, ""), (REBALANCED, "_rebalanced")):
            if arm in self.answers.scores:
                gaps = self.picture_gaps(arm)
                if not suffix:
                    yield from (
                        self._deficit(gap, int(self.pictures[gap.slice][0].sum())) for gap in gaps
                    )
                yield self._worst(f"gap{suffix}", gaps, self.answers.rate, "images")

    def object_results(self) -> Iterator[MetricResult]:
        """Give the share of objects that was found, by class and attribute, and the worst gap."""
        recalls = self.answers.recalls
        if recalls is None or not len(recalls):
            return
        contrasts = object_contrasts(recalls, self.study.space.names, self.study.test.blocks)
        everything = np.ones(len(recalls), np.bool_)
        note = "mean over objects of the share of their pixels predicted right; for boxes, found"
        yield self.result(
            "recall",
            self.recall(recalls, everything),
            len(recalls),
            "all",
            note=note,
            unit="objects",
            better="higher",
        )
        gaps = []
        for name, (inside, rest) in contrasts.items():
            draws = self.recall(recalls, inside)
            yield self.result(
                "recall", draws, int(inside.sum()), name, note=note, unit="objects", better="higher"
            )
            if rest.any():
                gaps.append(Gap(name, self.recall(recalls, rest) - draws))
        yield self._worst("recall_gap", gaps, "share of objects found", "objects")

    def recall(self, recalls: Recalls, mask: Mask) -> F64:
        """Return the mean recall (1 + D,) of some of the objects."""
        size, picture = self.weights.shape[1], recalls.picture[mask]
        total = self.weights @ np.bincount(picture, minlength=size).astype(np.float64)
        sums = self.weights @ np.bincount(picture, recalls.recall[mask], size)
        found = np.divide(sums, total, out=np.full(len(total), np.nan), where=total > 0)
        return np.asarray(found, np.float64)

    def rebalancing_results(self) -> Iterator[MetricResult]:
        """Give what training on weighted pictures changes: over all, by class, by slice."""
        if REBALANCED not in self.answers.scores:
            return
        whole = np.ones(len(self.study.test), np.bool_)
        plain, weighted = self.score(PLAIN, whole), self.score(REBALANCED, whole)
        n, share = len(self.study.test), self.answers.effective_share
        worth = "" if share is None else f"; with the weights {share:.0%} of the pictures count"
        note = f"{self.answers.metric} with weights less without{worth}; {self._p_value(None)}"
        draws = mean_over_classes(weighted) - mean_over_classes(plain)
        yield self.result("rebalancing_gain", draws, n, "all", better="higher", note=note)
        for class_id, name in enumerate(self.study.space.names):
            note = self._p_value(class_id)
            draws = weighted[:, class_id] - plain[:, class_id]
            yield self.result(
                "rebalancing_gain", draws, n, f"class={name}", better="higher", note=note
            )
        for name, (inside, _) in self.pictures.items():
            draws = mean_over_classes(self.score(REBALANCED, inside)) - mean_over_classes(
                self.score(PLAIN, inside)
            )
            count = int(inside.sum())
            yield self.result("rebalancing_gain", draws, count, name, better="higher")

    def _p_value(self, class_id: int | None) -> str:
        """Return the p-value of weights against none in words: sign flips over blocks."""
        names = np.unique(self.study.test.blocks)
        members = (self.study.test.blocks == names[:, None]).astype(np.float64)
        plain, weighted = (self.answers.scores[arm](members) for arm in (PLAIN, REBALANCED))
        if class_id is None:
            differences = mean_over_classes(weighted) - mean_over_classes(plain)
        else:
            differences = weighted[:, class_id] - plain[:, class_id]
        known = differences[np.isfinite(differences)]
        if not len(known):
            return "the test pictures have none of it"
        purpose = "all" if class_id is None else self.study.space.names[class_id]
        p = paired_p_value(known, self.study.generator("bias", "flips", purpose))
        return f"p = {p:.3g}, sign flips over {len(known)} blocks"

    def _deficit(self, gap: Gap, n: int) -> MetricResult:
        note = f"{self.answers.rate}: of the rest less that of the slice, over classes of both"
        return self.result("deficit", gap.draws, n, gap.slice, better="lower", note=note)

    def _worst(self, name: str, gaps: list[Gap], metric: str, unit: str) -> MetricResult:
        """Return the largest gap, with an interval that allows for having looked for it."""
        n = len(self.study.test)
        if unit == "objects" and self.answers.recalls is not None:
            n = len(self.answers.recalls)
        if not gaps:
            none = np.full(1, np.nan)
            note = "the test pictures have no two slices that are large enough"
            return self.result(name, none, n, "all", better="lower", unit=unit, note=note)
        worst = max(gaps, key=lambda gap: (float(gap.draws[0]), gap.slice))
        note = (
            f"{metric}: of the rest less that of {worst.slice}, the worst of {len(gaps)} slices; "
            f"interval for {len(gaps)} comparisons (Bonferroni)"
        )
        level = 1 - (1 - LEVEL) / len(gaps)
        return self.result(
            name, worst.draws, n, "all", level=level, better="lower", unit=unit, note=note
        )


def _brightness(study: Study) -> F64:
    test = study.test
    kept = study.memo.arrays(
        "brightness",
        {"set": test.digest},
        lambda: {"luma": np.array([mean_luma(test.image(i)) for i in range(len(test))])},
    )
    return np.asarray(kept["luma"], np.float64)
