"""Trajectories: read back to the digit, and judged by evo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenegen.dataset import Dataset
from scenegen.errors import DatasetError
from scenegen.exports import Source
from scenegen.exports.trajectories import (
    TimedPoses,
    read_kitti_poses,
    read_tum,
    tum_text,
    write_trajectories,
)
from scenegen.geometry import inverse
from tests.exports.trees import answer, run_example, written


@pytest.fixture(scope="module")
def ways(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("ways") / "out"
    return written(write_trajectories, Source(export_set), out)


def test_poses_are_the_data_set_s(ways: Path, export_set: Dataset) -> None:
    for scene in export_set:
        ego = read_tum(ways / "tum" / scene.id / "ego.txt")
        trajectory = scene.trajectory
        np.testing.assert_allclose(ego.time_s, trajectory.time_s, atol=1e-9)
        expected = trajectory.poses(scene.scenario.ego.instance_id)
        np.testing.assert_allclose(ego.poses, expected, atol=1e-8)
        for name, poses in {
            "front": [np.array(f.labels.camera.world_from_camera) for f in scene.frames("front")],
            "roof": [np.array(s.labels.poses[0].world_from_sensor) for s in scene.sweeps("roof")],
            "ahead": [np.array(s.labels.world_from_sensor) for s in scene.scans("ahead")],
        }.items():
            found = read_tum(ways / "tum" / scene.id / f"{name}.txt")
            np.testing.assert_allclose(found.poses, poses, atol=1e-7, err_msg=name)
            relative = read_kitti_poses(ways / "kitti" / scene.id / f"{name}.txt")
            np.testing.assert_allclose(relative, inverse(poses[0]) @ np.array(poses), atol=1e-7)


@pytest.mark.slow
def test_evo_judges_as_it_should(ways: Path, export_set: Dataset, checkers: Path) -> None:
    """Against itself 0; moved by 5 m, turned by 0.1 rad, drifting by 0.1 m a pose: just that."""
    said = answer(checkers, "read_trajectories.py", ways)
    assert len(said) == 5 * len(export_set)  # the ego and four sensors
    for name, found in said.items():
        assert found["valid"], name
        assert found["itself"] == [0.0, 0.0]
        assert found["moved"] == pytest.approx([5.0, 5.0], abs=1e-8)
        assert found["turned"] == pytest.approx([0.1, 0.1], abs=1e-6)
        assert found["drifted"] == pytest.approx([0.1, 0.1], abs=1e-8)
        last = found["poses"] - 1
        squares = last * (2 * last + 1) / 6  # the mean of 0², 1², … last²
        assert found["drifted_ape"] == pytest.approx([0.1 * squares**0.5, 0.1 * last], abs=1e-8)
        assert found["kitti_length_m"] == pytest.approx(found["length_m"], abs=1e-6)
        assert found["kitti_gap"] < 1e-8


@pytest.mark.slow
def test_the_example_runs(ways: Path, export_set: Dataset, checkers: Path) -> None:
    shown = "outputs/ways/tum/wet_cut_in-000000"
    path = ways / "tum" / next(iter(export_set)).id
    printed = run_example(checkers, "Trajectories", shown, path)
    assert "'rmse': 0.0" in printed


def test_damage_is_named(tmp_path: Path) -> None:
    one = TimedPoses(np.array([0.0]), np.eye(4)[None])
    path = tmp_path / "way.txt"
    path.write_bytes(b"# a remark\n" + tum_text(one))
    assert read_tum(path).poses.tolist() == one.poses.tolist()
    path.write_text("0.0 1 2 3\n")
    with pytest.raises(DatasetError, match=r"way\.txt: damaged \(a line has other than 8"):
        read_tum(path)
    with pytest.raises(DatasetError, match="other than 12"):
        read_kitti_poses(path)
