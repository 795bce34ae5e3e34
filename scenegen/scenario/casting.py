"""Checks whom behaviours and their conditions name, and what those do."""

from __future__ import annotations

from collections.abc import Mapping

from scenegen.errors import nearest
from scenegen.scenario.actors import ActorEntry
from scenegen.scenario.behaviours import (
    DropCargo,
    Overtake,
    Synchronize,
    conditions,
    plain_entries,
    verbs,
)
from scenegen.scenario.problems import Problems
from scenegen.scenario.source import Path
from scenegen.scenario.triggers import When


def check_behaviour(
    actors: Mapping[str, ActorEntry], name: str, base: Path, problems: Problems
) -> None:
    """Note what is wrong with the names in an actor's behaviour.

    Parameters
    ----------
    name : str
        The actor whose behaviour stands at the path `base`.
    """
    entries = actors[name].behaviour
    for path, when in conditions(entries, base):
        _check_named(when, name, path, list(actors), problems)
        _check_action(when, actors, name, path, problems)
    for path, entry in plain_entries(entries, base):
        if isinstance(entry, Overtake):
            _check_other(entry.past, name, (*path, "past"), list(actors), problems)
        elif isinstance(entry, Synchronize):
            _check_other(entry.whom, name, (*path, "with"), list(actors), problems)
        elif isinstance(entry, DropCargo):
            _check_load(entry.load, actors, name, (*path, "load"), problems)


def _check_named(when: When, name: str, path: Path, order: list[str], problems: Problems) -> None:
    for key, other in when.named:
        if other not in order:
            problems.add((*path, key), f"unknown actor {other!r}{nearest(other, order)}")
        elif other == name and key in ("to", "ahead_of"):
            problems.add(path, f"{name!r} waits for itself; name another actor with {key!r}")


def _check_other(other: str, name: str, path: Path, order: list[str], problems: Problems) -> None:
    if other not in order:
        problems.add(path, f"unknown actor {other!r}{nearest(other, order)}")
    elif other == name:
        problems.add(path, f"{name!r} can't do this to itself; name another actor")


def _check_action(
    when: When, actors: Mapping[str, ActorEntry], name: str, path: Path, problems: Problems
) -> None:
    """Note a behaviour that is waited for and never done."""
    if when.kind not in ("does", "ends"):
        return
    who = when.actor or name
    verb = when.does or when.ends or ""
    if who not in actors:
        return
    known = verbs(actors[who].behaviour)
    if verb not in known:
        hint = nearest(verb, known) or "; it has no behaviour"
        problems.add((*path, when.kind), f"{who!r} never does {verb!r}{hint}")


def _check_load(
    load: str, actors: Mapping[str, ActorEntry], name: str, path: Path, problems: Problems
) -> None:
    loads = [other for other, entry in actors.items() if entry.place.attached_to == name]
    if load not in loads:
        remedy = nearest(load, loads) or f"; place a load with {{attached_to: {name}}}"
        problems.add(path, f"{name!r} carries no {load!r}{remedy}")
