"""What makes a skin a car: lamps, grille, plates, mirrors, handles, seams."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench
from scenegen.assets.carbody import CarShape, edges
from scenegen.assets.headlamps import low_beam
from scenegen.assets.lofts import cylinder
from scenegen.assets.materials import (
    BRAKE_LAMP,
    CHROME,
    GLASS,
    HEADLAMP,
    INDICATOR_LEFT,
    INDICATOR_RIGHT,
    INK,
    PLASTIC,
    PLATE,
    REVERSE_LAMP,
    SEAM,
    TAIL_LAMP,
    lamp,
    matte,
)
from scenegen.assets.panels import panel, seam
from scenegen.assets.plates import plate_marks
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.surfaces import drape
from scenegen.assets.triangles import Geometry
from scenegen.records.base import Vec3
from scenegen.records.mesh import Material, Spot
from scenegen.records.taxonomy import Lamp

_SIDES = ((1.0, INDICATOR_LEFT), (-1.0, INDICATOR_RIGHT))
GAP = matte("gap", "3a3a3a", 0.6)
"""Gaps between doors; `vehicles` darkens the car's own paint to it."""
_CLEAR = "cfd2d0"
_FRONT_SIDES = (
    (1.0, lamp("front indicator left", _CLEAR, "ff8a00", 9_000.0, Lamp.INDICATOR_LEFT)),
    (-1.0, lamp("front indicator right", _CLEAR, "ff8a00", 9_000.0, Lamp.INDICATOR_RIGHT)),
)
"""Front indicators sit behind the headlamps' clear lens: amber shows when they flash."""


def _across(
    target: Geometry,
    end: float,
    y: tuple[float, float],
    z: tuple[float, float],
    cells: tuple[int, int],
    lift: float,
) -> Geometry:
    """Return a panel between heights on a car's front (end 1) or rear (end -1)."""
    corners: list[Vec3] = [(0, y[0], z[0]), (0, y[1], z[0]), (0, y[1], z[1]), (0, y[0], z[1])]
    return panel(target, corners, (-end, 0, 0), cells, lift)


def _lamp_height(shape: CarShape) -> float:
    """Return the height of the headlamps' middle: just below the bonnet's edge."""
    return shape.top[-1][1] - shape.edge_radius - shape.crown + 0.02


def _lamp_sheet(
    body: Geometry,
    y: tuple[float, float],
    low: tuple[float, float],
    high: tuple[float, float],
    lift: float,
) -> Geometry:
    """Return a sheet on the nose between two y, each with its own lower and upper height."""
    corners: list[Vec3] = [(0, y[0], low[0]), (0, y[1], low[1]), (0, y[1], high[1])]
    return panel(body, [*corners, (0, y[0], high[0])], (-1, 0, 0), (7, 4), lift)


def _add_headlamps(
    bench: Bench, root: str, body: Geometry, w: float, z: float, tall: float
) -> None:
    """Fix lamp clusters that widen outward and run up onto the wings."""

    def edge(share: float) -> tuple[float, float]:
        """Return lower and upper height where a cluster is so wide, 0 inside to 1 outside."""
        return z - (0.55 + 0.1 * share) * tall, z + (0.45 + 0.75 * share) * tall

    def sheet(side: float, inner: float, outer: float, inset: float, lift: float) -> Geometry:
        (l0, h0), (l1, h1) = edge(inner), edge(outer)
        y = tuple(side * (0.5 + 0.52 * share) * w for share in (inner, outer))
        gap = inset * tall
        return _lamp_sheet(body, (y[0], y[1]), (l0 + gap, l1 + gap), (h0 - gap, h1 - gap), lift)

    for s, indicator in _FRONT_SIDES:
        bench.add(root, sheet(s, 0.0, 1.0, 0.0, 0.008), PLASTIC)
        bench.add(root, sheet(s, 0.08, 0.7, 0.16, 0.018), HEADLAMP)
        bench.add(root, sheet(s, 0.76, 0.95, 0.2, 0.018), indicator)


def add_front(
    bench: Bench,
    root: str,
    shape: CarShape,
    body: Geometry,
    color: Material,
    rng: np.random.Generator,
) -> None:
    """Fix lamps, grille, intake, bumper gap, plate and emblem to the nose."""
    w = float(shape.half_width(np.array([0.5 * shape.length]))[0]) - shape.edge_radius
    z = _lamp_height(shape)
    _add_headlamps(bench, root, body, w, z, float(rng.uniform(0.065, 0.09)))
    wide = float(rng.uniform(0.40, 0.48)) * w
    bench.add(root, _across(body, 1.0, (wide, -wide), (z - 0.1, z + 0.045), (8, 3), 0.008), SEAM)
    for k in range(3):
        bar_z = z - 0.075 + 0.045 * k
        bench.add(
            root,
            _across(body, 1.0, (0.95 * wide, -0.95 * wide), (bar_z, bar_z + 0.013), (6, 1), 0.016),
            CHROME if k == 2 else PLASTIC,
        )
    low = shape.clearance + 0.08
    intake: list[Vec3] = [(0, 0.8 * w, low), (0, -0.8 * w, low)]
    intake += [(0, -0.62 * w, low + 0.17), (0, 0.62 * w, low + 0.17)]
    bench.add(root, panel(body, intake, (-1, 0, 0), (12, 3), 0.010), SEAM)
    for k in range(2):
        slat = low + 0.05 + 0.055 * k
        bench.add(
            root,
            _across(body, 1.0, (0.6 * w, -0.6 * w), (slat, slat + 0.012), (8, 1), 0.018),
            PLASTIC,
        )
    line = z - 0.135
    bench.add(
        root, _across(body, 1.0, (0.97 * w, -0.97 * w), (line, line + 0.011), (14, 1), 0.007), GAP
    )
    _plate(bench, root, body, shape.clearance + 0.29, 1.0)
    x = _surface_x(body, 0.0, z - 0.02, 1.0)
    bench.add(root, cylinder(0.045, 0.02, 10, "x").moved(x + 0.014, 0.0, z - 0.02), CHROME)


def _surface_x(body: Geometry, y: float, z: float, end: float) -> float:
    """Return where the nose (end = 1) or the tail (-1) lies at a height."""
    start = np.array([[10.0 * end, y, z]])
    return float(drape(body, start, (-end, 0.0, 0.0), 0.0)[0, 0])


def _plate(bench: Bench, root: str, body: Geometry, z: float, end: float) -> None:
    x = _surface_x(body, 0.0, z, end)
    bench.add(root, box((0.03, 0.54, 0.13), (x + 0.004 * end, 0.0, z)), PLASTIC)
    bench.add(root, box((0.03, 0.52, 0.11), (x + 0.009 * end, 0.0, z)), PLATE)
    bench.add(root, plate_marks((x + 0.027 * end, 0.0, z), end), INK)


def add_rear(bench: Bench, root: str, shape: CarShape, body: Geometry, upright: bool) -> None:
    """Fix tail, brake, reverse lamps, indicators and the plate to the tail."""
    w = float(shape.half_width(np.array([-0.5 * shape.length]))[0]) - shape.edge_radius
    z = shape.top[0][1] - shape.edge_radius - shape.crown - 0.09
    tall = 0.17 if upright else 0.095
    inner = 0.78 if upright else 0.47
    for s, indicator in _SIDES:
        bench.add(
            root,
            _across(body, -1.0, (s * 1.02 * w, s * inner * w), (z - tall, z + tall), (8, 3), 0.008),
            TAIL_LAMP,
        )
        span = 1.0 - inner
        left = (s * (inner + 0.62 * span) * w, s * 0.99 * w)
        if upright:
            bench.add(
                root,
                _across(body, -1.0, left, (z + 0.35 * tall, z + 0.9 * tall), (3, 2), 0.018),
                BRAKE_LAMP,
            )
            bench.add(
                root,
                _across(body, -1.0, left, (z - 0.25 * tall, z + 0.25 * tall), (3, 2), 0.018),
                indicator,
            )
            bench.add(
                root,
                _across(body, -1.0, left, (z - 0.9 * tall, z - 0.4 * tall), (3, 2), 0.018),
                REVERSE_LAMP,
            )
        else:
            middle = (s * (inner + 0.1 * span) * w, s * (inner + 0.56 * span) * w)
            bench.add(
                root,
                _across(body, -1.0, left, (z - 0.1 * tall, z + 0.8 * tall), (3, 2), 0.018),
                BRAKE_LAMP,
            )
            bench.add(
                root,
                _across(body, -1.0, left, (z - 0.8 * tall, z - 0.25 * tall), (3, 2), 0.018),
                indicator,
            )
            bench.add(
                root,
                _across(body, -1.0, middle, (z - 0.75 * tall, z - 0.2 * tall), (3, 2), 0.018),
                REVERSE_LAMP,
            )
    high = shape.roof_z - 0.075
    bench.add(
        root,
        _across(body, -1.0, (0.18, -0.18), (high - 0.016, high + 0.016), (4, 1), 0.012),
        BRAKE_LAMP,
    )
    _plate(bench, root, body, z - tall - 0.14 if upright else z - 0.02, -1.0)
    low = shape.clearance + 0.07
    bench.add(
        root, _across(body, -1.0, (0.8 * w, -0.8 * w), (low, low + 0.12), (10, 2), 0.010), PLASTIC
    )
    line = low + 0.28
    if line < z - tall - 0.03:
        strip = _across(body, -1.0, (0.97 * w, -0.97 * w), (line, line + 0.011), (12, 1), 0.007)
        bench.add(root, strip, GAP)
    for s in (1.0, -1.0):
        bench.add(
            root,
            _across(
                body, -1.0, (s * 0.95 * w, s * 0.72 * w), (low + 0.16, low + 0.2), (4, 1), 0.01
            ),
            TAIL_LAMP,
        )


def add_sides(
    bench: Bench, root: str, shape: CarShape, skin: Geometry, color: Material, doors: int
) -> None:
    """Fix mirrors, door handles, door gaps and the sill's edge to the sides."""
    belt = shape.belt_z - shape.edge_radius - shape.crown - 0.02
    sill = shape.clearance + 0.09
    front = shape.front_axle - shape.arch_radius - 0.13
    rear = shape.rear_axle + shape.arch_radius + 0.1
    middle = front - 1.08
    arch = shape.wheel_radius + shape.arch_radius + 0.065
    lines = [[(front, belt), (front - 0.02, sill)], [(middle, belt), (middle, sill)]]
    lines.append([(front - 0.02, sill), (middle, sill)])
    handles = [middle + 0.14]
    if doors == 4:
        lines.append([(rear - 0.28, belt), (rear - 0.27, arch), (rear + 0.03, sill + 0.05)])
        lines.append([(middle, sill), (rear + 0.03, sill)])
        handles.append(rear - 0.14)
    else:
        lines.append([(middle - 0.02, belt), (rear - 0.5, belt)])
        lines.append([(rear - 0.5, belt), (rear - 0.5, sill + 0.45)])
        handles.append(middle - 0.3)
    for line in lines:
        bench.add(root, seam(skin, line, 0.013), GAP)
    half = float(shape.half_width(np.array([0.0]))[0])
    for x in handles:
        grip = box((0.19, 0.035, 0.028), (x, 0.975 * half, belt - 0.07))
        bench.add(root, grip.both_sides(), color)
    foot = edges(shape, 0.12)[2]
    x = edges(shape, 0.12)[0] - 0.42
    z = shape.belt_z + 0.09
    tall = 0.15 if shape.roof_z < 2 else 0.3
    head = rounded_box((0.12, 0.2, tall), 0.05, (x, foot + 0.12, z + 0.5 * (tall - 0.15)))
    bench.add(root, head.both_sides(), color)
    glass = box((0.01, 0.15, tall - 0.05), (x - 0.061, foot + 0.125, z + 0.5 * (tall - 0.15)))
    bench.add(root, glass.both_sides(), GLASS)
    stalk = box((0.06, 0.12, 0.04), (x + 0.01, foot, z - 0.06))
    bench.add(root, stalk.both_sides(), PLASTIC)


def headlamp_spots(shape: CarShape, body: Geometry) -> tuple[Spot, ...]:
    """Return the two low beams."""
    w = float(shape.half_width(np.array([0.5 * shape.length]))[0]) - shape.edge_radius
    z = _lamp_height(shape)
    spots = []
    for s in (1.0, -1.0):
        x = _surface_x(body, s * 0.7 * w, z, 1.0)
        spots.append(low_beam((x + 0.03, s * 0.7 * w, z)))
    return tuple(spots)
