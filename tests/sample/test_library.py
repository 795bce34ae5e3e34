"""Every scenario of the library draws, and draws differ."""

import pytest

from scenegen.records import ConcreteScenario
from scenegen.sample import draw
from scenegen.scenario import list_scenarios, load_scenario


@pytest.mark.slow
@pytest.mark.parametrize("name", [entry.name for entry in list_scenarios()])
def test_draws(name):
    logical = load_scenario(name)
    scenes = [draw(logical, 7, index) for index in range(3)]
    assert len({str(scene.parameters) for scene in scenes}) == 3
    for scene in scenes:
        assert 4 <= scene.duration_s <= 9
        assert scene.frame_count >= 40
        assert next(iter(scene.sensors)) == "front"
        assert scene.ego.category in {"car", "bus"}
        assert ConcreteScenario.model_validate_json(scene.model_dump_json()) == scene
