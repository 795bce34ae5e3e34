"""Gaps between slices, coverage, and what re-balancing changes: planted ones are found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.evaluate.answers import PLAIN, REBALANCED, answers_from
from scenegen.evaluate.bias import bias_of
from scenegen.evaluate.bias_figures import Slices
from scenegen.evaluate.contrasts import object_contrasts, picture_contrasts
from scenegen.evaluate.coverage import compare_columns, coverage, object_columns
from scenegen.evaluate.images import Boxes
from scenegen.evaluate.measures.confusion import confusions, iou
from scenegen.evaluate.objects import all_objects
from scenegen.evaluate.recalls import box_recalls, region_recalls
from scenegen.evaluate.utility.protocol import Detections
from tests.evaluate.memory_sets import SPACE, make_study, memory_set

ROAD, CAR, PERSON = 0, 1, 2
SHAPE = (48, 64)


def street(generator: np.random.Generator, people: bool = True) -> np.ndarray:
    """Return labels (48, 64): road, a large car and two small ones, perhaps a person."""
    labels = np.zeros(SHAPE, np.uint8)
    x = int(generator.integers(2, 20))
    labels[20:36, x : x + 12] = CAR
    labels[8:10, 40:54] = CAR
    labels[12:14, 4:18] = CAR
    if people:
        labels[20:30, 56:60] = PERSON
    return labels


def spoilt(truth: np.ndarray, share: float, generator: np.random.Generator) -> np.ndarray:
    """Return predictions of which a share of the pixels is wrong."""
    wrong = generator.random(truth.shape) < share
    return np.where(wrong, (truth + 1) % 3, truth).astype(np.uint8)


def city(count: int = 60, times: list[str] | None = None):
    generator = np.random.default_rng(0)
    truth = [street(generator) for _ in range(count)]
    pictures = [np.full((*SHAPE, 3), 90, np.uint8) for _ in range(count)]
    attributes = None if times is None else [{"time_of_day": t} for t in times]
    return memory_set("test", pictures, truth, attributes=attributes, block_length=3)


def truth_of(mapped) -> np.ndarray:
    return np.stack([mapped.semantic(i) for i in range(len(mapped))])


def study_of(folder: Path, test):
    return make_study(folder, memory_set("made", [], []), test)


def figures(section):
    return {(r.name.removeprefix("bias."), r.slice): r for r in section.results}


def test_a_planted_gap_is_found_with_its_interval_off_zero(tmp_path: Path):
    times = ["day"] * 30 + ["night"] * 30
    test = city(60, times)
    truth = truth_of(test)
    generator = np.random.default_rng(1)
    said = np.stack(
        [
            spoilt(t, 0.3 if w == "night" else 0.02, generator)
            for t, w in zip(truth, times, strict=True)
        ]
    )
    answers = answers_from({PLAIN: confusions(said, truth, 3)}, SPACE, truth, said, "tiny")
    section = bias_of(study_of(tmp_path, test), memory_set("made", [], []), answers)
    found = figures(section)
    gap = found["gap", "all"]
    assert gap.ci_low > 0.2
    assert "time_of_day=night" in gap.note
    assert found["deficit", "time_of_day=night"].ci_low > 0.2
    assert found["deficit", "time_of_day=day"].ci_high < -0.2
    assert found["score", "time_of_day=night"].n == 30
    expected = iou(confusions(said, truth, 3)[30:].sum(axis=0)).mean()
    assert found["score", "time_of_day=night"].value == pytest.approx(expected)
    assert "gap between slices" in [flag.kind for flag in section.flags]


def test_equal_slices_show_no_sure_gap(tmp_path: Path):
    test = city(60, ["day", "day", "day", "night", "night", "night"] * 10)
    truth = truth_of(test)
    said = spoilt(truth, 0.2, np.random.default_rng(2))
    answers = answers_from({PLAIN: confusions(said, truth, 3)}, SPACE, model="tiny")
    section = bias_of(study_of(tmp_path, test), memory_set("made", [], []), answers)
    gap = figures(section)["gap", "all"]
    assert gap.ci_low < 0.01
    assert gap.value < 0.03


def test_rare_classes_are_no_gap(tmp_path: Path):
    """Equal noise everywhere lowers the union score where classes are rare, but is no bias."""
    generator = np.random.default_rng(8)
    truth = truth_of(city(60, ["day"] * 30 + ["night"] * 30))
    truth[30:, 22:48] = np.where(truth[30:, 22:48] == CAR, ROAD, truth[30:, 22:48])
    pictures = [np.full((*SHAPE, 3), 90, np.uint8)] * 60
    times = [{"time_of_day": "day"}] * 30 + [{"time_of_day": "night"}] * 30
    test = memory_set("test", pictures, list(truth), attributes=times, block_length=3)
    noise = generator.integers(0, 3, truth.shape)
    said = np.where(generator.random(truth.shape) < 0.3, noise, truth).astype(np.uint8)
    answers = answers_from({PLAIN: confusions(said, truth, 3)}, SPACE)
    found = figures(bias_of(study_of(tmp_path, test), memory_set("made", [], []), answers))
    scores = [found["score", f"time_of_day={word}"].value for word in ("day", "night")]
    assert scores[0] - scores[1] > 0.05
    assert found["gap", "all"].ci_low < 0


def test_small_objects_that_are_missed_are_found_out(tmp_path: Path):
    test = city(40)
    truth = truth_of(test)
    said = truth.copy()
    said[:, :16] = ROAD  # the small cars are at the top
    answers = answers_from({PLAIN: confusions(said, truth, 3)}, SPACE, truth, said)
    found = figures(bias_of(study_of(tmp_path, test), memory_set("made", [], []), answers))
    assert found["recall", "class=car,size=small"].value == 0
    assert found["recall", "class=car,size=large"].value == 1
    assert found["recall", "class=person"].value == 1
    assert found["recall", "all"].value == pytest.approx(2 / 4)
    assert found["recall", "all"].n == 160
    gap = found["recall_gap", "all"]
    assert gap.value == 1
    assert gap.ci_low > 0.9
    assert "size=small" in gap.note or "position=top" in gap.note


def test_regions_are_told_apart_by_size_edge_and_place():
    truth = np.zeros((1, 48, 64), np.uint8)
    truth[0, 20:40, 0:10] = CAR
    truth[0, 2:4, 50:64] = CAR
    truth[0, 44, 30] = PERSON  # too small to be a thing
    said = np.zeros_like(truth)
    said[0, 20:25, 0:10] = CAR
    found = region_recalls(truth, said, SPACE)
    assert found.recall.tolist() == [0.0, 0.25]
    assert found.words["size"].tolist() == ["small", "large"]
    assert found.words["truncated"].tolist() == ["yes", "yes"]
    assert found.words["position"].tolist() == ["top right", "middle left"]


@given(st.integers(0, 200), st.floats(0, 1))
def test_recall_of_all_regions_agrees_with_counting(seed, share):
    generator = np.random.default_rng(seed)
    truth = np.stack([street(generator) for _ in range(3)])
    said = spoilt(truth, share, generator)
    found = region_recalls(truth, said, SPACE)
    large = (found.class_id == CAR) & (found.words["size"] == "large")
    for i in range(3):
        mask = np.zeros(SHAPE, bool)
        mask[20:36] = truth[i, 20:36] == CAR
        (recall,) = found.recall[large & (found.picture == i)]
        assert recall == pytest.approx((said[i][mask] == CAR).mean())


def test_boxes_count_as_found_if_half_overlaps_and_the_class_is_right():
    xyxy = np.array([[0.0, 0, 20, 20], [30, 10, 50, 40], [60, 20, 64, 24], [5, 30, 15, 40]])
    truth = Boxes(
        xyxy,
        np.array([CAR, CAR, PERSON, PERSON]),
        np.array([False, False, False, True]),
        np.array([10.0, 30.0, np.nan, 70.0]),
        np.array([0.0, 0.7, 0.2, 0.0]),
    )
    test = memory_set("t", [np.zeros((48, 64, 3), np.uint8)], boxes=[truth])
    said = Detections(
        np.array([[0.0, 0, 4, 10], [15, 5, 22, 20], [30, 10, 32, 12]]),
        np.array([CAR, PERSON, PERSON]),
        np.ones(3),
    )
    found = box_recalls(test, (32, 24), [said])
    assert found.recall.tolist() == [0.0, 0.0, 1.0]
    assert found.words["distance"].tolist() == ["near", "middle", ""]
    assert found.words["occlusion"].tolist() == ["little", "half", "little"]
    assert found.words["truncated"].tolist() == ["yes", "no", "yes"]
    close = Detections(np.array([[0.0, 0, 8, 7]]), np.array([CAR]), np.ones(1))
    assert box_recalls(test, (32, 24), [close]).recall.tolist() == [1.0, 0.0, 0.0]


def test_the_gain_of_re_balancing_is_measured_in_pairs(tmp_path: Path):
    test = city(60)
    truth = truth_of(test)
    generator = np.random.default_rng(3)
    plain = spoilt(truth, 0.3, generator)
    better = np.where(truth == PERSON, truth, plain)
    arms = {PLAIN: confusions(plain, truth, 3), REBALANCED: confusions(better, truth, 3)}
    study = study_of(tmp_path, test)
    section = bias_of(study, memory_set("made", [], []), answers_from(arms, SPACE))
    found = figures(section)
    assert found["rebalancing_gain", "class=person"].ci_low > 0.02
    assert found["rebalancing_gain", "class=road"].value >= 0
    assert found["rebalancing_gain", "all"].ci_low > 0
    assert "p = 0.0" in found["rebalancing_gain", "all"].note
    assert "re-balancing helps" in " ".join(flag.message for flag in section.flags)
    same = answers_from({PLAIN: arms[PLAIN], REBALANCED: arms[PLAIN]}, SPACE)
    none = figures(bias_of(study, memory_set("made", [], []), same))["rebalancing_gain", "all"]
    assert (none.value, none.ci_low, none.ci_high) == (0, 0, 0)
    assert "p = 1," in none.note


def test_a_class_that_the_test_pictures_lack_has_no_gain(tmp_path: Path):
    generator = np.random.default_rng(4)
    truth = np.stack([street(generator, people=False) for _ in range(12)])
    pictures = [np.zeros((*SHAPE, 3), np.uint8)] * 12
    test = memory_set("test", pictures, list(truth), block_length=3)
    matrices = confusions(truth, truth, 3)
    answers = answers_from({PLAIN: matrices, REBALANCED: matrices}, SPACE)
    found = figures(bias_of(study_of(tmp_path, test), memory_set("made", [], []), answers))
    assert found["rebalancing_gain", "class=person"].value is None
    assert found["gap", "all"].value is None
    assert "no two slices" in found["gap", "all"].note


def test_slices_need_pictures_blocks_and_a_rest():
    times = ["day"] * 30 + ["night"] * 3 + ["dusk"] * 12
    test = city(45, times)
    found = picture_contrasts(test, np.repeat([0.1, 0.3, 0.9], 15))
    assert set(found) == {
        "time_of_day=day",
        "time_of_day=dusk",
        "brightness=dark",
        "brightness=middle",
        "brightness=bright",
    }
    inside, rest = found["time_of_day=dusk"]
    assert (inside.sum(), rest.sum()) == (12, 33)
    drives = memory_set("d", [np.zeros((8, 8, 3), np.uint8)] * 60, groups=["a"] * 30 + ["b"] * 30)
    assert set(picture_contrasts(drives, np.zeros(60))) == {"drive=a", "drive=b"}


def test_the_rest_of_a_slice_within_a_class_is_of_that_class():
    truth = np.stack([street(np.random.default_rng(i)) for i in range(30)])
    recalls = region_recalls(truth, truth, SPACE)
    found = object_contrasts(recalls, SPACE.names, np.arange(30) // 3)
    inside, rest = found["class=car,size=large"]
    assert set(recalls.class_id[inside | rest].tolist()) == {CAR}
    assert (inside.sum(), rest.sum()) == (30, 60)


def coverage_sets():
    generator = np.random.default_rng(5)
    pictures = [np.zeros((*SHAPE, 3), np.uint8)] * 40
    times = [{"time_of_day": "day"}] * 20 + [{"time_of_day": "night"}] * 20
    made = [street(generator, people=i % 10 == 0) for i in range(40)]
    real = [street(generator) for _ in range(40)]
    return (
        memory_set(
            "made", pictures, made, attributes=[{"time_of_day": "day"}] * 40, block_length=5
        ),
        memory_set("test", pictures, real, attributes=times, block_length=5),
    )


def test_what_is_rare_in_the_synthetic_set_is_found(tmp_path: Path):
    made, test = coverage_sets()
    study = make_study(tmp_path, made, test)
    found = coverage(study, made)
    assert found is not None
    assert found.ratios["class=person"].value == pytest.approx(0.1)
    assert found.ratios["class=person"].high < 0.5
    assert found.ratios["class=car,size=large"].value == 1
    assert found.ratios["time_of_day=night"].value == 0
    assert found.ratios["time_of_day=day"].value == 2
    assert found.means["objects=all"] == (3.1, 4.0)
    assert 0.3 < found.covered.value < 0.95
    section = bias_of(study, made, None)
    (flag,) = section.flags
    assert "class=person" in flag.message
    assert "time_of_day=night" in flag.message
    assert figures(section)["covered", "all"].value == found.covered.value
    assert section.tables[0].rows[0][1] == 0


def test_a_set_covers_itself(tmp_path: Path):
    _, test = coverage_sets()
    found = coverage(make_study(tmp_path, test, test), test)
    assert found is not None
    assert {ratio.value for ratio in found.ratios.values()} == {1.0}
    assert found.covered.value == 1


def test_sets_of_unlike_sizes_are_compared_by_what_both_can_show(tmp_path: Path):
    """A region of 28 px in the fine pictures has 7 in the coarse ones, too few for a thing."""
    fine = np.zeros((96, 128), np.uint8)
    fine[40:80, 20:60] = CAR
    fine[4:8, 100:107] = PERSON
    coarse = fine[::2, ::2]
    made = memory_set("made", [np.zeros((48, 64, 3), np.uint8)] * 4, [coarse] * 4)
    test = memory_set("test", [np.zeros((96, 128, 3), np.uint8)] * 4, [fine] * 4)
    for one, other in ((made, test), (test, made)):
        found = coverage(make_study(tmp_path, one, other), one)
        assert found is not None
        assert found.means["objects=all"] == (1.0, 1.0)
        assert not [name for name in found.ratios if name.startswith("class=person,")]


def test_attributes_that_one_set_does_not_tell_are_not_compared(tmp_path: Path):
    made, test = coverage_sets()
    untold = memory_set("untold", [made.image(0)] * 3, [made.semantic(0)] * 3)
    found = coverage(make_study(tmp_path, untold, test), untold)
    assert found is not None
    assert not [name for name in found.ratios if "time_of_day" in name]


def test_nothing_real_gives_no_coverage():
    generator = np.random.default_rng(6)
    blocks = np.arange(3)
    assert compare_columns({}, {"a": np.zeros(3)}, (blocks, blocks), generator) is None


def test_objects_lie_in_their_ninth():
    xyxy = np.array([[0.0, 0, 6, 6], [28, 20, 36, 28], [58, 40, 64, 48]])
    boxes = Boxes(xyxy, np.ones(3, np.int64), np.zeros(3, np.bool_))
    mapped = memory_set("m", [np.zeros((48, 64, 3), np.uint8)] * 2, boxes=[boxes, boxes])
    found = object_columns(mapped, all_objects(mapped, "boxes"))
    for place in ("top left", "middle centre", "bottom right"):
        assert found[f"position={place}"].tolist() == [1, 1]
    assert "position=top right" not in found


def test_recalls_of_no_objects_are_left_out(tmp_path: Path):
    empty = np.zeros((12, *SHAPE), np.uint8)
    test = memory_set("test", [np.zeros((*SHAPE, 3), np.uint8)] * 12, list(empty))
    answers = answers_from({PLAIN: confusions(empty, empty, 3)}, SPACE, empty, empty)
    slices = Slices(study_of(tmp_path, test), memory_set("made", [], []), answers)
    assert list(slices.object_results()) == []
