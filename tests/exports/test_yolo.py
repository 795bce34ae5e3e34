"""YOLO's label files, by our own reader and by the adapter of evaluations."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pycocotools import mask as coco

from scenegen.dataset import Dataset
from scenegen.errors import DatasetError
from scenegen.evaluate.adapters import open_set
from scenegen.exports import Source
from scenegen.exports.joints import COCO_JOINTS
from scenegen.exports.yolo import read_yolo, write_yolo
from scenegen.records.taxonomy import CLASSES
from scenegen.scenario.files import read_text
from scenegen.scenario.source import read_source
from tests.exports.outside import example_for, run_outside
from tests.exports.trees import written

SPLITS = ("train", "val")
THINGS = [c.name for c in CLASSES if c.things]


@pytest.fixture(scope="module")
def exported(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("yolo") / "out"
    return written(write_yolo, Source(export_set, validation=0.3), out)


def pairs(exported: Path, export_set: Dataset, task):
    """Go through the pictures of a task and the frames that they are of."""
    source = Source(export_set, validation=0.3)
    names = {
        f"{scene.id}_{frame.sensor}_{frame.index:06d}": (source.split(scene.id), frame)
        for scene in source.scenes()
        for frame in source.frames(scene)
    }
    for split in SPLITS:
        for image in read_yolo(exported / task, split, task):
            said, frame = names.pop(image.path.stem)
            assert said == split
            yield image, frame
    assert not names


def test_boxes_read_back_equal(exported: Path, export_set: Dataset) -> None:
    for image, frame in pairs(exported, export_set, "detect"):
        assert image.path.read_bytes() == frame.path("rgb").read_bytes()
        for found, label in zip(image.objects, frame.labels.objects, strict=True):
            assert THINGS[found.class_id] == label.category
            assert found.box == pytest.approx(label.box2d_visible, abs=1e-5)


def test_outlines_hold_exactly_the_pixels(exported: Path, export_set: Dataset) -> None:
    for image, frame in pairs(exported, export_set, "segment"):
        instance = frame.instance
        for found, label in zip(image.objects, frame.labels.objects, strict=True):
            assert THINGS[found.class_id] == label.category
            assert found.outline is not None
            ring = np.round(found.outline)
            np.testing.assert_allclose(found.outline, ring, atol=1e-5)
            runs = coco.frPyObjects([ring.ravel().tolist()], *instance.shape)
            mask = coco.decode(coco.merge(runs)).astype(bool)
            np.testing.assert_array_equal(mask, instance == label.instance_id)


def test_joints_read_back_equal(exported: Path, export_set: Dataset) -> None:
    seen = 0
    for image, frame in pairs(exported, export_set, "pose"):
        people = [o for o in frame.labels.objects if o.skeleton_px is not None]
        for found, label in zip(image.objects, people, strict=True):
            assert ("person", "rider")[found.class_id] == label.category
            assert found.box == pytest.approx(label.box2d_visible, abs=1e-5)
            assert found.keypoints is not None
            for point, name in zip(found.keypoints.tolist(), COCO_JOINTS.values(), strict=True):
                if point[2]:
                    assert point[:2] == pytest.approx(label.skeleton_px[name], abs=1e-5)
                    seen += 1
                else:
                    assert point[:2] == [0.0, 0.0]
    assert seen > 1000


@pytest.mark.parametrize("task", ["detect", "segment"])
def test_evaluations_open_it(exported: Path, export_set: Dataset, task) -> None:
    opened = open_set("yolo", exported / task)
    assert {record.split for record in opened.records} == set(SPLITS)
    for record in opened.records:
        boxes = opened.loader.boxes(record)
        rows = (exported / task / "labels" / f"{record.id}.txt").read_text().splitlines()
        assert len(boxes) == len(rows)
    assert {c.name for c in opened.table.classes} == set(THINGS)


def test_data_files_say_where_things_are(exported: Path) -> None:
    for task in ("detect", "segment", "pose"):
        path = exported / task / "data.yaml"
        data = read_source(read_text(path, "data file"), str(path), "data file").data
        assert [data[split] for split in SPLITS] == ["images/train", "images/val"]
        folder = exported / task / "images" / "val"
        assert sorted(p.stem for p in folder.iterdir()) == sorted(
            p.stem for p in (exported / task / "labels" / "val").iterdir()
        )
    assert [str(n) for n in data["kpt_shape"]] == ["17", "3"]


def test_mirroring_swaps_sides(exported: Path) -> None:
    path = exported / "pose" / "data.yaml"
    data = read_source(read_text(path, "data file"), str(path), "data file").data
    order, names = [int(i) for i in data["flip_idx"]], list(COCO_JOINTS)
    assert [order[i] for i in order] == list(range(17))
    for i, j in enumerate(order):
        assert names[j].split("_")[-1] == names[i].split("_")[-1]
        assert (i == j) == (names[i] == "nose")


def test_pictures_take_room_once(exported: Path) -> None:
    for path in (exported / "detect" / "images" / "val").iterdir():
        for task in ("segment", "pose"):
            assert path.samefile(exported / task / "images" / "val" / path.name)


def test_damage_is_told_by_name(exported: Path, tmp_path: Path) -> None:
    image = next((exported / "detect" / "images" / "val").iterdir())
    picture = tmp_path / "images" / "val" / image.name
    picture.parent.mkdir(parents=True)
    picture.write_bytes(image.read_bytes())
    with pytest.raises(DatasetError, match=rf"{image.stem}\.txt: can't be read"):
        next(read_yolo(tmp_path, "val", "detect"))
    labels = tmp_path / "labels" / "val" / f"{image.stem}.txt"
    labels.parent.mkdir(parents=True)
    labels.write_text("1 0.5 0.5 0.5 0.5\n1 0.5 x\n")
    with pytest.raises(DatasetError, match=rf"{image.stem}\.txt:2: "):
        next(read_yolo(tmp_path, "val", "detect"))


BY_SUPERVISION = """
import json
print(json.dumps([[path, names, things.xyxy.tolist()] for path, names, things in seen]))
"""


def test_the_documented_reader_finds_the_same(
    exported: Path, export_set: Dataset, checkers: Path
) -> None:
    lines = example_for("YOLO", exported).replace("\nfor ", "\nseen = []\nfor ")
    code = f"{lines}    seen.append((path, names, things))\n{BY_SUPERVISION}"
    read = json.loads(run_outside(checkers, code).splitlines()[-1])
    found = {Path(path).stem: (names, boxes) for path, names, boxes in read}
    truth = {
        image.path.stem: frame.labels.objects
        for image, frame in pairs(exported, export_set, "segment")
        if image.path.parent.name == "train"
    }
    assert found.keys() == truth.keys()
    for name, objects in truth.items():
        names, boxes = found[name]
        assert names == [o.category for o in objects]
        # It rounds corners down to whole pixels and takes the last one in as OpenCV does.
        expected = np.array([o.box2d_visible for o in objects]).reshape(-1, 4)
        np.testing.assert_allclose(np.reshape(boxes, (-1, 4)), expected, atol=1.01)
