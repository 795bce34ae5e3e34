"""What trained models answer about the real test pictures, in a form that can be cut in slices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scenegen.evaluate.classes import LabelSpace
from scenegen.evaluate.images import F64, I64, U8
from scenegen.evaluate.measures.confusion import iou, weighted
from scenegen.evaluate.recalls import Recalls, box_recalls, region_recalls
from scenegen.evaluate.study import Study

if TYPE_CHECKING:
    from scenegen.evaluate.utility.judges import Judge
    from scenegen.evaluate.utility.run import UtilityOutcome
    from scenegen.evaluate.utility.training import Run

Scores = Callable[[F64], F64]
"""From weights (D, N) of the test pictures to class scores (D, C); NaN without truth."""
RATE = "share of pixels predicted right, mean over classes"
PLAIN, REBALANCED = "all", "arm=rebalanced"


@dataclass(frozen=True)
class Answers:
    """What models answer about the test pictures.

    Attributes
    ----------
    scores : mapping of str to callable
        By arm: `PLAIN`, and `REBALANCED` where it was trained.
    rates : mapping of str to callable
        The same, of figures by which slices are compared: the share of each class's pixels
        that were predicted right. Intersection over union falls with a class's frequency,
        which would pass for a gap between slices. For boxes, the scores.
    recalls : Recalls or None
        Of the plain arm.
    metric, rate, model : str
        What a score and what a rate is, and whose.
    draws : int
        Bootstrap draws that a score is quick enough for.
    effective_share : float or None
        Synthetic pictures that count as much as all do with the weights of the re-balanced
        arm, over all.
    """

    scores: Mapping[str, Scores]
    rates: Mapping[str, Scores]
    recalls: Recalls | None
    metric: str
    rate: str
    model: str
    draws: int = 400
    effective_share: float | None = None


def answers_from(
    confusions: Mapping[str, I64],
    space: LabelSpace,
    truth: U8 | None = None,
    predicted: U8 | None = None,
    model: str = "",
) -> Answers:
    """Return answers of segmentation models.

    Parameters
    ----------
    confusions : mapping of str to (N, C, C + 1) int64
        By arm, as `measures.confusion.confusions` counts them.
    truth, predicted : (N, h, w) uint8, optional
        Of the plain arm.
    """

    told = truth is not None and predicted is not None
    recalls = region_recalls(truth, predicted, space) if told else None  # type: ignore[arg-type]
    return Answers(
        {arm: _of_confusions([m], iou) for arm, m in confusions.items()},
        {arm: _of_confusions([m], class_recall) for arm, m in confusions.items()},
        recalls,
        "miou",
        RATE,
        model,
    )


def answers_of(study: Study, outcome: UtilityOutcome) -> Answers:
    """Return the answers of the models that a utility study trained."""
    from scenegen.evaluate.utility.judges import judge_of  # noqa: PLC0415  (pycocotools)

    plain = next(iter(outcome.runs.values()))
    semantic = "confusions" in plain[0].kept
    judge = judge_of("semantic" if semantic else "boxes", len(study.space))
    arms, share = {PLAIN: plain}, None
    if REBALANCED in outcome.runs:
        arms[REBALANCED] = outcome.runs[REBALANCED]
        weights = arms[REBALANCED][0].arm.stages[0].data.parts[0].weights
        share = None if weights is None else float(weights.mean() ** 2 / (weights**2).mean())
    scores = {arm: _judged(runs, judge) for arm, runs in arms.items()}
    rates = scores
    if semantic:
        kept = {arm: [run.kept["confusions"] for run in runs] for arm, runs in arms.items()}
        rates = {arm: _of_confusions(matrices, class_recall) for arm, matrices in kept.items()}
    return Answers(
        scores,
        rates,
        _recalls(study, outcome, semantic),
        judge.metric,
        RATE if semantic else judge.metric,
        outcome.model,
        400 if semantic else 100,
        share,
    )


def class_recall(matrices: F64) -> F64:
    """Return the share of each class's pixels (…, C) that (…, C, C + 1) count as right."""
    hits, true = np.diagonal(matrices, axis1=-2, axis2=-1), matrices.sum(axis=-1)
    found = np.divide(hits, true, out=np.full(hits.shape, np.nan), where=true > 0)
    return np.asarray(found, np.float64)


def _of_confusions(seeds: Sequence[I64], figure: Callable[[F64], F64]) -> Scores:
    """Return the mean over seeds of a figure of confusions (N, C, C + 1)."""

    def mean(weights: F64) -> F64:
        return np.asarray(np.mean([figure(weighted(m, weights)) for m in seeds], axis=0))

    return mean


def _judged(runs: Sequence[Run], judge: Judge) -> Scores:
    """Return the mean over seeds of a judge's class scores."""

    def mean(weights: F64) -> F64:
        return np.asarray(np.mean([judge.scores(run.kept, weights) for run in runs], axis=0))

    return mean


def _recalls(study: Study, outcome: UtilityOutcome, semantic: bool) -> Recalls | None:
    found = outcome.test
    if found is None:
        return None
    if semantic:
        return region_recalls(found.pictures.semantic(slice(None)), found.semantic, study.space)
    return box_recalls(study.test, found.pictures.size, found.detections())
