"""Paths that users name, splits by their usual names, and whether listed pictures are there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from scenegen.errors import DatasetError, InputError
from scenegen.evaluate.adapters.info import Options

_SPLITS = {"train": "train", "training": "train", "val": "val", "valid": "val"}
_SPLITS |= {"validation": "val", "test": "test", "testing": "test"}
_WORD = re.compile(r"[a-z]+")


def option_path(root: Path, options: Options, name: str) -> Path:
    """Return the path of an option, from the set's folder unless it is absolute."""
    path = root / str(options[name])
    if not path.exists():
        raise InputError(f"option {name}: {path} is not there")
    return path


def split_word(name: str) -> str:
    """Return ``train``, ``val`` or ``test`` for a name that says so, as ``val2017``; or ``""``."""
    words = (_SPLITS.get(word) for word in _WORD.findall(name.lower()))
    return next((word for word in words if word), "")


def existing(listed_by: Path, folder: Path, names: Iterable[str]) -> None:
    """Raise DatasetError if a listed picture is not in a folder; looks at each folder once."""
    known: dict[str, frozenset[str]] = {}
    for name in names:
        inner, _, file = name.rpartition("/")
        if inner not in known:
            path = folder / inner
            known[inner] = (
                frozenset(p.name for p in path.iterdir()) if path.is_dir() else frozenset()
            )
        if file not in known[inner]:
            raise DatasetError(f"{listed_by}: its picture {folder / name} is not there")
