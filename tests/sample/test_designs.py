"""Designs: what they cover, what their draws depend on, and that weights are right."""

import itertools
from collections import Counter

import numpy as np
import pytest
from allpairspy import AllPairs
from covertable import make
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import qmc

from scenegen.errors import InputError, UnsatisfiableError
from scenegen.sample import draw
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.designs import empty_cells, points_of, size_of, with_design
from scenegen.sample.designs.covering import covered, covering_array
from scenegen.sample.designs.screening import Run
from scenegen.sample.designs.sequences import Sequence
from scenegen.scenario import parse_scenario
from scenegen.seeds import SceneKey, named_generator

TEXT = """\
scenario: designed
description: Parameters in a pattern.
duration: 2 s
parameters:
  a: {uniform: [0, 1], nominal: {beta: [2, 2]}}
  b: {normal: [0, 1]}
  c: {discrete: {1: 6, 2: 3, 5: 1}}
  wet: {categorical: {dry: 3, wet: 1}}
road: {kind: straight, length: 200 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}}
REQUIRE
"""
COUPLED = "require: [a + b < 1.5, not (wet == 'dry' and c == 5)]"
DESIGNS = (
    *("random", "sobol", "latin_hypercube", "grid", "pairwise"),
    {"kind": "t_way", "t": 3, "levels": 3},
    {"kind": "importance", "criticality": "a + b"},
    {"kind": "stratified", "strata": {"wet": ["dry", "wet"]}},
    {"kind": "stratified", "strata": ["a > 0.4", "b > 0", "a <= 0.4 and b <= 0"]},
)


def kind_of(design):
    return design if isinstance(design, str) else design["kind"]


def designed(design, require="", num_scenes=64):
    logical = parse_scenario(TEXT.replace("REQUIRE", require), "designed.yaml")
    return with_design(logical, design, num_scenes)


def first_rows(logical, seed, count, start=0):
    """Return the columns and log weights of the draws of some scenes, bodies aside."""
    rows, weights = [], []
    for index in range(start, start + count):
        points = points_of(logical, SceneKey(logical.digest, seed, index))
        while True:
            candidates = draw_candidates(logical, points.take(16))
            if candidates.accepted.size:
                break
        row = int(candidates.accepted[0])
        rows.append({name: column[row] for name, column in candidates.columns.items()})
        weights.append(candidates.log_weight[row])
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}, np.array(weights)


# -- covering arrays --------------------------------------------------------------------------

LEVELS = st.lists(st.integers(1, 6), min_size=3, max_size=7)


@settings(max_examples=40, deadline=None)
@given(levels=LEVELS, t=st.integers(1, 3), seed=st.integers(0, 99))
def test_every_combination_occurs(levels, t, seed):
    rows = covering_array(levels, t, named_generator("covering", seed))
    for columns in itertools.combinations(range(len(levels)), t):
        seen = {tuple(row) for row in rows[:, columns].tolist()}
        assert len(seen) == np.prod([levels[column] for column in columns])
    assert all(hit.all() for _, hit in covered(rows, levels, t))
    assert (rows >= 0).all()


@pytest.mark.parametrize(
    "levels", [[3] * 4, [4] * 10, [5] * 10, [2] * 20, [10, 5, 5, 4, 3, 3, 2, 2]], ids=str
)
def test_pairwise_arrays_are_as_short_as_those_of_others(levels):
    ours = len(covering_array(levels, 2, named_generator("short")))
    values = [list(range(count)) for count in levels]
    for theirs in (len(list(AllPairs(values))), len(make(values, strength=2))):
        assert ours <= max(theirs + 1, 1.08 * theirs)


@pytest.mark.parametrize("levels", [[4] * 6, [3] * 8, [2] * 12, [5, 4, 3, 2, 2, 2]], ids=str)
def test_three_way_arrays_are_as_short_as_those_of_others(levels):
    ours = len(covering_array(levels, 3, named_generator("short")))
    theirs = len(make([list(range(count)) for count in levels], strength=3))
    assert ours <= 1.05 * theirs


def test_each_row_of_an_array_is_uniform_by_itself():
    rows = [
        covering_array([2, 3, 2], 2, named_generator("rows", n), tries=1)[0] for n in range(1200)
    ]
    counts = Counter(map(tuple, np.array(rows).tolist()))
    assert len(counts) == 12
    assert stats.chisquare(list(counts.values())).pvalue > 1e-3


# -- draws depend on their arguments only -----------------------------------------------------


@pytest.mark.parametrize("design", DESIGNS, ids=kind_of)
def test_scenes_do_not_depend_on_order_or_on_what_else_is_drawn(design):
    logical = designed(design, COUPLED)
    alone = draw(designed(design, COUPLED), 0, 7)
    backwards = [draw(logical, 0, index) for index in (9, 7, 3)]
    assert backwards[1] == alone
    assert draw(logical, 1, 7).parameters != alone.parameters
    assert len({str(scene.parameters) for scene in backwards}) == 3


def test_designs_are_other_scenarios_than_the_plain_one():
    assert designed("random").digest == designed(None).digest
    digests = {designed(design).digest for design in DESIGNS}
    assert len(digests) == len(DESIGNS)
    assert designed("latin_hypercube", num_scenes=9).design.size == 9
    own = parse_scenario(TEXT.replace("REQUIRE", "design: pairwise"), "designed.yaml")
    assert own.digest == designed("pairwise").digest


# -- what each covers -------------------------------------------------------------------------


def test_a_latin_hypercube_has_one_point_in_each_slice():
    logical = designed("latin_hypercube", num_scenes=40)
    columns, _ = first_rows(logical, 3, 80)
    for block in (slice(0, 40), slice(40, 80)):
        for name, theirs in (("a", stats.uniform), ("b", stats.norm)):
            slices = np.floor(40 * theirs.cdf(columns[name][block])).astype(int)
            assert sorted(slices) == list(range(40))
        assert Counter(columns["c"][block].tolist()) == {1.0: 24, 2.0: 12, 5.0: 4}


def test_sobol_is_more_even_than_chance():
    sobol = Sequence(Run("x", 0, designed("sobol")))
    points = np.array([sobol.point(index) for index in range(256)])
    chance = named_generator("chance").random((256, points.shape[1]))
    assert qmc.discrepancy(points) < 0.2 * qmc.discrepancy(chance)
    slices = np.floor(256 * points).astype(int)
    assert all(len(np.unique(column)) == 256 for column in slices.T)


def test_a_sequence_passes_over_what_constraints_reject():
    logical = designed("sobol", COUPLED)
    free = Sequence(Run("x", 0, designed("sobol")))
    kept = Sequence(Run("x", 0, logical))
    every = np.array([free.point(index) for index in range(256)])
    wet = every[:, 3] > 0.75
    meets = (every[:, 0] + stats.norm.ppf(every[:, 1]) < 1.5) & (wet | (every[:, 2] <= 0.9))
    expected = every[meets][:40]
    found = np.array([kept.point(index) for index in range(40)])
    # Both streams are named by kind and seed, and the digest given here is the same.
    np.testing.assert_array_equal(found, expected)


def test_a_grid_has_each_cell_once():
    logical = designed({"kind": "grid", "of": ["a", "wet"], "levels": 5})
    assert size_of(logical, 0) == 10
    columns, _ = first_rows(logical, 0, 20)
    for block in (slice(0, 10), slice(10, 20)):
        fifths = np.floor(5 * columns["a"][block]).tolist()
        seen = set(zip(fifths, columns["wet"][block].tolist(), strict=True))
        assert seen == set(itertools.product(range(5), ["dry", "wet"]))


def pairs_of(columns, names, cells):
    for one, other in itertools.combinations(names, 2):
        yield (
            (one, other),
            set(zip(cells[one](columns[one]), cells[other](columns[other]), strict=True)),
        )


CELLS = {
    "a": lambda x: np.floor(4 * x).astype(int).tolist(),
    "b": lambda x: np.floor(4 * stats.norm.cdf(x)).astype(int).tolist(),
    "c": lambda x: x.tolist(),
    "wet": lambda x: x.tolist(),
}


def test_pairwise_draws_cover_every_pair():
    logical = designed("pairwise")
    size = size_of(logical, 0)
    assert 16 <= size <= 20
    columns, _ = first_rows(logical, 0, size)
    counts = {"a": 4, "b": 4, "c": 3, "wet": 2}
    for (one, other), seen in pairs_of(columns, counts, CELLS):
        assert len(seen) == counts[one] * counts[other]


def test_pairs_that_constraints_leave_are_covered_and_the_others_told():
    require = "require: [not (wet == 'dry' and c == 5), not (a > 0.75 and wet == 'wet'), b < 0.6]"
    logical = designed("pairwise", require)
    columns, _ = first_rows(logical, 0, size_of(logical, 0))
    seen = dict(pairs_of(columns, CELLS, CELLS))
    assert len(seen["c", "wet"]) == 5
    assert len(seen["a", "wet"]) == 7
    # The cell of b that the constraint cuts is there, its last one is not.
    assert len(seen["a", "b"]) == 12
    # a in its last cell needs it dry, and dry needs c below 5.
    assert len(seen["a", "c"]) == 11
    told = empty_cells(logical, 0)
    assert "b = 0.6745..5.998" in told
    assert "c = 5, wet = dry" in told
    assert "a = 0.75..1, wet = wet" in told
    assert "a = 0.75..1, c = 5" in told
    assert len(told) == 4


def test_scenes_go_on_after_the_last_cell():
    logical = designed("pairwise")
    size = size_of(logical, 0)
    columns, _ = first_rows(logical, 0, size, start=size)
    assert dict(pairs_of(columns, CELLS, CELLS))["c", "wet"] == set(
        itertools.product([1.0, 2.0, 5.0], ["dry", "wet"])
    )


def test_strata_get_as_many_scenes_each():
    logical = designed(
        {"kind": "stratified", "strata": {"wet": ["dry", "wet"], "c": [1, 5]}}, COUPLED
    )
    columns, _ = first_rows(logical, 0, 30)
    seen = Counter(zip(columns["wet"].tolist(), columns["c"].tolist(), strict=True))
    assert seen == {("dry", 1.0): 10, ("wet", 1.0): 10, ("wet", 5.0): 10}
    assert empty_cells(logical, 0) == ("wet == 'dry' and c == 5",)


def test_importance_draws_are_critical_more_often():
    plain, _ = first_rows(designed("random"), 0, 300)
    tilted, _ = first_rows(designed({"kind": "importance", "criticality": "b"}), 0, 300)
    assert (plain["b"] > 1.2816).mean() < 0.2
    assert (tilted["b"] > 1.2816).mean() > 0.7


# -- weights ----------------------------------------------------------------------------------


def nominal_means(require):
    """Return the nominal means of what the constraint leaves, from plain draws of scipy's."""
    generator = np.random.default_rng(5)
    n = 2_000_000
    a, b = stats.beta(2, 2).rvs(n, random_state=generator), generator.normal(size=n)
    c = generator.choice([1.0, 2.0, 5.0], n, p=[0.6, 0.3, 0.1])
    wet = generator.random(n) < 0.25
    kept = np.ones(n, dtype=bool)
    if require:
        kept = (a + b < 1.5) & ~(~wet & (c == 5))
    every = {"a": a, "b": b, "c": c, "wet": wet.astype(float), "ab": a * b, "cw": c * wet}
    return {name: float(column[kept].mean()) for name, column in every.items()}


@pytest.mark.parametrize("require", ["", COUPLED], ids=["free", "coupled"])
@pytest.mark.parametrize("design", DESIGNS, ids=kind_of)
def test_weights_lead_to_the_nominal_means(design, require):
    """Over independent seeds, the weighted means of each design lie around the nominal ones."""
    expected = nominal_means(require)
    estimates = {name: [] for name in expected}
    for seed in range(24):
        logical = designed(design, require, 60)
        count = size_of(logical, seed) or 60
        columns, log_weight = first_rows(logical, seed, min(count, 120))
        weight = np.exp(log_weight - log_weight.max())
        wet = columns["wet"] == "wet"
        values = {
            **{name: columns[name] for name in "abc"},
            "wet": wet,
            "ab": columns["a"] * columns["b"],
            "cw": columns["c"] * wet,
        }
        for name, column in values.items():
            estimates[name].append((float(weight @ column), float(weight.sum())))
    for name, pairs in estimates.items():
        over, under = np.array(pairs).T
        mean = over.sum() / under.sum()
        # Standard error of a ratio, from independent seeds.
        error = np.sqrt(((over - mean * under) ** 2).sum()) / under.sum()
        assert abs(mean - expected[name]) < 4.5 * error + 0.004, name


# -- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("design", "message"),
    [
        ("pairwse", "unknown design 'pairwse' .did you mean 'pairwise'"),
        ({"kind": "grid", "of": ["aa"]}, "unknown parameter 'aa' .did you mean 'a'"),
        ({"kind": "grid", "t": 2}, "'t' doesn't go with grid"),
        ({"kind": "stratified"}, "needs 'strata'"),
        ({"kind": "stratified", "strata": {"wt": ["dry"]}}, "did you mean 'wet'"),
        ({"kind": "stratified", "strata": ["a + b"]}, "no condition"),
        ({"kind": "importance", "criticality": "a +"}, "not an expression"),
        ({"kind": "t_way", "t": 5}, "combinations of 5 need as many parameters"),
    ],
)
def test_what_is_wrong_with_a_design_is_told(design, message):
    with pytest.raises(InputError, match=message):
        designed(design)


def test_a_design_without_draws_is_told():
    logical = designed({"kind": "stratified", "strata": ["a > 2"]})
    with pytest.raises(UnsatisfiableError, match="'a > 2'"):
        draw(logical, 0, 0)
    rare = designed({"kind": "importance", "criticality": "b > 4"})
    with pytest.raises(UnsatisfiableError, match="too few"):
        draw(rare, 0, 0)
    large = designed({"kind": "grid", "levels": 100})
    with pytest.raises(InputError, match="60,000 cells"):
        draw(large, 0, 0)
    for design in DESIGNS[:5]:
        logical = designed(design, "require: [a > 0.5, a < 0.4]")
        with pytest.raises(UnsatisfiableError, match=r"'a > 0.5'|'a < 0.4'"):
            draw(logical, 0, 0)


def test_correlated_sets_keep_their_weights_under_cells():
    more = "correlations: [{of: [a, b], rank: 0.7}]"
    logical = designed({"kind": "grid", "of": ["a", "b"], "levels": 6}, more)
    sums = []
    for seed in range(24):
        columns, log_weight = first_rows(logical, seed, 36)
        weight = np.exp(log_weight)
        sums.append((float(weight @ (columns["a"] * columns["b"])), float(weight.sum())))
    over, under = np.array(sums).T
    mean = over.sum() / under.sum()
    error = np.sqrt(((over - mean * under) ** 2).sum()) / under.sum()
    plain = designed("random", more)
    points = points_of(plain, SceneKey("d", 0, 0)).take(400_000)
    free = draw_candidates(plain, points)
    weight = np.exp(free.log_weight)
    expected = float(weight @ (free.columns["a"] * free.columns["b"]) / weight.sum())
    assert mean == pytest.approx(expected, abs=4 * error)
