"""Where a body throws a radar's waves back from, and how strongly.

Vehicles are a few bright points: number plate and grille, corners, panels that flash when
seen squarely, and wheels, whose rims move by themselves. Their sizes are set, not fitted to
measurements: a car adds up to about 10 dBsm from front and rear, 15 to 20 from the side, 0 to
5 between; lorries and buses to 20 to 30. Everything else is as bright as its surface is large:
0.042 m² for each m² of its parts, so that an adult comes to -8 dBsm, about the middle of what
has been reported at 77 GHz (Fortuny-Guasch and Chareau 2013, EUR 25762), and a child to less;
metal frames of two wheels to more, a bicycle to -5 to 5 dBsm by aspect.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scenegen import assets
from scenegen.ranging.mesh import Mesh, join, soup_of
from scenegen.ranging.reflectance import Palette
from scenegen.ranging.vectors import Ints
from scenegen.records import Asset, Part
from scenegen.records.base import F64

VEHICLES = frozenset({"car", "truck", "bus", "train"})
_CAR_HEIGHT_M = 1.5
_PLATE_M2, _PLATE_LOBE = 6.0, 6.0
_END_M2, _END_LOBE = 2.0, 20.0
_SIDE_M2, _SIDE_LOBE = 12.0, 60.0
_CORNER_M2, _CORNER_LOBE = 1.0, 1.0
_WHEEL_M2, _WHEEL_LOBE = 0.5, 1.0
_PANEL_M = 1.0
"""A panel of the side for each of these."""
_FLESH = 0.042
_METAL = 0.4
_PLASTIC = 0.02
_BRIGHTNESS = {
    "bicycle": _METAL,
    "motorcycle": _METAL,
    "dynamic": _METAL,
    "fence": _METAL,
    "cone": _PLASTIC,
}
"""Cross-section for each m² of surface, by class."""
_PLACES = 16
"""Places on a part of which each scan finds one the brightest."""


@dataclass(frozen=True)
class Scatterers:
    """The points of an asset that send waves back, each in the frame of its part.

    Attributes
    ----------
    part : ndarray, shape (K,)
    places : ndarray, shape (K, M, 3)
        Where the point may be; one of these in each scan.
    facing : ndarray, shape (K, 3)
        Direction from which it is brightest; zero where its surface decides.
    lobe : ndarray, shape (K,)
        It fades by this power of the cosine to `facing`.
    rcs_m2 : ndarray, shape (K,)
        Mean cross-section: seen from `facing`, or over all directions.
    normals : tuple of ndarray, shape (F, 3)
        Of the triangles of its part, as long as they are large, m².
    """

    part: Ints
    places: F64
    facing: F64
    lobe: F64
    rcs_m2: F64
    normals: tuple[F64, ...]

    def seen_m2(self, towards: F64) -> F64:
        """Return the cross-sections (K,) from directions (K, 3), unit, in the parts' frames."""
        along = np.maximum(np.einsum("ki,ki->k", self.facing, towards), 0)
        gain = along**self.lobe
        for k in np.flatnonzero(~self.facing.any(axis=1)):
            # What shows of a surface, over the mean of a convex one: a quarter of its area.
            normals = self.normals[k]
            area = np.linalg.norm(normals, axis=1).sum()
            gain[k] = 4 * np.maximum(normals @ towards[k], 0).sum() / area
        return np.asarray(self.rcs_m2 * gain)


@lru_cache(maxsize=256)
def scatterers(asset_id: str, variant: int) -> Scatterers:
    """Return the scatterers of an asset."""
    asset = assets.get(asset_id, variant)
    rows = _vehicle(asset) if asset.category in VEHICLES else _body(asset)
    part, places, facing, lobe, rcs = zip(*rows, strict=True)
    return Scatterers(
        np.array(part),
        np.array(places),
        np.array(facing),
        np.array(lobe),
        np.array(rcs),
        tuple(_normals(_triangles(asset.parts[index])) for index in part),
    )


Row = tuple[int, F64, F64, float, float]


def _body(asset: Asset) -> list[Row]:
    brightness = _BRIGHTNESS.get(asset.category, _FLESH)
    return [
        (index, _places(part), np.zeros(3), 0.0, brightness * _area(part))
        for index, part in enumerate(asset.parts)
        if _area(part) > 0
    ]


def _vehicle(asset: Asset) -> list[Row]:
    """Cast at the body from all around: points lie on the panels that are met."""
    wheels = [i for i, part in enumerate(asset.parts) if part.name.startswith("wheel")]
    solid = [i for i, p in enumerate(asset.parts) if i not in wheels and _area(p) > 0]
    at_rest = assets.body_from_parts(asset, np.zeros(len(asset.joints)))
    soups = [soup_of(asset.parts[i].surfaces, Palette()).moved(at_rest[i]) for i in solid]
    owner = np.repeat(solid, [len(soup.corners) for soup in soups])
    soup = join(soups)
    low, high = soup.corners.min(axis=(0, 1)), soup.corners.max(axis=(0, 1))
    mesh, rows = Mesh(soup), []
    tall = ((high[2] - low[2]) / _CAR_HEIGHT_M) ** 2
    for start, facing, lobe, rcs in _around(low, high):
        origin = (start + 0.5 * facing).astype(np.float32)[None]
        onward = -facing.astype(np.float32)[None]
        met = mesh.cast(origin, onward, np.full(1, 0.5 + 1.5, np.float32))
        if met.triangle[0] >= 0:
            index = int(owner[met.triangle[0]])
            point = np.append(origin[0] + met.distance_m[0] * onward[0], 1.0)
            to_part = np.linalg.inv(at_rest[index])
            places = np.tile((to_part @ point)[:3], (_PLACES, 1))
            rows.append((index, places, to_part[:3, :3] @ facing, lobe, rcs * tall))
    for index in wheels:
        out = np.array([0.0, np.sign(at_rest[index, 1, 3]) or 1.0, 0.0])
        rows.append((index, _places(asset.parts[index]), out, _WHEEL_LOBE, _WHEEL_M2))
    return rows


def _around(low: F64, high: F64) -> list[tuple[F64, F64, float, float]]:
    """Return place on the box around a body, direction, lobe and size of what is looked for."""
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    level = float(np.clip(low[2] + 0.3 * (high[2] - low[2]), 0.4, 1.2))
    panels = max(round(2 * half[0] / _PANEL_M), 1)
    found = []

    def add(x: float, y: float, facing: tuple[float, float], lobe: float, rcs: float) -> None:
        place = np.array([middle[0] + x * half[0], middle[1] + y * half[1], level])
        direction = np.array([*facing, 0.0]) / np.hypot(*facing)
        found.append((place, direction, lobe, rcs))

    for end in (-1.0, 1.0):
        add(end, 0.0, (end, 0.0), _PLATE_LOBE, _PLATE_M2)
        for y in (-0.5, 0.5):
            add(end, y, (end, 0.0), _END_LOBE, _END_M2)
        for side in (-1.0, 1.0):
            add(end, side, (end, side), _CORNER_LOBE, _CORNER_M2)
    for side in (-1.0, 1.0):
        for x in (np.arange(panels) + 0.5) / panels * 2 - 1:
            add(float(x), side, (0.0, side), _SIDE_LOBE, _SIDE_M2)
    return found


def _area(part: Part) -> float:
    """Return the area of a part's surfaces, m²."""
    return float(np.linalg.norm(_normals(_triangles(part)), axis=1).sum())


def _triangles(part: Part) -> F64:
    """Return the corners (F, 3, 3) of a part's triangles."""
    corners = [s.vertices.astype(np.float64)[s.faces] for s in part.surfaces]
    return np.concatenate([*corners, np.zeros((0, 3, 3))])


def _normals(corners: F64) -> F64:
    """Return the normals (F, 3) of triangles (F, 3, 3), as long as these are large."""
    return np.asarray(0.5 * np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]))


def _places(part: Part) -> F64:
    """Return points (M, 3) spread evenly over a part's surface."""
    corners = _triangles(part)
    area: F64 = np.linalg.norm(_normals(corners), axis=1)
    wanted = (np.arange(_PLACES) + 0.5) / _PLACES * area.sum()
    return np.asarray(corners[np.searchsorted(np.cumsum(area), wanted)].mean(axis=1))
