"""What stands at level crossings: crosses with and without lights, barriers, and the track."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.lofts import cylinder, lathe
from scenegen.assets.materials import (
    GALVANISED,
    PLASTIC,
    REFLECTOR_WHITE,
    lamp,
    linear,
    matte,
)
from scenegen.assets.shapes import box, rounded_box
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Material
from scenegen.records.taxonomy import Lamp

CROSS_M, HEAD_M = 2.75, 2.0
_RED = matte("red sheeting", "c4161c", 0.4)
_POST = [(0.06, 0.0), (0.06, 0.9), (0.05, 0.95)]
GAUGE_M, HEAD_WIDE_M, RAIL_TOP_M, SLEEPER_STEP_M = 1.435, 0.07, 0.03, 0.6
_STEEL = Material("rail", linear("8d8883"), roughness=0.28, metallic=0.9, wettable=True)
_SLEEPER = matte("sleeper concrete", "8b867d", 0.9)
_FASTENING = matte("rusty steel", "5b4638", 0.8)
OPEN_RAD = 1.48


def _cross(work: Bench, root: str) -> None:
    for turn in (0.5, -0.5):
        board = box((0.02, 1.25, 0.16)).turned((1, 0, 0), turn)
        work.add(root, board.moved(0.08, 0.0, CROSS_M), REFLECTOR_WHITE, "traffic sign")
        for s in (-1.0, 1.0):
            end = box((0.004, 0.25, 0.16)).moved(0.012, s * 0.5, 0.0).turned((1, 0, 0), turn)
            work.add(root, end.moved(0.08, 0.0, CROSS_M), _RED, "traffic sign")


def _post(work: Bench, root: str) -> tuple[CollisionShape, ...]:
    top = CROSS_M + 0.3
    work.add(root, lathe([*_POST, (0.05, top)], 14), GALVANISED, "pole")
    return (CollisionShape("cylinder", (0, 0, top / 2), (0.06, 0.06, top)),)


def andrews_cross(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a St Andrew's cross on a post, facing +x."""
    work = Bench("traffic sign")
    root = work.part("post")
    collision = _post(work, root)
    _cross(work, root)
    return finish(asset_id, variant, "traffic sign", work, 40.0, collision=collision)


def level_crossing_light(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a cross with a red lamp above an amber one below it, shining towards +x."""
    work = Bench("traffic light")
    root = work.part("post")
    collision = _post(work, root)
    _cross(work, root)
    work.add(root, rounded_box((0.14, 0.42, 0.72), 0.05, (0.13, 0, HEAD_M)), PLASTIC)
    for dz, name, dark, light, bit in (
        (0.16, "red", "3a0c0c", "ff1a0c", Lamp.RED),
        (-0.16, "amber", "3a280a", "ff9a00", Lamp.AMBER),
    ):
        lens = lathe([(0.105, 0.0), (0.09, 0.012), (0.06, 0.022), (0.0, 0.026)], 22, "x")
        shine = lamp(f"crossing {name}", dark, light, 6_000.0, bit)
        work.add(root, lens.moved(0.203, 0, HEAD_M + dz), shine)
    return finish(
        asset_id,
        variant,
        "traffic light",
        work,
        70.0,
        collision=collision,
        anchors={"head": (0.13, 0.0, HEAD_M)},
    )


def crossing_barrier(
    asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None
) -> Asset:
    """Return a barrier whose arm reaches `size[1]` (4 m) towards +y, or upright if odd."""
    reach = 4.0 if size is None else size[1]
    work = Bench("fence")
    root = work.part("barrier")
    work.add(root, rounded_box((0.4, 0.5, 1.1), 0.06, (0, 0, 0.55)), GALVANISED)
    turn = OPEN_RAD if variant % 2 else 0.0
    hinge = 0.95
    count = max(2, round(reach / 0.5))
    step = reach / count
    for k in range(count):
        piece = box((0.05, step, 0.12), (0.26, (k + 0.5) * step, 0.0))
        paint = _RED if k % 2 == 0 else REFLECTOR_WHITE
        work.add(root, piece.turned((1, 0, 0), turn).moved(0, 0, hinge), paint)
    work.add(root, cylinder(0.07, 0.3, 12, "x").moved(0.16, 0, hinge), PLASTIC)
    weight = box((0.1, 0.7, 0.3), (0.26, -0.45, 0.0))
    work.add(root, weight.turned((1, 0, 0), turn).moved(0, 0, hinge), PLASTIC)
    foot = CollisionShape("box", (0, 0, 0.55), (0.4, 0.5, 1.1))
    arm = CollisionShape("box", (0.26, 0.5 * reach, hinge), (0.05, reach, 0.12))
    shapes = (foot,) if variant % 2 else (foot, arm)
    return finish(asset_id, variant, "fence", work, 150.0, collision=shapes)


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
