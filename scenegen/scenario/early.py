"""What can be told of a document whose keys or values are wrong: parameters and conditions.

Names of actors, sensors and parameters are known from the keys, so conditions that stand as they
should are read against them, and what is wrong with them is told in the same message.
"""

from __future__ import annotations

from typing import Any, TypeGuard

from scenegen.scenario.expressions import Cast, ExpressionError, parse_expression
from scenegen.scenario.monitors import read_monitors
from scenegen.scenario.problems import Problems
from scenegen.scenario.resolve import Scope, resolve_parameters
from scenegen.scenario.source import Source

USUAL_SENSOR = "front"
"""Of a scenario that names none."""


def note_conditions(source: Source, problems: Problems) -> None:
    """Note what is wrong with parameters, `require` and `monitors`, as far as keys tell.

    Conditions are left alone where a parameter is wrong, or the actors or sensors can't be told.
    """
    data = source.data if isinstance(source.data, dict) else {}
    actors, sensors = data.get("actors", {}), data.get("sensors", {USUAL_SENSOR: {}})
    named = all(isinstance(section, dict) for section in (actors, sensors))
    if not named or not _names(actors) or not _names(sensors):
        return
    scope = Scope(Problems(source), actors=frozenset({"ego", *actors}))
    parameters = data.get("parameters", {})
    if not isinstance(parameters, dict) or not _names(parameters):
        return
    resolve_parameters(parameters, scope)
    if not scope.problems.found:
        cast = Cast(scope.actors, sensors=[f"ego.{name}" for name in sensors])
        _note_require(data.get("require"), scope, cast)
        monitors = data.get("monitors")
        texts = monitors if isinstance(monitors, dict) and _names(monitors) else {}
        written = {name: text for name, text in texts.items() if _whole(text)}
        list(read_monitors(written, cast.actors, cast.sensors, scope))
    for place, message in scope.problems.found:
        problems.add_at(place, message)


def _names(section: dict[Any, Any]) -> bool:
    return all(isinstance(name, str) for name in section)


def _whole(text: Any) -> TypeGuard[str]:
    """Whether a text is there that YAML hasn't cut at a comma: of that, its keys tell."""
    return isinstance(text, str) and bool(text) and text.count("(") == text.count(")")


def _note_require(entries: Any, scope: Scope, cast: Cast) -> None:
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        text = entry.get("that") if isinstance(entry, dict) else entry
        if not _whole(text):
            continue
        try:
            parse_expression(text, scope.types, cast)
        except ExpressionError as error:
            scope.problems.add(("require", index, "that"), str(error))
