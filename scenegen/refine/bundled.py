"""Models that come with scenegen, found by their names."""

from __future__ import annotations

from pathlib import Path

from scenegen.resources import resource_folder

FOLDER = "refiner"
SUFFIX = ".safetensors"


def bundled() -> tuple[str, ...]:
    """Return the names of all models in ``assets/refiner``."""
    return tuple(sorted(path.stem for path in _folder().glob(f"*{SUFFIX}")))


def model_file(named: Path) -> Path:
    """Return the file of a model that is given by path, or by name if it comes with scenegen."""
    if named.suffix or len(named.parts) != 1 or named.is_file():
        return named
    own = _folder() / f"{named.name}{SUFFIX}"
    return own if own.is_file() else named


def _folder() -> Path:
    return resource_folder("assets") / FOLDER
