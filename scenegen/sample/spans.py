"""What is stretched above roads: cables from pole to pole, and gantries."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenegen.assets import get
from scenegen.geometry import apply, pose
from scenegen.records import Prop
from scenegen.records.base import Vec3
from scenegen.roads import Roadside
from scenegen.sample.planter import Planter

LONGEST_SPAN_M = 95.0
_LEG_M = 1.9
"""Distance of a gantry's legs from the carriageway: behind the rail."""
_BEAM_M = 5.6
"""Height of a beam's underside."""


def _top(prop: Prop) -> Vec3:
    """Return where a utility pole holds its cables, world."""
    held = get(prop.asset_id, prop.variant).anchors["wires"]
    x, y, z = apply(pose(prop.position_m, prop.quaternion_wxyz), np.array([held]))[0].tolist()
    return (x, y, z)


def string_cables(planter: Planter, poles: list[Prop]) -> None:
    """Hang cables between poles that follow each other and are not too far apart."""
    for a, b in pairwise([_top(pole) for pole in poles]):
        span = float(np.linalg.norm(np.subtract(b, a)))
        if span <= LONGEST_SPAN_M:
            planter.site.hang("prop.cables", (a, b), (round(span, 2), 1.6, 1.0), 0)


def utility_line(planter: Planter, side: Roadside, spacing_m: float, d: float) -> None:
    """Place poles along a side, with their cables."""
    first = len(planter.site.props)
    variant = int(planter.rng.integers(4))
    for s in planter.stations(side, spacing_m, jitter=0.2):
        planter.site.add("prop.utility_pole", side.place(s, d), side.along(s), variant=variant)
    string_cables(planter, planter.site.props[first:])


def gantry(planter: Planter, right: Roadside, left: Roadside, s: float) -> bool:
    """Set a gantry across a carriageway, facing its traffic; say whether its legs found room."""
    site = planter.site
    feet = [side.place(s, _LEG_M) for side in (right, left)]
    heading = right.along(s) + np.pi
    before = len(site.props)
    standing = [site.add("prop.gantry_leg", xy, heading) for xy in feet]
    if not all(standing):
        del site.props[before:]
        return False
    z = max(prop.position_m[2] for prop in site.props[before:]) + _BEAM_M
    width = float(np.hypot(feet[1][0] - feet[0][0], feet[1][1] - feet[0][1])) + 0.3
    # A beam's x axis is the way its boards face.
    x, y = 0.5 * (feet[0][0] + feet[1][0]), 0.5 * (feet[0][1] + feet[1][1])
    ahead = (np.cos(heading), np.sin(heading))
    ends: tuple[Vec3, Vec3] = (
        (x - float(ahead[0]), y - float(ahead[1]), z),
        (x + float(ahead[0]), y + float(ahead[1]), z),
    )
    site.hang("prop.gantry", ends, (1.0, round(width, 1), 1.0), int(planter.rng.integers(6)))
    return True
