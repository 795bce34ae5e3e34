"""Lane lines in TuSimple's and CULane's layouts, by their own scores and by the pictures' truth."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from scenegen.dataset import Dataset
from scenegen.errors import DatasetError
from scenegen.exports import Source
from scenegen.exports.culane import read_culane, write_culane
from scenegen.exports.lane_images import image_lanes
from scenegen.exports.tusimple import read_tusimple, rows_of, write_tusimple
from scenegen.records.taxonomy import CLASS_BY_NAME
from tests.exports.documented import example
from tests.exports.lane_scores import RowScores, area_matches, row_scores
from tests.exports.trees import written

SIZE = (320, 192)


@pytest.fixture(scope="module")
def tusimple(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("lanes") / "tusimple"
    return written(write_tusimple, Source(export_set, validation=0.3), out)


@pytest.fixture(scope="module")
def culane(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("lanes") / "culane"
    return written(write_culane, Source(export_set, validation=0.3), out)


def entries(tusimple: Path) -> list[dict[str, Any]]:
    names = ("label_data.json", "test_label.json")
    return [json.loads(line) for n in names for line in (tusimple / n).read_text().splitlines()]


def test_rows_are_those_of_the_challenge() -> None:
    assert rows_of(720).tolist() == list(range(160, 711, 10))
    assert rows_of(192).tolist() == list(range(50, 191, 10))


def test_tusimple_scores_the_truth_as_perfect(tusimple: Path) -> None:
    pictures = entries(tusimple)
    assert len(pictures) > 150
    for entry in pictures:
        rows, lanes = entry["h_samples"], entry["lanes"]
        assert cv2.imread(str(tusimple / entry["raw_file"])).shape == (192, 320, 3)
        assert {len(rows)} == {len(lane) for lane in lanes}
        assert row_scores(lanes, lanes, rows) == RowScores(1.0, 0.0, 0.0)
        crossing = [lane for lane in lanes if sum(x >= 0 for x in lane) > 0.3 * len(rows)]
        moved = [[x + 120 if x >= 0 else x for x in lane] for lane in crossing[:1]]
        assert row_scores(moved, crossing[:1], rows).false_negative == len(moved)


def test_lines_are_in_order_from_left_to_right(tusimple: Path) -> None:
    several = 0
    for entry in entries(tusimple):
        assert entry["order"] == sorted(entry["order"], reverse=True)
        assert set(entry["order"]) <= {2, 1, -1, -2}
        columns = np.array(entry["lanes"], float)
        columns[columns < 0] = np.nan
        for left, right in pairwise(columns):
            both = np.isfinite(left) & np.isfinite(right)
            several += int(both.any())
            assert (left[both] <= right[both]).all()
    assert several > 200


def test_points_in_sight_lie_on_paint(export_set: Dataset, tusimple: Path) -> None:
    paint = CLASS_BY_NAME["lane marking"].id
    checked = right = 0
    for entry in entries(tusimple):
        _, scene, sensor, name = entry["raw_file"].split("/")
        frame = export_set.scene(scene).frames(sensor)[int(name.split(".")[0])]
        semantic = frame.semantic
        for lane, type_, seen in zip(entry["lanes"], entry["types"], entry["seen"], strict=True):
            for row, x, shows in zip(entry["h_samples"], lane, seen, strict=True):
                if type_ == "solid" and shows and x >= 0 and row >= 130:  # wide enough to hit
                    checked += 1
                    right += bool((semantic[row, max(x - 1, 0) : x + 2] == paint).any())
    assert checked > 300
    # Lines of several pieces are solid and broken by turns; all else is on paint.
    assert right / checked > 0.97


def test_lines_begin_and_end_in_sight(export_set: Dataset) -> None:
    hidden = 0
    for scene in export_set:
        for frame in scene.frames("front")[::4]:
            for lane in image_lanes(frame.labels):
                assert lane.seen[0]
                assert lane.seen[-1]
                hidden += int((~lane.seen).sum())
    assert hidden > 100


def test_order_is_that_of_the_labels(export_set: Dataset) -> None:
    agreed = 0
    for scene in export_set:
        for frame in scene.frames("front"):
            labels = frame.labels
            indices = {}
            for lane in labels.lanes:
                if lane.ego_index is not None and lane.visible:
                    shows = lane.points_visible.index(True)
                    indices[lane.points_px[shows]] = lane.ego_index
            for lane in image_lanes(labels):
                for place, index in indices.items():
                    # The label's point lies on a line of ours: within its steps in the picture.
                    away = np.hypot(*(lane.points - np.array(place)).T)
                    if away.min() < 1e-2:
                        agreed += lane.order == index
                        assert lane.order == index
    assert agreed > 100


def test_culane_scores_the_truth_as_perfect(culane: Path) -> None:
    pictures = [*read_culane(culane, "train"), *read_culane(culane, "val")]
    assert len(pictures) > 200
    total = np.zeros(3, int)
    for picture in pictures:
        lanes = list(picture.lanes)
        total += area_matches(lanes, lanes, SIZE)
        assert sum(picture.exist) == len(lanes)
        for lane in lanes:
            assert (np.diff(lane[:, 1]) < 0).all()
            assert ((lane >= -0.5) & (lane < np.array(SIZE))).all()
        moved = [lane + np.array([40.0, 0.0]) for lane in lanes[:1]]
        assert area_matches(moved, lanes[:1], SIZE)[0] == 0
    assert total[0] > 300
    assert total[1:].tolist() == [0, 0]


def test_masks_number_the_lines(culane: Path) -> None:
    for picture in read_culane(culane):
        mask = cv2.imread(str(culane / picture.mask), cv2.IMREAD_UNCHANGED)
        there = [place for place, exists in enumerate(picture.exist, 1) if exists]
        assert set(np.unique(mask)) - {0} <= set(there)
        for place, lane in zip(there, picture.lanes, strict=True):
            columns, rows = np.round(lane).astype(int).T
            drawn = mask[rows.clip(0, 191), columns.clip(0, 319)]
            assert np.isin(drawn, there).all()  # far away the lines run together
            assert drawn[0] == place
    names = (culane / "list" / "train.txt").read_text().split()
    assert [p.picture for p in read_culane(culane)] == [name[1:] for name in names]


def test_both_layouts_say_the_same(tusimple: Path, culane: Path) -> None:
    points = {p.picture: p for s in ("train", "val") for p in read_culane(culane, s)}
    compared = 0
    for split in ("train", "val"):
        for picture in read_tusimple(tusimple, split):
            other = points[picture.raw_file.removeprefix("clips/")]
            if len(other.lanes) != len(picture.lanes):
                continue
            for by_row, lane in zip(picture.lanes, other.lanes, strict=True):
                at = {int(y): x for x, y in lane}
                for row, x in zip(picture.h_samples, by_row, strict=True):
                    assert (x >= 0) == (row in at)
                    compared += x >= 0
                    assert x < 0 or abs(x - at[row]) <= 0.51
    assert compared > 3000


def test_damage_is_named(culane: Path, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"label_data\.json: missing"):
        list(read_tusimple(tmp_path))
    (tmp_path / "label_data.json").write_text(
        '{"lanes": [[1]], "h_samples": [1, 2], "raw_file": "a"}'
    )
    with pytest.raises(DatasetError, match="one number for each row"):
        list(read_tusimple(tmp_path))
    (tmp_path / "list").mkdir()
    (tmp_path / "list" / "train_gt.txt").write_text("/a.png /b.png 1 0\n")
    with pytest.raises(DatasetError, match="four lines' signs"):
        list(read_culane(tmp_path))


def test_the_documented_examples_run(
    tusimple: Path, culane: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "tusimple").symlink_to(tusimple)
    (tmp_path / "outputs" / "culane").symlink_to(culane)
    monkeypatch.chdir(tmp_path)
    exec(example("TuSimple"), {})
    exec(example("CULane"), {})
