"""The folder that an export is written to: there whole, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from scenegen.dataset.layout import read_content
from scenegen.dataset.storage import FolderLock, storage_errors, sync_tree
from scenegen.errors import OutputError

_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS})
"""What file systems say that have no hard links, or no more of them."""


class ExportFolder:
    """A context in which the files of an export are written.

    They are written to a folder beside `out`, which takes the name of `out` when all are there;
    leaving the context by an exception removes them. What a killed process left is taken over by
    the next export to the same place.

    Parameters
    ----------
    out : Path
        New or empty.

    Raises
    ------
    OutputError
        `out` holds something already, or another export is writing it.
    StorageError
        No space left, or no right to write.
    """

    def __init__(self, out: Path) -> None:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise OutputError(f"{out}: holds something already; out= names a new or empty folder")
        self.out = out
        self._aside = out.with_name(f".{out.name}.tmp")
        self._names: list[str] = []

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all files so far, in the order in which they were asked for."""
        return tuple(self._names)

    def __enter__(self) -> Self:
        with storage_errors(self._aside):
            self._aside.mkdir(parents=True, exist_ok=True)
            self._lock = FolderLock(self._aside)
            for left in self._aside.iterdir():
                if left.is_dir():
                    shutil.rmtree(left)
                elif left.name != FolderLock.NAME:
                    left.unlink()
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
                    sync_tree(self._aside)
                    self._lock.release()
                    if self.out.exists():
                        self.out.rmdir()
                    self._aside.rename(self.out)
        finally:
            shutil.rmtree(self._aside, ignore_errors=True)
            self._lock.release()

    def write(self, name: str, content: bytes) -> None:
        """Write a new file at a path relative to the folder, with ``/`` between its parts."""
        path = self.place(name)
        with storage_errors(path):
            path.write_bytes(content)

    def copy(self, name: str, source: Path) -> None:
        """Copy a file of a data set as it is to a path relative to the folder.

        DatasetError if it is missing or can't be read.
        """
        self.write(name, read_content(source, bytes))

    def repeat(self, name: str, of: str) -> None:
        """Give a file of the folder a second name; it takes room once where hard links are."""
        path = self.place(name)
        with storage_errors(path):
            try:
                os.link(self._aside / of, path)
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                shutil.copyfile(self._aside / of, path)

    def place(self, name: str) -> Path:
        """Return where a new file goes, for libraries that write their own; its folder is there."""
        if ".." in PurePosixPath(name).parts or name.startswith("/") or name in self._names:
            raise ValueError(f"{name!r} is no new file of an export")
        path = self._aside / name
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        self._names.append(name)
        return path
