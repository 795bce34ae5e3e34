"""Draws: determinism, independence of indices, constraints, errors at their places."""

import numpy as np
import pytest

from scenegen.errors import ScenarioError, UnsatisfiableError
from scenegen.records import ConcreteScenario
from scenegen.sample import check, draw
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.points import UniformPoints
from scenegen.seeds import named_generator


def test_the_same_three_give_the_same_scene(small):
    a, b = draw(small(), 3, 5), draw(small(), 3, 5)
    assert a.model_dump_json() == b.model_dump_json()
    assert draw(small(), 3, 6).parameters != a.parameters
    assert draw(small(), 4, 5).parameters != a.parameters


def test_indices_do_not_depend_on_each_other(small):
    logical = small()
    alone = draw(logical, 0, 1)
    in_turn = [draw(logical, 0, index) for index in (0, 1)]
    assert in_turn[1] == alone


def test_the_order_of_parameters_in_the_file_changes_nothing(small):
    v = "  v: {uniform: [30 km/h, 50 km/h], nominal: {uniform: [30 km/h, 80 km/h]}}\n"
    gap = "  gap: {uniform: [4 m, 9 m]}\n"
    assert draw(small((v + gap, gap + v)), 0, 0) == draw(small(), 0, 0)


def test_json_round_trip(small):
    scene = draw(small(), 0, 0)
    assert ConcreteScenario.model_validate_json(scene.model_dump_json()) == scene


def test_log_weight_is_nominal_over_proposal(small):
    assert draw(small(), 0, 0).log_weight == pytest.approx(np.log(20 / 50))


def test_requirements_hold_in_every_draw(small):
    logical = small(("ego:\n", "require: [gap > 7 m, v * 1 s < gap + 3.5 m]\nego:\n"))
    for index in range(4):
        parameters = draw(logical, 0, index).parameters
        assert parameters["gap"] > 7
        assert parameters["v"] < parameters["gap"] + 3.5


def test_rejection_leaves_the_conditional_distribution(small):
    """Accepted draws are uniform on what the constraint leaves."""
    logical = small(("ego:\n", "require: [gap > 7 m]\nego:\n"))
    points = UniformPoints(named_generator("test"), len(logical.parameters)).take(40_000)
    candidates = draw_candidates(logical, points)
    kept = candidates.columns["gap"][candidates.accepted]
    assert len(kept) / 40_000 == pytest.approx(0.4, abs=0.01)
    assert kept.mean() == pytest.approx(8.0, abs=0.02)
    assert kept.min() > 7


NAMES = ("first", "row_0")


def test_unsatisfiable_names_the_worst_constraint(small):
    logical = small(("ego:\n", "require: [gap > 5 m, gap > 10 m]\nego:\n"))
    with pytest.raises(UnsatisfiableError, match=r"small\.yaml:8:22:.*'gap > 10 m' rejects 100"):
        draw(logical, 0, 0)
    with pytest.raises(UnsatisfiableError, match="gap > 10 m"):
        check(logical, 500, 0)


def test_bodies_that_overlap_are_rejected_by_name(small):
    logical = small(("gap: gap", "gap: -3 m"))
    with pytest.raises(UnsatisfiableError, match=r"no_overlap\(ego, first\)"):
        draw(logical, 0, 0)


def test_beyond_the_road_is_rejected_by_name(small):
    logical = small(("s: 40 m", "s: 240 m"))
    with pytest.raises(UnsatisfiableError, match=r"on_road\(ego\)"):
        draw(logical, 0, 0)


def test_who_stands_beyond_a_lane_is_told_how_far_it_goes(small):
    logical = small(("s: 60 m", "s: 199.6 m"))
    told = (
        r"small\.yaml:\d+:\d+: .*'on_road\(row_\d\)'.*'parking_right' goes from s = 0 to "
        r"200\.0 m, and 'row_\d' is to stand at s = 20\d"
    )
    with pytest.raises(UnsatisfiableError, match=told):
        check(logical, 100, 0)


@pytest.mark.parametrize("place", ["beside: first", "behind: first, gap: 1 m"])
def test_a_lane_that_ends_before_the_other_one_holds_nobody(small, place):
    """Their place isn't the end of that lane, however far away."""
    logical = small(
        ("sidewalk: 2 m", "zebra: true, sidewalk: 2 m"),
        ("s: 40 m", "s: 110 m"),
        ("lane: parking_right, s: 60 m", f"{place}, lane: parking_right"),
    )
    with pytest.raises(UnsatisfiableError, match=r"on_road\(row_0\).*lies 'parking_right_far'"):
        check(logical, 100, 0)
    onward = small(
        ("sidewalk: 2 m", "zebra: true, sidewalk: 2 m"),
        ("s: 40 m", "s: 110 m"),
        ("lane: parking_right, s: 60 m", "beside: first, lane: parking_right_far"),
    )
    first, row = (next(a for a in draw(onward, 0, 0).actors if a.name == n) for n in NAMES)
    assert row.position_m[0] == pytest.approx(first.position_m[0], abs=0.01)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "debris.crate\n    variant",
            "debris.krate\n    variant",
            r"yaml:15:12: first: .*'debris.crate'",
        ),
        (
            "debris.crate\n    variant",
            "prop.bin\n    variant",
            r"yaml:15:12: first: no actor can be",
        ),
        ("debris.crate\n    variant", "car\n    variant", r"yaml:15:12: .*'vehicle.sedan'"),
        ("debris.crate\n    variant", "bus\n    variant", r"yaml:15:12: .*a category"),
        (
            "debris.crate\n    variant",
            "vehicle.bicycle\n    variant",
            r"yaml:15:12: .*'bicycle.city', and 'person.rider' .*attached_to",
        ),
        ("lane: forward_0", "lane: forward_1", r"yaml:11:17: this road has no lane 'forward_1'"),
        ("length: 200 m", "length: 20 m", r"yaml:7:\d+: 'road.length' comes to 20 .* 50"),
        ("duration: 2 s", "duration: -2 s", r"yaml:3:11: 'duration'"),
        ("speed: v", "speed: v * gap / (gap - gap)", r"yaml:12:10: 'ego.speed' comes to inf"),
        ("speed: v", "speed: -v", r"yaml:12:10: .*heading"),
        ("count: 3", "count: 400", r"yaml:20:12: row: a row has"),
        ("count: 3", "count: gap / 1 m", r"yaml:20:12: .*whole number"),
        ("asset: vehicle.flatbed_truck", "count: 2\n  asset: vehicle.flatbed_truck", "one ego"),
    ],
)
def test_wrong_values_are_told_with_their_place(small, old, new, message):
    with pytest.raises(ScenarioError, match=message):
        draw(small((old, new)), 0, 0)


def test_legs_and_wheels(small):
    walk = "gap: gap}\n    behaviour: [{do: cross, speed: 1 m/s}]"
    with pytest.raises(ScenarioError, match="no legs"):
        draw(small(("gap: gap}", walk)), 0, 0)
    drive = "gap: gap}\n    behaviour: [follow_lane]"
    with pytest.raises(ScenarioError, match="no wheels"):
        draw(small(("gap: gap}", drive)), 0, 0)


def test_only_riders_ride(small):
    mount = ("vehicle.flatbed_truck", "motorcycle.moped")
    seat = ("{ahead_of: ego, gap: gap}", "{attached_to: ego}")
    with pytest.raises(ScenarioError, match=r"yaml:15:12: 'debris.crate' can't ride 'motorcycle"):
        draw(small(mount, seat), 0, 0)
    rider = draw(small(mount, seat, ("debris.crate", "person.motorcyclist")), 0, 0).actors[1]
    assert rider.attached_to == 1


def test_only_what_drives_carries(small):
    load = ("lane: parking_right, s: 60 m", "attached_to: first")
    with pytest.raises(ScenarioError, match=r"yaml:19:12: row: 'first' carries nothing"):
        draw(small(load, ("    count: 3\n    spacing: 0.5 m\n", "")), 0, 0)


def test_a_scene_has_at_most_200_actors(small):
    rows = "".join(
        f"  more_{k}:\n    asset: debris.crate\n    count: 40\n"
        f"    place: {{lane: backward_0, s: {20 + k} m}}\n"
        for k in range(6)
    )
    with pytest.raises(ScenarioError, match="at most 200 actors"):
        draw(small(("actors:\n", "actors:\n" + rows)), 0, 0)
