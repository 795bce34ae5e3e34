"""What training runs say: figures with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scenegen.evaluate.images import F64
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.confusion import mean_over_classes
from scenegen.evaluate.results import MetricResult
from scenegen.evaluate.study import Study
from scenegen.evaluate.utility.arms import Arm
from scenegen.evaluate.utility.content import classes_in
from scenegen.evaluate.utility.figures import (
    Bool,
    Resampling,
    arm_scores,
    block_p_value,
    interval,
    resampling,
    worth,
)
from scenegen.evaluate.utility.judges import Judge
from scenegen.evaluate.utility.prepared import Prepared
from scenegen.evaluate.utility.training import Run

DRAWS = {"semantic": 400, "boxes": 200}
"""Bootstrap draws; average precision has to be sorted out anew for each."""


@dataclass(frozen=True)
class Rival:
    """Another synthetic set, with the runs of the same arms on the same test pictures."""

    name: str
    runs: Mapping[str, tuple[Run, ...]]


@dataclass(frozen=True)
class Findings:
    """The runs of one synthetic set, and the figures that follow from them.

    Attributes
    ----------
    made : Prepared
        The synthetic set at working size.
    runs : mapping of str to tuple of Run
        By the arm's slice, one a seed, in the order of the arms.
    against : Rival or None
        The data set that this one is held against.
    """

    study: Study
    synthetic: MappedSet
    made: Prepared
    test: Prepared
    model: str
    judge: Judge
    runs: Mapping[str, tuple[Run, ...]]
    against: Rival | None = None

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The arms, in order."""
        return tuple(runs[0].arm for runs in self.runs.values())

    @cached_property
    def chance(self) -> Resampling:
        """The draws of blocks and seeds that all arms share."""
        seeds = len(next(iter(self.runs.values())))
        generator = self.study.generator("utility", "bootstrap")
        return resampling(self.test.blocks, seeds, DRAWS[self.judge.task], generator)

    @cached_property
    def scores(self) -> dict[str, F64]:
        """Class scores (1 + D, C) by the arm's slice."""
        return {name: arm_scores(runs, self.judge, self.chance) for name, runs in self.runs.items()}

    @cached_property
    def means(self) -> dict[str, F64]:
        """Means over classes (1 + D,) by the arm's slice."""
        return {name: mean_over_classes(scores) for name, scores in self.scores.items()}

    @cached_property
    def given(self) -> Bool:
        """Which judged classes the synthetic set has anything of (C,) bool."""
        return classes_in(self.made, len(self.study.space), self.study.memo)

    def find(self, kind: str, real: int = 0) -> str | None:
        """Return the slice of an arm, if it was run."""
        found = [arm.slice for arm in self.arms if arm.kind == kind and arm.real == real]
        return found[0] if found else None

    @property
    def counts(self) -> tuple[int, ...]:
        """Numbers of real pictures, ascending."""
        return tuple(sorted({arm.real for arm in self.arms if arm.real}))

    def result(self, name: str, draws: F64, where: str, note: str = "") -> MetricResult:
        """Return a figure of draws (1 + D,), the value first."""
        found = interval(draws)
        return MetricResult(
            name=f"utility.{self.judge.task}.{name}",
            value=None if found is None else found.value,
            ci_low=None if found is None else found.low,
            ci_high=None if found is None else found.high,
            n=len(self.test),
            better="higher",
            method=self.chance.method,
            dataset=self.synthetic.name,
            reference=self.study.test.name,
            model=self.model,
            slice=where,
            note=note or ("" if found else "the test pictures have none of it"),
        )


def score_results(found: Findings) -> list[MetricResult]:
    """Return each arm's mean over classes, and over those that the synthetic set has."""
    results = []
    metric = found.judge.metric
    for arm in found.arms:
        results.append(found.result(metric, found.means[arm.slice], arm.slice))
        shared = mean_over_classes(found.scores[arm.slice], found.given)
        note = "over classes that the synthetic set has"
        results.append(found.result(f"{metric}_shared", shared, arm.slice, note))
    return results


def class_results(found: Findings) -> list[MetricResult]:
    """Return scores by class: of synthetic pictures alone, and with and without all real ones."""
    most = max(found.counts, default=0)
    chosen = [
        found.arms[0].slice,
        *(s for kind in ("real", "mixture") if (s := found.find(kind, most)) is not None),
    ]
    return [
        found.result(
            found.judge.by_class,
            found.scores[name][:, class_id],
            f"class={class_name}" if name == "all" else f"{name},class={class_name}",
        )
        for name in dict.fromkeys(chosen)
        for class_id, class_name in enumerate(found.study.space.names)
    ]


def gain_results(found: Findings) -> list[MetricResult]:
    """Return what synthetic pictures add to real ones, with p-values.

    ``gain`` is over as many steps on the same real pictures alone, ``gain_over_longer``
    over more of them, ``rebalance_gain`` that of weights over none.
    """
    results = []
    mixed: list[F64] = []
    for name, against in (("gain", "real"), ("gain_over_longer", "real-longer")):
        for kind in ("mixture", "fine-tune"):
            for count in found.counts:
                first, second = found.find(kind, count), found.find(against, count)
                if first is None or second is None:
                    continue
                results.append(_difference(found, name, first, second))
                if (name, kind) == ("gain", "mixture"):
                    mixed.append(found.means[first] - found.means[second])
    if mixed:
        note = f"mean over {', '.join(map(str, found.counts))} real pictures of the mixture's gain"
        results.append(found.result("gain", np.mean(mixed, axis=0), "all", note))
    balanced, plain = found.find("rebalanced"), found.find("synthetic")
    if balanced is not None and plain is not None:
        results.append(_difference(found, "rebalance_gain", balanced, plain, "all"))
    return results


def rival_results(found: Findings) -> list[MetricResult]:
    """Return by how much models do better than with the rival in this set's place."""
    rival = found.against
    if rival is None:
        return []
    return [
        _over_rival(found, rival, arm)
        for arm in found.arms
        if arm.kind in ("synthetic", "mixture", "fine-tune") and arm.slice in rival.runs
    ]


def _over_rival(found: Findings, rival: Rival, arm: Arm) -> MetricResult:
    runs = rival.runs[arm.slice]
    theirs = mean_over_classes(arm_scores(runs, found.judge, found.chance))
    plain = arm.slice == "all"
    where = f"against={rival.name}" if plain else f"{arm.slice},against={rival.name}"
    note = _p_value(found, "versus", found.runs[arm.slice], runs)
    return found.result("versus", found.means[arm.slice] - theirs, where, note)


def _difference(
    found: Findings, name: str, first: str, second: str, where: str | None = None
) -> MetricResult:
    note = _p_value(found, name, found.runs[first], found.runs[second])
    difference = found.means[first] - found.means[second]
    return found.result(name, difference, where or first, note)


def _p_value(found: Findings, name: str, first: tuple[Run, ...], second: tuple[Run, ...]) -> str:
    """Return in words how surely two arms differ."""
    generator = found.study.generator("utility", "flips", name, first[0].arm.slice)
    p_value = block_p_value(first, second, found.judge, found.test.blocks, generator)
    return f"p = {p_value:.3g}, sign flips over {len(np.unique(found.test.blocks))} blocks"


def worth_results(found: Findings) -> list[MetricResult]:
    """Return how many real pictures the synthetic set alone is worth, if the curve says so."""
    curve = [name for k in found.counts if (name := found.find("real", k)) is not None]
    plain = found.find("synthetic")
    if plain is None or not curve:
        return []
    real = np.stack([found.means[name] for name in curve], axis=1)
    worths = np.array(
        [
            worth(float(score), found.counts, row)
            for score, row in zip(found.means[plain], real, strict=True)
        ]
    )
    few, many = found.counts[0], found.counts[-1]
    caveat = "read off the real-only curve at equal steps; holds for this model and these steps"
    name = f"utility.{found.judge.task}.worth"
    common = {
        "name": name,
        "n": len(found.test),
        "better": "higher",
        "method": found.chance.method,
        "dataset": found.synthetic.name,
        "reference": found.study.test.name,
        "model": found.model,
    }
    if worths[0] == 0:
        note = f"fewer than {few} real pictures; {caveat}"
        return [MetricResult.model_validate({**common, "value": None, "note": note})]
    if np.isinf(worths[0]):
        note = f"more than {many} real pictures; {caveat}"
        return [MetricResult.model_validate({**common, "value": None, "note": note})]
    low, high = np.quantile(np.clip(worths[1:], few, many), [0.025, 0.975])
    ends = {"ci_low": min(low, worths[0]), "ci_high": max(high, worths[0])}
    note = f"real pictures; ends are cut at {few} and {many}; {caveat}"
    return [
        MetricResult.model_validate({**common, **ends, "value": float(worths[0]), "note": note})
    ]
