"""Confusion matrices and intersection over union, against two independent implementations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import jaccard_score

from scenegen.evaluate.measures.confusion import confusions, iou, mean_over_classes, weighted

CITYSCAPES_IDS = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33]
"""The ids that Cityscapes judges, from its paper's class list."""

REFERENCE = """
import json, sys
from types import SimpleNamespace
import cityscapesscripts.evaluation.evalPixelLevelSemanticLabeling as judge
predicted, truth = json.loads(sys.argv[1])
args = SimpleNamespace(
    quiet=True, JSONOutput=False, evalInstLevelScore=False, evalPixelAccuracy=False,
    normalized=True, bold="", nocol="", colorized=False,
)
judge.args = args
found = judge.evaluateImgLists(predicted, truth, args)
print(json.dumps([found["classScores"], found["averageScoreClasses"]]))
"""


def noisy(seed: int, count: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return predictions that are right two times in three, and truth with ignored pixels."""
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, classes, (count, 16, 24)).astype(np.uint8)
    other = generator.integers(0, classes, truth.shape).astype(np.uint8)
    predicted = np.where(generator.random(truth.shape) < 0.67, truth, other)
    truth[generator.random(truth.shape) < 0.1] = 255
    return predicted, truth


def test_a_hand_counted_case():
    truth = np.array([[[0, 0, 1, 1], [2, 2, 255, 255]]], np.uint8)
    predicted = np.array([[[0, 1, 1, 1], [2, 255, 0, 1]]], np.uint8)
    matrix = confusions(predicted, truth, 4)[0]
    assert matrix.tolist() == [
        [1, 1, 0, 0, 0],
        [0, 2, 0, 0, 0],
        [0, 0, 1, 0, 1],
        [0, 0, 0, 0, 0],
    ]
    scores = iou(matrix)
    assert scores[:3] == pytest.approx([1 / 2, 2 / 3, 1 / 2])
    assert np.isnan(scores[3])
    assert mean_over_classes(scores) == pytest.approx((1 / 2 + 2 / 3 + 1 / 2) / 3)
    assert mean_over_classes(scores, np.array([True, False, False, True])) == pytest.approx(0.5)
    assert np.isnan(mean_over_classes(scores, np.array([False, False, False, True])))


def test_wrong_shapes_and_unknown_truth_are_refused():
    with pytest.raises(ValueError, match="shape"):
        confusions(np.zeros((1, 2, 2), np.uint8), np.zeros((1, 2, 3), np.uint8), 2)
    with pytest.raises(ValueError, match="true id 7"):
        confusions(np.zeros((1, 1, 1), np.uint8), np.full((1, 1, 1), 7, np.uint8), 2)


@settings(max_examples=20)
@given(st.integers(0, 999), st.integers(1, 4), st.integers(2, 12))
def test_agrees_with_scikit_learn(seed: int, count: int, classes: int):
    predicted, truth = noisy(seed, count, classes)
    ours = iou(confusions(predicted, truth, classes).sum(axis=0))
    kept = truth != 255
    theirs = jaccard_score(
        truth[kept], predicted[kept], labels=range(classes), average=None, zero_division=0
    )
    present = np.isin(np.arange(classes), truth[kept])
    assert ours[present] == pytest.approx(theirs[present], rel=1e-12)
    assert np.isnan(ours[~present]).all()


def test_agrees_with_cityscapesscripts(tmp_path: Path):
    predicted, truth = noisy(5, 3, len(CITYSCAPES_IDS))
    native = np.zeros(256, np.uint8)  # 0 is "unlabeled", which Cityscapes ignores
    native[: len(CITYSCAPES_IDS)] = CITYSCAPES_IDS
    files: list[list[str]] = []
    for kind, pictures in (("predicted", predicted), ("truth", truth)):
        files.append([str(tmp_path / f"{kind}{i}.png") for i in range(len(pictures))])
        for path, picture in zip(files[-1], pictures, strict=True):
            cv2.imwrite(path, native[picture])
    reference = Path(sys.prefix) / "reference"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", REFERENCE, json.dumps(files)],
        env={**os.environ, "PYTHONPATH": str(reference)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    scores, average = json.loads(done.stdout.replace("NaN", "null").splitlines()[-1])
    theirs = [value for value in scores.values() if value is not None]
    ours = iou(confusions(predicted, truth, len(CITYSCAPES_IDS)).sum(axis=0))
    assert sorted(ours) == pytest.approx(sorted(theirs), rel=1e-3)
    assert mean_over_classes(ours) == pytest.approx(average, rel=1e-3)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 3), min_size=4, max_size=4))
def test_weights_count_pictures_as_often_as_they_say(times: list[int]):
    predicted, truth = noisy(1, 4, 5)
    repeated = np.repeat(np.arange(4), times)
    sums = weighted(confusions(predicted, truth, 5), np.array([times], float))
    assert np.array_equal(
        sums[0], confusions(predicted[repeated], truth[repeated], 5).sum(axis=0).astype(float)
    )
