"""Road wheels, and the parts that steer and spin them."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench
from scenegen.assets.materials import ALLOY, RUBBER, UNDERBODY
from scenegen.assets.shapes import box, cylinder, ring
from scenegen.records.mesh import Joint, Material, Wheel
from scenegen.records.taxonomy import WHEELED_JOINTS


def tyre_profile(radius: float, width: float, rim: float) -> list[tuple[float, float]]:
    """Return the closed profile (radius, offset) of a tyre with rounded shoulders."""
    h = width / 2
    r = radius
    return [
        (rim, -0.86 * h),
        (rim + 0.5 * (r - rim), -h),
        (r, -0.7 * h),
        (r, 0.7 * h),
        (rim + 0.5 * (r - rim), h),
        (rim, 0.86 * h),
    ]


def add_wheel(
    bench: Bench,
    part: str,
    radius: float,
    width: float,
    outside: float,
    spokes: int = 5,
    rim_material: Material = ALLOY,
    rim_share: float = 0.66,
) -> None:
    """Put a wheel around the y axis of a part, its face towards `outside` (+1 or -1)."""
    rim = rim_share * radius
    half = width / 2
    bench.add(part, ring(tyre_profile(radius, width, rim), 20, "y"), RUBBER)
    bench.add(part, cylinder(rim, 0.3 * width, 16, "y").moved(y=-0.2 * outside * half), UNDERBODY)
    face = outside * 0.72 * half
    lip = [
        (0.9 * rim, 0.5 * half),
        (1.02 * rim, 0.5 * half),
        (1.02 * rim, 0.95 * half),
        (0.93 * rim, 0.9 * half),
    ]
    bench.add(part, ring([(r, outside * h) for r, h in lip], 20, "y"), rim_material)
    bench.add(part, cylinder(0.2 * rim, 0.36 * half, 8, "y").moved(y=face), rim_material)
    for k in range(spokes):
        spoke = box((0.17 * radius, 0.2 * half, 0.82 * rim), (0.0, face, 0.5 * rim))
        bench.add(part, spoke.turned((0, 1, 0), 2 * np.pi * k / spokes), rim_material)


def wheel_part(bench: Bench, root: str, wheel: Wheel, name: str, steered: bool) -> str:
    """Open the part of a wheel at its hub; `name` is like ``front_left``."""
    joints = [Joint(WHEELED_JOINTS.index(f"spin_{name}"), (0.0, 1.0, 0.0))]
    if steered:
        joints.insert(0, Joint(WHEELED_JOINTS.index("steer"), (0.0, 0.0, 1.0)))
    return bench.part(f"wheel_{name}", root, wheel.position_m, tuple(joints))


def axles(
    front_x: float, rear_x: float, track: float, radius: float, front_driven: bool
) -> tuple[Wheel, ...]:
    """Return four wheels: front left, front right, rear left, rear right."""
    return tuple(
        Wheel((x, side * track / 2, radius), radius, front, front == front_driven)
        for x, front in ((front_x, True), (rear_x, False))
        for side in (1.0, -1.0)
    )


WHEEL_NAMES = ("front_left", "front_right", "rear_left", "rear_right")
