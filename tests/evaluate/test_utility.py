"""Training arms, their runs and figures, on pictures whose colours tell their classes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.errors import InputError
from scenegen.evaluate.images import U8, Boxes
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.results import MetricResult
from scenegen.evaluate.study import Study
from scenegen.evaluate.utility.arms import spread_order
from scenegen.evaluate.utility.figures import worth
from scenegen.evaluate.utility.protocol import Detections, TrainingData
from scenegen.evaluate.utility.run import Rival, UtilityOutcome, UtilitySettings, utility
from tests.evaluate.memory_sets import make_study, memory_set

COLORS = np.array([[60, 60, 70], [200, 40, 40], [40, 60, 200]], np.float64)
"""Of road, car and person."""


class ByColor:
    """Gives each pixel the class whose mean colour is nearest; counts what it is asked."""

    name = "by colour"
    digest = "by colour 1"
    trainable = True
    runs = 0

    def __init__(self, classes: int) -> None:
        self.sums = np.zeros((classes, 4))

    def fit(self, data: TrainingData, steps: int, seed: int) -> None:
        type(self).runs += 1
        for step in range(steps):
            batch = data.batch(step, 4, seed)
            assert batch.semantic is not None
            for class_id in range(len(self.sums)):
                pixels = batch.images[batch.semantic == class_id]
                self.sums[class_id] += [*pixels.sum(axis=0), len(pixels)]

    def predict(self, images: U8) -> U8:
        means = self.sums[:, :3] / np.maximum(self.sums[:, 3:], 1)
        far = np.where(self.sums[:, 3] > 0, 0.0, 1e9)
        away = ((images[..., None, :] - means) ** 2).sum(axis=-1) + far
        return away.argmin(axis=-1).astype(np.uint8)


def make_by_color(task: str, classes: Sequence[str], seed: int) -> ByColor:
    return ByColor(len(classes))


def scenes(
    name: str,
    count: int,
    seed: int,
    shift: float = 0.0,
    shuffled: bool = False,
    classes: int = 3,
) -> MappedSet:
    """Return pictures (32 by 24) of rectangles in their class's colour, shifted and noisy."""
    generator = np.random.default_rng(seed)
    pictures, labels = [], []
    for _ in range(count):
        ids = np.zeros((24, 32), np.uint8)
        for class_id in range(1, classes):
            left, top = generator.integers(0, 20), generator.integers(0, 14)
            ids[top : top + 10, left : left + 12] = class_id
        noise = generator.normal(0, 12, (24, 32, 3))
        pictures.append(np.clip(COLORS[ids] + shift + noise, 0, 255).astype(np.uint8))
        labels.append(generator.permutation(ids.ravel()).reshape(ids.shape) if shuffled else ids)
    return memory_set(name, pictures, labels, block_length=2)


def study_of(folder: Path, synthetic: MappedSet, train: int = 12) -> Study:
    return make_study(
        folder,
        synthetic,
        test=scenes("real", 20, 1),
        train=scenes("real train", train, 2) if train else None,
        val=scenes("real val", 6, 3),
    )


SETTINGS = UtilitySettings(real=(2, 6, "all"), steps=6, width=32, rebalanced=False)


def run(study: Study, settings: UtilitySettings = SETTINGS) -> UtilityOutcome:
    return utility(study, study.synthetic[0], settings, make_model=make_by_color)


def figure(outcome: UtilityOutcome, name: str, where: str = "all") -> MetricResult:
    found = [r for r in outcome.section.results if (r.name, r.slice) == (name, where)]
    assert len(found) == 1, [(r.name, r.slice) for r in outcome.section.results]
    return found[0]


def test_good_pictures_teach_and_shuffled_labels_do_not(tmp_path: Path):
    good = run(study_of(tmp_path / "a", scenes("made", 10, 4)))
    ruined = run(study_of(tmp_path / "b", scenes("made", 10, 4, shuffled=True)))
    best, worst = (figure(o, "utility.semantic.miou") for o in (good, ruined))
    assert best.value is not None
    assert worst.value is not None
    assert best.value > 0.9
    assert worst.ci_high is not None
    assert worst.ci_high < 0.5 < best.value
    gain = figure(ruined, "utility.semantic.gain")
    assert gain.ci_high is not None
    assert gain.ci_high < 0


def test_two_sets_are_compared_on_the_same_test_pictures(tmp_path: Path):
    ruined = run(study_of(tmp_path / "a", scenes("ruined", 10, 4, shuffled=True)))
    study = study_of(tmp_path / "b", scenes("made", 10, 4))
    rival = Rival("ruined", ruined.runs)
    outcome = utility(study, study.synthetic[0], SETTINGS, make_model=make_by_color, against=rival)
    versus = figure(outcome, "utility.semantic.versus", "against=ruined")
    means = [figure(o, "utility.semantic.miou").value for o in (outcome, ruined)]
    assert versus.value == pytest.approx(np.subtract(*means))
    assert versus.ci_low is not None
    assert versus.ci_low > 0
    assert "p = " in versus.note
    figure(outcome, "utility.semantic.versus", "arm=mixture,real=6,against=ruined")


def test_every_arm_has_its_figure_and_its_interval(tmp_path: Path):
    outcome = run(study_of(tmp_path, scenes("made", 10, 4, shift=30.0)))
    for count in (2, 6, 12):
        for kind in ("real", "real-longer", "mixture", "fine-tune"):
            found = figure(outcome, "utility.semantic.miou", f"arm={kind},real={count}")
            assert found.ci_low is not None
            assert found.value is not None
            assert found.ci_high is not None
            assert found.ci_low <= found.value <= found.ci_high
            assert found.n == 20
    plot = outcome.section.plots[0]
    assert [curve.x for curve in plot.curves] == [
        (2, 6, 12),
        (2, 6, 12),
        (0, 2, 6, 12),
        (0, 2, 6, 12),
    ]
    assert "p = " in figure(outcome, "utility.semantic.gain", "arm=mixture,real=6").note
    assert figure(outcome, "utility.semantic.iou", "class=car").value is not None
    assert [grid.title[:4] for grid in outcome.section.grids] == ["Wors", "Best"]
    for grid in outcome.section.grids:
        for picture in grid.pictures:
            assert (tmp_path / picture.path).is_file()


def test_predictions_of_the_synthetic_arm_are_kept(tmp_path: Path):
    outcome = run(study_of(tmp_path, scenes("made", 10, 4)))
    assert outcome.val is not None
    assert outcome.val.semantic.shape == (6, 32, 32)
    assert outcome.val.pictures.ids == tuple(f"real val-{i:04d}" for i in range(6))
    assert outcome.test is not None
    right = outcome.test.semantic == outcome.test.pictures.semantic(slice(None))
    assert right.mean() > 0.95


def test_a_killed_evaluation_goes_on_after_its_last_run(tmp_path: Path):
    made = scenes("made", 10, 4)

    def kill(share: float, note: str) -> None:
        if note.startswith("fine-tune, 2"):
            raise KeyboardInterrupt

    ByColor.runs = 0
    with pytest.raises(KeyboardInterrupt):
        utility(study_of(tmp_path, made), made, SETTINGS, kill, make_by_color)
    assert ByColor.runs == 4  # synthetic, real, mixture, and the fine-tuning that was killed
    outcome = run(study_of(tmp_path, made))
    assert ByColor.runs == 4 + 2 + 1 + 2 * 5
    assert run(study_of(tmp_path, made)).section == outcome.section
    assert ByColor.runs == 4 + 2 + 1 + 2 * 5


def test_runs_on_real_pictures_alone_serve_all_synthetic_sets(tmp_path: Path):
    run(study_of(tmp_path, scenes("made", 10, 4)))
    ByColor.runs = 0
    run(study_of(tmp_path, scenes("other", 10, 5)))
    assert ByColor.runs == 1 + 3 * 3  # synthetic; and for each count a mixture and two stages


def test_the_same_seed_gives_the_same_section(tmp_path: Path):
    made = scenes("made", 10, 4, shift=40.0)
    first = run(study_of(tmp_path / "a", made)).section
    assert first == run(study_of(tmp_path / "b", made)).section


def test_several_seeds_are_averaged(tmp_path: Path):
    made = scenes("made", 10, 4, shift=45.0)
    settings = UtilitySettings(real=(2,), steps=2, width=32, seeds=(0, 1, 2), rebalanced=False)
    outcome = run(study_of(tmp_path, made), settings)
    assert len(outcome.runs["all"]) == 3
    assert "3 seeds" in figure(outcome, "utility.semantic.miou").method
    assert not [flag for flag in outcome.section.flags if flag.kind == "one seed"]


def test_classes_that_are_lacking_are_flagged_and_left_out_of_the_shared_figure(tmp_path: Path):
    outcome = run(study_of(tmp_path, scenes("made", 10, 4, classes=2)))
    assert [f.kind for f in outcome.section.flags if "person" in f.message] == ["missing classes"]
    plain = figure(outcome, "utility.semantic.miou").value
    shared = figure(outcome, "utility.semantic.miou_shared").value
    assert plain is not None
    assert shared is not None
    assert shared > plain
    assert figure(outcome, "utility.semantic.iou", "class=person").value == 0.0


def test_without_real_training_pictures_there_is_one_arm(tmp_path: Path):
    outcome = run(study_of(tmp_path, scenes("made", 10, 4), train=0))
    assert list(outcome.runs) == ["all"]
    assert any(f.kind == "no real training pictures" for f in outcome.section.flags)


def test_a_finished_model_is_only_tested(tmp_path: Path):
    class Finished(ByColor):
        trainable = False

        def __init__(self, classes: int) -> None:
            super().__init__(classes)
            self.sums = np.concatenate([COLORS, np.ones((3, 1))], axis=1)

        def fit(self, data: TrainingData, steps: int, seed: int) -> None:
            raise AssertionError("a finished model was trained")

    made = scenes("made", 10, 4)
    study = study_of(tmp_path, made)
    outcome = utility(
        study, made, SETTINGS, make_model=lambda task, classes, seed: Finished(len(classes))
    )
    found = figure(outcome, "utility.semantic.miou", "arm=given")
    assert found.value is not None
    assert found.value > 0.9


def test_rebalancing_is_an_arm_with_its_own_gain(tmp_path: Path):
    settings = UtilitySettings(real=(2,), steps=2, width=32)
    outcome = run(study_of(tmp_path, scenes("made", 10, 4)), settings)
    assert "arm=rebalanced" in outcome.runs
    assert figure(outcome, "utility.semantic.rebalance_gain").value is not None


def test_boxes_are_judged_by_average_precision(tmp_path: Path):
    def boxed(name: str, count: int) -> MappedSet:
        left = 3.0 * np.arange(count)
        boxes = [
            Boxes(
                np.array([[x, 8, x + 24, 40], [40, 8, 56, 24]]),
                np.array([1, 2]),
                np.zeros(2, np.bool_),
            )
            for x in left
        ]
        return memory_set(name, [np.full((64, 64, 3), x, np.uint8) for x in left], boxes=boxes)

    class FindsCars:
        name = digest = "finds cars"
        trainable = False

        def fit(self, data: TrainingData, steps: int, seed: int) -> None:
            raise AssertionError("a finished model was trained")

        def predict(self, images: U8) -> list[Detections]:
            return [
                Detections(np.array([[x, 8, x + 24, 40]]), np.array([1]), np.array([0.9]))
                for x in images[:, 0, 0, 0].astype(float)
            ]

    made = boxed("made", 4)
    study = make_study(tmp_path, made, boxed("real", 8), boxed("real train", 4))
    settings = UtilitySettings("boxes", real=(2,), width=64)
    outcome = utility(study, made, settings, make_model=lambda *_: FindsCars())
    whole = figure(outcome, "utility.boxes.ap", "arm=given")
    assert whole.value == pytest.approx(0.5)
    assert figure(outcome, "utility.boxes.ap_class", "arm=given,class=car").value == 1.0
    assert figure(outcome, "utility.boxes.ap_class", "arm=given,class=road").value is None
    assert outcome.test is not None
    assert [len(found) for found in outcome.test.detections()] == [1] * 8


@pytest.mark.slow
def test_the_built_in_segmenter_goes_through_all_arms(tmp_path: Path):
    study = study_of(tmp_path, scenes("made", 6, 4), train=4)
    settings = UtilitySettings(real=("all",), steps=2, batch=2, width=64)
    outcome = utility(study, study.synthetic[0], settings)
    assert list(outcome.runs) == [
        "all",
        "arm=rebalanced",
        *(f"arm={kind},real=4" for kind in ("real", "mixture", "fine-tune", "real-longer")),
    ]


@given(st.integers(1, 300))
def test_chosen_pictures_are_nested_and_spread(count: int):
    order = spread_order(count)
    assert sorted(order) == list(range(count))
    prefix = np.sort(order[: max(1, count // 2)])
    assert np.diff(prefix, prepend=-1, append=count).max() <= 4


@pytest.mark.parametrize(
    ("score", "pictures"),
    [(0.2, 10), (0.3, np.sqrt(10 * 40)), (0.4, 40), (0.1, 0), (0.9, np.inf), (0.45, 60)],
)
def test_worth_reads_the_curve_backwards(score: float, pictures: float):
    # 0.35 at 60 pictures is less than what 40 gave: the best so far holds.
    counts, curve = (10, 40, 60, 61), np.array([0.2, 0.4, 0.35, 0.5])
    if score == 0.45:
        assert 60 < worth(score, counts, curve) < 61
    else:
        assert worth(score, counts, curve) == pytest.approx(pictures)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"real": (0,)}, "real=0"),
        ({"steps": 1}, "steps=1"),
        ({"longer": 0.5}, "longer"),
        ({"seeds": ()}, "seeds"),
        ({"seeds": (1, 1)}, "seeds"),
    ],
)
def test_wrong_settings_are_refused(wrong: dict, named: str):
    with pytest.raises(InputError, match=named):
        UtilitySettings(**wrong)
