"""The JSON Schema takes what the language takes, refuses what it can see is wrong, and explains."""

import copy
import json
import re

import jsonschema
import pytest
from ruamel.yaml import YAML

from scenegen.errors import ScenarioError
from scenegen.scenario import json_schema, parse_scenario
from scenegen.scenario.library import library_files
from scenegen.scenario.units import UNITS
from scenegen.scenario.values import quantity_pattern

SCHEMA = json.loads(json.dumps(json_schema(["vehicle.sedan", "person.child"])))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
GOOD = {
    "scenario": "small",
    "description": "A car.",
    "duration": "2 s",
    "parameters": {"v": {"uniform": ["30 km/h", "50 km/h"]}, "gap": "v * 1.2 s + 5 m"},
    "road": {"kind": "straight", "length": "200 m"},
    "ego": {
        "asset": "vehicle.sedan",
        "place": {"lane": "forward_0", "s": "20 m"},
        "speed": "v",
        "behaviour": ["follow_lane"],
    },
    "actors": {
        "child": {
            "asset": ["person.child", "person.adult"],
            "place": {"ahead_of": "ego", "gap": "gap", "heading": "left"},
            "behaviour": [{"when": {"distance": "20 m"}, "do": "dart_out", "speed": "3 m/s"}],
        }
    },
    "sensors": {"front": {}, "roof": {"kind": "lidar", "channels": 16}},
    "require": ["gap > 10 m", {"that": "gap > 20 m", "probability": "50 %"}],
}


def _documents():
    paths = [*library_files().values(), *library_files(what="mix-in").values()]
    return [pytest.param(path, id=path.stem) for path in paths]


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert VALIDATOR.is_valid(GOOD)


@pytest.mark.parametrize("path", _documents())
def test_the_library_is_valid(path):
    document = YAML(typ="safe", pure=True).load(path.read_text())
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


def _changed(steps, value):
    document = copy.deepcopy(GOOD)
    *way, last = steps.split(".")
    node = document
    for step in way:
        node = node[int(step) if step.isdecimal() else step]
    if value is None:
        del node[last]
    else:
        node[int(last) if last.isdecimal() else last] = value
    return document


@pytest.mark.parametrize(
    ("steps", "value"),
    [
        ("road", None),
        ("road.kind", None),
        ("ego.asset", None),
        ("actors.child.place", None),
        ("raod", {}),
        ("ego.sped", "3 m/s"),
        ("duration", "2 m"),
        ("duration", 2),
        ("duration", "2"),
        ("duration", "2 sec"),
        ("ego.speed", "50 kmh"),
        ("road.lanes_forward", 1.5),
        ("ego.behaviour.0", "folow_lane"),
        ("actors.child.behaviour.0.do", "dart"),
        ("actors.child.behaviour.0.speed", None),
        ("actors.child.behaviour.0.when", {"distance": "3 s"}),
        ("actors.child.place.gap", {"unifrom": ["1 m", "2 m"]}),
        ("parameters.v", ["30 km/h", "50 km/h"]),
        ("sensors.roof.kind", "sonar"),
        ("sensors.roof.width", 640),
        ("require.0", 3),
        ("require.1.chance", 0.5),
        ("with", "rain_heavy"),
        ("with", ["rain_hevy"]),
        ("extends", "night_jaywolk"),
        ("cameras", {"readout": "20 ms"}),
        ("scenario", "../etc"),
    ],
)
def test_it_refuses_what_the_language_refuses(steps, value):
    document = _changed(steps, value)
    assert not VALIDATOR.is_valid(document)
    with pytest.raises(ScenarioError):
        parse_scenario(json.dumps(document), "wrong.yaml")


@pytest.mark.parametrize(
    "document",
    [
        {"scenario": "x", "extends": "night_jaywalk", "with": ["rain_heavy", "./own.yaml"]},
        {"scenario": "x", "extends": "./base.yaml", "actors": {"child": {"speed": "1 m/s"}}},
        {"scenario": "x", "extends": "night_jaywalk", "actors": {"child": None}, "light": None},
        {"mixin": "m", "description": "d", "weather": {"rain": None}, "cameras": {"width": 64}},
    ],
)
def test_variants_and_mixins_leave_things_out(document):
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    assert not VALIDATOR.is_valid({**document, "scenario": "x", "mixin": "m"})


def test_every_key_is_explained():
    """Editors show a text for every key: its own, or that of what it takes."""
    silent = []
    for name, section in [("document", SCHEMA), *SCHEMA["$defs"].items()]:
        for key, schema in section.get("properties", {}).items():
            explained = "description" in schema or any(
                "description" in branch for branch in schema.get("anyOf", [])
            )
            if not explained and name != "Distribution":
                silent.append(f"{name}.{key}")
    assert silent == []


@pytest.mark.parametrize("dimension", sorted({d for _, d in UNITS.values()}, key=str), ids=str)
def test_patterns_know_the_units_of_a_dimension(dimension):
    pattern = re.compile(quantity_pattern(dimension))
    for unit, (_, its) in UNITS.items():
        for number in ("50", "-1.5", ".5", "1e3", "+2."):
            assert bool(pattern.search(f"{number} {unit}")) is (its == dimension), unit
            assert bool(pattern.search(f"{number}{unit}")) is (its == dimension), unit
    assert bool(pattern.search("3.5")) is (str(dimension) == "a plain number")
    assert bool(pattern.search("1e3")) is (str(dimension) == "a plain number")
    for expression in (
        "speed",
        "2 * 3 m",
        "v * 1.2 s + 5 m",
        "3 m + gap",
        "(20 m)",
        "where(a, b, c)",
    ):
        assert pattern.search(expression)
