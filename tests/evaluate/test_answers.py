"""What a utility study's runs answer, for segmentation and for detection."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenegen.evaluate.answers import PLAIN, REBALANCED, answers_of, class_recall
from scenegen.evaluate.bias import bias
from scenegen.evaluate.images import Boxes
from scenegen.evaluate.measures.confusion import confusions, iou
from scenegen.evaluate.results import Section
from scenegen.evaluate.utility.arms import Arm, Stage
from scenegen.evaluate.utility.judges import judge_of
from scenegen.evaluate.utility.prepared import prepare
from scenegen.evaluate.utility.protocol import Detections, Part, TrainingData
from scenegen.evaluate.utility.run import UtilityOutcome
from scenegen.evaluate.utility.training import Predicted, Run
from tests.evaluate.memory_sets import make_study, memory_set

SHAPE = (24, 32)
WEIGHTS = np.array([3.0] + [0.5] * 11)


def labelled(name: str, count: int = 12):
    """Return pictures with two large cars each, as pixels and as boxes."""
    labels = np.zeros(SHAPE, np.uint8)
    labels[4:16, 2:10] = labels[4:16, 20:28] = 1
    xyxy = np.array([[2.0, 4, 10, 16], [20, 4, 28, 16]])
    boxes = Boxes(xyxy, np.ones(2, np.int64), np.zeros(2, np.bool_))
    pictures = [np.full((*SHAPE, 3), 60 + i, np.uint8) for i in range(count)]
    return memory_set(name, pictures, [labels] * count, [boxes] * count, block_length=2)


def outcome(plain: tuple[Run, ...], better: Run) -> UtilityOutcome:
    runs = {PLAIN: plain, REBALANCED: (better,)}
    empty = Section(name="utility", title="Utility")
    return UtilityOutcome(empty, "tiny", "digest", runs, plain[0].test, None)


def arms(prepared):
    plain = Arm("synthetic", 0, (Stage(TrainingData((Part(prepared),)), 1),))
    weighted = TrainingData((Part(prepared, 1.0, WEIGHTS),))
    return plain, Arm("rebalanced", 0, (Stage(weighted, 1),))


def test_segmentation_runs_are_averaged_over_seeds(tmp_path: Path):
    made, test = labelled("made"), labelled("test")
    study = make_study(tmp_path, made, test)
    prepared = prepare(test, "semantic", SHAPE[::-1], study.memo)
    plain, weighted = arms(prepared)
    truth = prepared.semantic(slice(None))
    half, none = truth.copy(), truth.copy()
    half[:, :, 20:28] = 0  # the right car is missed
    none[:, :, :] = 0
    (tmp_path / "test").mkdir()
    np.save(tmp_path / "test" / "semantic.npy", half)
    kept = [{"confusions": confusions(said, truth, 3)} for said in (half, none, truth)]
    predicted = Predicted(prepared, tmp_path / "test")
    runs = Run(plain, 0, kept[0], predicted, None), Run(plain, 1, kept[1], None, None)
    result = outcome(runs, Run(weighted, 0, kept[2], None, None))
    answers = answers_of(study, result)
    ones = np.ones((1, 12))
    expected = [iou(k["confusions"].sum(axis=0)) for k in kept]
    assert answers.scores[PLAIN](ones)[0] == pytest.approx(
        (expected[0] + expected[1]) / 2, nan_ok=True
    )
    assert answers.rates[PLAIN](ones)[0, 1] == pytest.approx(0.25)
    assert answers.rates[REBALANCED](ones)[0, 1] == 1
    assert answers.effective_share == pytest.approx(WEIGHTS.sum() ** 2 / (WEIGHTS**2).sum() / 12)
    assert answers.recalls is not None
    assert answers.recalls.recall.tolist() == [1.0, 0.0] * 12
    section = bias(study, made, result)
    gains = {r.slice: r for r in section.results if r.name == "bias.rebalancing_gain"}
    assert gains["class=car"].value == pytest.approx(1 - (expected[0] + expected[1])[1] / 2)
    assert gains["class=person"].value is None
    assert "with the weights 51% of the pictures count" in gains["all"].note


def test_detection_runs_are_judged_by_average_precision_and_boxes_found(tmp_path: Path):
    made, test = labelled("made"), labelled("test")
    study = make_study(tmp_path, made, test)
    prepared = prepare(test, "boxes", SHAPE[::-1], study.memo)
    plain, weighted = arms(prepared)
    judge = judge_of("boxes", 3)
    both = test.boxes(0).xyxy
    left = [Detections(both[:1], np.ones(1, np.int64), np.ones(1)) for _ in range(12)]
    whole = [Detections(both, np.ones(2, np.int64), np.ones(2)) for _ in range(12)]
    (tmp_path / "test").mkdir()
    np.savez(
        tmp_path / "test" / "detections.npz",
        offsets=np.arange(13),
        xyxy=np.repeat(both[:1], 12, axis=0),
        class_id=np.ones(12, np.int64),
        score=np.ones(12),
    )
    predicted = Predicted(prepared, tmp_path / "test")
    first = Run(plain, 0, judge.judge(iter([left]), prepared), predicted, None)
    better = Run(weighted, 0, judge.judge(iter([whole]), prepared), None, None)
    section = bias(study, made, outcome((first,), better))
    found = {(r.name, r.slice): r for r in section.results}
    assert found["bias.recall", "all"].value == 0.5
    assert found["bias.recall", "position=middle left"].value == 1
    assert found["bias.recall_gap", "all"].value == 1
    assert found["bias.rebalancing_gain", "class=car"].value == pytest.approx(0.5, abs=0.02)


def test_class_recall_is_the_share_of_right_pixels():
    matrix = np.array([[[6.0, 2, 0], [1, 3, 0]], [[0, 0, 0], [0, 4, 4]]])
    found = class_recall(matrix)
    assert found[0] == pytest.approx([0.75, 0.75])
    assert np.isnan(found[1, 0])
    assert found[1, 1] == 0.5
