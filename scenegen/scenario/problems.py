"""Collects everything that is wrong with a document and reports it at its places."""

from __future__ import annotations

from pydantic import ValidationError

from scenegen.errors import Place, ScenarioError
from scenegen.scenario.explain import explain
from scenegen.scenario.source import Path, Source

MAX_REPORTED = 8
MAX_FOUND = 200
"""After so many nobody looks for more: each costs time to explain."""


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
            self.add_at(*explain(details, self.source))

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
