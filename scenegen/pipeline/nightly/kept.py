"""Which draws of searched entries are kept: as many as it takes are simulated to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from scenegen.dataset.searched import SearchedDraw
from scenegen.errors import UnsatisfiableError
from scenegen.pipeline.nightly.guard import Guard
from scenegen.pipeline.nightly.making import Maker
from scenegen.pipeline.nightly.scenes import SceneTask, state_of

if TYPE_CHECKING:
    from scenegen.pipeline.nightly_config import NightlyConfig
    from scenegen.scenario import PlanEntry

TaskOf = Callable[["PlanEntry", int], SceneTask]


class Keeper:
    """Looks for the draws that ``keep_if`` holds of, those of all entries at once.

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
        What came of each draw, up to the last one that is kept.
    looked_at : set of str
        Keys of the runs that it took.
    unsearched : dict of str to int
        How many scenes each scenario still lacks that wasn't searched, since nothing is made.
    """

    def __init__(self, config: NightlyConfig, maker: Maker, task: TaskOf, guard: Guard) -> None:
        self._config, self._maker, self._task, self._guard = config, maker, task, guard
        self.searched: list[SearchedDraw] = []
        self.looked_at: set[str] = set()
        self.unsearched: dict[str, int] = {}

    def search(self, entries: Sequence[PlanEntry]) -> dict[str, list[int]]:
        """Return the numbers of the draws that are kept of each entry, by its scenario.

        Raises
        ------
        UnsatisfiableError
            None of an entry is kept.
        """
        hunts = [
            _Hunt(entry, self._task, self._maker, self._config.workers)
            for entry in entries
            if entry.keep_if is not None
        ]
        if hunts and not self._config.dry_run:
            self._maker.search(_Hunts(hunts), sum(hunt.most for hunt in hunts))
        kept = {hunt.entry.logical.name: self._kept(hunt) for hunt in hunts}
        for scene in self._maker.failed.keys() & {draw for hunt in hunts for draw in hunt.seen}:
            # A draw that can't be simulated is among none of the counts, and no scene.
            del self._maker.failed[scene]
        return kept

    def _kept(self, hunt: _Hunt) -> list[int]:
        entry, kept = hunt.entry, list[int]()
        for task in hunt.tasks():
            if not hunt.done(task):
                if self._config.dry_run:
                    self.unsearched[entry.logical.name] = entry.num_scenes - len(kept)
                return kept
            self.looked_at.add(task.simulate_key)
            draw = hunt.draw(task)
            self.searched.append(draw)
            kept += [task.index] if draw.kept else []
            if len(kept) == entry.num_scenes:
                return kept
        if not kept and not self._guard.reason:
            assert entry.keep_if is not None
            raise UnsatisfiableError(
                f"{entry.place}: {entry.keep_if.text!r} holds in none of {entry.budget} runs of "
                f"{entry.logical.name}; give it a larger budget"
            )
        return kept


class _Hunt:
    """The search for the draws of one entry.

    Attributes
    ----------
    most : int
        Draws that may be simulated.
    seen : set of str
        Scenes that they would be, of those that were looked at.
    """

    def __init__(self, entry: PlanEntry, task: TaskOf, maker: Maker, workers: int) -> None:
        assert entry.budget is not None
        self.entry, self.most = entry, entry.budget
        self._task, self._maker, self._workers = task, maker, workers
        self._left = self.tasks()
        self._flying: set[str] = set()
        self.seen: set[str] = set()
        self._kept = 0

    def tasks(self) -> Iterator[SceneTask]:
        """Yield the tasks of all draws that may be looked at."""
        first = self.entry.first
        return (self._task(self.entry, number) for number in range(first, first + self.most))

    def next(self) -> SceneTask | None:
        """Return a draw to simulate; None as long as those that fly may be enough."""
        while self._kept < self.entry.num_scenes:
            # As many at once as are missing, if all were kept; no process waits for the last.
            missing = self.entry.num_scenes - self._kept
            if len(self._flying) >= max(missing, self._workers):
                return None
            task = next(self._left, None)
            if task is None:
                return None
            self.seen.add(task.scene_id)
            if not self.done(task):
                self._flying.add(task.scene_id)
                return task
            self._kept += self.draw(task).kept
        return None

    def came(self, task: SceneTask) -> bool:
        """Count what came of a draw; return whether it is one of these."""
        if task.scene_id not in self._flying:
            return False
        self._flying.remove(task.scene_id)
        self._kept += self.draw(task).kept
        return True

    def done(self, task: SceneTask) -> bool:
        """Whether a draw's run is there, or can't be made."""
        return state_of(task).simulated is not None or self._maker.gave_up(task)

    def draw(self, task: SceneTask) -> SearchedDraw:
        """Return what came of a draw."""
        assert self.entry.keep_if is not None
        name, run = self.entry.logical.name, state_of(task).simulated
        if run is None:
            why = self._maker.failed.get(task.scene_id, "not simulated")
            return SearchedDraw(name, task.index, 0.0, {}, kept=False, error=why)
        kept = self.entry.keep_if.holds(run.robustness)
        return SearchedDraw(name, task.index, run.log_weight, run.robustness, kept)


class _Hunts:
    """A queue of the draws of all entries."""

    def __init__(self, hunts: Sequence[_Hunt]) -> None:
        self._hunts = hunts

    def next(self) -> SceneTask | None:
        """Return a draw of the first entry that lacks one."""
        return next(filter(None, (hunt.next() for hunt in self._hunts)), None)

    def came(self, task: SceneTask) -> None:
        """Count what came of a draw."""
        next(filter(None, (hunt.came(task) for hunt in self._hunts)))
