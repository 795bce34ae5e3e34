"""The ground's heights on a grid: sampled once for a scene, looked up between its points."""

from __future__ import annotations

import numpy as np

from scenegen.records.base import F64, Vec2
from scenegen.simulate.ground import Ground
from scenegen.simulate.jit import compiled
from scenegen.simulate.kinematic.tables import Table

CELL_M = 0.5
MOST_CELLS = 300_000
"""On larger roads the cells grow."""


def height_grid(ground: Ground) -> tuple[Vec2, float, F64]:
    """Return the corner (2,), the cell in m and the heights (rows along y, columns along x)."""
    cell = max(CELL_M, float(np.sqrt(np.prod(ground.high - ground.low) / MOST_CELLS)))
    columns, rows = np.ceil((ground.high - ground.low) / cell).astype(int) + 1
    x = ground.low[0] + cell * np.arange(columns)
    y = ground.low[1] + cell * np.arange(rows)
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    corner = (float(ground.low[0]), float(ground.low[1]))
    return corner, cell, ground.height(places).reshape(rows, columns)


@compiled
def height(e: int, x: float, y: float, scenes: Table, heights: Table) -> float:
    """Return the height of scene `e` at a place; beyond the grid, that of its edge."""
    scene = scenes[e]
    u = min(max((x - scene.corner[0]) / scene.cell, 0.0), scene.columns - 1.001)
    v = min(max((y - scene.corner[1]) / scene.cell, 0.0), scene.lines - 1.001)
    i, j = int(u), int(v)
    a, b = u - i, v - j
    at = j * scene.columns + i
    low = (1.0 - a) * heights[e, at] + a * heights[e, at + 1]
    high = (1.0 - a) * heights[e, at + scene.columns] + a * heights[e, at + scene.columns + 1]
    return (1.0 - b) * low + b * high
