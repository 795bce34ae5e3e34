"""What a scenario is made of: the one it extends, its mix-ins, and its own file, in order.

Later layers win over earlier ones. Each may be made of layers itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from scenegen.errors import Place, ScenarioError, nearest
from scenegen.scenario.actors import IDENTIFIER, Document
from scenegen.scenario.files import find_document, read_text
from scenegen.scenario.source import MAX_CHARACTERS, Path, Source, read_source

MAX_NESTING = 8
MAX_LAYERS = 32
MIXIN_KEYS = Document.known_keys() - {"scenario", "extends"} | {"mixin", "cameras"}

NAMED = {
    "parameters": "parameter",
    "actors": "actor",
    "disturbances": "disturbance",
    "monitors": "monitor",
}
"""Sections whose keys are names that a document gives, and what each names."""


@dataclass(frozen=True)
class Layer:
    """One document of those that a scenario is made of.

    Attributes
    ----------
    folder : pathlib.Path
        That paths in it are relative to.
    mixin : str or None
        Its name if it is a mix-in.
    """

    source: Source
    folder: FilePath
    mixin: str | None = None


def layers_of(source: Source, folder: FilePath, library: FilePath | None = None) -> list[Layer]:
    """Return what a scenario is made of, the scenario itself last.

    Raises
    ------
    ScenarioError
        A base or a mix-in is missing, is no such thing, or leads back to itself; or there
        are too many of them.
    """
    finder = _Finder(library)
    finder.add(Layer(source, folder), ())
    return finder.found


def open_mixin(name: str, library: FilePath | None = None) -> tuple[str, dict[str, Any]]:
    """Return the name and the content of a mix-in by itself.

    Raises
    ------
    ScenarioError
        There is none of that name, or it is no mix-in.
    """
    path = find_document(name, "mix-in", FilePath(), library)
    source = read_source(read_text(path, "mix-in"), str(path), "mixin")
    return _checked_mixin(source, Place(str(path))), source.data


class _Finder:
    """Collects layers, bases before what is built on them."""

    def __init__(self, library: FilePath | None) -> None:
        self.library = library
        self.found: list[Layer] = []
        self.opened = 0
        self.characters = 0

    def add(self, layer: Layer, trail: tuple[str, ...]) -> None:
        """Add a layer after all that it is made of; `trail` leads to it from the scenario."""
        trail = (*trail, layer.source.file)
        for path, reference, what in _references(layer):
            place = layer.source.place(path)
            if len(trail) > MAX_NESTING:
                raise ScenarioError(f"bases and mix-ins nest at most {MAX_NESTING} deep", place)
            inner = self._open(reference, what, layer.folder, place)
            if inner.source.file in trail:
                circle = [*trail[trail.index(inner.source.file) :], inner.source.file]
                raise ScenarioError(
                    f"circular: {' needs '.join(circle)}; leave one of them out", place
                )
            self.add(inner, trail)
        self.found.append(layer)

    def _open(self, reference: str, what: str, folder: FilePath, place: Place) -> Layer:
        self.opened += 1
        if self.opened > MAX_LAYERS:
            raise ScenarioError(f"a scenario is made of at most {MAX_LAYERS} others", place)
        try:
            path = find_document(reference, what, folder, self.library)
            text = read_text(path, what)
        except ScenarioError as error:
            raise ScenarioError(str(error), place) from error
        self.characters += len(text)
        if self.characters > MAX_CHARACTERS:
            raise ScenarioError(
                f"what a scenario is made of has at most {MAX_CHARACTERS:,} characters", place
            )
        source = read_source(text, str(path), "mixin" if what == "mix-in" else what)
        if what == "scenario":
            _refuse_mixin(source, place)
            return Layer(source, path.parent)
        return Layer(source, path.parent, _checked_mixin(source, place))


def _references(layer: Layer) -> list[tuple[Path, str, str]]:
    """Return path, reference and kind of everything that a layer is built on, in order."""
    data, source = layer.source.data, layer.source
    found: list[tuple[Path, str, str]] = []
    base = data.get("extends")
    if base is not None:
        if not isinstance(base, str) or not base:
            raise ScenarioError(
                "'extends' is the name or the path of a scenario", source.place(("extends",))
            )
        found.append((("extends",), base, "scenario"))
    named = data.get("with")
    if named is not None and not isinstance(named, list):
        raise ScenarioError("'with' is a list of mix-ins ([a, b])", source.place(("with",)))
    for index, name in enumerate(named or []):
        if not isinstance(name, str) or not name:
            raise ScenarioError(
                "a mix-in is given by its name or path", source.place(("with", index))
            )
        found.append((("with", index), name, "mix-in"))
    return found


def _refuse_mixin(source: Source, place: Place) -> None:
    if "mixin" in source.data and "scenario" not in source.data:
        raise ScenarioError(f"{source.file} is a mix-in; name it under 'with'", place)


def _checked_mixin(source: Source, place: Place) -> str:
    """Return a mix-in's name; its top-level keys and the names it adds must be its own."""
    data: dict[str, Any] = source.data
    if "scenario" in data:
        raise ScenarioError(f"{source.file} is a scenario; name it under 'extends'", place)
    name = data.get("mixin")
    if not isinstance(name, str) or not re.fullmatch(IDENTIFIER, name):
        raise ScenarioError(
            "a mix-in has a name of letters, digits and _, such as 'mixin: rain_heavy'",
            source.place(("mixin",)),
        )
    if not isinstance(data.get("description"), str):
        raise ScenarioError("'description' is missing", source.place(("description",)))
    for key in data:
        if key not in MIXIN_KEYS:
            raise ScenarioError(
                f"unknown key {key!r}{nearest(key, MIXIN_KEYS)}", source.key_place((key,))
            )
    for section, thing in NAMED.items():
        entries = data.get(section)
        for added in entries if isinstance(entries, dict) else ():
            if not added.startswith(f"{name}_"):
                raise ScenarioError(
                    f"the {thing} of a mix-in is named after it: '{name}_{added}', so that it "
                    "can't be mistaken for one of a scenario",
                    source.key_place((section, added)),
                )
    return name
