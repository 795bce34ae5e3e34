"""Signs that a road map has: stop, give way, speed limits."""

from __future__ import annotations

from scenegen.assets import SPEED_LIMITS, sign_variant
from scenegen.roads import map_signs
from scenegen.sample.planter import Planter

_FACES = {"stop": ("prop.sign_stop", "B2_stop"), "give_way": ("prop.sign_priority", "B1_give_way")}


def place_map_signs(planter: Planter) -> None:
    """Place the signs of a map, before anything else takes their room."""
    for sign in map_signs(planter.site.network):
        asset_id, code = _FACES.get(sign.kind, ("prop.sign_speed", ""))
        if sign.kind == "speed_limit":
            speed = sign.value if sign.value is not None else planter.spec.speed_limit_mps
            limit = min(SPEED_LIMITS, key=lambda kmh: abs(kmh - 3.6 * speed))
            code = f"C14_maximum_speed_{limit}"
        planter.site.add(
            asset_id, sign.foot_m, sign.yaw_rad, variant=sign_variant(asset_id, code), clear_m=0.1
        )
