"""Sets at working size: geometry, storage, subsets and the batches drawn from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegen.errors import InputError
from scenegen.evaluate.classes import ClassTable, NativeClass, map_classes, native_space
from scenegen.evaluate.images import Boxes, ImageRecord, ImageSet, read_ids, read_rgb
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.utility.prepared import (
    Prepared,
    boxes_to_size,
    labels_to_size,
    prepare,
    to_size,
    working_size,
)
from scenegen.evaluate.utility.protocol import Part, TrainingData

TABLE = ClassTable(
    "tiny",
    (NativeClass(0, "road", frozenset({"road"})), NativeClass(1, "car", frozenset({"car"}))),
)


@dataclass(frozen=True)
class Files:
    """Reads pictures and labels from files; one fixed box in each picture."""

    def image(self, record: ImageRecord):
        return read_rgb(record.image)

    def semantic(self, record: ImageRecord):
        return read_ids(record.truth["semantic"])

    def boxes(self, record: ImageRecord) -> Boxes:
        count = record.order % 3
        xyxy = np.tile([8.0, 4.0, 16.0, 12.0], (count, 1))
        return Boxes(xyxy, np.ones(count, np.int64), np.zeros(count, np.bool_))


def make_set(folder: Path, count: int = 5, size: tuple[int, int] = (64, 48)) -> MappedSet:
    """Return pictures whose left half is road and right half car, brightness by index."""
    records = []
    for i in range(count):
        picture = np.full((size[1], size[0], 3), 10 * i, np.uint8)
        labels = np.zeros(size[::-1], np.uint8)
        labels[:, size[0] // 2 :] = 1
        cv2.imwrite(str(folder / f"{i}.png"), picture)
        cv2.imwrite(str(folder / f"{i}_ids.png"), labels)
        truth = {"semantic": folder / f"{i}_ids.png", "boxes": folder / f"{i}_ids.png"}
        records.append(ImageRecord(f"p{i}", folder / f"{i}.png", truth, "drive", i, "train"))
    tasks = frozenset({"semantic", "boxes"})
    images = ImageSet("tiny", folder, TABLE, tuple(records), Files(), tasks)
    return MappedSet("tiny", images, map_classes(TABLE, native_space(TABLE)))


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    return prepare(make_set(tmp_path), "semantic", (32, 24), Memo(tmp_path / "memo"))


def test_arrays_have_the_working_size_and_the_right_content(prepared: Prepared):
    images, labels = prepared.images(slice(None)), prepared.semantic([0, 4])
    assert images.shape == (5, 24, 32, 3)
    assert images[:, 0, 0, 0].tolist() == [0, 10, 20, 30, 40]
    assert labels.shape == (2, 24, 32)
    assert (labels[:, :, :16] == 0).all()
    assert (labels[:, :, 16:] == 1).all()
    assert prepared.ids == ("p0", "p1", "p2", "p3", "p4")


def test_a_second_call_reads_what_the_first_one_made(tmp_path: Path):
    mapped, memo = make_set(tmp_path), Memo(tmp_path / "memo")
    first = prepare(mapped, "semantic", (32, 24), memo)
    stamp = (first.folder / "images.npy").stat().st_mtime_ns
    second = prepare(mapped, "semantic", (32, 24), memo)
    assert second.digest == first.digest
    assert (second.folder / "images.npy").stat().st_mtime_ns == stamp
    assert prepare(mapped, "semantic", (64, 48), memo).digest != first.digest


def test_a_killed_preparation_leaves_no_folder_behind(tmp_path: Path):
    mapped, memo = make_set(tmp_path), Memo(tmp_path / "memo")

    def stop(share: float, note: str) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(mapped, "semantic", (32, 24), memo, stop)
    assert not [p for p in memo.folder.iterdir() if not p.name.endswith(".part")]
    assert len(prepare(mapped, "semantic", (32, 24), memo)) == 5
    assert not [p for p in memo.folder.iterdir() if p.name.endswith(".part")]


def test_an_empty_set_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="no pictures"):
        prepare(make_set(tmp_path, 0), "semantic", (32, 24), Memo(tmp_path / "memo"))


def test_boxes_are_scaled_and_found_by_picture(tmp_path: Path):
    prepared = prepare(make_set(tmp_path), "boxes", (32, 24), Memo(tmp_path / "memo"))
    assert [len(prepared.boxes(i)) for i in range(5)] == [0, 1, 2, 0, 1]
    assert prepared.boxes(2).xyxy.tolist() == [[4, 2, 8, 6], [4, 2, 8, 6]]
    assert len(prepared.subset([2]).boxes(0)) == 2


def test_subsets_follow_their_rows_and_have_their_own_digest(prepared: Prepared):
    part = prepared.subset([3, 1]).subset([1])
    assert part.ids == ("p1",)
    assert part.images(slice(None))[0, 0, 0, 0] == 10
    assert len({part.digest, prepared.digest, prepared.subset([1]).digest}) == 3


def test_a_wide_picture_is_cut_in_the_middle_with_its_labels_and_boxes():
    picture = np.zeros((40, 120, 3), np.uint8)
    picture[:, 60:] = 200
    labels = (picture[..., 0] > 0).astype(np.uint8)
    assert (to_size(picture, (20, 20))[:, 10:] == 200).all()
    assert labels_to_size(labels, (20, 20)).sum() == 200
    boxes = Boxes(
        np.array([[0.0, 0, 30, 40], [30, 0, 60, 20], [65, 10, 90, 30]]),
        np.arange(3),
        np.zeros(3, np.bool_),
    )
    cut = boxes_to_size(boxes, picture.shape, (20, 20))
    assert cut.class_id.tolist() == [1, 2]
    assert cut.xyxy.tolist() == [[0, 0, 10, 10], [12.5, 5, 20, 15]]
    assert not cut.crowd.any()


def test_boxes_too_small_to_be_seen_count_for_nothing():
    real = Boxes(
        np.array([[0.0, 0, 16, 16], [0, 0, 15, 40], [0, 0, 40, 15]]),
        np.arange(3),
        np.zeros(3, np.bool_),
    )
    assert boxes_to_size(real, (100, 100), (25, 25)).crowd.tolist() == [False, True, True]


def test_the_working_size_keeps_the_aspect(tmp_path: Path):
    mapped = make_set(tmp_path, 1, (480, 360))
    assert working_size(mapped) == (240, 176)
    assert working_size(mapped, 64, 8) == (64, 48)


@settings(max_examples=30)
@given(st.lists(st.floats(0.05, 10.0), min_size=2, max_size=9), st.integers(0, 99))
def test_draws_follow_weights_to_within_one_picture(weights, seed):
    half = len(weights)
    data = TrainingData((Part(_unread(half), 0.5, np.array(weights)), Part(_unread(3), 0.5)))
    drawn = Counter(data.draw(7, 64, seed).tolist())
    for picture, chance in enumerate(data.probabilities):
        assert abs(drawn[picture] - 64 * chance) < 1 + 1e-9
    assert abs(sum(drawn[i] for i in range(half)) - 32) <= 1


def _unread(count: int) -> Prepared:
    none = np.zeros(count, np.int64)
    return Prepared("x", "d", "semantic", (1, 1), ("",) * count, none, none, Path("nowhere"))


def test_batches_depend_on_seed_and_step_only(prepared: Prepared):
    data = TrainingData((Part(prepared), Part(prepared.subset([4]))))
    batch = data.batch(3, 4, 11)
    again = data.batch(3, 4, 11)
    assert np.array_equal(batch.images, again.images)
    assert batch.semantic is not None
    assert batch.semantic.shape == (4, 24, 32)
    assert (batch.images[2:] == 40).all()
    drawn = [tuple(data.draw(step, 4, 11)) for step in range(20)]
    assert len(set(drawn)) > 1


def test_the_watcher_hears_of_every_step(prepared: Prepared):
    heard: list[int] = []
    data = TrainingData((Part(prepared),), heard.append)
    for step in range(3):
        data.batch(step, 2, 0)
    assert heard == [0, 1, 2]
