"""Models that come with scenegen, found by their names."""

from __future__ import annotations

from pathlib import Path

from scenegen.errors import InputError, nearest
from scenegen.resources import resource_folder

FOLDER = "refiner"
SUFFIX = ".safetensors"


def bundled() -> tuple[str, ...]:
    """Return the names of all models in ``assets/refiner``."""
    return tuple(sorted(path.stem for path in _folder().glob(f"*{SUFFIX}")))


def model_file(named: Path) -> Path:
    """Return the file of a model that is given by path, or by name if it comes with scenegen.

    Raises
    ------
    InputError
        There is no such file, and no model of that name comes with scenegen.
    """
    if named.is_file():
        return named
    own = _folder() / f"{named.name}{SUFFIX}"
    if len(named.parts) == 1 and own.is_file():
        return own
    known = nearest(named.name, bundled())
    raise InputError(f"{named}: no such file, and no model that comes with scenegen{known}")


def _folder() -> Path:
    return resource_folder("assets") / FOLDER
