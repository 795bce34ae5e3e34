"""One night: what is due is made, put together, judged and published."""

from __future__ import annotations

import logging
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from scenegen.dataset.searched import SearchedDraw
from scenegen.dataset.storage import FolderLock, storage_errors
from scenegen.errors import (
    DatasetError,
    InputError,
    ScenegenError,
    StorageError,
    UnsatisfiableError,
)
from scenegen.pipeline.nightly.chain import grounds_of, noted_grounds
from scenegen.pipeline.nightly.dashboard import Board
from scenegen.pipeline.nightly.destination import Destination
from scenegen.pipeline.nightly.due import Due, due_of
from scenegen.pipeline.nightly.executor import Executor, GivenUp, Listed
from scenegen.pipeline.nightly.guard import Guard
from scenegen.pipeline.nightly.history import difference, roll_back
from scenegen.pipeline.nightly.journal import Journal
from scenegen.pipeline.nightly.local_backend import LocalBackend
from scenegen.pipeline.nightly.mending import mend
from scenegen.pipeline.nightly.metrics import need_metrics, write_metrics
from scenegen.pipeline.nightly.observing import (
    Watched,
    forget_work,
    make_watched,
    stages_to_make,
    tell_stages,
)
from scenegen.pipeline.nightly.plan import NightlyPlan, load_nightly
from scenegen.pipeline.nightly.publish import (
    Asked,
    MadeVersion,
    Searched,
    make_version,
    version_id,
)
from scenegen.pipeline.nightly.redaction import without_secrets
from scenegen.pipeline.nightly.scenes import (
    SceneTask,
    state_of,
)
from scenegen.pipeline.nightly.states import States
from scenegen.pipeline.nightly.store import Failed, Store
from scenegen.pipeline.nightly.tracing import carrier, need_tracing, tracing
from scenegen.pipeline.nightly.trust import need_trust
from scenegen.pipeline.nightly.version import Shelf, Version

if TYPE_CHECKING:
    from scenegen.pipeline.nightly_config import NightlyConfig
    from scenegen.scenario import PlanEntry

log = logging.getLogger(__name__)
STORE = "store"


@dataclass(frozen=True)
class NightlyResult:
    """What came of a run.

    Attributes
    ----------
    out : Path
    due : Due or None
        What was to be done.
    version : Version or None
        As it is now; None where nothing was made, or not all of it.
    changes : str
        Against the version before; empty where there is no new version.
    stopped : str
        Why the run ended before it was through; empty if it wasn't.
    asked : bool
        Whether it was no run, but a question or a step back.
    """

    out: Path
    due: Due | None = None
    version: Version | None = None
    changes: str = ""
    stopped: str = ""
    asked: bool = False

    @property
    def ok(self) -> bool:
        """Whether what the plan says is published, or was only asked about."""
        return self.asked or (self.version is not None and self.version.state == "published")

    def __str__(self) -> str:
        rows = [str(self.due)] if self.due is not None else []
        if self.stopped:
            rows.append(f"stopped: {self.stopped}; the same command goes on")
        if self.version is not None:
            version = self.version
            rows.append(f"{version.plan} {version.id}: {version.state}, digest {version.digest}")
            rows += [
                f"  gate {gate.name}: {'holds' if gate.passed else 'FAILS'}: {gate.told}"
                for gate in version.gates
            ]
            rows += [f"  quarantined: {s}: {why}" for s, why in version.quarantined.items()]
        rows += [self.changes] if self.changes else []
        return "\n".join(rows)


def nightly(config: NightlyConfig, stream: TextIO = sys.stderr) -> NightlyResult:
    """Bring a data set to what its plan says.

    Every stage of every scene is made once for each key: digests of all that it depends on. What
    is there is taken, so a run that was ended anywhere goes on where it was, and a plan that
    hasn't changed costs a look.

    Raises
    ------
    InputError
        The plan, a gate's keys or the folder is wrong.
    StorageError
        The disk filled up; whole stages of scenes stay.
    """
    if config.plan is None:
        raise InputError("nightly needs plan=…, such as plan=small or plan=my_plan.yaml")
    plan = load_nightly(config.plan)
    need_trust(plan, config.trust)
    if config.metrics is not None:
        need_metrics()
    if config.traces:
        need_tracing()
    if config.fetch is not None:
        return fetched(plan, Path(config.fetch))
    out = Path(config.out).resolve()  # processes elsewhere have other working folders
    with storage_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(out)
    try:
        if config.rollback is not None:
            version = roll_back(Shelf(out / plan.name), config.rollback)
            if plan.destination is not None:
                place = Destination(plan.destination, plan.destination_options)
                place.publish(plan.name, version, out / plan.name / "versions" / version.id)
            return NightlyResult(out, version=version, asked=True)
        if config.diff is not None:
            told = difference(Shelf(out / plan.name), config.diff)
            return NightlyResult(out, changes=told.listed(), asked=True)
        begin = time.monotonic()
        with (
            Journal(out, config.log_level),
            tracing(config.traces, plan.name),
            Guard(out, config.max_hours, config.min_free_gb) as guard,
            executor_of(config) as executor,
        ):
            result = _told(_Night(config, plan, out, guard, executor, stream))
        if config.metrics is not None:
            write_metrics(Path(config.metrics), plan.name, result, time.monotonic() - begin)
        return result
    finally:
        lock.release()


def _told(night: _Night) -> NightlyResult:
    """Let a night pass, and tell the journal how it begins and ends."""
    begin, plan = time.monotonic(), night.plan.name
    log.info("the night begins", extra={"event": "begin", "plan": plan})
    try:
        result = night.run()
    except Exception as error:
        seconds = round(time.monotonic() - begin, 3)
        reason = f"{type(error).__name__}: {error}"
        told = {"event": "error", "plan": plan, "seconds": seconds, "reason": reason}
        log.error("the night ends with an error", extra=told)
        raise
    version = result.version
    told = {
        "event": "end",
        "plan": plan,
        "seconds": round(time.monotonic() - begin, 3),
        "version": None if version is None else version.id,
        "reason": result.stopped or None,
        "count": None if result.due is None else result.due.wanted,
    }
    log.info("%s", "asked" if version is None else version.state, extra=told)
    return result


class _Night:
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
        self.config, self.plan, self.out = config, plan, out
        self.guard, self.stream = guard, stream
        self.grounds = grounds_of(plan.generate)
        self.store = Store(self.out / STORE)
        self.shelf = Shelf(self.out / plan.name)
        self.executor = executor
        self.failed: dict[str, str] = {}
        self.searched: list[SearchedDraw] = []
        self.looked_at: set[str] = set()
        self.unsearched: dict[str, int] = {}
        self.mended: tuple[str, ...] = ()

    def run(self) -> NightlyResult:
        """Do what is due."""
        last = self.shelf.latest()
        tasks = self._tasks()
        states = States(tasks)
        known = frozenset(() if last is None else self.shelf.keys(last.id)["scene"].to_pylist())
        grounds = noted_grounds(self.grounds)
        due = due_of(tasks, states, grounds, last, known, self.unsearched)
        del known  # as many names as there are scenes
        count = len(due.simulate) + len(due.draw) + len(due.label)
        log.info("%s", due, extra={"event": "due", "plan": self.plan.name, "count": count})
        if self.config.dry_run:
            return NightlyResult(self.out, due, asked=True)
        missing = {*due.simulate, *due.draw, *due.label}
        self._make("make", [task for task in tasks if task.scene_id in missing])
        if self.guard.reason:
            return NightlyResult(self.out, due, stopped=self.guard.reason)
        whole = states.without(self.failed)
        asked = Asked(
            self.out,
            self.config,
            self.plan,
            self.grounds,
            self.store,
            self.shelf,
            self.executor,
            self.guard,
            self.stream,
        )
        made, again = self._published(asked, whole)
        if again and not self.mended:
            # What is damaged has gone from the store: whatever was searched is looked up anew.
            self.mended = again
            self.failed, self.searched, self.looked_at = {}, [], set()
            self.unsearched = {}
            return replace(self.run(), due=due)
        if made is None:
            return NightlyResult(self.out, due, stopped=self.guard.reason)
        return NightlyResult(self.out, due, made.version, made.changes)

    def _published(
        self, asked: Asked, states: States
    ) -> tuple[MadeVersion | None, tuple[str, ...]]:
        """Make the version; where it can't be, or fails a gate, look for damaged scenes."""
        searched = Searched(self.searched, self.looked_at)
        # States are read from the store, which mending changes.
        folder = self.shelf.folder(version_id(asked, states))
        try:
            made = make_version(asked, states, self.failed, searched)
        except DatasetError:
            damaged = mend(self.store, states)
            if not damaged:
                raise
            made = None
        else:
            if made is None or made.version.state == "published":
                return made, ()
            damaged = mend(self.store, states)
        if damaged:
            shutil.rmtree(folder, ignore_errors=True)
        return made, damaged

    def _tasks(self) -> list[SceneTask]:
        """Return a task for each scene of the plan; of searched ones, for those that are kept."""
        tasks = []
        for entry in self.plan.plan.entries:
            if entry.keep_if is None:
                numbers: Sequence[int] = range(entry.first, entry.first + entry.num_scenes)
            else:
                numbers = self._kept(entry)
            tasks += [self._task(entry, index) for index in numbers]
        return tasks

    def _task(self, entry: PlanEntry, index: int, simulate_only: bool = False) -> SceneTask:
        return SceneTask(str(self.store.root), self.grounds, entry.logical, index, simulate_only)

    def _kept(self, entry: PlanEntry) -> list[int]:
        """Return the numbers of the draws whose runs are kept, simulating as many as it takes."""
        assert entry.keep_if is not None
        assert entry.budget is not None
        kept: list[int] = []
        first, end = entry.first, entry.first + entry.budget
        while first < end and not self.guard.reason:
            # As many as are missing, if all were kept; no process waits for the last of them.
            size = max(entry.num_scenes - len(kept), self.config.workers)
            tasks = [self._task(entry, n, True) for n in range(first, min(first + size, end))]
            todo = [task for task in tasks if state_of(task).simulated is None]
            if self.config.dry_run and todo:
                self.unsearched[entry.logical.name] = entry.num_scenes - len(kept)
                return kept
            self._make("search", todo)
            self.looked_at.update(task.simulate_key for task in tasks)
            for task in tasks:
                draw = self._looked_at(entry, task)
                self.searched.append(draw)
                kept += [task.index] if draw.kept else []
                if len(kept) == entry.num_scenes:
                    return kept
            first += size
        if not kept and not self.guard.reason:
            raise UnsatisfiableError(
                f"{entry.place}: {entry.keep_if.text!r} holds in none of {entry.budget} runs of "
                f"{entry.logical.name}; give it a larger budget"
            )
        return kept

    def _looked_at(self, entry: PlanEntry, task: SceneTask) -> SearchedDraw:
        assert entry.keep_if is not None
        name, run = entry.logical.name, state_of(task).simulated
        if run is None:
            # A draw that can't be simulated is among none of the counts, and no scene.
            why = self.failed.pop(task.scene_id, "not simulated")
            return SearchedDraw(name, task.index, 0.0, {}, kept=False, error=why)
        kept = entry.keep_if.holds(run.robustness)
        return SearchedDraw(name, task.index, run.log_weight, run.robustness, kept)

    def _make(self, what: str, tasks: list[SceneTask]) -> None:
        """Make what is missing of scenes; those that can't be made are noted as failed."""
        todo = [task for task in tasks if not self._is_quarantined(task)]
        limit = self.config.scene_limit_s
        forget_work(self.store.root)
        headers = carrier()
        watched = [Watched(task, headers) for task in todo]
        with (
            Board(what, stages_to_make(todo), len(todo), self.store.root, self.stream) as board,
            closing(
                self.executor.run(make_watched, Listed(watched), limit, self.guard.stop)
            ) as results,
        ):
            for asked, result in results:
                task = asked.task
                if isinstance(result, StorageError):
                    raise result
                if isinstance(result, ScenegenError | GivenUp):
                    self._quarantine(task, result)
                    board.failed()
                    continue
                tell_stages(result)
                made = result.state.labelled
                board.made(task.scene_id, result.state.made, None if made is None else made.frames)

    def _is_quarantined(self, task: SceneTask) -> bool:
        key = task.simulate_key
        failed = self.store.failed("simulate", key)
        if failed is None:
            return False
        if self.config.retry_quarantined:
            self.store.forgive("simulate", key)
            return False
        self.failed[task.scene_id] = failed.reason
        return True

    def _quarantine(self, task: SceneTask, result: ScenegenError | GivenUp) -> None:
        told = result.reason if isinstance(result, GivenUp) else str(result)
        reason = without_secrets(told)
        said = {"event": "quarantine", "scene": task.scene_id, "reason": reason}
        log.error("%s: %s", task.scene_id, reason, extra=said)
        self.failed[task.scene_id] = reason
        failed = Failed(
            scene_id=task.scene_id, seed=self.grounds.seed, index=task.index, reason=reason
        )
        self.store.give_up("simulate", task.simulate_key, failed)


def fetched(plan: NightlyPlan, out: Path) -> NightlyResult:
    """Bring the latest version of a plan's destination to this machine.

    Raises
    ------
    InputError
        The plan has no destination, or nothing is published there.
    StorageError
        It can't be read, or is damaged.
    """
    if plan.destination is None:
        raise InputError(f"plan {plan.name} has no destination to fetch from")
    place = Destination(plan.destination, plan.destination_options)
    name = place.latest(plan.name)
    if name is None:
        raise InputError(f"{plan.destination}: nothing of plan {plan.name} is published there")
    place.fetch(plan.name, name, out)
    return NightlyResult(out, changes=f"{out}: version {name} of {plan.name}", asked=True)


def executor_of(config: NightlyConfig) -> Executor:
    """Return where scenes are made.

    Raises
    ------
    InputError
        Ray isn't installed, or there is no such cluster.
    """
    if config.executor == "ray":
        from scenegen.pipeline.nightly.ray_backend import RayBackend  # noqa: PLC0415

        return Executor(RayBackend(config.workers, config.address))
    return Executor(LocalBackend(config.workers))
