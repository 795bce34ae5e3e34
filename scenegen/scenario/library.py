"""The library that comes with scenegen: scenarios in a folder for each group, and mix-ins."""

from __future__ import annotations

from pathlib import Path

from scenegen.resources import resource_folder

_FOLDERS = {"mix-in": "mixins", "suite": "suites", "nightly": "nightly"}
"""Of what is no scenario."""


def library_files(folder: Path | None = None, what: str = "scenario") -> dict[str, Path]:
    """Return the files of a library by name, sorted by group and name.

    Parameters
    ----------
    folder : pathlib.Path, optional
        In place of the library that comes with scenegen. Scenarios lie in it, or in folders
        in it that are named after groups; mix-ins lie in its folder ``mixins``, plans of suites
        in ``suites``, those of data sets that are kept up to date in ``nightly``.
    what : str
        ``"scenario"``, ``"mix-in"``, ``"suite"`` or ``"nightly"``.
    """
    root = folder or resource_folder("scenarios")
    if what in _FOLDERS:
        return {path.stem: path for path in sorted((root / _FOLDERS[what]).glob("*.yaml"))}
    found = [*sorted(root.glob("*.yaml")), *sorted(root.glob("*/*.yaml"))]
    return {path.stem: path for path in found if path.parent.name not in _FOLDERS.values()}


def group_of(path: Path) -> str:
    """Return the group of a scenario of the library, such as ``vulnerable road users``."""
    return path.parent.name.replace("_", " ")
