"""Ways through a junction: roads from one arm to another, with the strips around its corners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from scenegen.records.road_map import (
    Connection,
    Geometry,
    LaneSection,
    MapJunction,
    MapRoad,
)
from scenegen.roads.layouts.arms import Arm, centre_line
from scenegen.roads.layouts.drawing import draw, join, length_of
from scenegen.roads.layouts.strips import (
    PaintedLine,
    Strip,
    Widths,
    driving,
    roadside,
    section,
    side,
)


@dataclass(frozen=True)
class Ways:
    """Roads through a junction and what connects them."""

    roads: tuple[MapRoad, ...]
    junction: MapJunction


class Weaver:
    """Gathers the ways through one junction.

    Parameters
    ----------
    junction : str
        Its id.
    first : int
        Id of the first way; the others count on from it.
    """

    def __init__(self, junction: str, first: int, speed_mps: float) -> None:
        self._junction = junction
        self._first = first
        self._speed = speed_mps
        self._roads: list[MapRoad] = []
        self._connections: list[Connection] = []

    def done(self, name: str) -> Ways:
        """Return all ways."""
        junction = MapJunction(id=self._junction, name=name, connections=tuple(self._connections))
        return Ways(tuple(self._roads), junction)

    def corner(self, a: Arm, b: Arm) -> None:
        """Add the way from an arm around the corner to the next one on its right."""
        first = max(a.coming.lanes - 1, 0), max(b.going.lanes - 1, 0)
        self._turn(a, b, first, roadside(a.coming, b.going, "restricted"), smooth=False)

    def turn(self, a: Arm, b: Arm) -> None:
        """Add a left turn, from the innermost lane into the innermost one."""
        if a.coming.lanes and b.going.lanes:
            self._turn(a, b, (0, 0), [], smooth=True)

    def _turn(
        self, a: Arm, b: Arm, first: tuple[int, int], beyond: Sequence[Strip], *, smooth: bool
    ) -> None:
        start = a.mouth.back.moved(0.0, -first[0] * a.coming.lane_m)
        end = b.mouth.moved(0.0, -first[1] * b.going.lane_m)
        geometries, _ = draw(start, join(start, end, smooth=smooth))
        driven = [Strip("driving", (a.coming.lane_m, b.going.lane_m))]
        strips = [*driven[: min(a.coming.lanes, b.going.lanes)], *beyond]
        before = numbers(strips, a.coming, a.into, first[0], -1)
        after = numbers(strips, b.going, b.out, first[1], -1)
        here = section(0.0, length_of(geometries), [], strips, links=False)
        self.add(a, b, f"{a.key}_to_{b.key}", geometries, linked(here, before, after))
        if strips and strips[0].type == "driving":
            self.connect(a.road, "start", ((a.into(first[0]), -1),))

    def straight(
        self,
        a: Arm,
        b: Arm,
        *,
        name: str,
        closed: tuple[bool, bool] = (True, True),
        line: PaintedLine = "broken",
    ) -> None:
        """Add the way straight on between two arms, both directions in one road.

        Parameters
        ----------
        closed : (right, left)
            Whether the strips beyond the lanes go on there, rather than around a corner.
        line : str
            Painted along a side that is open.
        """
        start = a.mouth.back
        geometries, _ = draw(start, join(start, b.mouth))
        right = _through(a.coming, b.going, closed[0], line)
        left = _through(b.coming, a.going, closed[1], line)
        middle = centre_line(a.coming.lanes, a.going.lanes)
        here = section(
            0.0,
            length_of(geometries),
            left,
            right,
            "none" if middle == "none" else "broken",
            links=False,
        )
        before = numbers(right, a.coming, a.into, 0, -1) | numbers(left, a.going, a.out, 0, 1)
        after = numbers(right, b.going, b.out, 0, -1) | numbers(left, b.coming, b.into, 0, 1)
        self.add(a, b, name, geometries, linked(here, before, after))
        onward = [s for s in right if s.type == "driving"]
        back = [s for s in left if s.type == "driving"]
        if onward:
            lanes = tuple((a.into(k), -k - 1) for k in range(len(onward)))
            self.connect(a.road, "start", lanes)
        if back:
            self.connect(b.road, "end", tuple((b.into(k), k + 1) for k in range(len(back))))

    def add(
        self, a: Arm, b: Arm, name: str, geometries: tuple[Geometry, ...], lanes: LaneSection
    ) -> None:
        """Add a way with one lane section."""
        self._roads.append(
            MapRoad(
                id=str(self._first + len(self._roads)),
                name=name,
                length_m=length_of(geometries),
                junction=self._junction,
                speed_mps=self._speed,
                geometries=geometries,
                sections=(lanes,),
                predecessor=a.link,
                successor=b.link,
            )
        )

    def connect(
        self, incoming: str, contact: Literal["start", "end"], lanes: tuple[tuple[int, int], ...]
    ) -> None:
        """Say that a road leads into the way added last, and by which lanes."""
        self._connections.append(
            Connection(
                id=str(len(self._connections)),
                incoming=incoming,
                connecting=self._roads[-1].id,
                contact=contact,
                lanes=lanes,
            )
        )


def _through(near: Widths, far: Widths, closed: bool, line: PaintedLine) -> list[Strip]:
    lanes = driving(min(near.lanes, far.lanes), near.lane_m)
    if not closed:
        return [*lanes[:-1], lanes[-1].lined(line)] if lanes else []
    beyond = roadside(near, far, "restricted")
    if lanes and beyond and beyond[0].type != "curb":
        lanes[-1] = lanes[-1].lined("solid")
    return [*lanes, *beyond]


def numbers(
    strips: Sequence[Strip], theirs: Widths, number: Callable[[int], int], first: int, sign: int
) -> dict[int, int]:
    """Return which lane of an arm each strip of a way goes on in, by the way's lane id.

    Parameters
    ----------
    theirs : Widths
        Of that side of the arm; `number` says the ids of its strips.
    first : int
        Which of its driving lanes the way's first one is.
    sign : int
        Of the way's lane ids.
    """
    kinds = [strip.type for strip in side(theirs, "restricted")]
    found: dict[int, int] = {}
    for n, strip in enumerate(strips):
        if strip.type == "driving":
            found[sign * (n + 1)] = number(first + n)
        elif strip.type in kinds:
            found[sign * (n + 1)] = number(kinds.index(strip.type))
    return found


def linked(here: LaneSection, before: dict[int, int], after: dict[int, int]) -> LaneSection:
    """Return a section whose lanes are joined to those of the neighbouring roads."""
    lanes = tuple(
        lane.model_copy(
            update={"predecessor": before.get(lane.id), "successor": after.get(lane.id)}
        )
        for lane in here.lanes
    )
    return here.model_copy(update={"lanes": lanes})
