"""Buildings to measure: houses, terraces, blocks, offices, warehouses."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.fronts import (
    Front,
    balconies,
    dormers,
    drainpipe,
    dress,
    entrance,
    hanging_signs,
    openings,
    shop_floor,
)
from scenegen.assets.glazing import WINDOW_GRID, panes
from scenegen.assets.materials import linear, matte
from scenegen.assets.roofs import Plot, chimney, flat, gable, hip, mansard
from scenegen.assets.styles import HOUSES, STREET, TALL, Roof, Style
from scenegen.assets.walls import PANE_M, lattice, ledges, upright
from scenegen.assets.windows import WINDOW, glaze, pictures
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material
from scenegen.seeds import named_generator

_PART = "body"
_MARGIN_M = 0.36
"""From the walls to the edge of the plot: room for eaves, sills and steps."""
_BALCONY_M = 1.0
_HOUSE_M, _TALL_M = 10.5, 13.5
_SLATE = Material("slate", linear("ffffff"), roughness=0.6, texture="slate")
_TILES = tuple(
    Material("roof tiles", linear(tint), roughness=0.8, texture="roof")
    for tint in ("ffffff", "c8b8b0", "8f8a8a")
)
_COVERINGS = (*_TILES, _SLATE, _SLATE)


def building(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a building of length x, depth y and height z; its front faces +x.

    Low ones are mostly houses, tall ones blocks and offices; between them lie terraces.
    """
    x, y, z = size or (12.0, 14.0, 11.0)
    # There are few variants but many sizes: these too make a building one of its kind.
    millimetres = (round(1000 * length) for length in (x, y, z))
    key = (int(rng.integers(2**31)), *millimetres)
    rng, fittings = named_generator("building", *key), named_generator("fittings", *key)
    bench = Bench("building")
    bench.part(_PART)
    style = _style(z, rng)
    balcony = rng.random() < style.balcony
    shops = z > 7.5 and rng.random() < style.shop
    front_x = 0.5 * x - (_BALCONY_M + 0.05 if balcony or shops else _MARGIN_M)
    edges, heights = _plots(style, y - 2 * _MARGIN_M, z, rng)
    tints = rng.choice(style.tints, 2, replace=False)
    stone = matte("dressing", str(rng.choice(style.dress)))
    roofs = [style.roofs[int(rng.integers(len(style.roofs)))] for _ in range(2)]
    for k, height in enumerate(heights):
        roof = roofs[int(rng.integers(2))]
        if roof in ("hip", "front gable") and len(heights) > 1:
            roof = "gable"
        front = Front(
            style=style,
            plot=_plot(roof, (-0.5 * x + _MARGIN_M, front_x, edges[k], edges[k + 1]), height),
            ground_m=min(style.ground_m, 0.42 * height) if shops else 0.0,
            wall=_wall(style, str(tints[int(rng.integers(2))])),
            dress=stone,
        )
        _walls(bench, front, (k == 0, k == len(heights) - 1), rng)
        if shops:
            shop_floor(bench, _PART, front, rng)
            hanging_signs(bench, _PART, front, fittings)
        else:
            entrance(bench, _PART, front, rng)
        if style.sills:
            drainpipe(bench, _PART, front, fittings)
        if balcony:
            balconies(bench, _PART, front, _BALCONY_M - 0.1)
        _roof(bench, roof, front, height, rng)
    shapes = (CollisionShape("box", (0, 0, z / 2), (x, y, z)),)
    return finish(asset_id, variant, "building", bench, 300.0 * x * y * z, collision=shapes)


def _style(z: float, rng: np.random.Generator) -> Style:
    """Return a way of building that suits the height."""
    if z < _HOUSE_M and rng.random() < 0.8:
        return HOUSES[int(rng.integers(len(HOUSES)))]
    kinds = TALL if z > _TALL_M else STREET
    return kinds[int(rng.integers(len(kinds)))]


def _wall(style: Style, tint: str) -> Material:
    return Material(style.wall, linear(tint), roughness=0.9, texture=style.wall)


def _plots(
    style: Style, y: float, z: float, rng: np.random.Generator
) -> tuple[list[float], list[float]]:
    """Return the borders of the houses of a terrace and their heights, the largest being z."""
    count = max(1, round(y / style.plot_m)) if style.plot_m else 1
    widths = rng.uniform(0.85, 1.15, count)
    edges = np.concatenate([[0.0], np.cumsum(widths)]) / widths.sum() * y - 0.5 * y
    drop = rng.choice([0.0, 0.0, 0.35, 1.0], count) * style.storey_m
    drop[int(rng.integers(count))] = 0.0
    return edges.tolist(), np.maximum(z - drop, 0.7 * z).tolist()


def _plot(roof: Roof, walls: tuple[float, float, float, float], height: float) -> Plot:
    """Return where a roof lies; chimneys stand above pitched ones."""
    x0, x1, y0, y1 = walls
    top = height - 0.02
    if roof == "flat":
        return Plot(x0, x1, y0, y1, top - 0.8, top)
    if roof == "mansard":
        return Plot(x0, x1, y0, y1, top - 0.5 - min(2.6, 0.25 * height), top - 0.5)
    span = y1 - y0 if roof == "front gable" else x1 - x0
    return Plot(x0, x1, y0, y1, top - 0.5 - min(0.36 * span, 0.38 * height), top - 0.5)


def _walls(bench: Bench, front: Front, outer: tuple[bool, bool], rng: np.random.Generator) -> None:
    """Add the four walls; those to the sides have windows where no neighbour adjoins."""
    p, style = front.plot, front.style
    grid = openings(style, (p.y0, p.y1), (front.ground_m, p.eaves))
    wall, backing, boxes = lattice(grid, p.x1, style.reveal_m)
    bench.add(_PART, wall, front.wall)
    bench.add(_PART, backing, matte("reveal", "55524d"))
    glaze(bench, _PART, boxes, p.x1 - style.reveal_m + PANE_M, style.glazing, rng)
    dress(bench, _PART, front, grid)
    sides = ((p.y1, -p.x1, -p.x0, 0.5), (-p.y0, p.x0, p.x1, -0.5), (-p.x0, -p.y1, -p.y0, 1.0))
    for (x, a, b, turns), windows in zip(sides, (outer[1], outer[0], False), strict=True):
        sheet = upright(np.array([[a, 0.0, b, p.eaves]]), x)
        bench.add(_PART, sheet.turned((0, 0, 1), turns * np.pi), front.wall)
        if windows and rng.random() < 0.75:
            flush = openings(style, (a, b), (front.ground_m, p.eaves), 1.7).boxes()
            flush = flush[rng.random(len(flush)) < 0.8]
            if len(flush):
                glass = panes(
                    flush, x + PANE_M, pictures(len(flush), style.glazing, rng), WINDOW_GRID
                )
                bench.add(_PART, glass.turned((0, 0, 1), turns * np.pi), WINDOW)


def _roof(bench: Bench, roof: Roof, front: Front, height: float, rng: np.random.Generator) -> None:
    p = front.plot
    if roof == "flat":
        bench.add(_PART, flat(p), front.wall)
        coping = np.array([[p.y0, p.ridge - 0.12, p.y1, p.ridge]])
        bench.add(_PART, ledges(coping, p.x1, 0.08), front.dress)
        return
    tile = _COVERINGS[int(rng.integers(len(_COVERINGS)))]
    if roof == "mansard":
        bench.add(_PART, mansard(p), _SLATE)
        lights = dormers(bench, _PART, front, p.ridge - p.eaves)
        glaze(bench, _PART, lights, p.x1 - 0.15 + PANE_M, front.style.glazing, rng)
    elif roof == "hip":
        bench.add(_PART, hip(p), tile)
    else:
        tiles, ends = gable(p, roof == "front gable")
        bench.add(_PART, tiles, tile)
        bench.add(_PART, ends, front.wall)
    x, y = p.middle[0] + 0.18 * (p.x1 - p.x0) * float(rng.uniform(-1, 1)), p.y1 - 0.75
    if roof in ("front gable", "hip"):
        x, y = p.middle[0] - 0.2 * (p.x1 - p.x0), p.middle[1] + 0.4
    elif roof == "mansard":
        x = p.middle[0]
    stack, pots = chimney(x, y, p.eaves, height - 0.02)
    bench.add(_PART, stack, front.wall)
    bench.add(_PART, pots, matte("chimney pots", "9a5a40"))
