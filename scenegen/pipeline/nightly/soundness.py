"""Whether files are still what was written: of a labelled scene, and of refined pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scenegen.dataset import open_dataset
from scenegen.dataset.digest import check_files
from scenegen.dataset.layout import (
    DATASET,
    INDEX,
    MANIFEST,
    SCENES,
    read_content,
    read_manifest,
)
from scenegen.errors import DatasetError
from scenegen.pipeline.nightly.version import DATA, Version

REFINED = "files"
"""Folder of the entry of a refined scene that holds its pictures."""


@dataclass(frozen=True)
class RereadTask:
    """A scene of a published version.

    Attributes
    ----------
    manifests : dict of str to str
        Digest of the scene's ``files.json``, by the folder of the data set that it is in.
    """

    scene: str
    manifests: dict[str, str]


def reread_scene(task: RereadTask) -> str:
    """Return what is wrong with the files of a scene; empty if nothing is."""
    found = (
        scene_damage(Path(folder), task.scene, digest) for folder, digest in task.manifests.items()
    )
    return next(filter(None, found), "")


def sound_manifests(folder: Path, version: Version) -> dict[str, dict[str, str]]:
    """Return the digests of all ``files.json`` of a version, by the folder of the data set.

    Nothing vouches for the ``dataset.json`` of versions of before there were `heads`.

    Raises
    ------
    DatasetError
        What vouches for them is damaged.
    """
    found = {}
    for part, head in ({DATA: ""} | version.heads).items():
        data = folder / part
        if head and file_digest(data / DATASET) != head:
            raise DatasetError(f"{data}: {DATASET} is another than was written")
        info = open_dataset(data).info
        if file_digest(data / INDEX) != info.index_sha256:
            raise DatasetError(f"{data / INDEX}: edited (hash differs)")
        found[str(data)] = info.manifests
    return found


def scene_damage(root: Path, scene: str, digest: str) -> str:
    """Return what is wrong with a scene's files; empty if nothing is.

    Parameters
    ----------
    root : Path
        Folder that holds ``scenes/``.
    digest : str
        Of the ``files.json`` that was written.
    """
    try:
        manifest = read_manifest(root / SCENES / scene)
        if file_digest(root / SCENES / scene / MANIFEST) != digest:
            return f"stored {MANIFEST} is damaged"
        problems = check_files(root, manifest)
    except (DatasetError, OSError) as error:
        return f"stored files are damaged ({error})"
    return f"stored files are damaged ({problems[0]})" if problems else ""


def refined_damage(folder: Path, digest: str) -> str:
    """Return what is wrong with the stored pictures of a refined scene; empty if nothing is.

    Parameters
    ----------
    folder : Path
        Their entry.
    digest : str
        As `files_digest` gave it when they were stored.
    """
    try:
        paths = [path for path in (folder / REFINED).rglob("*") if path.is_file()]
        found = files_digest(
            {p.relative_to(folder / REFINED).as_posix(): file_digest(p) for p in paths}
        )
    except DatasetError as error:
        return str(error)
    return "" if found == digest else "refined pictures are others than were stored"


def files_digest(hashes: Mapping[str, str]) -> str:
    """Return one sha256 over files, of which each one's is given by name."""
    total = hashlib.sha256()
    for name, own in sorted(hashes.items()):
        total.update(f"{name}\0{own}\n".encode())
    return total.hexdigest()


def file_digest(path: Path) -> str:
    """Return the sha256 of a file's bytes.

    Raises
    ------
    DatasetError
        It can't be read.
    """
    return read_content(path, lambda data: hashlib.sha256(data).hexdigest())
