"""What messages say of a lane that a road doesn't have."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scenegen.errors import nearest

LISTED = 30
"""Names of lanes that a message holds; maps have hundreds."""
_PRINTED = "'scenegen list what=lanes scenario=…' prints how far each goes"
_STRIP = re.compile(r"(?:cross_)?(shoulder|parking|sidewalk|verge)_(?:left|right)\w*")
_DRIVING = re.compile(r"(forward|backward)_\d+")
_OTHER_ROADS = re.compile(r"(?!cross_)\w+_(?:forward|backward)_\d+")
_USUAL = (
    *(f"{way}_{k}" for way in ("forward", "backward") for k in range(4)),
    *(
        f"{strip}_{side}"
        for strip in ("shoulder", "parking", "sidewalk")
        for side in ("right", "left")
    ),
    *("verge_right", "verge_left"),
)


def unknown_lane(name: str) -> str:
    """Return the message on a lane whose name can be none of a road without other roads' lanes."""
    if _OTHER_ROADS.fullmatch(name):
        return (
            f"unknown lane {name!r}: this kind of road has no lanes of other roads, but forward_0, "
            "…, backward_0, … and shoulder, parking, sidewalk and verge with _right or _left"
        )
    return f"unknown lane {name!r}{nearest(name, _USUAL)}; {_PRINTED}"


def no_lane(name: str, lanes: Iterable[str]) -> str:
    """Return the message that names the lanes a road has, the nearest first if those are many.

    Parameters
    ----------
    name : str
        The lane, or region, that was asked for.
    lanes : iterable of str
        All that there are.
    """
    known = sorted(lane for lane in lanes if lane)
    hint = nearest(name, known) if len(known) > LISTED else ""
    more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
    shown = ", ".join(known[:LISTED])
    told = f"{hint}{_made_by(name)}; its lanes are {shown}{more}; {_PRINTED}"
    return f"this road has no lane {name!r}{told}"


def _made_by(name: str) -> str:
    """Say which key of the road gives it such a lane, if one does."""
    if name == "crossing_area":
        return " (a 'crossing' has one, and a 'straight' with 'zebra: true')"
    if found := _STRIP.fullmatch(name):
        return f" (a width for 'road.{found[1]}' makes one)"
    if found := _DRIVING.fullmatch(name):
        return f" ('road.lanes_{found[1]}' says how many there are)"
    return ""
