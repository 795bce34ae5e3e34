"""What the documentation shows works."""

import re
from pathlib import Path

import cv2
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


def test_every_page_is_linked_from_the_language():
    """And nothing else is; pages of the topics are in the table in the order of a scenario."""
    linked = re.findall(r"\]\(language/(\w+\.md)\)", PAGE.read_text())
    assert sorted(linked) == [topic.name for topic in TOPICS]
    assert "](opendrive.md)" in PAGE.read_text()


@pytest.mark.parametrize("topic", TOPICS, ids=[topic.stem for topic in TOPICS])
def test_every_page_shows_a_picture(topic):
    shown = re.findall(r"!\[([^]]*)\]\(([^)]+)\)", topic.read_text())
    assert shown
    for told, name in shown:
        picture = topic.parent / name
        assert told
        assert picture.suffix == ".jpg"
        assert cv2.imread(str(picture)) is not None, f"{picture}: missing or no picture"
        assert picture.parent != topic.parent or picture.stat().st_size <= 60_000


def test_every_picture_is_shown():
    pages = "".join(page.read_text() for page in (PAGE, *TOPICS))
    assert [p.name for p in PAGE.parent.glob("language/*") if p.name not in pages] == []


def test_the_library_is_on_its_page():
    infos = list_scenarios()
    assert LIBRARY.read_text() == text_of(infos), "run tools/library"
    for group in {info.group for info in infos}:
        assert (PICTURES / f"{group.replace(' ', '_')}.jpg").is_file(), "run tools/library"
