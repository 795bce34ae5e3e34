"""Keys of a road that its kind knows change it, and no others do: both are tried on real roads."""

from typing import get_args

import numpy as np
import pytest

from scenegen.errors import InputError
from scenegen.records import SWEPT, RoadNetwork, RoadSpec, SignalPlan
from scenegen.roads import build_network
from scenegen.roads.layouts import map_of
from scenegen.scenario.document import RoadEntry
from scenegen.scenario.road_keys import KNOWN_BY

FIELDS = {
    "arc": "arc_rad",
    "arm_angle": "arm_rad",
    "bay_angle": "bay_rad",
    "speed_limit": "speed_limit_mps",
}
OTHER = {
    **{"length": 31.0, "lanes_forward": 3, "lanes_backward": 2, "lane_width": 3.5, "shoulder": 1.0},
    **{"parking": 5.5, "sidewalk": 2.0, "verge": 4.0, "speed_limit": 20.0, "surroundings": "rural"},
    **{"radius": 250.0, "arc": 0.5, "crest": 2.0, "crest_length": 200.0, "zebra": True},
    **{"signals": SignalPlan(mode="closed"), "kerb_lines": "double", "bays": True, "side": "left"},
    **{"cycle_symbols": True, "side_lanes": 2, "arm_length": 70.0, "arm_angle": 1.3, "arms": 5},
    **{"corner_radius": 12.0, "inscribed_diameter": 40.0, "bends": 2, "layout": 3, "tracks": 2},
    **{"ramps": "exit", "ramp_lane": 200.0, "closed_lanes": 2, "works": 90.0, "works_lane": 3.0},
    **{"bay_angle": 1.0, "barriers": "open", "tunnel": 150.0, "headroom": 5.5, "level": "under"},
    "priority": "stop",
}
BASES = {
    "straight": {},
    "curve": {"length_m": 400.0},
    "hill": {},
    "crossing": {},
    "t_junction": {"length_m": 240.0},
    "roundabout": {"length_m": 240.0},
    "motorway": {"length_m": 1000.0, "lanes_backward": 0, "lanes_forward": 2},
    "work_zone": {"length_m": 460.0, "lanes_forward": 3, "closed_lanes": 1, "lanes_backward": 0},
    "level_crossing": {"length_m": 240.0},
    "tunnel": {},
    "bridge": {"length_m": 500.0},
    "rural": {"length_m": 900.0},
    "parking_street": {"length_m": 200.0},
}


def _field(key: str) -> str:
    return next(n for n in (FIELDS.get(key), key, f"{key}_m") if n in RoadSpec.model_fields)


# What tells these apart is in meshes and props, which maps don't hold.
UNSEEN = {"surroundings", "verge", "signals", "barriers"}

# Lines along kerbs and of bays need kerbs and bays.
IN_TOWN = {"kerb_lines": {"sidewalk_m": 2.5}, "bays": {"parking_m": 2.3}}


def _looks(network: RoadNetwork) -> str:
    """Return all that can be seen of a road and driven on, as one text."""
    surfaces = [
        [np.asarray(value).tobytes() for value in vars(surface).values()]
        for surface in network.surfaces
    ]
    lanes = [
        (a.id, a.kind, a.centre.tobytes(), a.width_m, a.speed_limit_mps, a.successors)
        for a in network.lanes.values()
    ]
    lines = [(a.id, a.points.tobytes(), a.type, a.color, a.width_m) for a in network.lines]
    return repr((surfaces, lanes, lines, network.signals, network.yields))


def _made(kind: str, **other: object) -> str:
    """Return what makes a road: its network, or the map that its network is built from."""
    spec = RoadSpec.model_validate({"kind": kind, **BASES[kind], **other})
    return _looks(build_network(spec)) if kind in SWEPT else repr(map_of(spec))


def _lost(kind: str) -> dict[str, object]:
    keys = [key for key, kinds in KNOWN_BY.items() if kind not in kinds and key != "file"]
    return {_field(key): OTHER[key] for key in keys}


def test_every_key_is_listed() -> None:
    assert set(KNOWN_BY) == set(RoadEntry.model_fields)
    kinds = set(get_args(RoadSpec.model_fields["kind"].annotation))
    assert set().union(*KNOWN_BY.values()) == kinds


@pytest.mark.parametrize("kind", BASES)
def test_keys_that_a_kind_does_not_know_change_nothing(kind: str) -> None:
    assert _made(kind, **_lost(kind)) == _made(kind)


@pytest.mark.slow
@pytest.mark.parametrize("kind", BASES)
def test_nor_do_they_change_the_mesh(kind: str) -> None:
    whole = [RoadSpec(kind=kind, **BASES[kind], **more) for more in ({}, _lost(kind))]
    assert _looks(build_network(whole[0])) == _looks(build_network(whole[1]))


@pytest.mark.parametrize("kind", BASES)
def test_keys_that_a_kind_knows_change_it(kind: str) -> None:
    plain = _made(kind)
    for key in [key for key in OTHER if kind in KNOWN_BY[key] and key not in UNSEEN]:
        value = OTHER[key]
        if key == "length":
            value = BASES[kind].get("length_m", 300.0) + value
        if key == "lanes_forward" and kind == "work_zone":
            value = 2
        if key in IN_TOWN:
            assert _made(kind, **{**IN_TOWN[key], key: value}) != _made(kind, **IN_TOWN[key])
            continue
        try:
            assert _made(kind, **{_field(key): value}) != plain, key
        except InputError:
            continue  # It is refused, so it is not lost in silence.
