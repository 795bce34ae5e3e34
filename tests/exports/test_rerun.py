"""Recordings are verified and read back by rerun's own tools, and hold what the data set does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from rerun.chunk import RrdReader

from scenegen.dataset import Dataset, SceneReader
from scenegen.exports import Source
from scenegen.exports.rerun import write_rerun
from scenegen.exports.rerun.layout import JOINTS
from scenegen.geometry import pose as pose_of
from scenegen.records.motion_labels import Intention
from scenegen.records.taxonomy import CLASS_BY_NAME
from tests.exports.documented import example
from tests.exports.trees import written

ANY_VALUES = {"intensity", "instance_id", "occlusion", "behaviour", "visibility", "lane"}
Rows = dict[float | None, dict[str, Any]]


def rerun(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rerun", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def recordings(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("rerun") / "out"
    return written(write_rerun, Source(export_set), out)


@pytest.fixture(scope="module")
def scene(export_set: Dataset) -> SceneReader:
    return next(scene for scene in export_set if scene.manifest.scenario == "crowd_at_zebra_1")


@pytest.fixture(scope="module")
def entities(recordings: Path, scene: SceneReader) -> dict[str, Rows]:
    """Return components by entity and time (None of what holds for good), as rerun reads them."""
    found: dict[str, Rows] = {}
    for chunk in RrdReader(recordings / f"{scene.id}.rrd").stream().to_chunks():
        batch = chunk.to_record_batch()
        times = [None] * batch.num_rows
        if not chunk.is_static:
            times = [value.total_seconds() for value in batch.column("time").to_pylist()]
        rows = found.setdefault(str(chunk.entity_path), {})
        for name in batch.schema.names:
            if ":" not in name and name not in ANY_VALUES:
                continue
            for time, value in zip(times, batch.column(name).to_pylist(), strict=True):
                if value is not None:
                    rows.setdefault(time, {})[name] = value
    return found


def at(rows: Rows, time_s: float) -> dict[str, Any]:
    return rows[min((t for t in rows if t is not None), key=lambda t: abs(t - time_s))]


def test_rerun_verifies_every_recording(export_set: Dataset, recordings: Path) -> None:
    paths = sorted(recordings.iterdir())
    assert [path.stem for path in paths] == list(export_set.scene_ids)
    result = rerun("rrd", "verify", *paths)
    assert result.returncode == 0, result.stderr
    assert f"{len(paths)} files verified without error" in result.stdout + result.stderr


def test_equal_sets_give_equal_recordings(
    export_set: Dataset, recordings: Path, tmp_path: Path
) -> None:
    written(write_rerun, Source(export_set), tmp_path / "again")
    for path in recordings.iterdir():
        result = rerun("rrd", "compare", "--unordered", path, tmp_path / "again" / path.name)
        assert result.returncode == 0, result.stderr[-2000:]


def test_pictures_are_those_of_the_data_set(scene: SceneReader, entities: dict[str, Rows]) -> None:
    for frame in scene.frames()[::5]:
        labels, entity = frame.labels, f"/world/cameras/{frame.sensor}"
        rgb = at(entities[f"{entity}/rgb"], labels.time_s)["EncodedImage:blob"][0]
        assert bytes(rgb) == frame.path("rgb").read_bytes()
        depth = at(entities[f"{entity}/depth"], labels.time_s)
        stored = cv2.imdecode(
            np.array(depth["EncodedDepthImage:blob"][0], np.uint8), cv2.IMREAD_UNCHANGED
        )
        there = np.isfinite(frame.depth_m)
        metres = stored / depth["EncodedDepthImage:meter"][0]
        assert np.array_equal(metres[there], frame.depth_m[there])
        for layer, dtype in (("semantic", np.uint8), ("instance", np.uint16)):
            buffer = at(entities[f"{entity}/{layer}"], labels.time_s)["SegmentationImage:buffer"][0]
            picture = np.array(buffer, np.uint8).view(dtype).reshape(192, 320)
            assert np.array_equal(picture, getattr(frame, layer))
        boxes = at(entities[f"{entity}/objects"], labels.time_s)
        assert boxes["instance_id"] == [o.instance_id for o in labels.objects]
        middles = np.array(boxes.get("Boxes2D:centers") or [], float).reshape(-1, 2)
        halves = np.array(boxes.get("Boxes2D:half_sizes") or [], float).reshape(-1, 2)
        expected = np.array([o.box2d_visible for o in labels.objects]).reshape(-1, 4)
        assert np.allclose(np.hstack([middles - halves, middles + halves]), expected, atol=1e-4)


def test_cameras_stand_where_they_stood(scene: SceneReader, entities: dict[str, Rows]) -> None:
    rows = entities["/world/cameras/front"]
    for frame in scene.frames("front"):
        labels = frame.labels
        row = at(rows, labels.time_s)
        pose = np.array(labels.camera.world_from_camera)
        assert np.allclose(row["Transform3D:translation"][0], pose[:3, 3], atol=1e-4)
        turn = np.array(row["Transform3D:mat3x3"][0]).reshape(3, 3).T  # by columns
        assert np.allclose(turn, pose[:3, :3], atol=1e-6)
    matrix = np.array(rows[None]["Pinhole:image_from_camera"][0]).reshape(3, 3).T
    assert np.allclose(matrix, scene.frames("front")[0].labels.camera.K)


def test_boxes_of_actors_are_where_labels_have_them(
    scene: SceneReader, entities: dict[str, Rows]
) -> None:
    checked = 0
    for frame in scene.frames("front"):
        labels = frame.labels
        camera = np.array(labels.camera.world_from_camera)
        for label in labels.objects:
            rows = entities[f"/world/actors/{label.name}_{label.instance_id}"]
            moved = at(rows, labels.time_s)
            x, y, z, w = moved["Transform3D:quaternion"][0]
            body = pose_of(moved["Transform3D:translation"][0], (w, x, y, z))
            box = next(row for row in rows.values() if "Boxes3D:half_sizes" in row)
            middle = body[:3, :3] @ np.array(box["Boxes3D:centers"][0]) + body[:3, 3]
            expected = camera[:3, :3] @ np.array(label.box3d.center_m) + camera[:3, 3]
            assert np.allclose(middle, expected, atol=2e-3)
            size = 2 * np.array(box["Boxes3D:half_sizes"][0])
            assert np.allclose(size, label.box3d.size_m, atol=1e-5)
            assert box["Boxes3D:class_ids"] == [CLASS_BY_NAME[label.category].id]
            checked += 1
    assert checked > 50


def test_joints_are_where_labels_have_them(scene: SceneReader, entities: dict[str, Rows]) -> None:
    frame = scene.frames("front")[4]
    labels = frame.labels
    camera = np.array(labels.camera.world_from_camera)
    people = [label for label in labels.objects if label.skeleton]
    assert people
    for label in people:
        row = at(entities[f"/world/people/{label.name}_{label.instance_id}"], labels.time_s)
        names = [JOINTS[k] for k in row["Points3D:keypoint_ids"]]
        assert set(names) == set(label.skeleton)
        for name, point in zip(names, row["Points3D:positions"], strict=True):
            expected = camera[:3, :3] @ np.array(label.skeleton[name]) + camera[:3, 3]
            assert np.allclose(point, expected, atol=1e-4)


def test_motion_and_behaviour_are_those_of_the_labels(
    scene: SceneReader, entities: dict[str, Rows]
) -> None:
    seen = set()
    for frame in scene.frames("front"):
        labels, when = frame.labels, frame.labels.time_s
        said = at(entities["/world/motion/words"], when)
        told = dict(zip(said["instance_id"], map(json.loads, said["behaviour"]), strict=True))
        words = dict(zip(said["instance_id"], said["Points3D:labels"], strict=True))
        arrows = at(entities["/world/motion/acceleration"], when)
        rates = dict(zip(said["instance_id"], arrows["Arrows3D:vectors"], strict=True))
        for label in labels.objects:
            assert np.allclose(rates[label.instance_id], label.acceleration_world_mps2, atol=1e-5)
            assert told[label.instance_id].get("right_of_way") == label.right_of_way
            if label.intention is not None:
                known = Intention.model_validate(told[label.instance_id]["intention"])
                assert known == label.intention
                assert ("seen_ego" in words[label.instance_id]) == label.intention.seen_ego
                seen.add("intention")
        ego = scene.scenario.ego.instance_id
        for pair in labels.pairs or []:
            if pair.a == ego:
                (gap,) = at(entities[f"/plots/pairs/gap_m/{pair.b}"], when)["Scalars:scalars"]
                assert gap == pair.gap_m
                times = at(entities[f"/plots/pairs/ttc_s/{pair.b}"], when)["Scalars:scalars"]
                assert times == ([] if pair.ttc_s is None else [pair.ttc_s])
                seen.add("pair")
        assert labels.ego.controls is not None
        (brake,) = at(entities["/plots/controls/brake"], when)["Scalars:scalars"]
        assert brake == labels.ego.controls.brake
        assert at(entities["/plots/ego"], when)["lane"] == [labels.ego.lane]
        signs = at(entities["/world/cameras/front/signs"], when).get("Boxes2D:labels") or []
        assert signs == [sign.code for sign in labels.signs]
    assert seen == {"intention", "pair"}


def test_points_are_in_the_world(scene: SceneReader, entities: dict[str, Rows]) -> None:
    for sweep in scene.sweeps("roof")[::3]:
        row = at(entities["/world/lidars/roof"], sweep.labels.time_s)
        assert np.allclose(row["Points3D:positions"], sweep.points_world(), atol=1e-3)
        assert row["Points3D:class_ids"] == sweep.semantic.tolist()
        assert np.allclose(row["intensity"], sweep.points[:, 3])
    for scan in scene.scans("ahead")[::3]:
        row = at(entities["/world/radars/ahead"], scan.labels.time_s)
        assert np.allclose(row["Points3D:positions"], scan.points_world(), atol=1e-3)
        arrows = at(entities["/world/radars/ahead/speeds"], scan.labels.time_s)
        speeds = np.linalg.norm(arrows["Arrows3D:vectors"], axis=1)
        assert np.allclose(speeds, abs(scan.labels.over_ground(scan.scan)), atol=1e-3)


def test_the_run_is_there_at_every_step(scene: SceneReader, entities: dict[str, Rows]) -> None:
    run = scene.trajectory
    ego = {t: row for t, row in entities["/world/ego"].items() if "Transform3D:translation" in row}
    assert np.allclose(sorted(ego), run.time_s, atol=1e-6)
    speeds = entities["/plots/ego/speed_mps"]
    assert len(speeds) == len(run.time_s)
    assert {"/world/lanes", "/scenario"} <= entities.keys()
    events = [row for name, rows in entities.items() if "events" in name for row in rows.values()]
    assert any("crossing" in row["TextLog:text"][0] for row in events)


def test_the_documented_example_runs(
    recordings: Path, scene: SceneReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "rerun").symlink_to(recordings)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(example("Rerun"), names)
    assert "/world/cameras/front/rgb" in names["entities"]
