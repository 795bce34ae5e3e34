"""Lanes of many roads at once against the lanes of each road by itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.records import RoadSpec
from scenegen.roads import build_lanes, build_network, lane_lines, lane_points, project_to_lane

SPECS = st.builds(
    RoadSpec,
    kind=st.sampled_from(["straight", "curve", "hill", "crossing"]),
    length_m=st.floats(250, 900),
    lanes_forward=st.integers(1, 3),
    lanes_backward=st.integers(0, 3),
    lane_width_m=st.floats(2.6, 4.2),
    shoulder_m=st.sampled_from([0.0, 1.5, 2.5]),
    parking_m=st.sampled_from([0.0, 2.3]),
    sidewalk_m=st.sampled_from([0.0, 2.6, 5.85]),
    verge_m=st.sampled_from([0.0, 3.0]),
    radius_m=st.sampled_from([-180.0, -90.0, 75.0, 140.5, 600.0]),
    arc_rad=st.floats(0.1, 0.4),
    surroundings=st.sampled_from(["urban", "motorway"]),
    zebra=st.booleans(),
)
NAMES = ("forward_0", "forward_1", "backward_0", "shoulder_right", "shoulder_left")
NAMES += ("parking_right", "parking_left_far", "sidewalk_left", "verge_right", "crosswalk_middle")
NAMES += (
    "parking_left",
    "parking_right_far",
    "cross_parking_right",
    "cross_parking_left_far",
    "cross_forward_0",
    "cross_sidewalk_right",
    "crosswalk_north",
)
FIELDS = [name for name in RoadSpec.model_fields if name != "signals"]


def columns(specs):
    return {name: np.array([getattr(spec, name) for spec in specs]) for name in FIELDS}


@given(st.lists(SPECS, min_size=1, max_size=6), st.data())
def test_they_are_the_lanes_that_are_built(specs, data):
    n = len(specs)
    names = data.draw(st.lists(st.sampled_from(NAMES), min_size=n, max_size=n))
    lines = lane_lines(columns(specs), np.array(names), specs.__getitem__)
    share = data.draw(st.floats(-0.2, 1.2))
    lateral = data.draw(st.floats(-4, 4))
    built = [build_lanes(spec).get(name) for spec, name in zip(specs, names, strict=True)]
    assert lines.exists.tolist() == [lane is not None for lane in built]
    at = np.where(lines.exists, share * lines.length_m, 0.0)
    x, y, yaw = lines.point(at, np.full(n, lateral))
    px, py = x + 1.0, y - 2.0
    s, aside = lines.project(px, py)
    for k, lane in enumerate(built):
        if lane is None:
            continue
        assert lines.length_m[k] == pytest.approx(lane.stations_m[-1], abs=1e-8)
        assert lines.width_m[k] == pytest.approx(lane.width_m)
        assert lines.direction[k] == lane.direction
        place, heading = lane_points(lane, at[k : k + 1], lateral)
        assert [x[k], y[k]] == pytest.approx(place[0, :2].tolist(), abs=1e-7)
        assert abs(np.sin(0.5 * (yaw[k] - heading[0]))) < 0.02
        there = project_to_lane(lane, [px[k], py[k]])
        apart = [
            np.hypot(*(lane_points(lane, np.array([t]))[0][0, :2] - [px[k], py[k]]))
            for t in (s[k], float(there[0]))
        ]
        assert apart[0] == pytest.approx(apart[1], abs=1e-6)
        assert abs(aside[k]) == pytest.approx(abs(float(there[1])), abs=1e-6)


@given(st.lists(SPECS, min_size=2, max_size=5), st.floats(0, 250))
def test_a_row_has_the_same_bits_alone_and_among_others(specs, s):
    n = len(specs)
    together = lane_lines(columns(specs), np.full(n, "forward_0"), specs.__getitem__)
    among = together.point(np.full(n, s), np.full(n, 0.3))
    back = together.project(among[0], among[1])
    for k, spec in enumerate(specs):
        alone = lane_lines(columns([spec]), np.array(["forward_0"]), lambda _, spec=spec: spec)
        mine = alone.point(np.array([s]), np.array([0.3]))
        assert [a[0] for a in mine] == [a[k] for a in among]
        assert [a[0] for a in alone.project(mine[0], mine[1])] == [a[k] for a in back]


def test_lanes_without_a_mesh_are_those_with_one():
    for kind in ("straight", "crossing"):
        spec = RoadSpec(kind=kind, parking_m=2.2, sidewalk_m=2.0, zebra=True)
        ours, theirs = build_lanes(spec), build_network(spec).lanes
        assert list(ours) == list(theirs)
        assert all(np.array_equal(ours[k].centre, theirs[k].centre) for k in ours)
