"""What is listed of a road's lanes is what places may say."""

import pytest

from scenegen.sample import draw, road_lanes
from scenegen.scenario import parse_scenario


def text(road, lane, s):
    return f"""\
scenario: listed
description: A car at a place of a road.
duration: 1 s
road: {road}
ego: {{asset: vehicle.city, place: {{lane: {lane}, s: {s} m}}}}
"""


ROADS = {
    "swept": "{kind: curve, length: 260 m, radius: -180 m, arc: 30 deg, parking: 2.4 m}",
    "t_junction": "{kind: t_junction, length: 220 m, parking: 2.4 m}",
    "motorway": "{kind: motorway, length: 900 m, lanes_forward: 2, lanes_backward: 0, "
    "lane_width: 3.75 m, shoulder: 2.5 m, ramps: both}",
}


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_s_begins_and_ends_where_the_list_says(road):
    lanes = road_lanes(parse_scenario(text(road, "forward_0", 60), "listed.yaml"))
    assert {"forward_0"} < {lane.name for lane in lanes}
    for lane in [lane for lane in lanes if lane.kind == "driving" and lane.length_m > 60.0]:
        near = draw(parse_scenario(text(road, lane.name, 1), "listed.yaml"), 0, 0).actors[0]
        far = lane.length_m - 1.0
        last = draw(parse_scenario(text(road, lane.name, far), "listed.yaml"), 0, 0).actors[0]
        assert near.position_m[:2] == pytest.approx(lane.start_m, abs=1.2)
        assert last.position_m[:2] == pytest.approx(lane.end_m, abs=1.2)


def test_lanes_that_begin_on_the_way_count_from_there():
    logical = parse_scenario(text(ROADS["motorway"], "forward_0", 60), "listed.yaml")
    lanes = {lane.name: lane for lane in road_lanes(logical)}
    assert lanes["forward_0"].start_m[0] == 0.0
    assert lanes["forward_2"].start_m[0] > 150.0
    assert lanes["entry_ramp_forward_0"].leads_to == ("from_entry_forward_0",)


def test_a_place_beyond_a_lane_doesnt_keep_it_from_being_listed():
    assert road_lanes(parse_scenario(text(ROADS["swept"], "forward_0", 9000), "listed.yaml"))
