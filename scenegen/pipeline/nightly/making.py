"""Scenes of a night are made, and those that can't be are quarantined."""

from __future__ import annotations

import logging
from contextlib import closing
from typing import TYPE_CHECKING, TextIO

from scenegen.errors import ScenegenError, StorageError
from scenegen.pipeline.nightly.dashboard import Board
from scenegen.pipeline.nightly.executor import Executor, GivenUp, Listed
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

    def make(self, what: str, tasks: list[SceneTask]) -> None:
        """Make what is missing of scenes; those that can't be made are noted as failed."""
        todo = [task for task in tasks if not self._is_quarantined(task)]
        limit = self._config.scene_limit_s
        forget_work(self._store.root)
        headers = carrier()
        watched = [Watched(task, headers) for task in todo]
        with (
            Board(what, stages_to_make(todo), len(todo), self._store.root, self._stream) as board,
            closing(
                self._executor.run(make_watched, Listed(watched), limit, self._guard.stop)
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
        failed = self._store.failed("simulate", key)
        if failed is None:
            return False
        if self._config.retry_quarantined:
            self._store.forgive("simulate", key)
            return False
        self.failed[task.scene_id] = failed.reason
        return True

    def _quarantine(self, task: SceneTask, result: ScenegenError | GivenUp) -> None:
        told = result.reason if isinstance(result, GivenUp) else str(result)
        reason = without_secrets(told)
        said = {"event": "quarantine", "scene": task.scene_id, "reason": reason}
        log.error("%s: %s", task.scene_id, reason, extra=said)
        self.failed[task.scene_id] = reason
        failed = Failed(scene_id=task.scene_id, seed=self._seed, index=task.index, reason=reason)
        self._store.give_up("simulate", task.simulate_key, failed)
