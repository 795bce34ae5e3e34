"""Draws whose runs meet a condition on their monitors, found by simulating without drawing.

What is kept depends on scenario, seed, condition, count and budget alone: draws are taken in the
order of their numbers, whatever order workers finish them in, up to the one with which there are
enough. Each is noted in ``searched.parquet``, so a resumed run doesn't simulate it again.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable
from contextlib import closing
from typing import TYPE_CHECKING

from scenegen.dataset.layout import SEARCHED
from scenegen.dataset.searched import SearchedDraw, read_searched
from scenegen.errors import ScenegenError, StorageError, UnsatisfiableError
from scenegen.monitor import judge
from scenegen.pipeline.kept_runs import nothing_kept
from scenegen.pipeline.progress import RunProgress
from scenegen.pipeline.workers import run_tasks
from scenegen.simulate import simulate

if TYPE_CHECKING:
    from typing import TextIO

    from scenegen.dataset import Output
    from scenegen.pipeline.scene import SceneJob
    from scenegen.scenario import KeepIf, PlanEntry

SAVED = 256
"""Draws after which what is known is written."""

log = logging.getLogger(__name__)

Judged = tuple[float, dict[str, float]]
"""A draw's log weight and the robustness of its monitors."""


def judge_draw(job: SceneJob) -> Judged:
    """Draw and simulate a scene, and judge its run.

    Raises
    ------
    ScenegenError
        It can't be drawn or simulated.
    """
    concrete = job.concrete()
    return concrete.log_weight, judge(concrete, simulate(concrete))


class Search:
    """The search of one run, in a data set that is open.

    Parameters
    ----------
    output : Output
        Holds what an earlier run has found.
    workers : int
    stream : text file
        Where progress goes.
    """

    def __init__(self, output: Output, workers: int, stream: TextIO) -> None:
        self._output = output
        self._workers = workers
        self._stream = stream
        found = read_searched(output.path)
        self._known = {(draw.scenario, draw.index): draw for draw in found}

    def find(self, entry: PlanEntry, jobs: list[SceneJob]) -> list[int]:
        """Return the numbers of the draws that are kept, in their order.

        Parameters
        ----------
        entry : PlanEntry
            With a condition.
        jobs : list of SceneJob
            One for each draw that the budget allows, in order.

        Raises
        ------
        UnsatisfiableError
            None is.
        StorageError
            What was found can't be written.
        """
        assert entry.keep_if is not None
        kept: list[int] = []
        looked_at: list[SearchedDraw] = []
        try:
            with closing(self._looked_at(entry.keep_if, jobs)) as draws:
                for draw in draws:
                    looked_at.append(draw)
                    self._known[draw.scenario, draw.index] = draw
                    if len(looked_at) % SAVED == 0:
                        self._save()
                    kept += [draw.index] if draw.kept else []
                    if len(kept) == entry.num_scenes:
                        break
        finally:
            self._save()
        if not kept:
            raise UnsatisfiableError(_nothing(entry.keep_if, entry.logical.name, looked_at))
        return kept

    def _looked_at(
        self, keep_if: KeepIf, jobs: list[SceneJob]
    ) -> Generator[SearchedDraw, None, None]:
        """Yield draws in their order: known ones, and others as they are simulated."""
        todo = [job for job in jobs if (job.logical.name, job.index) not in self._known]
        early: dict[int, SearchedDraw] = {}
        with (
            RunProgress("search", len(jobs), self._stream) as progress,
            closing(run_tasks(judge_draw, todo, self._workers)) as results,
        ):
            for job in jobs:
                draw = self._known.get((job.logical.name, job.index))
                while draw is None and job.index not in early:
                    done, result = next(results)
                    early[done.index] = _noted(keep_if, done, result)
                    progress.advance(done.scene_id, None)
                yield draw or early.pop(job.index)

    def _save(self) -> None:
        self._output.note_searched(list(self._known.values()))


def _noted(keep_if: KeepIf, job: SceneJob, result: Judged | ScenegenError) -> SearchedDraw:
    if isinstance(result, StorageError):
        raise result
    if isinstance(result, ScenegenError):
        log.warning("%s: not kept: %s", job.scene_id, result)
        return SearchedDraw(job.logical.name, job.index, 0.0, {}, kept=False, error=str(result))
    log_weight, robustness = result
    kept = keep_if.holds(robustness)
    return SearchedDraw(job.logical.name, job.index, log_weight, robustness, kept)


def _nothing(keep_if: KeepIf, name: str, draws: Iterable[SearchedDraw]) -> str:
    """Say that nothing was found, how near it came, and what helps."""
    known = [draw for draw in draws if not draw.error]
    if not known:
        return f"{name}: none of the draws could be simulated; {SEARCHED} says why"
    runs = [(draw.index, draw.robustness) for draw in known]
    return (
        f"{name}: {nothing_kept(keep_if, runs)}; go on with "
        "resume=true and a larger budget, or tilt the draws with design={kind: importance, …}"
    )
