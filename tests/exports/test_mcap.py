"""MCAP files are read back by mcap's own reader, by the schemas that they bring along."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mcap.reader import make_reader
from mcap_protobuf.decoder import DecoderFactory

from scenegen.dataset import Dataset, SceneReader
from scenegen.exports import Source
from scenegen.exports.mcap import write_mcap
from scenegen.geometry import pose as pose_of
from scenegen.records import FrameLabels, ScanLabels, SweepLabels
from tests.exports.documented import example
from tests.exports.trees import written

Messages = dict[str, dict[int, Any]]
"""By topic and time; of several of one time the last."""
NUMBERS = {3: "<u2", 5: "<u4", 7: "<f4"}


class JsonDecoders:
    """Decodes the messages without a schema."""

    def decoder_for(self, encoding: str, schema: Any) -> Any:
        return json.loads if encoding == "json" and schema is None else None


def matrix(position: Any, turn: Any) -> np.ndarray:
    return pose_of((position.x, position.y, position.z), (turn.w, turn.x, turn.y, turn.z))


@pytest.fixture(scope="module")
def exported(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("mcap") / "out"
    return written(write_mcap, Source(export_set), out)


@pytest.fixture(scope="module")
def scene(export_set: Dataset) -> SceneReader:
    return next(scene for scene in export_set if scene.manifest.scenario == "crowd_at_zebra_1")


@pytest.fixture(scope="module")
def messages(exported: Path, scene: SceneReader) -> Messages:
    """Return messages by topic and time, decoded by the schemas in the file."""
    found: Messages = defaultdict(dict)
    with (exported / f"{scene.id}.mcap").open("rb") as file:
        reader = make_reader(file, decoder_factories=[DecoderFactory(), JsonDecoders()])
        for _, channel, message, content in reader.iter_decoded_messages():
            found[channel.topic][message.log_time] = content
    return found


def ns(time_s: float) -> int:
    return round(time_s * 1e9)


def fields_of(cloud: Any) -> np.ndarray:
    kinds = np.dtype([(field.name, NUMBERS[field.type]) for field in cloud.fields])
    assert kinds.itemsize == cloud.point_stride
    assert [kinds.fields[field.name][1] for field in cloud.fields] == [
        field.offset for field in cloud.fields
    ]
    return np.frombuffer(cloud.data, kinds)


def test_files_are_whole_and_in_the_order_of_time(export_set: Dataset, exported: Path) -> None:
    assert sorted(path.stem for path in exported.iterdir()) == list(export_set.scene_ids)
    for path in exported.iterdir():
        with path.open("rb") as file:
            reader = make_reader(file, validate_crcs=True)
            times = [m.log_time for _, _, m in reader.iter_messages(log_time_order=False)]
            assert times == sorted(times)
            summary = reader.get_summary()
            assert summary is not None
            assert {s.name.split(".")[0] for s in summary.schemas.values()} == {"foxglove"}
            names = {record.name for record in reader.iter_metadata()}
            assert names == {"scenegen", "parameters"}


def test_another_reader_finds_nothing_wrong(exported: Path) -> None:
    for path in exported.iterdir():
        command = [sys.executable, "-m", "rerun", "mcap", "check", str(path)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout
        rows = [line for line in result.stdout.splitlines() if "/" in line and "mcap" not in line]
        assert len(rows) >= 20
        assert all(row.startswith("ok") for row in rows)


def test_pictures_are_those_of_the_data_set(scene: SceneReader, messages: Messages) -> None:
    for frame in scene.frames()[::5]:
        labels, topic = frame.labels, f"/{frame.sensor}"
        when = ns(labels.time_s)
        picture = messages[f"{topic}/image"][when]
        assert (picture.format, picture.frame_id) == ("png", frame.sensor)
        assert picture.data == frame.path("rgb").read_bytes()
        assert picture.timestamp.seconds * 10**9 + picture.timestamp.nanos == when
        for layer, kind, truth in (
            ("depth", "<f4", frame.depth_m),
            ("semantic", "u1", frame.semantic),
            ("instance", "<u2", frame.instance),
        ):
            raw = messages[f"{topic}/{layer}"][when]
            numbers = np.frombuffer(raw.data, kind).reshape(raw.height, raw.step // int(kind[-1]))
            assert np.array_equal(numbers, truth)
        calibration = messages[f"{topic}/calibration"][when]
        K = np.array(labels.camera.K)
        K[:2, 2] -= 0.5
        assert np.allclose(np.reshape(calibration.K, (3, 3)), K)
        assert (calibration.width, calibration.height) == (320, 192)


def test_labels_are_drawn_where_they_are(scene: SceneReader, messages: Messages) -> None:
    boxes = strips = bones = 0
    for frame in scene.frames():
        labels = frame.labels
        drawn = messages[f"/{frame.sensor}/annotations"][ns(labels.time_s)]
        by_kind = defaultdict(list)
        for part in drawn.points:
            by_kind[part.type].append(part)
        named = [{pair.key: pair.value for pair in part.metadata} for part in by_kind[2]]
        shown = [*labels.objects, *labels.signs]
        for part, label in zip(by_kind[2], shown, strict=True):
            corners = np.array([(p.x, p.y) for p in part.points]) + 0.5
            assert np.allclose([*corners.min(0), *corners.max(0)], label.box2d_visible)
        pairs = {p.b: p for p in labels.pairs or [] if p.a == scene.scenario.ego.instance_id}
        for about, label in zip(named, labels.objects, strict=False):
            assert about["instance_id"] == str(label.instance_id)
            assert float(about["occlusion"]) == label.occlusion
            assert about["acceleration_world_mps2"] == str(list(label.acceleration_world_mps2))
            assert about.get("right_of_way") == label.right_of_way
            if label.intention is not None:
                assert about["intention.seen_ego"] == str(label.intention.seen_ego)
            assert float(about["ego.gap_m"]) == pairs[label.instance_id].gap_m
        for about, sign in zip(named[len(labels.objects) :], labels.signs, strict=True):
            assert about["code"] == sign.code
        heads = {pair.value for ring in drawn.circles for pair in ring.metadata if pair.key == "id"}
        assert heads == {s.id for s in labels.signals if s.position_px is not None}
        boxes += len(by_kind[2])
        strips += len(by_kind[3])
        bones += len(by_kind[4])
    assert min(boxes, strips, bones) > 20


def test_frames_lead_from_the_world_to_every_sensor(
    exported: Path, scene: SceneReader, messages: Messages
) -> None:
    placed: dict[tuple[int, str], tuple[str, np.ndarray]] = {}
    with (exported / f"{scene.id}.mcap").open("rb") as file:
        reader = make_reader(file, decoder_factories=[DecoderFactory()])
        for _, _, message, content in reader.iter_decoded_messages(topics=["/tf"]):
            for t in content.transforms:
                pose = matrix(t.translation, t.rotation)
                placed[message.log_time, t.child_frame_id] = (t.parent_frame_id, pose)
    assert {when for when, name in placed if name == "ego"} >= set(messages["/ego/pose"])
    assert len(messages["/ego/pose"]) == len(scene.trajectory.time_s)
    poses = [
        *((f.sensor, f.labels.time_s, f.labels.camera.world_from_camera) for f in scene.frames()),
        *((s.sensor, s.labels.time_s, s.labels.poses[0].world_from_sensor) for s in scene.sweeps()),
        *((s.sensor, s.labels.time_s, s.labels.world_from_sensor) for s in scene.scans()),
    ]
    for sensor, time_s, pose in poses:
        parent, ego_from_sensor = placed[ns(time_s), sensor]
        assert parent == "ego"
        parent, world_from_ego = placed[ns(time_s), "ego"]
        assert parent == "world"
        assert np.allclose(world_from_ego @ ego_from_sensor, pose, atol=1e-6)


def test_boxes_are_where_labels_have_them(scene: SceneReader, messages: Messages) -> None:
    checked = 0
    for frame in scene.frames("front"):
        labels = frame.labels
        camera = np.array(labels.camera.world_from_camera)
        update = messages["/objects"][ns(labels.time_s)]
        cubes = {entity.id: entity.cubes[0] for entity in update.entities}
        assert f"ego_{scene.scenario.ego.instance_id}" in cubes
        for label in labels.objects:
            cube = cubes[f"{label.name}_{label.instance_id}"]
            size = (cube.size.x, cube.size.y, cube.size.z)
            assert np.allclose(size, label.box3d.size_m, atol=1e-6)
            box = pose_of(label.box3d.center_m, label.box3d.quaternion_wxyz)
            found = matrix(cube.pose.position, cube.pose.orientation)
            assert np.allclose(found, camera @ box, atol=1e-3)
            checked += 1
        people = {entity.id for entity in messages["/people"][ns(labels.time_s)].entities}
        assert people >= {
            f"{label.name}_{label.instance_id}" for label in labels.objects if label.skeleton
        }
        lanes = {e.id: e.lines[0] for e in messages["/lanes"][ns(labels.time_s)].entities}
        for lane in labels.lanes:
            points = [(p.x, p.y, p.z) for p in lanes[lane.id].points]
            assert np.allclose(points, lane.points_world_m)
    assert checked > 50


def test_points_are_in_their_sensors_frame(scene: SceneReader, messages: Messages) -> None:
    for sweep in scene.sweeps("roof")[::3]:
        labels = sweep.labels
        rows = fields_of(messages["/roof/points"][ns(labels.time_s)])
        start = np.array(labels.poses[0].world_from_sensor)
        local = np.stack([rows[name] for name in "xyz"], axis=1).astype(float)
        world = local @ start[:3, :3].T + start[:3, 3]
        assert np.allclose(world, sweep.points_world(), atol=1e-3)
        assert np.array_equal(rows["intensity"], sweep.points[:, 3])
        assert np.array_equal(rows["semantic"], sweep.semantic)
        assert np.array_equal(rows["instance"], sweep.instance)
        assert np.allclose(labels.time_s + rows["offset_s"], sweep.point_times(), atol=1e-6)
    for scan in scene.scans("ahead")[::3]:
        rows = fields_of(messages["/ahead/points"][ns(scan.labels.time_s)])
        ranges = np.sqrt(rows["x"] ** 2 + rows["y"] ** 2 + rows["z"] ** 2)
        assert np.allclose(ranges, scan.points[:, 0], rtol=1e-5)
        assert np.array_equal(rows["radial_speed_mps"], scan.points[:, 3])


def test_labels_are_there_whole_as_json(scene: SceneReader, messages: Messages) -> None:
    for frame in scene.frames():
        said = messages[f"/{frame.sensor}/labels"][ns(frame.labels.time_s)]
        assert FrameLabels.model_validate(said) == frame.labels
    sweep, scan = scene.sweeps("roof")[1], scene.scans("ahead")[1]
    said = messages["/roof/labels"][ns(sweep.labels.time_s)]
    assert SweepLabels.model_validate(said) == sweep.labels
    said = messages["/ahead/labels"][ns(scan.labels.time_s)]
    assert ScanLabels.model_validate(said) == scan.labels


def test_motion_and_signs_stand_in_the_world(scene: SceneReader, messages: Messages) -> None:
    arrows = 0
    for frame in scene.frames("front"):
        labels, when = frame.labels, ns(frame.labels.time_s)
        movers = {entity.id: entity for entity in messages["/motion"][when].entities}
        for label in labels.objects:
            rate = np.array(label.acceleration_world_mps2)
            found = movers[f"{label.name}_{label.instance_id}"].arrows
            if np.linalg.norm(rate) > 0.05:
                (arrow,) = found
                place = matrix(arrow.pose.position, arrow.pose.orientation)
                length = arrow.shaft_length + arrow.head_length
                assert np.allclose(place[:3, 0] * length, rate, atol=1e-6)
                assert np.allclose(place[:3, 3], label.position_world_m)
                arrows += 1
            else:
                assert not found
        plates = {entity.id: entity.cubes[0] for entity in messages["/signs"][when].entities}
        for sign in labels.signs:
            place = matrix(plates[sign.id].pose.position, plates[sign.id].pose.orientation)
            ahead = (np.cos(sign.facing_rad), np.sin(sign.facing_rad), 0.0)
            assert np.allclose(place[:3, 0], ahead)
    assert arrows > 10


def test_who_goes_is_deleted(scene: SceneReader, messages: Messages) -> None:
    there: set[str] = set()
    for when in sorted(messages["/people"]):
        update = messages["/people"][when]
        there -= {deletion.id for deletion in update.deletions}
        there |= {entity.id for entity in update.entities}
        assert there == {entity.id for entity in update.entities}


def test_equal_sets_give_equal_bytes(export_set: Dataset, exported: Path, tmp_path: Path) -> None:
    written(write_mcap, Source(export_set), tmp_path / "again")
    for path in exported.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_the_documented_example_runs(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "mcap").symlink_to(exported)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(example("MCAP"), names)
    assert names["boxes"] > 100
