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
PLAIN, REBALANCED = "all", "arm=rebalanced"


@dataclass(frozen=True)
class Answers:
    """What models answer about the test pictures.

    Attributes
    ----------
    scores : mapping of str to callable
        By arm: `PLAIN`, and `REBALANCED` where it was trained.
    recalls : Recalls or None
        Of the plain arm.
    metric, model : str
        What a score is, and whose.
    draws : int
        Bootstrap draws that a score is quick enough for.
    effective_share : float or None
        Synthetic pictures that count as much as all do with the weights of the re-balanced
        arm, over all.
    """

    scores: Mapping[str, Scores]
    recalls: Recalls | None
    metric: str
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

    def scores(matrices: I64) -> Scores:
        return lambda weights: iou(weighted(matrices, weights))

    told = truth is not None and predicted is not None
    recalls = region_recalls(truth, predicted, space) if told else None  # type: ignore[arg-type]
    return Answers({arm: scores(m) for arm, m in confusions.items()}, recalls, "miou", model)


def answers_of(study: Study, outcome: UtilityOutcome) -> Answers:
    """Return the answers of the models that a utility study trained."""
    from scenegen.evaluate.utility.judges import judge_of  # noqa: PLC0415  (pycocotools)

    plain = next(iter(outcome.runs.values()))
    semantic = "confusions" in plain[0].kept
    judge = judge_of("semantic" if semantic else "boxes", len(study.space))
    scores, share = {PLAIN: _scores(plain, judge)}, None
    if REBALANCED in outcome.runs:
        weights = outcome.runs[REBALANCED][0].arm.stages[0].data.parts[0].weights
        scores[REBALANCED] = _scores(outcome.runs[REBALANCED], judge)
        share = None if weights is None else float(weights.mean() ** 2 / (weights**2).mean())
    return Answers(
        scores,
        _recalls(study, outcome, semantic),
        judge.metric,
        outcome.model,
        400 if semantic else 100,
        share,
    )


def _scores(runs: Sequence[Run], judge: Judge) -> Scores:
    """Return the mean over seeds."""

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
