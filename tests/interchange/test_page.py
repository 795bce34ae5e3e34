"""What docs/interchange.md shows works."""

from __future__ import annotations

import re
from pathlib import Path

from scenegen.interchange.openscenario.distributions import KINDS
from scenegen.pipeline.config import ExportConfig, ImportParametersConfig
from scenegen.pipeline.export_formats import SCENE_FORMATS
from scenegen.pipeline.import_parameters import import_parameters
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from tests.interchange.test_parameters import UNIFORM, stochastic

PAGE = Path(__file__).parents[2] / "docs" / "interchange.md"


def test_the_example(tmp_path):
    (tmp_path / "cut_in_distributions.xosc").write_text(
        stochastic(("EgoSpeed", UNIFORM), ("Gap", UNIFORM))
    )
    text = PAGE.read_text()
    command = re.search(r"scenegen import-parameters (.*)", text).group(1)
    keys = dict(word.split("=", 1) for word in command.split())
    for key in ("file", "out"):
        keys[key] = str(tmp_path / keys[key])
    import_parameters(ImportParametersConfig.parse(keys))
    example = re.search(r"```yaml\n(scenario: .*?)```", text, re.DOTALL).group(1)
    (tmp_path / "imported.yaml").write_text(example)
    concrete = draw(load_scenario(str(tmp_path / "imported.yaml")), 0, 0)
    assert 8 <= concrete.parameters["cut_in_EgoSpeed"] <= 14


def test_commands_and_names():
    text = PAGE.read_text()
    commands = re.findall(r"scenegen export ([^#\n]*)", text)
    assert len(commands) == 3
    for command in commands:
        config = ExportConfig.parse(dict(word.split("=", 1) for word in command.split()))
        assert config.format in SCENE_FORMATS
    assert [name for name in KINDS if name not in text] == []
