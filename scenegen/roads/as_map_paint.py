"""Paint and signals of a procedural road along the lines of a map."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from scenegen.records import LaneLine, RoadSpec, SignalHead
from scenegen.records.road_map import MapObject, MapSignal, MarkType, RoadMark
from scenegen.roads import paint
from scenegen.roads.as_map_lanes import Marked, Stretch, borders_of
from scenegen.roads.section import Section

_REACH_M = 0.6
"""Distance from a border at which paint still is that border's."""


def _ends(stretch: Stretch, line: LaneLine) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return station and offset of a line's two ends."""
    s, t = (np.round(x, 9) + 0.0 for x in stretch.alignment.project(line.points[[0, -1], :2]))
    return (float(s[0]), float(t[0])), (float(s[1]), float(t[1]))


def marks_of(
    spec: RoadSpec, stretch: Stretch, section: Section, lines: Sequence[LaneLine]
) -> dict[int, list[Marked]]:
    """Return the lines along a stretch as marks of the lanes whose borders they lie beside."""
    borders = borders_of(section)
    found: dict[int, list[tuple[float, float, float, LaneLine]]] = {}
    for line in lines:
        (s0, t), (s1, _) = _ends(stretch, line)
        lane = min(borders, key=lambda k: (abs(borders[k] - t), abs(k)))
        if abs(borders[lane] - t) > _REACH_M:
            raise ValueError(f"line {line.id!r} lies beside no lane")
        found.setdefault(lane, []).append((s0, s1, round(t - borders[lane], 9) + 0.0, line))
    return {lane: list(_joined(spec, runs)) for lane, runs in found.items()}


def _joined(spec: RoadSpec, runs: list[tuple[float, float, float, LaneLine]]) -> list[Marked]:
    """Return the marks of one border; lines side by side become one double mark."""
    cuts = sorted({s for run in runs for s in run[:2]})
    marks: list[Marked] = []
    for a, b in pairwise(cuts):
        here = [(offset, line) for s0, s1, offset, line in runs if s0 < 0.5 * (a + b) < s1]
        if here:
            kind = " ".join(line.type for _, line in here)
            mark = RoadMark(
                type=_mark_type(kind),
                color=here[0][1].color,
                width_m=here[0][1].width_m,
                offset_m=sum(offset for offset, _ in here) / len(here),
                dash_m=paint.dash(spec) if "broken" in kind else None,
            )
            marks.append((a, b, mark))
    return marks


def _mark_type(kind: str) -> MarkType:
    known: dict[str, MarkType] = {
        "solid": "solid",
        "broken": "broken",
        "solid solid": "solid solid",
    }
    return known[kind]


def objects_of(stretch: Stretch, lines: Sequence[LaneLine]) -> tuple[MapObject, ...]:
    """Return the crossings for walkers and the stop lines of a stretch."""
    found = []
    for line in lines:
        if line.type not in ("zebra", "stop"):
            continue
        (s, t0), (_, t1) = _ends(stretch, line)
        if not stretch.reach_m[0] <= s <= stretch.reach_m[1]:
            continue
        found.append(
            MapObject(
                id=line.id,
                name=line.id,
                kind="crosswalk" if line.type == "zebra" else "stop_line",
                s_m=round(s - stretch.reach_m[0], 9),
                t_m=round(0.5 * (t0 + t1), 9),
                length_m=line.width_m,
                width_m=round(abs(t1 - t0), 9),
            )
        )
    return tuple(found)


def signal_of(
    stretch: Stretch, head: SignalHead, *, along: bool | None, lanes: tuple[int, int] | None
) -> MapSignal:
    """Return a signal beside a stretch.

    Parameters
    ----------
    along : bool or None
        Whether it is for who drives along the road or against; None for walkers.
    lanes : (low, high) or None
        Ids of the lanes that it is for.
    """
    s, t = (round(float(v), 9) for v in stretch.alignment.project(np.array(head.foot_m[:2])))
    left = stretch.alignment.left(s)
    # Lamps shine against those whom they are for; what is for walkers is turned from that.
    facing = float(np.arctan2(left[0], -left[1])) + (np.pi if along is False else 0.0)
    turned = head.yaw_rad - facing
    walk = head.kind == "walk"
    return MapSignal(
        id=head.id,
        name=head.id,
        kind="walk_light" if walk else "traffic_light",
        s_m=round(s - stretch.reach_m[0], 9),
        t_m=t,
        z_m=head.position_m[2] - head.foot_m[2],
        orientation="none" if along is None else "+" if along else "-",
        heading_rad=float(np.arctan2(np.sin(turned), np.cos(turned))),
        lanes=lanes,
        group=f"walk_{head.group}" if walk else head.group,
    )
