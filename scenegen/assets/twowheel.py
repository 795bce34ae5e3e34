"""What motorcycles and motor scooters share: wheels, lamps, mirrors, the beam."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench
from scenegen.assets.lofts import bar, cylinder, loft, ring
from scenegen.assets.materials import (
    GLASS,
    INDICATOR_LEFT,
    INDICATOR_RIGHT,
    PLASTIC,
    PLATE,
    RUBBER,
    STEEL,
)
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.triangles import Geometry
from scenegen.assets.wheels import tyre_profile
from scenegen.records.base import Vec3
from scenegen.records.mesh import Joint, Material
from scenegen.records.taxonomy import MOTORCYCLE_JOINTS


def steered_part(bench: Bench, frame: str, head: Vec3, foot: Vec3) -> str:
    """Open the part ``fork`` at the top of the steering axis, which runs down to `foot`."""
    axis = np.subtract(head, foot)
    ax, ay, az = (axis / np.linalg.norm(axis)).tolist()
    return bench.part("fork", frame, head, (Joint(0, (ax, ay, az)),))


def add_wheel(
    bench: Bench, name: str, parent: str, hub: Vec3, radius: float, width: float, rim: Material
) -> None:
    """Fix a cast wheel of six spokes with its brake disc; `name` is ``front`` or ``rear``."""
    channel = MOTORCYCLE_JOINTS.index(f"spin_{name}")
    part = bench.part(f"wheel_{name}", parent, hub, (Joint(channel, (0.0, 1.0, 0.0)),))
    inner = radius - 0.45 * width - 0.03
    h = 0.5 * width
    crowned = [(inner, -0.8 * h), (radius - 0.3 * h, -h), (radius - 0.04 * h, -0.45 * h)]
    crowned += [(radius, 0.0), (radius - 0.04 * h, 0.45 * h), (radius - 0.3 * h, h)]
    crowned += [(inner, 0.8 * h)]
    bench.add(part, ring(crowned, 24, "y"), RUBBER)
    bench.add(part, ring(tyre_profile(inner + 0.012, 1.3 * h, inner - 0.025), 20, "y"), rim)
    bench.add(part, cylinder(0.16 * radius, 1.5 * h, 12, "y"), rim)
    for k in range(6):
        spoke = box((0.026, 0.5 * h, inner - 0.02), (0.0, 0.0, 0.5 * inner))
        bench.add(part, spoke.turned((0, 1, 0), k * np.pi / 3), rim)
    disc = ring([(0.3 * radius, 0.0), (0.3 * radius, 0.005), (0.52 * radius, 0.005)], 20, "y")
    bench.add(part, disc.moved(y=0.85 * h + 0.012), STEEL)


def mudguard(radius: float, half_width: float, start: float, end: float) -> Geometry:
    """Return a guard round a wheel, between two angles from +x about the y axis."""
    rings = []
    for angle in np.linspace(start, end, 9):
        c, s = np.cos(angle), np.sin(angle)
        section = [(0.0, half_width), (0.02, 0.6 * half_width), (0.02, -0.6 * half_width)]
        section += [(0.0, -half_width), (-0.012, -half_width), (0.008, -0.5 * half_width)]
        section += [(0.008, 0.5 * half_width), (-0.012, half_width)]
        rings.append([((radius + r) * c, y, (radius + r) * s) for r, y in section])
    return loft(np.array(rings))


def add_indicators(bench: Bench, part: str, x: float, y: float, z: float) -> None:
    """Set indicators on short stalks to both sides."""
    for s, lens in ((1.0, INDICATOR_LEFT), (-1.0, INDICATOR_RIGHT)):
        bench.add(part, bar((x, 0.0, z), (x, s * y, z), 0.009, 6), PLASTIC)
        bench.add(part, rounded_box((0.05, 0.06, 0.045), 0.015, (x, s * y, z)), lens)


def add_mirrors(bench: Bench, part: str, foot: Vec3, head: Vec3) -> None:
    """Set mirrors on stalks to both sides."""
    bench.add(part, bar(foot, head, 0.007, 6).both_sides(), PLASTIC)
    x, y, z = head
    bench.add(part, rounded_box((0.025, 0.13, 0.085), 0.012, head).both_sides(), PLASTIC)
    bench.add(part, box((0.006, 0.11, 0.065), (x - 0.014, y, z)).both_sides(), GLASS)


def add_plate(bench: Bench, part: str, place: Vec3) -> None:
    """Fix a number plate of two rows, which bears no number, behind a part."""
    x, y, z = place
    bench.add(part, box((0.012, 0.2, 0.2), (x + 0.008, y, z)), PLASTIC)
    bench.add(part, box((0.012, 0.18, 0.18), (x, y, z)), PLATE)


def rider_anchors(saddle: Vec3, grip_left: Vec3, rest_left: Vec3) -> dict[str, Vec3]:
    """Return where a rider sits, and holds and rests on both sides."""
    anchors = {"saddle": saddle}
    for name, (x, y, z) in (("grip", grip_left), ("rest", rest_left)):
        anchors |= {f"{name}_left": (x, y, z), f"{name}_right": (x, -y, z)}
    return anchors
