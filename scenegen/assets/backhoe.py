"""A backhoe loader, the construction machine that is most often met on roads."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.cab import add_mirrors, add_nose_lamps, add_tail_lamps, upright
from scenegen.assets.lofts import bar, cylinder, extrude
from scenegen.assets.materials import (
    BEACON_AMBER,
    GLASS,
    PLASTIC,
    SEAM,
    STEEL,
    UNDERBODY,
    matte,
    paint,
)
from scenegen.assets.panels import panel, side_panel
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.wheels import add_wheel, wheel_part
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material, Wheel
from scenegen.records.taxonomy import WHEELED_JOINTS

MASS_KG = 8100.0
_FRONT_M, _REAR_M, _TRACK_M = 0.48, 0.68, 1.8
_FRONT_X, _REAR_X = 1.3, -0.87
_CAB_X = -0.55
_PAINT = ("e0a417", "dba21a", "d9651c", "d4b32a")
_RIM = matte("machine rim", "d8d4c8", 0.5)
_DARK = matte("machine steel", "2b2c2e", 0.6)


def backhoe_loader(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a backhoe loader on its way: bucket carried low, boom folded up behind.

    Sizes are those of the usual machine of 8 t: 5.9 m long, 2.35 m wide, 3.6 m high, wheelbase
    2.17 m, small wheels in front that steer, all four driven.
    """
    bench = Bench("truck")
    root = bench.part("body")
    skin = paint(str(rng.choice(_PAINT)))
    wheels = _wheels(bench, root)
    _body(bench, root, skin)
    _cab(bench, root, skin)
    _loader(bench, root, skin)
    _boom(bench, root, skin)
    spots = add_nose_lamps(bench, root, 1.985, 0.5, 1.5)
    add_tail_lamps(bench, root, -1.93, 0.82, 1.35)
    shapes = (
        CollisionShape("box", (0.2, 0.0, 1.15), (3.6, 1.5, 1.3)),
        CollisionShape("box", (_CAB_X, 0.0, 2.2), (1.75, 1.75, 1.5)),
        CollisionShape("box", (-0.87, 0.0, 0.9), (1.5, 2.25, 1.2)),
        CollisionShape("box", (2.6, 0.0, 0.78), (1.0, 2.35, 0.95)),
        CollisionShape("box", (-2.15, 0.0, 2.0), (1.0, 0.6, 2.9)),
    )
    return finish(asset_id, variant, "truck", bench, MASS_KG, WHEELED_JOINTS, shapes, wheels, spots)


def _wheels(bench: Bench, root: str) -> tuple[Wheel, ...]:
    found = []
    for name, x, radius, wide in (
        ("front", _FRONT_X, _FRONT_M, 0.32),
        ("rear", _REAR_X, _REAR_M, 0.43),
    ):
        for side, s in (("left", 1.0), ("right", -1.0)):
            hub = (x, s * 0.5 * _TRACK_M, radius)
            wheel = Wheel(hub, radius, name == "front", True)
            part = wheel_part(bench, root, wheel, f"{name}_{side}", name == "front")
            add_wheel(bench, part, radius, wide, s, 0, _RIM, 0.55)
            found.append(wheel)
        bench.add(root, box((0.18, _TRACK_M - 0.5, 0.18), (x, 0.0, radius)), UNDERBODY)
    return tuple(found)


def _body(bench: Bench, root: str, skin: Material) -> None:
    """Build frame, bonnet, rear wings and the tower that the loader's arms hang on."""
    bench.add(root, box((3.7, 0.62, 0.4), (0.1, 0.0, 0.78)), _DARK)
    bench.add(root, rounded_box((1.65, 0.98, 0.72), 0.1, (1.13, 0.0, 1.36)), skin)
    for z in (1.16, 1.28, 1.4):
        bench.add(root, box((0.02, 0.5, 0.05), (1.96, 0.0, z)), SEAM)
    for x in (0.75, 0.95, 1.15):
        bench.add(root, box((0.1, 1.0, 0.22), (x, 0.0, 1.42)), SEAM)
    bench.add(root, box((0.05, 1.46, 0.26), (1.955, 0.0, 1.5)), _DARK)
    bench.add(root, cylinder(0.05, 0.75, 12).moved(0.95, 0.3, 2.05), STEEL)
    for s in (1.0, -1.0):
        arch = [(-1.62, 1.0), (-1.62, 1.3), (-1.3, 1.52), (-0.4, 1.52), (-0.1, 1.2), (-0.1, 1.0)]
        inner = [
            (-0.2, 1.0),
            (-0.22, 1.16),
            (-0.45, 1.42),
            (-1.25, 1.42),
            (-1.5, 1.26),
            (-1.5, 1.0),
        ]
        bench.add(root, extrude(arch + inner, 0.5).moved(0.0, 0.88 * s), skin)
        bench.add(root, box((0.3, 0.16, 0.95), (0.22, 0.62 * s, 1.25)), _DARK)
        for z in (0.55, 0.85):
            bench.add(root, box((0.3, 0.26, 0.03), (0.05, 0.92 * s, z)), STEEL)
        bench.add(root, box((0.06, 0.12, 0.7), (0.12, 0.86 * s, 0.7)), STEEL)


def _cab(bench: Bench, root: str, skin: Material) -> None:
    low, high, long, wide = 1.3, 2.86, 1.6, 1.66
    shell = upright(long, wide, low, high, 0.12, 0.12).moved(_CAB_X)
    bench.add(root, shell, skin)
    pane = 0.62
    for way in (-1.0, 1.0):
        glass: list[Vec3] = [
            *((0.0, pane, 1.62), (0.0, -pane, 1.62)),
            *((0.0, -pane, 2.66), (0.0, pane, 2.66)),
        ]
        corners = glass if way < 0 else glass[::-1]
        bench.add(root, panel(shell, corners, (way, 0, 0), (8, 8), 0.008), GLASS)
    back, middle, front = _CAB_X - 0.66, _CAB_X + 0.05, _CAB_X + 0.6
    for a, b in ((back, middle - 0.04), (middle + 0.04, front)):
        door = [(a, 1.62), (b, 1.62), (b - 0.02, 2.66), (a, 2.66)]
        bench.add(root, side_panel(shell, door, (6, 6)), GLASS)
    bench.add(root, rounded_box((1.8, 1.74, 0.14), 0.05, (_CAB_X, 0.0, 2.93)), skin)
    lamp = matte("working lamp", "d6d9dc", 0.3)
    for x in (_CAB_X + 0.92, _CAB_X - 0.92):
        for y in (0.6, -0.6):
            bench.add(root, rounded_box((0.08, 0.2, 0.12), 0.03, (x, y, 2.88)), lamp)
    bench.add(root, cylinder(0.08, 0.05, 12).moved(_CAB_X - 0.5, -0.6, 3.02), PLASTIC)
    bench.add(root, cylinder(0.075, 0.16, 12).moved(_CAB_X - 0.5, -0.6, 3.12), BEACON_AMBER)
    add_mirrors(bench, root, _CAB_X + 0.75, 0.92, 2.25)


def _loader(bench: Bench, root: str, skin: Material) -> None:
    """Build the arms from the tower to a bucket of 2.3 m, half a metre over the ground."""
    for s in (0.62, -0.62):
        arm = [(0.05, 1.85), (0.3, 1.9), (1.5, 1.3), (2.25, 0.72), (2.2, 0.56), (1.4, 1.08)]
        bench.add(root, extrude([*arm, (0.05, 1.65)], 0.14).moved(0.0, s), skin)
        bench.add(root, bar((0.35, s, 1.1), (1.35, s, 1.12), 0.06), STEEL)
        bench.add(root, bar((1.1, 0.8 * s, 1.62), (2.2, 0.8 * s, 1.1), 0.045), STEEL)
    wall = [(2.32, 1.2), (2.2, 1.2), (2.16, 0.62), (2.36, 0.34), (3.06, 0.3), (3.08, 0.34)]
    hollow = [(2.46, 0.42), (2.28, 0.64)]
    bench.add(root, extrude(wall + hollow, 2.3), _DARK)
    for s in (1.16, -1.16):
        side = [(2.2, 1.2), (2.17, 0.62), (2.36, 0.34), (3.06, 0.3), (2.5, 0.85)]
        bench.add(root, extrude(side, 0.03).moved(0.0, s), _DARK)
    for y in np.linspace(-1.05, 1.05, 7).tolist():
        bench.add(root, box((0.14, 0.08, 0.03), (3.1, y, 0.315)), STEEL)


def _boom(bench: Bench, root: str, skin: Material) -> None:
    """Build the folded boom, dipper and digging bucket, and the lifted stabilisers."""
    bench.add(root, box((0.16, 2.06, 0.5), (-1.79, 0.0, 0.78)), _DARK)
    bench.add(root, box((0.36, 0.4, 0.85), (-2.0, 0.0, 0.85)), _DARK)
    boom = [(-1.85, 1.1), (-2.15, 1.1), (-2.3, 2.3), (-2.12, 3.45), (-1.9, 3.42), (-2.02, 2.3)]
    bench.add(root, extrude(boom, 0.26), skin)
    dipper = [(-2.0, 3.58), (-2.25, 3.5), (-2.62, 1.7), (-2.48, 1.62), (-2.05, 3.0)]
    bench.add(root, extrude(dipper, 0.2), skin)
    bench.add(root, bar((-1.95, 0.0, 1.3), (-1.93, 0.0, 2.6), 0.06), STEEL)
    bench.add(root, bar((-2.36, 0.0, 3.3), (-2.62, 0.0, 2.1), 0.05), STEEL)
    scoop = [(-2.45, 1.75), (-2.65, 1.72), (-2.8, 1.35), (-2.66, 1.0), (-2.34, 0.95), (-2.3, 1.0)]
    bench.add(root, extrude([*scoop, (-2.58, 1.1), (-2.66, 1.36)], 0.6), _DARK)
    for s in (1.0, -1.0):
        bench.add(root, box((0.2, 0.2, 1.2), (-1.8, 0.95 * s, 1.05)), skin)
        bench.add(root, box((0.34, 0.4, 0.06), (-1.8, 0.95 * s, 0.42)), STEEL)
