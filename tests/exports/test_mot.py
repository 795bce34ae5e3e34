"""MOTChallenge: tracks held against themselves score 1 by its own and another evaluator."""

from __future__ import annotations

import configparser
from pathlib import Path

import cv2
import pytest

from scenegen.dataset import Dataset
from scenegen.errors import DatasetError
from scenegen.exports import Source
from scenegen.exports.mot import BICYCLE, CAR, ON_VEHICLE, PEDESTRIAN, read_mot, write_mot
from tests.exports.trees import answer, run_example, written


@pytest.fixture(scope="module")
def mot(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = Source(export_set, validation=0.3)
    return written(write_mot, source, tmp_path_factory.mktemp("mot") / "out")


def test_boxes_are_the_data_set_s(mot: Path, export_set: Dataset) -> None:
    source = Source(export_set, validation=0.3)
    classes = set()
    for scene in export_set:
        for sensor in ("front", "rear"):
            base = mot / f"scenegen-{source.split(scene.id)}" / f"{scene.id}-{sensor}"
            boxes = {(box.frame, box.track): box for box in read_mot(base / "gt" / "gt.txt")}
            labels = {
                (number, label.instance_id): label
                for number, frame in enumerate(scene.frames(sensor), start=1)
                for label in frame.labels.objects
            }
            assert boxes.keys() == labels.keys()
            for key, box in boxes.items():
                left, top, right, bottom = labels[key].box2d_amodal
                assert (box.left - 1, box.top - 1) == (left, top)
                assert (box.width, box.height) == (right - left, bottom - top)
                shown = (1 - labels[key].occlusion) * (1 - labels[key].truncation)
                assert box.visibility == pytest.approx(shown, abs=1e-5)
                assert box.counts == (box.class_id == PEDESTRIAN)
                classes.add(box.class_id)
            detected = (base / "det" / "det.txt").read_text().splitlines()
            assert len(detected) == sum(box.counts for box in boxes.values())
    assert {PEDESTRIAN, ON_VEHICLE, CAR, BICYCLE} <= classes


def test_sequences_say_what_they_are(mot: Path) -> None:
    listed = [
        (split, name)
        for split in ("train", "val")
        for name in (mot / "seqmaps" / f"scenegen-{split}.txt").read_text().split()[1:]
    ]
    assert len(listed) == 14
    for split, name in listed:
        base = mot / f"scenegen-{split}" / name
        about = configparser.ConfigParser()
        about.read(base / "seqinfo.ini")
        sequence = about["Sequence"]
        images = sorted((base / "img1").glob("*.png"))
        assert sequence["name"] == name
        assert [image.stem for image in images] == [
            f"{n:06d}" for n in range(1, int(sequence["seqLength"]) + 1)
        ]
        assert sequence["frameRate"] == "2"
        shape = cv2.imread(str(images[0])).shape
        assert shape[:2] == (int(sequence["imHeight"]), int(sequence["imWidth"]))


@pytest.mark.slow
@pytest.mark.parametrize("split", ["train", "val"])
def test_truth_scores_one(mot: Path, checkers: Path, tmp_path: Path, split: str) -> None:
    scores = answer(checkers, "score_mot.py", mot, split, tmp_path)
    ours = scores["trackeval"]
    assert ours["boxes"] > 100
    assert (ours["HOTA"], ours["MOTA"], ours["IDF1"]) == (1.0, 1.0, 1.0)
    assert scores["motmetrics"]
    for one in scores["motmetrics"].values():
        assert (one["mota"], one["idf1"], one["num_switches"]) == (1.0, 1.0, 0.0)
        assert one["num_objects"] > 0


@pytest.mark.slow
def test_the_example_runs(mot: Path, checkers: Path) -> None:
    (first,) = mot.glob("scenegen-*/crowd*front")
    shown = "outputs/mot/scenegen-train/crowd_at_zebra-000000-front"
    printed = run_example(checkers, "MOT", shown, first)
    assert "1.0" in printed


def test_damage_is_named(tmp_path: Path) -> None:
    (tmp_path / "gt.txt").write_text("1,2,3,4\n")
    with pytest.raises(DatasetError, match=r"gt\.txt: damaged"):
        read_mot(tmp_path / "gt.txt")
