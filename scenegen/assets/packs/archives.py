"""Files out of packages: .deb, .whl, .tgz, .sh3f, read without the tools that made them."""

from __future__ import annotations

import lzma
import shutil
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from scenegen.errors import AssetError

_AR_MAGIC = b"!<arch>\n"
_HEADER = 60
_BROKEN = (EOFError, OSError, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile, zlib.error)


@contextmanager
def damaged(path: Path) -> Iterator[None]:
    """Turn whatever a broken archive raises into one message that names the file."""
    try:
        yield
    except _BROKEN as error:
        raise AssetError(
            f"{path}: damaged or cut short ({error or type(error).__name__}); fetch it again"
        ) from error


def from_deb(path: Path, wanted: Iterable[str], folder: Path) -> dict[str, Path]:
    """Unpack files of a Debian package by the ends of their paths.

    A .deb is an ``ar`` archive (deb(5)): a 60-byte header before each member, which
    begins at an even offset; ``data.tar.*`` holds the files.

    Parameters
    ----------
    path : Path
    wanted : iterable of str
        Names, or names below some last folders: ``hdri/sky.exr.js``.
    folder : Path
        Where they go.

    Raises
    ------
    AssetError
        It is no Debian package, is damaged, or lacks a file.
    """
    with damaged(path), path.open("rb") as file:
        name = _seek_data(path, file)
        if name.endswith(".zst"):
            return _by_dpkg(path, wanted, folder)
        with tarfile.open(fileobj=file, mode="r|*") as tar:
            return _from_tar(path, tar, wanted, folder)


def from_tgz(path: Path, wanted: Iterable[str], folder: Path) -> dict[str, Path]:
    """Unpack files of an npm package by the ends of their paths; errors as `from_deb`."""
    with damaged(path), tarfile.open(path, mode="r|gz") as tar:
        return _from_tar(path, tar, wanted, folder)


def read_zip(path: Path, prefix: str) -> dict[str, bytes]:
    """Return the files of a zip archive whose names begin with `prefix`, checked by their CRC.

    Raises
    ------
    AssetError
        It is no zip archive, or damaged.
    """
    with damaged(path), zipfile.ZipFile(path) as archive:
        names = [n for n in archive.namelist() if n.startswith(prefix) and not n.endswith("/")]
        return {name: archive.read(name) for name in names}


def _seek_data(path: Path, file: IO[bytes]) -> str:
    """Put the file at the start of its ``data.tar.*`` and return that member's name."""
    if file.read(len(_AR_MAGIC)) != _AR_MAGIC:
        raise AssetError(f"{path}: no Debian package (it doesn't begin as an ar archive does)")
    while len(header := file.read(_HEADER)) == _HEADER:
        name, length = header[:16].decode("latin-1").strip().rstrip("/"), header[48:58].strip()
        if not length.isdigit():
            break
        if name.startswith("data.tar"):
            return name
        file.seek(int(length) + int(length) % 2, 1)
    raise AssetError(f"{path}: damaged or cut short (no data.tar in it); fetch it again")


def _by_dpkg(path: Path, wanted: Iterable[str], folder: Path) -> dict[str, Path]:
    """Unpack what is packed with Zstandard, which Python 3.11 doesn't read."""
    if shutil.which("dpkg-deb") is None:
        raise AssetError(
            f"{path}: packed with Zstandard, which takes dpkg-deb to read; unpack it elsewhere "
            "and give the folder instead"
        )
    command = ["dpkg-deb", "--fsys-tarfile", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        stream = cast("IO[bytes]", process.stdout)
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            return _from_tar(path, tar, wanted, folder)


def _from_tar(
    path: Path, tar: tarfile.TarFile, wanted: Iterable[str], folder: Path
) -> dict[str, Path]:
    """Copy wanted files out of a stream; they get the names asked for, so none can escape."""
    missing: set[str] = set(wanted)
    found: dict[str, Path] = {}
    for member in tar:
        name = wanted_name(member.name, missing) if member.isfile() else None
        if name is None:
            continue
        content = cast("IO[bytes]", tar.extractfile(member))
        found[name] = folder / name
        found[name].parent.mkdir(parents=True, exist_ok=True)
        with found[name].open("wb") as out:
            shutil.copyfileobj(content, out)
        missing.discard(name)
        if not missing:
            return found
    raise AssetError(f"{path}: holds no {', '.join(sorted(missing))}; is it the right package?")


def wanted_name(path: str, wanted: Container[str]) -> str | None:
    """Return which of the wanted names a path ends with; the longest if several."""
    pieces = path.split("/")
    ends = ("/".join(pieces[k:]) for k in range(len(pieces)))
    return next((end for end in ends if end in wanted), None)
