"""Which draws of a searched entry are kept: as many as it takes are simulated to know."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scenegen.dataset.searched import SearchedDraw
from scenegen.errors import UnsatisfiableError
from scenegen.pipeline.nightly.guard import Guard
from scenegen.pipeline.nightly.making import Maker
from scenegen.pipeline.nightly.scenes import SceneTask, state_of

if TYPE_CHECKING:
    from scenegen.pipeline.nightly_config import NightlyConfig
    from scenegen.scenario import PlanEntry


class Keeper:
    """Looks for the draws that ``keep_if`` holds of.

    Parameters
    ----------
    config : NightlyConfig
    maker : Maker
    task : callable
        Gives the task that simulates a draw of an entry, and does no more.
    guard : Guard

    Attributes
    ----------
    searched : list of SearchedDraw
        What came of each draw.
    looked_at : set of str
        Keys of the runs that it took.
    unsearched : dict of str to int
        How many scenes each scenario still lacks that wasn't searched, since nothing is made.
    """

    def __init__(
        self,
        config: NightlyConfig,
        maker: Maker,
        task: Callable[[PlanEntry, int], SceneTask],
        guard: Guard,
    ) -> None:
        self._config, self._maker, self._task, self._guard = config, maker, task, guard
        self.searched: list[SearchedDraw] = []
        self.looked_at: set[str] = set()
        self.unsearched: dict[str, int] = {}

    def numbers(self, entry: PlanEntry) -> list[int]:
        """Return the numbers of the draws whose runs are kept, simulating as many as it takes."""
        assert entry.keep_if is not None
        assert entry.budget is not None
        kept: list[int] = []
        first, end = entry.first, entry.first + entry.budget
        while first < end and not self._guard.reason:
            # As many as are missing, if all were kept; no process waits for the last of them.
            size = max(entry.num_scenes - len(kept), self._config.workers)
            tasks = [self._task(entry, n) for n in range(first, min(first + size, end))]
            todo = [task for task in tasks if state_of(task).simulated is None]
            if self._config.dry_run and todo:
                self.unsearched[entry.logical.name] = entry.num_scenes - len(kept)
                return kept
            self._maker.make("search", todo)
            self.looked_at.update(task.simulate_key for task in tasks)
            for task in tasks:
                draw = self._draw(entry, task)
                self.searched.append(draw)
                kept += [task.index] if draw.kept else []
                if len(kept) == entry.num_scenes:
                    return kept
            first += size
        if not kept and not self._guard.reason:
            raise UnsatisfiableError(
                f"{entry.place}: {entry.keep_if.text!r} holds in none of {entry.budget} runs of "
                f"{entry.logical.name}; give it a larger budget"
            )
        return kept

    def _draw(self, entry: PlanEntry, task: SceneTask) -> SearchedDraw:
        assert entry.keep_if is not None
        name, run = entry.logical.name, state_of(task).simulated
        if run is None:
            # A draw that can't be simulated is among none of the counts, and no scene.
            why = self._maker.failed.pop(task.scene_id, "not simulated")
            return SearchedDraw(name, task.index, 0.0, {}, kept=False, error=why)
        kept = entry.keep_if.holds(run.robustness)
        return SearchedDraw(name, task.index, run.log_weight, run.robustness, kept)
