"""What was written is read back, and what is damaged is named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from scenegen.dataset import open_dataset
from scenegen.dataset.canonical import read_trajectory, trajectory_npz
from scenegen.errors import DatasetError


def test_scenes_and_frames_come_back(dataset, make):
    assert len(dataset) == 2
    assert [scene.id for scene in dataset] == ["ball-000000", "ball-000001"]
    scene = dataset.scene("ball-000001")
    assert scene.scenario == make["concrete"](1)
    np.testing.assert_array_equal(scene.trajectory.position_m, make["trajectory"](1).position_m)
    frame, truth = scene.frames("front")[1], make["frame"](1)
    assert frame.labels == make["labels"](scene.scenario, truth, 1)
    np.testing.assert_array_equal(frame.rgb, truth.rgb)
    np.testing.assert_array_equal(frame.instance, truth.instance)
    np.testing.assert_array_equal(frame.semantic, truth.semantic)
    np.testing.assert_array_equal(np.isinf(frame.depth_m), np.isinf(truth.depth_m))
    np.testing.assert_allclose(frame.depth_m, truth.depth_m, atol=0.5 / 256)
    np.testing.assert_allclose(frame.normal, truth.normal, atol=1.6e-5)
    flow, valid = frame.flow
    np.testing.assert_array_equal(valid, truth.flow_valid)
    np.testing.assert_array_equal(flow, truth.flow_px)


def test_the_index_has_one_row_a_frame_with_paths_that_exist(dataset):
    table = pq.read_table(dataset.path / "index.parquet")
    assert table.num_rows == 4
    assert table["scene"].to_pylist() == sorted(table["scene"].to_pylist())
    assert table["param.speed"].to_pylist() == [0.1, 0.1, 1.1, 1.1]
    assert table["param.side"].to_pylist() == ["left"] * 4
    assert table["log_weight"].to_pylist() == [0.0, 0.0, -0.25, -0.25]
    assert table["count.car"].to_pylist() == [1] * 4
    assert table["count.animal"].to_pylist() == [0] * 4
    for column in (name for name in table.schema.names if name.startswith("path.")):
        for path in table[column].to_pylist():
            assert (dataset.path / path).is_file()


def test_parameters_that_a_scenario_lacks_are_null(tmp_path, make):
    from scenegen.dataset import open_output

    out = tmp_path / "set"
    with open_output(out, make["info"]()) as output:
        make["write_scene"](out, make["concrete"](0, "a", gap=3.5, mixed="x"))
        make["write_scene"](out, make["concrete"](0, "b", lit=True, mixed=2.0))
        output.finish()
    index = open_dataset(out).index
    assert index["param.gap"].to_pylist() == [3.5, 3.5, None, None]
    assert index["param.lit"].to_pylist() == [None, None, True, True]
    assert index["param.mixed"].to_pylist() == ['"x"', '"x"', "2.0", "2.0"]


def test_dataset_json_counts_and_sensors(dataset):
    content = json.loads((dataset.path / "dataset.json").read_text())
    assert content["schema_version"] == 1
    assert content["counts"] == {"scenes": 2, "frames": 4, "objects": {"car": 4}}
    assert content["sensors"]["front"]["frames"] == 4
    assert content["complete"] is True
    assert {c["name"]: c["id"] for c in content["classes"]}["person"] == 24


def test_unknown_names_get_a_hint(dataset):
    with pytest.raises(DatasetError, match="did you mean 'ball-000001'"):
        dataset.scene("bal-000001")
    with pytest.raises(DatasetError, match="did you mean 'front'"):
        dataset.scene("ball-000000").frames("fromt")


def read_everything(path: Path) -> None:
    opened = open_dataset(path)
    assert opened.index.num_rows
    for scene in opened:
        assert scene.trajectory.column(scene.scenario.ego.instance_id) == 0
        for frame in scene:
            assert frame.labels.frame == frame.index
            assert frame.depth_m.shape == frame.rgb.shape[:2]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("dataset.json", b"{", r"dataset\.json: damaged"),
        ("dataset.json", b'{"schema_version": 2}', "schema version 2; this scenegen reads 1"),
        ("dataset.json", None, r"dataset\.json is missing"),
        ("index.parquet", b"PAR1", r"index\.parquet: damaged"),
        ("index.parquet", None, r"index\.parquet: missing"),
        ("scenes/ball-000000/files.json", None, r"files\.json: missing"),
        ("scenes/ball-000000/scenario.json", b'{"name": 1}', r"scenario\.json: damaged, "),
        ("scenes/ball-000000/trajectory.npz", b"PK\3\4", r"trajectory\.npz: damaged"),
        ("scenes/ball-000000/front/depth/000000.png", b"\x89PNG", r"depth/000000\.png: damaged"),
        ("scenes/ball-000000/front/labels/000000.json", b"", r"labels/000000\.json: damaged"),
    ],
)
def test_damage_is_named(dataset, name, data, words):
    path = dataset.path / name
    path.unlink() if data is None else path.write_bytes(data)
    with pytest.raises(DatasetError, match=words):
        read_everything(dataset.path)


def test_no_folder_and_no_data_set_are_told_apart(tmp_path):
    with pytest.raises(DatasetError, match="no such folder"):
        open_dataset(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match="no data set here"):
        open_dataset(tmp_path)


def test_trajectories_of_earlier_versions_read(make):
    """What the simulator did not record then is None, and is not written again."""
    trajectory = make["trajectory"]()
    assert trajectory.controls is None
    again = read_trajectory(trajectory_npz(trajectory))
    assert (again.lamps_on, again.distracted, again.right_of_way, again.controls) == (None,) * 4
    recorded = replace(trajectory, lamps_on=trajectory.lamps.copy(), controls=np.ones((5, 6)))
    again = read_trajectory(trajectory_npz(recorded))
    assert again.controls is not None
    np.testing.assert_array_equal(again.controls, recorded.controls)
    np.testing.assert_array_equal(again.lamps_on, recorded.lamps_on)
    assert again.distracted is None
