"""One hash over a data set, and the list of files that are not what they were."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset.canonical import canonical_json
from scenegen.dataset.index import build_index
from scenegen.dataset.layout import (
    INDEX,
    MANIFEST,
    SCENES,
    SEARCHED,
    read_content,
    read_manifest,
    scene_folders,
)
from scenegen.dataset.parquet import read_table
from scenegen.dataset.schema import SceneManifest
from scenegen.errors import DatasetError

if TYPE_CHECKING:
    from scenegen.dataset.opened import Dataset


_HEAD = b"scenegen data set 1\n"
_LINK = "a link, which is not followed"


def digest(dataset: Dataset) -> str:
    """Return one sha256 over all content that must be reproducible.

    It covers every file of every scene by its real bytes, the index, and
    ``dataset.json`` without platform and run-only settings; names are part of it, the
    order of writing is not.

    Raises
    ------
    DatasetError
        A path leads out of the data set, or a link stands in it.
    """
    total = hashlib.sha256(_HEAD)
    for name in _files(dataset.path):
        total.update(f"{name}\0{_hash(dataset.path / name)}\n".encode())
    total.update(canonical_json(dataset.info.reproducible()))
    return total.hexdigest()


def recorded_digest(dataset: Dataset) -> str:
    """Return what `digest` is if every file is what its manifest says; reads no other file.

    Raises
    ------
    DatasetError
        A manifest is missing or damaged.
    """
    total = hashlib.sha256(_HEAD)
    for folder in scene_folders(dataset.path):
        hashes = {name: entry.sha256 for name, entry in read_manifest(folder).files.items()}
        hashes[MANIFEST] = _hash(folder / MANIFEST)
        for name in sorted(hashes):
            total.update(f"{SCENES}/{folder.name}/{name}\0{hashes[name]}\n".encode())
    if (dataset.path / INDEX).is_file():
        total.update(f"{INDEX}\0{_hash(dataset.path / INDEX)}\n".encode())
    total.update(canonical_json(dataset.info.reproducible()))
    return total.hexdigest()


def scene_digest(scene_path: Path) -> str:
    """Return one sha256 over every file of a scene's folder."""
    total = hashlib.sha256()
    for name in _walk(scene_path):
        total.update(f"{name}\0{_hash(scene_path / name)}\n".encode())
    return total.hexdigest()


def check_hashes(dataset: Dataset, trusted: Collection[str] = ()) -> list[str]:
    """Return a line for each file that is missing, truncated, edited, swapped or foreign.

    ``dataset.json`` vouches for every scene's ``files.json`` and for the index, and
    ``files.json`` for every file of its scene.

    Parameters
    ----------
    trusted : collection of str
        Scenes of which only ``files.json`` is held against ``dataset.json``.
    """
    if not dataset.info.manifests:
        return ["dataset.json: the run did not finish; continue it with resume=true"]
    problems: list[str] = []
    found = [folder.name for folder in scene_folders(dataset.path)]
    for missing in sorted(dataset.info.manifests.keys() - set(found)):
        problems.append(f"scenes/{missing}: missing")
    whole = []
    for scene in found:
        problems += _check_manifest(dataset, scene)
        try:
            manifest = read_manifest(dataset.path / SCENES / scene)
        except DatasetError as error:
            problems.append(str(error))
            continue
        whole.append(scene)
        problems += [] if scene in trusted else check_files(dataset.path, manifest)
    return problems + _check_index(dataset, whole) + _check_searched(dataset)


def _check_manifest(dataset: Dataset, scene: str) -> list[str]:
    name = f"{SCENES}/{scene}/{MANIFEST}"
    expected = dataset.info.manifests.get(scene)
    if expected is None:
        return [f"{SCENES}/{scene}: not listed in dataset.json"]
    path = dataset.path / name
    if path.is_symlink():
        return [f"{name}: {_LINK}"]
    if not path.is_file():
        return []
    return [] if _hash(path) == expected else [f"{name}: edited (hash differs)"]


def check_files(root: Path, manifest: SceneManifest) -> list[str]:
    """Return a line for each file of a scene that isn't what its ``files.json`` says.

    Parameters
    ----------
    root : Path
        Folder that holds ``scenes/``.
    """
    folder = root / SCENES / manifest.scene
    problems = []
    for name, entry in manifest.files.items():
        shown = f"{SCENES}/{manifest.scene}/{name}"
        problem = _outside(folder, name)
        if problem is None and not (folder / name).is_file():
            problem = "missing"
        elif problem is None:
            size = (folder / name).stat().st_size
            if size != entry.bytes:
                problem = f"{size} bytes, not {entry.bytes}"
            elif _hash(folder / name) != entry.sha256:
                problem = "edited or swapped (hash differs)"
        if problem is not None:
            problems.append(f"{shown}: {problem}")
    listed = {*manifest.files, MANIFEST}
    for current, folders, files in os.walk(folder):
        for entry_name in sorted([*files, *folders]):
            path = Path(current) / entry_name
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() and name not in listed:
                problems.append(f"{SCENES}/{manifest.scene}/{name}: a link")
            elif not path.is_dir() and name not in listed:
                problems.append(f"{SCENES}/{manifest.scene}/{name}: not listed in {MANIFEST}")
    return problems


def _check_index(dataset: Dataset, scenes: list[str]) -> list[str]:
    path = dataset.path / INDEX
    if path.is_symlink():
        return [f"{INDEX}: {_LINK}"]
    if not path.is_file():
        return [f"{INDEX}: missing"]
    actual = _hash(path)
    if actual != dataset.info.index_sha256:
        return [f"{INDEX}: edited (hash differs)"]
    manifests = (read_manifest(dataset.path / SCENES / scene) for scene in scenes)
    rebuilt = build_index(manifests)
    if hashlib.sha256(rebuilt).hexdigest() == actual or len(scenes) < len(dataset.info.manifests):
        return []
    try:
        # Another version of Arrow may write the same rows in other bytes.
        same = read_content(path, read_table) == read_table(rebuilt)
    except DatasetError as error:
        return [str(error)]
    return [] if same else [f"{INDEX}: disagrees with the scenes' {MANIFEST}"]


def _check_searched(dataset: Dataset) -> list[str]:
    path, noted = dataset.path / SEARCHED, dataset.info.searched_sha256
    if not noted:
        return [f"{SEARCHED}: not listed in dataset.json"] if path.exists() else []
    if path.is_symlink():
        return [f"{SEARCHED}: {_LINK}"]
    if not path.is_file():
        return [f"{SEARCHED}: missing"]
    return [] if _hash(path) == noted else [f"{SEARCHED}: edited (hash differs)"]


def _outside(folder: Path, name: str) -> str | None:
    """Say why a listed path may not be followed, or None if it stays in the folder."""
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        return "leads out of the scene"
    current = folder
    for part in path.parts:
        current = current / part
        if current.is_symlink():
            return _LINK
    return None


def _files(root: Path) -> list[str]:
    names = [f"{SCENES}/{f.name}/{n}" for f in scene_folders(root) for n in _walk(f)]
    return [*names, INDEX] if (root / INDEX).is_file() else names


def _walk(folder: Path) -> list[str]:
    """Return the files below a folder, sorted; DatasetError on a link."""
    names = []
    if folder.is_symlink():
        raise DatasetError(f"{folder}: a link, which is not followed")
    for current, folders, files in os.walk(folder):
        for entry in [*folders, *files]:
            path = Path(current) / entry
            if path.is_symlink():
                raise DatasetError(f"{path}: a link, which is not followed")
            if not path.is_dir():
                names.append(path.relative_to(folder).as_posix())
    return sorted(names)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
