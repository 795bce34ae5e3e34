"""Signals for walkers and for trams."""

from __future__ import annotations

import numpy as np

from scenegen.assets import pictograms
from scenegen.assets.build import Bench
from scenegen.assets.ink import disc, patch
from scenegen.assets.materials import GALVANISED, PLASTIC, lamp, matte
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.signal_posts import pole, signal
from scenegen.assets.triangles import Geometry
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, Material
from scenegen.records.taxonomy import Lamp

WALK_HEAD_M = 2.3
TRAM_HEAD_M = 2.9
_FOOT_M, _NECK_M = 0.055, 0.048


def _head(work: Bench, root: str, size_m: tuple[float, float], hung_m: float, z: float) -> None:
    """Add the box of the lamps, its middle at a height, hung at two places above and below."""
    work.add(root, rounded_box((0.16, *size_m), 0.02, (0.15, 0, z)), PLASTIC)
    for dz in (-hung_m, hung_m):
        work.add(root, box((0.1, 0.05, 0.04), (0.06, 0, z + dz)), GALVANISED, "pole")


def _lens(
    work: Bench, root: str, drawing: Geometry, z: float, material: Material, x: float
) -> None:
    """Add a dark round glass with a sign that lights up before it, and its hood."""
    work.add(root, disc(0.1).moved(x, 0, z), matte("signal glass", "0e0f10", 0.15))
    work.add(root, drawing.moved(x + 0.004, 0, z), material)
    work.add(root, box((0.14, 0.24, 0.012), (x + 0.07, 0, z + 0.115)), PLASTIC)


def walk_signal(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a signal for walkers that shines towards +x: a red man above a green one."""
    work = Bench("traffic light")
    root = work.part("post")
    collision = pole(work, root, WALK_HEAD_M + 0.35, _FOOT_M, _NECK_M)
    z = WALK_HEAD_M
    _head(work, root, (0.26, 0.54), 0.2, z)
    red = lamp("walk red", "3a0c0c", "ff1a0c", 5_000.0, Lamp.RED)
    green = lamp("walk green", "0a3020", "10ff90", 5_000.0, Lamp.GREEN)
    _lens(work, root, pictograms.standing().scaled(1, 0.085, 0.085), z + 0.13, red, 0.234)
    _lens(work, root, pictograms.walker().scaled(1, 0.085, 0.085), z - 0.13, green, 0.234)
    work.add(
        root, rounded_box((0.1, 0.1, 0.2), 0.02, (0.0, -0.08, 1.05)), matte("button", "d8b01c", 0.5)
    )
    return signal(asset_id, variant, work, 60.0, collision, (0.15, 0.0, z))


def tram_signal(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a tram signal that shines towards +x: white bars.

    Across is stop (the ``RED`` bit), a dot is prepare to stop (``AMBER``), upright is go
    (``GREEN``), as in the German BOStrab signals F 0, F 4 and F 1.
    """
    work = Bench("traffic light")
    root = work.part("post")
    collision = pole(work, root, TRAM_HEAD_M + 0.6, _FOOT_M, _NECK_M)
    z = TRAM_HEAD_M
    _head(work, root, (0.28, 0.82), 0.3, z)
    bars = (
        (patch(-0.08, -0.018, 0.08, 0.018), Lamp.RED),
        (disc(0.03), Lamp.AMBER),
        (patch(-0.018, -0.08, 0.018, 0.08), Lamp.GREEN),
    )
    for k, (drawing, bit) in enumerate(bars):
        white = lamp(f"tram {k}", "2a2a2a", "fff8ee", 6_000.0, bit)
        _lens(work, root, drawing, z + 0.26 - 0.26 * k, white, 0.234)
    return signal(asset_id, variant, work, 70.0, collision, (0.15, 0.0, z))
