"""Cityscapes' folders, by its own evaluators, by our reader and by the adapter of evaluations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from scenegen.dataset import Dataset
from scenegen.errors import DatasetError, InputError
from scenegen.evaluate.adapters import open_set
from scenegen.exports import ExportFolder, Source
from scenegen.exports.cityscapes import read_cityscapes, write_cityscapes
from scenegen.exports.cityscapes.calibration import BASELINE_M, depth_of, disparity
from scenegen.geometry import inverse
from scenegen.records.taxonomy import CLASS_BY_NAME
from tests.exports.outside import example_for
from tests.exports.trees import written

SPLITS = ("train", "val")
REFERENCE = {**os.environ, "PYTHONPATH": str(Path(sys.prefix) / "reference")}


@pytest.fixture(scope="module")
def exported(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("cityscapes") / "out"
    return written(write_cityscapes, Source(export_set, validation=0.3), out)


def pairs(exported: Path, export_set: Dataset):
    """Go through what was exported and the frames it is of."""
    source = Source(export_set, validation=0.3)
    names = {}
    for scene in source.scenes():
        for frame in source.frames(scene):
            city = f"{scene.manifest.scenario}--{frame.sensor}".replace("_", "-")
            name = f"{city}_{scene.manifest.index:06d}_{frame.index:06d}"
            names[source.split(scene.id), name] = frame
    for split in SPLITS:
        for found in read_cityscapes(exported, split):
            yield found, names.pop((split, found.name))
    assert not names


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        env=REFERENCE,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("split", SPLITS)
def test_its_own_evaluators_give_everything(exported: Path, split: str, tmp_path: Path) -> None:
    judge = Path(__file__).with_name("judge_cityscapes.py")
    out = run(judge, exported, split, tmp_path, cwd=tmp_path)
    scores = json.loads(out.replace("NaN", "null").splitlines()[-1])
    assert all(scores["drawn"])
    classes = scores["pixels"].pop("classes")
    assert set(scores["pixels"].values()) == {1.0}
    assert set(classes.values()) == {1.0, None}
    assert sum(score is not None for score in classes.values()) >= 10
    assert (scores["things"]["allAp"], scores["things"]["allAp50%"]) == (1.0, 1.0)


def test_read_back_equal(exported: Path, export_set: Dataset) -> None:
    for found, frame in pairs(exported, export_set):
        semantic, instance, labels = frame.semantic, frame.instance, frame.labels
        assert found.path("leftImg8bit", ".png").read_bytes() == frame.path("rgb").read_bytes()
        numbers, ids = found.instance_ids, found.label_ids
        np.testing.assert_array_equal(ids == 24, semantic == 24)
        np.testing.assert_array_equal(ids == 7, (semantic == 7) | (semantic == 40))
        np.testing.assert_array_equal(np.where(numbers >= 1000, numbers // 1000, numbers), ids)
        assert not set(np.unique(ids)) - set(range(34))
        for label in labels.objects:
            mine = np.unique(numbers[instance == label.instance_id])
            assert len(mine) == 1
            if CLASS_BY_NAME[label.category].id in range(24, 34):
                np.testing.assert_array_equal(numbers == mine[0], instance == label.instance_id)


def test_depth_read_back(exported: Path, export_set: Dataset) -> None:
    for found, frame in pairs(exported, export_set):
        depth, read = frame.depth_m, found.depth_m
        np.testing.assert_array_equal(np.isfinite(read), np.isfinite(depth))
        there = np.isfinite(depth)
        step = 1 / 256 / (BASELINE_M * frame.labels.camera.K[0][0])  # of the inverse of depth
        assert np.abs(1 / read[there] - 1 / depth[there]).max() <= step * 0.5001


def test_disparity_that_a_file_cannot_hold_is_none() -> None:
    depth = np.array([[np.inf, 0.1, 1e9, 10.0]], dtype=np.float32)
    stored = disparity(depth, 2262.0)
    assert stored.tolist()[0][:3] == [0, 0, 1]
    assert depth_of(stored, 2262.0)[0, 3] == pytest.approx(10.0, abs=0.005)


def test_cameras_lead_to_the_vehicle(exported: Path, export_set: Dataset) -> None:
    yaws = set()
    for found, frame in pairs(exported, export_set):
        labels = frame.labels
        said = found.camera
        angles = said["extrinsic"]
        yaw, pitch, roll = (angles[key] for key in ("yaw", "pitch", "roll"))
        yaws.add(round(abs(yaw), 3))
        cos, sin = np.cos, np.sin
        about_z = [[cos(yaw), -sin(yaw), 0], [sin(yaw), cos(yaw), 0], [0, 0, 1]]
        about_y = [[cos(pitch), 0, sin(pitch)], [0, 1, 0], [-sin(pitch), 0, cos(pitch)]]
        about_x = [[1, 0, 0], [0, cos(roll), -sin(roll)], [0, sin(roll), cos(roll)]]
        turn = np.array(about_z) @ about_y @ about_x
        pose = inverse(np.array(labels.ego.world_from_body)) @ labels.camera.world_from_camera
        # Columns: the camera's forward, left and up in the vehicle.
        np.testing.assert_allclose(turn[:, 0], pose[:3, 2], atol=1e-9)
        np.testing.assert_allclose(turn[:, 1], -pose[:3, 0], atol=1e-9)
        np.testing.assert_allclose([angles[key] for key in "xyz"], pose[:3, 3], atol=1e-9)
        assert said["intrinsic"]["u0"] == labels.camera.K[0][2] - 0.5
        vehicle = json.loads(found.path("vehicle", ".json").read_bytes())
        speed = np.linalg.norm(labels.ego.velocity_mps)
        assert abs(vehicle["speed"]) <= speed + 1e-9
    assert yaws == {0.0, 3.142}


def test_evaluations_open_it(exported: Path, export_set: Dataset) -> None:
    opened = open_set("cityscapes", exported)
    assert {record.split for record in opened.records} == set(SPLITS)
    assert open_set("auto", exported).name == "cityscapes"
    for record in opened.records[::13]:
        found = next(f for f in read_cityscapes(exported, record.split) if f.name in record.id)
        np.testing.assert_array_equal(opened.loader.semantic(record), found.label_ids)
        named = np.unique(found.instance_ids[found.instance_ids >= 24000])
        boxes = opened.loader.boxes(record)
        assert sorted(boxes.class_id.tolist()) == sorted((named // 1000).tolist())


def test_documented_lines_run(exported: Path) -> None:
    out = run("-c", example_for("Cityscapes", exported) + "\nprint(len(things))", cwd=exported)
    assert int(out.splitlines()[-1]) == len(list(read_cityscapes(exported, "train")))


def test_cities_of_one_name_are_refused(export_set: Dataset, tmp_path: Path, monkeypatch) -> None:
    from scenegen.dataset.reader import SceneReader
    from scenegen.dataset.schema import SceneManifest

    manifests = iter(("a_b", "a-b"))
    real: dict[Path, SceneManifest] = {}

    def manifest(scene: SceneReader) -> SceneManifest:
        if scene.path not in real:
            there = SceneManifest.model_validate_json((scene.path / "files.json").read_bytes())
            real[scene.path] = there.model_copy(update={"scenario": next(manifests)})
        return real[scene.path]

    monkeypatch.setattr(SceneReader, "manifest", property(manifest))
    with (
        pytest.raises(InputError, match="would both be the city a-b--front"),
        ExportFolder(tmp_path / "out") as folder,
    ):
        write_cityscapes(Source(export_set, sensors=("front",)), folder)


def test_damage_is_told_by_name(exported: Path) -> None:
    found = next(read_cityscapes(exported, "val"))
    lost = type(found)(exported, "val", found.city, "none_000000_000000")
    with pytest.raises(DatasetError, match=r"none_000000_000000_gtFine_labelIds.png: no readable"):
        _ = lost.label_ids
    with pytest.raises(DatasetError, match=r"none_000000_000000_camera.json"):
        _ = lost.camera
