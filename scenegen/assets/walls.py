"""Walls with windows: a lattice of bands and piers before the panes.

A wall faces +x; y runs along it and z up. Uprights and bands are whole sheets, and the
reveals are strips that run on behind them, so a window costs a dozen triangles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.assets.facades import TILE_M
from scenegen.assets.triangles import Geometry, facing, join, sheets
from scenegen.records.base import F64

_HIDDEN_M = 0.004
"""How far reveals end behind the face of the wall."""
PANE_M = 0.015
"""How far panes stand before what is behind them."""
_LAP_M = 0.03


@dataclass(frozen=True)
class Openings:
    """Equal windows in bays and storeys of a wall.

    Attributes
    ----------
    y0, y1, z0, z1 : float
        The wall.
    bays, storeys : int
    width_m, height_m, sill_m : float
        Of each window; the sill's height above its floor.
    """

    y0: float
    y1: float
    z0: float
    z1: float
    bays: int
    storeys: int
    width_m: float
    height_m: float
    sill_m: float

    def columns(self) -> tuple[F64, F64]:
        """Return where windows begin and end (bays,) along the wall."""
        bay = (self.y1 - self.y0) / self.bays
        middle = self.y0 + (np.arange(self.bays, dtype=np.float64) + 0.5) * bay
        half = 0.5 * min(self.width_m, 0.94 * bay)
        return middle - half, middle + half

    def rows(self) -> tuple[F64, F64]:
        """Return the heights of sills and heads (storeys,)."""
        storey = (self.z1 - self.z0) / self.storeys
        floor = self.z0 + np.arange(self.storeys, dtype=np.float64) * storey
        sill = floor + min(self.sill_m, 0.3 * storey)
        height = min(self.height_m, 0.94 * storey - min(self.sill_m, 0.3 * storey))
        return sill, sill + height

    def boxes(self) -> F64:
        """Return y and z of both corners of each window (storeys * bays, 4)."""
        (a, b), (low, high) = self.columns(), self.rows()
        y0, z0 = np.meshgrid(a, low)
        y1, z1 = np.meshgrid(b, high)
        return np.stack([y0.ravel(), z0.ravel(), y1.ravel(), z1.ravel()], axis=1)


def upright(boxes: F64, x: float) -> Geometry:
    """Return sheets that face +x for corners (N, 4) of y and z, textured in metres."""
    corners = facing(boxes, x)
    return sheets(corners, corners[..., 1:] / TILE_M)


def _level(y0: float, y1: float, z: F64, x0: float, x1: float, up: bool) -> Geometry:
    """Return level strips between two depths, one for each height (N,)."""
    ends = [(x0, y0), (x0, y1), (x1, y1), (x1, y0)]
    corners = np.array([[(x, y, h) for x, y in ends] for h in z.tolist()])
    corners = corners[:, ::-1] if up else corners
    return sheets(corners, corners[..., :2] / TILE_M)


def _jambs(y: F64, z0: float, z1: float, x0: float, x1: float, mirrored: bool) -> Geometry:
    """Return upright strips between two depths, one for each place (N,)."""
    ends = [(x0, z0), (x0, z1), (x1, z1), (x1, z0)]
    corners = np.array([[(x, at, h) for x, h in ends] for at in y.tolist()])
    corners = corners[:, ::-1] if mirrored else corners
    return sheets(corners, corners[..., [0, 2]] / TILE_M)


def lattice(openings: Openings, x: float, reveal_m: float) -> tuple[Geometry, Geometry, F64]:
    """Return a wall with recessed windows.

    Returns
    -------
    wall : Geometry
        Bands, piers and reveals.
    backing : Geometry
        What the panes stand before.
    boxes : ndarray, shape (N, 4)
        The panes; at ``x - reveal_m + PANE_M``.
    """
    o = openings
    (a, b), (low, high) = o.columns(), o.rows()
    bands = np.stack(
        np.broadcast_arrays(o.y0, np.append(o.z0, high), o.y1, np.append(low, o.z1)), axis=1
    )
    y0, z0 = np.meshgrid(np.append(o.y0, b), low)
    y1, z1 = np.meshgrid(np.append(a, o.y1), high)
    piers = np.stack([y0.ravel(), z0.ravel(), y1.ravel(), z1.ravel()], axis=1)
    back, front = x - reveal_m, x - _HIDDEN_M
    wall = join(
        [
            upright(np.concatenate([bands, piers]).astype(np.float64), x),
            _level(o.y0, o.y1, low, back, front, True),
            _level(o.y0, o.y1, high, back, front, False),
            _jambs(a, o.z0, o.z1, back, front, False),
            _jambs(b, o.z0, o.z1, back, front, True),
        ]
    )
    backing = upright(np.array([[o.y0, o.z0, o.y1, o.z1]]), back)
    return wall, backing, o.boxes() + np.array([-_LAP_M, -_LAP_M, _LAP_M, _LAP_M])


def ledges(boxes: F64, x: float, out_m: float) -> Geometry:
    """Return bars before a wall for corners (N, 4) of y and z: sills, bands, cornices."""
    y0, z0, y1, z1 = (c[:, None, None] for c in boxes.T)
    unit = np.array(
        [
            [(1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)],
            [(1, 0, 1), (1, 1, 1), (0, 1, 1), (0, 0, 1)],
            [(0, 0, 0), (0, 1, 0), (1, 1, 0), (1, 0, 0)],
            [(0, 1, 0), (0, 1, 1), (1, 1, 1), (1, 1, 0)],
            [(1, 0, 0), (1, 0, 1), (0, 0, 1), (0, 0, 0)],
        ],
        dtype=np.float64,
    )
    corners = np.stack(
        [
            np.broadcast_to(x + out_m * unit[..., 0], (len(boxes), 5, 4)),
            y0 + (y1 - y0) * unit[..., 1],
            z0 + (z1 - z0) * unit[..., 2],
        ],
        axis=-1,
    ).reshape(-1, 4, 3)
    return sheets(corners, corners[..., 1:] / TILE_M)
