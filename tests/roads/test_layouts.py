"""Procedural road maps: whole, joined without steps, and without lanes that lead nowhere."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely

from scenegen.errors import InputError
from scenegen.records import RoadSpec
from scenegen.records.road_map import MapObject, MapRoad, RoadLink, RoadMap
from scenegen.roads.lane_borders import borders, lane_of
from scenegen.roads.layouts import LAYOUTS, map_of
from scenegen.roads.reference_line import elevation, frames, gradient, place

SPECS = {
    "t right": RoadSpec(kind="t_junction", sidewalk_m=2.0),
    "t left": RoadSpec(
        kind="t_junction", side="left", lanes_forward=2, parking_m=2.2, sidewalk_m=2
    ),
    "t skew": RoadSpec(kind="t_junction", arm_rad=1.2, shoulder_m=0.5, zebra=True),
    "winding": RoadSpec(kind="rural", length_m=800, surroundings="rural", crest_length_m=220),
    "winding right": RoadSpec(
        kind="rural", length_m=900, bends=5, radius_m=-90, layout=3, crest_m=0, shoulder_m=0.5
    ),
    "exit and entry": RoadSpec(
        kind="motorway", length_m=900, lanes_forward=2, lanes_backward=0, lane_width_m=3.75
    ),
    "exit": RoadSpec(
        kind="motorway", length_m=600, lanes_forward=3, lanes_backward=0, ramps="exit", shoulder_m=3
    ),
    "entry": RoadSpec(
        kind="motorway", length_m=520, lanes_backward=0, ramps="entry", ramp_lane_m=200
    ),
    "works": RoadSpec(kind="work_zone", shoulder_m=0.5, sidewalk_m=2.0, lane_width_m=3.5),
    "works on a lane": RoadSpec(
        kind="work_zone",
        length_m=600,
        lanes_forward=3,
        closed_lanes=1,
        shoulder_m=2.5,
        lanes_backward=0,
        works_lane_m=3.25,
        lane_width_m=3.75,
        speed_limit_mps=22,
    ),
    "works on the left": RoadSpec(
        kind="work_zone",
        length_m=900,
        lanes_forward=3,
        closed_lanes=2,
        side="left",
        lanes_backward=0,
        works_lane_m=3.25,
        speed_limit_mps=22,
    ),
    "works both ways": RoadSpec(
        kind="work_zone",
        length_m=400,
        lanes_forward=2,
        lanes_backward=2,
        closed_lanes=1,
        parking_m=2.2,
        sidewalk_m=2,
    ),
    "bays": RoadSpec(kind="parking_street", sidewalk_m=2.5),
    "bays at an angle": RoadSpec(
        kind="parking_street", sidewalk_m=2, bay_rad=1.0, lanes_backward=0, lanes_forward=2
    ),
    "railway": RoadSpec(kind="level_crossing", sidewalk_m=2.0, parking_m=2.2),
    "two tracks askew": RoadSpec(
        kind="level_crossing", tracks=2, arm_rad=1.2, lanes_forward=2, shoulder_m=0.5
    ),
    "under ground": RoadSpec(kind="tunnel"),
    "over a bridge": RoadSpec(kind="bridge", length_m=500, shoulder_m=0.5),
    "under a bridge": RoadSpec(kind="bridge", level="under", arm_rad=1.3, sidewalk_m=2),
    "ring": RoadSpec(kind="roundabout", sidewalk_m=2.0, zebra=True),
    "ring of three": RoadSpec(kind="roundabout", arms=3, inscribed_diameter_m=28),
    "ring of six": RoadSpec(kind="roundabout", arms=6, inscribed_diameter_m=60, shoulder_m=0.5),
    "ring of two lanes": RoadSpec(
        kind="roundabout", lanes_forward=2, lanes_backward=2, inscribed_diameter_m=50, sidewalk_m=2
    ),
    "wide ring of two lanes": RoadSpec(
        kind="roundabout",
        arms=5,
        lanes_forward=2,
        lanes_backward=2,
        inscribed_diameter_m=58,
        shoulder_m=0.5,
        zebra=True,
    ),
}


@pytest.fixture(params=list(SPECS.values()), ids=list(SPECS))
def layout(request: pytest.FixtureRequest) -> RoadMap:
    return map_of(request.param)


def test_each_kind_is_tried() -> None:
    assert {spec.kind for spec in SPECS.values()} == set(LAYOUTS)


def roads_of(layout: RoadMap) -> dict[str, MapRoad]:
    return {road.id: road for road in layout.roads}


def test_pieces_of_a_reference_line_follow_each_other(layout: RoadMap) -> None:
    for road in layout.roads:
        starts = np.array([g.s_m for g in road.geometries])
        ends = starts + [g.length_m for g in road.geometries]
        assert starts[0] == 0.0
        np.testing.assert_allclose(starts[1:], ends[:-1], atol=1e-9)
        assert ends[-1] == pytest.approx(road.length_m, abs=1e-6)
        for seam in starts[1:]:
            before, after = frames(road, seam - 1e-7), frames(road, seam)
            np.testing.assert_allclose(before.xy_m, after.xy_m, atol=1e-5)
            turn = before.heading_rad - after.heading_rad
            assert np.cos(turn) == pytest.approx(1.0, abs=1e-9)


def ends_of(road: MapRoad) -> list[tuple[str, RoadLink | None]]:
    return [("start", road.predecessor), ("end", road.successor)]


def test_lanes_go_on_without_steps_where_roads_meet(layout: RoadMap) -> None:
    """Borders, heights and slopes of linked lanes agree at every seam, and directions do."""
    roads = roads_of(layout)
    joined = 0
    for road in layout.roads:
        for contact, link in ends_of(road):
            if link is None or link.kind == "junction":
                continue
            other = roads[link.id]
            joined += _lanes_meet(road, contact, other, link.contact)
    assert joined or not layout.junctions


def _lanes_meet(road: MapRoad, contact: str, other: MapRoad, other_contact: str | None) -> int:
    s, index = (0.0, 0) if contact == "start" else (road.length_m, len(road.sections) - 1)
    o, other_index = (
        (0.0, 0) if other_contact == "start" else (other.length_m, len(other.sections) - 1)
    )
    same = (contact == "end") == (other_contact == "start")
    here, there = frames(road, s), frames(other, o)
    turn = float(here.heading_rad - there.heading_rad)
    assert np.cos(turn) == pytest.approx(1.0 if same else -1.0, abs=1e-9)
    assert elevation(road, s) == pytest.approx(float(elevation(other, o)), abs=1e-9)
    slope = float(gradient(other, o)) * (1 if same else -1)
    assert gradient(road, s) == pytest.approx(slope, abs=1e-6)
    mine, theirs = borders(road, index, s), borders(other, other_index, o)
    count = 0
    for lane in road.sections[index].lanes:
        linked = lane.predecessor if contact == "start" else lane.successor
        if lane.id == 0 or linked is None:
            continue
        partner = lane_of(other.sections[other_index], linked)
        assert partner.type == lane.type or {partner.type, lane.type} <= DRIVEN
        if abs(mine[lane.id] - mine[lane.id - int(np.sign(lane.id))]) < 1e-6:
            continue
        for a, b in zip(_edges(mine, lane.id), _edges(theirs, linked), strict=True):
            np.testing.assert_allclose(place(road, s, a), place(other, o, b), atol=1e-6)
        count += 1
    return count


DRIVEN = {"driving", "entry", "exit", "onRamp", "offRamp", "connectingRamp"}


def _edges(found: dict[int, np.ndarray], lane: int) -> tuple[float, float]:
    inward = lane - (1 if lane > 0 else -1)
    return float(found[inward]), float(found[lane])


def test_sections_of_a_road_follow_each_other(layout: RoadMap) -> None:
    for road in layout.roads:
        for k in range(1, len(road.sections)):
            s = road.sections[k].s_m
            before, after = borders(road, k - 1, s), borders(road, k, s)
            for lane in road.sections[k - 1].lanes:
                if lane.id == 0 or lane.successor is None:
                    continue
                partner = lane_of(road.sections[k], lane.successor)
                assert partner.predecessor == lane.id
                np.testing.assert_allclose(
                    _edges(before, lane.id), _edges(after, partner.id), atol=1e-9
                )


def test_every_connection_leads_somewhere(layout: RoadMap) -> None:
    roads = roads_of(layout)
    for junction in layout.junctions:
        ways = {road.id for road in layout.roads if road.junction == junction.id}
        reached = {c.connecting for c in junction.connections}
        assert reached <= ways
        for connection in junction.connections:
            way, incoming = roads[connection.connecting], roads[connection.incoming]
            link = way.predecessor if connection.contact == "start" else way.successor
            assert link is not None
            assert link.id == incoming.id
            assert {incoming.successor, incoming.predecessor} & {
                RoadLink(kind="junction", id=junction.id)
            }
            section = way.sections[0 if connection.contact == "start" else -1]
            for into, lane_id in connection.lanes:
                lane = lane_of(section, lane_id)
                mine = lane.predecessor if connection.contact == "start" else lane.successor
                assert lane.type in DRIVEN
                assert mine == into


def test_every_lane_that_ends_at_a_junction_is_led_through(layout: RoadMap) -> None:
    for junction in layout.junctions:
        for road in layout.roads:
            for contact, link in ends_of(road):
                if link is None or link.kind != "junction" or link.id != junction.id:
                    continue
                section = road.sections[0 if contact == "start" else -1]
                sign = 1 if contact == "start" else -1
                coming = {
                    lane.id for lane in section.lanes if lane.id * sign > 0 and lane.type in DRIVEN
                }
                led = {
                    into
                    for c in junction.connections
                    if c.incoming == road.id
                    for into, _ in c.lanes
                }
                assert coming == led


def test_widths_are_never_negative_and_lanes_have_room(layout: RoadMap) -> None:
    for road in layout.roads:
        for k, section in enumerate(road.sections):
            end = road.sections[k + 1].s_m if k + 1 < len(road.sections) else road.length_m
            s = np.linspace(section.s_m, end, 40)
            found = borders(road, k, s)
            for lane in section.lanes:
                if lane.id:
                    width = np.abs(found[lane.id] - found[lane.id - int(np.sign(lane.id))])
                    assert width.min() > -1e-9
            # Inside of the centre of curvature there is no road.
            curvature = frames(road, s).curvature_1pm
            for t in found.values():
                assert (curvature * t).max() < 0.999


def test_equal_specs_give_equal_maps(layout: RoadMap) -> None:
    for spec in SPECS.values():
        assert map_of(spec) == map_of(spec.model_copy())


BAD = {
    "inscribed_diameter_m is 26": RoadSpec(kind="roundabout", arms=5, inscribed_diameter_m=26),
    "lanes_forward and road.lanes_backward to 1": RoadSpec(kind="roundabout", lanes_forward=2),
    "use at least 40 m, or one lane": RoadSpec(
        kind="roundabout", lanes_forward=2, lanes_backward=2
    ),
    "length_m is 100": RoadSpec(kind="roundabout", length_m=100),
    "length_m is 60": RoadSpec(kind="t_junction", length_m=60, corner_radius_m=20),
    "length_m is 700": RoadSpec(kind="motorway", length_m=700, lanes_backward=0),
    "lanes_backward to 0": RoadSpec(kind="motorway", length_m=900),
    "closed_lanes is 1 of 1": RoadSpec(kind="work_zone", closed_lanes=1),
    "takes 0.00 m": RoadSpec(kind="work_zone", works_lane_m=4),
    "road.side is left": RoadSpec(kind="work_zone", side="left"),
    "length_m is 120": RoadSpec(kind="work_zone", length_m=120),
    "parking_m is 2": RoadSpec(kind="parking_street", parking_m=2),
    "comes to 17 deg": RoadSpec(kind="parking_street", bay_rad=0.3),
    "barriers are closed": RoadSpec(kind="level_crossing", barriers="closed"),
    "barriers are automatic": RoadSpec(kind="level_crossing", barriers="automatic"),
    "length_m is 60 m,": RoadSpec(kind="level_crossing", length_m=60),
    "tunnel_m is 250": RoadSpec(kind="tunnel", tunnel_m=250),
    "length_m is 250": RoadSpec(kind="bridge", length_m=250),
    "length_m is 300": RoadSpec(kind="rural", bends=8),
    "radius_m is 10": RoadSpec(kind="rural", radius_m=10, length_m=600),
    "crest_m is 15": RoadSpec(kind="rural", crest_m=15, length_m=900),
}


@pytest.mark.parametrize(("message", "spec"), BAD.items(), ids=BAD.keys())
def test_what_does_not_fit_says_which_number_to_change(message: str, spec: RoadSpec) -> None:
    with pytest.raises(InputError, match=message):
        map_of(spec)


@pytest.mark.parametrize("number", range(30))
def test_winding_roads_keep_off_themselves(number: int) -> None:
    spec = RoadSpec(kind="rural", length_m=1500, bends=6, radius_m=120, arc_rad=1.6, layout=number)
    (road,) = map_of(spec).roads
    assert road.length_m == pytest.approx(1500)
    line = frames(road, np.arange(0.0, 1500.0, 2.0))
    assert np.diff(line.xy_m[:, 0]).min() > 0
    assert np.abs(line.curvature_1pm).max() < 1 / (0.7 * 120)
    # Curvature never jumps between a straight and an arc.
    assert np.abs(np.diff(line.curvature_1pm)).max() < 2.1 / (0.75 * 120) ** 2 * 4


@pytest.mark.parametrize("angle", [0.0, 0.6, 1.0, 1.3, np.pi / 2])
@pytest.mark.parametrize("backward", [0, 1])
def test_bays_lie_side_by_side_on_the_parking_strip(angle: float, backward: int) -> None:
    spec = RoadSpec(kind="parking_street", bay_rad=angle, lanes_backward=backward)
    (road,) = map_of(spec).roads
    for side, sign in (("right", -1), ("left", 1)):
        bays = [
            shapely.Polygon(_corners(o)) for o in road.objects if o.id.startswith(f"bay_{side}")
        ]
        assert len(bays) > 30
        strip = next(
            lane.id
            for lane in road.sections[0].lanes
            if lane.type == "parking" and lane.id * sign > 0
        )
        low, high = sorted(_edges(borders(road, 0, np.array(5.0)), strip))
        area = shapely.box(0, low, spec.length_m, high).buffer(1e-9)
        for bay in bays:
            assert bay.exterior.is_ccw
            assert area.covers(bay)
            # A car of 5 m x 2.5 m finds room, but for the corners that lean over.
            assert bay.area >= 5.0 * 2.5 - 1e-6
        for a, b in pairwise(bays):
            assert a.intersection(b).area < 1e-9
            assert a.distance(b) < 1e-9


def _corners(thing: MapObject) -> np.ndarray:
    return np.asarray(np.array(thing.outline_m) + np.array([thing.s_m, thing.t_m]))
