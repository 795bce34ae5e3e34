"""Roads that went out as OpenDRIVE and came back in are built as they were."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from scenegen.records import RoadNetwork, RoadSpec
from scenegen.records.base import F64
from scenegen.roads import build_network
from scenegen.roads.as_map import road_map_of
from scenegen.roads.opendrive import parse_opendrive, write_opendrive
from tests.roads.opendrive.test_as_map import SPECS

_STEP_M = 0.1


def _again(spec: RoadSpec) -> RoadNetwork:
    imported = parse_opendrive(write_opendrive(road_map_of(spec)), "road.xodr")
    kept = {"surroundings": spec.surroundings, "signals": spec.signals}
    return build_network(RoadSpec(kind="opendrive", map=imported.map, **kept))


def _dense(line: F64) -> F64:
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = np.append(np.arange(0, along[-1], _STEP_M), along[-1])
    return np.column_stack([np.interp(at, along, line[:, k]) for k in range(3)])


@pytest.mark.parametrize("name", ["street", "motorway", "hill", "crossing"])
def test_a_road_comes_back(name: str) -> None:
    before, after = build_network(SPECS[name]), _again(SPECS[name])
    for kind in ("driving", "shoulder", "parking"):
        lanes = [lane for lane in before.lanes.values() if lane.kind == kind]
        found = [_dense(lane.centre) for lane in after.lanes.values() if lane.kind == kind]
        assert bool(lanes) == bool(found)
        if lanes:
            known = cKDTree(np.concatenate(found))
            points = np.concatenate([lane.centre for lane in lanes])
            if name == "crossing" and kind != "driving":
                points = points[np.abs(points[:, :2] - [150, 0]).max(axis=1) > 25]
            assert known.query(points)[0].max() < np.hypot(0.5 * _STEP_M, 0.01) + 1e-3


def test_signals_come_back() -> None:
    before, after = build_network(SPECS["crossing"]), _again(SPECS["crossing"])
    heads = {head.id: head for head in after.signals}
    assert set(heads) == {head.id for head in before.signals}
    for head in before.signals:
        assert heads[head.id].position_m == pytest.approx(head.position_m, abs=0.02)
        assert np.cos(heads[head.id].yaw_rad - head.yaw_rad) == pytest.approx(1)
        if head.kind == "vehicle":
            assert heads[head.id].group == head.group
