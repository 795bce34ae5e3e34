"""What stands and throws waves back: rails, posts, signs, kerbs, walls, plants.

The exact mesh is cut into cubes of a metre; what a class has of its surface in one is a
target at a point of that surface. So a rail is a row of targets, a post a few above each
other, and a scan finds the same ones as the last. Ground that lies flat is left out: its
echoes are weak at grazing angles, and a radar's threshold follows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenegen.ranging.mesh import Soup
from scenegen.ranging.radar.echoes import Targets
from scenegen.ranging.vectors import Ints
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

_METAL = ("car", "truck", "bus", "train", "motorcycle", "bicycle")
_BRIGHTNESS: dict[str, tuple[float, float]] = {
    "guard rail": (3.0, 3.0),
    "traffic sign": (20.0, 20.0),
    "traffic light": (1.0, 1.0),
    "pole": (0.8, 1.0),
    "static": (0.5, 1.0),
    "fence": (0.3, 1.0),
    "wall": (0.3, 4.0),
    "building": (0.3, 6.0),
    "vegetation": (0.03, 0.0),
    "sidewalk": (0.1, 1.0),
    "debris": (0.05, 0.0),
    "cone": (0.02, 0.0),
    **dict.fromkeys(_METAL, (1.0, 4.0)),
}
"""Cross-section for each m² seen squarely, and the power of the cosine by which it fades."""
_LEAST = 0.02
"""Share that edges and corners send back whatever the angle."""
_CUBE_M = 1.0
_PER_M2 = 2.0
"""Points by which a surface is shared out among cubes."""
_HIGHEST_M = 8.0
_SOLID = tuple(CLASS_BY_NAME[name].id for name in ("building", "wall"))
"""What is never seen from behind."""
_STEEP = 0.5
"""A sidewalk's triangles whose normals rise less than this are kerbs."""


@dataclass(frozen=True)
class Clutter:
    """All standing targets of a scene.

    Attributes
    ----------
    place_m, normal : ndarray, shape (N, 3)
        World.
    area_m2, brightness, lobe : ndarray, shape (N,)
    semantic : ndarray, shape (N,), uint16
    """

    place_m: F64
    normal: F64
    area_m2: F64
    brightness: F64
    lobe: F64
    semantic: npt.NDArray[np.uint16]

    @cached_property
    def solid(self) -> npt.NDArray[np.bool_]:
        """Which of them (N,) show from one side only."""
        return np.isin(self.semantic, _SOLID)

    def seen_from(self, eye_m: F64, reach_m: float) -> Targets:
        """Return the targets that are near enough, as bright as they are from there."""
        towards = eye_m - self.place_m
        distance = np.linalg.norm(towards, axis=1)
        cosine = np.einsum("ni,ni->n", towards, self.normal) / distance
        near = np.flatnonzero((distance < reach_m) & ((cosine > 0) | ~self.solid))
        cosine = cosine[near]
        gain = np.maximum(np.abs(cosine) ** self.lobe[near], _LEAST)
        return Targets(
            place_m=self.place_m[near],
            velocity_mps=np.zeros((len(near), 3)),
            rcs_m2=self.area_m2[near] * self.brightness[near] * gain,
            semantic=self.semantic[near],
            instance=np.zeros(len(near), np.uint16),
        )


def clutter_of(standing: Soup, origin_m: F64, path_m: F64, reach_m: float) -> Clutter:
    """Return the standing targets that a radar may ever see.

    Parameters
    ----------
    standing : Soup
        What never moves, world less `origin_m`.
    origin_m : ndarray, shape (3,)
    path_m : ndarray, shape (R, 3)
        Where the radar goes, world.
    reach_m : float
    """
    corners = standing.corners
    doubled = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = 0.5 * np.linalg.norm(doubled, axis=1)
    normal = np.divide(
        doubled, 2 * area[:, None], where=area[:, None] > 0, out=np.zeros_like(doubled)
    )
    bright, lobe = _tables()
    kept = bright[standing.semantic] > 0
    kept &= (standing.semantic != CLASS_BY_NAME["sidewalk"].id) | (np.abs(normal[:, 2]) < _STEEP)
    low, high = path_m.min(axis=0) - reach_m - origin_m, path_m.max(axis=0) + reach_m - origin_m
    low[2], high[2] = -np.inf, path_m[:, 2].max() - origin_m[2] + _HIGHEST_M
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    top, foot = np.maximum(np.maximum(a, b), c), np.minimum(np.minimum(a, b), c)
    kept &= np.all((top > low) & (foot < high), axis=1)
    face, place = _spread(corners[kept], area[kept])
    face = np.flatnonzero(kept)[face]
    inside = np.all((place > low) & (place < high), axis=1)
    face, place = face[inside], place[inside]
    cube = np.floor(place / _CUBE_M).astype(np.int64)
    # One number for a cube and a class: 2^18 cubes along each axis, 2^8 classes.
    x, y, z = (cube + (1 << 17)).T
    key = (((x << 18) + y << 18) + z << 8) + standing.semantic[face]
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    chosen = face[first]
    semantic = standing.semantic[chosen].astype(np.uint16)
    return Clutter(
        place[first] + origin_m,
        normal[chosen],
        counts / _PER_M2,
        bright[semantic],
        lobe[semantic],
        semantic,
    )


def _tables() -> tuple[F64, F64]:
    """Return brightness and lobe (256,) by class id."""
    bright, lobe = np.zeros(256), np.zeros(256)
    for name, (value, power) in _BRIGHTNESS.items():
        bright[CLASS_BY_NAME[name].id], lobe[CLASS_BY_NAME[name].id] = value, power
    return bright, lobe


def _spread(corners: F64, area: F64) -> tuple[Ints, F64]:
    """Return triangles (N,) and points on them (N, 3), `_PER_M2` for each m² of surface."""
    ends = np.cumsum(area)
    count = int(_PER_M2 * ends[-1]) if len(ends) else 0
    number = np.arange(count)
    face = np.searchsorted(ends, (number + 0.5) / _PER_M2)
    # Even in both coordinates, by the golden ratio's two-dimensional counterpart.
    u, v = (0.7548776662466927 * number) % 1, (0.5698402909980532 * number) % 1
    over = u + v > 1
    u, v = np.where(over, 1 - u, u), np.where(over, 1 - v, v)
    a, b, c = np.moveaxis(corners[face], 1, 0)
    return face, a + u[:, None] * (b - a) + v[:, None] * (c - a)
