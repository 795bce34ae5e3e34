"""Words of OpenDRIVE and what they are called here: lanes, marks, signals, objects, units."""

from __future__ import annotations

import re
from typing import get_args

from scenegen.records.road_map import LaneType

LANES: dict[str, str] = {
    **{word: word for word in get_args(LaneType)},
    # Kinds that only some vehicles may use, or that later editions renamed.
    "taxi": "bus",
    "HOV": "driving",
    "mwyEntry": "entry",
    "mwyExit": "exit",
    "slipLane": "driving",
    "shared": "bidirectional",
    "special1": "none",
    "special2": "none",
    "special3": "none",
    "roadWorks": "restricted",
}
"""Lane types of OpenDRIVE 1.4 to 1.8."""
MARKS: dict[str, str] = {
    "none": "none",
    "solid": "solid",
    "broken": "broken",
    "solid solid": "solid solid",
    "solid broken": "solid broken",
    "broken solid": "broken solid",
    "broken broken": "broken broken",
    "botts dots": "broken",
    "grass": "none",
    "curb": "none",
    "edge": "none",
    "custom": "none",
}
COLORS: dict[str, str] = {
    "standard": "white",
    "white": "white",
    "yellow": "yellow",
    "orange": "yellow",
    "red": "white",
    "blue": "white",
    "green": "white",
    "violet": "white",
    "black": "white",
}
SAME_COLORS = ("standard", "white", "yellow")
MPS: dict[str, float] = {"m/s": 1.0, "km/h": 1 / 3.6, "mph": 0.44704}

OBJECTS: dict[str, str] = {
    "crosswalk": "crosswalk",
    "barrier": "barrier",
    "guardRail": "barrier",
    "railing": "barrier",
    "soundBarrier": "barrier",
    "wall": "barrier",
    "fence": "barrier",
    "trafficIsland": "island",
    "parkingSpace": "parking_space",
}
_STOP_LINE = re.compile(r"stop[ _-]?line", re.IGNORECASE)

_LIGHTS_TO_WALK_BY = {"1000002", "1000007"}
_SIGNS = {
    # Germany's StVO, which OpenDRIVE's own examples and many tools use for any country.
    "206": "stop",
    "205": "give_way",
    "274": "speed_limit",
    "150": "level_crossing",
    "151": "level_crossing",
    "201": "level_crossing",
    # The United States' MUTCD.
    "R1-1": "stop",
    "R1-2": "give_way",
    "R2-1": "speed_limit",
    "R15-1": "level_crossing",
    "W10-1": "level_crossing",
}


def signal_kind(code: str) -> str:
    """Return what a signal's type means: `MapSignal.kind`."""
    if re.fullmatch(r"10000\d\d", code):
        return "walk_light" if code in _LIGHTS_TO_WALK_BY else "traffic_light"
    return _SIGNS.get(code.partition(".")[0], "other")


def object_kind(word: str, name: str, subtype: str) -> str:
    """Return what an object's type means: `MapObject.kind`."""
    if word in ("roadMark", "stopLine") and any(
        _STOP_LINE.search(text) for text in (name, subtype, word)
    ):
        return "stop_line"
    return OBJECTS.get(word, "other")
