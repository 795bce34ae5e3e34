"""Weights are chosen by looks, unless labels suffer."""

import pytest

from scenegen.refine.judge import MOST_DRIFT, score_of


def test_looks_decide_among_those_that_keep_their_labels():
    assert score_of(0.1, MOST_DRIFT) == score_of(0.1, -0.2) == score_of(0.1, None) == 0.1


def test_drift_beyond_the_bar_counts_as_much_as_looks():
    assert score_of(0.1, MOST_DRIFT + 0.3) == pytest.approx(0.4)
    assert score_of(0.1, MOST_DRIFT + 0.3) > score_of(0.35, 0.0)
