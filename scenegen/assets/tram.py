"""The tram: a car of 15 m with a cab at both ends, on two bogies."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.coaches import DISPLAY
from scenegen.assets.headlamps import low_beam
from scenegen.assets.lofts import bar, cylinder, loft
from scenegen.assets.materials import (
    BRAKE_LAMP,
    CABIN_GLASS,
    GLASS,
    HEADLAMP,
    INDICATOR_LEFT,
    INDICATOR_RIGHT,
    PLASTIC,
    REVERSE_LAMP,
    SEAM,
    STEEL,
    TAIL_LAMP,
    UNDERBODY,
    matte,
    paint,
)
from scenegen.assets.panels import panel, side_panel
from scenegen.assets.shapes import box, rounded_box, rounded_rectangle
from scenegen.assets.triangles import Geometry
from scenegen.assets.wheels import wheel_joints
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material, Wheel
from scenegen.records.taxonomy import WHEELED_JOINTS

_HALF, _WIDTH, _LOW, _HIGH = 7.6, 2.45, 0.36, 3.25
_RADIUS, _GAUGE = 0.33, 1.435
_AXLES = (("front", 4.7), ("front", 2.9), ("rear", -2.9), ("rear", -4.7))
_DOORS = (4.3, 0.0, -4.3)


def _hull() -> Geometry:
    """Return the car's skin: drawn in towards both ends, which lean back above the belt."""
    ends = np.array([0.0, 0.1, 0.3, 0.6, 1.0, 1.5, 2.0])
    stations = np.concatenate([-_HALF + ends, [-3.5, -1.2, 1.2, 3.5], _HALF - ends[::-1]])
    rings = [_section(float(x)) for x in stations]
    return loft(np.array(rings))


def _section(x: float) -> F64:
    """Return the outline (K, 3) at a station, leaned back where it belongs to an end."""
    near = np.clip((abs(x) - _HALF + 2.0) / 2.0, 0.0, 1.0)
    inset = 0.16 * max(0.0, (near - 0.85) / 0.15) ** 2
    wide = _WIDTH * (1 - 0.17 * near**2.2) - inset
    tall = _HIGH - _LOW - inset
    outline = rounded_rectangle(tall, wide, 0.26, 4)
    # Lower corners are sharper than the roof's: skirts hang straight down.
    z = _LOW + 0.5 * (_HIGH - _LOW) + outline[:, 0]
    dense = np.concatenate(
        [np.linspace(a, b, 5)[:-1] for a, b in _edges(np.column_stack([outline[:, 1], z]))]
    )
    y, z = dense.T
    lean = 0.75 * np.clip((z - 1.15) / (_HIGH - 1.15), 0, 1) ** 1.4 * near**2
    return np.column_stack([x - np.sign(x) * lean, y, z])


def _edges(outline: F64) -> list[tuple[F64, F64]]:
    return [(a, b) for a, b in zip(outline, np.roll(outline, -1, axis=0), strict=True)]


def _face(
    skin: Geometry, end: float, y: tuple[float, float], z: tuple[float, float], lift: float = 0.008
) -> Geometry:
    """Return a sheet laid on the front (end = 1) or the rear (-1)."""
    corners: list[Vec3] = [(0, y[0], z[0]), (0, y[1], z[0]), (0, y[1], z[1]), (0, y[0], z[1])]
    cells = (max(2, round(abs(y[1] - y[0]) / 0.09)), max(2, round((z[1] - z[0]) / 0.12)))
    return panel(skin, corners, (-end, 0, 0), cells, lift)


def _end(bench: Bench, root: str, skin: Geometry, end: float) -> None:
    """Glaze one end and fix its lamps: white in front, red behind."""
    bench.add(root, _face(skin, end, (0.9, -0.9), (1.3, 2.55), 0.014), GLASS)
    bench.add(root, _face(skin, end, (0.62, -0.62), (2.66, 2.92)), SEAM)
    bench.add(root, _face(skin, end, (0.5, -0.5), (2.73, 2.85), 0.016), DISPLAY)
    bench.add(root, _face(skin, end, (0.85, -0.85), (0.5, 0.66)), PLASTIC)
    for s, turning in ((1.0, INDICATOR_LEFT), (-1.0, INDICATOR_RIGHT)):
        bench.add(root, _face(skin, end, (s * 0.9, s * 0.42), (0.82, 1.04)), PLASTIC)
        bench.add(root, _face(skin, end, (s * 0.88, s * 0.78), (0.85, 1.01), 0.018), turning)
        inner = (s * 0.74, s * 0.6), (s * 0.57, s * 0.45)
        lenses = (HEADLAMP, HEADLAMP) if end > 0 else (TAIL_LAMP, BRAKE_LAMP)
        for span, lens in zip(inner, lenses, strict=True):
            bench.add(root, _face(skin, end, span, (0.85, 1.01), 0.018), lens)
        if end < 0:
            bench.add(
                root, _face(skin, end, (s * 0.38, s * 0.26), (0.87, 0.99), 0.01), REVERSE_LAMP
            )


def _sides(bench: Bench, root: str, skin: Geometry, trim: Material) -> None:
    """Lay windows, doors and a band on the sides."""
    belt, top = 1.25, 2.5
    window = [(-6.0, belt), (6.0, belt), (5.8, top), (-5.8, top)]
    bench.add(root, side_panel(skin, window, (24, 4), 0.008), CABIN_GLASS)
    for x in (-5.2, -3.2, -2.1, -1.0, 1.0, 2.1, 3.2, 5.2):
        strip = [(x - 0.04, belt), (x + 0.04, belt), (x + 0.04, top), (x - 0.04, top)]
        bench.add(root, side_panel(skin, strip, (1, 4), 0.015), PLASTIC)
    for x0, x1 in ((-6.3, -5.05), (-3.55, -0.75), (0.75, 3.55), (5.05, 6.3)):
        stripe = [(x0, 0.5), (x1, 0.5), (x1, 0.78), (x0, 0.78)]
        bench.add(root, side_panel(skin, stripe, (8, 2), 0.006), trim)
    for x in _DOORS:
        leaf = [(x - 0.65, 0.45), (x + 0.65, 0.45), (x + 0.65, 2.55), (x - 0.65, 2.55)]
        bench.add(root, side_panel(skin, leaf, (8, 8), 0.018), trim)
        for side in (-0.33, 0.33):
            a, b = x + side - 0.26, x + side + 0.26
            pane = [(a, 0.75), (b, 0.75), (b, 2.42), (a, 2.42)]
            bench.add(root, side_panel(skin, pane, (4, 8), 0.025), CABIN_GLASS)
        gap = [(x - 0.012, 0.5), (x + 0.012, 0.5), (x + 0.012, 2.5), (x - 0.012, 2.5)]
        bench.add(root, side_panel(skin, gap, (1, 8), 0.024), SEAM)


def _roof(bench: Bench, root: str) -> None:
    """Put equipment boxes and a raised pantograph on the roof."""
    grey = matte("roof unit", "b9bcbd")
    for x, long in ((3.9, 2.2), (-3.6, 2.8)):
        bench.add(root, rounded_box((long, 1.5, 0.3), 0.08, (x, 0.0, _HIGH + 0.12)), grey)
    base, knee, head = (0.0, 0.42, _HIGH + 0.12), (-1.1, 0.3, _HIGH + 0.75), (0.1, 0.25, 4.55)
    for y in (0.42, -0.42):
        bench.add(root, box((0.5, 0.1, 0.14), (0.0, y, _HIGH + 0.05)), PLASTIC)
    bench.add(root, bar(base, knee, 0.03, 6).both_sides(), STEEL)
    bench.add(root, bar(knee, head, 0.022, 6).both_sides(), STEEL)
    for x in (-0.02, 0.22):
        bench.add(root, box((0.06, 1.5, 0.04), (x, 0.0, 4.57)), STEEL)


def _bogies(bench: Bench, root: str) -> tuple[Wheel, ...]:
    """Fix the wheels, those of the front bogie steered, and the bogies' frames."""
    wheels = []
    for number, (end, x) in enumerate(_AXLES):
        for side, s in (("left", 1.0), ("right", -1.0)):
            corner = f"{end}_{side}"
            joints = wheel_joints(WHEELED_JOINTS, corner, corner, end == "front")
            hub = (x, 0.5 * s * _GAUGE, _RADIUS)
            part = bench.part(f"wheel_{number}_{side}", root, hub, joints)
            bench.add(part, cylinder(_RADIUS, 0.12, 20, "y"), STEEL)
            bench.add(part, cylinder(0.6 * _RADIUS, 0.14, 16, "y"), UNDERBODY)
            wheels.append(Wheel(hub, _RADIUS, end == "front", True))
    for x in (3.8, -3.8):
        bench.add(root, box((2.3, 1.2, 0.24), (x, 0.0, 0.36)), UNDERBODY)
        frame = rounded_box((2.5, 0.12, 0.22), 0.03, (x, 0.86, 0.36))
        bench.add(root, frame.both_sides(), UNDERBODY)
    bench.add(root, box((4.6, 2.1, 0.2), (0.0, 0.0, 0.32)), UNDERBODY)
    return tuple(wheels)


def tram(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a tram whose front bogie turns with the steering."""
    bench = Bench("train")
    root = bench.part("body")
    color, second = rng.choice(
        (
            ("d9d4c4", "a8282c"),
            ("e6e6e2", "2f7a4f"),
            ("e2b51c", "2a2d31"),
            ("e6e6e2", "2c5fa0"),
            ("b01e22", "e6e6e2"),
        )
    ).tolist()
    skin = _hull()
    bench.add(root, skin, paint(color))
    for end in (1.0, -1.0):
        _end(bench, root, skin, end)
    _sides(bench, root, skin, paint(second))
    _roof(bench, root)
    wheels = _bogies(bench, root)
    spots = tuple(low_beam((_HALF + 0.05, y, 0.93), 12_000.0) for y in (0.6, -0.6))
    tall = _HIGH - _LOW
    shapes = (CollisionShape("box", (0, 0, _LOW + 0.5 * tall), (2 * _HALF, _WIDTH, tall)),)
    return finish(
        asset_id, variant, "train", bench, 19_500.0, WHEELED_JOINTS, shapes, wheels, spots
    )
