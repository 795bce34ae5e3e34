"""Functions about places: known layouts, what they reject, and how they are refused."""

import sys

import numpy as np
import pytest

from scenegen.errors import ScenarioError, UnsatisfiableError
from scenegen.geometry import wrap_angle
from scenegen.sample import draw, remedies, sample_many
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.lay import lay_out
from scenegen.sample.looks import looks_of_many
from scenegen.sample.points import UniformPoints
from scenegen.sample.spatial import LaidScene
from scenegen.scenario import parse_scenario
from scenegen.scenario.expressions import Cast, parse_expression
from scenegen.scenario.syntax import evaluate
from scenegen.seeds import named_generator

STREET = """\
scenario: street
description: A car, what comes towards it, and a child behind a parked van.
duration: 2 s
parameters:
  v: {uniform: [9 m/s, 11 m/s]}
  far: {uniform: [30 m, 60 m]}
road: {kind: straight, length: 200 m, lane_width: 3.5 m, parking: 2.5 m, sidewalk: 2 m}
sensors:
  front: {hfov: 60 deg, far: 100 m}
  rear: {yaw: 180 deg, hfov: 90 deg}
ego: {asset: vehicle.sedan, variant: 0, place: {lane: forward_0, s: 40 m}, speed: v}
actors:
  lead: {asset: vehicle.sedan, variant: 0, place: {ahead_of: ego, gap: far}, speed: 5 m/s}
  oncoming: {asset: vehicle.sedan, variant: 0, place: {lane: backward_0, s: 120 m}, speed: 10 m/s}
  van: {asset: vehicle.van, variant: 0, place: {lane: parking_right, s: 60 m}}
  child: {asset: person.child, variant: 0, place: {lane: parking_right, s: 66 m, heading: across}}
  cyclist: {asset: bicycle.city, variant: 0, place: {behind: ego, gap: 4 m}, speed: 6 m/s}
  rider: {asset: person.rider, place: {attached_to: cyclist}}
  row: {asset: vehicle.compact, count: {discrete: [0, 2]}, place: {lane: parking_left, s: 60 m}}
  nobody: {asset: person.adult, count: 0, place: {lane: sidewalk_right, s: 20 m}}
"""
N = 64


def scene_of(text=STREET):
    logical = parse_scenario(text, "street.yaml")
    generator = named_generator("test")
    points = UniformPoints(generator, len(logical.parameters)).take(N)
    columns = draw_candidates(logical, points).columns
    layout, verdicts = lay_out(
        logical, columns, N, lambda counts: looks_of_many(logical, columns, counts, generator, N)
    )
    assert verdicts.fine.all(), verdicts.rejections()
    cast = Cast(logical.actors, sensors=("ego.front", "ego.rear"))
    types = {name: drawn.type for name, drawn in logical.parameters.items()}
    scene = LaidScene(logical, layout, columns)

    def ask(expression):
        return np.broadcast_to(
            evaluate(parse_expression(expression, types, cast), columns, scene.measure), (N,)
        )

    return ask, columns


@pytest.fixture(scope="module")
def ask():
    return scene_of()[0]


def test_distances_and_gaps(ask):
    far = ask("far")
    assert np.allclose(ask("gap(ego, lead)"), far)
    assert np.allclose(ask("gap_ahead(ego, lead)"), far)
    assert np.allclose(ask("distance(ego, oncoming)"), np.hypot(80.0, 3.5))
    assert np.array_equal(ask("distance(ego, lead)"), ask("distance(lead, ego)"))
    assert (ask("gap(cyclist, rider)") < 0).all()
    assert np.allclose(ask("time_headway(ego, lead)"), far / ask("v"))
    assert np.allclose(ask("lateral(child, 'forward_0')"), -3.0)


def test_sizes_are_those_that_gaps_are_measured_from(ask):
    touching = 0.5 * (ask("length(ego)") + ask("length(lead)"))
    assert np.allclose(ask("distance(ego, lead)"), ask("far") + touching)
    beside = 0.5 * (ask("width(ego)") + ask("width(oncoming)"))
    assert np.allclose(ask("abs(y(oncoming) - y(ego))"), 3.5)
    assert (beside < 3.5).all()
    assert (ask("width(van)") < ask("length(van)")).all()
    assert np.isnan(ask("length(nobody)")).all()


def test_time_to_collision(ask):
    v = ask("v")
    assert np.allclose(ask("time_to_collision(ego, lead)"), ask("far") / (v - 5.0))
    assert np.isinf(ask("time_to_collision(ego, cyclist)")).all()
    assert np.isinf(ask("time_to_collision(ego, oncoming)")).all()


def test_where_and_how_fast(ask):
    assert (ask("y(ego)") == -1.75).all()
    assert np.allclose(ask("x(oncoming)"), 120.0)
    assert np.allclose(ask("station(oncoming)"), 80.0)
    assert np.allclose(np.abs(ask("heading(oncoming)")), np.pi)
    assert np.allclose(ask("heading_to(ego, oncoming)"), np.arctan2(3.5, 80.0))
    toward = wrap_angle(np.arctan2(-3.5, -80.0) - np.pi)
    assert np.allclose(ask("heading_to(oncoming, ego)"), toward)
    assert np.array_equal(ask("speed(ego)"), ask("v"))
    assert np.allclose(ask("speed(rider)"), 6.0)


def test_lanes(ask):
    assert set(ask("lane_of(ego)")) == {"forward_0"}
    assert set(ask("lane_of(rider)")) == {""}
    assert ask("in_lane(lead, 'forward_0') and not in_lane(lead, 'backward_0')").all()
    assert ask("in_lane(child, 'parking_right')").all()
    assert ask("in_lane(rider, 'forward_0')").all()
    assert not ask("in_lane(child, 'sidewalk_right')").any()


def test_sight(ask):
    assert ask("visible_from(ego, lead)").all()
    assert not ask("visible_from(ego, cyclist)").any()
    assert ask("visible_from(ego.rear, cyclist) and not visible_from(ego.front, cyclist)").all()
    assert ask("visible_from(ego.front, oncoming)").all()
    assert not ask("visible_from(ego, oncoming, 60 deg, 50 m)").any()
    assert not ask("visible_from(ego, oncoming, 2 deg)").any()


def test_the_van_hides_the_child(ask):
    assert ask("occluded(ego, child) and occluded(ego.front, child)").all()
    assert not ask("occluded(ego, van)").any()
    assert not ask("occluded(ego, lead)").any()
    clear, _ = scene_of(STREET.replace("far: {uniform: [30 m, 60 m]}", "far: 100 m"))
    assert not clear("occluded(oncoming, child)").any()


def test_what_looks_over_it_sees_the_child():
    high, _ = scene_of(STREET.replace("ego: {asset: vehicle.sedan", "ego: {asset: vehicle.coach"))
    assert high("occluded(ego, child)").all()
    above = STREET.replace(
        "front: {hfov: 60 deg,", "front: {position: [0 m, 0 m, 25 m], hfov: 60 deg,"
    )
    assert not scene_of(above)[0]("occluded(ego.front, child)").any()


def test_rows_count_as_one_and_nobody_is_nowhere(ask):
    present = ~np.isnan(ask("x(row)"))
    assert 0 < present.sum() < N
    assert np.isfinite(ask("distance(ego, row)")).tolist() == present.tolist()
    assert ask("in_lane(row, 'parking_left')").tolist() == present.tolist()
    assert np.isinf(ask("gap(ego, nobody)")).all()
    for never in ("visible_from(ego, nobody)", "occluded(ego, nobody)", "x(nobody) > 0 m"):
        assert not ask(never).any()


def with_require(*lines):
    return parse_scenario(
        STREET + "require:\n" + "".join(f"  - {x}\n" for x in lines), "street.yaml"
    )


def test_constraints_about_places_hold_in_every_draw():
    logical = with_require("time_to_collision(ego, lead) < 9 s", "v > 9.5 m/s")
    draws = sample_many(logical, 0, 500)
    ttc = draws.columns["far"] / (draws.columns["v"] - 5.0)
    assert ttc.max() < 9
    assert draws.rejections["time_to_collision(ego, lead) < 9 s"] > 0
    for index in range(2):
        parameters = draw(logical, 0, index).parameters
        assert parameters["far"] / (parameters["v"] - 5.0) < 9


def test_the_order_of_constraints_changes_nothing():
    lines = ["gap(ego, lead) > 40 m", "v < 10.5 m/s", "visible_from(ego, child)", "far < 55 m"]
    a = sample_many(with_require(*lines), 0, 300)
    b = sample_many(with_require(*lines[::-1]), 0, 300)
    # The digest, and with it the stream, depends on the order in the file: compare who is in.
    for draws in (a, b):
        assert draws.columns["far"].min() > 40
        assert draws.columns["far"].max() < 55
        assert draws.columns["v"].max() < 10.5
    rate = len(a) / a.tried
    assert rate == pytest.approx(0.5 * 0.75, abs=0.08)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("distance(ego, leed) > 3 m", r"22:5: 'leed' is no actor .*'lead'"),
        ("distance(ego, ego.front) > 3 m", r"'ego.front' is no actor"),
        ("occluded(ego.frnt, child)", r"'ego.frnt' is no actor .*'ego.front'"),
        ("distance(ego, lead) > 3 s", r"'>' needs two alike"),
        ("distance(ego) > 3 m", r"distance takes 2 values, not 1"),
        ("distance(ego, lead)", r"a constraint is a condition"),
        ("ego > 3 m", r"'ego' is an actor; ask for a number"),
        ("visible_from(ego, lead, 30 m)", r"visible_from needs an angle here, not a length"),
        ("in_lane(ego, 'foward_0')", r"unknown lane 'foward_0' .*'forward_0'"),
        ("distanse(ego, lead) > 3 m", r"unknown function 'distanse' .*'distance'"),
        ("gap(3 m, lead) > 3 m", r"gap needs an actor"),
        ("gap(ego + 1, lead) > 3 m", r"gap needs an actor"),
    ],
)
def test_wrong_expressions_are_told_with_their_place(line, message):
    with pytest.raises(ScenarioError, match=message):
        with_require(line)


def test_places_stand_in_constraints_only():
    with pytest.raises(ScenarioError, match=r"distance\(…\) asks about actors.*'require'"):
        parse_scenario(STREET.replace("gap: far", "gap: 'distance(ego, ego)'"), "street.yaml")
    with pytest.raises(ScenarioError, match="asks about actors"):
        parse_scenario(STREET.replace("parameters:\n", "parameters:\n  w: speed(ego)\n"), "s.yaml")


def test_what_can_not_be_met_names_remedies():
    with pytest.raises(
        UnsatisfiableError, match=r"22:5: .*'gap\(ego, lead\) > 90 m' rejects 100.0%.*most 60"
    ):
        draw(with_require("gap(ego, lead) > 90 m"), 0, 0)
    with pytest.raises(
        UnsatisfiableError, match=r"'far < 40 m' and 'far > 50 m' never hold together"
    ):
        sample_many(with_require("far < 40 m", "far > 50 m"), 0, 5)
    with pytest.raises(
        UnsatisfiableError, match=r"its left side comes to at least 30.* right side to at most 20"
    ):
        draw(with_require("far < 20 m"), 0, 0)


def test_who_is_never_occluded_is_told_past_whom_they_are_seen(monkeypatch):
    monkeypatch.setattr(sys.modules[draw.__module__], "LOOK_BUDGET", 8)
    monkeypatch.setattr(remedies, "FEW", 8)
    beyond = STREET.replace("{lane: parking_right, s: 66 m", "{lane: sidewalk_right, s: 62 m")
    text = beyond.replace("v: {uniform: [9 m/s, 11 m/s]}", "v: 10 m/s") + (
        "require: ['occluded(ego.front, child)']\n"
    )
    told = r"'child' is seen past 'van', which misses that line of sight by \d\.\d\d m in the best"
    with pytest.raises(UnsatisfiableError, match=told):
        draw(parse_scenario(text, "street.yaml"), 0, 0)


def test_what_never_holds_is_told_beside_what_rejects_more():
    """Most draws overlap; of those that don't, none meets the condition."""
    text = STREET.replace("far: {uniform: [30 m, 60 m]}", "far: {uniform: [-8 m, 4 m]}")
    text += "require: ['x(lead) > 90 m']\n"
    told = r"no_overlap\(ego, lead\).*where bodies have room, 'x\(lead\) > 90 m' never holds"
    with pytest.raises(UnsatisfiableError, match=told):
        draw(parse_scenario(text, "street.yaml"), 0, 0)
