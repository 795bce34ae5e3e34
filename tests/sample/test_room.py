"""Weights know how often bodies find room: of many parked cars on a short street, seldom."""

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from scenegen.errors import UnsatisfiableError
from scenegen.sample import sample_many
from scenegen.sample.designs import size_of, with_design
from scenegen.sample.draw import draft
from scenegen.sample.placing import Sieve
from scenegen.sample.points import UniformPoints
from scenegen.sample.room import share_with_room, unbiased_share
from scenegen.scenario import parse_scenario
from scenegen.seeds import named_generator

STREET = """\
scenario: short_street
description: Parked cars and a lorry that stops beside the kerb of a street of 60 m.
duration: 2 s
parameters:
  cars: {discrete: [0, 2, 4, 6]}
  start: {uniform: [2 m, 30 m], nominal: {normal: {mean: 16 m, sd: 5 m}, low: 2 m, high: 30 m}}
  stop: {uniform: [6 m, 54 m]}
  lorry: {categorical: {vehicle.flatbed_truck: 1, vehicle.van: 3}}
road: {kind: straight, length: 60 m, parking: 2.5 m, sidewalk: 2 m, surroundings: rural}
ego: {asset: vehicle.sedan, variant: 0, place: {lane: forward_0, s: 10 m}}
actors:
  parked:
    asset: vehicle.compact
    variant: 0
    count: cars
    spacing: 1 m
    place: {lane: parking_right, s: start}
  stopped:
    asset: lorry
    variant: 0
    place: {lane: parking_right, s: stop}
require: [stop + 0.5 * start < 65 m, "distance(ego, stopped) < 40 m"]
"""
DESIGNS = {
    "grid": {"kind": "grid", "of": ["cars", "start", "stop"], "levels": 2},
    "pairwise": {"kind": "pairwise", "levels": 3},
    "t_way": {"kind": "t_way", "t": 3, "levels": 2},
    "strata": {"kind": "stratified", "strata": {"cars": [0, 2, 4, 6]}},
    "overlapping": {
        "kind": "stratified",
        "strata": ["cars >= 4", "cars <= 4", "lorry == 'vehicle.flatbed_truck'"],
    },
}


def street(design):
    return with_design(parse_scenario(STREET, "street.yaml"), design)


def values_of(columns):
    lorry = columns["lorry"] == "vehicle.flatbed_truck"
    cars, start, stop = (columns[name] for name in ("cars", "start", "stop"))
    return np.stack([cars, start, stop, lorry, cars * lorry, start * stop, cars == 6.0])


def made(logical, seed, count):
    """Yield the draws of scenes; those whose cells have no room for bodies are not made."""
    for index in range(count):
        with contextlib.suppress(UnsatisfiableError):
            yield draft(logical, seed, index).choice


def ratio(over, under):
    """Return ratios of sums of independent terms, and their standard errors."""
    mean = over.sum(axis=0) / under.sum()
    error = np.sqrt(((over - np.multiply.outer(under, mean)) ** 2).sum(axis=0)) / under.sum()
    return mean, error


def nominal():
    """Return nominal means and their errors from plain rejection: independent draws."""
    draws = sample_many(street("random"), 11, 40_000)
    weight = np.exp(draws.log_weight)
    return ratio(weight[:, None] * values_of(draws.columns).T, weight)


@settings(deadline=None)
@given(share=st.floats(0.001, 1.0), enough=st.integers(2, 20), more=st.integers(0, 300))
def test_shares_are_without_bias_wherever_draws_end(share, enough, more):
    """Sums over all ways that placing can end, each as probable as it is."""
    most = enough + more
    last = np.arange(enough, most + 1)
    ended = stats.nbinom.pmf(last - enough, enough, share)
    told = [unbiased_share(int(n), enough, enough) for n in last]
    some = np.arange(enough)
    ran_out = stats.binom.pmf(some, most, share)
    left = [unbiased_share(most, int(k), enough) for k in some]
    assert ended @ told + ran_out @ left == pytest.approx(share, rel=1e-9)


def test_shares_are_those_of_plain_rejection():
    """Estimates of 16 that find room lie around the share of all draws that do."""
    logical = street("random")
    draws = sample_many(logical, 2, 8000)
    by_value = draws.rejections["stop + 0.5 * start < 65 m"]
    expected = len(draws) / (draws.tried - by_value)
    found = []
    for seed in range(120):
        generator = named_generator("room", seed)
        points = UniformPoints(generator, len(logical.parameters))
        found.append(share_with_room(Sieve(logical), points, generator, 16, 400))
    assert abs(np.mean(found) - expected) < 4.0 * np.std(found) / np.sqrt(len(found)) + 0.005


def test_room_depends_on_what_is_drawn():
    """Or the weights would have nothing to know: six cars find room a third as often as none."""
    draws = sample_many(street("random"), 1, 4000)
    counts = [int((draws.columns["cars"] == count).sum()) for count in (0, 2, 4, 6)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 3 * counts[3]
    assert {"no_overlap(parked_0, stopped)"} < set(draws.rejections)


@pytest.mark.parametrize("design", DESIGNS)
def test_weights_lead_to_the_means_of_plain_rejection(design):
    """Over independent seeds, weighted means lie around those of independent draws."""
    logical = street(DESIGNS[design])
    over, under = [], []
    for seed in range(10):
        choices = list(made(logical, seed, size_of(logical, seed) or 48))
        names = choices[0].columns
        columns = {name: np.concatenate([c.columns[name] for c in choices]) for name in names}
        weight = np.exp([choice.log_weight for choice in choices])
        over.append(values_of(columns) @ weight)
        under.append(weight.sum())
    mean, error = ratio(np.array(over), np.array(under))
    expected, of_plain = nominal()
    assert (np.abs(mean - expected) < 4.0 * np.hypot(error, of_plain)).all()
    assert (error < 0.08 * np.array([6.0, 30.0, 54.0, 1.0, 6.0, 900.0, 1.0])).all()
