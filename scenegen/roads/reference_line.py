"""Reference lines of OpenDRIVE: where a station lies, which way it looks, and back from the plane.

A road's line is a chain of straights, arcs, clothoids and parametric cubics; stations run along
its plan. Beyond both ends it goes on straight and level, so that nothing here has a border.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from scenegen.records.base import F64
from scenegen.records.road_map import Cubic, Geometry, MapRoad
from scenegen.roads.curves import Curve, trace

_SEARCH_STEP_M = 1.0
_ITERATIONS = 12


@dataclass(frozen=True)
class Frames:
    """The reference line at stations.

    Attributes
    ----------
    xy_m : ndarray, shape (..., 2)
    heading_rad : ndarray, shape (...,)
        Not wrapped: it goes on counting through full turns, unless the pieces' own headings don't.
    curvature_1pm : ndarray, shape (...,)
        Positive where the road turns left.
    stretch : ndarray, shape (...,)
        Metres of plan for a metre of station: 1 but in parametric cubics, which are only
        nearly parametrised by their length.
    """

    xy_m: F64
    heading_rad: F64
    curvature_1pm: F64
    stretch: F64

    @property
    def ahead(self) -> F64:
        """Unit vectors (..., 2) along the road."""
        return np.stack([np.cos(self.heading_rad), np.sin(self.heading_rad)], axis=-1)

    @property
    def left(self) -> F64:
        """Unit vectors (..., 2) to the left."""
        return np.stack([-np.sin(self.heading_rad), np.cos(self.heading_rad)], axis=-1)


def value_at(cubics: Sequence[Cubic], d_m: npt.ArrayLike) -> F64:
    """Return piecewise cubics (...,) at distances (...,); 0 where none has begun."""
    return _cubics(cubics, d_m, 0)


def slope_at(cubics: Sequence[Cubic], d_m: npt.ArrayLike) -> F64:
    """Return the derivative (...,) of piecewise cubics at distances (...,)."""
    return _cubics(cubics, d_m, 1)


def _cubics(cubics: Sequence[Cubic], d_m: npt.ArrayLike, derivative: int) -> F64:
    d = np.asarray(d_m, dtype=np.float64)
    if not cubics:
        return np.zeros_like(d)
    table = np.array([(p.s_m, p.a, p.b, p.c, p.d) for p in cubics])
    k = np.searchsorted(table[:, 0], d, side="right") - 1
    s, a, b, c, e = table.T[:, np.maximum(k, 0)]
    x = d - s
    value = a + x * (b + x * (c + x * e)) if derivative == 0 else b + x * (2 * c + 3 * x * e)
    return np.asarray(np.where(k >= 0, value, 0.0))


def frames(road: MapRoad, s_m: npt.ArrayLike) -> Frames:
    """Return the reference line at stations (...,)."""
    s = np.asarray(s_m, dtype=np.float64)
    flat = s.ravel()
    inside = np.clip(flat, road.geometries[0].s_m, road.length_m)
    starts = np.array([g.s_m for g in road.geometries])
    owner = np.maximum(np.searchsorted(starts, inside, side="right") - 1, 0)
    out = np.zeros((5, flat.size))
    for k in np.unique(owner):
        here = owner == k
        out[:, here] = _piece(road.geometries[k], inside[here])
    x, y, heading, curvature, stretch = out
    beyond = flat - inside
    x, y = x + beyond * np.cos(heading), y + beyond * np.sin(heading)
    outside = beyond != 0
    return Frames(
        np.stack([x, y], axis=-1).reshape(*s.shape, 2),
        heading.reshape(s.shape),
        np.where(outside, 0.0, curvature).reshape(s.shape),
        np.where(outside, 1.0, stretch).reshape(s.shape),
    )


def _piece(geometry: Geometry, s: F64) -> tuple[F64, F64, F64, F64, F64]:
    local: Curve = trace(geometry, s - geometry.s_m)
    cos, sin = np.cos(geometry.heading_rad), np.sin(geometry.heading_rad)
    return (
        geometry.x_m + cos * local.u - sin * local.v,
        geometry.y_m + sin * local.u + cos * local.v,
        geometry.heading_rad + local.heading_rad,
        local.curvature_1pm,
        local.stretch,
    )


def elevation(road: MapRoad, s_m: npt.ArrayLike) -> F64:
    """Return the reference line's heights (...,) in m at stations (...,)."""
    return value_at(road.elevation, np.clip(s_m, 0.0, road.length_m))


def gradient(road: MapRoad, s_m: npt.ArrayLike) -> F64:
    """Return the slope dz/ds (...,) of the reference line; 0 beyond its ends."""
    s = np.asarray(s_m, dtype=np.float64)
    slope = slope_at(road.elevation, np.clip(s, 0.0, road.length_m))
    return np.asarray(np.where((s < 0) | (s > road.length_m), 0.0, slope))


def roll(road: MapRoad, s_m: npt.ArrayLike) -> F64:
    """Return the superelevation (...,) in rad; positive where the left side is higher."""
    return value_at(road.superelevation, np.clip(s_m, 0.0, road.length_m))


def place(road: MapRoad, s_m: npt.ArrayLike, t_m: npt.ArrayLike) -> F64:
    """Return points (..., 2) of the plane at stations and offsets to the left (...,).

    Offsets are measured along the rolled cross-section, as OpenDRIVE does, so that a banked
    road is narrower in plan.
    """
    s, t = np.broadcast_arrays(np.asarray(s_m, np.float64), np.asarray(t_m, np.float64))
    at = frames(road, s)
    return at.xy_m + (t * np.cos(roll(road, s)))[..., None] * at.left


def stations(road: MapRoad, step_m: float, extra_m: Sequence[float] = ()) -> F64:
    """Return stations (K,) over the whole road, at every geometry's start and at most a step apart.

    Parameters
    ----------
    step_m : float
    extra_m : sequence of float
        More stations that must be among them (those outside of the road are left out).
    """
    fixed = [g.s_m for g in road.geometries] + [x for x in extra_m if 0.0 < x < road.length_m]
    corners = np.unique(np.clip([0.0, *fixed, road.length_m], 0.0, road.length_m))
    counts = np.maximum(np.ceil(np.diff(corners) / step_m), 1).astype(int)
    parts = [
        np.linspace(a, b, n, endpoint=False)
        for a, b, n in zip(corners[:-1], corners[1:], counts, strict=True)
    ]
    return np.concatenate([*parts, corners[-1:]])


def project(road: MapRoad, xy: npt.ArrayLike) -> tuple[F64, F64]:
    """Return stations and offsets (...,), (...,) of points (..., 2): `place` inverted.

    The nearest point of the reference line counts. Points before its start have negative
    stations, points beyond its end greater ones than its length.
    """
    p = np.asarray(xy, dtype=np.float64)
    points = p.reshape(-1, 2)
    known = stations(road, _SEARCH_STEP_M)
    nearest = cKDTree(frames(road, known).xy_m).query(points)[1]
    low = np.where(nearest == 0, -np.inf, known[np.maximum(nearest - 1, 0)])
    last = len(known) - 1
    high = np.where(nearest == last, np.inf, known[np.minimum(nearest + 1, last)])
    s = known[nearest]
    for _ in range(_ITERATIONS):
        at = frames(road, s)
        away = points - at.xy_m
        along = np.einsum("ij,ij->i", away, at.ahead)
        aside = np.einsum("ij,ij->i", away, at.left)
        # Newton's step; inside the centre of curvature there is no foot to step to.
        pace = at.stretch * np.maximum(1.0 - at.curvature_1pm * aside, 0.2)
        before, s = s, np.clip(s + along / pace, low, high)
        if np.array_equal(before, s):
            break
    at = frames(road, s)
    t = np.einsum("ij,ij->i", points - at.xy_m, at.left) / np.cos(roll(road, s))
    return s.reshape(p.shape[:-1]), t.reshape(p.shape[:-1])
