"""What stands at level crossings: crosses with and without lights, and the track."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.lofts import lathe
from scenegen.assets.materials import (
    PLASTIC,
    REFLECTOR_WHITE,
    lamp,
    linear,
    matte,
)
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.signal_posts import pole, signal
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, Material
from scenegen.records.taxonomy import Lamp

CROSS_M, HEAD_M = 2.75, 2.0
_POLE_M = (CROSS_M + 0.3, 0.06, 0.05)
"""Height of the posts, and radii of their feet and necks."""
RED = matte("red sheeting", "c4161c", 0.4)
GAUGE_M, HEAD_WIDE_M, RAIL_TOP_M, SLEEPER_STEP_M = 1.435, 0.07, 0.03, 0.6
_STEEL = Material("rail", linear("8d8883"), roughness=0.28, metallic=0.9, wettable=True)
_SLEEPER = matte("sleeper concrete", "8b867d", 0.9)
_FASTENING = matte("rusty steel", "5b4638", 0.8)


def _cross(work: Bench, root: str) -> None:
    for turn in (0.5, -0.5):
        board = box((0.02, 1.25, 0.16)).turned((1, 0, 0), turn)
        work.add(root, board.moved(0.08, 0.0, CROSS_M), REFLECTOR_WHITE, "traffic sign")
        for s in (-1.0, 1.0):
            end = box((0.004, 0.25, 0.16)).moved(0.012, s * 0.5, 0.0).turned((1, 0, 0), turn)
            work.add(root, end.moved(0.08, 0.0, CROSS_M), RED, "traffic sign")


def andrews_cross(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a St Andrew's cross on a post, facing +x."""
    work = Bench("traffic sign")
    root = work.part("post")
    collision = pole(work, root, *_POLE_M)
    _cross(work, root)
    return finish(asset_id, variant, "traffic sign", work, 40.0, collision=collision)


def level_crossing_light(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a cross with a red lamp above an amber one below it, shining towards +x."""
    work = Bench("traffic light")
    root = work.part("post")
    collision = pole(work, root, *_POLE_M)
    _cross(work, root)
    work.add(root, rounded_box((0.14, 0.42, 0.72), 0.05, (0.13, 0, HEAD_M)), PLASTIC)
    for dz, name, dark, light, bit in (
        (0.16, "red", "3a0c0c", "ff1a0c", Lamp.RED),
        (-0.16, "amber", "3a280a", "ff9a00", Lamp.AMBER),
    ):
        lens = lathe([(0.105, 0.0), (0.09, 0.012), (0.06, 0.022), (0.0, 0.026)], 22, "x")
        shine = lamp(f"crossing {name}", dark, light, 6_000.0, bit)
        work.add(root, lens.moved(0.203, 0, HEAD_M + dz), shine)
    return signal(asset_id, variant, work, 70.0, collision, (0.13, 0.0, HEAD_M))


def railway_track(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a straight track along x, `size[0]` (12 m) long: rails on sleepers in their bed.

    The bed is the ground; rails stand 3 cm out of it, so that wheels roll on the level.
    """
    length = 12.0 if size is None else size[0]
    work = Bench("road")
    root = work.part("track")
    for s in (-1.0, 1.0):
        y = s * 0.5 * (GAUGE_M + HEAD_WIDE_M)
        rail = box((length, HEAD_WIDE_M, RAIL_TOP_M), (0, y, 0.5 * RAIL_TOP_M))
        work.add(root, rail, _STEEL)
    count = max(1, round(length / SLEEPER_STEP_M))
    for k in range(count):
        x = (k + 0.5) * length / count - 0.5 * length
        work.add(root, box((0.26, 2.6, 0.02), (x, 0, 0.006)), _SLEEPER)
        for s in (-1.0, 1.0):
            y = s * 0.5 * (GAUGE_M + HEAD_WIDE_M)
            work.add(root, box((0.12, 0.3, 0.01), (x, y, 0.02)), _FASTENING)
    return finish(asset_id, variant, "road", work, 300.0 * length)
