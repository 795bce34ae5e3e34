"""The map that a scene gets: near the origin, and drawn as part of the scene's road."""

from pathlib import Path

import numpy as np
import pytest

from scenegen.errors import MapError
from scenegen.records import RoadSpec
from scenegen.records.road_map import RoadMap
from scenegen.roads.opendrive import describe, scene_map, write_opendrive
from scenegen.roads.opendrive.scene import near_origin
from scenegen.roads.reference_line import frames
from scenegen.scenario.map_file import MapFile
from tests.roads.opendrive.hand import HAND
from tests.roads.opendrive.smooth import smooth_map


def _moved(road_map: RoadMap, x: float, y: float) -> RoadMap:
    road = road_map.roads[0]
    geometries = tuple(
        g.model_copy(update={"x_m": g.x_m + x, "y_m": g.y_m + y}) for g in road.geometries
    )
    return RoadMap(roads=(road.model_copy(update={"geometries": geometries}),))


def test_a_map_near_the_origin_stays() -> None:
    road_map = smooth_map()
    assert near_origin(road_map) is road_map


def test_a_map_in_utm_comes_to_the_origin_by_round_numbers() -> None:
    near = smooth_map()
    far = _moved(near, 691_234.5, 5_334_987.25)
    s = np.linspace(0, near.roads[0].length_m, 20)
    moved = near_origin(far)
    shift = frames(far.roads[0], s).xy_m - frames(moved.roads[0], s).xy_m
    assert shift == pytest.approx(np.broadcast_to(shift[0], shift.shape), abs=1e-6)
    assert shift[0] % 100.0 == pytest.approx([0, 0], abs=1e-6)
    assert np.abs(frames(moved.roads[0], 0.0).xy_m).max() <= 50


def test_a_scene_with_a_map_survives_its_json() -> None:
    file = MapFile(write_opendrive(smooth_map(changing=True)), "town.xodr")
    spec = RoadSpec(kind="opendrive", map=scene_map(file))
    again = RoadSpec.model_validate_json(spec.model_dump_json())
    assert again == spec
    assert hash(again) == hash(spec)


def test_a_wrong_map_names_its_file() -> None:
    with pytest.raises(MapError, match=r"town\.xodr:1:1: <OpenDRIVE> has no <header>"):
        scene_map(MapFile(b"<OpenDRIVE/>", "town.xodr"))


def test_files_in_a_folder_are_read_by_scenario(tmp_path: Path) -> None:
    """The same content from two places is the same map."""
    content = write_opendrive(smooth_map())
    one, two = MapFile(content, str(tmp_path / "a")), MapFile(content, str(tmp_path / "b"))
    assert one == two
    assert scene_map(one) is scene_map(two)


def test_a_map_tells_what_it_holds_and_what_is_not_read() -> None:
    told = describe(MapFile(HAND.encode(), "hand.xodr")).splitlines()
    assert told[0] == "hand.xodr: 3 roads of 220 m, 1 junctions, 5 signals, 9 objects"
    assert told[1] == "not read of it:"
    assert "  1 x OpenDRIVE/road/lateralProfile/crossfall" in told
    assert len(describe(MapFile(write_opendrive(smooth_map()), "own.xodr")).splitlines()) == 1
