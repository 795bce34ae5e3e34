"""The city bus and the coach."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.cab import (
    Axle,
    add_axles,
    add_mirrors,
    add_nose_lamps,
    add_tail_lamps,
    upright,
)
from scenegen.assets.lofts import cylinder
from scenegen.assets.materials import (
    BRAKE_LAMP,
    CABIN_GLASS,
    GLASS,
    PLASTIC,
    SEAM,
    lamp,
    matte,
    paint,
)
from scenegen.assets.panels import panel, seam, side_panel
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.triangles import Geometry
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape
from scenegen.records.taxonomy import TAGGED_JOINTS, WHEELED_JOINTS, Lamp

_RADIUS = 0.48
DISPLAY = lamp("destination display", "3a2a10", "ffb030", 400.0, Lamp.NONE)


def bus(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a two-axle city bus with three doors on the right."""
    bench = Bench("bus")
    root = bench.part("body")
    length, width, low, high = 11.95, 2.52, 0.3, 3.08
    color = str(rng.choice(("d8b01c", "b01e22", "2c5fa0", "e6e6e2", "2f7a4f", "d9d9d6")))
    shell = upright(length, width, low, high, 0.16, 0.1)
    bench.add(root, shell, paint(color))
    half = 0.5 * length
    for z, tall in ((low + 0.04, 0.16),):
        bench.add(root, box((length - 0.4, width + 0.03, tall), (0, 0, z + 0.5 * tall)), PLASTIC)
    bench.add(
        root,
        side_panel(
            shell,
            [(-half + 0.35, 1.35), (half - 0.35, 1.35), (half - 0.35, 2.5), (-half + 0.35, 2.5)],
            (24, 3),
            0.008,
        ),
        CABIN_GLASS,
    )
    for k in range(9):
        x = -half + 0.35 + 1.25 * (k + 0.9)
        bench.add(root, box((0.07, width + 0.03, 1.15), (x, 0, 1.925)), PLASTIC)
    screen: list[Vec3] = [(0, 1.14, 1.15), (0, -1.14, 1.15), (0, -1.1, 2.55), (0, 1.1, 2.55)]
    bench.add(root, panel(shell, screen, (-1, 0, 0), (14, 8), 0.008), GLASS)
    sign: list[Vec3] = [(0, 1.0, 2.6), (0, -1.0, 2.6), (0, -1.0, 2.86), (0, 1.0, 2.86)]
    bench.add(root, panel(shell, sign, (-1, 0, 0), (12, 3), 0.008), SEAM)
    text: list[Vec3] = [(0, 0.6, 2.68), (0, -0.7, 2.68), (0, -0.7, 2.79), (0, 0.6, 2.79)]
    bench.add(root, panel(shell, text, (-1, 0, 0), (12, 2), 0.016), DISPLAY)
    back: list[Vec3] = [(0, 1.0, 1.75), (0, -1.0, 1.75), (0, -1.0, 2.6), (0, 1.0, 2.6)]
    bench.add(root, panel(shell, back, (1, 0, 0), (12, 4), 0.008), GLASS)
    _doors(bench, root, width)
    for y in (0.9, -0.9):
        bench.add(root, box((0.02, 0.3, 0.09), (-half - 0.004, y, 2.78)), BRAKE_LAMP)
    bench.add(
        root,
        rounded_box((3.2, 1.8, 0.2), 0.08, (-1.5, 0, high + 0.06)),
        matte("roof unit", "d5d6d4"),
    )
    add_mirrors(bench, root, half - 0.15, 1.3, 2.1)
    spots = add_nose_lamps(bench, root, half + 0.004, 0.92, 0.72)
    add_tail_lamps(bench, root, -half - 0.02, 0.9, 1.0)
    _arches(bench, root, (3.25, -2.75), width)
    axles = (Axle("front", 3.25, steered=True), Axle("rear", -2.75, driven=True))
    wheels = add_axles(bench, root, axles, _RADIUS, width - 0.16)
    shapes = (CollisionShape("box", (0, 0, 0.5 * (low + high)), (length, width, high - low)),)
    return finish(asset_id, variant, "bus", bench, 12_500.0, WHEELED_JOINTS, shapes, wheels, spots)


def _doors(bench: Bench, root: str, width: float) -> None:
    """Fix three double doors on the right."""
    y = -0.5 * width - 0.012
    for x in (5.0, 0.35, -4.4):
        bench.add(root, box((1.3, 0.03, 2.15), (x, y, 1.5)), PLASTIC)
        for side in (-0.31, 0.31):
            bench.add(root, box((0.53, 0.03, 1.85), (x + side, y - 0.012, 1.52)), GLASS)


def _arches(bench: Bench, root: str, at: tuple[float, ...], width: float) -> None:
    """Darken the sides round the wheels."""
    for x in at:
        wells = cylinder(0.545, 0.03, 28, "y").moved(x, 0.5 * width + 0.004, 0.58)
        bench.add(root, wells.both_sides(), matte("arch", "0f0f10"))


def coach(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a high-floor touring coach on three axles."""
    bench = Bench("bus")
    root = bench.part("body")
    length, width, low, high = 12.9, 2.55, 0.32, 3.62
    color, second = rng.choice(
        (
            ("e8e8e6", "2c5fa0"),
            ("d9d9d6", "8e1c1f"),
            ("f0ece0", "2f6a45"),
            ("2a2d31", "aab0b3"),
            ("1f3f73", "e8e8e6"),
            ("b01e22", "e8e8e6"),
        )
    ).tolist()
    half = 0.5 * length
    shell = upright(length, width, low, high, 0.2, 0.75)
    bench.add(root, shell, paint(color))
    _coach_glass(bench, root, shell, half)
    wave = [(-half + 0.4, 0.95), (half - 0.6, 0.78), (half - 0.6, 0.9), (-half + 0.4, 1.4)]
    bench.add(root, side_panel(shell, wave, (20, 2), 0.006), paint(second))
    for x in (2.9, 1.55, 0.2, -1.15):
        bench.add(root, seam(shell, [(x, 0.74), (x, 0.49)], 0.014), SEAM)
    bench.add(root, seam(shell, [(2.9, 0.74), (-1.15, 0.74)], 0.014), SEAM)
    bench.add(root, box((length - 0.5, width + 0.02, 0.12), (0, 0, low + 0.08)), PLASTIC)
    bench.add(
        root, rounded_box((2.0, 1.7, 0.22), 0.08, (-1.0, 0, high + 0.07)), matte("unit", "d5d6d4")
    )
    door = box((0.9, 0.03, 2.1), (half - 1.55, -0.5 * width - 0.012, 1.5))
    bench.add(root, door, GLASS)
    _arches(bench, root, (3.9, -2.4, -3.75), width)
    add_mirrors(bench, root, half - 0.1, 1.34, 2.3)
    spots = add_nose_lamps(bench, root, half + 0.004, 0.92, 0.75)
    add_tail_lamps(bench, root, -half - 0.02, 0.9, 1.05)
    for y in (0.95, -0.95):
        bench.add(root, box((0.02, 0.3, 0.09), (-half - 0.004, y, 3.2)), BRAKE_LAMP)
    axles = (
        Axle("front", 3.9, steered=True),
        Axle("rear", -2.4, driven=True),
        Axle("tag", -3.75),
    )
    wheels = add_axles(bench, root, axles, _RADIUS, width - 0.16)
    shapes = (CollisionShape("box", (0, 0, 0.5 * (low + high)), (length, width, high - low)),)
    return finish(asset_id, variant, "bus", bench, 14_500.0, TAGGED_JOINTS, shapes, wheels, spots)


def _coach_glass(bench: Bench, root: str, shell: Geometry, half: float) -> None:
    """Lay windscreen, the long side windows, the rear window and the display on a coach."""
    screen: list[Vec3] = [(0, 1.14, 1.25), (0, -1.14, 1.25), (0, -1.06, 2.95), (0, 1.06, 2.95)]
    bench.add(root, panel(shell, screen, (-1, 0, 0), (14, 8), 0.008), GLASS)
    sign: list[Vec3] = [(0, 0.75, 3.03), (0, -0.75, 3.03), (0, -0.75, 3.24), (0, 0.75, 3.24)]
    bench.add(root, panel(shell, sign, (-1, 0, 0), (12, 2), 0.008), SEAM)
    text: list[Vec3] = [(0, 0.5, 3.08), (0, -0.5, 3.08), (0, -0.5, 3.18), (0, 0.5, 3.18)]
    bench.add(root, panel(shell, text, (-1, 0, 0), (12, 1), 0.016), DISPLAY)
    sides = [(-half + 0.3, 1.72), (half - 0.75, 1.72), (half - 1.0, 2.95), (-half + 0.3, 2.95)]
    bench.add(root, side_panel(shell, sides, (24, 3), 0.008), GLASS)
    for k in range(7):
        x = -half + 1.75 + 1.45 * k
        strip = [(x, 1.72), (x + 0.06, 1.72), (x + 0.06, 2.95), (x, 2.95)]
        bench.add(root, side_panel(shell, strip, (1, 3), 0.014), PLASTIC)
    back: list[Vec3] = [(0, 1.0, 2.1), (0, -1.0, 2.1), (0, -1.0, 2.95), (0, 1.0, 2.95)]
    bench.add(root, panel(shell, back, (1, 0, 0), (12, 4), 0.008), GLASS)
