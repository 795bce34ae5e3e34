"""Every YAML example of the pages on distributions and designs is a scenario that parses."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from scenegen.scenario import LogicalScenario, parse_scenario

PAGES = [
    page
    for name in ("distributions.md", "designs.md")
    if (page := Path(__file__).parents[2] / "docs" / "language" / name).exists()
]
EXAMPLES = [
    pytest.param(text, id=f"{page.stem}-{index}")
    for page in PAGES
    for index, text in enumerate(re.findall(r"```yaml\n(.*?)```", page.read_text(), re.DOTALL))
]
REST = {
    "scenario": "example",
    "description": "An example.",
    "duration": "2 s",
    "road": "{kind: straight, length: 200 m}",
    "ego": "{asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}}",
}


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_parse(text, tmp_path):
    table = pa.table(
        {"speed": [30.0, 42.5, 51.0, 48.0], "lanes": [1, 2, 2, 3], "sky": ["clear", "rain"] * 2}
    )
    pq.write_table(table, tmp_path / "logs.parquet")
    pc.write_csv(table, tmp_path / "logs.csv")
    for key, value in REST.items():
        if not re.search(rf"^{key}:", text, re.MULTILINE):
            text += f"{key}: {value}\n"
    assert isinstance(parse_scenario(text, str(tmp_path / "example.yaml")), LogicalScenario)
