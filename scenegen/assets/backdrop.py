"""What closes the view: woods, rises of the ground and rows of houses far away, all cheap."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.facades import TILE_M
from scenegen.assets.foliage import leaf, mapped, sprays
from scenegen.assets.fronts import openings
from scenegen.assets.glazing import WINDOW_GRID, panes
from scenegen.assets.materials import linear
from scenegen.assets.roofs import Plot, gable
from scenegen.assets.shapes import box, grid
from scenegen.assets.species import FORMS, season_of
from scenegen.assets.styles import BRICK_TERRACE, RIBBON, STONE, STUCCO_TERRACE
from scenegen.assets.triangles import Geometry
from scenegen.assets.walls import PANE_M
from scenegen.assets.windows import WINDOW, glaze, pictures
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material
from scenegen.seeds import named_generator

_PART = "body"
_CANOPY_M, _STATION_M = 4.2, 1.15
_WOODS = {
    "spring": ("9cac68", "a8b070", "6a7c58"),
    "summer": ("7c9258", "869860", "627a52"),
    "autumn": ("b89858", "a08858", "667854"),
    "winter": ("94887a", "8c8478", "5a6a52"),
}
"""Colours of two kinds of broad-leaved wood and of a spruce wood."""
_FIELDS = ("ffffff", "efe6c0", "d8e4b0", "e0d4b8")
_SUNK_M = 0.6


def woodland(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return the edge of a wood along x: crowns that run into one another."""
    x, y, z = size or (50.0, 8.0, 11.0)
    form, season = variant % FORMS, season_of(variant)
    rng = named_generator("plant", asset_id, form)
    bench = Bench("vegetation")
    bench.part(_PART)
    color = _WOODS[season][form % 3]
    stations = np.linspace(-0.5 * x, 0.5 * x, round(x / _STATION_M) + 1)
    top = _canopy(stations, z - 0.5, form % 3 == 2, rng)
    sheet = _edge(stations, top, y, rng)
    bench.add(_PART, sheet, leaf(color, 0.62), crease_rad=0.5)
    count = round(4.4 * x)
    share = rng.uniform(0.25, 0.98, count)
    at = rng.uniform(-0.5 * x + 0.8, 0.5 * x - 0.8, count)
    high = np.interp(at, stations, top) * share
    side = rng.choice([-1.0, 1.0], count)
    deep = side * 0.5 * y * np.sqrt(1.0 - share**2) * 0.95
    middle = np.stack([at, deep, high], axis=1)
    outward = np.stack([0 * at, side * (1.0 - share), share], axis=1)
    loose = sprays(middle, outward, rng.uniform(0.55, 1.1, count), rng)
    bench.add(_PART, _within(loose, (x, y, z)), leaf(color))
    shape = CollisionShape("box", (0, 0, 0.4 * z), (x, 0.6 * y, 0.8 * z))
    return finish(asset_id, variant, "vegetation", bench, 2000.0 * x, collision=(shape,))


def _within(shape: Geometry, size: Vec3) -> Geometry:
    """Return a shape cut short at the measures of what it belongs to."""
    low = np.array([-0.5 * size[0], -0.5 * size[1], 0.0])
    points = np.clip(shape.vertices, low, [-low[0], -low[1], size[2]])
    return Geometry(points, shape.faces, shape.uv)


def _canopy(stations: F64, tall: float, pointed: bool, rng: np.random.Generator) -> F64:
    """Return the height of the tops of trees over places (N,) along the edge."""
    length = float(stations[-1] - stations[0])
    count = max(2, round(1.5 * length / _CANOPY_M))
    middle = rng.uniform(stations[0], stations[-1], count)
    height = tall * rng.uniform(0.6, 1.0, count)
    half = _CANOPY_M * rng.uniform(0.35, 0.75, count)
    away = np.clip(np.abs(stations[:, None] - middle) / half, 0.0, 1.0)
    crown = 1.0 - away if pointed else np.sqrt(1.0 - away**2)
    least = 0.5 * tall
    # The ends come down to the ground like the outermost crown does.
    ends = np.clip((0.5 * length - np.abs(stations)) / 3.0, 0.0, 1.0)
    return np.asarray((least + (height - least) * crown).max(axis=1) * (0.25 + 0.75 * ends))


def _edge(stations: F64, top: F64, deep: float, rng: np.random.Generator) -> Geometry:
    """Return a vault along x over places (N,), of given heights and uneven sides."""
    angle = np.linspace(np.pi, 0.0, 7)
    across, up = 0.5 * deep * np.cos(angle), np.sin(angle) ** 0.6
    rough = rng.uniform(0.72, 1.0, (len(stations), len(angle)))
    rough[:, [0, -1]] = 1.0
    points = np.stack(
        np.broadcast_arrays(stations[:, None], across * rough, top[:, None] * up * rough), axis=-1
    )
    return mapped(grid(points[:, ::-1].transpose(1, 0, 2)))


def hill(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a gentle rise of grassland or field."""
    x, y, z = size or (140.0, 70.0, 9.0)
    bench = Bench("terrain")
    bench.part(_PART)
    u, v = np.meshgrid(np.linspace(-1, 1, 15), np.linspace(-1, 1, 9))
    round_ = np.clip(1.0 - u**2, 0, 1) * np.clip(1.0 - v**2, 0, 1)
    wave = 1.0 + 0.22 * np.sin(2.6 * u + rng.uniform(0, 6)) * np.cos(1.7 * v + rng.uniform(0, 6))
    height = round_**1.3 * wave
    points = np.stack([0.5 * x * u, 0.5 * y * v, (z + _SUNK_M) * height / height.max()], axis=-1)
    points[..., 2] -= _SUNK_M
    shape = grid(points)
    cover = Geometry(shape.vertices, shape.faces, shape.vertices[:, :2] / 6.0)
    tint = linear(str(rng.choice(_FIELDS)))
    field = Material("field", tint, roughness=0.95, texture="grass")
    bench.add(_PART, cover, field, crease_rad=1.5)
    return finish(asset_id, variant, "terrain", bench, 1e6)


def row(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a row of houses for far away: depth x, length y, height z, flat windows."""
    x, y, z = size or (10.0, 60.0, 14.0)
    bench = Bench("building")
    bench.part(_PART)
    edge = -0.5 * y
    while edge < 0.5 * y - 1.0:
        wide = min(float(rng.uniform(8.0, 16.0)), 0.5 * y - edge)
        if 0.5 * y - edge - wide < 6.0:
            wide = 0.5 * y - edge
        _far_house(bench, (x, edge, edge + wide, z * float(rng.uniform(0.65, 1.0))), rng)
        edge += wide
    shape = CollisionShape("box", (0, 0, z / 2), (x, y, z))
    return finish(asset_id, variant, "building", bench, 300.0 * x * y * z, collision=(shape,))


def _far_house(
    bench: Bench, measures: tuple[float, float, float, float], rng: np.random.Generator
) -> None:
    x, a, b, tall = measures
    styles = (BRICK_TERRACE, STUCCO_TERRACE, STONE, RIBBON)
    style = styles[int(rng.integers(len(styles)))]
    pitched = rng.random() < 0.6
    eaves = tall - min(3.5, 0.3 * tall) if pitched else tall
    wall = Material(
        style.wall, linear(str(rng.choice(style.tints))), roughness=0.9, texture=style.wall
    )
    inner = x - 0.6
    body = box((inner, b - a, eaves), (0, 0.5 * (a + b), 0.5 * eaves), TILE_M)
    bench.add(_PART, body, wall)
    if pitched:
        tiles, ends = gable(Plot(-0.5 * inner, 0.5 * inner, a, b, eaves, tall), False)
        bench.add(_PART, tiles, Material("slate", linear("ffffff"), 0.6, texture="slate"))
        bench.add(_PART, ends, wall)
    front = openings(style, (a, b), (0.0, eaves)).boxes()
    glaze(bench, _PART, front, 0.5 * inner + PANE_M, style.glazing, rng)
    gable_end = openings(style, (-0.5 * inner, 0.5 * inner), (0.0, eaves), 1.8).boxes()
    cells = pictures(len(gable_end), style.glazing, rng)
    for turn, at in ((0.5, b), (-0.5, -a)):
        glass = panes(gable_end, at + PANE_M, cells, WINDOW_GRID)
        bench.add(_PART, glass.turned((0, 0, 1), turn * np.pi), WINDOW)
