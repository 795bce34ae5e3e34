"""One night from its plan: what is due is made, put together and judged."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from scenegen.errors import DatasetError
from scenegen.pipeline.nightly.asked import Asked
from scenegen.pipeline.nightly.chain import grounds_of, noted_grounds
from scenegen.pipeline.nightly.due import due_of
from scenegen.pipeline.nightly.executor import Executor
from scenegen.pipeline.nightly.guard import Guard
from scenegen.pipeline.nightly.kept import Keeper
from scenegen.pipeline.nightly.making import Maker
from scenegen.pipeline.nightly.mending import mend
from scenegen.pipeline.nightly.plan import NightlyPlan
from scenegen.pipeline.nightly.publish import (
    MadeVersion,
    Searched,
    make_version,
    version_id,
)
from scenegen.pipeline.nightly.result import NightlyResult
from scenegen.pipeline.nightly.scenes import SceneTask
from scenegen.pipeline.nightly.states import States
from scenegen.pipeline.nightly.store import Store
from scenegen.pipeline.nightly.version import Shelf

if TYPE_CHECKING:
    from scenegen.pipeline.nightly_config import NightlyConfig
    from scenegen.scenario import PlanEntry

log = logging.getLogger(__name__)
STORE = "store"


class Night:
    """One run."""

    def __init__(
        self,
        config: NightlyConfig,
        plan: NightlyPlan,
        out: Path,
        guard: Guard,
        executor: Executor,
        stream: TextIO,
    ) -> None:
        self.plan = plan
        self._config, self._out, self._guard = config, out, guard
        self._executor, self._stream = executor, stream
        self._grounds = grounds_of(plan.generate)
        self._store = Store(out / STORE)
        self._shelf = Shelf(out / plan.name)

    def run(self, mended: bool = False) -> NightlyResult:
        """Do what is due.

        Parameters
        ----------
        mended : bool
            Whether damaged scenes have been looked for already.
        """
        config, guard, executor, stream = self._config, self._guard, self._executor, self._stream
        maker = Maker(config, self._store, self._grounds.seed, guard, executor, stream)
        keeper = Keeper(config, maker, lambda entry, n: self._task(entry, n, True), guard)
        last = self._shelf.latest()
        tasks = self._tasks(keeper)
        states = States(tasks)
        known = frozenset(() if last is None else self._shelf.keys(last.id)["scene"].to_pylist())
        due = due_of(tasks, states, noted_grounds(self._grounds), last, known, keeper.unsearched)
        del known  # as many names as there are scenes
        count = len(due.simulate) + len(due.draw) + len(due.label)
        log.info("%s", due, extra={"event": "due", "plan": self.plan.name, "count": count})
        if config.dry_run:
            return NightlyResult(self._out, due, asked=True)
        missing = {*due.simulate, *due.draw, *due.label}
        maker.make("make", [task for task in tasks if task.scene_id in missing])
        if guard.reason:
            return NightlyResult(self._out, due, stopped=guard.reason)
        made, again = self._published(states.without(maker.failed), maker, keeper, mended)
        if again:
            # What is damaged has gone from the store: whatever was searched is looked up anew.
            return replace(self.run(mended=True), due=due)
        if made is None:
            return NightlyResult(self._out, due, stopped=guard.reason)
        return NightlyResult(self._out, due, made.version, made.changes)

    def _published(
        self, states: States, maker: Maker, keeper: Keeper, mended: bool
    ) -> tuple[MadeVersion | None, bool]:
        """Make the version; where it can't be, or fails a gate, look for damaged scenes.

        Returns
        -------
        made : MadeVersion or None
        again : bool
            Whether scenes were found damaged for the first time, so that they are made anew.
        """
        asked = Asked(
            self._out,
            self._config,
            self.plan,
            self._grounds,
            self._store,
            self._shelf,
            self._executor,
            self._guard,
            self._stream,
        )
        searched = Searched(keeper.searched, keeper.looked_at)
        # States are read from the store, which mending changes.
        folder = self._shelf.folder(version_id(asked, states))
        try:
            made = make_version(asked, states, maker.failed, searched)
        except DatasetError:
            damaged = mend(self._store, states)
            if not damaged:
                raise
            made = None
        else:
            if made is None or made.version.state == "published":
                return made, False
            damaged = mend(self._store, states)
        if damaged:
            shutil.rmtree(folder, ignore_errors=True)
        return made, bool(damaged) and not mended

    def _tasks(self, keeper: Keeper) -> list[SceneTask]:
        """Return a task for each scene of the plan; of searched ones, for those that are kept."""
        tasks = []
        for entry in self.plan.plan.entries:
            if entry.keep_if is None:
                numbers: Sequence[int] = range(entry.first, entry.first + entry.num_scenes)
            else:
                numbers = keeper.numbers(entry)
            tasks += [self._task(entry, index) for index in numbers]
        return tasks

    def _task(self, entry: PlanEntry, index: int, simulate_only: bool = False) -> SceneTask:
        return SceneTask(str(self._store.root), self._grounds, entry.logical, index, simulate_only)
