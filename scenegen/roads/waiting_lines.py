"""Where on lanes one waits: at signals, at stop signs and where one gives way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from scenegen.records import Lane, RoadNetwork
from scenegen.records.base import Vec3
from scenegen.roads.paths import project_to_lane

ALONG = 0.7
"""Cosine between a line's traffic and a lane's from which on the line is the lane's."""
WORDS = {"give_way": "give way", "stop": "stop sign"}


def waiting_lines(
    network: RoadNetwork, lanes: Mapping[str, Lane]
) -> dict[str, tuple[tuple[str, float], ...]]:
    """Return the lines of each lane that has some, by name: what is there, and ``s`` in m.

    ``s`` counts as it does for places: from where the lane's road begins.
    """
    found: dict[str, set[tuple[str, float]]] = {}
    for word, name, point_m in _lines(network, lanes):
        lane = lanes[name]
        station, _ = project_to_lane(lane, point_m[:2])
        s_m = station if lane.direction > 0 else lane.stations_m[-1] - station
        found.setdefault(name, set()).add((word, round(float(s_m), 1)))
    return {name: tuple(sorted(lines, key=lambda line: line[1])) for name, lines in found.items()}


def _lines(network: RoadNetwork, lanes: Mapping[str, Lane]) -> Iterator[tuple[str, str, Vec3]]:
    for head in network.signals:
        if head.kind != "walk":
            for name in head.lanes:
                yield f"{head.group} signal", name, head.stop_point_m
    for line in network.yields:
        if line.kind in WORDS:
            for name, lane in lanes.items():
                if lane.kind == "driving" and _leads_to(lane, line.point_m, line.yaw_rad):
                    yield WORDS[line.kind], name, line.point_m


def _leads_to(lane: Lane, point_m: Vec3, yaw_rad: float) -> bool:
    """Whether traffic of a lane comes to a line: its middle lies on it, or between two lanes."""
    station, _ = project_to_lane(lane, point_m[:2])
    if station <= 0.0:
        return False  # its traffic has passed the line in the lane before
    at = np.array([np.interp(station, lane.stations_m, axis) for axis in lane.centre.T[:2]])
    k = int(np.clip(np.searchsorted(lane.stations_m, station), 1, len(lane.stations_m) - 1))
    way = np.subtract(lane.centre[k, :2], lane.centre[k - 1, :2])
    cos = way @ (np.cos(yaw_rad), np.sin(yaw_rad)) / np.hypot(*way)
    return bool(np.hypot(*(at - point_m[:2])) < 0.75 * lane.width_m and cos > ALONG)
