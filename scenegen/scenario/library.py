"""The library: scenarios that come with scenegen, in a folder for each group."""

from __future__ import annotations

from pathlib import Path

from scenegen.resources import resource_folder

PARTS = ("mixins",)
"""Folders whose files are no scenarios of their own."""


def library_files(folder: Path | None = None) -> dict[str, Path]:
    """Return the file of every scenario of a library by its name, sorted by group and name.

    Parameters
    ----------
    folder : pathlib.Path, optional
        In place of the library that comes with scenegen. Scenarios lie in it, or in folders
        in it that are named after groups.
    """
    root = folder or resource_folder("scenarios")
    found = [*sorted(root.glob("*.yaml")), *sorted(root.glob("*/*.yaml"))]
    return {path.stem: path for path in found if path.parent.name not in PARTS}


def group_of(path: Path) -> str:
    """Return the group of a scenario of the library, such as ``vulnerable road users``."""
    return path.parent.name.replace("_", " ")
