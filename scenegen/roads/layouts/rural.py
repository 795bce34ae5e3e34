"""A winding country road: straights, clothoids and arcs in plan, crests and sags in profile.

RAL 2012 (FGSV 201): clothoid parameters A between R/3 and R (section 5.2.3; here R/2), gradients
up to 6.5 % on roads of class EKL 3 and 8 % on EKL 4 (table 15), crossfall from 2.5 % on straights
to 7 % in tight bends (section 5.6.2). Overtaking is forbidden by a solid line in bends whose
inside hides the road: those tighter than 300 m here.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan

import numpy as np

from scenegen.errors import InputError
from scenegen.records import RoadSpec
from scenegen.records.road_map import Cubic, LaneSection, Line, MapRoad, RoadMap, RoadMark
from scenegen.roads.layouts.drawing import Piece, Pose, bend, blend, draw, length_of
from scenegen.roads.layouts.strips import section, side, widths_of

CLOTHOID_SHARE = 0.25
"""Length of a clothoid over the radius: (A / R)² with A = R / 2."""
STRAIGHT_M = 20.0
"""Least length between two bends."""
STEEPEST = 0.12
SOLID_BELOW_M = 300.0
BANKED, LEVEL_M, STEEP_M = (0.025, 0.07), 800.0, 120.0
"""Crossfalls, and the radii from which on they hold; in between they follow the curvature."""


@dataclass(frozen=True)
class Bend:
    """A bend and the straight before it."""

    before_m: float
    radius_m: float
    angle_rad: float

    @property
    def clothoid_m(self) -> float:
        """Length of each of its clothoids."""
        return min(CLOTHOID_SHARE, 0.8 * abs(self.angle_rad)) * self.radius_m

    @property
    def length_m(self) -> float:
        """Length of the bend without the straight."""
        return self.radius_m * abs(self.angle_rad) + self.clothoid_m


def rural(spec: RoadSpec) -> RoadMap:
    """Return a winding road that starts along +x and keeps within half of `arc_rad` of it.

    Raises
    ------
    InputError
        The bends don't fit the length, are too tight, or the profile is too steep.
    """
    bends = bends_of(spec)
    last = spec.length_m - sum(b.before_m + b.length_m for b in bends)
    pieces: list[Piece] = []
    for each in bends:
        pieces.append((each.before_m, Line()))
        pieces += bend(each.radius_m, each.angle_rad, each.clothoid_m)
    geometries, _ = draw(Pose(0.0, 0.0), [*pieces, (last, Line())])
    road = MapRoad(
        id="1",
        length_m=length_of(geometries),
        speed_mps=spec.speed_limit_mps,
        geometries=geometries,
        elevation=profile(spec),
        superelevation=_banking(bends),
        sections=(_lanes(spec, bends),),
    )
    return RoadMap(name="rural", roads=(road,))


def bends_of(spec: RoadSpec) -> tuple[Bend, ...]:
    """Return the bends, to alternate sides; each `layout` gives other radii and angles."""
    count, shares = spec.bends, _shares(spec)
    radii = abs(spec.radius_m) * (0.75 + 0.5 * shares[0])
    # Headings after each bend, to the left and right by turns.
    headings = 0.5 * spec.arc_rad * (0.6 + 0.4 * shares[1])
    headings *= np.where(np.arange(count) % 2 == 0, 1.0, -1.0) * np.sign(spec.radius_m)
    angles = np.diff(headings, prepend=0.0)
    tightest = _tightest(spec)
    if count and radii.min() < tightest:
        raise InputError(
            f"road.radius_m is {spec.radius_m:g} m and the tightest of the bends"
            f" {radii.min():.0f} m, but the road is {tightest:.0f} m wide on one side: use a"
            f" radius of at least {np.ceil(tightest / 0.75):g} m"
        )
    bent = [Bend(0.0, float(r), float(a)) for r, a in zip(radii, angles, strict=True)]
    spare = spec.length_m - sum(b.length_m for b in bent)
    if spare < STRAIGHT_M * (count + 1):
        raise InputError(
            f"road.length_m is {spec.length_m:g} m, but {count} bends take"
            f" {spec.length_m - spare:.0f} m and the straights between them"
            f" {STRAIGHT_M * (count + 1):.0f} m: use a greater length, or fewer bends, a smaller"
            " radius_m or a smaller arc_rad"
        )
    weights = 0.5 + np.append(shares[2], 0.5)
    free = (spare - STRAIGHT_M * (count + 1)) * weights / weights.sum()
    return tuple(
        Bend(STRAIGHT_M + float(more), b.radius_m, b.angle_rad)
        for b, more in zip(bent, free[:-1], strict=True)
    )


def _shares(spec: RoadSpec) -> np.ndarray:
    """Return three even spreads (3, bends) over 0 to 1, shifted by the number of the layout."""
    steps = np.sqrt(np.array([2.0, 3.0, 5.0]))[:, None]
    return np.asarray(((np.arange(spec.bends) + 1.0 + 7.0 * spec.layout) * steps) % 1.0)


def _tightest(spec: RoadSpec) -> float:
    """Return the least radius of the reference line inside which the road has room."""
    sides = (widths_of(spec, n, parking=False) for n in (spec.lanes_forward, spec.lanes_backward))
    return max(w.outer_m for w in sides) + spec.verge_m + 5.0


def profile(spec: RoadSpec) -> tuple[Cubic, ...]:
    """Return crests and sags by turns, `crest_length_m` from one crest to the next."""
    if spec.crest_m == 0:
        return ()
    half = 0.5 * spec.crest_length_m
    steepest = 1.5 * spec.crest_m / half
    if steepest > STEEPEST:
        raise InputError(
            f"road.crest_m is {spec.crest_m:g} m over a crest_length_m of"
            f" {spec.crest_length_m:g} m, a slope of {steepest:.0%}: use a crest of at most"
            f" {STEEPEST * half / 1.5:.1f} m or a length of at least"
            f" {3.0 * spec.crest_m / STEEPEST:.0f} m"
        )
    count = int(np.ceil(spec.length_m / half))
    shares = _spread(spec, count)
    heights = spec.crest_m * np.where(np.arange(count + 1) % 2, 0.6 + 0.4 * shares, 0.2 * shares)
    heights -= heights[0]
    return tuple(
        cubic
        for k in range(count)
        for cubic in blend(half, float(heights[k]), float(heights[k + 1]), k * half)
    )


def _spread(spec: RoadSpec, count: int) -> np.ndarray:
    return np.asarray(((np.arange(count + 1) + 3.0 * spec.layout) * np.sqrt(7.0)) % 1.0)


def _banking(bends: tuple[Bend, ...]) -> tuple[Cubic, ...]:
    """Return the roll: inward in bends, none on straights, changing along the clothoids."""
    found, s = [Cubic()], 0.0
    for each in bends:
        s += each.before_m
        share = np.clip(
            (1.0 / each.radius_m - 1.0 / LEVEL_M) / (1.0 / STEEP_M - 1.0 / LEVEL_M), 0.0, 1.0
        )
        fall = atan(BANKED[0] + float(share) * (BANKED[1] - BANKED[0]))
        # The outside of the bend is higher; positive is the left side.
        roll = -fall if each.angle_rad > 0 else fall
        end = s + each.length_m - each.clothoid_m
        found += [*blend(each.clothoid_m, 0.0, roll, s), Cubic(s_m=s + each.clothoid_m, a=roll)]
        found += [*blend(each.clothoid_m, roll, 0.0, end), Cubic(s_m=end + each.clothoid_m)]
        s += each.length_m
    return tuple(found)


def _lanes(spec: RoadSpec, bends: tuple[Bend, ...]) -> LaneSection:
    sides = [
        side(widths_of(spec, n, parking=False)) for n in (spec.lanes_backward, spec.lanes_forward)
    ]
    here = section(0.0, spec.length_m, sides[0], sides[1], "none", links=False)
    if spec.lanes_backward == 0:
        return here
    marks, s = [RoadMark(type="broken")], 0.0
    for each in bends:
        s += each.before_m
        if each.radius_m < SOLID_BELOW_M:
            marks += [
                RoadMark(s_m=s, type="solid"),
                RoadMark(s_m=s + each.length_m, type="broken"),
            ]
        s += each.length_m
    lanes = tuple(
        lane.model_copy(update={"marks": tuple(marks)}) if lane.id == 0 else lane
        for lane in here.lanes
    )
    return here.model_copy(update={"lanes": lanes})
