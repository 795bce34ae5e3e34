"""Places: gaps between bodies, rows, sides of the road, loads, slopes, triggers."""

from itertools import pairwise

import numpy as np
import pytest

from scenegen.geometry import yaw_of
from scenegen.sample import draw


def by_name(scene):
    return {actor.name: actor for actor in scene.actors}


def test_the_gap_is_free_distance_between_bodies(small):
    scene = draw(small(), 0, 0)
    ego, first = by_name(scene)["ego"], by_name(scene)["first"]
    between = first.position_m[0] - ego.position_m[0] - (ego.size_m[0] + first.size_m[0]) / 2
    assert between == pytest.approx(scene.parameters["gap"])


def test_a_row_keeps_its_spacing(small):
    actors = by_name(draw(small(), 0, 0))
    row = [actors[f"row_{k}"] for k in range(3)]
    for a, b in pairwise(row):
        free = b.position_m[0] - a.position_m[0] - (a.size_m[0] + b.size_m[0]) / 2
        assert free == pytest.approx(0.5)
    assert [a.instance_id for a in row] == [3, 4, 5]


def test_further_bodies_of_a_row_draw_their_own_asset(small):
    rows = [
        tuple(a.asset_id for a in draw(small(), 0, index).actors if a.name.startswith("row"))
        for index in range(5)
    ]
    assert any(len(set(row)) == 2 for row in rows)


def test_ahead_in_an_oncoming_lane_is_ahead_of_the_ego(small):
    scene = draw(small(("gap: gap}", "gap: 20 m, lane: backward_0}")), 0, 0)
    ego, first = by_name(scene)["ego"], by_name(scene)["first"]
    assert first.position_m[0] > ego.position_m[0] + 20
    assert first.position_m[1] > 0
    assert abs(float(yaw_of(first.quaternion_wxyz))) == pytest.approx(np.pi)


@pytest.mark.parametrize(("lane", "sign"), [("parking_right", 1), ("sidewalk_left", -1)])
def test_across_faces_the_middle_of_the_road(small, lane, sign):
    place = "{lane: " + lane + ", s: 90 m, heading: across}"
    first = by_name(draw(small(("{ahead_of: ego, gap: gap}", place)), 0, 0))["first"]
    assert float(yaw_of(first.quaternion_wxyz)) == pytest.approx(sign * np.pi / 2)
    assert first.position_m[0] == pytest.approx(90.0)


def test_loads_stand_on_the_bed_and_on_each_other(small):
    place = "{attached_to: ego, offset: [1 m, 0.2 m, 0 m]}"
    more = (
        "  on_it:\n    asset: debris.box\n    place: {attached_to: ego, on_top_of: first}\n  row:"
    )
    actors = by_name(draw(small(("{ahead_of: ego, gap: gap}", place), ("  row:", more)), 0, 0))
    first, on_it, ego = actors["first"], actors["on_it"], actors["ego"]
    assert first.attached_to == on_it.attached_to == ego.instance_id
    assert first.position_m[1] - ego.position_m[1] == pytest.approx(0.2)
    assert first.velocity_mps == ego.velocity_mps
    rise = on_it.position_m[2] - first.position_m[2]
    assert rise == pytest.approx(first.size_m[2], abs=0.01)


def test_vehicles_lie_along_the_slope(small):
    logical = small(
        ("kind: straight, length: 200 m", "kind: hill, length: 200 m, crest: 5 m"),
        ("parking: 2.5 m, ", "parking: 2.5 m, crest_length: 150 m, "),
        ("s: 40 m", "s: 60 m"),
    )
    ego = by_name(draw(logical, 0, 0))["ego"]
    assert ego.velocity_mps[2] > 0.3
    assert np.linalg.norm(ego.velocity_mps) == pytest.approx(draw(logical, 0, 0).parameters["v"])


def test_triggers_name_instances(small):
    behaviour = "gap: gap}\n    behaviour: [stand, {when: {distance: 5 m, to: ego}, do: stand}]"
    first = by_name(draw(small(("gap: gap}", behaviour)), 0, 0))["first"]
    assert [m.trigger.kind for m in first.behaviour] == ["start", "distance"]
    assert first.behaviour[1].trigger.actor == 1


def test_a_moving_vehicle_follows_its_lane_by_default(small):
    ego = by_name(draw(small(), 0, 0))["ego"]
    (manoeuvre,) = ego.behaviour
    path = np.array(manoeuvre.action.path)
    assert manoeuvre.action.kind == "drive"
    assert np.allclose(path[:, 1], ego.position_m[1])
    assert path[0, 0] < ego.position_m[0] < path[-1, 0]
    assert path[-1, 0] > 200


def test_a_cut_in_ends_in_the_other_lane(small):
    logical = small(
        ("sidewalk: 2 m", "sidewalk: 2 m, lanes_forward: 2"),
        (
            "speed: v",
            "speed: v\n  behaviour: [{when: {time: 1 s}, do: cut_in, lane: forward_1, over: 2 s}]",
        ),
    )
    scene = draw(logical, 0, 0)
    action = scene.ego.behaviour[0].action
    path, v = np.array(action.path), scene.parameters["v"]
    assert action.indicator == "right"
    assert path[0, 1] == pytest.approx(-1.625)
    assert path[-1, 1] == pytest.approx(-4.875)
    changing = path[(path[:, 1] < -1.63) & (path[:, 1] > -4.87), 0]
    assert changing.min() >= 40 + v - 1e-6
    assert changing.max() <= 40 + 3 * v + 1e-6
