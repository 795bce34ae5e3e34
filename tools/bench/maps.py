"""What sampling asks of roads that are maps, beside building them: CPU seconds for a new geometry.

Every road differs from all others by a number, as where road parameters are drawn, so nothing is
known from before. The ways take turns, road by road, and what they find has to be the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from bench.figures import Figure
from scenegen.records import RoadSpec
from scenegen.roads.layouts import map_of
from scenegen.roads.map.network import map_lane, map_lanes, map_shape

_T = TypeVar("_T")
ROADS = 7
BAR = 10.0
Maker = Callable[[float], RoadSpec]
KINDS: dict[str, tuple[Maker, tuple[str, str]]] = {
    "roundabout": (
        lambda share: RoadSpec(
            kind="roundabout", inscribed_diameter_m=30.0 + 8.0 * share, sidewalk_m=2.0, zebra=True
        ),
        ("forward_0", "arm_3_backward_0"),
    ),
    "motorway": (
        lambda share: RoadSpec(
            kind="motorway",
            length_m=860.0 + 140.0 * share,
            lanes_forward=2,
            lanes_backward=0,
            shoulder_m=2.5,
            surroundings="motorway",
        ),
        ("forward_1", "entry_ramp_forward_0"),
    ),
    "T-junction": (
        lambda share: RoadSpec(
            kind="t_junction", length_m=200.0 + 40.0 * share, sidewalk_m=2.0, zebra=True
        ),
        ("forward_0", "side_backward_0"),
    ),
}
"""How a road of each kind is made from a share, and the lanes that bodies are placed in."""


def run() -> list[Figure]:
    """Time what a draw asks of a map: two lanes, all lanes, and the whole of it."""
    figures = []
    for kind, (make, names) in KINDS.items():
        _timed(make(2.0), names)
        spent = np.median([_timed(make(k / ROADS), names) for k in range(ROADS)], axis=0)
        two, every, whole = (1000.0 * spent).tolist()
        figures += [
            Figure("maps", f"{kind}: two lanes", two, "ms"),
            Figure("maps", f"{kind}: all lanes", every, "ms"),
            Figure("maps", f"{kind}: with its mesh", whole, "ms"),
            Figure("maps", f"{kind}: two lanes are faster", whole / two, "x", BAR, "at least"),
        ]
    return figures


def _timed(spec: RoadSpec, names: tuple[str, str]) -> tuple[float, float, float]:
    """Return CPU seconds for two lanes, all lanes and the whole of a road, each from nothing."""
    two, few = _alone(lambda: [map_lane(spec, name) for name in names])
    every, lanes = _alone(lambda: map_lanes(spec))
    whole, shape = _alone(lambda: map_shape(spec))
    for name, lane in zip(names, few, strict=True):
        if lane is None or lane.centre.tobytes() != lanes[name].centre.tobytes():
            raise SystemExit(f"{spec.kind}: lane {name} by itself differs from that among all")
        if lane.centre.tobytes() != shape.network.lane(name).centre.tobytes():
            raise SystemExit(f"{spec.kind}: lane {name} differs from that of the mesh")
    return two, every, whole


def _alone(ask: Callable[[], _T]) -> tuple[float, _T]:
    map_of.cache_clear()
    start = time.process_time()
    found = ask()
    return time.process_time() - start, found
