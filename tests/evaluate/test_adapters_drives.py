"""Adapters to KITTI objects, BDD100K and nuScenes, on tiny sets in their makers' layouts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.errors import DatasetError, InputError
from scenegen.evaluate.adapters import find_adapter, open_set
from scenegen.evaluate.adapters.frustum import NEAR_M, seen_box
from scenegen.evaluate.classes import map_classes
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.spaces import CITYSCAPES_19
from scenegen.geometry import box_corners, pose, quaternion_from_rpy
from tests.evaluate.box_sets import (
    KITTI_LABELS,
    NUSCENES_FRONT_K,
    bdd_frame,
    bdd_set,
    kitti_set,
    nuscenes_set,
    nuscenes_tables,
    write_json,
    write_picture,
    write_text,
)


def test_kitti_objects(tmp_path: Path) -> None:
    kitti_set(tmp_path)
    assert find_adapter("auto", tmp_path).name == "kitti_object"
    found = open_set("kitti_object", tmp_path)
    assert found.tasks == {"boxes"}
    assert [r.id for r in found.records] == ["test/000000", *(f"train/00000{i}" for i in range(3))]
    assert len({record.group for record in found.records}) == 4
    boxes = found.boxes(1)
    np.testing.assert_allclose(boxes.xyxy[0], [387.63, 181.54, 424.81, 204.12])
    # The middle of the car is half its height above its bottom: 3-4-5 but for 0.9 m in height.
    assert boxes.distance_m is not None
    assert boxes.occlusion is not None
    assert boxes.truncation is not None
    np.testing.assert_allclose(boxes.distance_m[:2], [np.hypot(5, 0.9), 45.84])
    np.testing.assert_array_equal(boxes.occlusion[:2], [0.25, np.nan])
    np.testing.assert_array_equal(boxes.truncation[:2], [0.25, 0])
    assert not boxes.crowd[:2].any()
    with pytest.raises(DatasetError, match="no boxes truth"):
        found.boxes(0)


def test_kitti_regions_that_nobody_labelled_are_crowd_of_every_class(tmp_path: Path) -> None:
    found = open_set("kitti_object", kitti_set(tmp_path))
    boxes = MappedSet("kitti", found, map_classes(found.table, CITYSCAPES_19)).boxes(1)
    crowd = {CITYSCAPES_19.names[i] for i in boxes.class_id[boxes.crowd]}
    assert crowd == {"car", "truck", "person", "train"}
    assert np.unique(boxes.xyxy[boxes.crowd], axis=0).shape == (1, 4)


def test_kitti_drives_come_from_the_devkit(tmp_path: Path) -> None:
    kitti_set(tmp_path)
    drive = "2011_09_26_drive_0005_sync"
    lines = [f"2011_09_26 {drive} 0000000109", "2011_09_28 other 0000000003"]
    lines += [f"2011_09_26 {drive} 0000000110"]
    write_text(tmp_path / "mapping/train_mapping.txt", "\n".join(lines))
    order = write_text(tmp_path / "mapping/train_rand.txt", "3,1,2\n")
    found = open_set("kitti_object", tmp_path).split("train")
    assert [(r.id[-1], r.group, r.order) for r in found.records] == [
        ("1", drive, 109),
        ("0", drive, 110),
        ("2", "other", 3),
    ]
    order.write_text("3,1,4\n")
    with pytest.raises(DatasetError, match=r"train_rand\.txt: number 3 is 4"):
        open_set("kitti_object", tmp_path)
    order.unlink()
    with pytest.raises(DatasetError, match=r"train_rand\.txt: missing"):
        open_set("kitti_object", tmp_path, {"mapping": "mapping"})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Car", "Cra", ":1: no class 'Cra' .did you mean 'Car'"),
        ("Car 0.25", "Car", ":1: 14 words; a label has 15"),
        ("387.63", "left", ":1: could not convert"),
        ("387.63", "500", r":1: .* is not left, top, right, bottom in order"),
        ("0.00 3", "0.00 4", ":2: occlusion 4 is 0, 1, 2 or 3"),
    ],
)
def test_a_wrong_kitti_label_is_explained(tmp_path: Path, old: str, new: str, message: str) -> None:
    kitti_set(tmp_path)
    write_text(tmp_path / "training/label_2/000000.txt", KITTI_LABELS.replace(old, new))
    with pytest.raises(DatasetError, match=r"000000\.txt" + message):
        open_set("kitti_object", tmp_path).boxes(1)


def test_bdd100k_boxes(tmp_path: Path) -> None:
    bdd_set(tmp_path)
    assert find_adapter("auto", tmp_path).name == "bdd100k"
    found = open_set("bdd100k", tmp_path)
    assert found.tasks == {"boxes"}
    ids = [record.id for record in found.records]
    assert ids == ["test/e-5", "train/a-1", "train/b-2", "val/d-4"]
    assert found.records[1].attributes == {
        "time_of_day": "dusk",
        "weather": "cloudy",
        "scene": "motorway",
    }
    assert found.records[2].attributes == {}
    assert found.records[3].attributes["time_of_day"] == "night"
    boxes = found.boxes(1)
    np.testing.assert_allclose(boxes.xyxy, [[10.5, 5, 21.25, 31], [1, 2, 4, 5]])
    names = [found.table.classes[i].name for i in boxes.class_id]
    assert names == ["traffic light", "pedestrian"]
    assert boxes.crowd.tolist() == [False, True]
    assert len(found.boxes(2)) == 0
    with pytest.raises(DatasetError, match="no boxes truth"):
        found.boxes(0)


def test_bdd100k_with_one_file_a_picture(tmp_path: Path) -> None:
    frame = bdd_frame("a-1")
    objects = [{**label, "category": "motor"} for label in frame["labels"][:1]]
    objects += [{"category": "area/drivable", "poly2d": [[1, 2, "L"]]}]
    single = {"name": "a-1", "attributes": frame["attributes"]}
    single["frames"] = [{"timestamp": 10000, "objects": objects}]
    write_json(tmp_path / "labels/100k/train/a-1.json", single)
    write_picture(tmp_path / "images/100k/train/a-1.jpg")
    found = open_set("bdd100k", tmp_path)
    assert found.records[0].image.name == "a-1.jpg"
    assert found.records[0].attributes["weather"] == "cloudy"
    assert found.boxes(0).class_id.tolist() == [found.table.by_name("motorcycle").id]


def test_bdd100k_labels_per_pixel(tmp_path: Path) -> None:
    bdd_set(tmp_path)
    for name in ("train/a-1", "val/f-6"):
        write_picture(tmp_path / f"images/10k/{name}.jpg")
        train_ids = np.full((48, 64), 255, np.uint8)
        train_ids[:9], train_ids[9:20] = 0, 13
        path = tmp_path / f"labels/sem_seg/masks/{name}.png"
        path.parent.mkdir(parents=True)
        assert cv2.imwrite(str(path), train_ids)
    frame = bdd_frame("f-6.jpg", timeofday="night")
    write_json(tmp_path / "labels/sem_seg/polygons/sem_seg_val.json", [frame])
    found = open_set("bdd100k", tmp_path, {"part": "10k"})
    assert found.tasks == {"semantic"}
    assert [r.attributes.get("time_of_day") for r in found.records] == [None, "night"]
    judged = MappedSet("bdd", found, map_classes(found.table, CITYSCAPES_19)).semantic(1)
    np.testing.assert_array_equal(judged, train_ids)
    with pytest.raises(InputError, match="option part: '20k' is none of its values"):
        open_set("bdd100k", tmp_path, {"part": "20k"})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": 3}, r"entry\[0\]: no 'name'"),
        ({"name": "z-9.jpg"}, r"picture .*z-9\.jpg is not there"),
        ({"attributes": {"weather": "rainny"}}, r"entry\[0\]: weather 'rainny' .did you mean"),
        ({"labels": [{"category": "cat"}, {"category": "car"}]}, r"object 1 needs a category"),
        (
            {"labels": [{"category": "cra", "box2d": {"x1": 1, "y1": 1, "x2": 3, "y2": 3}}]},
            "object 0: no class 'cra' .did you mean 'car'",
        ),
        (
            {"labels": [{"category": "car", "box2d": {"x1": 9, "y1": 1, "x2": 3, "y2": 3}}]},
            "object 0: box2d .* out of order",
        ),
    ],
)
def test_a_wrong_bdd100k_file_is_explained(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    bdd_set(tmp_path)
    write_json(tmp_path / "labels/det_20/det_val.json", [bdd_frame("d-4.jpg") | change])
    with pytest.raises(DatasetError, match=r"det_val\.json: .*" + message):
        open_set("bdd100k", tmp_path)


def test_nuscenes_projects_as_computed_by_hand(tmp_path: Path) -> None:
    nuscenes_set(tmp_path)
    assert find_adapter("auto", tmp_path).name == "nuscenes"
    found = open_set("nuscenes", tmp_path)
    assert len(found) == 2
    record = found.records[0]
    assert record.group == "scene-0103"
    assert record.split == "val"
    assert record.order < found.records[1].order
    assert record.attributes == {
        "time_of_day": "night",
        "weather": "rain",
        "scene": "urban",
        "location": "boston-seaport",
        "channel": "CAM_FRONT",
    }
    boxes = found.boxes(0)
    # The car's middle is 20 m ahead at the camera's height, its rear of 2 m by 1 m at 18 m.
    x, y = 1000 * 1 / 18, 1000 * 0.5 / 18
    np.testing.assert_allclose(boxes.xyxy, [[800 - x, 450 - y, 800 + x, 450 + y]], atol=1e-9)
    assert boxes.distance_m == pytest.approx([20.0])
    assert boxes.occlusion == pytest.approx([0.5])
    assert found.table.classes[boxes.class_id[0]].name == "vehicle.car"


def test_nuscenes_cameras_are_chosen(tmp_path: Path) -> None:
    nuscenes_set(tmp_path)
    behind = open_set("nuscenes", tmp_path, {"channels": "CAM_BACK"})
    assert len(behind.boxes(0)) == 0
    assert len(open_set("nuscenes", tmp_path, {"channels": "all"})) == 4
    assert len(open_set("nuscenes", tmp_path, {"channels": ["CAM_BACK", "CAM_FRONT"]})) == 4
    with pytest.raises(InputError, match=r"no camera 'CAM_FRNT' .did you mean 'CAM_FRONT'"):
        open_set("nuscenes", tmp_path, {"channels": "CAM_FRNT"})


def test_nuscenes_versions_and_splits(tmp_path: Path) -> None:
    nuscenes_set(tmp_path)
    splits = write_json(tmp_path / "splits.json", {"train": ["scene-0103"]})
    assert open_set("nuscenes", tmp_path, {"splits": splits}).splits == ("train",)
    write_json(splits, {"train": ["scene-0104"]})
    with pytest.raises(DatasetError, match=r"no split has scene-0103 .did you mean 'scene-0104'"):
        open_set("nuscenes", tmp_path, {"splits": "splits.json"})
    write_json(tmp_path / "v1.0-test/sample_data.json", [])
    with pytest.raises(InputError, match=r"holds v1\.0-mini, v1\.0-test; name one"):
        open_set("nuscenes", tmp_path)
    assert len(open_set("nuscenes", tmp_path, {"version": "v1.0-mini"})) == 2


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("scene", {"log_token": "l9"}, r"scene\.json: entry\[0\]: log_token 'l9' is not in log"),
        ("sample_data", {"sample_token": "s9"}, r"sample_data\.json: entry\[0\]: sample_token"),
        ("sample_data", {"ego_pose_token": "e9"}, r"ego_pose\.json: lacks e9"),
        ("sample_data", {"filename": "samples/x.jpg"}, r"picture .*samples/x\.jpg is not there"),
        ("sample_annotation", {"size": [1, 2]}, r"entry\[0\]: translation, size and rotation"),
        ("sample_annotation", {"visibility_token": "7"}, r"entry\[0\]: visibility_token 7"),
        ("category", {"name": "vehicle.cra"}, "no category 'vehicle.cra' .did you mean 'vehicle"),
        ("ego_pose", {"rotation": [1, 0]}, r"ego_pose\.json: entry\[0\]: "),
        ("sample", {"scene_token": "x"}, r"no scene 'x' in scene\.json"),
    ],
)
def test_a_wrong_nuscenes_table_is_explained(
    tmp_path: Path, table: str, change: dict[str, Any], message: str
) -> None:
    tables = nuscenes_tables()
    nuscenes_set(tmp_path, tables)
    write_json(
        tmp_path / f"v1.0-mini/{table}.json", [tables[table][0] | change, *tables[table][1:]]
    )
    with pytest.raises(DatasetError, match=message):
        open_set("nuscenes", tmp_path)


def test_a_truncated_nuscenes_table_is_explained(tmp_path: Path) -> None:
    nuscenes_set(tmp_path)
    path = tmp_path / "v1.0-mini" / "sample_annotation.json"
    path.write_text(path.read_text()[:100])
    with pytest.raises(DatasetError, match=r"sample_annotation\.json: no valid JSON up to byte"):
        open_set("nuscenes", tmp_path)


K = np.array(NUSCENES_FRONT_K)
angle = st.floats(-3.1, 3.1)
offset = st.floats(-15, 15)


@given(
    st.tuples(offset, offset, st.floats(-5, 30)),
    st.tuples(angle, angle, angle),
    st.tuples(*[st.floats(0.2, 8)] * 3),
    st.integers(0, 2**32 - 1),
)
def test_a_seen_box_bounds_what_is_seen_of_the_solid(
    middle: tuple[float, ...], rpy: tuple[float, ...], size: tuple[float, ...], seed: int
) -> None:
    """Points drawn inside the solid that have an image in the picture lie in the box."""
    frame = pose(middle, quaternion_from_rpy(*rpy))
    found = seen_box(box_corners(frame, size), K, 1600, 900)
    points = np.random.default_rng(seed).uniform(-0.5, 0.5, (4000, 3)) * size
    points = points @ frame[:3, :3].T + frame[:3, 3]
    points = points[points[:, 2] > NEAR_M] @ K.T
    pixels = points[:, :2] / points[:, 2:]
    pixels = pixels[((pixels >= 0) & (pixels <= [1600, 900])).all(axis=1)]
    if len(pixels):
        assert found is not None
        assert (pixels >= found[:2] - 1e-6).all()
        assert (pixels <= found[2:] + 1e-6).all()


@pytest.mark.parametrize(
    ("middle", "size", "expected"),
    [
        ((0, 0, 0), (4, 4, 4), (0, 0, 1600, 900)),  # around the camera
        ((0, 0, -10), (2, 2, 2), None),
        ((1e4, 0, 10), (2, 2, 2), None),
        # From 1 m right of the axis to far right, from behind the camera to 5 m ahead: its
        # left side comes into the picture at 1000 * 1 / 5.
        ((51, 0, 0), (100, 2, 10), (1000, 0, 1600, 900)),
        # A wall over the right half: its left edge, although all corners are outside.
        ((50, 0, 10), (100, 100, 0.0), (800, 0, 1600, 900)),
    ],
)
def test_boxes_are_cut_at_the_picture(
    middle: tuple[float, ...], size: tuple[float, ...], expected: tuple[float, ...] | None
) -> None:
    found = seen_box(box_corners(pose(middle), size), K, 1600, 900)
    if expected is None:
        assert found is None
    else:
        np.testing.assert_allclose(found, expected, atol=1e-6)
