"""Places on regions, in lanes beside another's, and what bodies face."""

import numpy as np
import pytest
from scipy.stats import kstest

from scenegen.errors import ScenarioError, UnsatisfiableError
from scenegen.records import RoadSpec
from scenegen.roads import beyond_carriageway, build_network
from scenegen.sample import draw, sample_many
from scenegen.sample.lay_rows import neighbour
from scenegen.scenario import parse_scenario

ROAD = "kind: straight, length: 200 m, lanes_forward: 3, lanes_backward: 2, lane_width: 3.5 m"
ROAD += ", sidewalk: 2 m"
TEXT = """\
scenario: regions
description: Somebody somewhere.
duration: 2 s
road: {ROAD}
ego: {asset: vehicle.sedan, variant: 0, place: {lane: forward_1, s: 60 m}}
actors:
  who: {asset: person.adult, variant: 0, place: {PLACE}}
"""


def many(place, road=ROAD, n=4000, asset="person.adult"):
    text = TEXT.replace("ROAD", road).replace("PLACE", place).replace("person.adult", asset)
    draws = sample_many(parse_scenario(text, "regions.yaml"), 0, n)
    k = draws.names.index("who")
    return (
        draws.position_m[:, k, 0],
        draws.position_m[:, k, 1],
        draws.yaw_rad[:, k],
        draws.lane[:, k],
    )


def test_points_are_uniform_on_a_sidewalk():
    x, y, yaw, lane = many("on: sidewalk_right")
    assert set(lane) == {"sidewalk_right"}
    assert kstest(x / 200, "uniform").pvalue > 0.001
    near = 3 * 3.5 + 0.15
    assert kstest((-y - near) / 2, "uniform").pvalue > 0.001
    assert np.allclose(yaw, 0)


def test_the_roadside_begins_where_the_carriageway_ends():
    for side, sign in (("roadside_right", -1), ("roadside_left", 1)):
        x, y, *_ = many(f"on: {side}")
        network = build_network(
            RoadSpec(
                kind="straight",
                length_m=200,
                lanes_forward=3,
                lanes_backward=2,
                lane_width_m=3.5,
                sidewalk_m=2,
            )
        )
        beyond = beyond_carriageway(network, np.stack([x, y], axis=-1))
        assert beyond.min() >= 0
        assert beyond.max() == pytest.approx(0.15 + 2 + 2, abs=0.02)
        assert (np.sign(y) == sign).all()


def test_a_carriageway_is_all_lanes():
    _, y, _, lane = many("on: carriageway")
    assert y.min() == pytest.approx(-10.5, abs=0.05)
    assert y.max() == pytest.approx(7.0, abs=0.05)
    assert set(lane) == {""}


def test_crossings_for_walkers():
    x, _, _, lane = many("on: crossing_area", ROAD + ", zebra: true")
    assert set(lane) == {"crosswalk_middle"}
    assert np.abs(x - 100).max() < 2.5
    *_, lane = many("on: crossing_area", ROAD.replace("straight", "crossing"))
    assert set(lane) == {f"crosswalk_{arm}" for arm in ("west", "east", "south", "north")}


def test_sidewalks_leave_the_crossing_road_free():
    spec = RoadSpec(
        kind="crossing",
        length_m=200,
        lanes_forward=3,
        lanes_backward=2,
        lane_width_m=3.5,
        sidewalk_m=2,
    )
    network = build_network(spec)
    for region in ("sidewalk_right", "cross_sidewalk_left", "roadside_left"):
        x, y, *_ = many(f"on: {region}", ROAD.replace("straight", "crossing"))
        assert beyond_carriageway(network, np.stack([x, y], axis=-1)).min() > 0


def test_polygons_in_the_world_and_along_the_road():
    corners = "[[50 m, -30 m], [70 m, -30 m], [60 m, -20 m]]"
    x, y, *_ = many(f"on: {{polygon: {corners}, frame: world}}")
    assert ((y >= -30) & (y <= -20) & (np.abs(x - 60) <= -20 - y + 1e-9)).all()
    assert np.mean(y) == pytest.approx(-30 + 10 / 3, abs=0.15)
    curve = "kind: curve, length: 200 m, radius: 100 m, arc: 1 rad, lane_width: 3.5 m"
    strip = "[[0 m, -9 m], [200 m, -9 m], [200 m, -8 m], [0 m, -8 m]]"
    text = TEXT.replace("ROAD", curve).replace("forward_1", "forward_0")
    logical = parse_scenario(text.replace("PLACE", f"on: {{polygon: {strip}}}"), "regions.yaml")
    draws = sample_many(logical, 0, 500)
    network = build_network(
        RoadSpec(kind="curve", length_m=200, radius_m=100, arc_rad=1, lane_width_m=3.5)
    )
    beyond = beyond_carriageway(network, draws.position_m[:, 1])
    assert beyond.min() == pytest.approx(4.5, abs=0.05)
    assert beyond.max() == pytest.approx(5.5, abs=0.05)


def test_who_faces_whom():
    x, y, yaw, _ = many("on: sidewalk_left, facing: ego")
    assert np.allclose(yaw, np.arctan2(-5.25 - y, 60 - x))
    *_, yaw, _ = many("lane: backward_0, s: 90 m, facing: lane, turn: 10 deg")
    assert np.allclose(yaw, -np.pi + np.deg2rad(10))
    *_, yaw, _ = many("on: sidewalk_left, facing: {uniform: [30 deg, 60 deg]}")
    assert np.deg2rad(30) < yaw.min() < yaw.max() < np.deg2rad(60)


def test_lanes_beside_anothers():
    assert [neighbour("forward_1", k) for k in (1, -1, -2, -3)] == [
        "forward_2",
        "forward_0",
        "backward_0",
        "backward_1",
    ]
    assert neighbour("cross_backward_0", 1) == "cross_backward_1"
    assert neighbour("sidewalk_left", 1) == ""
    for step, y in (("+1", -8.75), ("-1", -1.75), ("-2", 1.75)):
        _, found, yaw, _ = many(f"ahead_of: ego, gap: 5 m, lane: {step}", asset="vehicle.suv", n=5)
        assert np.allclose(found, y)
        assert np.allclose(np.abs(yaw), np.pi if step == "-2" else 0)


def test_a_lane_that_is_not_there_rejects():
    text = TEXT.replace("ROAD", ROAD).replace("PLACE", "ahead_of: ego, gap: 5 m, lane: '+2'")
    with pytest.raises(UnsatisfiableError, match=r"lane\(\+2\)"):
        draw(parse_scenario(text, "regions.yaml"), 0, 0)
    drawn = text.replace("lanes_forward: 3", "lanes_forward: {discrete: [3, 4]}")
    draws = sample_many(parse_scenario(drawn, "regions.yaml"), 0, 50)
    assert (draws.columns["road.lanes_forward"] == 4).all()


def test_each_of_a_row_stands_by_itself():
    text = TEXT.replace("ROAD", ROAD).replace("PLACE}", "on: sidewalk_right}, count: 6")
    draws = sample_many(parse_scenario(text, "regions.yaml"), 0, 200)
    x = draws.position_m[:, 1:, 0]
    assert x.shape == (200, 6)
    assert abs(np.corrcoef(x[:, 0], x[:, 1])[0, 1]) < 0.25
    scene = draw(parse_scenario(text, "regions.yaml"), 0, 0)
    assert [actor.name for actor in scene.actors[1:]] == [f"who_{k}" for k in range(6)]


def test_visible_from_keeps_who_is_in_view():
    x, *_ = many("on: sidewalk_right, visible_from: ego")
    assert x.min() > 55
    x, *_ = many("on: sidewalk_right, visible_from: ego.front", n=500)
    assert x.min() > 60


def test_a_walker_on_a_region_walks_along_its_lane():
    place = "on: sidewalk_right}, behaviour: [{do: walk_along, speed: 1 m/s}]"
    text = TEXT.replace("ROAD", ROAD).replace("PLACE}", place)
    action = draw(parse_scenario(text, "regions.yaml"), 0, 0).actors[1].behaviour[0].action
    assert len({round(y, 6) for _, y in action.path}) == 1


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("on: sidewalk_rigth", "unknown region 'sidewalk_rigth'.*'sidewalk_right'"),
        ("on: sidewalk_right, lane: forward_0", "has no 'lane'"),
        ("on: sidewalk_right, s: 3 m", "exactly one of"),
        ("on: sidewalk_right, facing: eggo", "facing"),
        ("ahead_of: ego, gap: 3 m, facing: ego", "'facing' goes with"),
        ("lane: '+1', s: 3 m", "counts from another actor's lane"),
        ("on: {polygon: [[0 m, 0 m], [1 m, 1 m], [1 m, 0 m], [0 m, 1 m]]}", "cross"),
        ("on: {polygon: [[0 m, 0 m], [1 m, 1 m]]}", "at least 3"),
        ("on: {polygon: [[0 m, 0 m], [1 m, 1 s], [2 m, 0 m]]}", "length"),
        ("on: sidewalk_right, u: 3 m", "plain number"),
        ("on: sidewalk_right, visible_from: eggo", "'eggo'.*'ego'"),
        ("lane: forward_0, s: 3 m, u: 0.5", "'u' and 'v' go with on"),
    ],
)
def test_wrong_places_are_told(place, message):
    with pytest.raises(ScenarioError, match=message):
        parse_scenario(TEXT.replace("ROAD", ROAD).replace("PLACE", place), "regions.yaml")


def test_regions_that_a_road_has_not():
    for region in ("crossing_area", "parking_right"):
        with pytest.raises(ScenarioError, match=f"this road has no lane '{region}'"):
            many(f"on: {region}")
    with pytest.raises(ScenarioError, match=r"place.u' comes to 2; it is from 0 to 1"):
        many("on: sidewalk_right, u: 2")
