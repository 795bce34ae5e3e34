"""Bicycles stand in racks and move nothing else; other assets may stand for furniture."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from scenegen.assets import get
from scenegen.errors import ScenarioError
from scenegen.geometry import yaw_of
from scenegen.records import Light, Prop, RoadSpec
from scenegen.roads import beyond_carriageway, build_network
from scenegen.sample.overlap import footprint, overlap
from scenegen.sample.racks import BICYCLE, RACK
from scenegen.sample.scenery import place_scenery
from scenegen.seeds import named_generator

STREET = RoadSpec(kind="straight", sidewalk_m=3.0, verge_m=2.5, length_m=140)


@cache
def scenery(bicycles: int | None, *stand_ins: tuple[str, str]) -> tuple[Prop, ...]:
    streams = [named_generator("test", kind, 0) for kind in ("scenery", "furniture", "growth")]
    parked = None if bicycles is None else named_generator("test", "bicycles", bicycles)
    network = build_network(STREET)
    return place_scenery(network, STREET, Light(), *streams, "summer", dict(stand_ins), parked)


def test_bicycles_move_nothing_else_and_come_from_their_own_stream() -> None:
    empty, full, other = scenery(None), scenery(0), scenery(1)
    assert tuple(prop for prop in full if prop.asset_id != BICYCLE) == empty
    assert tuple(prop for prop in other if prop.asset_id != BICYCLE) == empty
    assert full != other


def test_bicycles_stand_at_hoops_off_the_road_and_apart() -> None:
    props = scenery(0)
    racks = np.array([prop.position_m for prop in props if prop.asset_id == RACK])
    bicycles = [prop for prop in props if prop.asset_id == BICYCLE]
    assert len(racks) > 1
    assert len(racks) / 2 < len(bicycles) < 4 * len(racks)
    bodies = []
    for prop in bicycles:
        assert np.linalg.norm(racks - prop.position_m, axis=1).min() < 2.2
        bounds = get(prop.asset_id, prop.variant).bounds_m
        yaw = float(yaw_of(np.array(prop.quaternion_wxyz)))
        bodies.append(footprint(bounds, np.array(prop.position_m), yaw, 0.03))
    corners = np.concatenate([area.corners_m for area in bodies])
    assert beyond_carriageway(build_network(STREET), corners).min() > 0.1
    assert not any(overlap(a, b) for k, a in enumerate(bodies) for b in bodies[:k])
    headings = {round(float(np.sin(yaw_of(np.array(p.quaternion_wxyz))))) for p in bicycles}
    assert len(headings) == 2  # either way round


def test_other_assets_stand_for_furniture() -> None:
    own = [prop.asset_id for prop in scenery(None)]
    changed = [prop.asset_id for prop in scenery(None, ("prop.bin", "prop.hydrant"))]
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
    from scenegen.sample.draw import validate
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
