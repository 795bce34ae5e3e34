"""A work zone: lanes closed, and the others moved over and narrowed, beside a site.

Tapers follow the Manual on Uniform Traffic Control Devices (FHWA, table 6C-4): lanes that end
merge over L = W S² / 155 up to 60 km/h and L = W S / 1.6 above, W in m and S in km/h; lanes that
move over by W take half of it, and those that come back 30 m. Beside works, lanes keep at least
2.75 m (RSA 21, part A). Temporary markings are yellow (RSA 21, section 2.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scenegen.errors import InputError
from scenegen.records import RoadSpec
from scenegen.records.road_map import Cubic, LaneSection, Line, MapRoad, RoadMap
from scenegen.roads.layouts.arms import centre_line
from scenegen.roads.layouts.drawing import Pose, blend, draw
from scenegen.roads.layouts.strips import PaintedLine, Strip, roadside, section, widths_of
from scenegen.roads.layouts.ways import linked

BACK_M = 30.0
APPROACH_M = 30.0
"""Least length of road before the taper and after the works."""
LEAST_LANE_M = 2.75
LEAST_SITE_M = 0.8
YELLOW_M = 0.15


@dataclass(frozen=True)
class WorkZone:
    """Where a site lies along and across a road.

    Attributes
    ----------
    taper_s_m, start_s_m, end_s_m, back_s_m : float
        Stations at which the taper begins, the site begins, it ends, and all is as before.
    site_m : float
        Width of the site, of what was driven on.
    lane_m : float
        Width of the lanes beside it.
    shift_m : float
        How far the line between the directions moves over to the left.
    """

    taper_s_m: float
    start_s_m: float
    end_s_m: float
    back_s_m: float
    site_m: float
    lane_m: float
    shift_m: float


def taper_m(width_m: float, speed_mps: float, *, merging: bool) -> float:
    """Return the length over which lanes move over by a width, or one of that width ends."""
    kmh = 3.6 * speed_mps
    length = width_m * kmh**2 / 155.0 if kmh <= 60.0 else width_m * kmh / 1.6
    return max(length if merging else 0.5 * length, 15.0)


def zone_of(spec: RoadSpec) -> WorkZone:
    """Return where the site of a road lies.

    Raises
    ------
    InputError
        No lane is left, nothing is closed, or the zone is longer than the road.
    """
    forward, backward = spec.lanes_forward, spec.lanes_backward
    if spec.closed_lanes >= forward:
        raise InputError(
            f"road.closed_lanes is {spec.closed_lanes} of {forward} lanes: one must be left; to"
            " work beside a single lane set closed_lanes to 0 and works_lane_m below lane_width_m"
        )
    lane = min(spec.works_lane_m, spec.lane_width_m)
    open_lanes = forward - spec.closed_lanes
    site = spec.closed_lanes * spec.lane_width_m
    site += (open_lanes + backward) * (spec.lane_width_m - lane)
    if spec.side == "left":
        if backward:
            raise InputError(
                "road.side is left, where the oncoming lanes are: set it to right, or"
                " road.lanes_backward to 0"
            )
    else:
        site += spec.shoulder_m + spec.parking_m
    if site < LEAST_SITE_M:
        raise InputError(
            f"the work zone takes {site:.2f} m of the road: close a lane with closed_lanes, or"
            f" narrow the lanes with works_lane_m (now {lane:g} m of {spec.lane_width_m:g} m)"
        )
    merging = spec.closed_lanes > 0
    moved = spec.closed_lanes * spec.lane_width_m or site
    length = taper_m(moved, spec.speed_limit_mps, merging=merging)
    whole = length + spec.works_m + BACK_M
    if spec.length_m < whole + 2.0 * APPROACH_M:
        raise InputError(
            f"road.length_m is {spec.length_m:g} m, but {spec.works_m:g} m of works, a taper of"
            f" {length:.0f} m for {3.6 * spec.speed_limit_mps:.0f} km/h and the ends take"
            f" {whole + 2.0 * APPROACH_M:.0f} m: use a length of at least that, a shorter works_m"
            " or a lower speed_limit_mps"
        )
    start = 0.5 * (spec.length_m - whole)
    return WorkZone(
        start,
        start + length,
        start + length + spec.works_m,
        start + whole,
        site,
        lane,
        backward * (spec.lane_width_m - lane),
    )


def work_zone(spec: RoadSpec) -> RoadMap:
    """Return a straight road with a site at the middle of its length.

    Raises
    ------
    InputError
        See `zone_of`.
    """
    zone = zone_of(spec)
    spans: list[tuple[float, float, float, float]] = [
        (0.0, zone.taper_s_m, 0.0, 0.0),
        (zone.taper_s_m, zone.start_s_m, 0.0, 1.0),
        (zone.start_s_m, zone.end_s_m, 1.0, 1.0),
        (zone.end_s_m, zone.back_s_m, 1.0, 0.0),
        (zone.back_s_m, spec.length_m, 0.0, 0.0),
    ]
    sections = []
    offset: list[Cubic] = []
    for k, (s0, s1, before, after) in enumerate(spans):
        here = _section(spec, zone, s0, s1 - s0, (before, after))
        links = [
            _onward(here, spans[k][2:], spans[n][2:], spec) if 0 <= n < len(spans) else {}
            for n in (k - 1, k + 1)
        ]
        sections.append(linked(here, *links))
        offset += blend(s1 - s0, before * zone.shift_m, after * zone.shift_m, s0)
    geometries, _ = draw(Pose(0.0, 0.0), [(spec.length_m, Line())])
    road = MapRoad(
        id="1",
        length_m=spec.length_m,
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        sections=tuple(sections),
        lane_offset=tuple(offset),
    )
    return RoadMap(name="work_zone", roads=(road,))


def _section(
    spec: RoadSpec, zone: WorkZone, s_m: float, length_m: float, closed: tuple[float, float]
) -> LaneSection:
    """Return a section in which so much of the site is taken, at its start and at its end."""
    works = max(closed) > 0
    right = _right(spec, zone, closed)
    left = _side(spec, zone, spec.lanes_backward, closed, works=works)
    left += _beyond(spec, spec.lanes_backward, closed=(0.0, 0.0))
    if not spec.lanes_backward and left:
        # The edge of a carriageway without oncoming traffic.
        middle: PaintedLine = "solid"
    else:
        middle = centre_line(spec.lanes_forward, spec.lanes_backward)
    if works and middle != "none":
        middle = "solid"
    color: Literal["white", "yellow"] = "yellow" if works else "white"
    return section(s_m, length_m, left, right, middle, links=False, color=color)


def _width(spec: RoadSpec, zone: WorkZone, closed: float) -> float:
    return spec.lane_width_m + closed * (zone.lane_m - spec.lane_width_m)


def _side(
    spec: RoadSpec, zone: WorkZone, lanes: int, closed: tuple[float, float], *, works: bool
) -> list[Strip]:
    """Return the lanes of one direction."""
    width = (_width(spec, zone, closed[0]), _width(spec, zone, closed[1]))
    inner = Strip("driving", width, "solid" if works else "broken")
    strips = [inner] * (lanes - 1) + [inner.lined("solid")] * min(lanes, 1)
    return (
        [strip.lined(strip.line, color="yellow", line_m=YELLOW_M) for strip in strips]
        if (works)
        else strips
    )


def _right(spec: RoadSpec, zone: WorkZone, closed: tuple[float, float]) -> list[Strip]:
    works = max(closed) > 0
    if not works:
        return [
            *_side(spec, zone, spec.lanes_forward, closed, works=False),
            *_beyond(spec, spec.lanes_forward, closed=(0.0, 0.0)),
        ]
    open_lanes = spec.lanes_forward - spec.closed_lanes
    lanes = _side(spec, zone, open_lanes, closed, works=True)
    ending = tuple((1.0 - share) * spec.lane_width_m for share in closed)
    closing = [Strip("driving", (ending[0], ending[1]), "solid", color="yellow", line_m=YELLOW_M)]
    closing *= spec.closed_lanes if min(closed) < 1.0 else 0
    site = (zone.site_m * closed[0], zone.site_m * closed[1])
    ground = Strip("restricted", site)
    if spec.side == "left":
        ground = ground.lined("solid", color="yellow", line_m=YELLOW_M)
        return [ground, *closing, *lanes, *_beyond(spec, open_lanes, closed=(0.0, 0.0))]
    return [*lanes, *closing, ground, *_beyond(spec, open_lanes, closed=closed)]


def _beyond(spec: RoadSpec, lanes: int, *, closed: tuple[float, float]) -> list[Strip]:
    """Return shoulder, parking and pavement; a site on the right takes the first two."""
    widths = widths_of(spec, lanes)
    strips = roadside(widths, widths, "restricted")
    taken = ("shoulder", "restricted")
    return [
        Strip(
            strip.type,
            (strip.width_m[0] * (1.0 - closed[0]), strip.width_m[1] * (1.0 - closed[1])),
            strip.line,
            strip.raised,
        )
        if strip.type in taken
        else strip
        for strip in strips
    ]


def _onward(
    here: LaneSection, closed: tuple[float, float], other: tuple[float, float], spec: RoadSpec
) -> dict[int, int]:
    """Return in which lanes of a neighbouring section lanes go on.

    From the middle outward there are lanes that stay open, lanes that end, the site, and the
    rest; a site on the left comes first, then the lanes that end.
    """
    mine, theirs = _order(spec, closed), _order(spec, other)
    count = -min(lane.id for lane in here.lanes)
    found = {lane.id: lane.id for lane in here.lanes if lane.id > 0}
    for number in range(1, count + 1):
        name = mine[number - 1] if number <= len(mine) else f"beyond_{number - len(mine)}"
        if name in theirs:
            found[-number] = -(theirs.index(name) + 1)
        elif name.startswith("beyond"):
            found[-number] = -(len(theirs) + int(name.split("_")[1]))
    return found


def _order(spec: RoadSpec, closed: tuple[float, float]) -> list[str]:
    """Return the strips of the right side from the middle outward, but for what lies beyond."""
    inner = spec.side == "left"
    opened = range(spec.closed_lanes if inner else 0, spec.lanes_forward)
    stay = [f"lane_{k}" for k in opened][: spec.lanes_forward - spec.closed_lanes]
    ending = [f"lane_{k}" for k in range(spec.lanes_forward) if f"lane_{k}" not in stay]
    if max(closed) == 0.0:
        return [*ending, *stay] if inner else [*stay, *ending]
    if min(closed) == 1.0:
        ending = []
    return ["site", *ending, *stay] if inner else [*stay, *ending, "site"]
