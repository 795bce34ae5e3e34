"""Deer, boar and dog."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.materials import matte
from scenegen.assets.shapes import bar, column, sphere
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Joint
from scenegen.records.taxonomy import QUADRUPED_JOINTS


def _joint(name: str, axis: Vec3, slide: bool = False) -> Joint:
    return Joint(QUADRUPED_JOINTS.index(name), axis, "slide" if slide else "hinge")


def _animal(
    asset_id: str, variant: int, hip: float, length: float, girth: float, color: str, mass: float
) -> Asset:
    bench = Bench("animal")
    fur = matte("fur", color)
    left, right, up = (0.0, 1.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, 1.0)
    root = bench.part(
        "trunk", None, (0, 0, hip), (_joint("lift", up, True), _joint("trunk_pitch", left))
    )
    bench.add(root, sphere(1.0).scaled(0.55 * length, girth * 0.8, girth), fur)
    bench.part("neck", root, (0.45 * length, 0, 0.5 * girth), (_joint("neck_pitch", left),))
    bench.add(
        "neck", bar((0, 0, 0), (0.2 * length, 0, 0.3 * length), 0.5 * girth, 10, 0.3 * girth), fur
    )
    bench.part("head", "neck", (0.2 * length, 0, 0.3 * length), (_joint("head_pitch", left),))
    bench.add(
        "head",
        sphere(1.0).scaled(0.16 * length, 0.07 * length, 0.08 * length).moved(0.1 * length),
        fur,
    )
    bench.part("tail", root, (-0.52 * length, 0, 0.3 * girth), (_joint("tail_pitch", right),))
    bench.add("tail", bar((0, 0, 0), (-0.12 * length, 0, -0.1 * length), 0.03, 6, 0.01), fur)
    for end, x in (("front", 0.36), ("rear", -0.36)):
        for side, s in (("left", 1.0), ("right", -1.0)):
            upper = bench.part(
                f"upper_{end}_{side}",
                root,
                (x * length, s * 0.5 * girth, -0.3 * girth),
                (_joint(f"upper_{end}_{side}", right),),
            )
            drop = hip - 0.3 * girth
            bench.add(
                upper, column([(-0.5 * drop, 0, 0, 0.04, 0.035), (0.1, 0, 0, 0.09, 0.07)]), fur
            )
            lower = bench.part(
                f"lower_{end}_{side}",
                upper,
                (0, 0, -0.5 * drop),
                (_joint(f"lower_{end}_{side}", left),),
            )
            bench.add(
                lower, column([(-0.5 * drop, 0, 0, 0.025, 0.02), (0.03, 0, 0, 0.035, 0.03)]), fur
            )
    collision = (
        CollisionShape("box", (0, 0, 0.6 * hip + 0.1), (1.3 * length, 1.6 * girth, hip + girth)),
    )
    return finish(asset_id, variant, "animal", bench, mass, QUADRUPED_JOINTS, collision)


def deer(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a deer."""
    return _animal(asset_id, variant, 0.85, 1.1, 0.24, "7a5634", 90.0)


def boar(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a wild boar."""
    return _animal(asset_id, variant, 0.55, 1.0, 0.27, "3b322b", 85.0)


def dog(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a dog."""
    return _animal(asset_id, variant, 0.45, 0.7, 0.14, "9c7a4f", 28.0)
