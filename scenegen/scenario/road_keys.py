"""Which keys of ``road`` each kind of road knows; what it doesn't know would be lost in silence."""

from __future__ import annotations

from collections.abc import Iterator

from scenegen.records import SWEPT
from scenegen.scenario.document import ROAD_KINDS, RoadEntry

_PROCEDURAL = tuple(kind for kind in ROAD_KINDS if kind != "opendrive")
_PLAIN = tuple(kind for kind in ROAD_KINDS if kind in SWEPT)

KNOWN_BY: dict[str, tuple[str, ...]] = {
    "kind": ROAD_KINDS,
    "surroundings": ROAD_KINDS,
    "file": ("opendrive",),
    **dict.fromkeys(("length", "lanes_forward", "lanes_backward", "lane_width"), _PROCEDURAL),
    **dict.fromkeys(("shoulder", "verge", "speed_limit"), _PROCEDURAL),
    "sidewalk": tuple(kind for kind in _PROCEDURAL if kind != "motorway"),
    "parking": (*_PLAIN, "t_junction", "work_zone", "level_crossing", "parking_street"),
    **dict.fromkeys(("radius", "arc"), ("curve", "rural")),
    **dict.fromkeys(("crest", "crest_length"), ("hill", "rural")),
    **dict.fromkeys(("kerb_lines", "bays", "cycle_symbols"), _PLAIN),
    "signals": ("crossing", "t_junction", "level_crossing"),
    "zebra": ("straight", "crossing", "t_junction", "roundabout"),
    "side": ("t_junction", "work_zone", "level_crossing"),
    **dict.fromkeys(("side_lanes", "corner_radius"), ("t_junction",)),
    "priority": ("crossing", "t_junction"),
    "arm_length": ("t_junction", "roundabout", "level_crossing"),
    "arm_angle": ("t_junction", "level_crossing", "bridge"),
    **dict.fromkeys(("arms", "inscribed_diameter"), ("roundabout",)),
    **dict.fromkeys(("bends", "layout"), ("rural",)),
    **dict.fromkeys(("ramps", "ramp_lane"), ("motorway",)),
    **dict.fromkeys(("closed_lanes", "works", "works_lane"), ("work_zone",)),
    "bay_angle": ("parking_street",),
    **dict.fromkeys(("tracks", "barriers"), ("level_crossing",)),
    "tunnel": ("tunnel",),
    "headroom": ("tunnel", "bridge"),
    "level": ("bridge",),
}
"""By key the kinds of road that it changes something about."""


def lost_keys(road: RoadEntry, kinds: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield each key that is given and that no kind knows which may be drawn, with a message.

    Parameters
    ----------
    road : RoadEntry
    kinds : frozenset of str
        Every kind that the road can be of.
    """
    for key, known in KNOWN_BY.items():
        if getattr(road, key) is None or not kinds or kinds & set(known):
            continue
        yield (
            key,
            f"a road of kind {' or '.join(sorted(kinds))} has no use for {key!r}, which goes with "
            f"{', '.join(known)}: leave it out, or change 'kind'",
        )
