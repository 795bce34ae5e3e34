"""What lorries and buses share: cabs, axles, lamps, mirrors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenegen.assets.build import Bench
from scenegen.assets.headlamps import low_beam
from scenegen.assets.lofts import loft
from scenegen.assets.materials import (
    BRAKE_LAMP,
    GLASS,
    HEADLAMP,
    INDICATOR_LEFT,
    INDICATOR_RIGHT,
    INK,
    PLASTIC,
    PLATE,
    REVERSE_LAMP,
    RUBBER,
    SEAM,
    TAIL_LAMP,
    UNDERBODY,
    matte,
)
from scenegen.assets.panels import panel, seam, side_panel
from scenegen.assets.plates import plate_marks
from scenegen.assets.shapes import box, rounded_box, rounded_rectangle
from scenegen.assets.triangles import Geometry
from scenegen.assets.wheels import add_wheel, wheel_joints
from scenegen.records.base import Vec3
from scenegen.records.mesh import Material, Spot, Wheel
from scenegen.records.taxonomy import TAGGED_JOINTS

_SIDES = ((1.0, INDICATOR_LEFT), (-1.0, INDICATOR_RIGHT))
_RIM = matte("steel rim", "b9bbbc", 0.5)


@dataclass(frozen=True)
class Axle:
    """An axle: where it is, what it does, single or twin tyres.

    `name` is ``front``, ``rear`` or ``tag``: the joint channels of its suspension, which
    several axles may share.
    """

    name: str
    x: float
    steered: bool = False
    driven: bool = False
    twin: bool = False


def add_axles(
    bench: Bench,
    root: str,
    axles: Sequence[Axle],
    radius: float,
    track: float,
    channels: tuple[str, ...] = TAGGED_JOINTS,
) -> tuple[Wheel, ...]:
    """Fix wheels on axles; those that don't steer turn with the rear channels."""
    wheels = []
    for number, axle in enumerate(axles):
        shared = any(axle.name == other.name for other in axles[:number])
        label = f"{axle.name}{number}" if shared else axle.name
        for side, s in (("left", 1.0), ("right", -1.0)):
            end = "front" if axle.steered else "rear"
            spin, travel = f"{end}_{side}", f"{axle.name}_{side}"
            joints = wheel_joints(channels, spin, travel, axle.steered)
            hub = (axle.x, s * 0.5 * track, radius)
            part = bench.part(f"wheel_{label}_{side}", root, hub, joints)
            add_wheel(bench, part, radius, 0.28, s, 8, _RIM, 0.58)
            if axle.twin:
                inner = bench.part(f"twin_{label}_{side}", part, (0.0, -0.31 * s, 0.0))
                add_wheel(bench, inner, radius, 0.26, s, 0, _RIM, 0.58)
            wheels.append(Wheel(hub, radius, axle.steered, axle.driven))
        bench.add(root, box((0.14, track - 0.7, 0.14), (axle.x, 0.0, radius)), UNDERBODY)
    return tuple(wheels)


def upright(
    length: float, width: float, low: float, high: float, radius: float, rake: float
) -> Geometry:
    """Return a cab or a bus body: an upright box with round edges and a raked front."""
    levels = np.concatenate(
        [
            np.linspace(low, high - radius, 8),
            high - radius * (1 - np.sin(np.linspace(0, np.pi / 2, 5)[1:])),
        ]
    )
    rings = []
    for z in levels:
        into = high - radius
        inset = (
            radius * (1 - np.sqrt(max(0.0, 1 - ((z - into) / radius) ** 2))) if z > into else 0.0
        )
        outline = rounded_rectangle(length - 2 * inset, width - 2 * inset, max(radius, 0.02), 4)
        lean = rake * max(0.0, (z - low) / (high - low) - 0.35)
        ahead = np.clip(outline[:, 0] / (0.5 * length), 0, 1) ** 2
        x = outline[:, 0] - lean * ahead
        rings.append(np.column_stack([x, outline[:, 1], np.full(len(outline), z)]))
    return loft(np.array(rings))


def add_cab(bench: Bench, root: str, x: float, color: Material) -> Geometry:
    """Put a forward-control cab of 1.95 m length with its middle at x; return its shell."""
    shell = upright(1.95, 2.36, 0.62, 2.78, 0.16, 0.3).moved(x)
    bench.add(root, shell, color)
    screen: list[Vec3] = [(0, 1.04, 1.72), (0, -1.04, 1.72), (0, -0.98, 2.5), (0, 0.98, 2.5)]
    bench.add(root, panel(shell, screen, (-1, 0, 0), (14, 8), 0.008), GLASS)
    bench.add(
        root,
        side_panel(
            shell, [(x - 0.35, 1.68), (x + 0.66, 1.68), (x + 0.52, 2.42), (x - 0.35, 2.42)], (6, 6)
        ),
        GLASS,
    )
    grille: list[Vec3] = [(0, 0.78, 1.06), (0, -0.78, 1.06), (0, -0.78, 1.5), (0, 0.78, 1.5)]
    bench.add(root, panel(shell, grille, (-1, 0, 0), (12, 6), 0.008), SEAM)
    for z in (1.12, 1.24, 1.36):
        bars: list[Vec3] = [(0, 0.74, z), (0, -0.74, z), (0, -0.74, z + 0.05), (0, 0.74, z + 0.05)]
        bench.add(root, panel(shell, bars, (-1, 0, 0), (12, 1), 0.018), PLASTIC)
    bench.add(root, seam(shell, [(x + 0.72, 1.6), (x + 0.72, 0.75)], 0.014), SEAM)
    bench.add(root, seam(shell, [(x - 0.42, 2.4), (x - 0.42, 0.75)], 0.014), SEAM)
    bench.add(root, rounded_box((0.35, 2.42, 0.42), 0.06, (x + 0.86, 0.0, 0.58)), PLASTIC)
    for y in (1.19, -1.19):
        bench.add(root, box((0.7, 0.06, 0.12), (x + 0.2, 0.985 * y, 0.66)), PLASTIC)
    add_mirrors(bench, root, x + 0.86, 1.28, 2.05)
    return shell


def add_mirrors(bench: Bench, root: str, x: float, y: float, z: float) -> None:
    """Hang tall mirrors on both sides."""
    bench.add(root, rounded_box((0.1, 0.2, 0.46), 0.04, (x, y + 0.06, z)).both_sides(), PLASTIC)
    bench.add(root, box((0.01, 0.16, 0.38), (x - 0.055, y + 0.06, z)).both_sides(), GLASS)
    bench.add(root, box((0.05, 0.22, 0.04), (x - 0.02, y - 0.08, z + 0.18)).both_sides(), PLASTIC)


def add_nose_lamps(bench: Bench, root: str, x: float, y: float, z: float) -> tuple[Spot, ...]:
    """Put headlamps and indicators on a flat front at x; return the low beams."""
    spots = []
    for s, indicator in _SIDES:
        bench.add(root, rounded_box((0.03, 0.44, 0.2), 0.012, (x, s * y, z)), PLASTIC)
        bench.add(
            root, rounded_box((0.03, 0.26, 0.15), 0.012, (x + 0.012, s * (y - 0.07), z)), HEADLAMP
        )
        bench.add(
            root, rounded_box((0.03, 0.1, 0.15), 0.012, (x + 0.012, s * (y + 0.14), z)), indicator
        )
        spots.append(low_beam((x + 0.04, s * (y - 0.07), z)))
    bench.add(root, box((0.02, 0.52, 0.11), (x + 0.004, 0.0, z - 0.03)), PLATE)
    bench.add(root, plate_marks((x + 0.018, 0.0, z - 0.03), 1.0), INK)
    return tuple(spots)


def add_tail_lamps(bench: Bench, root: str, x: float, y: float, z: float) -> None:
    """Put a row of tail, brake, indicator and reverse lamps, and the plate, on a flat tail at x."""
    for s, indicator in _SIDES:
        bench.add(root, box((0.05, 0.52, 0.17), (x, s * y, z)), PLASTIC)
        lamps = ((0.19, indicator), (0.065, BRAKE_LAMP), (-0.065, TAIL_LAMP), (-0.19, REVERSE_LAMP))
        for offset, lens in lamps:
            bench.add(
                root, rounded_box((0.04, 0.11, 0.13), 0.012, (x - 0.016, s * (y + offset), z)), lens
            )
        bench.add(root, box((0.012, 0.5, 0.55), (x + 0.14, s * y, z - 0.36)), RUBBER)
    bench.add(root, box((0.03, 0.52, 0.11), (x, 0.0, z)), PLATE)
    bench.add(root, plate_marks((x - 0.019, 0.0, z), -1.0), INK)
