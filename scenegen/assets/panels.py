"""Sheets laid on a body: windows, lamps, grilles, seams."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from scenegen.assets.shapes import grid
from scenegen.assets.surfaces import drape
from scenegen.assets.triangles import Geometry, join
from scenegen.geometry import cross
from scenegen.records.base import F64, Vec2, Vec3

_AWAY_M = 10.0


def _facing(sheet: Geometry, direction: F64) -> Geometry:
    """Return the sheet with its faces turned against `direction`."""
    a, b, c = (sheet.vertices[sheet.faces[:, k]] for k in range(3))
    if float((cross(b - a, c - a) @ direction).sum()) <= 0:
        return sheet
    return Geometry(sheet.vertices, sheet.faces[:, ::-1], sheet.uv)


def panel(
    target: Geometry,
    corners: Sequence[Vec3],
    direction: Vec3,
    cells: tuple[int, int] = (6, 3),
    lift_m: float = 0.006,
) -> Geometry:
    """Return a four-cornered sheet laid on a body.

    Parameters
    ----------
    target : Geometry
    corners : four (3,)
        Around the sheet. Only where they lie across `direction` matters.
    direction : (3,)
        The way the sheet is pressed on.
    cells : (int, int)
        Division along the first and the second edge: enough that no chord cuts
        through the body's curve.
    lift_m : float
        Clearance from the body.
    """
    d = np.asarray(direction, dtype=np.float64)
    d = d / np.linalg.norm(d)
    a, b, c, e = (np.asarray(corner, dtype=np.float64) for corner in corners)
    u = np.linspace(0, 1, cells[0] + 1)[None, :, None]
    v = np.linspace(0, 1, cells[1] + 1)[:, None, None]
    flat = (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * e + u * c)
    start = flat - (flat @ d)[..., None] * d - _AWAY_M * d
    return _facing(grid(drape(target, start, (d[0], d[1], d[2]), lift_m)), d)


def side_panel(
    target: Geometry,
    outline: Sequence[Vec2],
    cells: tuple[int, int] = (6, 4),
    lift_m: float = 0.006,
) -> Geometry:
    """Return a sheet given by four (x, z), on the left side and its mirror image on the right."""
    corners: list[Vec3] = [(x, 0.0, z) for x, z in outline]
    return panel(target, corners, (0.0, -1.0, 0.0), cells, lift_m).both_sides()


def seam(target: Geometry, path: Sequence[Vec2], width_m: float = 0.01) -> Geometry:
    """Return the dark gap along a path of (x, z) on both sides of a body."""
    strips = []
    points = np.asarray(path, dtype=np.float64)
    for p, q in pairwise(points):
        along = (q - p) / np.linalg.norm(q - p)
        across = 0.5 * width_m * np.array([-along[1], along[0]])
        outline = [p - across, q - across, q + across, p + across]
        cells = (max(2, round(float(np.linalg.norm(q - p)) / 0.1)), 1)
        corners: list[Vec2] = [(float(x), float(z)) for x, z in outline]
        strips.append(side_panel(target, corners, cells, 0.011))
    return join(strips)
