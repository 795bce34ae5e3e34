"""Scenes of a night are made, and those that can't be are quarantined."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Protocol, TextIO

from scenegen.errors import ScenegenError, StorageError
from scenegen.pipeline.nightly.dashboard import Board
from scenegen.pipeline.nightly.executor import Executor, GivenUp, Listed, Queue
from scenegen.pipeline.nightly.guard import Guard
from scenegen.pipeline.nightly.observing import (
    Watched,
    forget_work,
    make_watched,
    stages_to_make,
    tell_stages,
)
from scenegen.pipeline.nightly.redaction import without_secrets
from scenegen.pipeline.nightly.scenes import SceneTask
from scenegen.pipeline.nightly.store import Failed, Store
from scenegen.pipeline.nightly.tracing import carrier

if TYPE_CHECKING:
    from scenegen.pipeline.nightly_config import NightlyConfig

log = logging.getLogger(__name__)


class Draws(Queue[SceneTask], Protocol):
    """A queue of draws to simulate, which of them depending on what came of those before."""

    def came(self, task: SceneTask) -> None:
        """Hear that a draw is simulated, or can't be."""


class _Watching:
    """A queue's scenes, to be made by somebody who tells how it went."""

    def __init__(self, queue: Queue[SceneTask], headers: dict[str, str]) -> None:
        self._queue, self._headers = queue, headers

    def next(self) -> Watched | None:
        """Return the next scene."""
        task = self._queue.next()
        return None if task is None else Watched(task, self._headers)


class Maker:
    """Has scenes made by an executor.

    Attributes
    ----------
    failed : dict of str to str
        Scenes that weren't made, and why.
    """

    def __init__(
        self,
        config: NightlyConfig,
        store: Store,
        seed: int,
        guard: Guard,
        executor: Executor,
        stream: TextIO,
    ) -> None:
        self._config, self._store, self._seed = config, store, seed
        self._guard, self._executor, self._stream = guard, executor, stream
        self.failed: dict[str, str] = {}

    def make(self, what: str, tasks: Sequence[SceneTask]) -> None:
        """Make what is missing of scenes; those that can't be made are noted as failed."""
        todo = [task for task in tasks if not self.gave_up(task)]
        board = self._board(what, stages_to_make(todo), len(todo))
        self._make(Listed(todo), board, lambda task: None)

    def search(self, draws: Draws, most: int) -> None:
        """Simulate draws as long as somebody wants more of them.

        Parameters
        ----------
        most : int
            So many may be wanted.
        """
        self._make(draws, self._board("search", {"simulate": most}, most), draws.came)

    def gave_up(self, task: SceneTask) -> bool:
        """Whether a scene couldn't be made, and isn't to be tried again; it counts as failed."""
        if task.scene_id in self.failed:
            return True
        failed = self._store.failed("simulate", task.simulate_key)
        if failed is None or self._config.retry_quarantined:
            return False
        self.failed[task.scene_id] = failed.reason
        return True

    def _board(self, what: str, todo: dict[str, int], scenes: int) -> Board:
        return Board(what, todo, scenes, self._store.root, self._stream)

    def _make(
        self, queue: Queue[SceneTask], board: Board, came: Callable[[SceneTask], None]
    ) -> None:
        """Have the tasks of a queue done; it is told of each that came back."""
        forget_work(self._store.root)
        limit, stop = self._config.scene_limit_s, self._guard.stop
        watching = _Watching(queue, carrier())
        with board, closing(self._executor.run(make_watched, watching, limit, stop)) as results:
            for asked, result in results:
                task = asked.task
                if isinstance(result, StorageError):
                    raise result
                if isinstance(result, ScenegenError | GivenUp):
                    self._quarantine(task, result)
                    board.failed()
                else:
                    self._store.forgive("simulate", task.simulate_key)
                    tell_stages(result)
                    made = result.state.labelled
                    frames = None if made is None else made.frames
                    board.made(task.scene_id, result.state.made, frames)
                came(task)

    def _quarantine(self, task: SceneTask, result: ScenegenError | GivenUp) -> None:
        told = result.reason if isinstance(result, GivenUp) else str(result)
        reason = without_secrets(told)
        said = {"event": "quarantine", "scene": task.scene_id, "reason": reason}
        log.error("%s: %s", task.scene_id, reason, extra=said)
        self.failed[task.scene_id] = reason
        failed = Failed(scene_id=task.scene_id, seed=self._seed, index=task.index, reason=reason)
        self._store.give_up("simulate", task.simulate_key, failed)
