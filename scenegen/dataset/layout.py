"""Names of the files, and reading one of them so that damage is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from scenegen.dataset.schema import SCHEMA_VERSION, DatasetInfo, SceneManifest
from scenegen.errors import DatasetError

DATASET = "dataset.json"
INDEX = "index.parquet"
SEARCHED = "searched.parquet"
SCENES = "scenes"
MANIFEST = "files.json"

_Model = TypeVar("_Model", bound=BaseModel)
_Content = TypeVar("_Content")


def read_info(path: Path) -> DatasetInfo:
    """Return ``dataset.json`` of a folder."""
    if not path.is_dir():
        raise DatasetError(f"{path}: no such folder; dataset= names the folder of a data set")
    if not (path / DATASET).is_file():
        raise DatasetError(f"{path}: no data set here, {DATASET} is missing")
    return read_model(path / DATASET, DatasetInfo)


def read_manifest(scene_path: Path) -> SceneManifest:
    """Return ``files.json`` of a scene's folder."""
    manifest = read_model(scene_path / MANIFEST, SceneManifest)
    if manifest.scene != scene_path.name:
        raise DatasetError(f"{scene_path / MANIFEST}: is that of scene {manifest.scene!r}")
    return manifest


def scene_folders(path: Path) -> list[Path]:
    """Return the folders of whole scenes, sorted by name."""
    scenes = path / SCENES
    if not scenes.is_dir():
        return []
    return sorted(p for p in scenes.iterdir() if p.is_dir() and not p.name.startswith("."))


def read_model(path: Path, model: type[_Model]) -> _Model:
    """Parse a JSON file strictly; DatasetError says which field is wrong."""
    return read_content(path, model.model_validate_json)


def read_content(path: Path, decode: Callable[[bytes], _Content]) -> _Content:
    """Read and decode a file; DatasetError if it is missing or damaged."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise DatasetError(f"{path}: missing") from error
    except OSError as error:  # a folder in its place, or no right to read it
        raise DatasetError(f"{path}: can't be read ({error.strerror})") from error
    try:
        return decode(data)
    except ValidationError as error:
        raise DatasetError(f"{path}: {_first(error)}") from error
    except Exception as error:
        # Bytes that nobody vouches for: what decoders of zip, npy, PNG and Parquet raise at a
        # flipped bit goes from KeyError to MemoryError, and no list of it holds for long.
        raise DatasetError(f"{path}: damaged ({_told(error)})") from error


def _told(error: Exception) -> str:
    """Return what an error says in one line, or its name if it says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _first(error: ValidationError) -> str:
    """Return the first thing that is wrong with a JSON file, in one line."""
    detail = error.errors()[0]
    where = ".".join(str(part) for part in detail["loc"])
    if where == "schema_version":
        return f"schema version {detail['input']!r}; this scenegen reads {SCHEMA_VERSION}"
    return f"damaged, {where + ': ' if where else ''}{detail['msg']}"
