"""What a process does with a scene, told while it is done and after: stages, seconds, who."""

from __future__ import annotations

import json
import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.pipeline.nightly.tracing import span, traced

if TYPE_CHECKING:
    from scenegen.pipeline.nightly.scenes import SceneState, SceneTask

log = logging.getLogger(__name__)
AT_WORK = "at_work"
"""Folder of the store in which processes say what they are at."""


@dataclass(frozen=True)
class Watched:
    """A scene to make, by somebody who tells how it went.

    Attributes
    ----------
    carrier : mapping of str to str
        The trace that it belongs to, as headers of W3C's Trace Context; empty if there is none.
    """

    task: SceneTask
    carrier: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """What came of it.

    Attributes
    ----------
    worker : str
        Machine and process.
    seconds : dict of str to float
        By stage that was made.
    """

    state: SceneState
    worker: str
    seconds: dict[str, float]


@dataclass(frozen=True)
class AtWork:
    """What a process is at, and since when, in seconds of the clock on the wall."""

    worker: str
    scene: str
    stage: str
    since: float


def make_watched(watched: Watched) -> Seen:
    """Make what is missing of a scene, and tell how it went.

    Raises
    ------
    ScenegenError
        A stage's own error.
    """
    from scenegen.pipeline.nightly.scenes import make_scene_state  # noqa: PLC0415 - knows stages

    task = watched.task
    _seconds.clear()
    with traced(watched.carrier), span("scene", scene=task.scene_id, worker=worker_name()):
        state = make_scene_state(task)
    return Seen(state, worker_name(), dict(_seconds))


def stages_to_make(tasks: Sequence[SceneTask]) -> dict[str, int]:
    """Return how many scenes each stage is to make at most, as runs may turn out the same."""
    from scenegen.pipeline.nightly.scenes import state_of  # noqa: PLC0415 - knows stages

    counts = dict.fromkeys(("simulate", "draw", "label"), 0)
    for task in tasks:
        state = state_of(task)
        counts["simulate"] += state.simulated is None
        counts["draw"] += state.drawn is None and not task.simulate_only
        counts["label"] += state.labelled is None and not task.simulate_only
    return {name: count for name, count in counts.items() if count}


def tell_stages(seen: Seen) -> None:
    """Tell the journal which stages of a scene were made."""
    for name, seconds in seen.seconds.items():
        made = {"draw": seen.state.drawn, "label": seen.state.labelled}.get(name)
        frames = None if made is None else made.frames
        tell_stage(seen.state.scene_id, name, seen.worker, seconds, frames)


def tell_stage(scene: str, name: str, worker: str, seconds: float, frames: int | None) -> None:
    """Tell the journal that a stage of a scene was made."""
    told = {
        "event": "stage",
        "scene": scene,
        "stage": name,
        "worker": worker,
        "seconds": seconds,
        "frames": frames,
    }
    log.info("%s: %s", scene, name, extra=told)


@contextmanager
def watched_stage(
    store: Path, scene: str, name: str, headers: dict[str, str]
) -> Iterator[Callable[[], float]]:
    """Tell of a stage that is made by itself; gives what says, at its end, how long it took."""
    _seconds.clear()
    with (
        traced(headers),
        span("scene", scene=scene, worker=worker_name()),
        stage(store, scene, name),
    ):
        yield lambda: _seconds[name]


_seconds: dict[str, float] = {}
"""Of the scene that this process is at, which is one at a time."""


@contextmanager
def stage(store: Path, scene: str, name: str) -> Iterator[None]:
    """Tell that a stage of a scene is being made, and take its time."""
    note = store / AT_WORK / f"{worker_name().replace(':', '-')}.json"
    begin = time.monotonic()
    _note(note, AtWork(worker_name(), scene, name, time.time()))
    try:
        with span(name, scene=scene, stage=name):
            yield
    finally:
        _seconds[name] = round(time.monotonic() - begin, 3)
        with suppress(OSError):
            note.unlink(missing_ok=True)


def _note(path: Path, at: AtWork) -> None:
    # Nobody needs it but a screen: a full disk is told of by who writes scenes.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(vars(at)), encoding="utf-8")


def at_work(store: Path) -> list[AtWork]:
    """Return what processes are at just now; those of this machine that are gone are left out."""
    found = []
    for path in sorted((store / AT_WORK).glob("*.json")):
        try:
            at = AtWork(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            continue  # being written, or gone just now
        host, _, pid = at.worker.rpartition(":")
        if host != socket.gethostname() or Path(f"/proc/{pid}").exists():
            found.append(at)
    return found


def forget_work(store: Path) -> None:
    """Remove what killed processes of an earlier run have left."""
    for path in (store / AT_WORK).glob("*.json"):
        path.unlink(missing_ok=True)


def worker_name() -> str:
    """Return machine and process."""
    return f"{socket.gethostname()}:{os.getpid()}"
