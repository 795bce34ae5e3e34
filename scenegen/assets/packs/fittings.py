"""Lamps and plates laid on a body that has none that could be told apart."""

from __future__ import annotations

import numpy as np

from scenegen.assets.packs.dress import pieces
from scenegen.assets.packs.model import ModelPiece
from scenegen.assets.packs.rows import Lamps
from scenegen.assets.plates import plate_marks
from scenegen.assets.shapes import box, grid
from scenegen.assets.surfaces import hit_distance
from scenegen.assets.triangles import Geometry, join
from scenegen.records.base import F64, Vec3

_FAR_M = 30.0
_DEEP_M = 0.35
"""A ray that goes so much deeper than its neighbours went through a gap in the body."""
_PLATE_M = (0.52, 0.11)

Window = tuple[float, float, float, float]


class Fitter:
    """Lays sheets on the two ends of a body.

    Parameters
    ----------
    body : Geometry
        Without its wheels.
    size_m : (3,)
    """

    def __init__(self, body: Geometry, size_m: Vec3) -> None:
        self._body = body
        self._half = {end: _half_width(body, size_m, end) for end in (1.0, -1.0)}
        self._height = size_m[2]
        self._pieces: list[ModelPiece] = []
        self.beams: list[Vec3] = []

    def fit(self, lamps: Lamps) -> tuple[ModelPiece, ...]:
        """Return the pieces of all lamps and plates; `beams` then holds the low beams."""
        for side, hand in ((1.0, "left"), (-1.0, "right")):
            inner, outer, low, high = lamps.front
            split = inner + 0.72 * (outer - inner)
            self._lamp("headlamp", side, (inner, split, low, high), 1.0)
            self._lamp(f"front indicator {hand}", side, (split + 0.02, outer, low, high), 1.0)
            inner, outer, low, high = lamps.rear
            third = (high - low) / 4
            self._lamp("tail lamp", side, lamps.rear, -1.0, 0.006)
            for name, level in (("reverse lamp", 0), (f"indicator {hand}", 1), ("brake lamp", 2)):
                foot = low + (0.3 + 1.2 * level) * third
                inset = 0.1 * (outer - inner)
                window = (inner + inset, outer - inset, foot, foot + 0.9 * third)
                self._lamp(name, side, window, -1.0, 0.016)
        for end, share in ((1.0, lamps.plate_front_z), (-1.0, lamps.plate_rear_z)):
            self._plate(end, share * self._height)
        return tuple(self._pieces)

    def _lamp(
        self, material: str, side: float, window: Window, end: float, lift_m: float = 0.01
    ) -> None:
        inner, outer, low, high = window
        y = np.linspace(inner, outer, 5) * side * self._half[end]
        z = np.linspace(low, high, 4) * self._height
        points = np.stack(np.meshgrid(0.0, y, z, indexing="ij"), axis=-1)[0]
        points[..., 0] = self._surface(points.reshape(-1, 3), end).reshape(5, 4) + end * lift_m
        if material == "headlamp":
            x, y0, z0 = points.reshape(-1, 3).mean(axis=0).tolist()
            self.beams.append((x + 0.05, y0, z0))
        self._add(material, _towards(grid(points), end))

    def _plate(self, end: float, z: float) -> None:
        width, height = _PLATE_M
        y, across = np.linspace(-0.5 * width, 0.5 * width, 5), np.array([-0.5, 0.5]) * height
        points = np.stack(np.meshgrid(0.0, y, z + across, indexing="ij"), axis=-1)[0]
        depth = self._surface(points.reshape(-1, 3), end)
        x = float(end * (end * depth).max())
        self._add("black plastic", box((0.03, width + 0.02, height + 0.02), (x, 0.0, z)))
        self._add("plate", box((0.03, width, height), (x + 0.008 * end, 0.0, z)))
        self._add("ink", plate_marks((x + 0.026 * end, 0.0, z), end))

    def _surface(self, points: F64, end: float) -> F64:
        """Return where (N,) the body's end lies in front of points, gaps closed."""
        start = points.copy()
        start[:, 0] = end * _FAR_M
        deep = hit_distance(self._body, start, (-end, 0.0, 0.0))
        nearest = float(deep.min())
        if not np.isfinite(nearest):
            nearest = _FAR_M - float((end * self._body.vertices[:, 0]).max())
        sound = np.isfinite(deep) & (deep < nearest + _DEEP_M)
        filling = float(np.median(deep[sound])) if sound.any() else nearest
        return np.asarray(end * (_FAR_M - np.where(sound, deep, filling)))

    def _add(self, material: str, shape: Geometry) -> None:
        names = [material] * len(shape.faces)
        self._pieces += pieces("body", shape.vertices, shape.faces, names)


def _half_width(body: Geometry, size_m: Vec3, end: float) -> float:
    """Return half the width of a body's end, without mirrors."""
    points = body.vertices[np.unique(body.faces)]
    x, y, z = points.T
    near = (end * x > 0.5 * size_m[0] - 0.4) & (z > 0.3 * size_m[2]) & (z < 0.65 * size_m[2])
    return float(np.abs(y[near]).max()) if near.any() else 0.45 * size_m[1]


def _towards(sheet: Geometry, end: float) -> Geometry:
    """Return a sheet that faces forward (+1) or backward (-1)."""
    a, b, c = (sheet.vertices[sheet.faces[:, k]] for k in range(3))
    faces = sheet.faces
    if end * float(np.cross(b - a, c - a)[:, 0].sum()) < 0:
        faces = faces[:, ::-1]
    return join([Geometry(sheet.vertices, faces, sheet.uv)])
