"""What stages have made, by the key of all that it depends on; an entry is there whole or not."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from scenegen.dataset.canonical import canonical_json, readable_json
from scenegen.dataset.layout import read_model
from scenegen.dataset.storage import storage_errors, sync_folder, sync_tree
from scenegen.records import Robustness
from scenegen.records.base import Record

MADE, FAILED = "made.json", "failed.json"
SUM = 16
"""Digits of the digest by which an entry knows that it is what it was."""
log = logging.getLogger(__name__)
_ASIDE = ".tmp-"

Stage = Literal["simulate", "draw", "label", "refine", "verify", "export"]
STAGES: tuple[Stage, ...] = ("simulate", "draw", "label", "refine", "verify", "export")


@dataclass(frozen=True, slots=True)
class Made:
    """What an entry says of itself; small, as there is one for each stage of each scene.

    Attributes
    ----------
    value : str
        Digest of what was made, which the keys of later stages depend on.
    seen : str
        Digest of the part of it that a refiner sees; empty if there is none.
    frames : int
    log_weight : float
    robustness : dict of str to Robustness, optional
        Of a simulated scene's monitors.
    """

    value: str
    seen: str = ""
    frames: int = 0
    log_weight: float = 0.0
    robustness: dict[str, Robustness] = field(default_factory=dict)


_MADE = TypeAdapter(Made)


class Failed(Record):
    """Why an entry can't be made: the scene is in quarantine until its key changes."""

    scene_id: str
    seed: int
    index: int
    reason: str


def key_of(stage: Stage, parts: Mapping[str, Any]) -> str:
    """Return the digest of a stage and of all that what it makes depends on."""
    return hashlib.sha256(canonical_json({"stage": stage, **parts})).hexdigest()


class Store:
    """A folder of entries, for any number of plans and processes at once.

    Parameters
    ----------
    root : Path
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, stage: Stage, key: str) -> Path:
        """Return where an entry is, or would be."""
        return self.root / stage / key[:2] / key

    def made(self, stage: Stage, key: str) -> Made | None:
        """Return what an entry says of itself; None if it isn't there.

        One that can't be read is let go of with a warning, and so made anew.
        """
        path = self.folder(stage, key) / MADE
        try:
            return _made_of(path.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:
            told = "%s: damaged; it is made anew"
            log.warning(told, path, extra={"event": "mended", "stage": stage})
            self.drop(stage, key)
            return None

    def drop(self, stage: Stage, key: str) -> None:
        """Let go of an entry, so that it is made anew."""
        shutil.rmtree(self.folder(stage, key), ignore_errors=True)

    def failed(self, stage: Stage, key: str) -> Failed | None:
        """Return why an entry can't be made; None if nobody has failed to."""
        path = self._failed(stage, key)
        return read_model(path, Failed) if path.is_file() else None

    @contextmanager
    def making(self, stage: Stage, key: str) -> Iterator[Path]:
        """Give a folder whose content becomes an entry when `finish` has been called in it.

        Raises
        ------
        StorageError
            No space left, or no right to write; nothing of the entry stays.
        """
        final = self.folder(stage, key)
        aside = final.with_name(f"{_ASIDE}{key}-{os.getpid()}")
        with storage_errors(final):
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(parents=True)
            try:
                yield aside
                sync_tree(aside)
                try:
                    aside.rename(final)
                except OSError:
                    # Another process was first; equal keys hold equal bytes.
                    if not (final / MADE).is_file():
                        raise
                sync_folder(final.parent)
            finally:
                shutil.rmtree(aside, ignore_errors=True)

    def give_up(self, stage: Stage, key: str, failed: Failed) -> None:
        """Note why an entry can't be made."""
        path = self._failed(stage, key)
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(readable_json(failed.model_dump(mode="json")))

    def forgive(self, stage: Stage, key: str) -> None:
        """Forget that an entry couldn't be made."""
        self._failed(stage, key).unlink(missing_ok=True)

    def collect(self, held: Mapping[Stage, set[str]]) -> int:
        """Remove what nobody holds, and what killed processes left; return how much that was."""
        gone = 0
        for stage in STAGES:
            for folder in (self.root / stage).glob("??/*"):
                if folder.name not in held.get(stage, set()):
                    shutil.rmtree(folder)
                    gone += 1
        return gone

    def _failed(self, stage: Stage, key: str) -> Path:
        return self.root / "quarantine" / f"{stage}-{key}.json"


def finish(folder: Path, made: Made) -> None:
    """Say in an entry's folder what it is; the last file that is written."""
    said = _MADE.dump_python(made, mode="json")
    (folder / MADE).write_bytes(readable_json({"made": said, "sum": _sum(said)}))


def _made_of(data: bytes) -> Made:
    """Return what an entry says; ValueError if that isn't what it said when it was made."""
    written = json.loads(data)
    if not isinstance(written, dict) or written.get("sum") != _sum(written.get("made")):
        raise ValueError("its sum differs")
    return _MADE.validate_python(written["made"])


def _sum(said: Any) -> str:
    return hashlib.sha256(canonical_json(said)).hexdigest()[:SUM]
