"""The map that a scene lies on: as its file has it, but near the world's origin."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from scenegen.records.road_map import MapRoad, RoadMap
from scenegen.roads.opendrive.read import parse_opendrive
from scenegen.scenario.map_file import MapFile

FARTHEST_M = 10_000.0
"""Beyond it float32 vertices are more than a millimetre apart."""
_ROUND_M = 100.0


@lru_cache(maxsize=4)
def scene_map(map_file: MapFile) -> RoadMap:
    """Return the map of a file; one that lies far out, in UTM coordinates say, is moved.

    Raises
    ------
    MapError
        The file is wrong at a known place.
    """
    return near_origin(parse_opendrive(map_file.content, map_file.file).map)


def describe(map_file: MapFile) -> str:
    """Return how much a map holds, and what of its file is not read, most frequent first."""
    imported = parse_opendrive(map_file.content, map_file.file)
    roads, junctions = imported.map.roads, imported.map.junctions
    length = sum(road.length_m for road in roads)
    lines = [
        f"{map_file.file}: {len(roads)} roads of {length:.0f} m, {len(junctions)} junctions,"
        f" {sum(len(road.signals) for road in roads)} signals,"
        f" {sum(len(road.objects) for road in roads)} objects"
    ]
    if imported.left:
        lines.append("not read of it:")
        often = sorted(imported.left, key=lambda left: (-left.times, left.path))
        lines += [f"  {left.times} x {left.path}" for left in often]
    return "\n".join(lines)


def near_origin(road_map: RoadMap) -> RoadMap:
    """Return a map whose first road begins within 50 m of the origin if any lies beyond 10 km."""
    starts = np.array([(g.x_m, g.y_m) for road in road_map.roads for g in road.geometries])
    if np.abs(starts).max() <= FARTHEST_M:
        return road_map
    x, y = (np.round(starts[0] / _ROUND_M) * _ROUND_M).tolist()
    return road_map.model_copy(
        update={"roads": tuple(_moved(road, -x, -y) for road in road_map.roads)}
    )


def _moved(road: MapRoad, x_m: float, y_m: float) -> MapRoad:
    geometries = tuple(
        g.model_copy(update={"x_m": g.x_m + x_m, "y_m": g.y_m + y_m}) for g in road.geometries
    )
    return road.model_copy(update={"geometries": geometries})
