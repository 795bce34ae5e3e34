"""Collects everything that is wrong with a document and reports it at its places."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scenegen.errors import Place, ScenarioError, nearest
from scenegen.scenario.source import Path, Source

MAX_REPORTED = 8
MAX_FOUND = 200
"""After so many nobody looks for more: each costs time to explain."""

_MAPPINGS = ("model_type", "model_attributes_type", "dict_type", "dataclass_type")
_LISTS = ("tuple_type", "list_type")


class Problems:
    """What is wrong, in the order of the file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[tuple[Place, str]] = []

    def add(self, path: Path, message: str) -> None:
        """Note a problem with the value at a path."""
        self.add_at(self.source.place(path), message)

    def add_at(self, place: Place, message: str) -> None:
        """Note a problem at a place."""
        self.found.append((place, message))
        if len(self.found) >= MAX_FOUND:
            self.raise_if_any()

    def add_validation(self, error: ValidationError) -> None:
        """Note what pydantic found."""
        for details in error.errors():
            self.add_at(*_explain(details, self.source))

    def raise_if_any(self) -> None:
        """Raise one `ScenarioError` at the first place that names all problems."""
        if not self.found:
            return
        places: dict[str, list[Place]] = {}
        for place, message in sorted(dict.fromkeys(self.found), key=self._order):
            places.setdefault(message, []).append(place)
        told = [(where, f"{message}{_further(where)}") for message, where in places.items()]
        lines = [told[0][1]]
        lines += [f"{where[0]}: {message}" for where, message in told[1:MAX_REPORTED]]
        if len(told) > MAX_REPORTED:
            lines.append(f"and {len(told) - MAX_REPORTED} more")
        raise ScenarioError("\n".join(lines), told[0][0][0])

    def _order(self, item: tuple[Place, str]) -> tuple[bool, str, int, int]:
        """Sort the scenario's own file first, then by place."""
        place = item[0]
        own = place.file == self.source.file
        return (not own, place.file, place.line or 0, place.column or 0)


def _further(places: list[Place]) -> str:
    """Say where else the same is wrong."""
    if len(places) == 1:
        return ""
    shown = [
        f"{place.line}:{place.column}" if place.file == places[0].file else str(place)
        for place in places[1:4]
    ]
    rest = f" and {len(places) - 4} more" if len(places) > 4 else ""
    return f" (also at {', '.join(shown)}{rest})"


def _explain(  # noqa: PLR0911 - one for each kind of error
    details: ErrorDetails, source: Source
) -> tuple[Place, str]:
    """Return the place and the prose of one of pydantic's errors."""
    path, missing = _locate(details["loc"], source.data)
    kind, context = details["type"], details.get("ctx", {})
    if kind == "unknown_key":
        return source.key_place((*path, str(context["key"]))), details["msg"]
    name = str(details["loc"][-1]) if details["loc"] else "scenario"
    if kind == "missing":
        return source.key_place(path), f"{name!r} is missing"
    if missing:
        name = str(path[-1]) if path else name
    if kind in _MAPPINGS:
        return source.place(path), f"{name!r} is a mapping (key: value)"
    if kind in _LISTS:
        return source.place(path), f"{name!r} is a list ([a, b])"
    if kind == "too_long":
        return source.place(path), f"{name!r} has at most {context['max_length']} entries"
    if kind == "union_tag_invalid":
        known = [word.strip(" '") for word in context["expected_tags"].split(",")]
        tag = str(context["tag"])
        if details["loc"][0] == "sensors":
            return source.place((*path, "kind")), f"unknown kind {tag!r}{nearest(tag, known)}"
        return source.place((*path, "do")), f"unknown behaviour {tag!r}{nearest(tag, known)}"
    if kind == "union_tag_not_found":
        return source.place(path), "a behaviour is a mapping that says what to 'do'"
    return source.place(path), f"{name!r}: {_lower(details['msg'])}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _locate(location: tuple[int | str, ...], data: Any) -> tuple[Path, bool]:
    """Return the part of pydantic's location that exists in the data.

    Pydantic puts tags of unions into locations; those are passed over.
    """
    path: list[str | int] = []
    skipped = False
    for step in location:
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            skipped = True
            continue
        path.append(step)
    return tuple(path), skipped
