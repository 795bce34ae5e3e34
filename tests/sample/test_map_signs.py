"""Signs of road maps stand where the map says, off the carriageway, and face who reads them."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen.assets import sign_variant
from scenegen.geometry import yaw_of
from scenegen.records import Light
from scenegen.records.road_map import Line, MapSignal
from scenegen.roads import beyond_carriageway, build_network, map_signs
from scenegen.sample.scenery import place_scenery
from tests.roads.maps import spec_of, street


def test_signs_of_a_map_are_placed() -> None:
    signals = (
        MapSignal(id="1", kind="stop", s_m=60, t_m=-3.9),
        MapSignal(id="2", kind="speed_limit", s_m=30, t_m=1.0, orientation="-", value=13.9),
    )
    road = street(Line()).model_copy(update={"signals": signals})
    spec = spec_of(road, surroundings="suburban")
    network = build_network(spec)
    stop, limit = map_signs(network)
    assert float(beyond_carriageway(network, np.array(limit.foot_m))) > 0.4
    assert stop.yaw_rad == pytest.approx(0.3 - np.pi)
    streams = [np.random.default_rng(k) for k in range(3)]
    props = place_scenery(network, spec, Light(), *streams)
    at = {prop.position_m[:2]: prop for prop in props}
    assert at[stop.foot_m].asset_id == "prop.sign_stop"
    shown = at[limit.foot_m]
    assert shown.variant == sign_variant("prop.sign_speed", "C14_maximum_speed_50")
    assert float(yaw_of(shown.quaternion_wxyz)) == pytest.approx(0.3)
