"""Writing so that a crash leaves old or new, never half; and the errors of a full disk."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scenegen.errors import OutputError, StorageError

_REFUSALS = {
    errno.ENOSPC: "no space left on the device; free some, then continue with resume=true",
    errno.EDQUOT: "the disk quota is used up; free some, then continue with resume=true",
    errno.EACCES: "no right to write here; choose another out= or change the permissions",
    errno.EPERM: "no right to write here; choose another out= or change the permissions",
    errno.EROFS: "the file system is read-only; choose another out=",
    errno.ENAMETOOLONG: "the name is too long for the file system; choose another out=",
    errno.ENOTDIR: "a part of this path is no folder; choose another out=",
    errno.ELOOP: "links in this path lead in a circle; choose another out=",
}


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn what a file system refuses below `path` into a StorageError that says so."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REFUSALS:
            raise
        where = error.filename or path
        raise StorageError(f"{where}: {_REFUSALS[error.errno]}") from error


def make_folder(path: Path) -> None:
    """Make a folder that a user named, and those above it, unless it is there.

    Raises
    ------
    StorageError
        It can't be made.
    """
    with storage_errors(path):
        try:
            path.mkdir(parents=True, exist_ok=True)
        except FileNotFoundError as error:  # file systems of the kernel's, such as /proc
            raise StorageError(
                f"{path}: folders can't be made here; choose another out="
            ) from error


def write_atomic(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Replace a file as a whole: written beside it, flushed to disk, renamed.

    `mode` are the rights of the new file, less those that the user's umask takes.
    """
    aside = path.with_name(f".{path.name}.tmp-{os.getpid()}")
    try:
        with open(aside, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        sync_folder(path.parent)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Flush a folder's own entries (names and renames) to disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Flush every file and folder below a folder to disk."""
    for current, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(os.path.join(current, name), os.O_RDONLY)  # noqa: PTH118
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        sync_folder(Path(current))


class FolderLock:
    """Holds a folder for one run; the kernel lets go of it when the process dies.

    Raises
    ------
    OutputError
        Another living process holds it.
    """

    NAME = ".lock"

    def __init__(self, folder: Path) -> None:
        self._path = folder / self.NAME
        self._descriptor = -1
        while not self._hold():
            os.close(self._descriptor)
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"pid {os.getpid()} on {socket.gethostname()}\n".encode(), 0)

    def _hold(self) -> bool:
        """Open and lock the file; False if its last owner removed it in between."""
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(self._descriptor, 200, 0).decode(errors="replace").strip()
            os.close(self._descriptor)
            raise OutputError(
                f"{self._path.parent}: another run is writing here ({owner or 'unknown owner'}); "
                "wait for it or choose another out="
            ) from None
        try:
            return self._path.stat().st_ino == os.fstat(self._descriptor).st_ino
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Remove the file and let go; a second call does nothing."""
        if self._descriptor >= 0:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = -1
