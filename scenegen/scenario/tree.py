"""Documents as trees whose nodes know where they were written, so that they can be merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scenegen.errors import Place
from scenegen.scenario.shapes import Shape
from scenegen.scenario.source import Path, Source


@dataclass(frozen=True)
class Tree:
    """A value, the place of it, and that of the key it stands at.

    Attributes
    ----------
    value : dict of str to Tree, list of Tree, or a plain value
    """

    value: Any
    place: Place
    key: Place

    @property
    def entries(self) -> dict[str, Tree]:
        """What is below the keys of a mapping; nothing of other values."""
        return self.value if isinstance(self.value, dict) else {}


def tree_of(source: Source, path: Path = ()) -> Tree:
    """Return a document, or what is at a path of it, as a tree."""
    value: Any = source.data
    for step in path:
        value = value[step]
    return _grow(source, value, path)


def _grow(source: Source, value: Any, path: Path) -> Tree:
    if isinstance(value, dict):
        value = {key: _grow(source, below, (*path, key)) for key, below in value.items()}
    elif isinstance(value, list):
        value = [_grow(source, below, (*path, i)) for i, below in enumerate(value)]
    return Tree(value, source.place(path), source.key_place(path))


def source_of(tree: Tree, file: str) -> Source:
    """Return a tree as a document; the inverse of `tree_of`."""
    places: dict[Path, Place] = {}
    keys: dict[Path, Place] = {}

    def plain(node: Tree, path: Path) -> Any:
        places[path] = node.place
        if path and isinstance(path[-1], str):
            keys[path] = node.key
        if isinstance(node.value, dict):
            return {key: plain(below, (*path, key)) for key, below in node.value.items()}
        if isinstance(node.value, list):
            return [plain(below, (*path, i)) for i, below in enumerate(node.value)]
        return node.value

    return Source(file, plain(tree, ()), places, keys)


def merge(under: Tree | None, over: Tree, shape: Shape | None) -> Tree | None:
    """Return two values of one key as one.

    Sections merge key by key; anything else of `over` replaces what is under it; null
    removes it.
    """
    if over.value is None:
        return None
    if shape is None or not isinstance(over.value, dict):
        return over
    entries = dict(under.entries) if under is not None else {}
    for key, entry in over.value.items():
        merged = merge(entries.get(key), entry, shape.below(key))
        if merged is None:
            entries.pop(key, None)
        else:
            entries[key] = merged
    return Tree(entries, over.place, over.key)
