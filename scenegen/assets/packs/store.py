"""Where imported packs lie on this machine, and what their manifests say."""

from __future__ import annotations

import hashlib
import os
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from scenegen.assets.packs.model import BodyFact
from scenegen.assets.packs.rows import Listed, Row, SkyRow, load_pack
from scenegen.errors import AssetError, StorageError
from scenegen.records.base import Record

VARIABLE = "SCENEGEN_ASSETS_DIR"
MANIFEST = "manifest.json"
CONVERTER = 1
"""Raised whenever the converter makes other bytes of the same model."""

Detail = Literal["fine", "middle", "coarse"]


class FileFact(Record):
    """A file of a pack at one level of detail."""

    file: str
    sha256: str
    triangles: int


class ListedFact(Record):
    """What was imported: its row as it was then, and what was changed."""

    row: Listed
    changes: str


class AssetFact(ListedFact):
    """An imported asset: its files by level, and its origin."""

    row: Row
    fact: BodyFact
    parts: tuple[tuple[str, tuple[float, float, float]], ...]
    files: dict[Detail, FileFact]


class SkyFact(ListedFact):
    """An imported panorama and its file."""

    row: SkyRow
    file: str
    sha256: str


class PackManifest(Record):
    """``manifest.json`` of an imported pack.

    Attributes
    ----------
    recipe : str
        See `recipe`.
    detail : str
        The level that the catalogue hands out.
    packages : dict
        File name and sha256 of each package by the key of its source.
    """

    schema_version: Literal[1] = 1
    pack: str
    recipe: str
    detail: Detail
    packages: dict[str, tuple[str, str]]
    assets: dict[str, AssetFact] = Field(default_factory=dict)
    skies: dict[str, SkyFact] = Field(default_factory=dict)

    @property
    def facts(self) -> dict[str, ListedFact]:
        """Everything that was imported, by id."""
        return {**self.assets, **self.skies}


def assets_folder(given: str | None = None) -> Path:
    """Return where imported assets are kept.

    Parameters
    ----------
    given : str or None
        Otherwise ``SCENEGEN_ASSETS_DIR``, otherwise ``scenegen/assets`` in the user's data
        folder (XDG Base Directory Specification).
    """
    chosen = given or os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "scenegen" / "assets"


def recipe(pack: str) -> str:
    """Return a sha256 over what decides how a pack's packages are converted."""
    rows = load_pack(pack).model_dump_json()
    return hashlib.sha256(f"{CONVERTER}\n{rows}".encode()).hexdigest()


def read_manifest(folder: Path, pack: str) -> PackManifest | None:
    """Return what an imported pack holds; None if it isn't there.

    Raises
    ------
    AssetError
        The manifest is damaged.
    """
    path = folder / pack / MANIFEST
    try:
        stamp = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return _read(path, pack, stamp.st_mtime_ns, stamp.st_ino)


@lru_cache(maxsize=8)
def _read(path: Path, pack: str, mtime_ns: int, inode: int) -> PackManifest:
    """Return a manifest; the times are there to read it again when it has changed."""
    try:
        return PackManifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise AssetError(
            f"{path}: damaged or of another version ({error.error_count()} faults); run: "
            f"scenegen assets import {pack} force=true"
        ) from error


def publish(folder: Path, pack: str, files: dict[str, bytes]) -> None:
    """Put a pack in its place as a whole; what was there stays until the new one is complete.

    Raises
    ------
    StorageError
        No room, or no right to write.
    """
    place, aside = folder / pack, folder / f".{pack}.new-{os.getpid()}"
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        for name, data in files.items():
            (aside / name).write_bytes(data)
        _swap(place, aside)
    except OSError as error:
        raise StorageError(
            f"{error.filename or folder}: {error.strerror}; choose another place with "
            f"assets_dir=FOLDER or {VARIABLE}"
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _swap(place: Path, aside: Path) -> None:
    old = place.with_name(f".{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    aside.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def tidy(folder: Path, pack: str) -> None:
    """Remove what an interrupted import left, and put back a pack it had just moved away."""
    old = folder / f".{pack}.old"
    if old.exists() and not (folder / pack).exists():
        old.rename(folder / pack)
    shutil.rmtree(old, ignore_errors=True)
    for left in folder.glob(f".{pack}.new-*"):
        shutil.rmtree(left, ignore_errors=True)
