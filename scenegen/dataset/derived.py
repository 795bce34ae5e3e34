"""A scene made of another: files replaced or added, everything else taken over byte for byte."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path, PurePosixPath
from types import TracebackType

from scenegen.dataset.canonical import canonical_json
from scenegen.dataset.layout import MANIFEST, SCENES
from scenegen.dataset.reader import SceneReader
from scenegen.dataset.schema import FileEntry
from scenegen.dataset.storage import storage_errors, sync_folder, sync_tree
from scenegen.dataset.writer import TEMPORARY
from scenegen.errors import DatasetError, OutputError


class DerivedScene:
    """A context that writes a scene like another; it appears whole or not at all, as `SceneWriter`.

    Parameters
    ----------
    source : SceneReader
    out : Path
        The folder of the data set that is made.
    links : bool
        Whether files that stay the same share their room on disk with the source (hard links)
        where the file system can; who then edits one in place edits both.

    Raises
    ------
    DatasetError
        A file of the source isn't the one that its manifest names.
    OutputError
        The scene is there already.
    StorageError
        No space left, or no right to write. Other scenes stay.
    """

    def __init__(self, source: SceneReader, out: Path, links: bool = False) -> None:
        self._source, self._links = source, links
        self._scenes = out / SCENES
        self.path = self._scenes / source.id
        self._aside = self._scenes / f"{TEMPORARY}{source.id}-{os.getpid()}"
        self._made: dict[str, FileEntry] = {}

    def __enter__(self) -> DerivedScene:
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
                self._commit()
        finally:
            shutil.rmtree(self._aside, ignore_errors=True)

    def write(self, name: str, data: bytes) -> None:
        """Write a file in place of the source's, or beside its files.

        Parameters
        ----------
        name : str
            Relative to the scene.
        """
        if ".." in PurePosixPath(name).parts or name.startswith("/") or name in self._made:
            raise ValueError(f"{name!r} is no new file of a scene")
        with storage_errors(self._aside):
            self._place(name).write_bytes(data)
        self._made[name] = FileEntry(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))

    def _place(self, name: str) -> Path:
        path = self._aside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _take_over(self, name: str, entry: FileEntry) -> None:
        path = self._source.path / name
        if path.is_symlink():
            raise DatasetError(f"{path}: a link, which is not followed")
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise DatasetError(f"{path}: missing") from None
        if hashlib.sha256(data).hexdigest() != entry.sha256:
            raise DatasetError(f"{path}: edited or swapped (hash differs)")
        place = self._place(name)
        if self._links:
            try:
                os.link(path, place)
            except OSError:  # another file system, or one without links
                place.write_bytes(data)
        else:
            place.write_bytes(data)

    def _commit(self) -> None:
        """Take over what stays, write the manifest, flush, and rename the folder into place."""
        manifest = self._source.manifest
        with storage_errors(self._aside):
            for name, entry in manifest.files.items():
                if ".." in PurePosixPath(name).parts or name.startswith("/"):
                    raise DatasetError(f"{self._source.path}: {name!r} leads out of the scene")
                if name not in self._made:
                    self._take_over(name, entry)
            files = dict(sorted({**manifest.files, **self._made}.items()))
            made = manifest.model_copy(update={"files": files})
            (self._aside / MANIFEST).write_bytes(canonical_json(made.model_dump(mode="json")))
            sync_tree(self._aside)
            self._aside.rename(self.path)
            sync_folder(self._scenes)
