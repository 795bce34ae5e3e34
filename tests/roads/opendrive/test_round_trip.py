"""What is written as OpenDRIVE is read back as it was."""

from xml.etree import ElementTree as ET

from hypothesis import HealthCheck, given, settings

from scenegen.records.road_map import (
    Geometry,
    LaneSection,
    Line,
    MapLane,
    MapObject,
    MapRoad,
    RoadMap,
)
from scenegen.roads.opendrive import parse_opendrive, write_opendrive
from scenegen.roads.opendrive.allowed import as_allowed
from tests.roads.opendrive.maps import road_maps


@given(road_maps())
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_a_map_survives_a_file(road_map: RoadMap) -> None:
    content = write_opendrive(road_map)
    imported = parse_opendrive(content, "map.xodr")
    assert imported.map == as_allowed(road_map)
    assert as_allowed(imported.map) == imported.map
    assert imported.left == ()
    assert write_opendrive(imported.map) == content


@given(road_maps())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_files_are_plain_xml_of_version_1_7(road_map: RoadMap) -> None:
    root = ET.fromstring(write_opendrive(road_map))
    header = root.find("header")
    assert header is not None
    assert (header.get("revMajor"), header.get("revMinor")) == ("1", "7")
    assert len(root.findall("road")) == len(road_map.roads)


def test_a_tunnel_from_before_its_road_survives_a_file() -> None:
    line = Geometry(s_m=0.0, x_m=0.0, y_m=0.0, heading_rad=0.0, length_m=80.0, shape=Line())
    section = LaneSection(s_m=0.0, lanes=(MapLane(id=0, type="none"),))
    tunnels = tuple(
        MapObject(id=f"{at:g}", kind="tunnel", s_m=at, t_m=0.0, length_m=40.0)
        for at in (10.0, 20.0, 60.0)
    )
    road = MapRoad(id="1", length_m=80.0, geometries=(line,), sections=(section,), objects=tunnels)
    content = write_opendrive(RoadMap(roads=(road,)))
    assert parse_opendrive(content, "map.xodr").map.roads[0].objects == tunnels
    assert len(ET.fromstring(content).findall("road/objects/tunnel")) == 2
