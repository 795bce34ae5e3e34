"""Maps as OpenDRIVE 1.7 allows them, where our form of them is freer.

There a way through a junction has one connection, so one that is driven both ways becomes two
that lie side by side; and lanes that have no width at an end are linked to nothing there.
"""

from __future__ import annotations

from scenegen.records.road_map import Connection, MapJunction, MapLane, MapRoad, RoadMap
from scenegen.roads.lane_borders import lane_width, section_range

_NO_WIDTH_M = 1e-6


def as_allowed(road_map: RoadMap) -> RoadMap:
    """Return a map of the same lanes; the same map if there is nothing to change."""
    roads = {road.id: _without_idle_links(road) for road in road_map.roads}
    junctions = []
    for junction in road_map.junctions:
        connections = list(junction.connections)
        for first in junction.connections:
            other = _way_back(first, junction, roads)
            if other is None:
                continue
            own, twin = _parted(roads[first.connecting], _side(first), _free(first, roads))
            roads[own.id], roads[twin.id] = own, twin
            connections[connections.index(other)] = other.model_copy(update={"connecting": twin.id})
        junctions.append(junction.model_copy(update={"connections": tuple(connections)}))
    return road_map.model_copy(
        update={"roads": tuple(roads.values()), "junctions": tuple(junctions)}
    )


def _side(connection: Connection) -> int:
    """Return the side of the lanes that a connection leads into; 0 for both or none."""
    signs = {(to > 0) - (to < 0) for _, to in connection.lanes}
    return signs.pop() if len(signs) == 1 else 0


def _way_back(
    first: Connection, junction: MapJunction, roads: dict[str, MapRoad]
) -> Connection | None:
    """Return the connection at the other end of a way that is driven both ways."""
    road = roads.get(first.connecting)
    if road is None:
        return None
    sharing = [c for c in junction.connections if c.connecting == first.connecting]
    if len(sharing) != 2 or sharing[0] != first or road.junction != junction.id:
        return None
    other = sharing[1]
    apart = first.contact != other.contact and _side(first) * _side(other) == -1
    return other if apart else None


def _free(connection: Connection, roads: dict[str, MapRoad]) -> str:
    name = f"{connection.connecting}_back"
    while name in roads:
        name += "_"
    return name


def _parted(road: MapRoad, side: int, name: str) -> tuple[MapRoad, MapRoad]:
    """Return a road with the lanes of one side, and one with those of the other."""
    own, twin = (
        tuple(
            section.model_copy(
                update={"lanes": tuple(lane for lane in section.lanes if lane.id * sign >= 0)}
            )
            for section in road.sections
        )
        for sign in (side, -side)
    )
    bare = tuple(
        section.model_copy(
            update={
                "lanes": tuple(
                    lane if lane.id else lane.model_copy(update={"marks": ()})
                    for lane in section.lanes
                )
            }
        )
        for section in twin
    )
    nothing: dict[str, tuple[()]] = {"signals": (), "signal_references": (), "objects": ()}
    return (
        road.model_copy(update={"sections": own}),
        road.model_copy(update={"id": name, "sections": bare, **nothing}),
    )


def _without_idle_links(road: MapRoad) -> MapRoad:
    sections = tuple(
        section.model_copy(
            update={"lanes": tuple(_linked(road, k, lane) for lane in section.lanes)}
        )
        for k, section in enumerate(road.sections)
    )
    return road if sections == road.sections else road.model_copy(update={"sections": sections})


def _linked(road: MapRoad, section: int, lane: MapLane) -> MapLane:
    if lane.id == 0 or (lane.predecessor is None and lane.successor is None):
        return lane
    start, end = lane_width(road, section, lane, section_range(road, section))
    idle: dict[str, None] = {}
    if start < _NO_WIDTH_M and lane.predecessor is not None:
        idle["predecessor"] = None
    if end < _NO_WIDTH_M and lane.successor is not None:
        idle["successor"] = None
    return lane.model_copy(update=idle) if idle else lane
