"""Detection and models that users bring, through the whole of an evaluation of utility."""

from __future__ import annotations

import shlex
import sys
import textwrap
from pathlib import Path

import cv2
import numpy as np
import pytest

from scenegen.evaluate.images import U8, Boxes
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.results import MetricResult
from scenegen.evaluate.utility.protocol import Detections, TrainingData
from scenegen.evaluate.utility.run import UtilityOutcome, UtilitySettings, utility
from tests.evaluate.memory_sets import make_study, memory_set


def street(name: str, count: int) -> MappedSet:
    """Return pictures with a bright car of a tenth of the area, further right in each."""
    pictures, boxes, labels = [], [], []
    for i in range(count):
        picture = np.full((64, 64, 3), 60, np.uint8)
        left = 2 * i
        picture[16:32, left : left + 24] = 220
        pictures.append(picture)
        labels.append((picture[..., 0] > 100).astype(np.uint8))
        xyxy = np.array([[left, 16.0, left + 24, 32]])
        boxes.append(Boxes(xyxy, np.array([1]), np.zeros(1, np.bool_)))
    return memory_set(name, pictures, labels, boxes=boxes)


class FindsBright:
    """Finds what is bright, two px too wide."""

    name = digest = "finds bright"
    trainable = False

    def fit(self, data: TrainingData, steps: int, seed: int) -> None:
        raise AssertionError("a finished model was trained")

    def predict(self, images: U8) -> list[Detections]:
        found = []
        for picture in images:
            x, y, w, h = cv2.boundingRect((picture[..., 0] > 100).astype(np.uint8))
            box = np.array([[x, y, x + w + 8, y + h]], np.float64)
            found.append(Detections(box, np.array([1]), np.array([0.9])))
        return found


def figures(outcome: UtilityOutcome, name: str) -> dict[str, MetricResult]:
    """Return the results of one name by slice."""
    return {r.slice: r for r in outcome.section.results if r.name == f"utility.boxes.{name}"}


def test_precision_at_one_overlap_and_by_size(tmp_path: Path):
    made = street("made", 4)
    study = make_study(tmp_path, made, street("real", 8), street("real train", 4))
    settings = UtilitySettings("boxes", real=(2,), width=64)
    outcome = utility(study, made, settings, make_model=lambda *_: FindsBright())
    # 24 px of 32 are an overlap of 0.75, which reaches the first six of ten thresholds
    assert figures(outcome, "ap")["arm=given"].value == pytest.approx(0.6)
    assert figures(outcome, "ap50")["arm=given"].value == pytest.approx(1.0)
    assert figures(outcome, "ap75")["arm=given"].value == pytest.approx(1.0)
    sizes = figures(outcome, "ap_size")
    assert sizes["arm=given,size=large"].value == pytest.approx(0.6)
    assert sizes["arm=given,size=small"].value is None
    one = figures(outcome, "ap50")["arm=given"]
    assert (one.ci_low, one.ci_high) == pytest.approx((1.0, 1.0))
    grids = outcome.section.grids
    assert [len(grid.pictures) for grid in grids] == [1, 1]  # of the only block
    assert all((study.out / picture.path).is_file() for picture in grids[0].pictures)


@pytest.mark.slow
def test_the_built_in_detector_goes_through_all_arms(tmp_path: Path):
    made = street("made", 6)
    study = make_study(tmp_path, made, street("real", 4), street("real train", 4))
    settings = UtilitySettings("boxes", real=("all",), steps=2, batch=2, width=64, longer=1)
    outcome = utility(study, made, settings)
    assert outcome.model == "efficientnet-lite0 centres"
    assert {"all", "arm=real,real=4", "arm=mixture,real=4"} <= set(figures(outcome, "ap50"))
    assert figures(outcome, "gain")["all"].value is not None


PROGRAM = """
    import json, sys
    from pathlib import Path
    import cv2, numpy as np
    verb, folder = sys.argv[1], Path(sys.argv[2])
    with Path(__file__).with_suffix(".log").open("a") as log:
        print(verb, file=log)
    job = json.loads((folder / "job.json").read_text())
    for e in job.get("predict", ()):
        grey = cv2.imread(str(folder / e["image"]), cv2.IMREAD_GRAYSCALE)
        cv2.imwrite(str(folder / e["output"]), (grey > 100).astype(np.uint8))
"""


def test_a_command_goes_through_all_arms_and_is_not_run_again(tmp_path: Path):
    script, log = tmp_path / "model.py", tmp_path / "model.log"
    script.write_text(textwrap.dedent(PROGRAM))
    line = f"command: {shlex.join([sys.executable, str(script)])}"
    made = street("made", 3)
    study = make_study(tmp_path, made, street("real", 3))
    settings = UtilitySettings(steps=2, width=64, model=line, rebalanced=False)
    outcome = utility(study, made, settings)
    value = {r.name: r.value for r in outcome.section.results if r.slice == "all"}
    assert value["utility.semantic.miou"] == pytest.approx(1.0)
    calls = log.read_text()
    assert calls.split() == ["fit", "predict"]
    assert utility(study, made, settings).section == outcome.section
    assert log.read_text() == calls
