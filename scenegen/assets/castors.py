"""Wheels of what is pushed: fixed ones behind, castors that swivel in front."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench
from scenegen.assets.lofts import bar, cylinder, ring
from scenegen.assets.materials import PLASTIC, RUBBER, STEEL
from scenegen.assets.triangles import Geometry
from scenegen.records.base import Vec3
from scenegen.records.mesh import Joint, Wheel
from scenegen.records.taxonomy import ROLLER_JOINTS

TRAIL_M = 0.035
"""How far a castor's hub is behind its pivot: it follows."""


def side_of(y: float) -> str:
    """Return the name of the side that a lateral place is on."""
    return "left" if y > 0 else "right"


def tyre(radius: float, width: float) -> Geometry:
    """Return a tyre about the y axis."""
    r, w = radius, 0.5 * width
    return ring([(r, -w), (r, w), (r - 1.4 * width, w), (r - 1.4 * width, -w)], 22, "y")


def _turning(work: Bench, parent: str, end: str, hub: Vec3, side: str) -> str:
    channel = ROLLER_JOINTS.index(f"spin_{end}_{side}")
    return work.part(f"wheel_{end}_{side}", parent, hub, (Joint(channel, (0.0, 1.0, 0.0)),))


def spoked(work: Bench, root: str, radius: float, hub: Vec3) -> tuple[str, Wheel]:
    """Add a fixed rear wheel with spokes; returns its part, and what it is to the simulator."""
    part = _turning(work, root, "rear", hub, side_of(hub[1]))
    work.add(part, tyre(radius, 0.03), RUBBER)
    work.add(part, cylinder(0.03, 0.07, 10, "y"), PLASTIC)
    for angle in np.linspace(0, np.pi, 6, endpoint=False).tolist():
        dx, dz = (radius - 0.03) * np.cos(angle), (radius - 0.03) * np.sin(angle)
        work.add(part, bar((-dx, 0, -dz), (dx, 0, dz), 0.004, 4), STEEL)
    return part, Wheel(hub, radius, False, False)


def solid(work: Bench, root: str, radius: float, hub: Vec3) -> Wheel:
    """Add a fixed rear wheel that is a disc, such as a trolley's."""
    part = _turning(work, root, "rear", hub, side_of(hub[1]))
    work.add(part, cylinder(radius, 0.03, 14, "y"), RUBBER)
    work.add(part, cylinder(0.4 * radius, 0.036, 10, "y"), STEEL)
    return Wheel(hub, radius, False, False)


def castor(work: Bench, root: str, radius: float, hub: Vec3, top_z: float) -> Wheel:
    """Add a front castor whose fork reaches up to a height; its hub is given at rest."""
    x, y, z = hub
    side = side_of(y)
    swivel = Joint(ROLLER_JOINTS.index(f"swivel_{side}"), (0.0, 0.0, 1.0))
    fork = work.part(f"castor_{side}", root, (x + TRAIL_M, y, z), (swivel,))
    crown = radius + 0.02
    for aside in (-0.026, 0.026):
        work.add(fork, bar((-TRAIL_M, aside, 0), (-0.01, aside, crown), 0.006, 6), STEEL)
    work.add(fork, bar((-0.01, -0.03, crown), (-0.01, 0.03, crown), 0.008, 6), STEEL)
    work.add(fork, bar((0, 0, crown - 0.005), (0, 0, top_z - z), 0.012, 8), STEEL)
    part = _turning(work, fork, "front", (-TRAIL_M, 0.0, 0.0), side)
    work.add(part, tyre(radius, 0.03), RUBBER)
    work.add(part, cylinder(0.6 * radius, 0.022, 12, "y"), PLASTIC)
    return Wheel(hub, radius, True, False)
