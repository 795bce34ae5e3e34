"""Sums of piecewise cubics: borders out of widths, and widths out of borders."""

from __future__ import annotations

from collections.abc import Sequence

from scenegen.records.road_map import Cubic


def begun(cubics: Sequence[Cubic], d_m: float) -> Cubic:
    """Return the cubic that holds from a distance on, as one that begins there."""
    holding = [cubic for cubic in cubics if cubic.s_m <= d_m]
    if not holding:
        return Cubic(s_m=d_m)
    p = holding[-1]
    x = d_m - p.s_m
    return Cubic(
        s_m=d_m,
        a=p.a + x * (p.b + x * (p.c + x * p.d)),
        b=p.b + x * (2 * p.c + 3 * x * p.d),
        c=p.c + 3 * x * p.d,
        d=p.d,
    )


def combine(
    first: Sequence[Cubic], second: Sequence[Cubic], factors: tuple[float, float]
) -> tuple[Cubic, ...]:
    """Return a weighted sum of two piecewise cubics, cut where either has a piece of its own."""
    p, q = factors
    pieces = []
    for at in sorted({cubic.s_m for cubic in (*first, *second)}):
        one, two = begun(first, at), begun(second, at)
        pieces.append(
            Cubic(
                s_m=at,
                a=p * one.a + q * two.a,
                b=p * one.b + q * two.b,
                c=p * one.c + q * two.c,
                d=p * one.d + q * two.d,
            )
        )
    return tuple(pieces)
