"""One night from its plan: what is due is made, put together and judged."""

from __future__ import annotations

import logging
import math
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
from scenegen.pipeline.nightly.rereading import reread
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
        self._asked = Asked(
            out,
            config,
            plan,
            grounds_of(plan.generate),
            Store(out / STORE),
            Shelf(out / plan.name),
            executor,
            guard,
            stream,
        )
        self._damaged = ""
        """The version that is the latest, if files of it were found damaged."""

    def run(self) -> NightlyResult:
        """Do what is due, which takes in what is found to be damaged of the latest version."""
        last, config = self._asked.shelf.latest(), self._asked.config
        if last and not config.dry_run and reread(self._asked, last, config.reread_s):
            self._damaged = last.id
        return self._run(mended=False)

    def _run(self, mended: bool) -> NightlyResult:
        """Do what is due.

        Parameters
        ----------
        mended : bool
            Whether damaged scenes have been looked for already.
        """
        asked = self._asked
        config, guard, grounds, shelf = asked.config, asked.guard, asked.grounds, asked.shelf
        maker = Maker(config, asked.store, grounds.seed, guard, asked.executor, asked.stream)
        keeper = Keeper(config, maker, lambda entry, n: self._task(entry, n, True), guard)
        last = shelf.latest()
        tasks = self._tasks(keeper)
        states = States(tasks)
        known = frozenset(() if last is None else shelf.keys(last.id)["scene"].to_pylist())
        due = due_of(tasks, states, noted_grounds(grounds), last, known, keeper.unsearched)
        del known  # as many names as there are scenes
        count = len(due.simulate) + len(due.draw) + len(due.label)
        log.info("%s", due, extra={"event": "due", "plan": self.plan.name, "count": count})
        if config.dry_run:
            return NightlyResult(asked.out, due, asked=True)
        missing = {*due.simulate, *due.draw, *due.label}
        maker.make("make", [task for task in tasks if task.scene_id in missing])
        if guard.reason:
            return NightlyResult(asked.out, due, stopped=guard.reason)
        made, again = self._published(states.without(maker.failed), maker, keeper, mended)
        if again:
            # What is damaged has gone from the store: whatever was searched is looked up anew.
            return replace(self._run(mended=True), due=due)
        if made is None:
            return NightlyResult(asked.out, due, stopped=guard.reason)
        return NightlyResult(asked.out, due, made.version, made.changes)

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
        asked = self._asked
        searched = Searched(keeper.searched, keeper.looked_at)
        # States are read from the store, which mending changes.
        name = version_id(asked, states)
        try:
            made = make_version(asked, states, maker.failed, searched, self._damaged)
        except DatasetError:
            known = asked.shelf.find(name)
            if known is not None and known.state == "published":
                if mended or not reread(asked, known, math.inf):
                    raise
                self._damaged = name
                return None, True
            damaged = mend(asked.store, states)
            if not damaged:
                raise
            made = None
        else:
            if made is None or made.version.state == "published":
                return made, False
            damaged = mend(asked.store, states)
        if damaged:
            shutil.rmtree(asked.shelf.folder(name), ignore_errors=True)
        return made, bool(damaged) and not mended

    def _tasks(self, keeper: Keeper) -> list[SceneTask]:
        """Return a task for each scene of the plan; of searched ones, for those that are kept."""
        entries, tasks = self.plan.plan.entries, list[SceneTask]()
        kept = keeper.search(entries)
        for entry in entries:
            wanted = range(entry.first, entry.first + entry.num_scenes)
            numbers: Sequence[int] = kept.get(entry.logical.name, wanted)
            tasks += [self._task(entry, index) for index in numbers]
        return tasks

    def _task(self, entry: PlanEntry, index: int, simulate_only: bool = False) -> SceneTask:
        asked = self._asked
        return SceneTask(str(asked.store.root), asked.grounds, entry.logical, index, simulate_only)
