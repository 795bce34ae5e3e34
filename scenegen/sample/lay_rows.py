"""Lays out actors in lanes: stations, rows, gaps between bodies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.errors import ScenarioError
from scenegen.geometry import wrap_angle
from scenegen.records.base import F64
from scenegen.roads import LaneLines, build_lanes, distinct
from scenegen.sample.columns import Texts
from scenegen.sample.laid import Laid, Rows, Stand, Who
from scenegen.sample.verdicts import Mask, always
from scenegen.scenario.actors import ActorEntry
from scenegen.scenario.lane_names import no_lane
from scenegen.scenario.places import PlaceEntry
from scenegen.scenario.values import Value

MAX_ROW = 40
TOUCH_M = 0.01
"""Nearer to a lane's end than this, along it, a place counts as abreast of that end."""
_TURNS = {"along": 0.0, "against": np.pi, "left": np.pi / 2, "right": -np.pi / 2}
# Traffic drives on the right, so the road's middle is to the left of every lane.
_TURNS["across"] = _TURNS["left"]


@dataclass(frozen=True)
class Way:
    """The lane of a row, in each draw, and how its bodies face.

    Attributes
    ----------
    turn_rad : ndarray, shape (n,)
        Heading relative to the lane's traffic.
    facing : ndarray, shape (n,)
        +1 along traffic, -1 against it, 0 across.
    """

    lines: LaneLines
    lane: Texts
    turn_rad: F64
    facing: F64


def lay_row(laid: Laid, name: str, entry: ActorEntry) -> None:
    """Lay out an actor, or all bodies of a row, along a lane."""
    count = laid.counts[name]
    spacing = laid.values.number(entry.spacing, 1.0, count > 1)
    way = _way(laid, entry, count > 0)
    s = sense = half_before = np.zeros(laid.n)
    for index in range(laid.slots(name)):
        present = count > index
        model = laid.model(name, index, entry, present)
        half = 0.5 * laid.extent(model, way.turn_rad)
        if index:
            s = s + sense * (half_before + spacing + half)
        else:
            s, sense = _station(laid, entry.place, way, half, present)
        half_before = half
        aside, along = _scattered(laid, name, index, entry, spacing)
        lateral = laid.values.number(entry.place.lateral, rows=present) + aside
        stand(laid, (name, index, entry), present, model, way, s + along, lateral)


def _scattered(
    laid: Laid, name: str, index: int, entry: ActorEntry, spacing_m: F64
) -> tuple[F64, F64]:
    """Return how far (n,) a body of a row is to the side of its place, and onward of it."""
    look = laid.looks.get((name, index))
    if entry.scatter is None or look is None or look.scatter is None:
        return np.zeros(laid.n), np.zeros(laid.n)
    most = laid.values.number(entry.scatter, rows=laid.counts[name] > 0)
    shares = look.scatter
    return most * shares[:, 0], np.minimum(most, 0.25 * spacing_m) * shares[:, 1]


def _way(laid: Laid, entry: ActorEntry, rows: Mask) -> Way:
    place = entry.place
    other = laid.groups[place.other][0] if place.other else None
    if other is not None:
        # Only draws in which the other one is there know where to go.
        laid.require_present(place.other or "", rows)
        rows = rows & other.body.present
    if place.lane is not None:
        asked = laid.values.text(place.lane, rows=rows)
        lane = asked if other is None else beside(asked, other.body.lane)
        lines = laid.roads.lines(lane)
        _check_lane(laid, place.lane, asked, lines.exists, rows)
    else:
        assert other is not None
        lane = other.body.lane
        laid.verdicts.note(rows & (lane == ""), always(_no_lane(place, entry)))
        lines = other.lines or laid.roads.lines(lane)
    return Way(lines, lane, *headings(laid, place, rows))


def headings(laid: Laid, place: PlaceEntry, rows: Mask) -> tuple[F64, F64]:
    """Return headings relative to a lane's traffic, and the sense of facing, as in `Way`."""
    heading = laid.values.text(place.heading, "along", rows)
    turn = np.zeros(laid.n)
    facing = np.zeros(laid.n)
    for word, angle in _TURNS.items():
        mine = heading == word
        turn[mine] = angle
        facing[mine] = {"along": 1.0, "against": -1.0}.get(word, 0.0)
    return turn + laid.values.number(place.turn, rows=rows), facing


def _no_lane(place: PlaceEntry, entry: ActorEntry) -> ScenarioError:
    return ScenarioError(f"{place.other!r} is in no lane; name a 'lane'", entry.asset.place)


def beside(asked: Texts, own: Texts) -> Texts:
    """Return the lanes (n,) that are asked for, of which '+1' and '-1' are by another's lane.

    Driving lanes count outward from the middle of the road, so '+1' of ``forward_0`` is
    ``forward_1`` and '-1' of it is ``backward_0``, beyond the middle.
    """
    if not any(step[:1] in ("+", "-") for step in distinct(asked)):
        return asked
    lane = asked.astype(object)
    for step in distinct(asked):
        if step[:1] not in ("+", "-"):
            continue
        mine = asked == step
        for name in distinct(own[mine]):
            lane[mine & (own == name)] = neighbour(name, int(step))
    return lane.astype(np.str_)


def neighbour(lane: str, step: int) -> str:
    """Return the driving lane so many lanes outward of another; empty if that is none."""
    prefix = "cross_" if lane.startswith("cross_") else ""
    side, _, number = lane.removeprefix(prefix).partition("_")
    if side not in ("forward", "backward") or not number.isdigit():
        return ""
    k = int(number) + step
    if k < 0:
        side, k = {"forward": "backward", "backward": "forward"}[side], -k - 1
    return f"{prefix}{side}_{k}"


def _check_lane(laid: Laid, value: Value, asked: Texts, exists: Mask, rows: Mask) -> None:
    """Reject draws without the lane beside another's; a lane that is named must be there."""
    missing = rows & ~exists & laid.verdicts.fine
    if not missing.any():
        return
    relative = np.char.startswith(asked, "+") | np.char.startswith(asked, "-")
    step = f"{value.raw:+d}" if isinstance(value.raw, int) else value.raw
    laid.verdicts.note(missing & relative, f"lane({step})")

    def error(row: int) -> ScenarioError:
        name = str(asked[row])
        return ScenarioError(no_lane(name, build_lanes(laid.roads.spec(row))), value.place)

    laid.verdicts.note(missing & ~relative, error)


def _station(laid: Laid, place: PlaceEntry, way: Way, half_m: F64, rows: Mask) -> tuple[F64, F64]:
    """Return the stations (n,), along traffic, of bodies that are 2 `half_m` long.

    And the sense, +1 or -1 along traffic, in which a row goes on from there: away from the
    other actor, or onward along the road.
    """
    lines = way.lines
    if place.s is not None:
        s = laid.values.number(place.s, rows=rows)
        return np.where(lines.direction > 0, s, lines.length_m - s), lines.direction
    others = laid.groups[place.other or ""]
    first = others[0]
    forward = _facing_in(laid, lines, first)
    gap = laid.values.number(place.gap, rows=rows)
    station = abreast(lines, first.body.x_m, first.body.y_m)
    if place.beside is not None:
        return station, forward
    ahead = 1.0 if place.ahead_of is not None else -1.0
    edge = np.full(laid.n, -ahead * np.inf)
    for other in others:
        body = other.body
        s = abreast(lines, body.x_m, body.y_m)
        half = 0.5 * laid.extent(body.model, body.yaw_rad - lines.heading(s))
        reach = forward * s + ahead * half
        further = reach > edge if ahead > 0 else reach < edge
        edge = np.where(body.present & further, reach, edge)
    return forward * (edge + ahead * (gap + half_m)), ahead * forward


def abreast(lines: LaneLines, x_m: F64, y_m: F64) -> F64:
    """Return the stations (n,) of lanes abreast of places, beyond their ends if the places are.

    `project` stops at a lane's ends: who is placed beside somebody that the lane doesn't reach
    would stand at its end, however far away.
    """
    s = lines.project(x_m, y_m)[0]
    at_x, at_y, heading = lines.point(s, np.zeros_like(s))
    beyond = (x_m - at_x) * np.cos(heading) + (y_m - at_y) * np.sin(heading)
    at_end = (s <= 0.0) | (s >= lines.length_m)
    return np.where(at_end & (np.abs(beyond) > TOUCH_M), s + beyond, s)


def _facing_in(laid: Laid, lines: LaneLines, other: Stand) -> F64:
    """Return +1 (n,) where "ahead of" a body is along a lane's traffic, -1 where against it.

    A body that stands across a lane counts as facing along its own lane's traffic.
    """
    body = other.body
    across = (body.facing == 0) & (body.lane != "")
    reference = np.where(across, body.along_rad, body.yaw_rad)
    heading = lines.heading(lines.project(body.x_m, body.y_m)[0])
    return np.where(np.cos(reference - heading) >= 0, 1.0, -1.0)


def stand(
    laid: Laid,
    who: Who,
    present: Mask,
    model: Rows,
    way: Way,
    s: F64,
    lateral: F64,
) -> None:
    name, index, entry = who
    refuse_hitched(laid, entry, present, model)
    with np.errstate(invalid="ignore"):
        on = (s >= 0.0) & (s <= way.lines.length_m)
    off = present & ~on & laid.verdicts.fine
    if off.any():
        who_is_off = laid.name_of(name, index, entry)
        laid.verdicts.note(off, f"on_road({who_is_off})")
        laid.verdicts.hints[f"on_road({who_is_off})"] = _reach(laid, way, s, off, who_is_off)
    s = np.where(on, s, 0.0)
    x, y, along = way.lines.point(s, lateral)
    yaw = laid.facing(entry, x, y, along, wrap_angle(along + way.turn_rad), present)
    laid.add(
        who,
        present,
        model,
        (x, y, yaw),
        above_m=way.lines.level(s),
        lines=way.lines,
        lane=way.lane,
        s_m=s,
        lateral_m=lateral,
        along_rad=along,
        facing=way.facing,
    )


def _reach(laid: Laid, way: Way, s_m: F64, off: Mask, name: str) -> str:
    """Return how far a lane goes and where a body was to stand beyond it, as ``s`` counts."""
    lane = str(way.lane[off][0])
    rows = off & (way.lane == lane)
    length = float(way.lines.length_m[rows].max())
    asked = np.where(way.lines.direction > 0, s_m, way.lines.length_m - s_m)[rows]
    least, most = float(asked.min()), float(asked.max())
    where = f"{least:.1f} m" if most - least < 0.05 else f"{least:.1f} to {most:.1f} m"
    text = f"{lane!r} goes from s = 0 to {length:.1f} m, and {name!r} is to stand at s = {where}"
    # One draw will do: some roads have to be built before it is known.
    far, one = f"{lane}_far", np.flatnonzero(rows)[:1]
    if laid.roads.take(one).lines(np.array([far])).exists[0]:
        text += f"; beyond lies {far!r}"
    return text


def refuse_hitched(laid: Laid, entry: ActorEntry, present: Mask, model: Rows) -> None:
    """Note draws in which a semitrailer stands by itself."""
    for number, known in enumerate(laid.models.known):
        if known.hitched:
            error = ScenarioError(
                f"{known.asset_id!r} stands on a tractor: place it {{attached_to: NAME}}, where "
                "NAME is a 'vehicle.tractor'",
                entry.asset.place,
            )
            laid.verdicts.note(present & (model == number), always(error))
