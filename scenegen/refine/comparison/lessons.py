"""What a segmenter learns from a method's frames, and what one that knows reality sees in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from scenegen.evaluate.images import F64, I64
from scenegen.evaluate.measures.confusion import iou, mean_over_classes, weighted
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.study import Tick
from scenegen.evaluate.utility.arms import Arm, Stage
from scenegen.evaluate.utility.figures import arm_scores
from scenegen.evaluate.utility.judges import SemanticJudge
from scenegen.evaluate.utility.prepared import Prepared
from scenegen.evaluate.utility.protocol import Model, Part, TrainingData
from scenegen.evaluate.utility.training import Task, predict, run_arm
from scenegen.refine.comparison.estimates import Chance, Estimate, of_draws


def utility(
    task: Task,
    runs: Sequence[Prepared],
    seeds: Sequence[int],
    steps: int,
    chance: Chance,
    tick: Tick,
) -> Estimate:
    """Return the mIoU on real test photographs after training on a method's frames alone.

    Parameters
    ----------
    runs : sequence of Prepared
        Frames by seed; one entry serves all seeds.
    seeds : sequence of int
        Each trains a segmenter of its own.
    """
    digest = task.model(seeds[0]).digest
    done = []
    for k, seed in enumerate(seeds):
        stage = Stage(TrainingData((Part(runs[k % len(runs)]),)), steps)

        def part(share: float, note: str, before: int = k) -> None:
            tick((before + share) / len(seeds), f"segmenter {before + 1}: {note}")

        done.append(run_arm(task, Arm("synthetic", 0, (stage,)), seed, digest, False, part))
    scores = arm_scores(done, task.judge, chance.draws("test", task.test.blocks))
    return of_draws(mean_over_classes(scores))


class Gate:
    """A segmenter of photographs that no method saw; trained when it is first asked.

    Parameters
    ----------
    make : callable
        Returns the model at its start.
    val : Prepared
        Photographs to train it on.
    steps, seed : int
    """

    def __init__(
        self, make: Callable[[], Model], val: Prepared, steps: int, seed: int, memo: Memo
    ) -> None:
        self._make, self._val, self._memo = make, val, memo
        self._steps, self._seed = steps, seed

    @cached_property
    def _trained(self) -> Model:
        model = self._make()
        model.fit(TrainingData((Part(self._val),)), self._steps, self._seed)
        return model

    def confusions(self, pictures: Prepared, classes: int) -> I64:
        """Return what it takes labelled pictures' pixels for (N, C, C + 1), made once."""
        inputs = {
            "pictures": pictures.digest,
            "val": self._val.digest,
            "model": self._make().digest,
            "training": [self._steps, self._seed],
        }
        judge = SemanticJudge(classes)
        kept = self._memo.arrays(
            "gate", inputs, lambda: judge.judge(predict(self._trained, pictures), pictures)
        )
        return np.asarray(kept["confusions"], np.int64)


def agreement(confusions: Sequence[I64], draws: F64, shares: F64, of: I64) -> Estimate:
    """Return the mIoU of labels and what the gate sees, mean over runs.

    Parameters
    ----------
    confusions : sequence of (N, C, C + 1) int64
        Of each run.
    draws, shares : (1 + D, N) and (1 + D, runs) float64
    of : (K,) int64
        Classes that count.
    """
    each = [mean_over_classes(iou(weighted(one, draws))[:, of]) for one in confusions]
    return of_draws((np.stack(each, axis=1) * shares).sum(axis=1))


def common_classes(*confusions: I64) -> I64:
    """Return the classes (K,) that the truth of every set has pixels of."""
    there = [one.sum(axis=(0, 2)) > 0 for one in confusions]
    return np.flatnonzero(np.logical_and.reduce(there))
