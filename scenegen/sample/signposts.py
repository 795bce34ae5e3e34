"""Which signs a road has, and where they stand."""

from __future__ import annotations

import numpy as np

from scenegen.assets import SPEED_LIMITS, sign_variant
from scenegen.records import RoadSpec
from scenegen.roads import Roadside
from scenegen.sample.planter import Planter

KERB_M = 0.45
"""Distance of a post from the kerb's back."""
_BEFORE_JUNCTION_M = 7.0
_BEFORE_ZEBRA_M = 3.2

_BY_THE_KERB = (
    ("prop.sign_prohibition", "C18_no_parking"),
    ("prop.sign_prohibition", "C19_no_stopping"),
    ("prop.sign_prohibition", "C3e_no_goods_vehicles"),
    ("prop.sign_mandatory", "D4_cycle_track"),
    ("prop.sign_mandatory", "D5_footpath"),
    ("prop.sign_warning", "A13_children"),
    ("prop.sign_warning", "A14_cyclists"),
    ("prop.sign_information", "E13_hospital"),
    ("prop.sign_information", "F4_filling_station"),
)
_WHERE_ONE_PARKS = (
    ("prop.sign_information", "E14_parking"),
    ("prop.sign_prohibition", "C18_no_parking"),
    ("prop.sign_prohibition", "C3e_no_goods_vehicles"),
    ("prop.sign_warning", "A13_children"),
)


def speed_variant(spec: RoadSpec) -> int:
    """Return the variant of ``prop.sign_speed`` that shows a road's limit, or the nearest."""
    limit = min(SPEED_LIMITS, key=lambda v: abs(v - 3.6 * spec.speed_limit_mps))
    return sign_variant("prop.sign_speed", f"C14_maximum_speed_{limit}")


def warning_variant(spec: RoadSpec, side: Roadside) -> int:
    """Return the variant of ``prop.sign_warning`` for what a country road has ahead."""
    if spec.kind == "curve":
        bends_right = spec.radius_m * side.sign > 0
        code = "A1a_bend_right" if bends_right else "A1b_bend_left"
    elif spec.kind == "hill":
        code = "A2_dangerous_descent"
    else:
        code = "A15_wild_animals" if spec.surroundings == "forest" else "A9_slippery_road"
    return sign_variant("prop.sign_warning", code)


def put_sign(
    planter: Planter, side: Roadside, asset_id: str, code: str, s: float, d: float
) -> bool:
    """Place a sign that faces the traffic of a side; say whether there was room."""
    variant = sign_variant(asset_id, code)
    heading = side.along(s) + np.pi
    return planter.site.add(asset_id, side.place(s, d), heading, variant=variant, clear_m=0.15)


def upstream(side: Roadside, s: float, distance_m: float) -> float:
    """Return the station that this side's traffic passes so far before another."""
    return s - distance_m if side.sign < 0 else s + distance_m


def junction_station(planter: Planter, side: Roadside) -> float | None:
    """Return where this side's traffic comes to the crossing; None on other roads."""
    if planter.spec.kind != "crossing":
        return None
    return side.runs[0][1] if side.sign < 0 else side.runs[1][0]


def signs_of_right(planter: Planter, side: Roadside) -> None:
    """Place who-goes-first signs before a crossing, and those of a zebra on a straight road."""
    spec, d = planter.spec, side.side.kerb_m + KERB_M
    lanes = side.side.lanes
    stop = bool(planter.rng.random() < 0.4)
    here = junction_station(planter, side)
    unsigned = spec.priority == "none" and spec.signals is None
    if lanes and here is not None and not unsigned:
        s = upstream(side, here, _BEFORE_JUNCTION_M)
        if not side.name.startswith("cross"):
            put_sign(planter, side, "prop.sign_priority", "B3_priority_road", s, d)
        elif spec.signals is None and (stop or spec.priority == "stop"):
            put_sign(planter, side, "prop.sign_stop", "B2_stop", s, d)
        else:
            put_sign(planter, side, "prop.sign_priority", "B1_give_way", s, d)
    if spec.kind == "straight" and spec.zebra:
        middle = 0.5 * spec.length_m
        s = upstream(side, middle, _BEFORE_ZEBRA_M)
        put_sign(planter, side, "prop.sign_information", "E12_pedestrian_crossing", s, d)
        far = upstream(side, middle, 60.0)
        put_sign(planter, side, "prop.sign_warning", "A12_pedestrian_crossing", far, d)


def signs_by_the_kerb(planter: Planter, side: Roadside, spacing_m: float) -> None:
    """Place what else a street says: parking, ways for cyclists and walkers, services."""
    kinds = _WHERE_ONE_PARKS if side.side.parking_m > 0 else _BY_THE_KERB
    for s in planter.stations(side, spacing_m, jitter=0.6):
        asset_id, code = kinds[int(planter.rng.integers(len(kinds)))]
        put_sign(planter, side, asset_id, code, s, side.side.kerb_m + KERB_M)


def town_limit(planter: Planter, side: Roadside) -> None:
    """Place the sign with a town's name: entering on the right side, leaving on the left."""
    code = "E7_built_up_area" if side.sign < 0 else "E8_end_of_built_up_area"
    s = side.runs[0][0] + 75.0 + float(planter.rng.uniform(0.0, 15.0))
    put_sign(planter, side, "prop.sign_information", code, s, side.walk_m + 0.75)
