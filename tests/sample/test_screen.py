"""Constraints are held against draws in the order that costs least, and nobody else notices."""

from collections import Counter
from itertools import permutations

import numpy as np
import pytest

from scenegen.sample import sample_many, screen
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.points import UniformPoints
from scenegen.sample.screen import Screen, cost
from scenegen.sample.verdicts import Verdicts
from scenegen.scenario import parse_scenario
from scenegen.seeds import named_generator

N = 8192
TEXT = """\
scenario: screened
description: Dear and cheap conditions, strict and lax ones.
duration: 2 s
parameters:
  a: {uniform: [0, 1]}
  b: {uniform: [0, 1]}
  gap: {uniform: [5 m, 60 m]}
road: {kind: straight, length: 200 m}
ego: {asset: vehicle.sedan, variant: 0, place: {lane: forward_0, s: 20 m}}
actors:
  lead: {asset: vehicle.van, variant: 0, place: {ahead_of: ego, gap: gap}}
  far: {asset: vehicle.sedan, variant: 0, place: {lane: forward_0, s: 150 m}}
require:
  - sqrt(a * a + b * b + sqrt(a) * sqrt(b)) < 1.5
  - a < 0.9
  - b < 0.1
  - not occluded(ego, far) or a > 0.4
  - "distance(ego, lead) < 20 m"
"""


@pytest.fixture
def evaluated(monkeypatch):
    """Count on how many draws the screen evaluates each constraint."""
    counts = Counter()
    plain = screen.evaluate

    def counting(node, columns, measure=None):
        rows = {len(column) for column in columns.values()} or {measure.__self__.n}
        counts[node] += max(rows)
        return plain(node, columns, measure)

    monkeypatch.setattr(screen, "evaluate", counting)
    return counts


def parts():
    logical = parse_scenario(TEXT, "screened.yaml")
    points = UniformPoints(named_generator("screen"), len(logical.parameters)).take(N)
    return logical, draw_candidates(logical, points)


def test_the_order_costs_least_of_all(evaluated):
    """Of all orders, by what each constraint costs for a draw and how many draws it would see."""
    logical, candidates = parts()
    asked = [c for c in logical.constraints if not c.spatial]
    tried = Screen(asked)
    tried.judge({k: v[:32] for k, v in candidates.columns.items()}, Verdicts(32))
    assert set(evaluated.values()) == {32}
    evaluated.clear()
    verdicts = Verdicts(N)
    tried.judge(candidates.columns, verdicts)
    spent = sum(cost(node) * count for node, count in evaluated.items())

    met = {c.text: candidates.met[:, logical.constraints.index(c)] for c in asked}
    prices = []
    for order in permutations(asked):
        left, price = np.ones(N, dtype=bool), 0.0
        for constraint in order:
            price += cost(constraint.node) * left.sum()
            left &= met[constraint.text]
        prices.append(price)
    # Draws that are rejected stay in an array until they are half of it.
    assert min(prices) <= spent <= min(prices) + sum(cost(c.node) for c in asked) * 0.1 * N
    assert spent < 0.25 * max(prices)
    assert tried.order[0].text == "b < 0.1"
    np.testing.assert_array_equal(np.flatnonzero(verdicts.fine), candidates.accepted)


def test_what_is_dear_is_asked_of_few(evaluated):
    """Sight is worked out for the draws that all else has left, once it is known what rejects."""
    logical, _ = parts()
    draws = sample_many(logical, 0, 400)
    by_text = {c.text: evaluated[c.node] for c in logical.constraints}
    assert by_text["b < 0.1"] >= draws.tried
    assert by_text["not occluded(ego, far) or a > 0.4"] < 0.06 * draws.tried
    assert draws.rejections["b < 0.1"] > 0.8 * draws.tried


def test_the_order_changes_no_draw(monkeypatch):
    logical, _ = parts()
    ours = sample_many(logical, 0, 300)
    backwards = Screen._price

    def dearest_first(self, constraint):
        return -backwards(self, constraint)

    monkeypatch.setattr(Screen, "_price", dearest_first)
    theirs = sample_many(logical, 0, 300)
    assert ours.tried == theirs.tried
    np.testing.assert_array_equal(ours.position_m, theirs.position_m)
    for name, column in ours.columns.items():
        np.testing.assert_array_equal(column, theirs.columns[name])
