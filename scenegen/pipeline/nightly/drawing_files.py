"""What the stage `draw` stores of a scene, and the stage `label` reads: files by their digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from scenegen.dataset.aside import StoredFile
from scenegen.dataset.canonical import canonical_json
from scenegen.dataset.layout import read_content
from scenegen.dataset.storage import storage_errors
from scenegen.errors import DatasetError

FILES = "files.json"
RAW = "raw"
"""Folder of what labels need of a sensor's frames beside its pictures."""


class DrawingWriter:
    """Writes the files of a drawn scene.

    Parameters
    ----------
    folder : Path
        Of the entry.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, str] = {}

    def add(self, sensor: str, index: int, files: Mapping[str, tuple[str, bytes]]) -> None:
        """Write what a sensor has at a moment: suffix and bytes by kind."""
        for kind, (suffix, data) in files.items():
            name = f"{sensor}/{kind}/{index:06d}.{suffix}"
            path = self._folder / name
            with storage_errors(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            self._files[name] = hashlib.sha256(data).hexdigest()

    def finish(self) -> str:
        """Write which files there are; return the digest of them all."""
        data = canonical_json(self._files)
        with storage_errors(self._folder):
            (self._folder / FILES).write_bytes(data)
        return hashlib.sha256(data).hexdigest()


class DrawingReader:
    """The files of a drawn scene.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    DatasetError
        The list of its files is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, str] = read_content(folder / FILES, json.loads)

    def files(self, sensor: str, index: int) -> dict[str, StoredFile]:
        """Return what a sensor has at a moment, by kind.

        Raises
        ------
        DatasetError
            A file is missing or damaged.
        """
        found = {}
        for name in self._files:
            owner, kind, file = name.split("/")
            if owner == sensor and file.startswith(f"{index:06d}."):
                found[kind] = self._read(name)
        return found

    def _read(self, name: str) -> StoredFile:
        path = self._folder / name
        data = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != self._files[name]:
            raise DatasetError(f"{path}: damaged; remove {self._folder} to draw the scene anew")
        return StoredFile(path, data)


def drawing_damage(folder: Path, digest: str) -> str:
    """Return what is wrong with a stored drawing; empty if nothing is.

    Parameters
    ----------
    folder : Path
        Its entry.
    digest : str
        What `DrawingWriter.finish` told when it was stored.
    """
    try:
        listed = (folder / FILES).read_bytes()
        if hashlib.sha256(listed).hexdigest() != digest:
            return f"its {FILES} is another than was stored"
        for name, expected in json.loads(listed).items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
                return f"{name} is another than was stored"
    except OSError as error:
        return str(error)
    return ""
