"""Scenery stands beside the road, apart, and the same whatever the light."""

from functools import cache

import numpy as np
import pytest

from scenegen.assets import get
from scenegen.geometry import Boxes, boxes_of, boxes_overlap, yaw_of
from scenegen.records import Lamp, Light, Prop, RoadNetwork, RoadSpec, SignalPlan
from scenegen.roads import beyond_carriageway, build_network, height_at
from scenegen.sample.backdrop import MOST_BACKDROP
from scenegen.sample.scenery import place_scenery
from scenegen.sample.site import MOST_FURNITURE, MOST_PROPS
from scenegen.seeds import named_generator

NIGHT = Light(sun_elevation_rad=-0.3, street_lights=True)
DAY = Light(sun_elevation_rad=0.7)
ROADS = {
    "urban": RoadSpec(kind="straight", sidewalk_m=2.5, parking_m=2.2, zebra=True),
    "urban crossing": RoadSpec(
        kind="crossing", sidewalk_m=2.5, parking_m=2.0, zebra=True, signals=SignalPlan()
    ),
    "suburban": RoadSpec(kind="curve", surroundings="suburban", sidewalk_m=2.0),
    "rural": RoadSpec(kind="hill", surroundings="rural", verge_m=3.0),
    "forest": RoadSpec(kind="curve", surroundings="forest", radius_m=-80, verge_m=4.0),
    "motorway": RoadSpec(
        kind="straight",
        surroundings="motorway",
        lanes_forward=3,
        lanes_backward=0,
        shoulder_m=2.5,
        length_m=800,
    ),
}


@pytest.fixture(params=sorted(ROADS), scope="module")
def spec(request: pytest.FixtureRequest) -> RoadSpec:
    return ROADS[request.param]


@cache
def scenery(spec: RoadSpec, light: Light, seed: int = 0) -> tuple[Prop, ...]:
    streams = [named_generator("test", kind, seed) for kind in ("scenery", "furniture", "growth")]
    return place_scenery(build_network(spec), spec, light, *streams)


def body(prop: Prop, spec: RoadSpec, shrink_m: float = 0.0) -> Boxes:
    """Return what a prop takes: in town the crowns of trees reach over walks and roads."""
    bounds = get(prop.asset_id, prop.variant, prop.size_m).bounds_m
    if spec.surroundings == "urban" and prop.asset_id == "prop.tree_broadleaf":
        bounds = bounds * np.array([0.4, 0.4, 1.0])
    return boxes_of(bounds, *np.array(prop.position_m), yaw_of(prop.quaternion_wxyz), shrink_m)


def standing(spec: RoadSpec, light: Light) -> list[Prop]:
    """Return what stands on the ground: neither hung above the road nor flush in it."""
    return [
        prop
        for prop in scenery(spec, light)
        if prop.asset_id not in ("prop.cables", "prop.gantry", "prop.manhole", "prop.drain")
    ]


def around(corners: np.ndarray) -> np.ndarray:
    share = np.linspace(0, 1, 40)[:, None]
    return np.concatenate(
        [a + share * (b - a) for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
    )


def foot(prop: Prop, spec: RoadSpec) -> np.ndarray:
    """Return the corners of what meets the ground: of a street lamp its post only."""
    if prop.asset_id != "prop.street_lamp":
        return body(prop, spec).base.corners()
    bounds = get(prop.asset_id).bounds_m.copy()
    bounds[1, 0] = bounds[0, 0] + 0.2
    return boxes_of(bounds, *np.array(prop.position_m), yaw_of(prop.quaternion_wxyz)).base.corners()


def test_nothing_stands_on_a_carriageway(spec: RoadSpec) -> None:
    network = build_network(spec)
    for prop in standing(spec, NIGHT):
        assert beyond_carriageway(network, around(foot(prop, spec))).min() > 0.1, prop


def test_no_prop_is_within_a_driving_lane(spec: RoadSpec) -> None:
    network = build_network(spec)
    feet = [foot(prop, spec) for prop in standing(spec, DAY)]
    for lane in network.lanes.values():
        if lane.kind in ("driving", "parking", "shoulder"):
            points = lane.centre[:, :2]
            for corners in feet:
                gap = np.linalg.norm(points[:, None] - around(corners)[None, ::8], axis=-1).min()
                assert gap > 0.45 * lane.width_m


def test_nothing_overlaps(spec: RoadSpec) -> None:
    bodies = [body(prop, spec, 0.025) for prop in standing(spec, NIGHT)]
    for k, a in enumerate(bodies):
        for b in bodies[k + 1 :]:
            assert not boxes_overlap(a, b)


def test_there_is_enough_of_it_and_not_too_much(spec: RoadSpec) -> None:
    assert 40 <= len(standing(spec, DAY)) <= MOST_PROPS + MOST_FURNITURE + MOST_BACKDROP


def test_everything_stands_on_the_ground(spec: RoadSpec) -> None:
    network = build_network(spec)
    for prop in standing(spec, DAY):
        corners = foot(prop, spec)
        low, high = np.sort(height_at(network, around(corners)))[[0, -1]]
        assert low - 0.05 <= prop.position_m[2] <= high + 0.05


def test_light_moves_nothing(spec: RoadSpec) -> None:
    day, night = scenery(spec, DAY), scenery(spec, NIGHT)
    assert [p.model_copy(update={"lamps": 0}) for p in night] == list(day)
    assert all(p.lamps == 0 for p in day)


def test_the_season_moves_nothing_and_shows_in_plants_only(spec: RoadSpec) -> None:
    network = build_network(spec)
    summer = scenery(spec, DAY)
    streams = [named_generator("test", kind, 0) for kind in ("scenery", "furniture", "growth")]
    winter = place_scenery(network, spec, DAY, *streams, "winter")
    for a, b in zip(summer, winter, strict=True):
        assert (a.asset_id, a.position_m, a.size_m) == (b.asset_id, b.position_m, b.size_m)
        category = get(a.asset_id, a.variant, a.size_m).category
        plant = category == "vegetation" or a.asset_id == "prop.tall_grass"
        assert (a.variant != b.variant) == plant


def test_draws_repeat_and_differ_by_seed(spec: RoadSpec) -> None:
    assert scenery.__wrapped__(spec, DAY) == scenery(spec, DAY)
    assert scenery(spec, DAY, 1) != scenery(spec, DAY)


def test_street_lamps_and_some_windows_burn_at_night() -> None:
    props = scenery(ROADS["urban"], NIGHT)
    lamps = [p for p in props if p.asset_id == "prop.street_lamp"]
    assert lamps
    assert all(p.lamps == Lamp.STREET for p in lamps)
    windows = [p.lamps for p in props if p.asset_id == "prop.building"]
    assert set(windows) == {0, int(Lamp.WINDOW)}


def test_facades_face_the_road() -> None:
    network = build_network(ROADS["suburban"])
    houses = [p for p in scenery(ROADS["suburban"], DAY) if p.asset_id == "prop.building"]
    assert len(houses) >= 10
    for house in houses:
        yaw = float(yaw_of(house.quaternion_wxyz))
        at = np.array(house.position_m[:2])
        ahead = at + np.array([np.cos(yaw), np.sin(yaw)])
        near, nearer = beyond_carriageway(network, np.array([at, ahead]))
        assert near - nearer == pytest.approx(1.0, abs=0.02)


def test_signs_face_their_traffic() -> None:
    signs = [p for p in scenery(ROADS["motorway"], DAY) if p.asset_id == "prop.delineator"]
    right = [p for p in signs if p.position_m[1] < 0]
    assert right
    assert all(abs(abs(float(yaw_of(p.quaternion_wxyz))) - np.pi) < 1e-9 for p in right)


def crosswalk_boxes(network: RoadNetwork) -> list[Boxes]:
    boxes = []
    for lane in network.lanes.values():
        if lane.kind == "crosswalk":
            a, b = lane.centre[0], lane.centre[-1]
            half = 0.5 * np.array([np.hypot(*(b - a)[:2]), lane.width_m, 4.0])
            yaw = np.arctan2(b[1] - a[1], b[0] - a[0])
            boxes.append(boxes_of(np.array([-half, half]), *(0.5 * (a + b)), yaw))
    return boxes


def test_crosswalks_stay_free() -> None:
    spec = ROADS["urban crossing"]
    boxes = crosswalk_boxes(build_network(spec))
    assert len(boxes) == 4
    for prop in scenery(spec, DAY):
        assert not any(boxes_overlap(body(prop, spec), box) for box in boxes), prop


def test_a_rail_follows_a_long_bend_to_its_end() -> None:
    spec = RoadSpec(
        kind="curve",
        surroundings="motorway",
        lanes_forward=3,
        lanes_backward=0,
        radius_m=600,
        arc_rad=0.35,
        length_m=900,
    )
    props = scenery(spec, DAY)
    rails = [p for p in props if p.asset_id == "prop.guardrail"]
    assert max(p.position_m[0] for p in rails) > 850
    assert len({p.asset_id for p in props}) > 3  # rails leave room for all else


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_hedge_hides_what_comes_in_a_tight_bend(sign: int) -> None:
    tight = RoadSpec(
        kind="curve", surroundings="rural", radius_m=sign * 120, arc_rad=1.0, verge_m=1.2
    )
    hedges = [p for p in scenery(tight, DAY) if p.asset_id == "prop.hedge"]
    network = build_network(tight)
    # Seen from the start of the arc, its end lies behind the hedge.
    lane = network.lanes["backward_0" if sign > 0 else "forward_0"].centre
    arc = np.cumsum(np.linalg.norm(np.diff(lane[:, :2], axis=0), axis=1))
    eye, far = (lane[int(np.searchsorted(arc, s))] for s in (95.0, 205.0))
    line = eye[:2] + np.linspace(0, 1, 200)[:, None] * (far - eye)[:2]
    assert any(_within(line, p).any() for p in hedges)
    assert all(get("prop.hedge", 0, p.size_m).bounds_m[1, 2] > 1.7 for p in hedges)
    gentle = tight.model_copy(update={"radius_m": sign * 400.0, "arc_rad": 0.4})
    assert not any(p.asset_id == "prop.hedge" for p in scenery(gentle, DAY))


def _within(points_m: np.ndarray, prop: Prop) -> np.ndarray:
    """Return which points (N, 2) lie in the footprint of a prop."""
    yaw = float(yaw_of(prop.quaternion_wxyz))
    cos, sin = np.cos(yaw), np.sin(yaw)
    local = (points_m - np.array(prop.position_m[:2])) @ np.array([[cos, -sin], [sin, cos]])
    low, high = get(prop.asset_id, prop.variant, prop.size_m).bounds_m[:, :2]
    return ((local > low) & (local < high)).all(axis=1)


@pytest.mark.parametrize("surroundings", ["urban", "suburban", "rural", "forest", "motorway"])
def test_verges_of_any_width_are_furnished(surroundings: str) -> None:
    for verge in (0.0, 0.7, 1.0, 1.1, 1.2, 1.5, 3.0):
        spec = RoadSpec(
            kind="straight", surroundings=surroundings, sidewalk_m=2.0, length_m=150, verge_m=verge
        )
        assert scenery(spec, DAY)
