"""A scene's folder that is written aside and moved into place when it is whole."""

from __future__ import annotations

import hashlib
import os
import shutil
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from scenegen.dataset.canonical import canonical_json
from scenegen.dataset.layout import MANIFEST, SCENES
from scenegen.dataset.schema import FileEntry, SceneManifest
from scenegen.dataset.storage import storage_errors, sync_folder, sync_tree
from scenegen.errors import OutputError

TEMPORARY = ".tmp-"


@dataclass(frozen=True)
class StoredFile:
    """A file that lies elsewhere and has been read; a scene takes it over by a link."""

    path: Path
    data: bytes


class AsideScene(ABC):
    """A context in which a scene's files are written; they appear together or not at all.

    Leaving it normally flushes everything to disk and renames the folder; leaving it by an
    exception removes what was written. A killed process leaves a folder ``scenes/.tmp-…`` that
    the next `open_output` removes. It needs no lock and may run in a worker process while the
    parent holds the `Output`.

    Parameters
    ----------
    out : Path
        The data set's folder.
    scene_id : str

    Raises
    ------
    OutputError
        The scene is there already.
    StorageError
        No space left, or no right to write. Other scenes stay.
    """

    def __init__(self, out: Path, scene_id: str) -> None:
        self._scenes = out / SCENES
        self.path = self._scenes / scene_id
        self._aside = self._scenes / f"{TEMPORARY}{scene_id}-{os.getpid()}"
        self._files: dict[str, FileEntry] = {}

    def __enter__(self) -> Self:
        if self.path.exists():
            raise OutputError(f"{self.path}: the scene is there already")
        with storage_errors(self._aside):
            shutil.rmtree(self._aside, ignore_errors=True)
            self._aside.mkdir(parents=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                with storage_errors(self._aside):
                    self._move_in(self._manifest())
        finally:
            shutil.rmtree(self._aside, ignore_errors=True)

    @abstractmethod
    def _manifest(self) -> SceneManifest:
        """Write what is still missing and return what the scene consists of."""

    def _write(self, name: str, content: bytes | StoredFile) -> None:
        """Write a new file at a path relative to the scene and note its hash."""
        data = content.data if isinstance(content, StoredFile) else content
        if ".." in PurePosixPath(name).parts or name.startswith("/") or name in self._files:
            raise ValueError(f"{name!r} is no new file of a scene")
        if isinstance(content, StoredFile):
            self._link(name, content)
        else:
            self._place(name).write_bytes(data)
        self._files[name] = FileEntry(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))

    def _link(self, name: str, source: StoredFile) -> None:
        """Give a file a second name in the scene, or copy it where there are no links."""
        place = self._place(name)
        try:
            os.link(source.path, place)
        except OSError:  # another file system, or one without links
            place.write_bytes(source.data)

    def _place(self, name: str) -> Path:
        """Return where a file goes until all are there."""
        path = self._aside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _move_in(self, manifest: SceneManifest) -> None:
        data = canonical_json(manifest.model_dump(mode="json"))
        (self._aside / MANIFEST).write_bytes(data)
        sync_tree(self._aside)
        self._aside.rename(self.path)
        sync_folder(self._scenes)
