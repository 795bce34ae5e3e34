"""Exported maps satisfy the ASAM checker, and others read them as we do; theirs are read, too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenegen.records import RoadSpec, SignalPlan
from scenegen.records.base import F64
from scenegen.records.road_map import MapRoad, RoadMap
from scenegen.roads.as_map import road_map_of
from scenegen.roads.lane_borders import borders, lane_span, section_range
from scenegen.roads.opendrive import read_opendrive, write_opendrive
from scenegen.roads.reference_line import place
from tests.conformance.opendrive_tools import (
    made_by_sumo,
    quality_checked,
    read_by_pyxodr,
    read_by_sumo,
)
from tests.roads.opendrive.smooth import smooth_map
from tests.roads.opendrive.test_as_map import SPECS

pytestmark = pytest.mark.slow

COMPOSED = {
    "t_junction": RoadSpec(kind="t_junction", zebra=True, sidewalk_m=2, signals=SignalPlan()),
    "roundabout": RoadSpec(kind="roundabout", zebra=True, sidewalk_m=2),
    "roundabout of two lanes": RoadSpec(
        kind="roundabout",
        lanes_forward=2,
        lanes_backward=2,
        inscribed_diameter_m=50,
        length_m=240,
        zebra=True,
        sidewalk_m=2,
    ),
    "rural": RoadSpec(kind="rural", length_m=1200, radius_m=80, surroundings="rural"),
    "exits": RoadSpec(
        kind="motorway",
        lanes_backward=0,
        lanes_forward=3,
        length_m=1200,
        shoulder_m=2.5,
        surroundings="motorway",
    ),
    "works": RoadSpec(kind="work_zone", lanes_forward=2, sidewalk_m=2, parking_m=2, length_m=600),
    "bays": RoadSpec(kind="parking_street", bay_rad=1.0, sidewalk_m=2),
    "level_crossing": RoadSpec(kind="level_crossing"),
    "tunnel": RoadSpec(kind="tunnel", length_m=600),
    "bridge": RoadSpec(kind="bridge", length_m=600),
}
MAPS = {name: road_map_of(spec) for name, spec in SPECS.items()}
MAPS |= {name: road_map_of(spec) for name, spec in COMPOSED.items()}
MAPS |= {
    "smooth": smooth_map(),
    "elevated": smooth_map(elevated=True),
    "changing": smooth_map(changing=True),
}
NEWER = "check_asam_xodr_junctions_connection_one_link_to_incoming"
"""The checker's only rule that 1.7 doesn't have."""


def _written(name: str, folder: Path) -> tuple[Path, RoadMap]:
    file = folder / "map.xodr"
    file.write_bytes(write_opendrive(MAPS[name]))
    return file, MAPS[name]


@pytest.fixture(params=MAPS)
def written(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, RoadMap]:
    return _written(str(request.param), tmp_path)


@pytest.fixture(params=[name for name in MAPS if name not in COMPOSED])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, RoadMap]:
    """Maps whose lanes the others can have: SUMO gives lanes one width, pyxodr cuts corners."""
    return _written(str(request.param), tmp_path)


def _stations(road: MapRoad, section: int) -> F64:
    s0, s1 = section_range(road, section)
    return np.linspace(s0, s1, int((s1 - s0) / 0.1) + 2)


def _distance(points: F64, line: F64) -> F64:
    """Return distances (N,) of points (N, 2) from a polyline (M, 2)."""
    a, along = line[:-1], np.diff(line, axis=0)
    share = np.einsum("nmk,mk->nm", points[:, None] - a, along)
    share = np.clip(share / np.maximum(np.einsum("mk,mk->m", along, along), 1e-12), 0, 1)
    return np.linalg.norm(points[:, None] - a - share[..., None] * along, axis=-1).min(axis=1)


def _middles(road_map: RoadMap) -> dict[tuple[str, int, int], F64]:
    """Return the middles (N, 2) of all lanes that don't change their width."""
    found = {}
    for road in road_map.roads:
        for k, section in enumerate(road.sections):
            s = _stations(road, k)
            for lane in section.lanes:
                if lane.id and len(lane.widths) == 1:
                    inner, outer = lane_span(road, k, lane.id, s)
                    found[road.id, k, lane.id] = place(road, s, 0.5 * (inner + outer))
    return found


def test_the_asam_checker_finds_nothing(checkers: Path, written: tuple[Path, RoadMap]) -> None:
    states, issues = quality_checked(checkers, written[0])
    assert issues == []
    assert len(states) == 23
    assert {name for name, state in states.items() if state != "completed"} == {NEWER}


def test_the_asam_checker_would_find_something(checkers: Path, tmp_path: Path) -> None:
    road = smooth_map().roads[0]
    moved = road.geometries[3].model_copy(update={"x_m": road.geometries[3].x_m + 0.5})
    geometries = (*road.geometries[:3], moved, *road.geometries[4:])
    file = tmp_path / "gap.xodr"
    broken = road.model_copy(update={"geometries": geometries})
    file.write_bytes(write_opendrive(RoadMap(roads=(broken,))))
    assert any("gap" in issue for issue in quality_checked(checkers, file)[1])


def test_pyxodr_reads_the_same_borders(checkers: Path, read: tuple[Path, RoadMap]) -> None:
    file, road_map = read
    roads = {road.id: road for road in road_map.roads}
    compared = 0
    for road_id, lanes in read_by_pyxodr(checkers, file, 0.05).items():
        road = roads[road_id]
        for section, lane, border, _ in lanes:
            s = _stations(road, section)
            ours = place(road, s, borders(road, section, s)[lane])
            assert _distance(np.array(border)[::10, :2], ours).max() < 0.01
            compared += 1
    wanted = sum(lane.id != 0 for r in road_map.roads for e in r.sections for lane in e.lanes)
    assert compared == wanted


def test_sumo_reads_the_same_lanes(checkers: Path, read: tuple[Path, RoadMap]) -> None:
    file, road_map = read
    ours = _middles(road_map)
    theirs = read_by_sumo(checkers, file)
    seen = set()
    for name, points in theirs.items():
        if name.startswith(":"):
            continue
        off = {key: float(_distance(points, line).max()) for key, line in ours.items()}
        nearest = min(off, key=lambda key: off[key])
        if off[nearest] < 0.01:
            seen.add(nearest)
    # SUMO gives lanes one width, cuts roads before junctions, and has none of no length.
    roads = {road.id for road in road_map.roads if road.junction is None}
    assert seen == {key for key in ours if key[0] in roads}


@pytest.mark.parametrize(
    "options",
    [
        ("--grid", "--grid.number", "3", "--default.lanenumber", "2"),
        ("--spider", "--spider.arm-number", "5", "--spider.omit-center"),
        ("--rand", "--rand.iterations", "15", "--seed", "4", "--sidewalks.guess"),
    ],
    ids=["grid", "spider", "random"],
)
def test_what_sumo_writes_is_read(checkers: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    file, lanes = made_by_sumo(checkers, tmp_path, *options)
    imported = read_opendrive(file)
    ours = list(_middles(imported.map).values())
    compared = 0
    for name, points in lanes.items():
        if not name.startswith(":"):
            assert min(float(_distance(points, line).max()) for line in ours) < 0.01, name
            compared += 1
    assert compared > 20
    assert len(imported.map.junctions) > 3
