"""What is listed of a road's lanes is what places may say."""

import numpy as np
import pytest

from scenegen.sample import draw, road_lanes
from scenegen.scenario import parse_scenario
from scenegen.simulate import simulate


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


def lines(road):
    rows = road_lanes(parse_scenario(text(road, "forward_0", 20), "listed.yaml"))
    return {row.name: row.lines for row in rows if row.lines}


def test_lines_at_signals_and_signs():
    # A crossing of lanes of 3.25 m: 11 m from its middle walkers cross, before them one waits.
    signals = lines("{kind: crossing, length: 200 m, sidewalk: 2.5 m, signals: {}}")
    assert signals == {
        "forward_0": (("major signal", 85.5),),
        "backward_0": (("major signal", 114.5),),
        "cross_forward_0": (("minor signal", 85.5),),
        "cross_backward_0": (("minor signal", 114.5),),
    }
    assert lines("{kind: crossing, length: 200 m, priority: none}") == {}
    signs = lines("{kind: t_junction, length: 220 m, priority: stop}")
    assert set(signs) == {"side_backward_0"}
    assert [word for word, _ in signs["side_backward_0"]] == ["stop sign"]
    ring = lines("{kind: roundabout, length: 200 m, arms: 4, inscribed_diameter: 32 m}")
    assert {word for found in ring.values() for word, _ in found} == {"give way"}
    assert set(ring) == {"from_main_forward_0", *(f"from_arm_{k}_forward_0" for k in (1, 2, 3))}
    two = lines("{kind: crossing, length: 200 m, lanes_forward: 2, signals: {}}")
    assert two["forward_0"] == two["forward_1"]


def test_who_stands_at_a_line_waits_there():
    """A driver who comes to a red light stops with the front before the line that is listed."""
    road = "{kind: crossing, length: 200 m, signals: {mode: closed}}"
    ((_, line),) = lines(road)["forward_0"]
    longer = text(road, "forward_0", 40).replace("duration: 1 s", "duration: 12 s")
    scenario = longer.replace("s: 40 m}}", "s: 40 m}, speed: 8 m/s}")
    scene = draw(parse_scenario(scenario, "listed.yaml"), 0, 0)
    run = simulate(scene)
    front = run.position_m[-1, 0, 0] + 0.5 * scene.ego.size_m[0]
    assert np.hypot(*run.velocity_mps[-1, 0, :2]) < 0.1
    assert line - 3.0 < front < line


def test_a_place_beyond_a_lane_doesnt_keep_it_from_being_listed():
    assert road_lanes(parse_scenario(text(ROADS["swept"], "forward_0", 9000), "listed.yaml"))
