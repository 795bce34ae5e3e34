"""Loading: names, paths, the digest's meaning, the library and the JSON Schema."""

import json

import pytest

from scenegen.errors import ScenarioError
from scenegen.scenario import json_schema, list_scenarios, load_scenario, parse_scenario
from scenegen.scenario.continuous import Uniform
from scenegen.scenario.distributions import Proposal
from scenegen.scenario.units import LENGTH

BASE = """\
scenario: small
description: A car.
duration: 2 s
parameters: {v: {uniform: [36 km/h, 72 km/h]}, w: 3 m}
road: {kind: straight}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}, speed: v}
actors:
  one: {asset: vehicle.sedan, place: {ahead_of: ego, gap: 9 m}}
  two: {asset: vehicle.sedan, place: {ahead_of: one, gap: 9 m}}
"""


def digest_of(text):
    return parse_scenario(text, "x.yaml").digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("duration: 2 s", "# a comment\nduration:   2000 ms"),
        ("[36 km/h, 72 km/h]", "{low: 10 m/s, high: 20 m/s}"),
        (
            "{v: {uniform: [36 km/h, 72 km/h]}, w: 3 m}",
            "\n  w: 3 m\n  v: {uniform: [36 km/h, 72 km/h]}",
        ),
        ("A car.", "Another description."),
        ("s: 20 m", "s: (20 m)"),
    ],
)
def test_equal_meaning_equal_digest(old, new):
    assert old in BASE
    assert digest_of(BASE.replace(old, new)) == digest_of(BASE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("s: 20 m", "s: 21 m"),
        ("scenario: small", "scenario: tiny"),
        ("72 km/h", "73 km/h"),
        ("uniform", "log_uniform"),
        ("gap: 9 m}}\n  two", "gap: 9 m}, speed: v}\n  two"),
        ("asset: vehicle.sedan, place: {lane", "asset: vehicle.suv, place: {lane"),
    ],
)
def test_other_meaning_other_digest(old, new):
    assert old in BASE
    assert digest_of(BASE.replace(old, new)) != digest_of(BASE)


def test_the_order_of_actors_matters():
    lines = BASE.splitlines()
    lines[-1], lines[-2] = lines[-2], lines[-1].replace("one", "ego", 1)
    assert digest_of("\n".join(lines)) != digest_of(BASE)


def test_inline_distributions_are_named_by_their_path():
    logical = parse_scenario(BASE.replace("s: 20 m", "s: {uniform: [1 m, 2 m]}"), "x.yaml")
    assert logical.parameters["ego.place.s"] == Uniform(LENGTH, 1.0, 2.0)


def test_paths_and_names(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(BASE)
    assert load_scenario(str(path)).name == "small"
    assert load_scenario("own", library=tmp_path) == load_scenario(str(path))
    with pytest.raises(ScenarioError, match="did you mean 'own'"):
        load_scenario("owm", library=tmp_path)
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenario(str(tmp_path / "none.yaml"))
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenario(f"{tmp_path}/")
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScenarioError, match="UTF-8"):
        load_scenario(str(path))


def test_the_library_is_documented():
    library = list_scenarios()
    assert len(library) >= 6
    for entry in library:
        logical = load_scenario(entry.name)
        assert logical.name == entry.name
        assert len(entry.description) > 40
        assert entry.odd
        assert entry.source, f"{entry.name} names no source"
        weighted = [d for d in logical.parameters.values() if isinstance(d, Proposal)]
        assert weighted, f"{entry.name} declares no nominal distribution"


def _references(item):
    if isinstance(item, dict):
        if "$ref" in item:
            yield item["$ref"]
        for value in item.values():
            yield from _references(value)
    elif isinstance(item, list):
        for value in item:
            yield from _references(value)


def test_the_schema_is_json_and_whole():
    schema = json.loads(json.dumps(json_schema()))
    for reference in set(_references(schema)):
        assert reference.removeprefix("#/$defs/") in schema["$defs"], reference
    whole = schema["else"]["else"]
    assert set(whole["required"]) == {"scenario", "description", "duration", "road", "ego"}
    assert "uniform" in schema["$defs"]["Distribution"]["properties"]
