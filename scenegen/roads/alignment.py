"""The reference line in plan and profile, and the map between the plane and (s, t).

Arcs are polygons here: the mesh, the heights and the projections all use the same
chords, so that they agree to the last digit and not only to the sagitta.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from scenegen.errors import InputError
from scenegen.records import RoadSpec
from scenegen.records.base import F64
from scenegen.roads.section import cross_section

EXTENSION_M = 400.0
"""How far the road goes on, straight and level, before its start and after its end."""
ARC_STEP_M = 2.0
CHORD_ERROR_M = 5e-4
"""Greatest distance between a crest and its chords."""


@dataclass(frozen=True)
class Alignment:
    """A reference line: straight, arc, straight in plan; a polygon in profile.

    Attributes
    ----------
    s_m : ndarray, shape (K,)
        Stations in plan, from EXTENSION_M before the start to as far after the end.
    point_m, normal : ndarray, shape (K, 2)
        Position, and direction to the left, at the stations; linear between them.
    bend : (s, radius, angle, segments) or None
        Start, signed radius, total angle and number of chords of the arc.
    profile_s_m, profile_z_m : ndarray, shape (P,)
        Vertices of the profile; empty for a level road.
    """

    length_m: float
    s_m: F64
    point_m: F64
    normal: F64
    bend: tuple[float, float, float, int] | None
    profile_s_m: F64
    profile_z_m: F64

    @property
    def breaks_m(self) -> F64:
        """Stations where the surface bends, in plan or profile."""
        return np.unique(np.concatenate([self.s_m[1:-1], self.profile_s_m]))

    def place(self, s_m: npt.ArrayLike, t_m: npt.ArrayLike) -> F64:
        """Return points (..., 2) of the plane at stations and offsets to the left (...,)."""
        s, t = np.broadcast_arrays(np.asarray(s_m, np.float64), np.asarray(t_m, np.float64))
        x = np.interp(s, self.s_m, self.point_m[:, 0])
        y = np.interp(s, self.s_m, self.point_m[:, 1])
        nx = np.interp(s, self.s_m, self.normal[:, 0])
        ny = np.interp(s, self.s_m, self.normal[:, 1])
        return np.stack([x + t * nx, y + t * ny], axis=-1)

    def left(self, s_m: npt.ArrayLike) -> F64:
        """Return unit vectors (..., 2) to the left at stations (...,)."""
        s = np.asarray(s_m, dtype=np.float64)
        n = np.stack([np.interp(s, self.s_m, self.normal[:, k]) for k in (0, 1)], axis=-1)
        return np.asarray(n / np.linalg.norm(n, axis=-1, keepdims=True))

    def height(self, s_m: npt.ArrayLike) -> F64:
        """Return the profile's heights (...,) at stations (...,)."""
        s = np.asarray(s_m, dtype=np.float64)
        if self.profile_s_m.size == 0:
            return np.zeros_like(s)
        return np.asarray(np.interp(s, self.profile_s_m, self.profile_z_m))

    def slope(self, s_m: npt.ArrayLike) -> F64:
        """Return the smoothed slope (...,) of the profile at stations (...,)."""
        s = np.asarray(s_m, dtype=np.float64)
        if self.profile_s_m.size == 0:
            return np.zeros_like(s)
        slopes = np.gradient(self.profile_z_m, self.profile_s_m)
        slopes[[0, -1]] = 0.0
        return np.asarray(np.interp(s, self.profile_s_m, slopes))

    def project(self, xy: npt.ArrayLike) -> tuple[F64, F64]:
        """Return stations and offsets (...,), (...,) of points (..., 2): `place` inverted.

        Exact within one radius of the line on its inner side.
        """
        p = np.asarray(xy, dtype=np.float64)
        if self.bend is None:
            q = p - self.point_m[0]
            nx, ny = self.normal[0]
            return q[..., 0] * ny - q[..., 1] * nx + self.s_m[0], q[..., 0] * nx + q[..., 1] * ny
        x, y, ahead, aside = self._about_bend(p)
        start, _, angle, chords = self.bend
        r, side, step = self._bend_radius, self._bend_side, angle / chords
        k, inward = self._chord(x, y)
        across = x * self._chord_cos[k] - (r - y) * self._chord_sin[k]
        share = 0.5 + 0.5 * across / (np.maximum(inward, 1e-9) * np.tan(0.5 * step))
        s = np.where(ahead > 0, start + r * angle + ahead, start + (k + share) * r * step)
        t = np.where(ahead > 0, aside, r - inward / np.cos(0.5 * step))
        return np.where(x < 0, x + start, s), side * np.where(x < 0, y, t)

    def offset(self, xy: npt.ArrayLike) -> F64:
        """Return the offsets (...,) to the left of points (..., 2): half of `project`, faster."""
        p = np.asarray(xy, dtype=np.float64)
        if self.bend is None:
            return self.project(p)[1]
        x, y, ahead, aside = self._about_bend(p)
        inward = self._chord(x, y)[1]
        half = 0.5 * self.bend[2] / self.bend[3]
        t = np.where(ahead > 0, aside, self._bend_radius - inward / np.cos(half))
        return np.asarray(self._bend_side * np.where(x < 0, y, t))

    @cached_property
    def _bend_radius(self) -> float:
        return abs(self.bend[1]) if self.bend else np.inf

    @cached_property
    def _bend_side(self) -> float:
        return -1.0 if self.bend and self.bend[1] < 0 else 1.0

    @cached_property
    def _chord_cos(self) -> F64:
        return np.cos(self._chord_angles)

    @cached_property
    def _chord_sin(self) -> F64:
        return np.sin(self._chord_angles)

    @cached_property
    def _chord_angles(self) -> F64:
        _, _, angle, chords = self.bend or (0.0, 0.0, 0.0, 1)
        return np.asarray((np.arange(chords) + 0.5) * (angle / chords))

    def _about_bend(self, p: F64) -> tuple[F64, F64, F64, F64]:
        """Return (x, y) from the arc's start and (ahead, aside) from its end, turned left."""
        start, _, angle, _ = self.bend or (0.0, 0.0, 0.0, 1)
        r, c, s = self._bend_radius, np.cos(angle), np.sin(angle)
        x, y = p[..., 0] - start, self._bend_side * p[..., 1]
        ex, ey = x - r * s, y - r * (1 - c)
        return x, y, ex * c + ey * s, ey * c - ex * s

    def _chord(self, x: F64, y: F64) -> tuple[npt.NDArray[np.int64], F64]:
        """Return the chord abreast of each point, and the distance from the centre towards it."""
        _, _, angle, chords = self.bend or (0.0, 0.0, 0.0, 1)
        to_center = self._bend_radius - y
        k = (np.arctan2(x, to_center) * (chords / angle)).astype(np.int64)
        k = np.minimum(np.maximum(k, 0), chords - 1)
        return k, to_center * self._chord_cos[k] + x * self._chord_sin[k]


def _level(length_m: float, s: F64, point: F64, normal: F64) -> Alignment:
    return Alignment(length_m, s, point, normal, None, np.zeros(0), np.zeros(0))


def straight(origin: tuple[float, float], along_y: bool, length_m: float) -> Alignment:
    """Return a level straight line from a point along +x, or along +y."""
    s = np.array([-EXTENSION_M, length_m + EXTENSION_M])
    direction = np.array([0.0, 1.0] if along_y else [1.0, 0.0])
    left = np.array([-1.0, 0.0] if along_y else [0.0, 1.0])
    return _level(length_m, s, np.array(origin) + s[:, None] * direction, np.array([left, left]))


def _curve(spec: RoadSpec) -> Alignment:
    radius, angle = abs(spec.radius_m), spec.arc_rad
    section = cross_section(spec)
    inner = section.left if spec.radius_m > 0 else section.right
    least = inner.carriageway_m + inner.edge.width_m + 5.0
    if radius < least:
        raise InputError(
            f"road.radius_m is {spec.radius_m:g} m, but the road and its verge reach"
            f" {least - 5.0:.1f} m inward: use at least {least:.1f} m"
        )
    arc = radius * angle
    if arc > spec.length_m:
        raise InputError(
            f"road.length_m is {spec.length_m:g} m, shorter than its arc of {arc:.1f} m"
            " (radius_m * arc_rad)"
        )
    start = 0.5 * (spec.length_m - arc)
    chords = int(np.ceil(arc / ARC_STEP_M))
    theta = np.linspace(0.0, angle, chords + 1)
    side = 1.0 if spec.radius_m > 0 else -1.0
    on_arc = np.stack(
        [start + radius * np.sin(theta), side * radius * (1 - np.cos(theta))], axis=-1
    )
    left = np.stack([-side * np.sin(theta), np.cos(theta)], axis=-1)
    run = start + EXTENSION_M
    ahead = np.array([np.cos(angle), side * np.sin(angle)])
    points = np.concatenate([[[-EXTENSION_M, 0.0]], on_arc, [on_arc[-1] + run * ahead]])
    s = np.concatenate([[-EXTENSION_M], start + radius * theta, [spec.length_m + EXTENSION_M]])
    normals = np.concatenate([left[:1], left, left[-1:]])
    bend = (start, float(spec.radius_m), angle, chords)
    return Alignment(spec.length_m, s, points, normals, bend, np.zeros(0), np.zeros(0))


def _hill(spec: RoadSpec) -> Alignment:
    level = straight((0.0, 0.0), False, spec.length_m)
    if spec.crest_length_m > spec.length_m:
        raise InputError(
            f"road.crest_length_m is {spec.crest_length_m:g} m, longer than the road:"
            f" use at most length_m = {spec.length_m:g} m"
        )
    if spec.crest_m == 0:
        return level
    # Raised cosine: z'' is greatest at the crest, crest/2 * (2 pi / length)^2.
    curvature = 0.5 * spec.crest_m * (2 * np.pi / spec.crest_length_m) ** 2
    step = np.clip(np.sqrt(8 * CHORD_ERROR_M / curvature), 0.5, 4.0)
    share = np.linspace(0.0, 1.0, 2 * int(np.ceil(0.5 * spec.crest_length_m / step)) + 1)
    s = 0.5 * (spec.length_m - spec.crest_length_m) + share * spec.crest_length_m
    z = 0.5 * spec.crest_m * (1 - np.cos(2 * np.pi * share))
    return Alignment(spec.length_m, level.s_m, level.point_m, level.normal, None, s, z)


@lru_cache(maxsize=16)
def main_alignment(spec: RoadSpec) -> Alignment:
    """Return the reference line of the ego's road.

    Raises
    ------
    InputError
        The arc or the crest doesn't fit the length, or the arc is tighter than the road.
    """
    if spec.kind == "curve":
        return _curve(spec)
    if spec.kind == "hill":
        return _hill(spec)
    return straight((0.0, 0.0), False, spec.length_m)
