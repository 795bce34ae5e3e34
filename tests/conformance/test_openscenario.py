"""What is exported passes ASAM's checker, and another program's reader finds the same in it."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from scenegen.pipeline.config import ExportConfig
from scenegen.pipeline.export import export
from scenegen.sample import draw
from scenegen.scenario import load_scenario

SCENARIOS = ("red_light_cyclist", "wet_cut_in", "cargo_fall", "night_jaywalk", "behind_the_bus")


def findings(checkers: Path, file: Path) -> dict[str, tuple[str, list[str]]]:
    """Return the status and the issues of every check of a file."""
    config, result = file.with_suffix(".qc.xml"), file.with_suffix(".xqar")
    config.write_text(
        f'<Config><Param name="InputFile" value="{file}"/>'
        '<CheckerBundle application="xoscBundle">'
        f'<Param name="resultFile" value="{result}"/></CheckerBundle></Config>'
    )
    subprocess.run([checkers / "qc_openscenario", "-c", config], check=True, capture_output=True)
    return {
        str(checker.get("checkerId")): (
            str(checker.get("status")),
            [str(issue.get("description")) for issue in checker.iter("Issue")],
        )
        for checker in ET.parse(result).iter("Checker")
    }


def written(tmp_path: Path, **keys: object) -> Path:
    config = ExportConfig.parse({"out": str(tmp_path / "out"), **keys})
    result = export(config, io.StringIO())
    return result.path / next(name for name in result.files if name.endswith(".xosc"))


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_the_checker_finds_nothing(checkers: Path, tmp_path: Path, name: str) -> None:
    found = findings(checkers, written(tmp_path, scenario=name, seed=5, index=1))
    assert len(found) == 17
    assert {name: issues for name, (_, issues) in found.items() if issues} == {}
    assert {status for status, _ in found.values()} == {"completed"}


@pytest.mark.slow
def test_disturbances_pass_as_well(checkers: Path, tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "language" / "disturbances.md"
    (shown,) = re.findall(r"```yaml\n(.*?)```", page.read_text(), re.DOTALL)
    (tmp_path / "example.yaml").write_text(shown)
    file = written(tmp_path, scenario=str(tmp_path / "example.yaml"), seed=5)
    assert "scenegen.disturbance" in file.read_text()
    assert not [issue for _, issues in findings(checkers, file).values() for issue in issues]


@pytest.mark.slow
def test_who_keeps_time_passes_as_well(checkers: Path, tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "language" / "behaviours.md"
    head, *examples = re.findall(r"```yaml\n(.*?)```", page.read_text(), re.DOTALL)
    (shown,) = (text for text in examples if "do: synchronize" in text)
    (tmp_path / "example.yaml").write_text(head + shown)
    found = findings(checkers, written(tmp_path, scenario=str(tmp_path / "example.yaml")))
    assert {name: issues for name, (_, issues) in found.items() if issues} == {}


@pytest.mark.slow
def test_recorded_motion_passes_as_well(checkers: Path, tmp_path: Path) -> None:
    file = written(tmp_path, scenario="night_jaywalk", motion="recorded")
    found = findings(checkers, file)
    assert [issue for _, issues in found.values() for issue in issues] == []


@pytest.mark.slow
def test_the_checker_would_find_something(checkers: Path, tmp_path: Path) -> None:
    file = written(tmp_path, scenario="night_jaywalk")
    text = file.read_text()
    file.write_text(text.replace('entityRef="child"', 'entityRef="nobody"'))
    assert any(issues for _, issues in findings(checkers, file).values())
    file.write_text(text.replace("<Axles>", "<Wheels>").replace("</Axles>", "</Wheels>"))
    assert findings(checkers, file)["check_asam_xosc_xml_valid_schema"][1]


@pytest.mark.slow
def test_another_reader_finds_the_same(checkers: Path, tmp_path: Path) -> None:
    file = written(tmp_path, scenario="night_jaywalk", seed=2)
    concrete = draw(load_scenario("night_jaywalk"), 2, 0)
    program = Path(__file__).with_name("read_openscenario.py")
    answer = subprocess.run(
        [checkers / "python", program, file], check=True, stdout=subprocess.PIPE, text=True
    )
    read = json.loads(answer.stdout.splitlines()[-1])  # it greets first
    assert read["entities"] == [actor.name for actor in concrete.actors]
    moving = [actor.name for actor in concrete.actors if actor.behaviour]
    assert read["maneuvers"] == [f"{name}_behaviour" for name in moving]
    assert read["events"] == sum(len(actor.behaviour) for actor in concrete.actors)
