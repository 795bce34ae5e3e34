"""A scenario's document with some of its values replaced from another document.

Each value keeps its place, so that what is wrong with an override is said where it was
written, and what is wrong with the scenario, there.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from scenegen.errors import Place, ScenarioError, nearest
from scenegen.scenario.source import Path, Source

_CLOSED = {"parameters": "parameter", "actors": "actor"}
"""Sections whose keys are the scenario's own: a slip there would only add something unused."""


def override(source: Source, name: str, changes: Source, at: Path) -> Source:
    """Return a scenario under another name with values replaced.

    Parameters
    ----------
    source : Source
        The scenario's document.
    name : str
        What the variant is called.
    changes : Source
        The document that holds the overrides.
    at : tuple
        Path in `changes` to the entry whose ``override`` maps dotted paths to values.

    Raises
    ------
    ScenarioError
        A path leads nowhere, at its place in `changes`.
    """
    result = Source(source.file, deepcopy(source.data), dict(source.places), dict(source.keys))
    result.data["scenario"] = name
    result.places[("scenario",)] = changes.place((*at, "name"))
    entry: Any = changes.data
    for step in at:
        entry = entry[step]
    for dotted, value in (entry.get("override") or {}).items():
        origin = (*at, "override", dotted)
        path = _put(result, dotted, deepcopy(value), changes.key_place(origin))
        _move_places(result, path, changes, origin)
    return result


def _put(target: Source, dotted: str, value: Any, place: Place) -> Path:
    """Set the value at a dotted path, making sections that aren't there; return the path."""
    steps = dotted.split(".")
    if not all(steps):
        raise ScenarioError(
            f"{dotted!r} is no path such as 'light.sun_elevation' or 'ego.behaviour.0.speed'", place
        )
    if steps[0] == "scenario":
        raise ScenarioError("a variant's name is its entry's 'name', no override", place)
    if steps[0] in {"extends", "with"}:
        raise ScenarioError(
            f"{steps[0]!r} is no override; add mix-ins to the entry's scenario, as in "
            "'night_jaywalk+rain_heavy'",
            place,
        )
    node: Any = target.data
    path: Path = ()
    for step in steps[:-1]:
        key = _key(node, step, path, place)
        if isinstance(node, dict) and node.get(str(key)) is None:
            node[str(key)] = {}
            target.places[(*path, key)] = target.keys[(*path, key)] = place
        node, path = node[key], (*path, key)
    key = _key(node, steps[-1], path, place)
    node[key] = value
    return (*path, key)


def _key(node: Any, step: str, path: Path, place: Place) -> str | int:
    """Return a step as the key of a mapping or the position in a list that it stands for."""
    where = ".".join(str(part) for part in path)
    if isinstance(node, list):
        if not step.isdecimal() or int(step) >= len(node):
            raise ScenarioError(
                f"{where!r} is a list of {len(node)}, counted from 0: it has no {step!r}", place
            )
        return int(step)
    if not isinstance(node, dict):
        raise ScenarioError(f"{where!r} is {node!r}, so nothing is below it", place)
    if where in _CLOSED and step not in node:
        raise ScenarioError(
            f"the scenario has no {_CLOSED[where]} {step!r}{nearest(step, node)}", place
        )
    return step


def _move_places(target: Source, path: Path, changes: Source, origin: Path) -> None:
    """Let a replaced value and all within it point to where they were written."""
    for kept, added in ((target.places, changes.places), (target.keys, changes.keys)):
        for old in [old for old in kept if old[: len(path)] == path]:
            del kept[old]
        within = {k[len(origin) :]: v for k, v in added.items() if k[: len(origin)] == origin}
        kept.update({(*path, *rest): place for rest, place in within.items()})
