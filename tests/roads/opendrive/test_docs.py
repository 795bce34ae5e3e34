"""What the page on OpenDRIVE shows works."""

import re
from pathlib import Path

import pytest

from scenegen.records import ConcreteScenario
from scenegen.roads.as_map import road_map_of
from scenegen.roads.opendrive import read_opendrive, scene_map, write_opendrive
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from tests.roads.opendrive.smooth import smooth_map

PAGE = (Path(__file__).parents[3] / "docs" / "opendrive.md").read_text()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "town.xodr").write_bytes(write_opendrive(smooth_map(changing=True)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_scenario_has_its_map(folder: Path) -> None:
    (text,) = _blocks("yaml")
    logical = parse_scenario(text, str(folder / "scene.yaml"))
    assert logical.map_file is not None
    concrete = draw(logical, 0, 0)
    assert concrete.road.map == scene_map(logical.map_file)
    again = ConcreteScenario.model_validate_json(concrete.model_dump_json())
    assert write_opendrive(road_map_of(again.road)) == logical.map_file.content


def test_the_python_runs(folder: Path) -> None:
    blocks = _blocks("python")
    for block in blocks:
        exec(compile(block, "page", "exec"), {})
    assert len(blocks) == 2
    town = folder / "maps" / "town.xodr"
    assert (folder / "again.xodr").read_bytes() == town.read_bytes()
    assert len(read_opendrive(folder / "crossing.xodr").map.junctions) == 1
