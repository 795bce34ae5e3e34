"""The bicycle."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.materials import PLASTIC, RUBBER, STEEL, paint
from scenegen.assets.shapes import bar, box, ring, rounded_box
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Joint, Wheel
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


def city_bicycle(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a city bicycle."""
    bench = Bench("bicycle")
    color = paint(str(rng.choice(("17181a", "1f3f73", "8e1c1f", "24452f", "d9d9d4"))))
    root = bench.part("frame")
    for a, b in (
        (BRACKET, SADDLE),
        (BRACKET, HEAD),
        (HEAD, (-0.25, 0, 0.78)),
        (BRACKET, REAR),
        (REAR, (-0.25, 0, 0.78)),
    ):
        bench.add(root, bar(a, b, 0.018), color)
    bench.add(root, rounded_box((0.27, 0.17, 0.06), 0.02, SADDLE), PLASTIC)
    axis = np.array(HEAD) - np.array((0.50, 0.0, 0.40))
    ax, _, az = (axis / np.linalg.norm(axis)).tolist()
    fork = bench.part("fork", root, HEAD, (Joint(BICYCLE_JOINTS.index("steer"), (ax, 0.0, az)),))
    hub = (FRONT[0] - HEAD[0], 0.0, FRONT[2] - HEAD[2])
    for s in (1.0, -1.0):
        bench.add(fork, bar((0, s * 0.05, 0), (hub[0], s * 0.05, hub[2]), 0.012), color)
    bench.add(fork, bar((0, 0, 0), (-0.06, 0, 0.22), 0.014), STEEL)
    bench.add(fork, bar((-0.06, -0.3, 0.22), (-0.06, 0.3, 0.22), 0.014), STEEL)
    wheels = (Wheel(FRONT, RADIUS, True, False), Wheel(REAR, RADIUS, False, True))
    for name, parent, place in (("front", fork, hub), ("rear", root, REAR)):
        part = bench.part(
            f"wheel_{name}",
            parent,
            place,
            (Joint(BICYCLE_JOINTS.index(f"spin_{name}"), (0.0, 1.0, 0.0)),),
        )
        t = np.linspace(0, 2 * np.pi, 8, endpoint=False)
        bench.add(
            part,
            ring(
                [(RADIUS - 0.02 + 0.02 * float(np.cos(a)), 0.02 * float(np.sin(a))) for a in t],
                32,
                "y",
            ),
            RUBBER,
        )
        for k in range(8):
            bench.add(
                part,
                bar((0, 0, 0), (0, 0, RADIUS - 0.02), 0.003, 4).turned((0, 1, 0), k * np.pi / 4),
                STEEL,
            )
    crank = bench.part("crank", root, BRACKET, (Joint(3, (0.0, 1.0, 0.0)),))
    for side, s in (("left", 1.0), ("right", -1.0)):
        bench.add(crank, bar((0, s * 0.09, 0), (s * CRANK_M, s * 0.09, 0), 0.011, 6), STEEL)
        pedal = bench.part(
            f"pedal_{side}", crank, (s * CRANK_M, s * PEDAL_Y, 0.0), (Joint(3, (0.0, -1.0, 0.0)),)
        )
        bench.add(pedal, box((0.09, 0.09, 0.02)), PLASTIC)
    collision = (CollisionShape("box", (0, 0, 0.55), (1.7, 0.3, 1.0)),)
    anchors = {
        "saddle": PELVIS,
        "grip_left": (HEAD[0] - 0.16, 0.28, HEAD[2] + 0.22),
        "grip_right": (HEAD[0] - 0.16, -0.28, HEAD[2] + 0.22),
    }
    return finish(
        asset_id, variant, "bicycle", bench, 17.0, BICYCLE_JOINTS, collision, wheels, (), anchors
    )
