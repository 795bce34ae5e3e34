"""COCO's files, by pycocotools, by our own reader, and by the adapter of evaluations."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from scenegen.dataset import Dataset
from scenegen.errors import DatasetError
from scenegen.evaluate.adapters import open_set
from scenegen.exports import ExportFolder, Source
from scenegen.exports.coco import read_coco, read_panoptic, write_coco
from scenegen.exports.joints import COCO_JOINTS, joint_images
from scenegen.records.labels import EgoLabel, SignalLabel, SignLabel
from scenegen.records.motion_labels import ContactLabel, Intention, LanePlace, PairLabel
from scenegen.records.taxonomy import CLASS_BY_NAME
from tests.exports.outside import example_for
from tests.exports.trees import written

SPLITS = ("train", "val")
FACE = 5
"""Joints that our skeletons lack."""


@pytest.fixture(scope="module")
def exported(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("coco") / "out"
    return written(write_coco, Source(export_set, validation=0.3), out)


def frames(export_set: Dataset, split: str):
    source = Source(export_set, validation=0.3)
    for scene in source.scenes():
        if source.split(scene.id) == split:
            yield from source.frames(scene)


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("kind", ["bbox", "segm", "keypoints"])
def test_truth_against_itself_is_perfect(exported: Path, split: str, kind: str) -> None:
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    file = "person_keypoints" if kind == "keypoints" else "instances"
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(exported / "annotations" / f"{file}_{split}.json"))
        found = [
            {
                "image_id": a["image_id"],
                "category_id": a["category_id"],
                "bbox": a["bbox"],
                "segmentation": truth.annToRLE(a),
                "keypoints": a.get("keypoints", []),
                "score": 1.0,
            }
            for a in truth.dataset["annotations"]
        ]
        found = [{k: v for k, v in f.items() if k in _wanted(kind)} for f in found]
        judged = COCOeval(truth, truth.loadRes(found), kind)
        judged.evaluate()
        judged.accumulate()
        judged.summarize()
    assert len(found) > 20
    assert judged.stats[0] == pytest.approx(1.0, abs=1e-12)


def _wanted(kind: str) -> set[str]:
    shape = {"bbox": "bbox", "segm": "segmentation", "keypoints": "keypoints"}[kind]
    return {"image_id", "category_id", "score", shape}


@pytest.mark.parametrize("split", SPLITS)
def test_read_back_equal(exported: Path, export_set: Dataset, split: str) -> None:
    images = list(read_coco(exported, split))
    people = {image.id: image for image in read_coco(exported, split, "person_keypoints")}
    truth = list(frames(export_set, split))
    assert len(images) == len(truth)
    for image, frame in zip(images, truth, strict=True):
        labels, instance = frame.labels, frame.instance
        assert image.path.read_bytes() == frame.path("rgb").read_bytes()
        assert (image.height, image.width) == instance.shape
        said = image.extra
        assert (said["scene"], said["sensor"]) == (labels.scene, labels.sensor)
        assert (said["frame"], said["time_s"]) == (labels.frame, labels.time_s)
        joints = {o.id: o.keypoints for o in people[image.id].objects}
        for found, label in zip(image.objects, labels.objects, strict=True):
            assert (found.category, found.box) == (label.category, label.box2d_visible)
            np.testing.assert_array_equal(found.mask, instance == label.instance_id)
            assert found.extra["instance_id"] == label.instance_id
            assert found.extra["occlusion"] == label.occlusion
            assert (found.id in joints) == (label.skeleton_px is not None)
            if label.skeleton_px is not None:
                _same_joints(joints[found.id], label)


@pytest.mark.parametrize("split", SPLITS)
def test_motion_and_behaviour_read_back_equal(
    exported: Path, export_set: Dataset, split: str
) -> None:
    """By the labels' own types: nothing is lost but what the older labels lack, too."""
    kinds = set()
    for image, frame in zip(read_coco(exported, split), frames(export_set, split), strict=True):
        labels, said = frame.labels, image.extra
        assert EgoLabel.model_validate(said["ego"]) == labels.ego
        for name, record, truth in (
            ("signals", SignalLabel, labels.signals),
            ("signs", SignLabel, labels.signs),
            ("pairs", PairLabel, labels.pairs or []),
            ("contacts", ContactLabel, labels.contacts or []),
        ):
            assert [record.model_validate(entry) for entry in said[name]] == truth
            kinds |= {name} if truth else set()
        assert [lane["ego_index"] for lane in said["lanes"]] == [
            lane.ego_index for lane in labels.lanes
        ]
        for found, label in zip(image.objects, labels.objects, strict=True):
            extra = found.extra
            assert tuple(extra["acceleration_world_mps2"]) == label.acceleration_world_mps2
            assert extra.get("right_of_way") == label.right_of_way
            assert extra.get("lamps_on") == label.lamps_on
            if label.lane is not None:
                assert LanePlace.model_validate(extra["lane"]) == label.lane
            if label.intention is not None:
                assert Intention.model_validate(extra["intention"]) == label.intention
                kinds.add("intention")
    assert kinds >= {"pairs", "signs", "intention"}


def _same_joints(points, label) -> None:
    assert points[:FACE].sum() == 0
    for (u, v, shows), name in list(zip(points.tolist(), COCO_JOINTS.values(), strict=True))[FACE:]:
        assert shows == label.skeleton_visible[name]
        if shows:
            assert (u, v) == pytest.approx(label.skeleton_px[name], abs=1e-9)


def test_older_labels_have_joints_where_their_owner_shows(export_set: Dataset) -> None:
    shown = set()
    for frame in frames(export_set, "val"):
        for label in frame.labels.objects:
            mask = frame.instance == label.instance_id
            older = joint_images(label.model_copy(update={"skeleton_visible": None}), mask)
            for joint, name in zip(older or (), COCO_JOINTS.values(), strict=False):
                said = (label.skeleton_visible or {}).get(name, 0)
                assert (joint.shows > 0) == (said > 0)
                if joint.shows:
                    assert (joint.shows == 2) == mask[int(joint.v), int(joint.u)]
                shown.add(joint.shows)
    assert shown == {0, 1, 2}


@pytest.mark.parametrize("split", SPLITS)
def test_panoptic_read_back_equal(exported: Path, export_set: Dataset, split: str) -> None:
    ids = {name: entry.id for name, entry in CLASS_BY_NAME.items()}
    pairs = zip(read_panoptic(exported, split), frames(export_set, split), strict=True)
    for image, frame in pairs:
        semantic, instance = frame.semantic, frame.instance
        category = np.zeros(2**16 + 256, dtype=np.int64)
        for segment, name in image.category.items():
            category[segment] = ids[name]
        np.testing.assert_array_equal(category[image.segment], semantic)
        things = np.where(image.segment < 2**16, image.segment, 0)
        np.testing.assert_array_equal(things, instance)


def test_areas_and_boxes_of_segments(exported: Path) -> None:
    content = json.loads((exported / "annotations" / "panoptic_val.json").read_bytes())
    for entry, image in zip(content["annotations"], read_panoptic(exported, "val"), strict=True):
        assert sum(s["area"] for s in entry["segments_info"]) == image.segment.size
        for said in entry["segments_info"]:
            rows, columns = np.nonzero(image.segment == said["id"])
            left, top = columns.min(), rows.min()
            box = [left, top, columns.max() + 1 - left, rows.max() + 1 - top]
            assert said["bbox"] == box
            assert said["area"] == len(rows)


def test_half_of_the_people_show_half_of_their_joints(exported: Path) -> None:
    known = [
        (o.keypoints[FACE:, 2] > 0).sum()
        for image in read_coco(exported, "train", "person_keypoints")
        for o in image.objects
        if o.keypoints is not None
    ]
    assert np.median(known) == len(COCO_JOINTS) - FACE


def test_evaluations_open_it(exported: Path, export_set: Dataset) -> None:
    opened = open_set("coco", exported)
    assert {record.split for record in opened.records} == set(SPLITS)
    assert "car" in {c.name for c in opened.table.classes}
    truth = [frame for split in SPLITS for frame in frames(export_set, split)]
    assert len(opened.records) == len(truth)
    count = sum(len(opened.loader.boxes(record)) for record in opened.records)
    assert count == sum(len(frame.labels.objects) for frame in truth)


def test_equal_sets_give_equal_bytes(exported: Path, export_set: Dataset, tmp_path: Path) -> None:
    with ExportFolder(tmp_path / "out") as folder:
        write_coco(Source(export_set, validation=0.3), folder)
    for name in folder.names:
        assert (tmp_path / "out" / name).read_bytes() == (exported / name).read_bytes(), name


def test_no_file_for_a_split_without_scenes(export_set: Dataset, tmp_path: Path) -> None:
    with ExportFolder(tmp_path / "out") as folder:
        write_coco(Source(export_set, sensors=("rear",)), folder)
    assert not [name for name in folder.names if "val" in name]


def test_damage_is_told_by_name(exported: Path, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"instances_train.json: can't be read"):
        next(read_coco(tmp_path, "train"))
    file = tmp_path / "annotations" / "instances_train.json"
    file.parent.mkdir()
    file.write_text('{"categories": []}')
    with pytest.raises(DatasetError, match=r"instances_train.json: KeyError: 'annotations'"):
        next(read_coco(tmp_path, "train"))
    panoptic = tmp_path / "annotations" / "panoptic_val.json"
    panoptic.write_bytes((exported / "annotations" / "panoptic_val.json").read_bytes())
    with pytest.raises(DatasetError, match=r"panoptic_val/.*\.png: can't be read"):
        next(read_panoptic(tmp_path, "val"))


def test_documented_lines_run(exported: Path) -> None:
    names: dict[str, np.ndarray] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(example_for("COCO", exported), names)
    assert names["mask"].sum() == names["thing"]["area"]


PANOPTIC = """
import json, sys
from cityscapesscripts.evaluation.evalPanopticSemanticLabeling import pq_compute_single_core
root, split = sys.argv[1:]
with open(f"{root}/annotations/panoptic_{split}.json") as file:
    truth = json.load(file)
categories = {c["id"]: c for c in truth["categories"]}
folder = f"{root}/annotations/panoptic_{split}"
pairs = [(a, json.loads(json.dumps(a))) for a in truth["annotations"]]
found = pq_compute_single_core(0, pairs, folder, folder, categories)
quality, each = found.pq_average(categories, None)
print(json.dumps(quality))
"""


@pytest.mark.parametrize("split", SPLITS)
def test_panoptic_quality_of_the_truth_is_one(exported: Path, split: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PANOPTIC, exported, split],
        env={**os.environ, "PYTHONPATH": str(Path(sys.prefix) / "reference")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    quality = json.loads(done.stdout.splitlines()[-1])
    assert (quality["pq"], quality["sq"], quality["rq"]) == (1.0, 1.0, 1.0)
    assert quality["n"] >= 10
