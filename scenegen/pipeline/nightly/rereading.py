"""What is published is read again, some of it each night by turns, so that damage is found.

``version.json`` vouches for ``dataset.json``, that for each scene's ``files.json``, and that for
the scene's files.
"""

from __future__ import annotations

import logging
import time
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset.canonical import readable_json
from scenegen.dataset.layout import read_model
from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.errors import DatasetError, ScenegenError
from scenegen.pipeline.nightly.executor import GivenUp
from scenegen.pipeline.nightly.mending import let_go, let_go_refined
from scenegen.pipeline.nightly.soundness import RereadTask, reread_scene, sound_manifests
from scenegen.records.base import Record

if TYPE_CHECKING:
    from scenegen.pipeline.nightly.asked import Asked
    from scenegen.pipeline.nightly.version import Version

log = logging.getLogger(__name__)
PLACE = "reread.json"


class ReadSoFar(Record):
    """Where the next night begins.

    Attributes
    ----------
    after : str
        The last scene before which all were sound; empty before the first.
    """

    after: str = ""


def reread(asked: Asked, version: Version, seconds: float) -> bool:
    """Read scenes of a published version again, from where the last night ended.

    What is damaged of what the store has of them is let go of, so that it is made anew.

    Parameters
    ----------
    seconds : float
        After so long no further scene is begun; 0 reads none, infinity all.

    Returns
    -------
    bool
        Whether anything was damaged, so that the version has to be put together again.

    Raises
    ------
    ScenegenError
        The processes that read died each time.
    """
    if not seconds:
        return False
    try:
        manifests = sound_manifests(asked.shelf.folder(version.id), version)
    except DatasetError as error:
        _tell(version, str(error))
        return True
    place = asked.shelf.root / PLACE
    before = _read_so_far(place)
    last, damaged = before, set()
    for scene, problem in _read(asked, _Row(manifests, before, seconds)):
        if problem:
            _tell(version, f"{scene}: {problem}")
            damaged.add(scene)
        elif not damaged:
            # A night that ends before it has put things right finds them again.
            last = scene
    if last != before:
        with storage_errors(place):
            write_atomic(place, readable_json(ReadSoFar(after=last).model_dump(mode="json")))
    _let_go(asked, version, damaged)
    return bool(damaged)


def _read_so_far(place: Path) -> str:
    if not place.is_file():
        return ""
    try:
        return read_model(place, ReadSoFar).after
    except DatasetError as error:
        log.warning("%s; reading again begins anew", error)
        return ""


class _Row:
    """Gives scenes until the time for it is over; the first one in any case.

    Parameters
    ----------
    manifests : dict of str to (dict of str to str)
        Digests of ``files.json`` by data set and scene.
    after : str
        The scene before the first.
    seconds : float
        How long the row goes on.

    Attributes
    ----------
    given : list of str
    """

    def __init__(self, manifests: dict[str, dict[str, str]], after: str, seconds: float) -> None:
        self._manifests, self._end = manifests, time.monotonic() + seconds
        names = sorted(set().union(*manifests.values()))
        first = bisect_right(names, after)
        self._left = chain(names[first:], names[:first])
        self.given: list[str] = []

    def next(self) -> RereadTask | None:
        """Return the next scene; None if there is none or it is too late."""
        scene = None if self.given and time.monotonic() > self._end else next(self._left, None)
        if scene is None:
            return None
        self.given.append(scene)
        found = {data: own[scene] for data, own in self._manifests.items() if scene in own}
        return RereadTask(scene, found)


def _read(asked: Asked, row: _Row) -> Iterator[tuple[str, str]]:
    """Yield scenes in turn, each with what is wrong with it.

    What has begun is finished, so those that were read are the first of their row.
    """
    problems: dict[str, str] = {}
    limit_s, stop = asked.config.scene_limit_s, asked.guard.stop
    with closing(asked.executor.run(reread_scene, row, limit_s, stop)) as results:
        for task, came in results:
            if isinstance(came, GivenUp | ScenegenError):
                reason = came.reason if isinstance(came, GivenUp) else str(came)
                raise ScenegenError(f"{task.scene}: {reason} while it was read again")
            problems[task.scene] = came
    for scene in row.given:
        if scene in problems:  # a stopped run doesn't try again what a process died of
            yield scene, problems[scene]


def _let_go(asked: Asked, version: Version, damaged: set[str]) -> None:
    if not damaged:
        return
    for row in asked.shelf.keys(version.id).to_pylist():
        if row["scene"] in damaged:
            let_go(asked.store, row["scene"], row["label"], row["draw"])
            let_go_refined(asked.store, row["scene"], row["refine"])


def _tell(version: Version, problem: str) -> None:
    told = "version %s: %s; it is put right"
    log.warning(told, version.id, problem, extra={"event": "mended", "version": version.id})
