"""Roofs over a rectangle: gable, hip, mansard, flat."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scenegen.assets.facades import TILE_M
from scenegen.assets.shapes import box
from scenegen.assets.triangles import Geometry, join, sheets
from scenegen.geometry import cross
from scenegen.records.base import F64

_STEEP_M = 0.7
"""How far the steep part of a mansard leans in."""
_THICK_M = 0.14
_BACK_M = 0.01
"""How far the edge of the tiles lies behind the face of the gable."""


@dataclass(frozen=True)
class Plot:
    """What a roof covers, and the heights of its eaves and ridge."""

    x0: float
    x1: float
    y0: float
    y1: float
    eaves: float
    ridge: float

    @property
    def middle(self) -> tuple[float, float]:
        """Middle in x and y."""
        return 0.5 * (self.x0 + self.x1), 0.5 * (self.y0 + self.y1)


def _slope(corners: F64) -> Geometry:
    """Return one plane of a roof, textured along its eaves (its first edge)."""
    along = corners[1] - corners[0]
    along = along / np.linalg.norm(along)
    up = cross(cross(along, corners[-1] - corners[0]), along)
    up = up / np.linalg.norm(up)
    flat = corners - corners[0]
    uv = np.stack([flat @ along, flat @ up], axis=1) / TILE_M
    if len(corners) == 3:
        return Geometry(corners, np.array([[0, 1, 2]]), uv)
    return sheets(corners[None], uv[None])


def _turned(plot: Plot) -> Plot:
    """Return the plot as seen after a quarter turn."""
    return Plot(plot.y0, plot.y1, -plot.x1, -plot.x0, plot.eaves, plot.ridge)


def gable(plot: Plot, across: bool) -> tuple[Geometry, Geometry]:
    """Return tiles and gable walls; the ridge runs along y, or along x if `across`."""
    if across:
        parts = gable(_turned(plot), False)
        return parts[0].turned((0, 0, 1), np.pi / 2), parts[1].turned((0, 0, 1), np.pi / 2)
    p = plot
    x, over = p.middle[0], 0.3
    drop = over * (p.ridge - p.eaves) / (x - p.x0)
    low, high = p.eaves - drop, p.ridge
    tiles = []
    for side, edge in ((1.0, p.x1 + over), (-1.0, p.x0 - over)):
        a, b = (p.y0 + _BACK_M, p.y1 - _BACK_M)[:: int(side)]
        top = np.array([(edge, a, low), (edge, b, low), (x, b, high), (x, a, high)])
        below = top - [0, 0, _THICK_M]
        tiles += [_slope(top), _slope(below[[3, 2, 1, 0]])]
        tiles.append(_slope(np.array([below[0], below[1], top[1], top[0]])))
        tiles.append(_slope(np.stack([below[0], top[0], top[3], below[3]])))
        tiles.append(_slope(np.stack([below[2], top[2], top[1], below[1]])))
    z = p.ridge - 0.1
    front = np.array([(p.x0, p.y1, p.eaves), (x, p.y1, z), (p.x1, p.y1, p.eaves)])
    back = np.array([(p.x1, p.y0, p.eaves), (x, p.y0, z), (p.x0, p.y0, p.eaves)])
    ends = [Geometry(e, np.array([[0, 1, 2]]), e[:, [0, 2]] / TILE_M) for e in (front, back)]
    return join(tiles), join(ends)


def hip(plot: Plot) -> Geometry:
    """Return four slopes that meet in a ridge along the longer side."""
    if plot.x1 - plot.x0 > plot.y1 - plot.y0:
        return hip(_turned(plot)).turned((0, 0, 1), np.pi / 2)
    p, over = plot, 0.35
    x, half = p.middle[0], 0.5 * (p.x1 - p.x0)
    low = p.eaves - over * (p.ridge - p.eaves) / half
    a, b = np.array([x, p.y0 + 0.98 * half, p.ridge]), np.array([x, p.y1 - 0.98 * half, p.ridge])
    x0, x1, y0, y1 = p.x0 - over, p.x1 + over, p.y0 - over, p.y1 + over
    c = np.array([(x1, y0, low), (x1, y1, low), (x0, y1, low), (x0, y0, low)])
    slopes = [
        np.stack([c[0], c[1], b, a]),
        np.stack([c[1], c[2], b]),
        np.stack([c[2], c[3], a, b]),
        np.stack([c[3], c[0], a]),
    ]
    soffit = sheets(c[::-1][None], c[::-1, :2][None] / TILE_M)
    return join([*(_slope(s) for s in slopes), soffit])


def mansard(plot: Plot) -> Geometry:
    """Return a steep roof to the front and back, between upright gables, and a flat top."""
    p = plot
    low, high = p.eaves, p.ridge
    section = [(p.x1, low), (p.x1 - _STEEP_M, high), (p.x0 + _STEEP_M, high), (p.x0, low)]
    parts = []
    for (xa, za), (xb, zb) in pairwise(section):
        quad = np.array([(xa, p.y0, za), (xa, p.y1, za), (xb, p.y1, zb), (xb, p.y0, zb)])
        parts.append(_slope(quad))
    for y, order in ((p.y1, 1), (p.y0, -1)):
        end = np.array([(x, y, z) for x, z in section])[::-order]
        parts.append(_slope(end))
    return join(parts)


def flat(plot: Plot) -> Geometry:
    """Return a parapet with its roof, as one block."""
    p = plot
    size = (p.x1 - p.x0, p.y1 - p.y0, p.ridge - p.eaves)
    return box(size, (*p.middle, 0.5 * (p.eaves + p.ridge)), TILE_M)


def chimney(x: float, y: float, low: float, high: float) -> tuple[Geometry, Geometry]:
    """Return a stack along y, and its pots."""
    stack = box((0.5, 0.95, high - low - 0.3), (x, y, 0.5 * (low + high) - 0.15), TILE_M)
    pots = [box((0.2, 0.2, 0.3), (x, y + 0.28 * k, high - 0.15)) for k in (-1, 0, 1)]
    return stack, join(pots)
