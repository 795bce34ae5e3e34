"""Other assets may stand for street furniture."""

from __future__ import annotations

from functools import cache

import pytest

from scenegen.errors import ScenarioError
from scenegen.records import Light, Prop, RoadSpec
from scenegen.roads import build_network
from scenegen.sample.scenery import place_scenery
from scenegen.seeds import named_generator

STREET = RoadSpec(kind="straight", sidewalk_m=3.0, verge_m=2.5, length_m=140)


@cache
def scenery(*stand_ins: tuple[str, str]) -> tuple[Prop, ...]:
    streams = [named_generator("test", kind, 0) for kind in ("scenery", "furniture", "growth")]
    network = build_network(STREET)
    return place_scenery(network, STREET, Light(), *streams, "summer", dict(stand_ins))


def test_other_assets_stand_for_furniture() -> None:
    own = [prop.asset_id for prop in scenery()]
    changed = [prop.asset_id for prop in scenery(("prop.bin", "prop.hydrant"))]
    assert "prop.bin" in own
    assert "prop.bin" not in changed
    assert changed.count("prop.hydrant") > own.count("prop.hydrant")


SCENARIO = """scenario: street
description: x
odd: [urban]
duration: 1 s
road: {kind: straight, length: 100 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}}
"""


@pytest.mark.parametrize(
    ("asset", "message"),
    [
        ("prop.bank", "no furniture is called 'prop.bank' .did you mean 'prop.bin'"),
        ("vehicle.sedan", "no furniture is called 'vehicle.sedan'"),
        ("flightgear.letter_box", "run: scenegen assets import flightgear --copyleft"),
    ],
)
def test_what_is_no_furniture_is_said_with_its_place(tmp_path, monkeypatch, asset, message) -> None:
    from scenegen.sample.validate import validate
    from scenegen.scenario import load_scenario

    monkeypatch.setenv("SCENEGEN_ASSETS_DIR", str(tmp_path / "none"))
    path = tmp_path / "street.yaml"
    path.write_text(SCENARIO + f"scenery: {{bench: [prop.bench, {asset}]}}\n")
    with pytest.raises(ScenarioError, match=rf"street\.yaml:7:.*{message}"):
        validate(load_scenario(str(path)))


def test_scenarios_that_ask_for_nothing_keep_their_digest(tmp_path) -> None:
    from scenegen.scenario import parse_scenario

    plain, asked = (
        parse_scenario(SCENARIO + more, "a") for more in ("", "scenery: {bin: prop.bin}\n")
    )
    assert "scenery" not in plain.canonical()
    assert plain.digest != asked.digest
