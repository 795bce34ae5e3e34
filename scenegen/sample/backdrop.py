"""What stands far away and closes the view: woods, rises, rows of houses, towers."""

from __future__ import annotations

import numpy as np

from scenegen.records.base import Vec3
from scenegen.roads import Roadside
from scenegen.sample.planter import Planter

MOST_BACKDROP = 36
"""So many props beyond those that line the road."""
_ON_M = 230.0
"""How far past the end of what lines the road: about as far as a camera sees."""
_ROW_M, _WOOD_M, _HILL_M = 48.0, 46.0, 150.0


def place_backdrop(planter: Planter) -> None:
    """Place woods and hills beside open roads, houses and towers in town.

    Both are drawn last, so that they change nothing that lines the road.
    """
    town = planter.spec.surroundings in ("urban", "suburban")
    for _, side in planter.sides(MOST_BACKDROP):
        if town:
            _town(planter, side)
        else:
            _country(planter, side)


def _onward(side: Roadside) -> tuple[float, float]:
    """Return where the road goes on, unseen by scenery, and how far."""
    end = max(s1 for _, s1 in side.runs)
    return end, end + (_ON_M if not side.name.startswith("cross") else 60.0)


def _town(planter: Planter, side: Roadside) -> None:
    start, end = _onward(side)
    near = max(side.verge_m, 1.0) + 3.0
    low = planter.spec.surroundings == "suburban"
    for s in np.arange(start + 0.5 * _ROW_M, end, _ROW_M + 2.0).tolist():
        height = float(planter.rng.integers(7, 10) if low else planter.rng.integers(10, 22))
        _put(planter, side, "prop.far_row", (s, near + 6.0), (10.0, _ROW_M, height))
    first = min(s0 for s0, _ in side.runs)
    for _ in range(3):
        s = float(planter.rng.uniform(first + 60.0, end))
        d = float(planter.rng.uniform(60.0, 130.0))
        if low:
            length = float(planter.rng.integers(20, 28)) * 2.0
            _put(planter, side, "prop.woodland", (s, d), (length, 8.0, 11.0))
        else:
            height = float(planter.rng.choice(range(28, 48, 4)))
            _put(planter, side, "prop.building", (s, d), (14.0, 22.0, height))


def _country(planter: Planter, side: Roadside) -> None:
    start, end = _onward(side)
    first = min(s0 for s0, _ in side.runs)
    for s in np.arange(first + 40.0, end, 150.0).tolist():
        d = float(planter.rng.uniform(110.0, 150.0))
        height = float(planter.rng.integers(5, 12))
        at = s + float(planter.rng.uniform(-30.0, 30.0))
        _put(planter, side, "prop.hill", (at, d), (_HILL_M, 60.0, height))
    for s in np.arange(first + 20.0, end, 1.6 * _WOOD_M).tolist():
        d = float(planter.rng.uniform(45.0, 75.0) if s < start else planter.rng.uniform(14.0, 50.0))
        height = float(planter.rng.integers(8, 15))
        at = s + float(planter.rng.uniform(-12.0, 12.0))
        _put(planter, side, "prop.woodland", (at, d), (_WOOD_M, 8.0, height))


def _put(
    planter: Planter, side: Roadside, asset_id: str, at: tuple[float, float], size_m: Vec3
) -> None:
    """Place a thing that lies along the road, or faces it, where the road leaves room."""
    s, d = at
    variant, lamps = int(planter.rng.integers(6)), planter.window_lamps()
    if d + 0.5 * size_m[1] > side.depth_m:
        return
    faces = asset_id in ("prop.building", "prop.far_row")
    heading = side.inward(s) if faces else side.along(s)
    planter.site.add(
        asset_id,
        side.place(s, d),
        heading,
        variant=variant,
        size_m=size_m,
        lamps=lamps if faces else 0,
        clear_m=side.walk_m + 0.3,
    )
