"""Layouts of many draws: a row alone and among others, poses against those of scenes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegen.sample import draw, sample_many
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.lay import lay_out
from scenegen.sample.looks import Look, looks_of_many
from scenegen.sample.placing import on_map
from scenegen.sample.points import UniformPoints
from scenegen.scenario import list_scenarios, load_scenario, parse_scenario
from scenegen.seeds import named_generator

NAMES = [info.name for info in list_scenarios() if not on_map(load_scenario(info.name))]
MIXED = """\
scenario: mixed
description: Everything that places can say, on roads of all kinds.
duration: 2 s
parameters:
  v: {uniform: [30 km/h, 50 km/h]}
  side: ['+1', '-1']
road:
  kind: [straight, curve, hill, crossing]
  length: {uniform: [260 m, 500 m]}
  lanes_forward: {discrete: [1, 2, 3]}
  lane_width: {uniform: [3 m, 3.6 m]}
  radius: [90 m, -150 m]
  arc: 0.5 rad
  parking: 2.4 m
  sidewalk: {uniform: [2 m, 3 m]}
ego:
  asset: [vehicle.sedan, vehicle.van]
  place: {lane: forward_0, s: {uniform: [40 m, 90 m]}}
  speed: v
actors:
  ahead: {asset: vehicle.estate, place: {ahead_of: ego, gap: {uniform: [4 m, 40 m]}}}
  aside: {asset: [vehicle.suv, vehicle.box_truck], place: {ahead_of: ego, gap: 1 m, lane: side}}
  abreast: {asset: vehicle.compact, place: {beside: aside, lane: backward_0, turn: 3 deg}}
  parked:
    asset: [vehicle.compact, vehicle.van]
    count: {discrete: [0, 2, 5]}
    spacing: {uniform: [0.5 m, 2 m]}
    scatter: 0.1 m
    place: {lane: parking_right, s: 60 m}
  crowd:
    asset: [person.adult, person.child]
    count: {discrete: [0, 1, 4]}
    place: {on: [sidewalk_left, roadside_right], facing: ego}
  walker: {asset: person.adult, place: {on: verge_left, facing: ego}}
  company:
    asset: [person.adult, person.child]
    count: {discrete: [1, 2]}
    spacing: 0.3 m
    place: {left_of: walker, gap: 0.2 m}
  cyclist: {asset: bicycle.city, place: {behind: ego, gap: 3 m, lateral: -0.5 m}}
  rider: {asset: person.rider, place: {attached_to: cyclist}}
  field: {asset: animal.deer, place: {on: {polygon: [[60 m, -30 m], [90 m, -30 m], [75 m, -15 m]]}}}
"""


def scenario(radius="[90 m, -150 m]"):
    # A list of lengths is no distribution: signs and sizes are drawn apart.
    text = MIXED.replace("  radius: [90 m, -150 m]", "  radius: 120 m * turn")
    text = text.replace(
        "  side: ['+1', '-1']", "  side: {categorical: ['+1', '-1']}\n  turn: {discrete: [-1, 1]}"
    )
    return parse_scenario(text, "mixed.yaml")


def rows_of(looks, row):
    return {
        who: Look(*(None if part is None else part[row : row + 1] for part in vars(look).values()))
        for who, look in looks.items()
    }


def same(many, row, one):
    theirs = {body.name: body for body in one.bodies}
    for body in many.bodies:
        other = theirs.get(body.name)
        if other is None or not other.present[0]:
            assert not body.present[row]
            continue
        assert many.models[body.model[row]] is one.models[other.model[0]]
        for name, column in vars(body).items():
            if isinstance(column, np.ndarray) and name != "model":
                alone = getattr(other, name)[0]
                assert np.array_equal(column[row], alone), f"{body.name}.{name}"


@settings(max_examples=12)
@given(st.integers(0, 10**6), st.integers(2, 40))
def test_a_row_has_the_same_bits_alone_and_among_others(seed, n):
    check_rows(scenario(), seed, n)


@pytest.mark.parametrize("name", NAMES)
def test_rows_of_the_library_have_the_same_bits_alone_and_among_others(name):
    check_rows(load_scenario(name), 7, 9)


def check_rows(logical, seed, n):
    generator = named_generator("test", seed)
    points = UniformPoints(generator, len(logical.parameters)).take(n)
    columns = draw_candidates(logical, points).columns
    kept = {}

    def looks_of(counts):
        kept["looks"] = looks_of_many(logical, columns, counts, generator, n)
        return kept["looks"]

    many, verdicts = lay_out(logical, columns, n, looks_of)
    for row in range(n):
        some = {name: column[row : row + 1] for name, column in columns.items()}
        one, verdict = lay_out(logical, some, 1, lambda _, row=row: rows_of(kept["looks"], row))
        assert bool(verdicts.fine[row]) == bool(verdict.fine[0])
        if verdict.fine[0]:
            same(many, row, one)
        else:
            mine, theirs = verdicts.reasons[verdicts.first[row]], verdict.reasons[verdict.first[0]]
            assert mine == theirs or not isinstance(theirs, str)


def test_scenes_stand_where_their_layout_has_them():
    scene = draw(scenario(), 0, 0)
    assert {actor.name for actor in scene.actors} >= {"ego", "ahead", "aside", "rider", "field"}
    by_name = {actor.name: actor for actor in scene.actors}
    ego, aside = by_name["ego"], by_name["aside"]
    free = aside.position_m[0] - ego.position_m[0] - 0.5 * (ego.size_m[0] + aside.size_m[0])
    if scene.road.kind != "curve":
        assert free == pytest.approx(1.0, abs=1e-6)


def test_the_first_of_many_are_those_of_fewer():
    logical = scenario()
    many, few = sample_many(logical, 3, 700), sample_many(logical, 3, 40)
    assert len(many) == 700
    assert few.names == tuple(name for name in many.names if name in few.names)
    where = [many.names.index(name) for name in few.names]
    for name, column in few.columns.items():
        assert np.array_equal(column, many.columns[name][:40])
    there = few.present
    assert np.array_equal(there, many.present[:40][:, where])
    assert np.array_equal(few.yaw_rad[there], many.yaw_rad[:40][:, where][there])
    assert np.array_equal(few.position_m[there], many.position_m[:40][:, where][there])


def test_many_are_distributed_as_scenes_are(small):
    logical = small(("ego:\n", "require: [gap > 7 m]\nego:\n"))
    many = sample_many(logical, 0, 20_000)
    assert many.columns["gap"].min() > 7
    assert many.columns["gap"].mean() == pytest.approx(8.0, abs=0.02)
    ego, first = many.names.index("ego"), many.names.index("first")
    sizes = many.bounds_m[:, :, 1, 0] - many.bounds_m[:, :, 0, 0]
    apart = many.position_m[:, first, 0] - many.position_m[:, ego, 0]
    free = apart - 0.5 * (sizes[:, ego] + sizes[:, first])
    assert np.allclose(free, many.columns["gap"])
