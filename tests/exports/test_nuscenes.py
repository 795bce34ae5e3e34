"""nuScenes: its devkit loads, renders and scores an export; tables and boxes are the set's."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from scenegen.dataset import Dataset, open_dataset
from scenegen.evaluate.adapters import open_set
from scenegen.exports import Source
from scenegen.exports.nuscenes import write_nuscenes
from scenegen.exports.nuscenes.channels import channels_of
from scenegen.exports.nuscenes.classes import CATEGORIES, visibility_level
from scenegen.exports.nuscenes.radar import scan_pcd
from scenegen.exports.nuscenes.samples import placed, sample_times
from scenegen.pipeline.config import GenerateConfig
from scenegen.pipeline.generate import generate
from scenegen.records import CameraSpec, LidarSpec, RadarSpec, Scan
from tests.exports.conftest import SENSORS
from tests.exports.trees import answer, digests, run_example, written

VALIDATION = 0.3


@pytest.fixture(scope="module")
def nuscenes(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = Source(export_set, validation=VALIDATION)
    return written(write_nuscenes, source, tmp_path_factory.mktemp("nuscenes") / "out")


@pytest.fixture(scope="module")
def tables(nuscenes: Path) -> dict[str, dict[str, Any]]:
    """Return rows by token, by table."""
    return {
        path.stem: {row["token"]: row for row in json.loads(path.read_text())}
        for path in (nuscenes / "v1.0-trainval").glob("*.json")
        if path.stem != "splits"
    }


def test_every_token_names_a_row(nuscenes: Path, tables: dict[str, dict[str, Any]]) -> None:
    for rows in tables.values():
        for row in rows.values():
            for key, value in row.items():
                table = key.removesuffix("_token")
                if table in tables and key.endswith("_token"):
                    assert value in tables[table], (key, value)
    for table in ("sample", "sample_data", "sample_annotation"):
        for name, row in tables[table].items():
            assert not row["next"] or tables[table][row["next"]]["prev"] == name
    for row in tables["sample_data"].values():
        assert (nuscenes / row["filename"]).is_file()
    for scene in tables["scene"].values():
        found, at = 1, tables["sample"][scene["first_sample_token"]]
        while at["next"]:
            found, at = found + 1, tables["sample"][at["next"]]
        assert (found, at["token"]) == (scene["nbr_samples"], scene["last_sample_token"])


def test_annotations_are_the_data_set_s(
    export_set: Dataset, tables: dict[str, dict[str, Any]]
) -> None:
    """Of all with points: boxes of cars where the camera's labels have them, counts of points."""
    samples = {row["token"]: row for row in tables["sample"].values()}
    found = 0
    for row in tables["sample_annotation"].values():
        sample = samples[row["sample_token"]]
        scene = export_set.scene(tables["scene"][sample["scene_token"]]["name"])
        category = tables["category"][tables["instance"][row["instance_token"]]["category_token"]][
            "name"
        ]
        assert category in CATEGORIES
        if category != "vehicle.car" or row["num_lidar_pts"] == 0:
            continue
        data = next(
            data
            for data in tables["sample_data"].values()
            if data["sample_token"] == row["sample_token"] and "LIDAR_TOP" in data["filename"]
        )
        ego = tables["ego_pose"][data["ego_pose_token"]]
        number = round((sample["timestamp"] % 1_000_000_000) / 500_000)
        labels = scene.sweeps("roof")[number].labels
        moved = np.array(ego["translation"]) - np.array(labels.ego.world_from_body)[:3, 3]
        ours = [o for o in labels.objects if o.num_points == row["num_lidar_pts"]]
        gaps = [
            np.linalg.norm(
                (np.array(row["translation"]) - moved)[:2] - np.array(o.position_world_m)[:2]
            )
            for o in ours
        ]
        assert min(gaps) < 0.6, row  # the box's middle, against the body's origin
        found += 1
    assert found > 50


def test_the_project_s_own_adapter_opens_it(nuscenes: Path, export_set: Dataset) -> None:
    found = open_set(
        "nuscenes", nuscenes, {"channels": "all", "splits": "v1.0-trainval/splits.json"}
    )
    assert len(found.records) == sum(len(scene.frames()) for scene in export_set)
    sides = Source(export_set, validation=VALIDATION)
    matched = 0
    for record in found.records[::7]:
        assert record.split == f"scenegen_{sides.split(record.group)}"
        sensor = {"CAM_FRONT": "front", "CAM_BACK": "rear"}[str(record.attributes["channel"])]
        number = record.order % 1_000_000_000 // 500_000
        boxes = found.loader.boxes(record)
        for label in export_set.scene(record.group).frames(sensor)[number].labels.objects:
            if label.category != "car" or label.truncation > 0:
                continue
            left, top, right, bottom = np.clip(label.box2d_amodal, 0, [320, 192, 320, 192])
            low = boxes.xyxy[:, :2] <= np.array([left, top]) + 1.5
            high = boxes.xyxy[:, 2:] >= np.array([right, bottom]) - 1.5
            assert (low.all(axis=1) & high.all(axis=1)).any()
            matched += 1
    assert matched > 10


UNDEFINED = {
    "barrier": {"vel_err", "attr_err"},
    "traffic_cone": {"orient_err", "vel_err", "attr_err"},
}
"""Errors that nuScenes' evaluation doesn't define for a class."""


def _errors(found: dict[str, float]) -> set[str]:
    """Return which of a class's errors are not 0."""
    return {kind for kind, value in found.items() if value != 0.0}


@pytest.mark.slow
def test_the_devkit_loads_renders_and_scores(
    nuscenes: Path, export_set: Dataset, checkers: Path, tmp_path: Path
) -> None:
    """The truth itself has average precision 1 and no error for every class that is there.

    Classes that no scene has count as 0 in the devkit's means.
    """
    splits = ("scenegen_train", "scenegen_val")
    said = answer(checkers, "read_nuscenes.py", nuscenes, tmp_path, *splits)
    assert said["samples"] == sum(len(scene.sweeps()) for scene in export_set)
    clouds = said["clouds"]
    assert clouds["lidar"] == sum(len(s.points) for scene in export_set for s in scene.sweeps())
    assert clouds["radar"] == sum(len(s.points) for scene in export_set for s in scene.scans())
    assert clouds["inside"] / clouds["counted"] > 0.99
    assert said["on_road"] == 1.0
    for scores in said["scores"].values():
        assert sum(scores["boxes"].values()) > 100
        assert {"car", "pedestrian"} <= scores["AP"].keys()
        for name, precision in scores["AP"].items():
            assert precision == pytest.approx(1.0, abs=1e-9), name
            assert _errors(scores["errors"][name]) == UNDEFINED.get(name, set())
        assert scores["mAP"] == pytest.approx(len(scores["AP"]) / 10)
    assert len(said["scores"]["scenegen_train"]["AP"]) >= 6
    assert set(said["pictures"]) == {
        *("CAM_FRONT.png", "LIDAR_TOP.png", "RADAR_FRONT.png", "points.png", "sample.png")
    }
    assert min(said["pictures"].values()) > 20_000


DETECTED = {
    *("car", "truck", "bus", "trailer", "construction_vehicle", "pedestrian", "motorcycle"),
    *("bicycle", "traffic_cone", "barrier"),
}


@pytest.fixture(scope="module")
def ten_classes(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Return a scene that has all classes of the detection task within their ranges."""
    out = tmp_path_factory.mktemp("ten") / "set"
    keys = {
        "scenario": str(Path(__file__).with_name("ten_classes.yaml")),
        "num_scenes": 1,
        "out": str(out),
        "sensors": SENSORS | {"roof": SENSORS["roof"] | {"channels": 32, "columns": 1024}},
        "quality": "fast",
    }
    assert not generate(GenerateConfig.parse(keys), io.StringIO()).failed
    return open_dataset(out)


@pytest.mark.slow
def test_the_truth_of_all_ten_classes_has_map_one(
    ten_classes: Dataset, checkers: Path, tmp_path: Path
) -> None:
    out = written(write_nuscenes, Source(ten_classes), tmp_path / "out")
    (tmp_path / "scores").mkdir()
    said = answer(checkers, "read_nuscenes.py", out, tmp_path / "scores", "scenegen_train")
    scores = said["scores"]["scenegen_train"]
    assert scores["boxes"].keys() == DETECTED
    assert min(scores["boxes"].values()) >= 3
    assert scores["mAP"] == pytest.approx(1.0, abs=1e-9)
    assert scores["NDS"] == pytest.approx(1.0, abs=1e-6)
    assert min(said["pictures"].values()) > 20_000


@pytest.mark.slow
def test_the_example_runs(nuscenes: Path, checkers: Path) -> None:
    assert "annotations" in run_example(checkers, "nuScenes", "outputs/nuscenes", nuscenes)


def test_equal_sets_give_equal_bytes(nuscenes: Path, export_set: Dataset, tmp_path: Path) -> None:
    again = written(write_nuscenes, Source(export_set, validation=VALIDATION), tmp_path / "out")
    assert digests(again) == digests(nuscenes)


def test_key_frames_are_the_nearest() -> None:
    def readings(times: list[float]) -> list[Any]:
        return [SimpleNamespace(entry=SimpleNamespace(time_s=time)) for time in times]

    assert sample_times([i / 10 for i in range(20)]) == [0.0, 0.5, 1.0, 1.5]
    found = placed(readings([0.0, 0.1, 0.4, 0.52, 0.9]), [0.0, 0.5, 1.5])
    assert [one.key for one in found] == [True, False, False, True, False]
    assert [one.sample for one in found] == [0, 0, 1, 1, 1]


def test_sensors_have_nuscenes_names() -> None:
    looks = {"a": 0.0, "b": 0.9, "c": -2.0, "d": 3.1, "e": 0.05}
    sensors: dict[str, Any] = {name: CameraSpec(yaw_rad=yaw) for name, yaw in looks.items()}
    sensors |= {"top": LidarSpec(), "xtra": LidarSpec(), "r": RadarSpec(yaw_rad=3.1)}
    scenario: Any = SimpleNamespace(sensors=sensors)
    found = {name: channel for name, (channel, _) in channels_of(scenario, list(sensors)).items()}
    assert found == {
        "a": "CAM_FRONT",
        "b": "CAM_FRONT_LEFT",
        "c": "CAM_BACK_RIGHT",
        "d": "CAM_BACK",
        "e": "CAM_E",
        "r": "RADAR_BACK_LEFT",
        "top": "LIDAR_TOP",
        "xtra": "LIDAR_XTRA",
    }
    assert [visibility_level(share) for share in (0.0, 0.39, 0.4, 0.7, 0.8, 1.0)] == [
        *("1", "1", "2", "3", "4", "4")
    ]


def test_an_empty_scan_is_one_point_of_nan() -> None:
    empty = Scan(np.zeros((0, 6), np.float32), np.zeros(0, np.uint16), np.zeros(0, np.uint16))
    reader: Any = SimpleNamespace(scan=empty, labels=None)
    data = scan_pcd(reader)
    assert b"WIDTH 1\n" in data
    body = data.split(b"DATA binary\n")[1]
    assert np.isnan(np.frombuffer(body[:4], "<f4")).all()
