"""Work on the scenes of a data set that is open: told, counted, and indexed whatever happens."""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from scenegen.errors import ScenegenError, StorageError
from scenegen.pipeline.progress import RunProgress
from scenegen.pipeline.workers import run_tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from scenegen.dataset import Output

log = logging.getLogger(__name__)


class SceneTask(Protocol):
    """What makes one scene."""

    @property
    def scene_id(self) -> str: ...


class MadeScene(Protocol):
    """What came of it."""

    @property
    def scene_id(self) -> str: ...

    @property
    def frames(self) -> int: ...


Task = TypeVar("Task", bound=SceneTask)
Made = TypeVar("Made", bound=MadeScene)


@dataclass(frozen=True)
class SceneRun(Generic[Made]):
    """What a run came to.

    Attributes
    ----------
    made : tuple
    failed : dict
        Scene id to the message of the error that ended it.
    """

    made: tuple[Made, ...]
    failed: dict[str, str]


def run_scenes(
    verb: str,
    output: Output,
    work: Callable[[Task], Made],
    tasks: Sequence[Task],
    workers: int,
    stream: TextIO,
) -> SceneRun[Made]:
    """Make the scenes that are not there yet. A scene that fails ends neither run nor others.

    Whatever else ends the run, scenes that are whole are indexed before.

    Parameters
    ----------
    verb : str
        As progress calls the run.
    work : callable
        A module-level function.

    Raises
    ------
    StorageError
        The disk filled up.
    """
    done = output.done()
    todo = [task for task in tasks if task.scene_id not in done]
    made: list[Made] = []
    failed: dict[str, str] = {}
    try:
        with (
            RunProgress(verb, len(todo), stream) as progress,
            closing(run_tasks(work, todo, workers)) as results,
        ):
            for task, result in results:
                if isinstance(result, StorageError):
                    raise result
                if isinstance(result, ScenegenError):
                    failed[task.scene_id] = str(result)
                    log.error("%s: %s", task.scene_id, result)
                    continue
                made.append(result)
                progress.advance(result.scene_id, result.frames)
    except BaseException as error:
        _index_what_is_there(output, error)
        raise
    return SceneRun(tuple(made), failed)


def _index_what_is_there(output: Output, cause: BaseException) -> None:
    """Index the whole scenes of a run that ended early, if the disk allows it."""
    try:
        output.finish(complete=False)
    except StorageError as error:
        # The cause is what the user must hear about; resuming writes the index again.
        log.warning("no room for the index after %r: %s", cause, error)
