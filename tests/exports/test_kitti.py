"""KITTI's own world: others' readers find boxes, points, tracks and poses where they are."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.dataset import Dataset, FrameReader, SceneReader
from scenegen.errors import DatasetError, InputError
from scenegen.evaluate.adapters import open_set
from scenegen.exports import Source
from scenegen.exports.kitti import KittiObject, read_kitti, read_objects, read_tracks, write_kitti
from scenegen.exports.kitti.writing import _one_lidar
from scenegen.exports.pinholes import check_pinholes
from scenegen.exports.things import SceneThings
from scenegen.geometry import apply, inverse
from scenegen.records.lens_spec import LensSpec
from tests.exports.trees import answer, run_example, written

VALIDATION = 0.3


@pytest.fixture(scope="module")
def kitti(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = Source(export_set, validation=VALIDATION)
    return written(write_kitti, source, tmp_path_factory.mktemp("kitti") / "out")


@pytest.fixture(scope="module")
def frames(export_set: Dataset) -> list[tuple[SceneReader, FrameReader]]:
    """Return all frames in the order of their numbers."""
    return [(scene, frame) for scene in export_set for frame in scene.frames()]


def test_labels_are_the_data_set_s(
    kitti: Path, frames: list[tuple[SceneReader, FrameReader]]
) -> None:
    """Of every box of one actor: middle, size, heading, picture; of all: one line a thing."""
    pictures = list(read_kitti(kitti / "object"))
    assert [picture.number for picture in pictures] == list(range(len(frames)))
    cyclists = 0
    things = {id(scene): SceneThings(scene) for scene, _ in frames[::7]}
    for picture, (scene, frame) in list(zip(pictures, frames, strict=True))[::7]:
        labels = frame.labels
        seen = {label.instance_id: label for label in labels.objects}
        there = list(things[id(scene)].at(labels.time_s, seen))
        assert len(there) == len(picture.objects)
        for thing, found in zip(there, picture.objects, strict=True):
            if found.type == "DontCare":
                assert min(found.bbox[2] - found.bbox[0], found.bbox[3] - found.bbox[1]) < 1
                continue
            cyclists += found.type == "Cyclist"
            assert found.alpha == pytest.approx(
                math.remainder(
                    found.rotation_y - math.atan2(found.location[0], found.location[2]), math.tau
                ),
                abs=2e-4,
            )
            if len(thing.actors) > 1 or thing.lies:
                continue
            label = seen[thing.instance_id]
            length, width, height = label.box3d.size_m
            np.testing.assert_allclose(found.dimensions, (height, width, length), atol=6e-5)
            middle = np.array(found.location) - [0, height / 2, 0]
            np.testing.assert_allclose(middle, label.box3d.center_m, atol=2e-4)
            left, top, right, bottom = label.box2d_amodal
            size = [labels.camera.width, labels.camera.height] * 2
            expected = np.clip([left, top, right, bottom], 0, size) - [0, 0, 1, 1]
            np.testing.assert_allclose(found.bbox, expected, atol=6e-5)
            assert found.truncated == pytest.approx(label.truncation, abs=2e-4)
            assert found.occluded == (label.occlusion >= 0.1) + (label.occlusion >= 0.5)
    assert cyclists > 0


def test_points_land_on_their_instances(
    kitti: Path, frames: list[tuple[SceneReader, FrameReader]]
) -> None:
    """By the exported files alone, of what stands; and of all points, at the depth that is drawn.

    The LiDAR sits half a metre above the cameras, so it sees some of what is hidden from them.
    """
    hits = tries = near = drawn = 0
    for picture, (scene, frame) in list(zip(read_kitti(kitti / "object"), frames, strict=True)):
        labels = frame.labels
        sweep = next(s for s in scene.sweeps() if s.entry.time_s == pytest.approx(labels.time_s))
        points, instance = picture.points, sweep.instance
        assert len(points) == len(instance)
        there = apply(picture.calibration.camera_from_lidar, points[:, :3])
        image = there @ picture.calibration.K.T
        ahead = there[:, 2] > 0.5
        px = np.round(image[:, :2] / np.where(ahead, image[:, 2], 1)[:, None]).astype(int)
        size = [labels.camera.width, labels.camera.height]
        shown = ahead & ((px >= 2) & (px < np.array(size) - 2)).all(axis=1)
        ids, depth = frame.instance, frame.depth_m
        slow = [
            label.instance_id
            for label in labels.objects
            if np.linalg.norm(label.velocity_world_mps) < 0.05 and label.visible_px > 100
        ]
        for index in np.flatnonzero(shown & np.isin(instance, slow)):
            column, row = px[index]
            if depth[row, column] < there[index, 2] - 0.3:
                continue
            beside = ids[row - 1 : row + 2, column - 1 : column + 2]
            hits += int((beside == instance[index]).any())
            tries += 1
        # Farther off, a row of pixels holds metres of the road.
        close = (there[:, 2] < 15) & (sweep.semantic != 0)
        still = np.flatnonzero(shown & (instance == 0) & close)
        columns, rows = px[still].T
        deep = there[still, 2]
        steps = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        around = np.array([depth[rows + i, columns + j] for i, j in steps])
        gaps = np.abs(around - deep).min(axis=0)[depth[rows, columns] > deep - 0.3]
        near += int((gaps < 0.3).sum())
        drawn += len(gaps)
    assert tries > 500
    assert drawn > 10_000
    assert hits / tries > 0.99
    assert near / drawn > 0.98


def test_flow_leads_to_the_same_instance(kitti: Path) -> None:
    """And what leaves the picture has flow in ``flow_occ`` only."""
    folder = kitti / "flow" / "training"
    pairs = sorted(folder.glob("flow_occ/*_10.png"))
    assert len(pairs) == len(list(folder.glob("image_2/*_11.png"))) > 50
    left = 0
    for path in pairs[::20]:
        everywhere, within = (
            cv2.imread(str(folder / name / path.name), cv2.IMREAD_UNCHANGED)[..., ::-1].astype(int)
            for name in ("flow_occ", "flow_noc")
        )
        valid = within[..., 2] > 0
        assert (everywhere[valid] == within[valid]).all()
        rows, columns = np.nonzero(valid)
        flow = (within[valid][:, :2] - 2**15) / 64.0
        x, y = columns + 0.5 + flow[:, 0], rows + 0.5 + flow[:, 1]
        height, width = valid.shape
        assert ((x >= 0) & (x < width) & (y >= 0) & (y < height)).all()
        left += int(((everywhere[..., 2] > 0) & ~valid).sum())
    assert left > 1000


def test_the_project_s_own_adapters_open_it(
    kitti: Path, frames: list[tuple[SceneReader, FrameReader]]
) -> None:
    objects = open_set("kitti_object", kitti / "object")
    assert len(objects.records) == len(frames)
    groups = {record.group for record in objects.records}
    assert groups == {f"{scene.id}/{frame.sensor}" for scene, frame in frames}
    boxes = [objects.loader.boxes(record) for record in objects.records[::9]]
    assert sum(len(found.xyxy) for found in boxes) > 50
    semantic = open_set("kitti_semantic", kitti / "semantics")
    by_number = {record.id: record for record in semantic.records}
    for number in (0, 50, 120):
        record = by_number[f"train/{number:06d}_10"]
        ids = semantic.loader.semantic(record)
        ours = frames[number][1].semantic
        assert (ids[ours == 26] == 26).all()
        assert (ids[(ours == 7) | (ours == 40)] == 7).all()
        shown = frames[number][1].labels.objects
        cars = [label for label in shown if label.category == "car"]
        assert (semantic.loader.boxes(record).class_id == 26).sum() == len(cars)


def test_sides_of_scenes(kitti: Path, export_set: Dataset) -> None:
    source = Source(export_set, validation=VALIDATION)
    lists = {
        side: (kitti / "object" / "ImageSets" / f"{side}.txt").read_text().split()
        for side in ("train", "val")
    }
    for side, names in lists.items():
        frames = sum(len(s.frames()) for s in export_set if source.split(s.id) == side)
        assert len(names) == frames > 0
    depth = {path.name for path in (kitti / "depth" / "val").iterdir()}
    sides = {scene.id for scene in export_set if source.split(scene.id) == "val"}
    assert depth == {f"{scene}_{camera}" for scene in sides for camera in ("front", "rear")}


@pytest.mark.slow
def test_others_read_it(
    kitti: Path,
    frames: list[tuple[SceneReader, FrameReader]],
    checkers: Path,
    tmp_path: Path,
) -> None:
    """KittiDB's boxes, pykitti's poses, and TrackEval's scores of tracks against themselves."""
    found = answer(checkers, "read_kitti.py", kitti, tmp_path / "trackers")
    for name, said in found["objects"].items():
        scene, frame = frames[int(name)]
        _boxes_agree(said, scene, frame)
    sequences = dict.fromkeys((scene.id, frame.sensor) for scene, frame in frames)
    for (name, poses), (scene_id, sensor) in zip(found["oxts"].items(), sequences, strict=True):
        scene = next(scene for scene, _ in frames if scene.id == scene_id)
        ours = [np.array(frame.labels.ego.world_from_body) for frame in scene.frames(sensor)]
        for ego, theirs in zip(ours, poses, strict=True):
            expected = ego.copy()
            expected[:3, 3] -= ours[0][:3, 3]
            np.testing.assert_allclose(theirs, expected, atol=1e-5, err_msg=name)
    for scores in found["tracking"].values():
        assert scores["boxes"] > 20
        assert (scores["HOTA"], scores["MOTA"], scores["IDF1"]) == (1.0, 1.0, 1.0)
    assert {"P2", "R0_rect", "Tr_velo_to_cam"} <= found["calibration"].keys()


@pytest.mark.slow
def test_the_example_runs(kitti: Path, checkers: Path) -> None:
    assert len(run_example(checkers, "KITTI", "outputs/kitti", kitti).splitlines()) > 5


def _boxes_agree(said: Any, scene: SceneReader, frame: FrameReader) -> None:
    labels = frame.labels
    ego = np.array(labels.ego.world_from_body)
    lidar = ego @ scene.scenario.lidars["roof"].body_from_sensor
    seen = [label.instance_id for label in labels.objects]
    ours = [
        (apply(inverse(lidar), thing.corners_world), thing.lies)
        for thing in SceneThings(scene).at(labels.time_s, seen)
    ]
    middles = np.array([corners.mean(axis=0) for corners, _ in ours]).reshape(-1, 3)
    for box in said["boxes"]:
        center = np.array(box["center"])
        nearest = int(np.linalg.norm(middles - center, axis=1).argmin())
        corners, lies = ours[nearest]
        if lies:
            continue
        np.testing.assert_allclose(center, middles[nearest], atol=2e-3)
        gaps = np.linalg.norm(np.array(box["corners"])[:, None] - corners[None], axis=-1)
        # The vehicles pitch and roll by a few degrees, which KITTI's boxes can't.
        assert gaps.min(axis=1).max() < 0.06 * np.ptp(corners, axis=0).max()


@given(
    st.builds(
        KittiObject,
        st.sampled_from(["Car", "Cyclist", "Misc"]),
        st.floats(0, 1),
        st.integers(0, 3),
        st.floats(-3.1415, 3.1415),
        st.tuples(*[st.floats(0, 4096)] * 4),
        st.tuples(*[st.floats(0.01, 30)] * 3),
        st.tuples(*[st.floats(-400, 400)] * 3),
        st.floats(-3.1415, 3.1415),
    )
)
def test_lines_are_read_back(written: KittiObject) -> None:
    path = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path("/tmp")
    file = path / "scenegen_kitti_line.txt"
    file.write_text(written.line + "\n")
    (found,) = read_objects(file)
    file.write_text(f"7 12 {written.tracking_line}\n")
    ((frame, track, tracked),) = read_tracks(file)
    file.unlink()
    assert (found.type, found.occluded) == (written.type, written.occluded)
    for name in ("truncated", "alpha", "bbox", "dimensions", "location", "rotation_y"):
        np.testing.assert_allclose(getattr(found, name), getattr(written, name), atol=5.1e-5)
    assert (frame, track, tracked.bbox) == (7, 12, found.bbox)


def test_damage_is_named(tmp_path: Path) -> None:
    (tmp_path / "label.txt").write_text("Car 0 0 1.5\n")
    with pytest.raises(DatasetError, match=r"label\.txt: damaged"):
        read_objects(tmp_path / "label.txt")
    with pytest.raises(DatasetError, match="no pictures in training/image_2"):
        next(read_kitti(tmp_path))


def test_what_kitti_has_no_place_for(export_set: Dataset) -> None:
    """Lenses and a second LiDAR are refused by name rather than written wrongly."""
    scene = next(iter(export_set))
    spec = scene.scenario.cameras["front"].model_copy(
        update={"lens": LensSpec(model="kannala_brandt")}
    )
    bent = scene.scenario.model_copy(update={"sensors": {"front": spec}})
    source: Any = SimpleNamespace(
        dataset=[SimpleNamespace(id="one", scenario=bent)], goes=lambda name: name == "front"
    )
    with pytest.raises(InputError, match="'front' has a kannala_brandt lens, and KITTI"):
        check_pinholes(source, "KITTI")
    two: Any = SimpleNamespace(
        sweeps=lambda _: [SimpleNamespace(sensor="roof"), SimpleNamespace(sensor="bumper")]
    )
    with pytest.raises(InputError, match="LiDARs bumper, roof, and KITTI holds one"):
        _one_lidar(two, scene)
