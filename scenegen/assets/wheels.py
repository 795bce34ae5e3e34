"""Road wheels, and the parts that steer and spin them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from scenegen.assets.build import Bench
from scenegen.assets.lofts import ring
from scenegen.assets.materials import ALLOY, RUBBER, UNDERBODY
from scenegen.assets.shapes import box, grid
from scenegen.assets.triangles import Geometry, geometry, join
from scenegen.records.mesh import Joint, Material, Wheel
from scenegen.records.taxonomy import WHEELED_JOINTS


def tyre_profile(radius: float, width: float, rim: float) -> list[tuple[float, float]]:
    """Return the closed profile (radius, offset) of a tyre with rounded shoulders."""
    h = width / 2
    r = radius
    return [
        (rim, -0.86 * h),
        (r, -0.8 * h),
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
    rim_share: float = 0.7,
) -> None:
    """Put a wheel around the y axis of a part, its face towards `outside` (+1 or -1)."""
    tyre, well, metal = wheel_shapes(radius, width, outside, spokes, rim_share)
    bench.add(part, tyre, RUBBER)
    bench.add(part, well, UNDERBODY)
    bench.add(part, metal, rim_material)


@lru_cache(maxsize=16)
def wheel_shapes(
    radius: float, width: float, outside: float, spokes: int, rim_share: float
) -> tuple[Geometry, Geometry, Geometry]:
    """Return tyre, the dark behind the spokes, and all that is of metal."""
    rim, half = rim_share * radius, width / 2
    tyre = ring(tyre_profile(radius, width, rim), 20, "y")
    well = _disc(rim, -0.1 * outside * half, outside)
    face = outside * 0.72 * half
    metal = [_rim(rim, half, outside), _disc(0.2 * rim, 0.9 * outside * half, outside, 8)]
    spoke = box((0.15 * radius, 0.2 * half, 0.82 * rim), (0.0, face, 0.5 * rim))
    # Neither the foot in the hub nor the head in the rim nor the back is ever seen.
    seen = Geometry(spoke.vertices, spoke.faces[_SPOKE_FACES[outside]], spoke.uv)
    metal += [seen.turned((0, 1, 0), 2 * np.pi * k / spokes) for k in range(spokes)]
    return tyre, well, join(metal)


_SPOKE_FACES = {1.0: np.array([0, 1, 2, 3, 4, 5]), -1.0: np.array([0, 1, 2, 3, 6, 7])}
"""Triangles of a `box`'s two flanks and of its face towards the outside, +y or -y."""


def _disc(radius: float, y: float, outside: float, segments: int = 16) -> Geometry:
    """Return a flat disc across the axle that faces the outside."""
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    points = np.column_stack([radius * np.sin(angle), 0 * angle + y, radius * np.cos(angle)])
    k = np.arange(1, segments - 1)
    fan = np.stack([0 * k, k + 1, k], axis=1)
    return geometry(points, fan if outside > 0 else fan[:, ::-1])


def _rim(rim: float, half: float, outside: float) -> Geometry:
    """Return the rim: an inward facing band around the spokes, and its lip."""
    angle = np.linspace(0, 2 * np.pi, 21)
    rows = [(0.95 * rim, 0.0), (0.92 * rim, 0.88 * half), (1.03 * rim, 0.9 * half)]
    points = np.array(
        [[(r * np.sin(a), outside * y, r * np.cos(a)) for a in angle] for r, y in rows]
    )
    band = grid(points)
    return band if outside < 0 else Geometry(band.vertices, band.faces[:, ::-1], band.uv)


def wheel_joints(
    joints: tuple[str, ...], spin: str, travel: str, steered: bool
) -> tuple[Joint, ...]:
    """Return how a wheel moves: up and down on its spring, steered, and rolling.

    Parameters
    ----------
    joints : tuple of str
        The asset's channels.
    spin, travel : str
        Corners, like ``front_left``, whose channels turn and lift the wheel.
    """
    upright = (0.0, 0.0, 1.0)
    lift = Joint(joints.index(f"travel_{travel}"), upright, "slide")
    steer = (Joint(joints.index("steer"), upright),) if steered else ()
    return (lift, *steer, Joint(joints.index(f"spin_{spin}"), (0.0, 1.0, 0.0)))


def wheel_part(bench: Bench, root: str, wheel: Wheel, name: str, steered: bool) -> str:
    """Open the part of a wheel at its hub; `name` is like ``front_left``."""
    joints = wheel_joints(WHEELED_JOINTS, name, name, steered)
    return bench.part(f"wheel_{name}", root, wheel.position_m, joints)


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
