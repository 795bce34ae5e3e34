"""Cross-sections: the strips of a side of a road from its middle outward, as lanes of a map.

Lanes, then shoulder (or a hard strip of 0.3 m outside the edge line), parking, kerb and sidewalk,
as `RoadSpec` says; what lies beyond is no lane. Markings are those of `scenegen.roads.paint`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from scenegen.records import RoadSpec
from scenegen.records.road_map import Cubic, LaneSection, LaneType, MapLane, RoadMark
from scenegen.roads.layouts.drawing import blend
from scenegen.roads.section import KERB_HEIGHT_M, KERB_WIDTH_M

HARD_STRIP_M = 0.3
PaintedLine = Literal["none", "solid", "broken", "solid solid"]


@dataclass(frozen=True)
class Strip:
    """A strip of a road.

    Attributes
    ----------
    width_m : (2,)
        At the start and at the end of the section; in between it changes smoothly.
    line : str
        Painted along its outer border.
    raised : (inner, outer)
        Heights in m.
    line_m, dash_m : float, (dash, gap)
        Width and dashes of its line where they aren't the usual ones.
    """

    type: LaneType
    width_m: tuple[float, float]
    line: PaintedLine = "none"
    raised: tuple[float, float] = (0.0, 0.0)
    color: Literal["white", "yellow"] = "white"
    line_m: float | None = None
    dash_m: tuple[float, float] | None = None

    def lined(self, line: PaintedLine, **how: Any) -> Strip:
        """Return the strip with another line; `how` gives its color, width and dashes."""
        return replace(self, line=line, **how)


@dataclass(frozen=True)
class Widths:
    """How wide the strips of one side are; 0 leaves one out."""

    lanes: int
    lane_m: float
    shoulder_m: float
    parking_m: float
    sidewalk_m: float

    @property
    def driven_m(self) -> float:
        """Width of the driving lanes."""
        return self.lanes * self.lane_m

    @property
    def beyond_m(self) -> float:
        """From the edge of the driving lanes to the kerb or the end of what is paved."""
        kerbed = self.parking_m + self.sidewalk_m > 0
        hard = 0.0 if self.shoulder_m or kerbed else HARD_STRIP_M
        return self.shoulder_m + hard + self.parking_m

    @property
    def outer_m(self) -> float:
        """From the middle to the end of all strips."""
        kerb = KERB_WIDTH_M if self.sidewalk_m else 0.0
        return self.driven_m + self.beyond_m + kerb + self.sidewalk_m


def widths_of(spec: RoadSpec, lanes: int, *, parking: bool = True) -> Widths:
    """Return the widths of one side of a road with so many lanes."""
    return Widths(
        lanes,
        spec.lane_width_m,
        spec.shoulder_m,
        spec.parking_m if parking else 0.0,
        spec.sidewalk_m,
    )


def driving(count: int, width_m: float, line: PaintedLine = "broken") -> list[Strip]:
    """Return driving lanes side by side, a line between each two."""
    lanes = [Strip("driving", (width_m, width_m), line)] * count
    return [*lanes[:-1], lanes[-1].lined("none")] if lanes else []


def roadside(start: Widths, end: Widths, parking: LaneType = "parking") -> list[Strip]:
    """Return the strips beyond the driving lanes, from one cross-section to another."""
    strips: list[Strip] = []
    shoulder = (start.shoulder_m, end.shoulder_m)
    hard = tuple(w.beyond_m - w.shoulder_m - w.parking_m for w in (start, end))
    parked = (start.parking_m, end.parking_m)
    walk = (start.sidewalk_m, end.sidewalk_m)
    if max(shoulder) > 0:
        strips.append(Strip("shoulder", shoulder))
    if max(hard) > 0:
        strips.append(Strip("border", (hard[0], hard[1])))
    if max(parked) > 0:
        strips.append(Strip(parking, parked))
    if max(walk) > 0:
        kerb = (KERB_WIDTH_M, KERB_WIDTH_M)
        strips.append(Strip("curb", kerb, raised=(0.0, KERB_HEIGHT_M)))
        strips.append(Strip("sidewalk", walk, raised=(KERB_HEIGHT_M, KERB_HEIGHT_M)))
    return strips


def side(widths: Widths, parking: LaneType = "parking") -> list[Strip]:
    """Return all strips of one side of an even stretch of road."""
    lanes = driving(widths.lanes, widths.lane_m)
    beyond = roadside(widths, widths, parking)
    if lanes and beyond and beyond[0].type != "curb":
        lanes[-1] = lanes[-1].lined("solid")
    return [*lanes, *beyond]


def section(
    s_m: float,
    length_m: float,
    left: Sequence[Strip],
    right: Sequence[Strip],
    middle: PaintedLine = "none",
    *,
    links: bool = True,
    line_m: float = 0.12,
    color: Literal["white", "yellow"] = "white",
) -> LaneSection:
    """Return a lane section of strips, each side from the middle outward.

    Parameters
    ----------
    links : bool
        Whether each lane goes on in the lane of the same number before and after.
    line_m : float
        Width of the lines.
    """
    zero = MapLane(id=0, type="none", marks=_marks(middle, line_m, color))
    lanes = [
        *[_lane(k, strip, length_m, links, line_m) for k, strip in enumerate(left, 1)][::-1],
        zero,
        *[_lane(-k, strip, length_m, links, line_m) for k, strip in enumerate(right, 1)],
    ]
    return LaneSection(s_m=s_m, lanes=tuple(lanes))


def _marks(
    line: PaintedLine,
    width_m: float,
    color: Literal["white", "yellow"],
    dash_m: tuple[float, float] | None = None,
) -> tuple[RoadMark, ...]:
    if line == "none":
        return ()
    return (RoadMark(type=line, width_m=width_m, color=color, dash_m=dash_m),)


def _lane(number: int, strip: Strip, length_m: float, links: bool, line_m: float) -> MapLane:
    start, end = strip.width_m
    widths = (Cubic(a=start),) if start == end else blend(length_m, start, end)
    return MapLane(
        id=number,
        type=strip.type,
        widths=widths,
        marks=_marks(strip.line, strip.line_m or line_m, strip.color, strip.dash_m),
        height_m=strip.raised,
        predecessor=number if links else None,
        successor=number if links else None,
    )
