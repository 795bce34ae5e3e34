"""Markings: where paint lies in (s, t), and the labelled lines along it.

Lengths and widths follow the German RMS-1 (dashes 3 m in 9 m, on motorways 6 m in 18 m;
narrow lines 0.12 m, on motorways 0.15 m; stop lines 0.5 m; crossings striped 0.5 m on,
0.5 m off). Yellow lines along the kerb say that nobody may stand there (Vienna Convention on
Road Signs and Signals, article 29).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scenegen.records import LaneLine, RoadSpec
from scenegen.records.base import F64
from scenegen.roads.alignment import EXTENSION_M, Alignment
from scenegen.roads.fill import Figure
from scenegen.roads.outlines import bars
from scenegen.roads.section import Group, Section, Side
from scenegen.roads.sweep import Zone

STRIPE_M = 0.5
ZEBRA_M = 3.5
STOP_LINE_M = 0.5
STOP_GAP_M = 1.0
"""Clear asphalt between a crossing for walkers and the stop line before it."""
SOLID_BEFORE_STOP_M = 20.0
EDGE_INSET_M = 0.15
KERB_LINE_M, KERB_LINE_INSET_M = 0.1, 0.25
"""Width of yellow lines, which is their gap, too, and the outer one's distance from the kerb."""
DASH_CLEAR_M = 1.0
"""Least gap between a dash and the solid line, stop line or crossing that follows."""
PARKING_CLEAR_M = 8.0
"""Before a crossing, where nobody may park."""
LABEL_STEP_M = 2.0
LABEL_REACH_M = 60.0
"""Labelled points are dense up to here beyond both ends of the road, sparse after it."""

Interval = tuple[float, float]
Color = Literal["white", "yellow"]


@dataclass(frozen=True)
class Stripe:
    """A line along the road before it is cut at gaps."""

    name: str
    middle_m: float
    solid: bool
    width_m: float
    color: Color = "white"

    @property
    def group(self) -> Group:
        """What its zones are made of."""
        return "paint" if self.color == "white" else "yellow"


@dataclass(frozen=True)
class Marking:
    """Paint of one road.

    Attributes
    ----------
    zones : tuple of Zone
        Rectangles of paint in (s, t), not overlapping.
    lines : tuple of (id, type, width, (s, t) ends)
        What the labels say; each runs from one (s, t) to another.
    figures : tuple of Figure
        What is no rectangle, clear of the zones.
    """

    zones: tuple[Zone, ...]
    lines: tuple[PlanLine, ...]
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class PlanLine:
    """A painted line in (s, t), straight in these coordinates."""

    id: str
    type: Literal["solid", "broken", "stop", "zebra"]
    width_m: float
    start: tuple[float, float]
    end: tuple[float, float]
    color: Color = "white"

    def lift(self, alignment: Alignment) -> LaneLine:
        """Return the line in the world, its points dense enough for curves and labels."""
        if self.start[0] == self.end[0]:
            n = max(2, int(np.ceil(abs(self.end[1] - self.start[1]) / LABEL_STEP_M)) + 1)
            t = np.linspace(self.start[1], self.end[1], n)
            s = np.full_like(t, self.start[0])
        else:
            s = label_stations(self.start[0], self.end[0], alignment)
            t = np.full_like(s, self.start[1])
        points = np.column_stack([alignment.place(s, t), alignment.height(s)])
        return LaneLine(self.id, self.type, self.color, self.width_m, points)


def label_stations(s0: float, s1: float, alignment: Alignment) -> F64:
    """Return stations from s0 to s1, 2 m apart within reach and 10 m beyond."""
    n = max(1, int(np.ceil((s1 - s0) / LABEL_STEP_M)))
    fine = np.linspace(s0, s1, n + 1)
    near = (fine > -LABEL_REACH_M) & (fine < alignment.length_m + LABEL_REACH_M)
    near[::5] = True
    near[[0, -1]] = True
    return np.unique(np.concatenate([fine[near], _between(alignment.breaks_m, s0, s1)]))


def _between(values: F64, s0: float, s1: float) -> F64:
    return values[(values > s0) & (values < s1)]


def line_width(spec: RoadSpec) -> float:
    """Width of lane lines in m."""
    return 0.15 if spec.surroundings == "motorway" else 0.12


def edge_width(spec: RoadSpec) -> float:
    """Width of edge lines in m."""
    return 0.30 if spec.surroundings == "motorway" else 0.12


def _stripes(spec: RoadSpec, section: Section) -> list[Stripe]:
    lanes = section.right.lanes, section.left.lanes
    stripes = []
    for side, count, sign in (("forward", lanes[0], -1), ("backward", lanes[1], 1)):
        stripes += [
            Stripe(f"divider_{side}_{k}", sign * k * spec.lane_width_m, False, line_width(spec))
            for k in range(1, count)
        ]
    if lanes[1]:
        stripes.append(Stripe("centre", 0.0, max(lanes) > 1, line_width(spec)))
    for name, edge, sign in (("right", section.right, -1), ("left", section.left, 1)):
        middle = _edge_middle(spec, edge)
        if middle is not None:
            stripes.append(Stripe(f"edge_{name}", sign * middle, True, edge_width(spec)))
        elif edge.lanes:
            stripes += _kerb_stripes(spec, name, sign * edge.carriageway_m)
    return stripes


def _kerb_stripes(spec: RoadSpec, name: str, kerb: float) -> list[Stripe]:
    """Return the yellow lines along a kerb at which nobody may stand, from the kerb inward."""
    count = {"none": 0, "single": 1, "double": 2}[spec.kerb_lines]
    inward = [KERB_LINE_INSET_M + 2 * k * KERB_LINE_M for k in range(count)]
    return [
        Stripe(f"kerb_{name}_{k}", kerb - float(np.sign(kerb)) * d, True, KERB_LINE_M, "yellow")
        for k, d in enumerate(inward)
    ]


def _edge_middle(spec: RoadSpec, side: Side) -> float | None:
    half = 0.5 * edge_width(spec)
    paved = side.carriageway_m - side.lanes_m
    if paved >= 2 * half + EDGE_INSET_M:
        return side.lanes_m + half
    if side.sidewalk_m > 0:
        return None  # the kerb is the edge
    return side.carriageway_m - EDGE_INSET_M - half


def dash(spec: RoadSpec) -> tuple[float, float]:
    """Length of the dashes of broken lines in m, and of the gap after each."""
    return (6.0, 12.0) if spec.surroundings == "motorway" else (3.0, 6.0)


def _dashes(spec: RoadSpec, s0: float, s1: float) -> list[Interval]:
    length, gap = dash(spec)
    period = length + gap
    first = int(np.floor((s0 + EXTENSION_M) / period))
    last = int(np.ceil((s1 + EXTENSION_M) / period))
    runs = []
    for k in range(first, last + 1):
        a = k * period - EXTENSION_M
        if a > s0 + DASH_CLEAR_M and a + length < s1 - DASH_CLEAR_M:
            runs.append((a, a + length))
    return runs


def along(
    spec: RoadSpec,
    section: Section,
    runs: Sequence[tuple[Interval, Sequence[Interval]]],
    prefix: str = "",
) -> Marking:
    """Return the lines along a road.

    Parameters
    ----------
    runs : sequence of (interval, sub-intervals)
        Stretches of road that have lines, and the parts of them on which broken
        lines are solid: before stop lines, over crests and in bends.
    """
    zones: list[Zone] = []
    lines: list[PlanLine] = []
    for stripe in _stripes(spec, section):
        width = stripe.width_m
        t0, t1 = stripe.middle_m - 0.5 * width, stripe.middle_m + 0.5 * width
        pieces = [p for run, solid in runs for p in _pieces(run, solid, stripe)]
        for number, ((s0, s1), solid) in enumerate(pieces):
            painted = [(s0, s1)] if solid else _dashes(spec, s0, s1)
            zones += [Zone(stripe.group, a, b, t0, t1) for a, b in painted]
            name = f"{prefix}{stripe.name}" + (f"_{number}" if len(pieces) > 1 else "")
            kind: Literal["solid", "broken"] = "solid" if solid else "broken"
            ends = (s0, stripe.middle_m), (s1, stripe.middle_m)
            lines.append(PlanLine(name, kind, width, *ends, stripe.color))
    return Marking(tuple(zones), tuple(lines))


def _pieces(
    run: Interval, solid: Sequence[Interval], stripe: Stripe
) -> list[tuple[Interval, bool]]:
    if stripe.solid:
        return [(run, True)]
    pieces = []
    at = run[0]
    for a, b in sorted(solid):
        if a - at > 1.0:
            pieces.append(((at, a), False))
        pieces.append(((a, b), True))
        at = b
    if run[1] - at > 1.0:
        pieces.append(((at, run[1]), False))
    return pieces


def stop_line(name: str, s_near: float, s_far: float, t0: float, t1: float) -> Marking:
    """Return a stop line that covers [s_near, s_far] x [t0, t1]."""
    s0, s1 = sorted((s_near, s_far))
    middle = 0.5 * (s0 + s1)
    line = PlanLine(name, "stop", s1 - s0, (middle, t0), (middle, t1))
    return Marking((Zone("paint", s0, s1, t0, t1),), (line,))


def zebra(name: str, s0: float, s1: float, section: Section) -> Marking:
    """Return a striped crossing over the whole carriageway between two stations."""
    right, left = -section.right.carriageway_m, section.left.carriageway_m
    middle = 0.5 * (s0 + s1)
    band = Figure(bars(s1 - s0, left - right, STRIPE_M), (middle, 0.5 * (left + right)))
    line = PlanLine(name, "zebra", s1 - s0, (middle, right), (middle, left))
    return Marking((), (line,), (band,))


def merge(markings: Sequence[Marking]) -> Marking:
    """Return all markings as one."""
    return Marking(
        tuple(z for m in markings for z in m.zones),
        tuple(p for m in markings for p in m.lines),
        tuple(f for m in markings for f in m.figures),
    )
