"""Every example of the page about roads can be drawn, and every kind of road has one."""

from __future__ import annotations

import pytest

from scenegen.roads import build_network
from scenegen.roads.layouts import LAYOUTS
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from tools.road_pictures import PAGE, examples


def test_every_kind_of_road_has_an_example_and_a_small_picture() -> None:
    assert set(LAYOUTS) <= set(examples())
    for name in examples():
        assert (PAGE.parent / f"roads_{name}.jpg").stat().st_size < 60_000


@pytest.mark.parametrize("name", examples())
def test_examples_are_drawn(name: str) -> None:
    scene = draw(parse_scenario(examples()[name], "roads.md"), 0, 0)
    assert scene.road.kind == name or name.startswith(f"{scene.road.kind}_")
    lanes = build_network(scene.road).lanes
    assert "forward_0" in lanes
    assert all(set(lane.successors) <= set(lanes) for lane in lanes.values())
