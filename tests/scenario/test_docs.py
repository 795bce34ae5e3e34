"""What the documentation shows works."""

import re
from pathlib import Path

import pytest

from scenegen.scenario import parse_scenario
from scenegen.scenario.actors import ActorEntry
from scenegen.scenario.document import LightEntry, RoadEntry, WeatherEntry
from scenegen.scenario.drawn import DISTRIBUTIONS
from scenegen.scenario.sensors import RadarEntry
from scenegen.scenario.units import UNITS

PAGE = Path(__file__).parents[2] / "docs" / "language.md"


def test_the_first_example_parses():
    example = re.search(r"```yaml\n(scenario: .*?)```", PAGE.read_text(), re.DOTALL)
    assert parse_scenario(example.group(1), "language.md").name == "overtaken"


@pytest.mark.parametrize(
    "names",
    [
        DISTRIBUTIONS,
        UNITS,
        RoadEntry.model_fields,
        WeatherEntry.model_fields,
        LightEntry.model_fields,
        ActorEntry.model_fields,
        RadarEntry.model_fields,
    ],
    ids=["distributions", "units", "road", "weather", "light", "actor", "radar"],
)
def test_every_name_is_on_the_page(names):
    text = PAGE.read_text()
    assert [name for name in names if name not in text] == []
