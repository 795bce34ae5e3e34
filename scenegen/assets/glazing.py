"""Pictures of windows, shop windows and name boards, several to a texture."""

from __future__ import annotations

import numpy as np

from scenegen.assets.noise import SIZE, U8, quantise
from scenegen.assets.triangles import Geometry, facing, rectangles, sheets
from scenegen.records.base import F64

WINDOW_GRID = (4, 8)
"""Rows: sash, casement, plain, many panes. Columns: four dark rooms, four pale ones."""
SHOP_GRID = (2, 4)
NAME_GRID = (8, 1)
DARK_ROOMS = 4

_GLASS, _FRAME = 0.07, 0.5
_MUTED = 0.5
"""How much of their colour goods behind a pane keep."""
_FRAMES = ((0.88, 0.87, 0.84), (0.80, 0.78, 0.73), (0.26, 0.27, 0.29), (0.36, 0.39, 0.40))
_BARS = (
    ((0.5,), (0.27, 0.5, 0.75)),
    ((0.5,), (0.70,)),
    ((0.66,), ()),
    ((0.25, 0.5, 0.75), (0.25, 0.5, 0.75)),
)
"""Where the bars of each kind stand, and where they lie."""


def panes(boxes: F64, x: float, cells: F64, grid: tuple[int, int]) -> Geometry:
    """Return upright sheets that face +x, each with one picture of a texture.

    Parameters
    ----------
    boxes : ndarray, shape (N, 4)
        y and z of the lower and y and z of the upper corner.
    cells : ndarray, shape (N, 2)
        Row and column of the picture.
    grid : (2,)
        How many rows and columns of pictures the texture has.
    """
    # A margin of a texel keeps filters from reaching over to the neighbouring picture.
    low = (cells + 0.01) / np.array(grid)
    high = (cells + 0.99) / np.array(grid)
    return sheets(facing(boxes, x), rectangles(np.hstack([low, high])[:, [1, 0, 3, 2]]))


def _coordinates(rows: int, columns: int) -> tuple[F64, F64]:
    v, u = np.meshgrid(
        (np.arange(SIZE // rows) + 0.5) * rows / SIZE,
        (np.arange(SIZE // columns) + 0.5) * columns / SIZE,
        indexing="ij",
    )
    return v, u


def _dark_room(rng: np.random.Generator, v: F64, u: F64, kind: int) -> F64:
    """Return glass that shows the sky at the top; some have curtains or a blind."""
    sky = np.clip(v + rng.uniform(-0.6, 0.2) + 0.3 * rng.uniform(-1, 1) * u, 0, 1)[..., None]
    image = np.array([0.13, 0.15, 0.17]) + sky * np.array([0.20, 0.24, 0.28])
    folds = 0.08 * np.sin(40 * u)
    if kind % 2:
        side = (u < 0.24) | (u > 0.78)
        image[side] = (0.50 + folds[side])[:, None] * np.array([1.0, 0.97, 0.9])
    if kind >= 2:
        image[v > 0.62] = (0.55, 0.54, 0.50)
    return np.asarray(image)


def _pale_room(rng: np.random.Generator, v: F64, u: F64, kind: int) -> F64:
    """Return what glows when there is light behind: nets, curtains, a room, slats."""
    folds = np.sin(46 * u + rng.uniform(0, 6))
    if kind == 0:
        return np.asarray((0.60 + 0.04 * folds)[..., None] * np.array([1.0, 0.99, 0.95]))
    if kind == 1:
        gap = np.abs(u - 0.5) < 0.06
        drapes = (0.52 + 0.09 * folds)[..., None] * np.array([1.0, 0.88, 0.70])
        return np.where(gap[..., None], 0.7, drapes)
    if kind == 2:
        image = np.where(v[..., None] > 0.8, 0.74, 0.60) * np.array([1.0, 0.96, 0.88])
        lamp = np.exp(-((u - 0.6) ** 2 + (v - 0.72) ** 2) / 0.01)[..., None]
        image = image + 0.25 * lamp
        low = v < 0.3 + 0.12 * (np.floor(5 * u) % 2)
        image[low] = (0.30, 0.26, 0.22)
        return np.asarray(image)
    slats = 0.58 - 0.12 * (np.floor(v * 36) % 2)
    return np.asarray(slats[..., None] * np.array([1.0, 1.0, 0.98]))


def windows(rng: np.random.Generator) -> U8:
    """Return `WINDOW_GRID` pictures of windows."""
    rows, columns = WINDOW_GRID
    v, u = _coordinates(rows, columns)
    strips, rough = [], []
    for row in range(rows):
        cells, shine = [], []
        for column in range(columns):
            dark = column < DARK_ROOMS
            room = _dark_room if dark else _pale_room
            image = room(rng, v, u, column % DARK_ROOMS)
            bars = np.minimum(np.minimum(u, 1 - u) / 1.3, np.minimum(v, 1 - v)) < 0.045
            upright, level = _BARS[row]
            for at in upright:
                bars |= np.abs(u - at) < 0.032
            for at in level:
                bars |= np.abs(v - at) < 0.017
            image[bars] = _FRAMES[row]
            cells.append(image)
            shine.append(np.where(bars, _FRAME, _GLASS))
        strips.append(np.concatenate(cells, axis=1))
        rough.append(np.concatenate(shine, axis=1))
    return quantise(np.concatenate(strips), np.concatenate(rough))


def _display(rng: np.random.Generator, v: F64, u: F64, door: bool) -> tuple[F64, F64]:
    """Return a shop window with goods before a wall, or a glazed door."""
    back = rng.uniform(0.28, 0.5)
    image = (back * (0.55 + 0.6 * v))[..., None] * rng.uniform(0.85, 1.0, 3)
    for _ in range(0 if door else 9):
        a, width = rng.uniform(0.05, 0.85), rng.uniform(0.05, 0.2)
        low = rng.choice([0.04, 0.04, 0.34, 0.6])
        high = low + rng.uniform(0.1, 0.26)
        inside = (u > a) & (u < a + width) & (v > low) & (v < high)
        hue = rng.uniform(0.12, 0.85, 3)
        image[inside] = hue.mean() + _MUTED * (hue - hue.mean())
    lamps = (np.abs(v - 0.92) < 0.012) & (np.abs((u * 4) % 1 - 0.5) < 0.2)
    image[lamps] = 0.95
    bars = np.minimum(np.minimum(u, 1 - u), np.minimum(v, 1 - v)) < 0.025
    bars |= np.abs(v - 0.8) < 0.012
    if door:
        bars |= (v < 0.1) | (np.abs(u - 0.5) < 0.03) | (np.minimum(u, 1 - u) < 0.06)
    else:
        bars |= np.abs(u - 0.5) < 0.012
    image[bars] = rng.choice([0.14, 0.2, 0.75])
    return image, np.where(bars, _FRAME, _GLASS)


def shops(rng: np.random.Generator) -> U8:
    """Return `SHOP_GRID` pictures of shop windows; the last column holds doors."""
    rows, columns = SHOP_GRID
    v, u = _coordinates(rows, columns)
    made = [[_display(rng, v, u, c == columns - 1) for c in range(columns)] for _ in range(rows)]
    image = np.concatenate([np.concatenate([cell[0] for cell in row], axis=1) for row in made])
    rough = np.concatenate([np.concatenate([cell[1] for cell in row], axis=1) for row in made])
    return quantise(image, rough)


def names(rng: np.random.Generator) -> U8:
    """Return `NAME_GRID` name boards in letters of no alphabet."""
    rows, _ = NAME_GRID
    v, u = _coordinates(*NAME_GRID)
    boards = []
    for _ in range(rows):
        image = np.full(v.shape, 0.62)
        image[np.minimum(v, 1 - v) < 0.06] = 0.4
        ink = rng.choice([1.0, 1.0, 0.12])
        count, wide = int(rng.integers(6, 11)), 0.042
        at = 0.5 - 0.5 * count * wide
        for letter in range(count):
            if rng.random() < 0.86:
                image[_letter(rng, v, (u - at - letter * wide) / wide)] = ink
        boards.append(np.repeat(image[..., None], 3, axis=2))
    return quantise(np.concatenate(boards), np.full((SIZE, SIZE), 0.45))


def _letter(
    rng: np.random.Generator, v: F64, u: F64
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return where one letter has ink: a stem, perhaps a second one, and some bars."""
    body = (u > 0.12) & (u < 0.86) & (v > 0.25) & (v < 0.78)
    ink = np.abs(u - 0.2) < 0.09
    if rng.random() < 0.6:
        ink |= np.abs(u - 0.76) < 0.09
    for level in (0.28, 0.5, 0.74):
        if rng.random() < 0.55:
            ink |= np.abs(v - level) < 0.045
    return np.asarray(body & ink)
