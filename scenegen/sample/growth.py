"""What grows along open roads where nothing else stands: unmown grass and hedgerows."""

from __future__ import annotations

from scenegen.roads import Roadside, field_edges
from scenegen.sample.planter import Planter

_MOST = 120
_TUFTS_M, _TUFTS_DEEP_M = 10.0, 0.9
_GRASSY = 0.24
"""Share of the verge that isn't mown."""
_HEDGEROW_M, _LONGEST = 12.0, 7
"""Length of a piece of hedgerow, and how many follow one another."""


def place_growth(planter: Planter) -> None:
    """Place grass and hedgerows along roads through open land."""
    if planter.spec.surroundings not in ("rural", "motorway", "forest"):
        return
    for _, side in planter.sides(_MOST):
        for edge in field_edges(planter.spec, side):
            _hedgerow(planter, side, edge)
        _verge(planter, side)


def _verge(planter: Planter, side: Roadside) -> None:
    """Place grass beside the gravel, and behind a rail where there is one."""
    d = 1.9 if planter.spec.surroundings == "motorway" else 1.1
    # Where the road rises, long pieces would lie half under the ground.
    length = min(_TUFTS_M, 1.25 * planter.step_m)
    for s in planter.stations(side, length + 0.5, jitter=0.1):
        wanted = planter.rng.random() < _GRASSY
        height = float(planter.rng.choice([0.3, 0.45, 0.6]))
        variant, away = int(planter.rng.integers(4)), float(planter.rng.uniform(0.0, 0.7))
        if wanted:
            size = (length, _TUFTS_DEEP_M, height)
            place = side.place(s, d + away)
            planter.site.add(
                "prop.tall_grass", place, side.along(s), variant=variant, size_m=size, clear_m=0.2
            )


def _hedgerow(planter: Planter, side: Roadside, d: float) -> None:
    """Plant a stretch of wild hedge along the edge of a field now and then."""
    s0, s1 = side.runs[0]
    start = s0 + float(planter.rng.uniform(0.1, 0.7)) * (s1 - s0)
    wanted, pieces = planter.rng.random() < 0.4, int(planter.rng.integers(4, _LONGEST + 1))
    height = float(planter.rng.choice([1.8, 2.4, 3.2]))
    for k in range(pieces):
        variant = int(planter.rng.integers(6))
        s = start + k * _HEDGEROW_M
        if wanted and d < side.depth_m:
            size = (_HEDGEROW_M + 0.6, 2.0, height)
            planter.site.add(
                "prop.woodland", side.place(s, d), side.along(s), variant=variant, size_m=size
            )
