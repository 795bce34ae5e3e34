"""The bicycle."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.lofts import bar, column, cylinder, loft, ring, tube
from scenegen.assets.materials import ALLOY, HEADLAMP, PLASTIC, RUBBER, STEEL, TAIL_LAMP, paint
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.triangles import Geometry
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Joint, Material, Wheel
from scenegen.records.taxonomy import BICYCLE_JOINTS

RADIUS = 0.34
BRACKET: Vec3 = (-0.10, 0.0, 0.29)
SADDLE: Vec3 = (-0.28, 0.0, 0.87)
PELVIS: Vec3 = (-0.27, 0.0, 0.98)
HEAD: Vec3 = (0.36, 0.0, 0.80)
FRONT: Vec3 = (0.56, 0.0, RADIUS)
REAR: Vec3 = (-0.54, 0.0, RADIUS)
CRANK_M = 0.17
PEDAL_Y = 0.15


_SEAT_TOP: Vec3 = (-0.245, 0.0, 0.79)
_HUB: Vec3 = (FRONT[0] - HEAD[0], 0.0, FRONT[2] - HEAD[2])


def _frame(bench: Bench, color: Material) -> None:
    root = bench.part("frame")
    low_head = (0.40, 0.0, 0.69)
    for a, b, r in (
        (BRACKET, SADDLE, 0.017),
        (BRACKET, low_head, 0.02),
        (HEAD, _SEAT_TOP, 0.017),
        (HEAD, low_head, 0.022),
    ):
        bench.add(root, bar(a, b, r, 10), color)
    for start in (BRACKET, _SEAT_TOP):
        stay = bar((start[0], 0.03, start[2]), (REAR[0], 0.06, REAR[2]), 0.01)
        bench.add(root, stay.both_sides(), color)
    bench.add(root, bar(_SEAT_TOP, SADDLE, 0.014), STEEL)
    bench.add(
        root,
        column(np.array(_SADDLE_ROWS), 14).turned((0, 1, 0), np.pi / 2).moved(*SADDLE),
        PLASTIC,
    )
    rack = [(REAR[0] - 0.14, 0.06, 0.74), (-0.28, 0.06, 0.74)]
    bench.add(root, bar(rack[0], rack[1], 0.007, 6).both_sides(), STEEL)
    bench.add(root, bar(rack[0], (REAR[0], 0.07, REAR[2]), 0.006, 6).both_sides(), STEEL)
    bench.add(root, box((0.03, 0.14, 0.02), (REAR[0] - 0.14, 0, 0.74)), STEEL)
    bench.add(root, _mudguard(0.35, 2.85).moved(*REAR), PLASTIC)
    bench.add(root, rounded_box((0.03, 0.09, 0.05), 0.012, (REAR[0] - 0.165, 0, 0.72)), TAIL_LAMP)
    bench.add(root, rounded_box((0.47, 0.025, 0.1), 0.012, (-0.32, -0.075, 0.315)), PLASTIC)


def _mudguard(start: float, end: float) -> Geometry:
    """Return a guard over a wheel between two angles from +x, about the y axis."""
    t = np.linspace(start, end, 14)
    rings = []
    for a in t:
        c, s = np.cos(a), np.sin(a)
        low, high = RADIUS + 0.012, RADIUS + 0.018
        rings.append(
            [
                [low * c, 0.028, low * s],
                [high * c, 0.026, high * s],
                [high * c, -0.026, high * s],
                [low * c, -0.028, low * s],
            ]
        )
    return loft(np.array(rings))


_SADDLE_ROWS = (
    (-0.13, 0.0, 0.0, 0.022, 0.06),
    (-0.11, 0.0, 0.0, 0.032, 0.085),
    (-0.05, 0.0, 0.0, 0.03, 0.08),
    (0.04, 0.0, 0.0, 0.026, 0.035),
    (0.13, 0.008, 0.0, 0.022, 0.022),
    (0.145, 0.012, 0.0, 0.012, 0.012),
)


def _fork(bench: Bench, color: Material) -> None:
    axis = np.array(HEAD) - np.array((0.44, 0.0, 0.58))
    ax, _, az = (axis / np.linalg.norm(axis)).tolist()
    steer = Joint(BICYCLE_JOINTS.index("steer"), (ax, 0.0, az))
    fork = bench.part("fork", "frame", HEAD, (steer,))
    crown = (0.055, 0.045, -0.15)
    bench.add(fork, bar(crown, (_HUB[0], 0.05, _HUB[2]), 0.012).both_sides(), color)
    bench.add(fork, box((0.04, 0.12, 0.04), (crown[0], 0, crown[2])), color)
    bench.add(fork, bar((crown[0], 0, crown[2]), (-0.06, 0, 0.2), 0.014), STEEL)
    side = [(-0.055, 0.0, 0.2), (-0.03, 0.08, 0.215), (-0.06, 0.2, 0.225), (-0.2, 0.29, 0.22)]
    bench.add(fork, tube(side, 0.011, 8).both_sides(), STEEL)
    bench.add(fork, bar((-0.12, 0.245, 0.223), (-0.225, 0.305, 0.219), 0.017).both_sides(), PLASTIC)
    bench.add(fork, cylinder(0.04, 0.07, 14, "x").moved(0.09, 0, 0.0), PLASTIC)
    bench.add(fork, cylinder(0.033, 0.02, 14, "x").moved(0.125, 0, 0.0), HEADLAMP)
    bench.add(fork, _mudguard(0.2, 2.3).moved(*_HUB), PLASTIC)


def _wheel(bench: Bench, name: str, parent: str, place: Vec3) -> None:
    spin = Joint(BICYCLE_JOINTS.index(f"spin_{name}"), (0.0, 1.0, 0.0))
    part = bench.part(f"wheel_{name}", parent, place, (spin,))
    t = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    tyre = [(RADIUS - 0.019 + 0.019 * float(np.cos(a)), 0.019 * float(np.sin(a))) for a in t]
    bench.add(part, ring(tyre, 28, "y"), RUBBER)
    rim = [
        (RADIUS - 0.055, 0.011),
        (RADIUS - 0.03, 0.013),
        (RADIUS - 0.03, -0.013),
        (RADIUS - 0.055, -0.011),
    ]
    bench.add(part, ring(rim, 28, "y"), ALLOY)
    bench.add(part, cylinder(0.02, 0.1, 10, "y"), STEEL)
    for k in range(16):
        spoke = bar((0.018, 0.03 * (-1) ** k, 0), (RADIUS - 0.05, 0, 0), 0.003, 4)
        bench.add(part, spoke.turned((0, 1, 0), k * np.pi / 8), STEEL)


def _crank(bench: Bench) -> None:
    channel = BICYCLE_JOINTS.index("crank")
    crank = bench.part("crank", "frame", BRACKET, (Joint(channel, (0.0, 1.0, 0.0)),))
    bench.add(crank, cylinder(0.025, 0.16, 12, "y"), STEEL)
    bench.add(crank, cylinder(0.085, 0.006, 20, "y").moved(y=-0.055), STEEL)
    for side, s in (("left", 1.0), ("right", -1.0)):
        bench.add(crank, bar((0, s * 0.085, 0), (s * CRANK_M, s * 0.09, 0), 0.012, 8), STEEL)
        bench.add(crank, cylinder(0.008, 0.1, 8, "y").moved(s * CRANK_M, s * 0.12, 0), STEEL)
        place = (s * CRANK_M, s * PEDAL_Y, 0.0)
        pedal = bench.part(f"pedal_{side}", crank, place, (Joint(channel, (0.0, -1.0, 0.0)),))
        bench.add(pedal, rounded_box((0.1, 0.09, 0.024), 0.008), PLASTIC)


def city_bicycle(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a city bicycle with mudguards, rack and lamps; 0.34 m wheels."""
    bench = Bench("bicycle")
    color = paint(str(rng.choice(("1b1b1d", "1f3f73", "8e1c1f", "24452f", "d9d9d4", "c98a1a"))))
    _frame(bench, color)
    _fork(bench, color)
    _wheel(bench, "front", "fork", _HUB)
    _wheel(bench, "rear", "frame", REAR)
    _crank(bench)
    grip = (HEAD[0] - 0.17, 0.275, HEAD[2] + 0.235)
    anchors = {"saddle": PELVIS, "grip_left": grip, "grip_right": (grip[0], -grip[1], grip[2])}
    return finish(
        asset_id,
        variant,
        "bicycle",
        bench,
        mass_kg=17.0,
        joints=BICYCLE_JOINTS,
        collision=(CollisionShape("box", (0, 0, 0.55), (1.7, 0.3, 1.0)),),
        wheels=(Wheel(FRONT, RADIUS, True, False), Wheel(REAR, RADIUS, False, True)),
        anchors=anchors,
    )
