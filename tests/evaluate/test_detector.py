"""The built-in detector: its maps and boxes there and back, its views, and what it learns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegen.evaluate.images import Boxes
from scenegen.evaluate.measures.detection import match, summarize
from scenegen.evaluate.utility.augment import Augmentation
from scenegen.evaluate.utility.box_views import box_views, crop_boxes, mirrored
from scenegen.evaluate.utility.centers import (
    STRIDE,
    detections,
    overlaps,
    suppress,
    targets,
)
from scenegen.evaluate.utility.prepared import Prepared
from scenegen.evaluate.utility.protocol import Part, TrainingData

SIZE = (128, 96)


def boxes(*rows: tuple[float, float, float, float, int], crowd: tuple[int, ...] = ()) -> Boxes:
    table = np.array(rows, np.float64).reshape(-1, 5)
    return Boxes(table[:, :4], table[:, 4].astype(np.int64), np.isin(np.arange(len(table)), crowd))


def test_a_box_has_its_bump_and_its_sides_at_its_middle():
    made = targets([boxes((40, 20, 80, 60, 1))], 3, SIZE)
    assert made.heat.shape == (1, 3, 24, 32)
    assert np.argwhere(made.heat[0] == 1).tolist() == [[1, 10, 15]]
    assert made.sides[0, :, 10, 15].tolist() == [40, 20, 80, 60]
    assert (made.weight[0] > 0).sum() == 5 * 5  # floor(0.54 * 20 px / 4 px) = 2 cells aside
    assert made.counted.all()


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.integers(0, 2), st.integers(8, 28), st.integers(8, 28),
            st.integers(0, 2),
        ),
        unique_by=lambda row: row[:2],
        max_size=6,
    )
)  # fmt: skip
def test_boxes_that_lie_apart_come_back_from_their_maps(rows):
    real = boxes(*((32 * x + 2, 32 * y + 2, 32 * x + 2 + w, 32 * y + 2 + h, k)
                   for x, y, w, h, k in rows))  # fmt: skip
    made = targets([real], 3, SIZE)
    found = detections(np.where(made.heat[0] == 1, 1, 0).astype(np.float32), made.sides[0])

    def ordered(table: np.ndarray) -> list[list[float]]:
        return sorted(table.tolist())

    said = np.column_stack([found.xyxy, found.class_id])
    assert ordered(said) == ordered(np.column_stack([real.xyxy, real.class_id]))


def test_a_small_object_keeps_its_cells_before_a_large_one():
    real = boxes((60, 40, 70, 50, 0), (0, 0, 128, 96, 1))
    for order in ([0, 1], [1, 0]):
        made = targets([Boxes(real.xyxy[order], real.class_id[order], real.crowd)], 2, SIZE)
        assert made.sides[0, :, 11, 16].tolist() == [60, 40, 70, 50]


def test_crowds_are_not_learned_from():
    made = targets([boxes((40, 20, 80, 60, 1), crowd=(0,))], 2, SIZE)
    assert not made.heat.any()
    assert not made.weight.any()
    assert not made.counted[0, 1, 5:15, 10:20].any()
    assert made.counted.sum() == made.counted.size - 100


def test_overlaps_of_plain_boxes():
    found = overlaps(
        np.array([0.0, 0, 10, 10]),
        np.array([[0.0, 0, 10, 10], [5, 0, 15, 10], [0, 0, 10, 5], [20, 20, 30, 30]]),
    )
    assert found == pytest.approx([1, 1 / 3, 1 / 2, 0])


def test_of_boxes_on_top_of_each_other_the_surest_of_a_class_stays():
    xyxy = np.array([[0.0, 0, 10, 10], [0, 0, 10, 9], [0, 0, 10, 9], [0, 0, 10, 5]])
    kept = suppress(xyxy, np.array([0, 0, 1, 0]), np.array([0.5, 0.9, 0.1, 0.3]))
    assert kept.tolist() == [1, 3, 2]


@settings(max_examples=30)
@given(st.integers(0, 1000))
def test_what_is_kept_does_not_overlap_and_covers_the_rest(seed):
    generator = np.random.default_rng(seed)
    corner = generator.uniform(0, 20, (20, 2))
    xyxy = np.hstack([corner, corner + generator.uniform(5, 20, (20, 2))])
    class_id, score = generator.integers(0, 2, 20), generator.random(20)
    kept = suppress(xyxy, class_id, score, 0.4)
    for i in range(20):
        near = [
            k for k in kept
            if k != i and class_id[k] == class_id[i] and overlaps(xyxy[i], xyxy[[k]])[0] > 0.4
        ]  # fmt: skip
        assert (i in kept) != any(score[k] > score[i] for k in near)


def test_a_crop_cuts_boxes_and_makes_crowds_of_what_is_hardly_seen():
    real = boxes((0, 0, 20, 20, 0), (30, 10, 50, 30, 1), (36, 10, 56, 30, 1), (90, 0, 99, 9, 2))
    cut = crop_boxes(real, 10, 0, 30, 40)
    assert cut.xyxy.tolist() == [[0, 0, 10, 20], [20, 10, 30, 30], [26, 10, 30, 30]]
    assert cut.crowd.tolist() == [False, False, True]
    assert cut.class_id.tolist() == [0, 1, 1]


@given(st.integers(0, 1000))
def test_mirroring_twice_changes_nothing(seed):
    corner = np.random.default_rng(seed).uniform(0, 50, (4, 2))
    real = Boxes(np.hstack([corner, corner + 9]), np.arange(4), np.zeros(4, np.bool_))
    once = mirrored(real, 64)
    assert (once.xyxy[:, 2] > once.xyxy[:, 0]).all()
    assert mirrored(once, 64).xyxy == pytest.approx(real.xyxy)


@pytest.mark.parametrize("seed", range(6))
def test_boxes_stay_on_their_objects_in_every_view(seed):
    picture = np.zeros((1, 96, 128, 3), np.uint8)
    picture[0, 36:60, 48:80] = 200
    how = Augmentation(light=0.0)
    views, found = box_views(
        picture, [boxes((48, 36, 80, 60, 0))], how, np.random.default_rng(seed)
    )
    bright = np.argwhere(views[0, ..., 0] > 100)
    top, left = bright.min(axis=0)
    bottom, right = bright.max(axis=0) + 1
    assert found[0].xyxy[0] == pytest.approx([left, top, right, bottom], abs=1.0)


def scene_set(folder: Path, count: int = 8) -> Prepared:
    """Return pictures of one to three plain rectangles of two colours on noise."""
    generator = np.random.default_rng(7)
    width, height = SIZE
    images = generator.integers(60, 100, (count, height, width, 3)).astype(np.uint8)
    rows, offsets = [], [0]
    for picture in images:
        for column in generator.permutation(3)[: generator.integers(1, 4)]:
            w, h = generator.integers(16, 36, 2)
            x, y = 42 * column + 2, int(generator.integers(0, height - h))
            kind = int(generator.integers(0, 2))
            picture[y : y + h, x : x + w] = ((220, 40, 40), (40, 60, 230))[kind]
            rows.append((x, y, x + w, y + h, kind))
        offsets.append(len(rows))
    table = np.array(rows, np.float64)
    columns = {
        "images": images,
        "offsets": np.array(offsets),
        "xyxy": table[:, :4],
        "class_id": table[:, 4].astype(np.int64),
        "crowd": np.zeros(len(table), np.bool_),
    }
    for name, values in columns.items():
        np.save(folder / f"{name}.npy", values)
    at = np.arange(count)
    return Prepared("tiny", "d", "boxes", SIZE, tuple("abcdefgh"), at, at, folder)


@pytest.mark.slow
def test_it_learns_a_tiny_set(tmp_path: Path):
    from scenegen.evaluate.utility.detector import Detector

    pictures = scene_set(tmp_path)
    data = TrainingData((Part(pictures),))
    model = Detector(("red", "blue"), 0)
    model.fit(data, 60, 0)
    truths = [pictures.boxes(i) for i in range(len(pictures))]
    found = model.predict(pictures.images(slice(None)))
    assert summarize(match(truths, found, 2, SIZE[0] * SIZE[1])).ap50 > 0.8
    assert all((each.xyxy[:, 2:] <= SIZE).all() for each in found)
    assert all((np.diff(each.score) <= 0).all() for each in found)


@pytest.mark.slow
def test_equal_seeds_give_equal_detections(tmp_path: Path):
    from scenegen.evaluate.utility.detector import Detector

    pictures = scene_set(tmp_path)
    said = []
    for seed in (3, 3, 4):
        model = Detector(("red", "blue"), seed)
        model.fit(TrainingData((Part(pictures),)), 2, seed)
        said.append(np.concatenate([each.score for each in model.predict(pictures.images([0, 1]))]))
    assert said[0].tolist() == said[1].tolist()
    assert said[0].tolist() != said[2].tolist()


def test_losses_vanish_for_the_truth_and_only_there():
    import torch

    from scenegen.evaluate.utility.detector import _centre_loss, _edges, _side_loss

    made = targets([boxes((40, 20, 80, 60, 1), (8, 8, 24, 24, 0))], 2, SIZE)
    heat, counted, sides, weight = (torch.from_numpy(part) for part in vars(made).values())
    sure = torch.where(heat == 1, 30.0, -30.0)
    assert _centre_loss(sure, heat, counted) == pytest.approx(0, abs=1e-6)
    assert _centre_loss(-sure, heat, counted) > 10
    assert _side_loss(sides, sides, weight) == pytest.approx(0, abs=1e-6)
    away = _edges(torch.full((1, 4, 24, 32), 1.0))
    assert 0.5 < _side_loss(away, sides, weight) < 2
    assert away[0, :, 2, 3].tolist() == [3.5 * STRIDE - 1, 2.5 * STRIDE - 1, 15.0, 11.0]


def test_crowds_make_no_loss():
    import torch

    from scenegen.evaluate.utility.detector import _centre_loss

    made = targets([boxes((0, 0, 128, 96, 0), crowd=(0,))], 1, SIZE)
    heat, counted = torch.from_numpy(made.heat), torch.from_numpy(made.counted)
    assert _centre_loss(torch.full(heat.shape, 9.0), heat, counted) == 0
