"""Values that have broken programs before, and some that this language should take."""

# ruff: noqa: SIM905 - lists of words read better as texts
from __future__ import annotations

from typing import Any

from fuzzing.choices import Choices, pick
from scenegen.scenario.actors import Document
from scenegen.scenario.drawn import DISTRIBUTIONS
from scenegen.scenario.units import UNITS

NUMBERS = (
    *"0 1 -1 2 3 0.5 -0 1e-320 1e308 -1e308 1e400 1_000 0x1f 1:30 .5 5. +3 1e .inf .nan NaN 4096 "
    "65536 100000 1000000000 0.1 17 200 119.99 4.5".split(),
    "9" * 40,
)
EXPRESSIONS = (
    *("1 / 0", "0 / 0 * 1 m", "speed", "gap", "lane_width * 2", "ego_speed", "where(true, 1, 2)"),
    *("2 ** 8 ** 8", "(-1) ** 0.5", "sqrt(-1)", "min()", "min(1, 2, 3, 4, 5, 6, 7, 8, 9)"),
    *("a.b.c", "__import__('os').system('true')", "().__class__", "lambda: 0", "[x for x in y]"),
    *("f'{1}'", "1 if 2 else 3", "1 < 2 < 3", "not true", "true and 1", "'a' == \"b\"", "'", "(("),
    *("speed(ego)", "distance(ego, child)", "always(true)", "until(true, in_lane(ego, 'x'))"),
    *("always[0 s, 2 s](speed(ego) > 3 m/s)", "eventually(not occluded(child, ego))"),
    *("-" * 300 + "1", "(" * 250 + "1", "1 + " * 140 + "1", "not " * 140 + "true"),
    *("1 < " * 140 + "2", "true and " * 60 + "true", "always(" * 70 + "true" + ")" * 70),
)
TEXTS = (
    *" ego start child forward_0 backward_3 sidewalk_left cross_forward_0 parking_right".split(" "),
    *"vehicle.sedan person.child animal animal.deer trailer.semi bicycle.city debris.crate".split(),
    *"pushed.pushchair vehicle.tram straight crossing curve hill normal null ~ yes on road".split(),
    *("2026-02-30", "2026-12-21", "9999-12-31", "../../etc/passwd", "/dev/zero", "/proc/self/mem"),
    *("\x00", "🚲", "a" * 300, "{", "!!python/name:os"),
)
DOS = tuple(
    definition["properties"]["do"]["const"]
    for definition in Document.model_json_schema()["$defs"].values()
    if "const" in definition.get("properties", {}).get("do", {})
)
REFERENCES = (
    *("night_jaywalk", "wet_cut_in", "rain_heavy", "fisheye", "nothing", "", ".", "./x.yaml"),
    *("/dev/zero", "/proc/self/environ", "night_jaywalk+rain_heavy", "+", "\x00", "a" * 5000),
    *("x.csv", "/dev/zero.csv", "x.xodr"),
)


def scalar(choices: Choices) -> Any:  # noqa: PLR0911 - one for each kind
    """Return a number, a quantity, an expression, a text, a flag or nothing."""
    kind = choices.below(8)
    if kind == 0:
        return None
    if kind == 1:
        return choices.below(2) == 0
    if kind == 2:
        return pick(choices, (0, 1, -1, 3, 10**15, 10**30, 0.5, -2.5, 1e300))
    if kind in (3, 4):
        return f"{pick(choices, NUMBERS)} {pick(choices, tuple(UNITS))}"
    if kind == 5:
        return pick(choices, EXPRESSIONS)
    if kind == 6:
        return pick(choices, TEXTS)
    return choices.text(12)


def distribution(choices: Choices) -> Any:
    """Return something like a distribution."""
    kind = pick(choices, (*DISTRIBUTIONS, "nominal", "when", ""))
    unit = pick(choices, ("", " m", " km/h", " s", " deg", " %"))
    low, high = pick(choices, NUMBERS) + unit, pick(choices, NUMBERS) + unit
    made: dict[str, Any] = {
        kind: pick(
            choices,
            (
                [low, high],
                {"mean": low, "sd": high},
                {"mean": low, "sd": "1" + unit, "low": low, "high": high},
                {"a": pick(choices, NUMBERS), "b": "2", "low": low, "high": high},
                {pick(choices, TEXTS): "1", pick(choices, TEXTS): pick(choices, NUMBERS)},
                [pick(choices, TEXTS), pick(choices, TEXTS)],
                {"file": pick(choices, REFERENCES), "column": "a", "unit": unit.strip()},
                {pick(choices, EXPRESSIONS): low, "else": high},
                [{"uniform": [low, high], "weight": "2"}, {"fixed": low}],
                [pick(choices, EXPRESSIONS), pick(choices, EXPRESSIONS)],
                low,
                scalar(choices),
            ),
        )
    }
    if choices.below(4) == 0:
        made["nominal"] = {pick(choices, tuple(DISTRIBUTIONS)): [low, high]}
    return made


def behaviour(choices: Choices) -> Any:
    """Return something like an entry of a behaviour."""
    entry: dict[str, Any] = {"do": pick(choices, DOS)}
    for key in ("speed", "lane", "over", "lateral", "distance", "deceleration", "gait", "way"):
        if choices.below(4) == 0:
            entry[key] = scalar(choices)
    if choices.below(2):
        trigger = pick(choices, ("time", "distance", "ttc", "gap", "to"))
        entry["when"] = pick(choices, ("start", {trigger: scalar(choices), "to": "ego"}))
    return entry


def value(choices: Choices, depth: int = 0) -> Any:
    """Return a value of any kind."""
    kind = choices.below(10)
    if kind < 5 or depth > 2:
        return scalar(choices)
    if kind < 8:
        return distribution(choices)
    if kind == 8:
        return [value(choices, depth + 1) for _ in range(choices.below(4))]
    return {pick(choices, TEXTS) or "k": value(choices, depth + 1) for _ in range(choices.below(4))}
