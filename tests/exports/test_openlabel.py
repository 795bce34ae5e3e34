"""OpenLABEL files: vcd validates them and measures as we do; our reader gives the truth back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pycocotools import mask as coco

from scenegen.dataset import Dataset
from scenegen.errors import DatasetError
from scenegen.exports import Source
from scenegen.exports.openlabel import read_openlabel, write_openlabel
from scenegen.exports.openlabel.builder import Elements, intervals
from scenegen.exports.openlabel.rig import intrinsics
from scenegen.geometry import apply, inverse, matrix_from_quaternion
from scenegen.records.labels import CameraLabel
from tests.exports.outside import example_for, run_outside
from tests.exports.trees import written

CAMERAS = ("front", "rear")


@pytest.fixture(scope="module")
def exported(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("openlabel") / "out"
    return written(write_openlabel, Source(export_set), out)


def test_vcd_validates_and_sees_what_the_labels_say(
    exported: Path, export_set: Dataset, checkers: Path
) -> None:
    code = Path(__file__).with_name("read_openlabel.py").read_text()
    found = json.loads(run_outside(checkers, code, exported, *CAMERAS).splitlines()[-1])
    assert found.keys() == set(export_set.scene_ids)
    seen = 0
    for scene in export_set:
        for frame in scene.frames():
            labels = frame.labels
            there = found[scene.id][f"{frame.index} {frame.sensor}"]
            assert there.keys() == {str(o.instance_id) for o in labels.objects}
            for label in labels.objects:
                *middle, u, v = there[str(label.instance_id)]
                assert middle == pytest.approx(label.box3d.center_m, abs=1e-6)
                if label.box3d.center_m[2] > 0.5:
                    pixel = labels.camera.camera().project([label.box3d.center_m])[0]
                    assert (u, v) == pytest.approx(pixel.tolist(), abs=1e-6)
                    seen += 1
    assert seen > 300


def test_read_back_equal(exported: Path, export_set: Dataset) -> None:
    for scene in export_set:
        read = read_openlabel(exported / f"{scene.id}.json")
        assert read.name == scene.id
        for frame in scene.frames():
            labels, instance = frame.labels, frame.instance
            assert read.times_s[frame.index] == labels.time_s
            np.testing.assert_array_equal(
                read.world_from_ego[frame.index], labels.ego.world_from_body
            )
            here = {o.uid: o for o in read.frames[frame.index]}
            for label in labels.objects:
                found = here[label.instance_id]
                assert (found.name, found.type) == (label.name, label.category)
                box = found.boxes[f"{frame.sensor}.visible"]
                assert box == pytest.approx(label.box2d_visible, abs=1e-9)
                box = found.boxes[f"{frame.sensor}.amodal"]
                assert box == pytest.approx(label.box2d_amodal, abs=1e-9)
                assert found.values["velocity"] == list(label.velocity_world_mps)
                assert found.values.get("intent") == label.intent
                assert found.values.get("lamps") == label.lamps
                _same_box(found.box3d, label.box3d, labels.camera.world_from_camera)
                rings = [
                    ring.ravel().tolist()
                    for name, ring in found.outlines.items()
                    if name.startswith(f"{frame.sensor}.mask.")
                ]
                runs = coco.merge(coco.frPyObjects(rings, *instance.shape))
                mask = coco.decode(runs).astype(bool)
                np.testing.assert_array_equal(mask, instance == label.instance_id)
                for joint, place in (label.skeleton or {}).items():
                    world = apply(np.array(labels.camera.world_from_camera), np.array([place]))
                    assert found.points[joint] == pytest.approx(world[0].tolist(), abs=1e-9)


def _same_box(found, label, world_from_camera) -> None:
    back = inverse(np.array(world_from_camera))
    assert found.size_m == label.size_m
    center = apply(back, np.array([found.center_m]))[0]
    np.testing.assert_allclose(center, label.center_m, atol=1e-9)
    turn = back[:3, :3] @ matrix_from_quaternion(found.quaternion_wxyz)
    np.testing.assert_allclose(turn, matrix_from_quaternion(label.quaternion_wxyz), atol=1e-9)


def test_ranging_sensors_say_how_many_points(exported: Path, export_set: Dataset) -> None:
    counted = 0
    for scene in export_set:
        read = read_openlabel(exported / f"{scene.id}.json")
        for reading in (*scene.sweeps(), *scene.scans()):
            labels = reading.labels
            here = {o.uid: o for o in read.frames[read.times_s.index(labels.time_s)]}
            for label in labels.objects:
                name = f"{reading.sensor}.num_points"
                assert here[label.instance_id].values[name] == label.num_points
                counted += 1
    assert counted > 100


def test_lines_signals_actions_and_contacts_are_there(exported: Path, export_set: Dataset) -> None:
    states, intents, contacts = set(), set(), 0
    for scene in export_set:
        content = json.loads((exported / f"{scene.id}.json").read_bytes())["openlabel"]
        read = read_openlabel(exported / f"{scene.id}.json")
        for frame in scene.frames("front"):
            labels = frame.labels
            here = read.frames[frame.index]
            lights = {o.name: o for o in here if o.type == "traffic light"}
            assert lights.keys() == {s.id for s in labels.signals}
            for head in labels.signals:
                assert lights[head.id].values["state"] == head.state
                states.add(head.state)
            lines = {o.name for o in here if o.type == "lane line"}
            assert {line.id for line in labels.lanes} <= lines
            intents |= {o.intent for o in labels.objects if o.intent not in (None, "none")}
        actions = content.get("actions", {})
        relations = content.get("relations", {}).values()
        done = {r["rdf_objects"][0]["uid"] for r in relations if r["type"] == "isSubjectOfAction"}
        assert done == actions.keys()
        intents -= {action["type"] for action in actions.values()}
        contacts += len(content.get("events", {}))
    assert states >= {"flashing_amber_on", "flashing_amber_off"}
    assert not intents
    assert contacts > 0


def test_motion_and_behaviour_stand_beside_their_actor(exported: Path, export_set: Dataset) -> None:
    seen: set[str] = set()
    for scene in export_set:
        read = read_openlabel(exported / f"{scene.id}.json")
        ego = scene.scenario.ego.instance_id
        for frame in scene.frames():
            labels = frame.labels
            here = {o.uid: o for o in read.frames[frame.index]}
            for label in labels.objects:
                said = here[label.instance_id].values
                assert said["acceleration"] == list(label.acceleration_world_mps2 or ())
                assert said["angular_velocity"] == list(label.angular_velocity_world_radps or ())
                assert said.get("right_of_way") == label.right_of_way
                assert said.get("lamps_on") == label.lamps_on
                assert said.get("lane.id") == (label.lane and label.lane.id)
                assert said.get("lane.index") == (label.lane and label.lane.index)
                for key in ("will_cross", "time_to_crossing_s", "seen_ego"):
                    known = label.intention and getattr(label.intention, key)
                    assert said.get(f"intention.{key}") == known
            mine = here[ego].values
            assert mine["acceleration"] == list(labels.ego.acceleration_world_mps2 or ())
            assert mine["lane"] == labels.ego.lane
            assert labels.ego.controls is not None
            assert mine["controls.brake"] == labels.ego.controls.brake
            for pair in labels.pairs or []:
                if {pair.a, pair.b} <= here.keys():
                    said = here[pair.a].values
                    assert said[f"to.{pair.b}.gap_m"] == pair.gap_m
                    assert said.get(f"to.{pair.b}.ttc_s") == pair.ttc_s
                    assert said.get(f"to.{pair.b}.pet_s") == pair.pet_s
                    seen.add("pair")
            named = {o.name: o for o in here.values()}
            for sign in labels.signs:
                assert named[sign.id].type == "traffic sign"
                assert named[sign.id].values["code"] == sign.code
                assert named[sign.id].boxes[f"{frame.sensor}.plates"] == sign.box2d_visible
                seen.add("sign")
            for head in labels.signals:
                said = named[head.id].values
                assert (said.get("countdown_s"), said.get("next_state")) == (
                    head.countdown_s,
                    head.next_state,
                )
                seen.add("signal")
            for line in labels.lanes:
                assert named[line.id].values.get("ego_index") == line.ego_index
    assert seen == {"pair", "sign", "signal"}


def test_who_goes_first_is_a_relation(exported: Path, export_set: Dataset) -> None:
    found = 0
    for scene in export_set:
        content = json.loads((exported / f"{scene.id}.json").read_bytes())["openlabel"]
        ego = scene.scenario.ego.instance_id
        expected = set()
        for frame in scene.frames():
            for label in frame.labels.objects:
                if label.right_of_way == "has":
                    expected.add((label.instance_id, ego, frame.index))
                elif label.right_of_way == "yields":
                    expected.add((ego, label.instance_id, frame.index))
        told = set()
        for uid, relation in content.get("relations", {}).items():
            if relation["type"] == "goesBefore":
                (first,), (then,) = relation["rdf_subjects"], relation["rdf_objects"]
                frames = [n for n, f in content["frames"].items() if uid in f.get("relations", {})]
                assert intervals(map(int, frames)) == relation["frame_intervals"]
                told |= {(int(first["uid"]), int(then["uid"]), int(n)) for n in frames}
        assert told == expected
        found += len(told)
    assert found > 0


def test_files_are_where_the_streams_say(exported: Path, export_set: Dataset) -> None:
    scene = next(iter(export_set))
    content = json.loads((exported / f"{scene.id}.json").read_bytes())["openlabel"]
    frame = scene.frames("rear")[2]
    streams = content["frames"]["2"]["frame_properties"]["streams"]
    assert streams.keys() == set(scene.sensors) == content["streams"].keys()
    uri = streams["rear"]["uri"]
    assert (exported / uri).read_bytes() == frame.path("rgb").read_bytes()


def test_runs_of_frames() -> None:
    assert intervals([4, 1, 2, 1]) == [
        {"frame_start": 1, "frame_end": 2},
        {"frame_start": 4, "frame_end": 4},
    ]
    elements = Elements("object")
    elements.tell(1, "a", "car", 0, [("num", {"name": "x", "val": 1.0})])
    elements.tell(1, "a", "car", 0, [("num", {"name": "x", "val": 2.0})])
    assert elements.in_frame(0) == {"1": {"object_data": {"num": [{"name": "x", "val": 1.0}]}}}
    with pytest.raises(ValueError, match="x of a is both num and text"):
        elements.tell(1, "a", "car", 1, [("text", {"name": "x", "val": "1"})])


LENSES = {
    "brown_conrady": [-0.3, 0.09, 0.001, -0.0005, -0.01],
    "kannala_brandt": [0.02, -0.004, 0.001, -0.0002],
}
PROJECT = """
import json, sys
import numpy as np
from vcd import scl
said, points = json.loads(sys.argv[1])
kind = scl.CameraFisheye if "intrinsics_fisheye" in said else scl.CameraPinhole
(key,) = [key for key in said if key.startswith("intrinsics_")]
pixels, _ = kind(said[key], "a", "b", "c").project_points3d(np.array(points).T)
print(json.dumps(pixels[:2].T.tolist()))
"""


@pytest.mark.parametrize("model", LENSES)
def test_vcd_sees_through_lenses_as_we_do(model: str, checkers: Path) -> None:
    pose = np.eye(4).tolist()
    label = CameraLabel(
        K=[[300.0, 0.0, 320.0], [0.0, 310.0, 200.0], [0.0, 0.0, 1.0]],
        distortion=LENSES[model],
        width=640,
        height=400,
        world_from_camera=pose,
        next_world_from_camera=pose,
        near_m=0.1,
        far_m=100.0,
        model=model,
        field_rad=1.6,
    )
    # Not on the axis: there vcd's fisheye divides by zero.
    points = [[0.1, 0.0, 5.0], [1.0, -0.5, 4.0], [-2.0, 1.0, 6.0], [0.3, 0.8, 2.0]]
    ours = label.camera().project(points)
    asked = json.dumps([intrinsics(label), [[*point, 1.0] for point in points]])
    theirs = json.loads(run_outside(checkers, PROJECT, asked).splitlines()[-1])
    np.testing.assert_allclose(theirs, ours, atol=1e-3)


def test_documented_lines_run(exported: Path, checkers: Path) -> None:
    code = example_for("OpenLABEL", exported) + "\nprint(len(shapes))"
    assert int(run_outside(checkers, code).splitlines()[-1]) > 0


def test_damage_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"x\.json: can't be read"):
        read_openlabel(tmp_path / "x.json")
    (tmp_path / "x.json").write_text('{"openlabel": {}}')
    with pytest.raises(DatasetError, match=r"x\.json: KeyError: 'frames'"):
        read_openlabel(tmp_path / "x.json")
