"""Correlated sets: which matrices are possible, and what is told of the others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.errors import ScenarioError
from scenegen.scenario import parse_scenario
from scenegen.scenario.correlations import is_possible, nearest_possible, pearson_of, rank_of

TEXT = """\
scenario: small
description: A car on a road.
duration: 2 s
parameters:
  a: {uniform: [1 m, 9 m]}
  b: {normal: [50 km/h, 5 km/h]}
  c: {discrete: [1, 2, 3]}
  double: 2 * a
  three: 3 m
  wet: {categorical: [dry, wet]}
road: {kind: straight, length: 200 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: {uniform: [20 m, 40 m]}}}
correlations:
  - SET
"""


def parsed(entry):
    return parse_scenario(TEXT.replace("SET", entry), "small.yaml")


def test_pairs_and_matrices():
    pair = parsed("{of: [a, b], rank: 0.6}").correlations[0]
    assert pair.names == ("a", "b")
    assert pair.rank == pair.nominal == ((1.0, 0.6), (0.6, 1.0))
    three = parsed("{of: [c, a, ego.place.s], rank: [[1, .5, .2], [.5, 1, 0], [.2, 0, 1]]}")
    assert three.correlations[0].names == ("c", "a", "ego.place.s")
    alone = parsed("{of: [a, b], rank: 0.6, nominal: independent}").correlations[0]
    assert alone.nominal == ((1.0, 0.0), (0.0, 1.0))
    other = parsed("{of: [a, b], rank: 0.6, nominal: -0.3}").correlations[0]
    assert other.nominal[0][1] == -0.3


def test_they_are_part_of_the_digest():
    digests = {
        parsed(entry).digest
        for entry in (
            "{of: [a, b], rank: 0.6}",
            "{of: [a, b], rank: 0.5}",
            "{of: [a, b], rank: 0.6, nominal: independent}",
        )
    }
    assert len(digests) == 3


@pytest.mark.parametrize(
    ("entry", "place", "message"),
    [
        ("{of: [a, bb], rank: 0.6}", "14:14", "unknown parameter 'bb'"),
        ("{of: [a, double], rank: 0.6}", "14:14", "is derived"),
        ("{of: [a, three], rank: 0.6}", "14:14", "one value only"),
        ("{of: [a, wet], rank: 0.6}", "14:14", "no order"),
        ("{of: [a, a], rank: 0.6}", "14:14", "named twice"),
        ("{of: [a], rank: 0.6}", "14:5", "2 to 50"),
        ("{of: [a, b], rank: 1}", "14:24", "leave nothing to draw"),
        ("{of: [a, b], rank: 1.5}", "14:24", "from -1 to 1, or one number"),
        ("{of: [a, b, c], rank: 0.5}", "14:27", "3 rows of 3"),
        ("{of: [a, b], rank: [[1, 0.2], [0.3, 1]]}", "14:24", "row 1 and row 2 disagree"),
        ("{of: [a, b], rank: [[0.9, 0.2], [0.2, 1]]}", "14:24", "1 on the diagonal"),
        ("{of: [a, b], rank: 0.2, nominal: none}", "14:38", "2 rows of 2"),
        ("{of: [a, b], rnk: 0.2}", "14:18", "did you mean 'rank'"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(entry, place, message):
    with pytest.raises(ScenarioError) as caught:
        parsed(entry)
    assert f"small.yaml:{place}: " in str(caught.value)
    assert message in str(caught.value)


def test_what_cannot_go_together_is_told_with_the_nearest_that_can():
    rank = "[[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]"
    with pytest.raises(ScenarioError, match=r"the nearest that can is \[\[1.0, 0.\d+, -0"):
        parsed(f"{{of: [a, b, c], rank: {rank}}}")


def _symmetric(values):
    k = 4
    matrix = np.eye(k)
    matrix[np.triu_indices(k, 1)] = values
    return np.maximum(matrix, 0) + np.minimum(matrix, 0) + np.triu(matrix, 1).T


@given(st.lists(st.floats(-0.99, 0.99), min_size=6, max_size=6))
def test_the_nearest_is_possible(values):
    rank = _symmetric(values)
    near = nearest_possible(rank)
    assert is_possible(near)
    np.testing.assert_array_equal(near, near.T)
    np.testing.assert_array_equal(np.diag(near), np.ones(4))
    if np.linalg.eigvalsh(pearson_of(rank)).min() > 0.01:
        np.testing.assert_allclose(near, rank, atol=0.0051)


def test_ranks_and_gaussian_correlations_are_inverse():
    rank = np.linspace(-1, 1, 21)
    np.testing.assert_allclose(rank_of(pearson_of(rank)), rank, atol=1e-12)
