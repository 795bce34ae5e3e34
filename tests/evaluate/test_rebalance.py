"""Weights that balance a synthetic set: bounds, misfit, and sets that are balanced already."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from scenegen.errors import InputError
from scenegen.evaluate.images import Boxes
from scenegen.evaluate.rebalance import RIDGE, balance, calibrated, common_task, picture_weights
from tests.evaluate.memory_sets import grey, memory_set


def labels(car_share: float, person: bool = False) -> np.ndarray:
    """Return labels (8, 10) of which a share is car, and one pixel perhaps a person."""
    result = np.zeros((8, 10), np.uint8)
    result.reshape(-1)[: round(80 * car_share)] = 1
    if person:
        result[-1, -1] = 2
    return result


def semantic_set(name, shares, times=None, people=None):
    people = people or [False] * len(shares)
    attributes = None if times is None else [{"time_of_day": t} if t else {} for t in times]
    truth = [labels(share, person) for share, person in zip(shares, people, strict=True)]
    return memory_set(name, grey(len(shares)), truth, attributes=attributes)


def test_equal_sets_get_ones():
    shares, times = [0.1, 0.2, 0.4], ["day", "day", "night"]
    made, real = semantic_set("made", shares, times), semantic_set("real", shares, times)
    assert picture_weights(made, real).tolist() == [1.0, 1.0, 1.0]
    assert balance(made, real).misfit_before == 0


def test_class_shares_and_slices_come_near_the_real_ones():
    generator = np.random.default_rng(0)
    made = semantic_set(
        "made",
        generator.uniform(0.0, 0.5, 80),
        ["day"] * 60 + ["night"] * 20,
        [i % 4 == 0 for i in range(80)],
    )
    real = semantic_set(
        "real",
        generator.uniform(0.2, 0.5, 40),
        ["day"] * 25 + ["night"] * 15,
        [i % 2 == 0 for i in range(40)],
    )
    found = balance(made, real)
    assert found.misfit_after < 0.15 * found.misfit_before
    assert found.weights.mean() == pytest.approx(1, abs=1e-5)
    assert found.weights.min() >= 0.2
    assert found.weights.max() <= 5.0
    night = found.names.index("time_of_day=night")
    assert found.plain[night] == pytest.approx(20 / 80)
    assert found.weighted[night] == pytest.approx(15 / 40, abs=0.03)
    assert found.effective_share > 0.4
    assert np.array_equal(found.weights, picture_weights(made, real))


def test_what_cannot_be_matched_is_approached_within_bounds():
    made = semantic_set("made", [0.0, 0.0, 0.0, 0.0, 0.5])
    real = semantic_set("real", [0.5] * 4)
    found = balance(made, real, bounds=(0.5, 2.0))
    assert found.weights[-1] > 1.9
    assert found.weights.max() <= 2.0
    assert found.weights.min() >= 0.5
    assert found.misfit_after < found.misfit_before


def test_a_class_that_no_synthetic_picture_has_changes_nothing():
    made = semantic_set("made", [0.1, 0.3])
    real = semantic_set("real", [0.1, 0.3], people=[True, True])
    found = balance(made, real)
    assert "class=person" not in found.names
    assert np.abs(found.weights - 1).max() < 0.1  # the person's pixel replaces road


def test_slices_of_which_one_set_does_not_tell_are_left_alone():
    made = semantic_set("made", [0.1, 0.3, 0.2], ["day", "night", "night"])
    assert not any("time" in name for name in balance(made, semantic_set("r", [0.2] * 3)).names)
    half = semantic_set("r", [0.2] * 3, ["day", "day", ""])
    assert "time_of_day=night" in balance(made, half).names


def test_pictures_that_do_not_tell_are_moved_neither_way():
    made = semantic_set("made", [0.2] * 6, ["day", "day", "day", "night", "", ""])
    real = semantic_set("real", [0.2] * 4, ["day", "night", "night", "night"])
    weights = picture_weights(made, real)
    assert weights[0] < weights[4] < weights[3]


def test_boxes_are_balanced_by_count():
    def objects(count: int) -> Boxes:
        xyxy = np.tile([1.0, 1.0, 4.0, 4.0], (count, 1))
        return Boxes(xyxy, np.ones(count, np.int64), np.zeros(count, np.bool_))

    made = memory_set("made", grey(4), boxes=[objects(n) for n in (0, 0, 1, 3)])
    real = memory_set("real", grey(2), boxes=[objects(n) for n in (1, 2)])
    found = balance(made, real)
    assert found.names == ("class=car",)
    assert found.plain[0] == 1.0
    assert found.weighted[0] == pytest.approx(1.5, abs=0.05)


@given(
    st.integers(2, 60),
    st.integers(0, 5),
    st.floats(-3, 3),
    st.integers(0, 1000),
)
def test_weights_keep_their_bounds_and_never_worsen_the_misfit(count, size, shift, seed):
    columns = np.random.default_rng(seed).normal(shift, 1, (count, size))
    weights = calibrated(columns)
    assert weights.min() >= 0.2 - 1e-6
    assert weights.max() <= 5.0 + 1e-6
    assert weights.mean() == pytest.approx(1, abs=1e-5)
    after = np.average(columns, axis=0, weights=weights) if size else np.zeros(0)
    assert np.linalg.norm(after) <= np.linalg.norm(columns.mean(axis=0)) + 1e-5


def test_weights_solve_the_primal_problem():
    """Strong duality: the weights minimise distance from one plus misfit over twice the ridge."""
    low, high = 0.2, 5.0
    columns = np.random.default_rng(3).normal(0.4, 1, (12, 2))
    steep = (high - low) / ((1 - low) * (high - 1))

    def cost(weights: np.ndarray) -> float:
        a, b = weights - low, high - weights
        distance = a * np.log(a / (1 - low)) + b * np.log(b / (high - 1))
        misfit = (columns.T @ weights / 12) ** 2
        return float(distance.mean() / steep + misfit.sum() / (2 * RIDGE))

    found = calibrated(columns, (low, high))
    ones = {"type": "eq", "fun": lambda w: w.mean() - 1}
    inside = [(low + 1e-6, high - 1e-6)] * 12
    oracle = minimize(
        cost, np.ones(12), bounds=inside, constraints=ones, options={"ftol": 1e-13, "maxiter": 500}
    )
    assert oracle.success
    assert np.abs(found - oracle.x).max() < 2e-3


def test_wrong_bounds_and_sets_are_refused():
    made = semantic_set("made", [0.1, 0.3])
    with pytest.raises(InputError, match="bounds"):
        picture_weights(made, made, bounds=(1.0, 5.0))
    with pytest.raises(InputError, match="real: has no pictures"):
        picture_weights(made, semantic_set("real", []))
    with pytest.raises(InputError, match="no kind of truth"):
        common_task(made, memory_set("bare", grey(1)))
