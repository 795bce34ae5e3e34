"""The road of a scene as an OpenDRIVE file."""

import io
from pathlib import Path

import pytest

from scenegen.pipeline.config import ExportConfig
from scenegen.pipeline.export import export
from scenegen.roads.as_map import road_map_of
from scenegen.roads.opendrive import read_opendrive
from scenegen.sample import draw
from scenegen.scenario import load_scenario


@pytest.mark.parametrize("name", ["red_light_cyclist", "wet_cut_in"])
def test_a_scene_s_road_is_written(tmp_path: Path, name: str) -> None:
    keys = {"scenario": name, "seed": 3, "index": 1, "format": "opendrive"}
    result = export(ExportConfig.parse({**keys, "out": str(tmp_path / "out")}), io.StringIO())
    concrete = draw(load_scenario(name), 3, 1)
    assert result.files == (f"{concrete.scene_id}.xodr",)
    imported = read_opendrive(tmp_path / "out" / result.files[0])
    assert imported.left == ()
    wanted = road_map_of(concrete.road)
    assert [road.id for road in imported.map.roads] == [road.id for road in wanted.roads]
    assert imported.map.roads[0].geometries == wanted.roads[0].geometries
