"""Audits count what is there, and call by chance what is by chance."""

from __future__ import annotations

import importlib.util
import math
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import association

from scenegen.errors import ScenarioError
from scenegen.records.looks import SKIN_TONES
from scenegen.report.audit import audit_of, load_target, parse_target, sightings_of
from scenegen.report.audit.chance import cramers_v, dependence, resamples, share_bounds
from scenegen.report.audit.factors import factors
from scenegen.report.audit.sums import kish, sums


def _sets() -> ModuleType:
    path = Path(__file__).with_name("audit_sets.py")
    spec = importlib.util.spec_from_file_location("audit_sets", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


made = _sets()
EVEN = load_target()


def seen(*scenes):
    return sightings_of([made.facts(scenes)], EVEN.factors)


def cells_of(audit, name):
    factor = next(f for f in audit.factors if f.name == name)
    return {cell.cell: cell for cell in factor.cells}


def test_tracks_count_once_however_long_they_are():
    # One person for nine frames, nearing; another for one frame: each is half of all tracks.
    near, far = made.person(2, "dark", 5.0), made.person(2, "dark", 15.0)
    long = (made.scene(0, "night"), [[far], [far], [far], *[[near]] * 6])
    short = (made.scene(1, "day"), [[made.person(2, "light", 15.0)]])
    audit = audit_of(seen(long, short), ["x"], EVEN)
    tones, distances = cells_of(audit, "skin_tone"), cells_of(audit, "distance")
    assert (tones["dark"].share, tones["light"].share) == (0.5, 0.5)
    assert (tones["dark"].objects, tones["dark"].tracks, tones["dark"].scenes) == (9, 1, 1)
    assert tones["dark"].object_share == pytest.approx(0.9)
    assert distances["under 10 m"].share == pytest.approx(1 / 3, abs=1e-6)
    assert distances["10 to 20 m"].tracks == 2
    assert tones["very light"].state == "empty"
    assert tones["dark"].state == "thin"


def test_two_cameras_are_two_tracks_and_two_sets_two_scenes():
    fact = made.facts([(made.scene(0), [[made.person()]])])
    other = made.facts([(made.scene(0), [[made.person()]])])
    audit = audit_of(sightings_of([fact, other], EVEN.factors), ["a", "b"], EVEN)
    assert (audit.scenes, audit.tracks) == (2, 2)


def test_light_counts_scenes_in_which_nothing_is_seen():
    audit = audit_of(
        seen((made.scene(0, "night"), [[]]), (made.scene(1), [[made.car()]])), "x", EVEN
    )
    light = cells_of(audit, "light")
    assert (light["night"].share, light["night"].scenes, light["night"].objects) == (0.5, 1, 0)


def test_weights_lead_to_the_nominal_shares():
    heavy = (made.scene(0, "day", math.log(3.0)), [[made.person(2, "dark")]])
    light = (made.scene(1, "night"), [[made.person(2, "light")]])
    audit = audit_of(seen(heavy, light), ["x"], EVEN)
    assert cells_of(audit, "skin_tone")["dark"].weighted_share == pytest.approx(0.75)
    assert cells_of(audit, "light")["day"].weighted_share == pytest.approx(0.75)
    assert audit.effective_scenes == pytest.approx(4**2 / 10)
    spec = parse_target("audit: n\ntargets: [{of: light, shares: nominal}]", "n.yaml")
    gap = audit_of(seen(heavy, light), ["x"], spec).gaps[0]
    assert gap.distance == pytest.approx(0.25)


def test_who_has_no_recorded_look_is_unknown_and_a_car_is_not():
    nobody = made.facts([(made.scene(0), [[made.car(), made.person()]])])
    known = audit_of(sightings_of([nobody], EVEN.factors), ["x"], EVEN)
    assert next(f for f in known.factors if f.name == "skin_tone").unknown == 0
    old = replace(made.person(), look=None)
    without = made.facts([(made.scene(0), [[made.car(), old]])])
    audit = audit_of(sightings_of([without], EVEN.factors), ["x"], EVEN)
    assert next(f for f in audit.factors if f.name == "skin_tone").unknown == 1


def test_joint_counts_add_up_to_those_of_each_factor():
    rng = np.random.default_rng(0)
    tones = SKIN_TONES
    scenes = [
        (
            made.scene(k, list(made.SUN_DEG)[rng.integers(4)]),
            [[made.person(j, tones[rng.integers(6)]) for j in range(2, 5)]] * 2,
        )
        for k in range(30)
    ]
    audit = audit_of(seen(*scenes), ["x"], EVEN)
    joint = next(j for j in audit.joints if {j.a, j.b} == {"light", "skin_tone"})
    tone = [c.objects for c in next(f for f in audit.factors if f.name == "skin_tone").cells]
    light = [c.objects for c in next(f for f in audit.factors if f.name == "light").cells]
    table = np.array(joint.objects)
    assert joint.a == "light"
    assert table.sum(axis=0).tolist() == tone
    assert table.sum(axis=1).tolist() == light
    assert np.array(joint.weighted_share).sum() == pytest.approx(1.0, abs=1e-4)


@given(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=4), min_size=1, max_size=8))
def test_sums_hold_every_unit_once(scenes):
    drawn = seen(
        *(
            (made.scene(k), [[made.person(2 + j, SKIN_TONES[t]) for j, t in enumerate(tones)]] * 2)
            for k, tones in enumerate(scenes)
        )
    )
    people = sum(map(len, scenes))
    for unit, whole in (("objects", 2 * people), ("tracks", people), ("scenes", len(scenes))):
        counted = sums(drawn, ("skin_tone", "distance"), unit)
        assert counted.by_scene.sum() == pytest.approx(whole)
        assert counted.objects.sum() == 2 * people


def test_dependence_is_that_of_scipy_less_its_bias():
    rng = np.random.default_rng(1)
    table = rng.integers(20, 60, (3, 4)).astype(float)
    n = table.sum()
    plain = association(table.astype(int), "cramer")
    phi2 = max(0.0, plain**2 * 2 - 2 * 3 / (n - 1))
    least = min(3 - 4 / (n - 1), 4 - 9 / (n - 1)) - 1
    assert cramers_v(table, n) == pytest.approx(math.sqrt(phi2 / least))
    assert cramers_v(np.diag([30.0, 40.0, 50.0]), 120.0) == pytest.approx(1.0, abs=0.01)
    assert cramers_v(np.outer([1, 2, 3], [4.0, 5.0]), 54.0) == 0.0
    assert cramers_v(np.array([[3.0, 4.0]]), 7.0) == 0.0


def _random_set(seed, dependent, scenes=40, people=3):
    rng = np.random.default_rng(seed)
    lights = list(made.SUN_DEG)
    chosen = []
    for k in range(scenes):
        light = int(rng.integers(4))
        tones = [
            SKIN_TONES[light if dependent and rng.random() < 0.6 else int(rng.integers(6))]
            for _ in range(people)
        ]
        chosen.append(
            (made.scene(k, lights[light]), [[made.person(2 + j, t) for j, t in enumerate(tones)]])
        )
    return seen(*chosen)


def test_what_is_independent_is_rarely_called_dependent_and_what_is_not_is_found():
    alarms = 0
    for seed in range(40):
        found = dependence(_random_set(seed, False), "skin_tone", "light", resamples(40))
        assert found.chance is not None
        alarms += found.value > found.chance
    assert alarms <= 6  # 2 are expected of a test at 5 %
    found = dependence(_random_set(99, True), "skin_tone", "light", resamples(40))
    assert found.value > found.chance
    assert found.low <= found.value <= found.high


def test_intervals_hold_the_truth_as_often_as_they_say():
    hits = 0
    for seed in range(60):
        drawn = _random_set(seed, False, scenes=60)
        audit_cells = sums(drawn, ("skin_tone",), "tracks")
        totals = resamples(60).totals(audit_cells.by_scene)
        share = audit_cells.by_scene.sum(axis=0) / audit_cells.by_scene.sum()
        low, high = share_bounds(totals / totals.sum(axis=1, keepdims=True), share, 60)
        hits += int(low[0] <= 1 / 6 <= high[0])
    assert 51 <= hits <= 60  # 57 are expected


def test_never_seen_is_not_the_same_as_never():
    low, high = share_bounds(np.zeros((10, 1)), np.zeros(1), 20)
    assert low[0] == 0.0
    assert high[0] == pytest.approx(1 - 0.025 ** (1 / 20))  # Clopper and Pearson for 0 of 20


def test_an_even_set_is_no_farther_than_chance_and_a_skewed_one_is():
    spec = parse_target("audit: e\ntargets: [{of: skin_tone, shares: uniform}]", "e.yaml")
    even = seen(*((made.scene(k), [[made.person(2, SKIN_TONES[k % 6])]]) for k in range(60)))
    skewed = seen(*((made.scene(k), [[made.person(2, "light")]]) for k in range(60)))
    near, far = (audit_of(s, ["x"], spec).gaps[0] for s in (even, skewed))
    assert near.distance == pytest.approx(0.0, abs=1e-6)
    assert far.distance == pytest.approx(5 / 6, abs=1e-5)
    assert far.distance > far.of_chance > near.distance
    assert far.cells[0].gap == pytest.approx(-1 / 6, abs=1e-5)
    assert far.cells[0].high < 0  # surely too few


def test_independence_is_a_target_of_its_own():
    text = "audit: i\ntargets: [{of: [skin_tone, light], shares: independent}]"
    spec = parse_target(text, "i.yaml")
    both = seen(
        (made.scene(0, "day"), [[made.person(2, "light")]]),
        (made.scene(1, "night"), [[made.person(2, "dark")]]),
    )
    assert audit_of(both, ["x"], spec).gaps[0].distance == pytest.approx(0.5)


def test_shares_are_relative_and_edges_are_ones_own():
    text = (
        "audit: own\nedges: {distance: [30 m], occlusion: [10 %]}\n"
        "targets: [{of: distance, classes: [person], shares: {under 30 m: 3, over 30 m: 1}}]"
    )
    spec = parse_target(text, "own.yaml")
    assert spec.factors["distance"].cells == ("under 30 m", "over 30 m")
    assert spec.factors["occlusion"].edges == (0.1,)
    drawn = sightings_of(
        [
            made.facts(
                [(made.scene(0), [[made.person(2), made.person(3, distance_m=50.0), made.car()]])]
            )
        ],
        spec.factors,
    )
    gap = audit_of(drawn, ["x"], spec).gaps[0]
    assert {c.cell: c.target for c in gap.cells} == {("under 30 m",): 0.75, ("over 30 m",): 0.25}
    assert gap.units == 2.0
    assert gap.distance == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("targets: [{of: lihgt, shares: uniform}]", "t.yaml:2:16: unknown factor 'lihgt' (did you"),
        ("targets: [{of: light, shares: {daay: 1}}]", "t.yaml:2:32: 'light' has no cell 'daay'"),
        ("targets: [{of: light, shares: evn}]", "t.yaml:2:31: shares can't be 'evn'"),
        ("targets: [{of: light, shares: {day: 3 m}}]", "t.yaml:2:37: a share is a number"),
        ("targets: [{of: light, shares: {day: 0}}]", "t.yaml:2:31: all shares are zero"),
        ("targets: [{of: light, share: uniform}]", "t.yaml:2:23: unknown key 'share'"),
        ("targets: [{of: [light, light], shares: uniform}]", "t.yaml:2:16: one to 3 different"),
        ("targets: [{of: class, classes: [prson], shares: uniform}]", "unknown class 'prson'"),
        ("edges: {distance: [10, 40]}", "t.yaml:2:20: an edge of 'distance' is a length"),
        ("edges: {distance: [40 m, 10 m]}", "edges of 'distance' should ascend"),
        ("edges: {light: [1]}", "t.yaml:2:16: 'light' has no edges"),
        ("independent: [[light]]", "t.yaml:2:15: a pair of two factors"),
        ("thin: 0", "t.yaml:2:7: 'thin' comes to 0 and should be at least 1"),
    ],
)
def test_what_is_wrong_with_a_target_is_said_with_its_place(text, message):
    with pytest.raises(ScenarioError) as caught:
        parse_target(f"audit: t\n{text}\n", "t.yaml")
    assert message in str(caught.value)


def test_ranges_take_their_lower_edge_and_weights_are_worth_what_kish_says():
    distance = factors()["distance"]
    assert distance.cut([9.99, 10.0, 80.0, 0.0]).tolist() == [0, 1, 4, 0]
    assert kish(np.array([1.0, 1.0, 0.0])) == 2.0


def test_equal_sets_give_equal_bytes():
    first, again = (audit_of(_random_set(5, True), ["x"], EVEN) for _ in range(2))
    assert first.model_dump_json() == again.model_dump_json()
