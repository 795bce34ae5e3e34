"""A scene's folder as one archive: equal scenes give equal bytes, and nothing leads out of it."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path, PurePosixPath

from scenegen.dataset.storage import storage_errors
from scenegen.errors import DatasetError

MOST_BYTES = 64 * 2**30
"""What one scene may unpack to."""
MOST_FILES = 1_000_000
MOST_NAME = 240
"""Characters of a file's name, which every file system takes."""


def pack(folder: Path) -> bytes:
    """Return a folder's files as a tar archive without times, owners or rights.

    Raises
    ------
    DatasetError
        A link stands in it.
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink():
                raise DatasetError(f"{path}: a link, which is not followed")
            if not path.is_file():
                continue
            data = path.read_bytes()
            entry = tarfile.TarInfo(path.relative_to(folder).as_posix())
            entry.size, entry.mode = len(data), 0o644
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def unpack(data: bytes, folder: Path, most_bytes: int = MOST_BYTES) -> None:
    """Write the files of an archive that somebody else may have made.

    Raises
    ------
    DatasetError
        An entry is no plain file, leads out of the folder, or there is more than may be.
    StorageError
        No space left.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            entries: list[tarfile.TarInfo] = []
            size = 0
            for entry in archive:
                _check(entry)
                entries.append(entry)
                size += entry.size
                if size > most_bytes:
                    raise DatasetError(f"{folder.name}: unpacks to more than {most_bytes:,} bytes")
                if len(entries) > MOST_FILES:
                    raise DatasetError(f"{folder.name}: has more than {MOST_FILES:,} files")
            for entry in entries:
                _write(archive, entry, folder)
    except (tarfile.TarError, ValueError, FileExistsError, NotADirectoryError) as error:
        raise DatasetError(f"{folder.name}: damaged archive ({error})") from error


def _check(entry: tarfile.TarInfo) -> None:
    parts = PurePosixPath(entry.name).parts
    if entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):  # sparse ones are larger than told
        raise DatasetError(f"{entry.name!r}: is no plain file")
    if any(len(part) > MOST_NAME for part in parts) or not entry.name.isprintable():
        raise DatasetError(f"{entry.name[:MOST_NAME]!r}: is no name of a file")
    if not parts or entry.name.startswith("/") or ".." in parts or "\\" in entry.name:
        raise DatasetError(f"{entry.name!r}: leads out of its folder")


def _write(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    content = archive.extractfile(entry)
    assert content is not None
    path = folder / entry.name
    with storage_errors(path), content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read())
