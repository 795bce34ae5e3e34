"""The electric kick scooter, which one stands on."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.headlamps import low_beam
from scenegen.assets.lofts import bar, cylinder, ring
from scenegen.assets.materials import (
    ALLOY,
    BRAKE_LAMP,
    HEADLAMP,
    PLASTIC,
    RUBBER,
    STEEL,
    TAIL_LAMP,
    paint,
)
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.twowheel import mudguard, steered_part
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Joint, Wheel
from scenegen.records.taxonomy import MOTORCYCLE_JOINTS

RADIUS = 0.12
FRONT: Vec3 = (0.45, 0.0, RADIUS)
REAR: Vec3 = (-0.45, 0.0, RADIUS)
HEAD: Vec3 = (0.36, 0.0, 0.30)
_LOW_HEAD: Vec3 = (0.40, 0.0, 0.18)
_TOP: Vec3 = (0.20, 0.0, 1.13)
_BAR: Vec3 = (0.17, 0.23, 1.13)
DECK: Vec3 = (-0.06, 0.0, 0.185)
_RESTS = {"rest_left": (0.12, 0.045, 0.185), "rest_right": (-0.16, -0.045, 0.185)}


def _wheel(bench: Bench, name: str, parent: str, hub: Vec3) -> None:
    channel = MOTORCYCLE_JOINTS.index(f"spin_{name}")
    part = bench.part(f"wheel_{name}", parent, hub, (Joint(channel, (0.0, 1.0, 0.0)),))
    t = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    tyre = [(RADIUS - 0.026 + 0.026 * float(np.cos(a)), 0.026 * float(np.sin(a))) for a in t]
    bench.add(part, ring(tyre, 20, "y"), RUBBER)
    bench.add(part, cylinder(RADIUS - 0.04, 0.04, 16, "y"), ALLOY)
    for k in range(5):
        hole = box((0.022, 0.048, 0.03), (0.0, 0.0, 0.05))
        bench.add(part, hole.turned((0, 1, 0), 2 * np.pi * k / 5), PLASTIC)


def kick_scooter(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return an electric kick scooter with lamps."""
    bench = Bench("motorcycle")
    color = paint(str(rng.choice(("25282b", "3d8f5a", "d9d9d4", "c9571e", "2c5fa0"))))
    root = bench.part("frame")
    bench.add(root, rounded_box((0.62, 0.17, 0.06), 0.02, (DECK[0], 0.0, DECK[2] - 0.04)), color)
    bench.add(root, box((0.56, 0.14, 0.012), (DECK[0], 0.0, DECK[2] - 0.008)), PLASTIC)
    bench.add(root, bar((0.22, 0.0, 0.15), (0.36, 0.0, 0.27), 0.03, 10), color)
    for y in (0.05, -0.05):
        bench.add(root, bar((-0.34, y, 0.14), (REAR[0], y, REAR[2]), 0.014, 8), STEEL)
    bench.add(root, mudguard(RADIUS + 0.012, 0.04, 1.3, 2.7).moved(*REAR), PLASTIC)
    bench.add(root, rounded_box((0.025, 0.06, 0.035), 0.008, (-0.595, 0.0, 0.19)), TAIL_LAMP)
    bench.add(root, rounded_box((0.02, 0.03, 0.02), 0.006, (-0.607, 0.0, 0.19)), BRAKE_LAMP)
    fork = steered_part(bench, "frame", HEAD, _LOW_HEAD)

    def at(x: float, y: float, z: float) -> Vec3:
        return (x - HEAD[0], y - HEAD[1], z - HEAD[2])

    bench.add(fork, bar(at(0.37, 0.0, 0.25), at(*_TOP), 0.022, 10), color)
    for y in (0.04, -0.04):
        bench.add(fork, bar(at(0.37, y, 0.26), at(FRONT[0], y, FRONT[2]), 0.014, 8), STEEL)
    bench.add(fork, box((0.05, 0.1, 0.03), at(0.37, 0.0, 0.27)), STEEL)
    bench.add(fork, mudguard(RADIUS + 0.012, 0.04, 0.7, 2.3).moved(*at(*FRONT)), PLASTIC)
    left, right = at(0.2, 0.27, 1.13), at(0.2, -0.27, 1.13)
    bench.add(fork, bar(left, right, 0.011, 8), STEEL)
    bench.add(fork, bar(at(0.2, 0.16, 1.13), at(0.2, 0.29, 1.13), 0.017, 8).both_sides(), PLASTIC)
    bench.add(fork, rounded_box((0.06, 0.07, 0.045), 0.012, at(0.2, 0.0, 1.16)), PLASTIC)
    bench.add(fork, cylinder(0.022, 0.03, 10, "x").moved(*at(0.265, 0.0, 1.05)), HEADLAMP)
    _wheel(bench, "front", fork, at(*FRONT))
    _wheel(bench, "rear", "frame", REAR)
    return finish(
        asset_id,
        variant,
        "motorcycle",
        bench,
        mass_kg=19.0,
        joints=MOTORCYCLE_JOINTS,
        collision=(
            CollisionShape("box", (-0.02, 0.0, 0.2), (1.1, 0.2, 0.2)),
            CollisionShape("box", (0.27, 0.0, 0.75), (0.15, 0.5, 0.8)),
        ),
        wheels=(Wheel(FRONT, RADIUS, True, False), Wheel(REAR, RADIUS, False, True)),
        spots=(low_beam((0.29, 0.0, 1.05)),),
        anchors={
            "saddle": (-0.03, 0.0, 1.05),
            "deck": DECK,
            "grip_left": _BAR,
            "grip_right": (_BAR[0], -_BAR[1], _BAR[2]),
            **_RESTS,
        },
    )
