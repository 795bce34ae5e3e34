"""What is kept of a model's predictions, and the scores that any weighting of pictures gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import F64, Task
from scenegen.evaluate.measures.confusion import confusions, iou, mean_over_classes, weighted
from scenegen.evaluate.measures.detection import Matches, match, summarize
from scenegen.evaluate.utility.prepared import Prepared
from scenegen.evaluate.utility.protocol import Predictions

Arrays = dict[str, npt.NDArray[Any]]


class Judge(Protocol):
    """Judges one task.

    Attributes
    ----------
    task : str
    metric : str
        Last word of the headline's name.
    by_class : str
        The same of a class's.
    """

    task: Task
    metric: str
    by_class: str

    def judge(self, predictions: Iterable[Predictions], truth: Prepared) -> Arrays:
        """Return what is kept of predictions that come in parts, in the pictures' order."""

    def scores(self, kept: Arrays, weights: F64) -> F64:
        """Return class scores (D, C) for D weightings (D, N) of the pictures; NaN without truth."""

    def by_picture(self, kept: Arrays) -> F64:
        """Return one score (N,) for each picture alone; NaN without truth."""


class SemanticJudge:
    """Intersection over union of label pictures, at the working size."""

    task: Task = "semantic"
    metric = "miou"
    by_class = "iou"

    def __init__(self, classes: int) -> None:
        self.classes = classes

    def judge(self, predictions: Iterable[Predictions], truth: Prepared) -> Arrays:
        """Return ``confusions`` (N, C, C + 1) int64."""
        parts, start = [], 0
        for part in predictions:
            if not isinstance(part, np.ndarray):
                raise TypeError("a model for label pictures gives an array of them")
            here = slice(start, start + len(part))
            parts.append(confusions(part, truth.semantic(here), self.classes))
            start += len(part)
        return {"confusions": np.concatenate(parts)}

    def scores(self, kept: Arrays, weights: F64) -> F64:
        """Return intersections over union (D, C)."""
        return iou(weighted(kept["confusions"], weights))

    def by_picture(self, kept: Arrays) -> F64:
        """Return the mean over the classes that each picture has (N,)."""
        return mean_over_classes(iou(kept["confusions"]))


class BoxJudge:
    """COCO's average precision, mean over its thresholds, sizes relative to the picture."""

    task: Task = "boxes"
    metric = "ap"
    by_class = "ap_class"

    def __init__(self, classes: int) -> None:
        self.classes = classes

    def judge(self, predictions: Iterable[Predictions], truth: Prepared) -> Arrays:
        """Return the columns of `Matches`."""
        found = [detections for part in predictions for detections in part]
        boxes = [truth.boxes(i) for i in range(len(truth))]
        width, height = truth.size
        return match(boxes, found, self.classes, float(width * height)).arrays()

    def scores(self, kept: Arrays, weights: F64) -> F64:
        """Return average precisions (D, C)."""
        matches = Matches(**kept)
        rows = [summarize(matches, row, sizes=False).by_class for row in weights]
        return np.array(rows).reshape(len(weights), self.classes)

    def by_picture(self, kept: Arrays) -> F64:
        """Return the average precision of each picture alone (N,)."""
        matches = Matches(**kept)
        return mean_over_classes(self.scores(kept, np.eye(matches.pictures)))


def judge_of(task: Task, classes: int) -> Judge:
    """Return the judge of a task."""
    return SemanticJudge(classes) if task == "semantic" else BoxJudge(classes)
