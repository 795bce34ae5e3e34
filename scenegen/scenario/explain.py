"""What is wrong where a document has another structure, and how it would be written."""

from __future__ import annotations

import re
from typing import Any

from pydantic_core import ErrorDetails

from scenegen.errors import Place, nearest
from scenegen.scenario.document import COMMAS
from scenegen.scenario.source import Path, Source

LONG = 60
"""Characters of what is quoted from a document to show how to write it."""
_QUOTED = re.compile(r"'([^']+)'")

MAPPINGS = {
    "actors": "{van: {asset: vehicle.van, place: {ahead_of: ego, gap: 20 m}}}",
    "cameras": "{readout: 20 ms}",
    "design": "{kind: pairwise}",
    "ego": "{asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}}",
    "imager": "{shutter: 10 ms}",
    "lens": "{model: brown_conrady, k1: -0.2}",
    "light": "{sun_elevation: 30 deg}",
    "monitors": "{safe: 'always(speed(ego) < 20 m/s)'}",
    "parameters": "{gap: {uniform: [5 m, 20 m]}}",
    "place": "{lane: forward_0, s: 20 m}",
    "rates": "{camera: 10}",
    "road": "{kind: straight, length: 200 m}",
    "scenery": "{bench: prop.bench}",
    "sensors": "{front: {kind: camera}}",
    "signal": "{of: major, is: red}",
    "signals": "{mode: normal}",
    "speed": "{below: 5 km/h}",
    "weather": "{rain: 4 mm/h}",
    "when": "{time: 1 s}",
}
"""How sections may be written that are mappings."""

TEXTS = {
    "asset": "vehicle.sedan",
    "description": "A car follows another one.",
    "duration": "6 s",
    "kind": "straight",
    "scenario": "my_scenario",
}
"""How what every scenario needs may be written."""

_BOUNDS = {
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at most", "le"),
}
_MAPPINGS = ("model_type", "model_attributes_type", "dict_type", "dataclass_type")
_LISTS = ("tuple_type", "list_type")


def explain(  # noqa: PLR0911, PLR0912 - one for each kind of error
    details: ErrorDetails, source: Source
) -> tuple[Place, str]:
    """Return the place and the prose of one of pydantic's errors."""
    path, missing = _locate(details["loc"], source.data)
    kind, context = details["type"], details.get("ctx", {})
    if kind == "unknown_key":
        more = "; a constraint is a text such as 'gap > 10 m'" if path[:1] == ("require",) else ""
        return source.key_place((*path, str(context["key"]))), details["msg"] + more
    name = str(details["loc"][-1]) if details["loc"] else "scenario"
    if kind == "missing":
        return source.key_place(path), _missing(details["loc"], path, source)
    if missing:
        name = str(path[-1]) if path else name
    if isinstance(path[-1] if path else name, int):
        name = str(next((step for step in reversed(path) if isinstance(step, str)), name))
    given = details["input"]
    place = source.key_place(path) if given is None else source.place(path)
    if set(name) & set("()<>"):
        return source.key_place(path), f"{name!r} is no key; {COMMAS}"
    if kind in _MAPPINGS:
        if path[:1] == ("require",):
            return place, f"a constraint is a condition, such as 'gap > 10 m', not {given!r}"
        is_sensor = path[:1] == ("sensors",) and len(path) == 2
        example = "{kind: camera}" if is_sensor else MAPPINGS.get(name)
        shown = f", such as {name}: {example}" if example else ""
        return place, f"{name!r} is a mapping (key: value){shown}"
    if kind in _LISTS:
        return place, f"{name!r} is a list ([a, b]){_bracketed(name, given)}"
    if kind in ("too_long", "too_short"):
        bound = "at most" if kind == "too_long" else "at least"
        count = context["max_length" if kind == "too_long" else "min_length"]
        return place, f"{name!r} has {bound} {count} entries, not {context['actual_length']}"
    if kind == "union_tag_invalid":
        known = [word.strip(" '") for word in context["expected_tags"].split(",")]
        tag = str(context["tag"])
        if details["loc"][0] == "sensors":
            return source.place((*path, "kind")), f"unknown kind {tag!r}{nearest(tag, known)}"
        return source.place((*path, "do")), f"unknown behaviour {tag!r}{nearest(tag, known)}"
    if kind == "union_tag_not_found":
        return place, "a behaviour is a mapping that says what to 'do', such as {do: follow_lane}"
    if kind == "literal_error":
        known = _QUOTED.findall(context["expected"])
        return place, f"{name!r} can't be {given!r}{nearest(str(given), known)}"
    if kind == "string_type":
        told = "is a text; put it in quotes"
        if given is None:
            told = "is empty; write a text"
        elif isinstance(given, list | dict):
            told = f"is a text, not a {'list' if isinstance(given, list) else 'mapping'}"
        return place, f"{name!r} {told}"
    if kind.startswith("int_"):
        return place, f"{name!r} is a whole number without a unit, not {given!r}"
    if kind in _BOUNDS:
        word, key = _BOUNDS[kind]
        return place, f"{name!r} comes to {given} and should be {word} {context[key]:g}"
    if kind == "string_pattern_mismatch":
        return place, f"{name!r} is letters, digits and _, a letter first: not {given!r}"
    return place, f"{name!r}: {_lower(details['msg'])}"


def _missing(location: tuple[int | str, ...], path: Path, source: Source) -> str:
    """Return what to add where something is missing."""
    name = location[-1]
    if isinstance(name, int):
        return f"{path[-1]!r} is a list of more values: the one at {name + 1} is missing"
    around: Any = source.data
    for step in path:
        around = around[step]
    do = around.get("do") if isinstance(around, dict) else around
    where = f" in {do!r}" if isinstance(do, str) and "behaviour" in path else ""
    example = (MAPPINGS | TEXTS).get(name) if len(path) < 2 or name in ("asset", "place") else None
    if name == "kind" and path != ("road",):
        example = None
    shown = f"; write such as {name}: {example}" if example else ""
    return f"{name!r} is missing{where}{shown}"


def _bracketed(name: str, given: Any) -> str:
    """Return how to write the one entry that stands where a list goes."""
    if isinstance(given, str) and given:
        return f": write {name}: [{given}]" if len(given) < LONG else ""
    if isinstance(given, dict) and name == "behaviour":
        return ": put it in brackets, [{do: …}], or begin it with a dash"
    return ""


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
