"""Road networks: from a `RoadSpec` to lanes, paint, signals, meshes and heights."""

from scenegen.roads.barriers import barrier_lift, lowered
from scenegen.roads.fields import field_edges
from scenegen.roads.heights import height_at, normal_at
from scenegen.roads.lane_lines import LaneLines
from scenegen.roads.many import distinct, lane_lines
from scenegen.roads.map.solids import Solid, deck_solids
from scenegen.roads.network import build_lanes, build_network
from scenegen.roads.paths import (
    lane_length,
    lane_point,
    lane_points,
    left_of,
    path_along,
    project_to_lane,
    right_of,
)
from scenegen.roads.right_of_way import comes_from
from scenegen.roads.roadside import Roadside, beyond_carriageway, map_signs, roadsides
from scenegen.roads.routes import along, onward, route
from scenegen.roads.signals import cycle_s, head_state, next_change, signal_state, walk_state
from scenegen.roads.strips import strip_widths

__all__ = [
    "LaneLines",
    "Roadside",
    "Solid",
    "along",
    "barrier_lift",
    "beyond_carriageway",
    "build_lanes",
    "build_network",
    "comes_from",
    "cycle_s",
    "deck_solids",
    "distinct",
    "field_edges",
    "head_state",
    "height_at",
    "lane_length",
    "lane_lines",
    "lane_point",
    "lane_points",
    "left_of",
    "lowered",
    "map_signs",
    "next_change",
    "normal_at",
    "onward",
    "path_along",
    "project_to_lane",
    "right_of",
    "roadsides",
    "route",
    "signal_state",
    "strip_widths",
    "walk_state",
]
