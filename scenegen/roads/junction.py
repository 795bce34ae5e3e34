"""A crossing at right angles: arms, rounded corners, and the heights between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scenegen.records import RoadSpec
from scenegen.records.base import F64
from scenegen.roads.section import Edge, Section, cross_section
from scenegen.roads.sweep import snap

CORNER_RADIUS_M = 6.0
CORNER_CHORDS = 10


@dataclass(frozen=True)
class Junction:
    """Where two roads of one cross-section meet.

    Attributes
    ----------
    center_m : (2,)
        Where the reference lines cross.
    west_m, east_m, south_m, north_m : float
        Distances from there to the edges of the carriageways.
    edge : Edge
        Profile beyond the carriageways, the same on all sides.
    radius_m : float
        Of the carriageway's rounded corners.
    """

    center_m: tuple[float, float]
    west_m: float
    east_m: float
    south_m: float
    north_m: float
    edge: Edge
    radius_m: float

    def outward(self, xy: F64) -> tuple[F64, F64, F64, F64]:
        """Return distances (u, v) beyond both carriageways and the signs of the quadrant."""
        x, y = xy[..., 0] - self.center_m[0], xy[..., 1] - self.center_m[1]
        sx, sy = np.where(x > 0, 1.0, -1.0), np.where(y > 0, 1.0, -1.0)
        u = sx * x - np.where(x > 0, self.east_m, self.west_m)
        v = sy * y - np.where(y > 0, self.north_m, self.south_m)
        return u, v, sx, sy

    def distance(self, xy: F64) -> F64:
        """Return distances (...,) outward from the carriageway; negative upon it."""
        u, v, _, _ = self.outward(xy)
        d = np.array(np.minimum(u, v))  # of a single point too something to assign to
        r = self.radius_m
        corner = (d > 0) & (np.maximum(u, v) < r)
        if corner.any():
            d[corner] = self._round(r - u[corner], r - v[corner])[0]
        return d

    def _round(self, a: F64, b: F64) -> tuple[F64, F64]:
        """Return distances outward and the chords' directions from offsets to the centre."""
        step = 0.5 * np.pi / CORNER_CHORDS
        k = np.clip(np.floor(np.arctan2(b, a) / step), 0, CORNER_CHORDS - 1)
        middle = (k + 0.5) * step
        reach = a * np.cos(middle) + b * np.sin(middle)
        return self.radius_m - reach / np.cos(0.5 * step), middle

    def height(self, xy: F64) -> F64:
        """Return heights (...,) of points (..., 2)."""
        return self.edge.height(self.distance(xy))

    def gradient(self, xy: F64) -> F64:
        """Return (dz/dx, dz/dy), (..., 2), at points (..., 2)."""
        u, v, sx, sy = self.outward(xy)
        d = np.array(np.minimum(u, v))
        gx, gy = np.where(u < v, 1.0, 0.0), np.where(u < v, 0.0, 1.0)
        r = self.radius_m
        corner = (d > 0) & (np.maximum(u, v) < r)
        if corner.any():
            d[corner], middle = self._round(r - u[corner], r - v[corner])
            scale = 1 / np.cos(0.25 * np.pi / CORNER_CHORDS)
            gx[corner], gy[corner] = scale * np.cos(middle), scale * np.sin(middle)
        slope = self.edge.slope(d)
        return np.stack([sx * gx * slope, sy * gy * slope], axis=-1)


@lru_cache(maxsize=16)
def junction_of(spec: RoadSpec) -> Junction:
    """Return the crossing of a `RoadSpec` of kind ``crossing``."""
    section: Section = cross_section(spec)
    right, left = section.right, section.left
    return Junction(
        (0.5 * spec.length_m, 0.0),
        left.carriageway_m,
        right.carriageway_m,
        right.carriageway_m,
        left.carriageway_m,
        right.edge,
        float(snap([CORNER_RADIUS_M], right.edge.d_m)[0]),
    )
