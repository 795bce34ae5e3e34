"""Problems with scenes and with points that can't occur, whose probability is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from scenegen.search import (
    Estimate,
    Findings,
    Problem,
    bayesian,
    cma_es,
    cross_entropy,
    crude,
    sobol,
    splitting,
)
from scenegen.search.minimise import minimised
from tests.search.problems import half_space

REACH, CUT = 2.4, 0.6
TRUTH = norm.sf(REACH / np.sqrt(1.25)) * norm.cdf(CUT) / norm.cdf(CUT)


class Noisy(Problem):
    """Fails where a coordinate and half of a scene's own number exceed a bound; another is cut."""

    def __init__(self, dimension: int = 4) -> None:
        super().__init__(dimension, lambda points: np.zeros(len(points)))
        self.acceptance = float(norm.cdf(CUT))

    def accepts(self, points, scenes):  # type: ignore[no-untyped-def]
        return points[:, 1] < CUT

    def values(self, points, scenes):  # type: ignore[no-untyped-def]
        assert (points[:, 1] < CUT).all()
        own = np.array([np.random.default_rng(k).standard_normal() for k in scenes.tolist()])
        return REACH - points[:, 0] - 0.5 * own


@pytest.mark.parametrize("method", [crude, sobol, cross_entropy, splitting])
def test_intervals_are_over_scenes_and_given_what_can_occur(method) -> None:  # type: ignore[no-untyped-def]
    budget = 40 if method is splitting else 1000
    made: list[Estimate] = [method(Noisy(), budget, np.random.default_rng(k)) for k in range(30)]
    assert sum(one.low <= TRUTH <= one.high for one in made) >= 26
    assert np.mean([one.probability for one in made]) == pytest.approx(TRUTH, rel=0.12)


def test_plain_draws_simulate_accepted_points_only() -> None:
    problem = Noisy()
    assert crude(problem, 500, np.random.default_rng(0)).evaluations == problem.evaluations == 500


def test_sobol_points_know_more_than_plain_draws() -> None:
    """Of a half space in two dimensions at 0.02, by an error of half of theirs or less."""
    found = [
        sobol(half_space(2, 0.02), 4096, np.random.default_rng(k)).probability for k in range(40)
    ]
    assert np.std(found) < 0.5 * np.sqrt(0.02 * 0.98 / 4096)
    assert np.mean(found) == pytest.approx(0.02, rel=0.02)
    with pytest.raises(ValueError, match="budget of 16"):
        sobol(half_space(2, 0.02), 10, np.random.default_rng(0))


@pytest.mark.parametrize("method", [cma_es, bayesian])
def test_finders_find_what_is_rare_and_say_that_they_do_not_estimate(method) -> None:  # type: ignore[no-untyped-def]
    problem = half_space(4, 1e-4)
    found = method(problem, 150, np.random.default_rng(1))
    assert isinstance(found, Findings)
    assert found.failures >= 5
    assert found.evaluations == problem.evaluations == 150
    assert "doesn't estimate" in str(found)
    again = method(half_space(4, 1e-4), 150, np.random.default_rng(1))
    assert again == found


def test_finders_keep_to_what_can_occur() -> None:
    for method in (cma_es, bayesian):
        assert method(Noisy(), 60, np.random.default_rng(2)).evaluations == 60


def test_splitting_that_runs_out_of_its_budget_says_so() -> None:
    found = splitting(half_space(2, 1e-5), 20, np.random.default_rng(0), budget=300)
    assert found.evaluations <= 300
    assert (found.reliable, found.low, found.high) == (False, 0.0, 1.0)


def test_a_failure_is_made_as_small_as_it_can_be() -> None:
    """Only two of six coordinates matter: the rest go back to 0, and these to the border."""
    problem = Problem(6, lambda x: 3.0 - x[:, 2] - x[:, 4])
    start = np.array([1.0, -2.0, 2.5, 0.3, 2.0, 1.1])
    small = minimised(problem, start, 0, 200)
    assert small.spent == problem.evaluations <= 200
    assert np.flatnonzero(small.point).tolist() in ([2, 4], [2], [4])
    assert small.point[2] + small.point[4] > 3.0
    assert np.linalg.norm(small.point) < np.linalg.norm([2.5, 2.0]) + 1e-9
    again = minimised(Problem(6, problem.robustness), start, 0, 200)
    np.testing.assert_array_equal(again.point, small.point)


def test_nothing_that_can_occur_is_told() -> None:
    class Never(Problem):
        def accepts(self, points, scenes):  # type: ignore[no-untyped-def]
            return np.zeros(len(points), dtype=bool)

    with pytest.raises(ValueError, match="none of"):
        crude(Never(2, lambda x: x[:, 0]), 1000, np.random.default_rng(0))
