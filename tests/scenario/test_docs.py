"""What the documentation shows works."""

import re
from pathlib import Path

import pytest

from scenegen.scenario import list_scenarios, parse_scenario
from scenegen.scenario.actors import ActorEntry
from scenegen.scenario.document import LightEntry, RoadEntry, WeatherEntry
from scenegen.scenario.drawn import DISTRIBUTIONS
from scenegen.scenario.sensors import RadarEntry
from scenegen.scenario.units import UNITS
from tools.library_page import PAGE as LIBRARY
from tools.library_page import PICTURES, text_of

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
TOPICS = sorted((PAGE.parent / "language").glob("*.md"))


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
def test_every_name_is_on_a_page(names):
    text = "".join(page.read_text() for page in (PAGE, *TOPICS))
    assert [name for name in names if name not in text] == []


def test_the_library_is_on_its_page():
    infos = list_scenarios()
    assert LIBRARY.read_text() == text_of(infos), "run tools/library"
    for group in {info.group for info in infos}:
        assert (PICTURES / f"{group.replace(' ', '_')}.jpg").is_file(), "run tools/library"
