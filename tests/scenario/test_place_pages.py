"""The pages of docs/language about expressions and placement: their examples work."""

import re
from pathlib import Path

import pytest

from scenegen.assets import list_assets, sizes_of
from scenegen.sample import sample_many
from scenegen.scenario import parse_scenario
from scenegen.scenario.functions import FUNCTIONS
from scenegen.scenario.places import REGIONS, PlaceEntry

FOLDER = Path(__file__).parents[2] / "docs" / "language"


@pytest.mark.parametrize("page", ["expressions", "placement"])
def test_examples_can_be_drawn(page):
    text = (FOLDER / f"{page}.md").read_text()
    examples = re.findall(r"```yaml\n(scenario: .*?)```", text, re.DOTALL)
    assert examples
    for example in examples:
        draws = sample_many(parse_scenario(example, f"{page}.md"), 0, 20)
        assert len(draws) == 20
        assert draws.present.all()


def test_pages_name_everything():
    expressions = (FOLDER / "expressions.md").read_text()
    assert [
        n for n, f in FUNCTIONS.items() if "start" in f.moments and f"`{n}(" not in expressions
    ] == []
    placement = (FOLDER / "placement.md").read_text()
    carried = {"attached_to", "anchor", "on_top_of", "offset"}
    names = {*REGIONS, *PlaceEntry.model_fields} - carried
    assert [name for name in sorted(names) if name not in placement] == []


def test_sizes_are_those_of_the_catalogue():
    page = (FOLDER / "placement.md").read_text()
    rows = dict(re.findall(r"^\| `([a-z]+\.\w+)` \| (.*) \|$", page, re.MULTILINE))
    placed = ("vehicle", "trailer", "motorcycle", "bicycle", "person", "animal", "pushed")
    ours = [a.id for a in list_assets() if not a.source.startswith("http")]
    assert list(rows) == [name for name in ours if name.partition(".")[0] in placed]
    for name in ("vehicle.van", "vehicle.bus", "person.child", "pushed.pushchair"):
        sizes = sizes_of(name)
        assert rows[name] == f"{_size(sizes.room_m, 3)} | {_size(sizes.body_m, 2)}"


def _size(ends, axes):
    spans = [(f"{low:.1f}", f"{high:.1f}") for low, high in zip(*ends, strict=True)][:axes]
    return " x ".join(low if low == high else f"{low}-{high}" for low, high in spans)


def test_the_program_on_the_page_runs():
    (program,) = re.findall(
        r"```python\n(.*?)```", (FOLDER / "placement.md").read_text(), re.DOTALL
    )
    names: dict[str, object] = {}
    exec(program.replace("10_000", "40"), names)
    assert len(names["draws"]) == 40
