"""A scene made of another: files replaced or added, everything else taken over byte for byte."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

from scenegen.dataset.aside import AsideScene, StoredFile
from scenegen.dataset.reader import SceneReader
from scenegen.dataset.schema import FileEntry, SceneManifest
from scenegen.dataset.storage import storage_errors
from scenegen.errors import DatasetError


class DerivedScene(AsideScene):
    """A context that writes a scene like another; it appears whole or not at all.

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
        super().__init__(out, source.id)
        self._source, self._links = source, links

    def write(self, name: str, data: bytes) -> None:
        """Write a file in place of the source's, or beside its files.

        Parameters
        ----------
        name : str
            Relative to the scene.
        """
        with storage_errors(self._aside):
            self._write(name, data)

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
        if self._links:
            self._link(name, StoredFile(path, data))
        else:
            self._place(name).write_bytes(data)

    def _manifest(self) -> SceneManifest:
        """Take over what stays."""
        there = self._source.manifest
        for name, entry in there.files.items():
            if ".." in PurePosixPath(name).parts or name.startswith("/"):
                raise DatasetError(f"{self._source.path}: {name!r} leads out of the scene")
            if name not in self._files:
                self._take_over(name, entry)
        files = dict(sorted({**there.files, **self._files}.items()))
        return there.model_copy(update={"files": files})
