"""SemanticKITTI: each point is where it was, with its label, by others' readers as well."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenegen.dataset import Dataset
from scenegen.errors import DatasetError
from scenegen.exports import Source
from scenegen.exports.semantickitti import read_sequence, write_semantickitti
from scenegen.exports.semantickitti_classes import LABELS, MOVING, label_id
from scenegen.geometry import apply, inverse
from scenegen.records.taxonomy import CLASSES
from tests.exports.trees import answer, run_example, written


@pytest.fixture(scope="module")
def sequences(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = Source(export_set, validation=0.3)
    return written(write_semantickitti, source, tmp_path_factory.mktemp("semantic") / "out")


def test_every_class_has_a_label() -> None:
    assert {label_id(c.id) for c in CLASSES} <= LABELS.keys()
    assert set(MOVING.values()) <= LABELS.keys()


def test_points_and_labels_are_the_data_set_s(sequences: Path, export_set: Dataset) -> None:
    """Static things keep their class; what is ridden is one instance with its rider."""
    moving = riders = 0
    for number, scene in enumerate(export_set):
        swept = read_sequence(sequences / "sequences" / f"{number:02d}")
        ours = scene.sweeps("roof")
        assert len(swept) == len(ours)
        categories = {a.instance_id: a.category for a in scene.scenario.actors}
        for found, sweep in zip(swept[::4], ours[::4], strict=True):
            assert found.time_s == pytest.approx(sweep.labels.time_s)
            still = sweep.instance == 0
            expected = [label_id(int(id_)) for id_ in sweep.semantic[still]]
            assert found.label[still].tolist() == expected
            assert (found.instance[still] == 0).all()
            speeds = {
                o.instance_id: np.linalg.norm(o.velocity_world_mps) for o in sweep.labels.objects
            }
            for id_ in np.unique(sweep.instance[~still]).tolist():
                own = sweep.instance == id_
                (label,), (instance,) = np.unique(found.label[own]), np.unique(found.instance[own])
                assert label not in MOVING or speeds[id_] <= 0.1
                assert label not in MOVING.values() or speeds[id_] > 0.1
                moving += label in MOVING.values()
                if LABELS[int(label)][2] in (7, 8):
                    assert categories[int(instance)] in ("bicycle", "motorcycle")
                    riders += 1
                else:
                    assert instance == id_
    assert moving > 20
    assert riders > 5


def test_poses_lead_to_the_world(sequences: Path, export_set: Dataset) -> None:
    for number, scene in enumerate(export_set):
        swept = read_sequence(sequences / "sequences" / f"{number:02d}")
        turn = np.array([[0.0, -1, 0, 0], [0, 0, -1, 0], [1, 0, 0, 0], [0, 0, 0, 1]])
        ours = scene.sweeps("roof")
        first = np.array(ours[0].labels.poses[0].world_from_sensor)
        for found, sweep in zip(swept[::5], ours[::5], strict=True):
            lidar_pose = inverse(turn) @ found.pose @ turn
            world = apply(first @ lidar_pose, found.points[:, :3])
            np.testing.assert_allclose(world, sweep.points_world(), atol=1e-4)
            np.testing.assert_array_equal(found.points[:, 3], sweep.points[:, 3])


@pytest.mark.slow
def test_others_read_it(sequences: Path, export_set: Dataset, checkers: Path) -> None:
    said = answer(checkers, "read_semantickitti.py", sequences)
    assert len(said["sequences"]) == len(export_set)
    sides = [
        name
        for split in ("train", "valid")
        for name in (export_set.scene_ids[number] for number in said["split"][split])
    ]
    assert sorted(sides) == list(export_set.scene_ids)
    seen: set[str] = set()
    for (name, found), scene in zip(said["sequences"].items(), export_set, strict=True):
        sweeps = scene.sweeps("roof")
        assert sum(found["counts"].values()) == sum(len(sweep.points) for sweep in sweeps)
        assert found["times"] == pytest.approx([sweep.entry.time_s for sweep in sweeps], abs=1e-5)
        first = np.array(sweeps[0].labels.poses[0].world_from_sensor)
        expected = apply(inverse(first), sweeps[-1].points_world())
        np.testing.assert_allclose(found["last"], expected, atol=2e-4, err_msg=name)
        seen |= found["counts"].keys()
    assert {"road", "lane-marking", "car", "moving-car", "moving-person"} <= seen


@pytest.mark.slow
def test_the_example_runs(sequences: Path, checkers: Path) -> None:
    printed = run_example(checkers, "SemanticKITTI", "outputs/semantickitti", sequences)
    assert "road" in printed


def test_damage_is_named(sequences: Path, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"poses\.txt: missing"):
        read_sequence(tmp_path)
    whole = sequences / "sequences" / "00"
    for name in ("poses.txt", "times.txt"):
        (tmp_path / name).write_bytes((whole / name).read_bytes())
    with pytest.raises(DatasetError, match="0 sweeps, 14 poses and 14 times"):
        read_sequence(tmp_path)
