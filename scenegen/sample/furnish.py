"""Street furniture: what stands between kerb, walkway and buildings, and lies in the road.

Three zones run along a street: by the kerb stand posts, meters and racks; the middle stays
free for those who walk; at its back stand boards, cabinets, kiosks and shelters.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scenegen.roads import Roadside, roadsides
from scenegen.sample.planter import Planter
from scenegen.sample.signposts import (
    KERB_M,
    junction_station,
    signs_by_the_kerb,
    signs_of_right,
    town_limit,
    upstream,
)
from scenegen.sample.site import MOST_FURNITURE
from scenegen.sample.spans import gantry, string_cables, utility_line

_FREE_M = 1.6
"""Width of walkway that furniture leaves."""


def _scatter(
    planter: Planter, side: Roadside, asset_id: str, spacing_m: float, d: float, turn: float = 0.0
) -> None:
    """Place one kind of thing at about a spacing, turned from facing the road."""
    for s in planter.stations(side, spacing_m, jitter=0.8):
        variant = int(planter.rng.integers(6))
        heading = side.inward(s) + turn
        planter.site.add(asset_id, side.place(s, d), heading, variant=variant, clear_m=0.15)


def _row(
    planter: Planter, side: Roadside, asset_id: str, s: float, step_m: float, count: int, d: float
) -> None:
    """Place equal things in a row along the kerb, such as bollards."""
    variant = int(planter.rng.integers(4))
    for k in range(count):
        at = s + k * step_m
        planter.site.add(asset_id, side.place(at, d), side.along(at), variant=variant, clear_m=0.15)


def _railings(planter: Planter, side: Roadside) -> None:
    """Fence the kerb off before a crossing."""
    here = junction_station(planter, side)
    wanted, variant = bool(planter.rng.random() < 0.5), int(planter.rng.integers(6))
    if here is None or not wanted:
        return
    for k in range(4):
        s = upstream(side, here, 10.0 + 3.1 * k)
        planter.site.add(
            "prop.railing",
            side.place(s, side.side.kerb_m + 0.2),
            side.along(s),
            variant=variant,
            size_m=(3.0, 0.06, 1.0),
            clear_m=0.1,
        )


def _bus_stop(planter: Planter, side: Roadside) -> None:
    """Place a bus stop somewhere along the side, with a shelter where there is room."""
    s0, s1 = side.runs[-1] if side.sign > 0 else side.runs[0]
    s = s0 + float(planter.rng.uniform(0.45, 0.85)) * (s1 - s0)
    variant = int(planter.rng.integers(6))
    near = side.side.kerb_m + KERB_M
    heading = side.along(s) + np.pi
    planter.site.add("prop.bus_stop", side.place(s, near), heading, variant=variant)
    behind = side.walk_m + 0.8
    if side.side.verge_m < 1.6:
        behind = side.walk_m - 0.8
        if side.side.sidewalk_m < _FREE_M + 1.8:
            return
    s = upstream(side, s, 4.0)
    planter.site.add("prop.bus_shelter", side.place(s, behind), side.inward(s), variant=variant)


def _works(planter: Planter, side: Roadside) -> None:
    """Fence off a dig in the verge or the walkway now and then, with beacons at the kerb."""
    s0, s1 = side.runs[-1] if side.sign > 0 else side.runs[0]
    s = s0 + float(planter.rng.uniform(0.35, 0.8)) * (s1 - s0)
    if planter.rng.random() > 0.3:
        return
    near, far = side.side.kerb_m + 0.35, side.side.kerb_m + 2.45
    along = side.along(s)
    for ds, d, turn in ((-1.6, near, 0.5), (0.9, near, 0.5), (-1.6, far, 0.5), (0.9, far, 0.5)):
        place = side.place(s + ds, d)
        planter.site.add("prop.works_barrier", place, along + turn * np.pi, variant=1, clear_m=0.1)
    for ds in (-3.2, 2.5):
        place = side.place(s + ds, 0.5 * (near + far))
        planter.site.add("prop.works_barrier", place, along, variant=1, clear_m=0.1)
    for k in range(4):
        at = upstream(side, s, 6.0 + 4.0 * k)
        variant = 0 if side.sign < 0 else 1
        planter.site.add(
            "prop.beacon", side.place(at, near), side.along(at) + np.pi, variant=variant
        )


def _iron(planter: Planter, side: Roadside) -> None:
    """Lay drains into the gutter and covers between the wheel tracks of level roads."""
    if not planter.site.network.flat:
        return
    if side.side.kerb_m > 0:
        for s in planter.stations(side, 36.0, jitter=0.2):
            planter.site.inlay("prop.drain", side.place(s, -0.22), side.along(s), 0)
    lane_m = side.side.lane_m
    edge = side.side.carriageway_m
    for s in planter.stations(side, 46.0, jitter=0.9):
        lane = int(planter.rng.integers(max(1, side.side.lanes)))
        across = (lane + float(planter.rng.uniform(0.3, 0.7))) * lane_m
        variant, turn = int(planter.rng.integers(3)), float(planter.rng.uniform(0, np.pi))
        if side.side.lanes:
            planter.site.inlay("prop.manhole", side.place(s, across - edge), turn, variant)


def _urban(planter: Planter) -> None:
    for _, side in planter.sides(MOST_FURNITURE):
        kerb, walk, back = side.side.kerb_m + KERB_M, side.side.sidewalk_m, side.walk_m + 0.35
        signs_of_right(planter, side)
        _railings(planter, side)
        _bus_stop(planter, side)
        _works(planter, side)
        if side.side.parking_m > 0:
            _scatter(planter, side, "prop.parking_meter", 60.0, kerb)
        signs_by_the_kerb(planter, side, 30.0)
        for s in planter.stations(side, 55.0, jitter=0.8):
            count = int(planter.rng.integers(3, 7))
            _row(planter, side, "prop.bollard", s, 1.6, count, side.side.kerb_m + 0.3)
        if side.side.verge_m >= 1.5:
            _scatter(planter, side, "prop.advertising_column", 210.0, side.walk_m + 0.8)
            _scatter(planter, side, "prop.kiosk", 320.0, side.walk_m + 1.1)
            _scatter(planter, side, "prop.poster_board", 80.0, side.walk_m + 0.8, 0.5 * np.pi)
            _scatter(planter, side, "prop.bicycle_rack", 60.0, side.walk_m + 0.5)
        _scatter(planter, side, "prop.cabinet", 36.0, back)
        _scatter(planter, side, "prop.rubbish", 55.0, back + 0.2)
        _scatter(planter, side, "prop.planter", 40.0, back + 0.2)
        _scatter(planter, side, "prop.post_box", 150.0, kerb)
        _scatter(planter, side, "prop.hydrant", 130.0, kerb)
        if walk > _FREE_M + 0.6:
            _scatter(planter, side, "prop.sandwich_board", 26.0, side.walk_m - 0.4, 0.5 * np.pi)


def _suburban(planter: Planter) -> None:
    wired = int(planter.rng.integers(3))
    for number, side in planter.sides(MOST_FURNITURE):
        kerb, back = side.side.kerb_m + KERB_M, side.walk_m + 0.35
        signs_of_right(planter, side)
        if number == wired:
            utility_line(planter, side, 42.0, side.walk_m + 0.5)
        if not side.name.startswith("cross"):
            town_limit(planter, side)
        _bus_stop(planter, side)
        signs_by_the_kerb(planter, side, 70.0)
        _scatter(planter, side, "prop.cabinet", 75.0, back)
        _scatter(planter, side, "prop.hydrant", 110.0, kerb)
        _scatter(planter, side, "prop.rubbish", 90.0, back + 0.2)
        _scatter(planter, side, "prop.post_box", 190.0, kerb)


def _rural(planter: Planter) -> None:
    poles = [prop for prop in planter.site.props if prop.asset_id == "prop.utility_pole"]
    string_cables(planter, poles)
    for _, side in planter.sides(MOST_FURNITURE):
        signs_of_right(planter, side)
        _scatter(planter, side, "prop.cabinet", 260.0, side.walk_m + 1.6)


def _motorway(planter: Planter) -> None:
    sides = {side.name: side for _, side in planter.sides(MOST_FURNITURE)}
    share = float(planter.rng.uniform(0.25, 0.6))
    if planter.spec.lanes_backward or "right" not in sides or "left" not in sides:
        return
    for k in range(6):
        if gantry(planter, sides["right"], sides["left"], share * planter.spec.length_m + 3.0 * k):
            break


_STYLES: dict[str, Callable[[Planter], None]] = {
    "urban": _urban,
    "suburban": _suburban,
    "rural": _rural,
    "forest": lambda planter: None,
    "motorway": _motorway,
}


def furnish(planter: Planter) -> None:
    """Place signs and furniture where buildings, plants and lamps have left room."""
    _STYLES[planter.spec.surroundings](planter)
    if planter.spec.surroundings in ("urban", "suburban"):
        for side in roadsides(planter.site.network):
            _iron(planter, side)
