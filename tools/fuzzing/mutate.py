"""Breaks scenarios of the library: their structure first, then the text it is written as."""

from __future__ import annotations

import copy
import re
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from fuzzing import values
from fuzzing.choices import Choices, pick
from scenegen.scenario.actors import Document
from scenegen.scenario.library import library_files

_NUMBER = re.compile(r"([-+]?\d+(?:\.\d+)?)((?: [a-z%][\w/^]*)?)$")

Spot = tuple[Any, Any]
"""A mapping or a list, and a key or a position in it."""


@cache
def documents() -> tuple[dict[str, Any], ...]:
    """Return every scenario and mix-in of the library as plain data."""
    paths = [*library_files().values(), *library_files(what="mix-in").values()]
    yaml = YAML(typ="safe", pure=True)
    return tuple(yaml.load(path.read_text(encoding="utf-8")) for path in paths)


def mutant(choices: Choices) -> str:
    """Return the text of a broken scenario."""
    scenarios = [document for document in documents() if "scenario" in document]
    document = copy.deepcopy(pick(choices, scenarios))
    # Half of them stay near enough to what is right to be drawn.
    change = _nudge if choices.below(2) else _change
    for _ in range(1 + choices.below(4)):
        change(document, choices)
    text = as_text(document)
    for _ in range(max(0, choices.below(16) - 13)):
        text = _scramble(text, choices)
    return text


def _spots(item: Any) -> list[Spot]:
    found: list[Spot] = []
    if isinstance(item, dict | list):
        for key in list(item) if isinstance(item, dict) else range(len(item)):
            found.append((item, key))
            found += _spots(item[key])
    return found


@cache
def _by_key() -> dict[str, tuple[Any, ...]]:
    """Return all values of the library by the key they stand at."""
    found: dict[str, list[Any]] = {}
    for holder, key in (spot for document in documents() for spot in _spots(document)):
        found.setdefault(str(key), []).append(holder[key])
    return {key: tuple(given) for key, given in found.items()}


def _nudge(document: dict[str, Any], choices: Choices) -> None:
    """Change a value into another of its kind."""
    spots = _spots(document)
    holder, key = pick(choices, spots)
    number = _NUMBER.match(str(holder[key]))
    if number and choices.below(3):
        times = pick(choices, (0.0, -1.0, 0.1, 0.9, 2.0, 7.0, 1000.0, 1e12))
        holder[key] = f"{float(number[1]) * times:g}{number[2]}"
    elif str(key) in _by_key() and key != "scenario":
        holder[key] = copy.deepcopy(pick(choices, _by_key()[str(key)]))


def _change(document: dict[str, Any], choices: Choices) -> None:
    spots = _spots(document)
    if not spots:
        document["scenario"] = values.value(choices)
        return
    holder, key = pick(choices, spots)
    way = choices.below(12)
    if way <= 3:
        holder[key] = values.value(choices)
    elif way == 4:
        del holder[key]
    elif way == 5:
        other, there = pick(choices, spots)
        holder[key], other[there] = copy.deepcopy(other[there]), copy.deepcopy(holder[key])
    elif way == 6:
        # What stands elsewhere in the library comes here.
        stranger, there = pick(choices, _spots(pick(choices, documents())))
        holder[key] = copy.deepcopy(stranger[there])
    elif way == 7:
        section = pick(choices, tuple(Document.known_keys()))
        given = [d[section] for d in documents() if section in d]
        document[section] = copy.deepcopy(pick(choices, given)) if given else values.value(choices)
    elif way == 8:
        holder[key] = _blown_up(holder[key], choices)
    elif way == 9:
        entries = [values.behaviour(choices) for _ in range(1 + choices.below(3))]
        actors = document.get("actors")
        named = (
            [a for a in actors.values() if isinstance(a, dict)] if isinstance(actors, dict) else []
        )
        (pick(choices, named) if named else document)["behaviour"] = entries
    elif way == 10:
        document["extends"] = pick(choices, values.REFERENCES)
        document["with"] = [pick(choices, values.REFERENCES) for _ in range(choices.below(3))]
    elif isinstance(holder, dict):
        holder[pick(choices, values.TEXTS) or "k"] = values.value(choices)


def _blown_up(item: Any, choices: Choices) -> Any:
    times = pick(choices, (2, 10, 100, 1500))
    if isinstance(item, dict):
        return {f"{key}_{n}": item[key] for key in item for n in range(max(1, times // 10))}
    if isinstance(item, list):
        return item * times
    return str(item) * times


def _scramble(text: str, choices: Choices) -> str:
    at = choices.below(len(text) + 1)
    to = min(len(text), at + choices.below(40))
    way = choices.below(6)
    if way == 0:
        return text[:at] + text[to:]
    if way == 1:
        return text[:at] + choices.text(20) + text[to:]
    if way == 2:
        return text[:to] + text[at:to] * pick(choices, (2, 40, 900)) + text[to:]
    if way == 3:
        opened = pick(choices, ("[", "{", "- ", "? ", "(", "&a ", "*a ", "!!x ", "<<: ", "\\"))
        return text[:at] + opened * pick(choices, (1, 30, 3000)) + text[at:]
    if way == 4:
        return text[:at] + pick(choices, values.EXPRESSIONS) + text[to:]
    return (
        text[:at]
        + "\n"
        + "b: &b [1, 1]\n"
        + f"c: [{'*b, ' * pick(choices, (2, 5000))}]"
        + text[at:]
    )


def as_text(item: Any) -> str:
    """Return flow YAML of plain data, without trusting any emitter."""
    if isinstance(item, dict):
        return "{" + ", ".join(f"{_quoted(str(k))}: {as_text(v)}" for k, v in item.items()) + "}"
    if isinstance(item, list):
        return "[" + ", ".join(as_text(entry) for entry in item) + "]"
    if isinstance(item, str):
        return _quoted(item)
    if item is None:
        return "null"
    return str(item).lower() if isinstance(item, bool) else str(item)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
