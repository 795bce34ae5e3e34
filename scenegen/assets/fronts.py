"""What stands out from a front: sills, bands, doors, shops, awnings, balconies, dormers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.assets.build import Bench
from scenegen.assets.glazing import NAME_GRID, panes
from scenegen.assets.lofts import extrude
from scenegen.assets.materials import linear, matte
from scenegen.assets.roofs import Plot
from scenegen.assets.shapes import box
from scenegen.assets.styles import Style
from scenegen.assets.walls import PANE_M, Openings, lattice, ledges
from scenegen.assets.windows import display
from scenegen.records.base import F64
from scenegen.records.mesh import Material

_SILLED_STOREYS = 3
"""Higher up nobody sees sills from the street."""
_BACK_M = 0.006
"""How far ends of bars lie behind the face of the side wall."""
_DOORS = ("3a2a1f", "23405a", "5b1f24", "24452f", "2b2b2d", "7a2a20", "e8e4da")
_BOARDS = ("2b4a3a", "5a1c22", "1f2f4a", "2a2a2c", "7a5a20", "b8402a", "d8cfb8", "2f6a70", "c8a030")
_SIGNS = ("c22a24", "1f4f9a", "f2efe6", "1d1d1f", "e0b020", "2f7a48", "7a2f6a", "d8702a")
_PIPES = ("2e3032", "3c3a36", "d8d5cc", "4a3a30")
_AWNINGS = ("8a2020", "2a4a38", "c8b890", "2f3f60", "b8763a", "d8d4c8")


@dataclass(frozen=True)
class Front:
    """One house of a row: its plot, the height of its shops, and what it is made of."""

    style: Style
    plot: Plot
    ground_m: float
    wall: Material
    dress: Material


def openings(
    style: Style, y: tuple[float, float], z: tuple[float, float], apart: float = 1.0
) -> Openings:
    """Return the windows of a wall, bays `apart` times as far from each other as in front."""
    bays = max(1, round((y[1] - y[0]) / (apart * style.bay_m)))
    storeys = max(1, round((z[1] - z[0]) / style.storey_m))
    width, height = style.window_m
    return Openings(*y, *z, bays, storeys, width, height, style.sill_m)


def dress(bench: Bench, part: str, front: Front, grid: Openings) -> None:
    """Add sills, bands and cornice."""
    p, style = front.plot, front.style
    bars = []
    if style.sills:
        sills = grid.boxes()[: _SILLED_STOREYS * grid.bays]
        low, ends = sills[:, 1], sills[:, [0, 2]] + np.array([-0.08, 0.08])
        bars.append(ledges(np.stack([ends[:, 0], low - 0.08, ends[:, 1], low], axis=1), p.x1, 0.07))
    floors = np.linspace(grid.z0, grid.z1, grid.storeys + 1)
    first = 0 if front.ground_m else 1
    if style.bands:
        at = floors[first:-1]
        bars.append(ledges(_across(p, at - 0.22, at), p.x1, 0.09))
        bars.append(ledges(_across(p, floors[-1:] - 0.4, floors[-1:]), p.x1, 0.32))
    else:
        bars.append(ledges(_across(p, floors[-1:] - 0.16, floors[-1:] + 0.02), p.x1, 0.1))
    for shape in bars:
        if len(shape.faces):
            bench.add(part, shape, front.dress)


def _across(plot: Plot, low: npt.ArrayLike, high: npt.ArrayLike) -> F64:
    a, b = plot.y0 + _BACK_M, plot.y1 - _BACK_M
    return np.stack(np.broadcast_arrays(a, low, b, high), axis=1).astype(np.float64)


def entrance(bench: Bench, part: str, front: Front, rng: np.random.Generator) -> None:
    """Add a plinth, a door in a frame before one of the bays, and a step."""
    p, style = front.plot, front.style
    bays = openings(style, (p.y0, p.y1), (0.0, p.eaves)).bays
    y = p.y0 + (int(rng.integers(bays)) + 0.5) * (p.y1 - p.y0) / bays
    wide = max(1.2, 0.5 * style.window_m[0] + 0.5)
    plinth = np.array([[p.y0, 0.0, p.y1, 0.4]])
    bench.add(part, ledges(plinth, p.x1, 0.05), matte("plinth", "77746f"))
    frame = np.array([[y - 0.5 * wide - 0.15, 0.0, y + 0.5 * wide + 0.15, 2.55]])
    leaf = np.array([[y - 0.5 * wide, 0.12, y + 0.5 * wide, 2.4]])
    bench.add(part, ledges(frame, p.x1, 0.09), front.dress)
    door = matte("door", str(rng.choice(_DOORS)), 0.45)
    bench.add(part, ledges(leaf, p.x1 + 0.09, 0.02), door)
    step = np.array([[y - 0.7, 0.0, y + 0.7, 0.15]])
    bench.add(part, ledges(step, p.x1 + 0.02, 0.32), matte("step", "8e8b85"))


def shop_floor(bench: Bench, part: str, front: Front, rng: np.random.Generator) -> None:
    """Add shops between piers, with name boards and some awnings."""
    p, top = front.plot, front.ground_m
    count = max(1, round((p.y1 - p.y0) / 6.5))
    edges = np.linspace(p.y0, p.y1, count + 1)
    for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        bays = max(2, round((b - a) / 2.0))
        grid = Openings(a + 0.15, b - 0.15, 0.0, top, bays, 1, 9.0, 0.66 * top, 0.3)
        frame, backing, boxes = lattice(grid, p.x1 - 0.06, 0.2)
        color = str(rng.choice(_BOARDS))
        paint = matte("shop front", color, 0.5)
        bench.add(part, frame, paint)
        bench.add(part, backing, matte("reveal", "55524d"))
        display(bench, part, boxes, p.x1 - 0.26 + PANE_M, int(rng.integers(bays)), rng)
        board = np.array([[a + 0.1, 0.76 * top, b - 0.1, 0.94 * top]])
        bench.add(part, ledges(board, p.x1 - 0.06, 0.18), paint)
        name = np.array([[a + 0.3, 0.775 * top, b - 0.3, 0.925 * top]])
        row = np.array([[float(rng.integers(NAME_GRID[0])), 0.0]])
        sign = Material("name board", linear(color), roughness=0.5, texture="names")
        bench.add(part, panes(name, p.x1 + 0.135, row, NAME_GRID), sign)
        if rng.random() < 0.4:
            awning = matte("awning", str(rng.choice(_AWNINGS)), 0.9)
            wedge = [(0.0, 0.74 * top), (0.9, 0.64 * top), (0.9, 0.57 * top), (0.0, 0.70 * top)]
            shape = extrude(wedge, b - a - 0.5).moved(p.x1, 0.5 * (a + b), 0.0)
            bench.add(part, shape, awning)
    piers = np.stack([edges - 0.16, 0 * edges, edges + 0.16, 0 * edges + 0.97 * top], axis=1)
    piers[:, [0, 2]] = np.clip(piers[:, [0, 2]], p.y0 + _BACK_M, p.y1 - _BACK_M)
    bench.add(part, ledges(piers, p.x1 - 0.3, 0.34), front.wall)
    bench.add(part, ledges(_across(p, [0.95 * top], [top]), p.x1 - 0.06, 0.22), front.dress)


def hanging_signs(bench: Bench, part: str, front: Front, rng: np.random.Generator) -> None:
    """Hang boards out over the pavement from every other pier between shops or so."""
    p, top = front.plot, front.ground_m
    count = max(1, round((p.y1 - p.y0) / 6.5))
    for y in np.linspace(p.y0, p.y1, count + 1)[:-1].tolist():
        wanted, size = rng.random() < 0.6, float(rng.uniform(0.45, 0.7))
        color, mark = (str(c) for c in rng.choice(_SIGNS, 2, replace=False))
        if wanted:
            at = (p.x1 + 0.12 + 0.5 * size, y + 0.1, 0.97 * top - 0.5 * size)
            bench.add(part, box((size, 0.07, size), at), matte("hanging sign", color, 0.5))
            bench.add(part, box((0.6 * size, 0.1, 0.5 * size), at), matte("sign mark", mark, 0.5))


def drainpipe(bench: Bench, part: str, front: Front, rng: np.random.Generator) -> None:
    """Add a pipe from the eaves to the shops or the ground, where one house ends."""
    p = front.plot
    foot = front.ground_m - 0.04 if front.ground_m else 0.05
    y = p.y1 - float(rng.uniform(0.2, 0.3))
    pipe = np.array([[y, foot, y + 0.1, p.eaves - 0.01]])
    bench.add(part, ledges(pipe, p.x1, 0.115), matte("drainpipe", str(rng.choice(_PIPES)), 0.5))


def balconies(bench: Bench, part: str, front: Front, out_m: float) -> None:
    """Add balconies before every other bay, from the first floor up."""
    p = front.plot
    grid = openings(front.style, (p.y0, p.y1), (front.ground_m, p.eaves))
    a, b = grid.columns()
    floors = np.linspace(grid.z0, grid.z1, grid.storeys + 1)[(0 if front.ground_m else 1) : -1]
    y0, z0 = np.meshgrid(a[::2] - 0.35, floors)
    y1, _ = np.meshgrid(b[::2] + 0.35, floors)
    slabs = np.stack([y0, z0 - 0.08, y1, z0 + 0.08], axis=-1).reshape(-1, 4)
    rails = np.stack([y0 + 0.03, z0 + 0.14, y1 - 0.03, z0 + 1.0], axis=-1).reshape(-1, 4)
    if len(slabs):
        bench.add(part, ledges(slabs, p.x1, out_m), front.dress)
        bench.add(part, ledges(rails, p.x1, out_m - 0.04), matte("balustrade", "7f8a8c", 0.4))


def dormers(bench: Bench, part: str, front: Front, rise_m: float) -> F64:
    """Add dormers to the steep slope; return their windows (N, 4)."""
    p = front.plot
    grid = openings(front.style, (p.y0, p.y1), (front.ground_m, p.eaves))
    a, b = grid.columns()
    low, high = p.eaves + 0.3, p.eaves + 0.3 + min(1.6, rise_m - 0.5)
    hoods = np.stack(np.broadcast_arrays(a - 0.12, low, b + 0.12, high), axis=1)
    bench.add(part, ledges(hoods, p.x1 - 1.0, 0.85), front.dress)
    return np.stack(np.broadcast_arrays(a, low + 0.15, b, high - 0.15), axis=1)
