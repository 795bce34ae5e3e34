"""What OpenDRIVE 1.7 forbids is said otherwise."""

from scenegen.records import RoadSpec
from scenegen.roads.as_map import road_map_of
from scenegen.roads.lane_borders import lane_points
from scenegen.roads.opendrive.allowed import as_allowed
from tests.roads.opendrive.smooth import smooth_map
from tests.roads.opendrive.test_as_map import SPECS


def test_maps_that_are_allowed_stay_as_they_are() -> None:
    for spec in SPECS.values():
        road_map = road_map_of(spec)
        assert as_allowed(road_map) == road_map


def test_a_way_that_is_driven_both_ways_becomes_two() -> None:
    road_map = road_map_of(RoadSpec(kind="t_junction"))
    changed = as_allowed(road_map)
    (junction,) = changed.junctions
    ways = [connection.connecting for connection in junction.connections]
    assert len(set(ways)) == len(ways) == len(road_map.junctions[0].connections)
    before = {road.id: road for road in road_map.roads}
    after = {road.id: road for road in changed.roads}
    (new,) = after.keys() - before.keys()
    old = new.removesuffix("_back")
    kept = {lane.id for lane in after[old].sections[0].lanes}
    moved = {lane.id for lane in after[new].sections[0].lanes}
    assert kept & moved == {0}
    assert kept | moved == {lane.id for lane in before[old].sections[0].lanes}
    for lane in moved - {0}:
        there = lane_points(after[new], 0, lane, 1.0)
        assert there.tolist() == lane_points(before[old], 0, lane, 1.0).tolist()
    (back,) = [c for c in junction.connections if c.connecting == new]
    assert back.contact == "end"


def test_a_lane_that_opens_is_linked_to_nothing_before_it() -> None:
    road = smooth_map(changing=True).roads[0]
    section = road.sections[1]
    lanes = tuple(lane.model_copy(update={"predecessor": lane.id}) for lane in section.lanes)
    sections = (road.sections[0], section.model_copy(update={"lanes": lanes}))
    linked = smooth_map().model_copy(
        update={"roads": (road.model_copy(update={"sections": sections}),)}
    )
    found = {lane.id: lane.predecessor for lane in as_allowed(linked).roads[0].sections[1].lanes}
    assert found == {2: 2, 1: 1, 0: 0, -1: -1, -2: -2, -3: None}
