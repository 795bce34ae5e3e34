"""Every scenario that the pages on the language's topics show is one."""

import re
from pathlib import Path

import pytest

from scenegen.sample import draw
from scenegen.scenario import parse_plan, parse_scenario

PAGES = Path(__file__).parents[2] / "docs" / "language"
EXAMPLES = [
    pytest.param(text, id=f"{page}-{index}")
    for page in ("composition.md", "constraints.md", "disturbances.md", "editor.md")
    for index, text in enumerate(
        re.findall(r"```yaml\n(.*?)```", (PAGES / page).read_text(), re.DOTALL)
    )
]


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_hold(text, tmp_path):
    """A scenario draws, a mix-in does so with a scenario, and each entry of a plan does."""
    filename = str(tmp_path / "page.yaml")
    if text.startswith("plan:"):
        scenarios = [entry.logical for entry in parse_plan(text, filename, tmp_path).entries]
    elif text.startswith("mixin:"):
        (tmp_path / "shown.yaml").write_text(text)
        own = "scenario: user\nextends: wet_cut_in\nwith: [./shown.yaml]\n"
        scenarios = [parse_scenario(own, filename)]
    else:
        scenarios = [parse_scenario(text, filename)]
    for logical in scenarios:
        assert draw(logical, 0, 0).name == logical.name
