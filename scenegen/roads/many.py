"""Lanes of many roads at once, from columns of the fields of `RoadSpec`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records import RoadSpec
from scenegen.records.base import F64
from scenegen.roads.alignment import ARC_STEP_M
from scenegen.roads.crossing import MINOR_LENGTH_M
from scenegen.roads.lane_lines import Built, LaneLines, Mask
from scenegen.roads.lanes import SHORTEST_M
from scenegen.roads.network import build_lane
from scenegen.roads.parking_runs import parking_runs
from scenegen.roads.section import KERB_WIDTH_M
from scenegen.roads.strips import Columns, strip_widths

CLOSED_FORM = ("straight", "hill", "curve", "crossing")
"""Kinds of road whose lanes, but for those cut short, follow from the numbers alone."""
_STRIP = re.compile(
    r"(cross_)?(?:(forward|backward)_(\d+)"
    r"|(shoulder|sidewalk|verge|parking(?=_(?:right|left)(?:_far)?$))_(right|left)(_far)?)"
)
_BROAD = re.compile(r"(roadside)_(right|left)|(carriageway)|(reference)")
"""Strips that are no lanes: all beside a carriageway, a carriageway, and none at all around the
reference line, in its direction."""


def lane_lines(
    road: Columns, lane: npt.NDArray[np.str_], spec_of: Callable[[int], RoadSpec]
) -> LaneLines:
    """Return the centre line of one lane on each of n roads.

    Which way a row is worked out depends on the row alone, so any number of rows together
    give the same bits as each by itself.

    Parameters
    ----------
    road : mapping of str to ndarray, shape (n,)
        Every field of `RoadSpec` but the signals.
    lane : ndarray, shape (n,)
        Ids of lanes; empty for none.
    spec_of : callable
        Gives the `RoadSpec` of a row; asked only where lanes have to be built.
    """
    n = len(lane)
    exists = np.zeros(n, dtype=bool)
    cross = np.zeros(n, dtype=bool)
    sign, near, far = np.ones(n), np.zeros(n), np.ones(n)
    begin, end = np.zeros(n), np.full(n, np.inf)
    build = ~np.isin(road["kind"], CLOSED_FORM)
    for name in distinct(lane):
        rows = np.flatnonzero((lane == name) & ~build)
        if not rows.size or not name:
            continue
        match = _STRIP.fullmatch(name)
        some = {key: column[rows] for key, column in road.items()}
        if (broad := _BROAD.fullmatch(name)) is not None:
            sign[rows], near[rows], far[rows] = _broad(some, broad)
            exists[rows] = True
            continue
        if match is None or (match[6] and match[4] != "parking"):
            build[rows] = True
            continue
        cross[rows] = match[1] is not None
        sign[rows], near[rows], far[rows], exists[rows] = _strip(some, match)
        if match[4] == "parking":
            begin[rows], end[rows] = parking_runs(some, match[1] is not None, match[5], match[6])
            exists[rows] &= end[rows] - begin[rows] >= SHORTEST_M
    exists &= ~build
    strips = _Strips(exists, cross, sign, near, far, begin, end)
    return _lines(road, strips, _built(build, lane, spec_of))


def distinct(texts: npt.NDArray[np.str_]) -> list[str]:
    """Return the texts that occur in a column (n,), in order; quick where there is but one."""
    if len(texts) and (texts.strides[0] == 0 or (texts == texts[0]).all()):
        return [str(texts[0])]
    return sorted(set(texts.tolist()))


@dataclass(frozen=True)
class _Strips:
    """Reaches of strips from the reference line outward, and along it.

    `sign` is -1 on the right of it.
    """

    exists: Mask
    cross: Mask
    sign: F64
    near: F64
    far: F64
    begin: F64
    end: F64


def _strip(road: Columns, match: re.Match[str]) -> tuple[float, F64, F64, Mask]:
    """Return the side of a strip, its reach outward (k,), (k,), and where there is one (k,)."""
    right = (match[2] or match[5]) in ("forward", "right")
    lanes, shoulder, parking, sidewalk, verge = strip_widths(road, right)
    width = road["lane_width_m"]
    if match[2]:
        k = float(match[3])
        near, far = k * width, (k + 1.0) * width
        there = k < lanes
    else:
        kerb = np.where(sidewalk > 0, KERB_WIDTH_M, 0.0)
        widths = {"shoulder": shoulder, "parking": parking, "sidewalk": sidewalk, "verge": verge}
        near = lanes * width
        for kind, own in widths.items():
            near = near + (kerb if kind == "sidewalk" else 0.0)
            if kind == match[4]:
                break
            near = near + own
        far, there = near + own, own > 0
    if match[1] is not None:
        there = there & (road["kind"] == "crossing")
    return (-1.0 if right else 1.0), near, far, np.asarray(there)


def _broad(road: Columns, match: re.Match[str]) -> tuple[float, F64, F64]:
    """Return the side and the reach outward (k,), (k,) of a strip that is no lane."""
    paved, whole = [], []
    for right in (True, False):
        lanes, shoulder, parking, sidewalk, verge = strip_widths(road, right)
        paved.append(lanes * road["lane_width_m"] + shoulder + parking)
        kerb = np.where(sidewalk > 0, KERB_WIDTH_M, 0.0)
        whole.append(paved[-1] + kerb + sidewalk + verge)
    if match[1]:
        left = int(match[2] == "left")
        return (1.0 if left else -1.0), paved[left], whole[left]
    if match[3]:
        return -1.0, -paved[1], paved[0]
    return -1.0, np.zeros_like(paved[0]), np.zeros_like(paved[0])


def _lines(road: Columns, strips: _Strips, built: tuple[Built, ...]) -> LaneLines:
    n = len(strips.exists)
    whole = road["length_m"]
    curve = road["kind"] == "curve"
    radius = np.where(curve, np.abs(road["radius_m"]), 1.0)
    arc = np.where(curve, radius * road["arc_rad"], 0.0)
    chords = np.ceil(arc / ARC_STEP_M)
    side = np.where(curve & (road["radius_m"] < 0), -1.0, 1.0)
    run = np.where(curve, 0.5 * (whole - arc), 0.0)
    offset = strips.sign * 0.5 * (strips.near + strips.far)
    step = np.where(curve, road["arc_rad"] / np.maximum(chords, 1.0), 0.0)
    chord = 2.0 * (radius - side * offset) * np.sin(0.5 * step)
    minor = np.minimum(whole, MINOR_LENGTH_M)
    straight = np.minimum(np.where(strips.cross, minor, whole), strips.end) - strips.begin
    length = np.where(curve, 2.0 * run + chords * chord, straight)
    origin = np.zeros((n, 2))
    origin[:, 0] = np.where(strips.cross, 0.5 * whole, strips.begin)
    origin[:, 1] = np.where(strips.cross, strips.begin - 0.5 * minor, 0.0)
    exists, direction, width = strips.exists.copy(), -strips.sign, strips.far - strips.near
    for rows, lane in built:
        exists[rows], direction[rows] = True, lane.direction
        width[rows], length[rows] = lane.width_m, lane.stations_m[-1]
    return LaneLines(
        exists=exists,
        direction=direction,
        width_m=width,
        length_m=length,
        origin_m=origin,
        turned=strips.cross,
        offset_m=offset,
        run_m=run,
        radius_m=radius,
        side=side,
        chords=chords,
        step_rad=step,
        built=built,
    )


def _built(
    build: Mask, lane: npt.NDArray[np.str_], spec_of: Callable[[int], RoadSpec]
) -> tuple[Built, ...]:
    """Return the lanes of those rows that need them built, rows of one lane together."""
    groups: dict[tuple[RoadSpec, str], list[int]] = {}
    for row in np.flatnonzero(build & (lane != "")).tolist():
        groups.setdefault((spec_of(row), str(lane[row])), []).append(row)
    found = []
    for (spec, name), rows in groups.items():
        there = build_lane(spec, name)
        if there is not None:
            found.append(Built(np.array(rows, dtype=np.int64), there))
    return tuple(found)
