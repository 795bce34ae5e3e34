"""Distributions come back from the canonical form that data sets keep."""

import json

import numpy as np
import pytest

from scenegen.sample.candidates import draw_candidates
from scenegen.sample.points import UniformPoints
from scenegen.scenario import list_scenarios, load_scenario, parse_scenario
from scenegen.scenario.canonical import distributions_of
from scenegen.scenario.dependent import Conditional, Dependent
from scenegen.seeds import named_generator

TEXT = """\
scenario: every
description: Every kind of distribution.
duration: 2 s
parameters:
  a: {normal: [1 m, 2 m], low: 0 m, nominal: {normal: [2 m, 2 m]}}
  b: {mixture: [{fixed: 0 m}, {exponential: [3 m], high: 9 m}, {log_uniform: [1 m, 2 m]}]}
  c:
    when:
      a > 1 m and d == 'x': {uniform: [1 m, a]}
      d != 'x': 3 m
      else: {beta: [2, 3, 0 m, a]}
  d: {categorical: {x: 2, y: 1}}
  e: {discrete: {3: 1, 1: 2}}
  f: {truncated_normal: [half, 1 m, 0 m, 9 m]}
  half: a / 2
road: {kind: straight, length: 200 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}}
"""


def same_draws(logical):
    back = distributions_of(json.loads(json.dumps(logical.canonical())))
    assert set(back) == set(logical.parameters)
    points = UniformPoints(named_generator("canonical"), len(back)).take(200)
    columns = draw_candidates(logical, points).columns
    with np.errstate(all="ignore"):
        for index, name in enumerate(sorted(back)):
            found = back[name].bind(columns).quantile(points.u[:, index])
            np.testing.assert_array_equal(found, columns[name])
            weight = logical.parameters[name].bind(columns).log_weight(columns[name])
            again = back[name].bind(columns).log_weight(columns[name])
            np.testing.assert_array_equal(again, weight)
    return back


def test_every_kind_comes_back():
    back = same_draws(parse_scenario(TEXT, "every.yaml"))
    assert isinstance(back["c"], Conditional)
    assert isinstance(back["f"], Dependent)


@pytest.mark.parametrize("name", [entry.name for entry in list_scenarios()])
def test_the_library_comes_back(name):
    logical = load_scenario(name)
    if not logical.correlations:
        same_draws(logical)


def test_another_form_is_refused():
    with pytest.raises((KeyError, TypeError, ValueError)):
        distributions_of({"parameters": {"a": {"kind": "gone"}}})
