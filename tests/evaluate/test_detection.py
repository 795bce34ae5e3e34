"""COCO's average precision: cases by hand, pycocotools as the oracle, weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegen.evaluate.images import Boxes, no_boxes
from scenegen.evaluate.measures.detection import (
    SIZES,
    Matches,
    average_precision,
    evaluator,
    match,
    size_ranges,
    summarize,
)
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.utility.protocol import Detections

CLASSES = 3


def truth(*rows: tuple[float, float, float, float, int], crowd: tuple[int, ...] = ()) -> Boxes:
    """Return boxes of rows left, top, right, bottom, class; rows named in `crowd` are crowds."""
    table = np.array(rows, np.float64).reshape(-1, 5)
    flags = np.isin(np.arange(len(rows)), crowd)
    return Boxes(table[:, :4], table[:, 4].astype(np.int64), flags)


def found(*rows: tuple[float, float, float, float, int, float]) -> Detections:
    """Return detections of rows left, top, right, bottom, class, score."""
    table = np.array(rows, np.float64).reshape(-1, 6)
    return Detections(table[:, :4], table[:, 4].astype(np.int64), table[:, 5])


def as_found(boxes: Boxes) -> Detections:
    return Detections(boxes.xyxy, boxes.class_id, np.ones(len(boxes)))


def scatter(seed: int, pictures: int = 12) -> tuple[list[Boxes], list[Detections]]:
    """Return truths of all sizes with crowds, and detections: shifted, doubled, spurious."""
    generator = np.random.default_rng(seed)
    truths, detections = [], []
    for _ in range(pictures):
        count = int(generator.integers(0, 7))
        corner = generator.uniform(0, 300, (count, 2))
        size = generator.uniform(4, 200, (count, 2))
        xyxy = np.hstack([corner, corner + size])
        ids = generator.integers(0, CLASSES, count)
        truths.append(Boxes(xyxy, ids, generator.random(count) < 0.15))
        again = np.repeat(np.arange(count), 2)
        shift = generator.normal(0, 0.07, (len(again), 4)) * np.tile(size[again], 2)
        moved = xyxy[again] + shift
        moved[:, 2:] = np.maximum(moved[:, 2:], moved[:, :2] + 1)
        extra = generator.uniform(0, 300, (3, 2))
        boxes = np.vstack([moved, np.hstack([extra, extra + generator.uniform(9, 90, (3, 2))])])
        known = np.concatenate([ids[again], generator.integers(0, CLASSES, 3)])
        detections.append(Detections(boxes, known, generator.random(len(known))))
    return truths, detections


def oracle(truths: list[Boxes], detections: list[Detections], area: float) -> np.ndarray:
    """Return pycocotools' twelve figures."""
    judge = evaluator(truths, detections, CLASSES, area)
    judge.evaluate()
    judge.accumulate()
    judge.summarize()
    return np.asarray(judge.stats)


def figures(matches: Matches, weights: np.ndarray | None = None) -> np.ndarray:
    """Return what the first six of pycocotools' figures are called here."""
    made = summarize(matches, weights)
    return np.nan_to_num(np.array([made.ap, made.ap50, made.ap75, *made.by_size]), nan=-1)


def test_truth_against_itself_is_perfect():
    truths, _ = scatter(0)
    clean = [Boxes(b.xyxy, b.class_id, np.zeros(len(b), np.bool_)) for b in truths]
    made = summarize(match(clean, [as_found(b) for b in clean], CLASSES))
    assert made.ap == pytest.approx(1.0)
    assert made.by_class == pytest.approx(np.ones(CLASSES))
    assert made.by_size == pytest.approx(np.ones(3))


def test_an_overlap_of_three_quarters_hits_up_to_its_threshold():
    matches = match([truth((0, 0, 100, 100, 0))], [found((0, 0, 100, 76, 0, 0.9))], 1)
    assert average_precision(matches)[:, 0] == pytest.approx(np.repeat([1.0, 0.0], [6, 4]))
    made = summarize(matches)
    assert (made.ap, made.ap50, made.ap75) == pytest.approx((0.6, 1.0, 1.0))


def test_a_surer_miss_halves_the_precision():
    said = found((0, 0, 100, 100, 0, 0.5), (300, 300, 400, 400, 0, 0.9))
    assert summarize(match([truth((0, 0, 100, 100, 0))], [said], 1)).ap == pytest.approx(0.5)


def test_one_of_two_found_reaches_the_recalls_up_to_a_half():
    truths = [truth((0, 0, 50, 50, 0), (100, 100, 150, 150, 0))]
    made = summarize(match(truths, [found((0, 0, 50, 50, 0, 0.5))], 1))
    assert made.ap == pytest.approx(51 / 101)  # 0, 0.01 … 0.50


def test_a_second_detection_of_the_same_object_is_a_miss():
    twice = found((0, 0, 50, 50, 0, 0.9), (0, 0, 50, 50, 0, 0.8))
    truths = [truth((0, 0, 50, 50, 0), (100, 0, 150, 50, 0))]
    matches = match(truths, [twice], 1)
    assert matches.hit[0, 0].tolist() == [True, False]


def test_a_crowd_takes_any_number_of_detections_and_counts_for_nothing():
    truths = [truth((0, 0, 50, 50, 0), (100, 100, 300, 300, 0), crowd=(1,))]
    said = found((0, 0, 50, 50, 0, 0.2), (110, 110, 150, 150, 0, 0.9), (200, 200, 290, 290, 0, 0.8))
    assert summarize(match(truths, [said], 1)).ap == pytest.approx(1.0)


def test_classes_without_truth_are_left_out_and_unfound_ones_are_zero():
    truths = [truth((0, 0, 50, 50, 0), (100, 100, 150, 150, 2))]
    made = summarize(match(truths, [found((0, 0, 50, 50, 0, 0.9))], CLASSES))
    assert made.by_class[[0, 2]] == pytest.approx([1.0, 0.0])
    assert np.isnan(made.by_class[1])
    assert made.ap == pytest.approx(0.5)


def test_pictures_without_anything_give_no_figure():
    made = summarize(match([no_boxes()], [found()], CLASSES))
    assert np.isnan(made.ap)
    assert np.isnan(summarize(match([no_boxes()], [found((0, 0, 9, 9, 0, 1.0))], 1)).ap)


def test_truth_without_area_is_no_truth():
    truths = [truth((5, 5, 5, 9, 0), (0, 0, 50, 50, 0))]
    assert summarize(match(truths, [found((0, 0, 50, 50, 0, 0.9))], 1)).ap == pytest.approx(1.0)


def test_sizes_scale_with_the_picture():
    bounds = size_ranges(320 * 240)
    assert bounds[1] == [0.0, 16.0**2]
    assert bounds[3][0] == 48.0**2


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from([640 * 480.0, 256 * 192.0]))
def test_weights_of_one_agree_with_pycocotools(seed, area):
    truths, detections = scatter(seed)
    made = figures(match(truths, detections, CLASSES, area))
    assert made == pytest.approx(oracle(truths, detections, area)[:6], abs=1e-9)


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_whole_weights_agree_with_pycocotools_on_repeated_pictures(seed, repeats):
    truths, detections = scatter(seed)
    again = np.repeat(np.arange(12), repeats)
    expected = oracle([truths[i] for i in again], [detections[i] for i in again], 640 * 480.0)
    made = figures(match(truths, detections, CLASSES), np.array(repeats, np.float64))
    assert made == pytest.approx(expected[:6], abs=1e-9)


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_only_the_proportions_of_weights_matter(seed):
    matches = match(*scatter(seed, 6), CLASSES)
    weights = np.random.default_rng(seed).integers(0, 4, 6).astype(np.float64)
    pair = [summarize(matches, w, sizes=False).ap for w in (weights, 4.0 * weights)]
    assert pair[0] == pytest.approx(pair[1], nan_ok=True)


def test_matching_says_nothing(capsys):
    match(*scatter(1), CLASSES)
    assert capsys.readouterr() == ("", "")


def test_matches_survive_the_memo(tmp_path):
    matches = match(*scatter(2), CLASSES)
    memo = Memo(tmp_path)
    for _ in range(2):
        kept = Matches(**memo.arrays("matches", {"seed": 2}, matches.arrays))
        assert figures(kept).tolist() == figures(matches).tolist()
    assert len(kept.truths) == len(SIZES)


def test_a_picture_without_detections_for_it_is_refused():
    with pytest.raises(ValueError, match="2 truths for 1"):
        match([no_boxes(), no_boxes()], [found()], 1)
