"""What a segmenter learns from a method's frames alone."""

from __future__ import annotations

from collections.abc import Sequence

from scenegen.evaluate.measures.confusion import mean_over_classes
from scenegen.evaluate.study import Tick
from scenegen.evaluate.utility.arms import Arm, Stage
from scenegen.evaluate.utility.figures import arm_scores
from scenegen.evaluate.utility.prepared import Prepared
from scenegen.evaluate.utility.protocol import Part, TrainingData
from scenegen.evaluate.utility.training import Task, run_arm
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
