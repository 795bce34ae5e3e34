"""Deer, boar and dog: lofted bodies on the quadruped skeleton."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.flesh import Row, limb
from scenegen.assets.lofts import bar, tube
from scenegen.assets.materials import matte
from scenegen.assets.shapes import sphere
from scenegen.assets.triangles import Geometry
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape, Joint
from scenegen.records.taxonomy import QUADRUPED_JOINTS

_SMOOTH = 1.4


@dataclass(frozen=True)
class Species:
    """Measures in shares of the shoulder height; the trunk's middle is at (0, 0, trunk_z).

    Attributes
    ----------
    trunk, neck, head : tuple of Row
        Along the body axis: place, sideways shift of the axis (down is positive for
        the trunk), half height, half width.
    fore_x, hind_x : float
        Roots of the legs.
    """

    trunk_z: float
    trunk: tuple[Row, ...]
    neck_root: Vec3
    neck_angle: float
    neck: tuple[Row, ...]
    neck_length: float
    head_angle: float
    head: tuple[Row, ...]
    ear: Vec3
    ear_at: Vec3
    fore_x: float
    hind_x: float
    leg_y: float
    leg_girth: float
    tail: tuple[Vec3, ...]
    tail_girth: float
    mass_kg: float


DEER = Species(
    trunk_z=0.80,
    trunk=(
        (-0.53, 0.03, 0.07, 0.06),
        (-0.47, 0.01, 0.15, 0.12),
        (-0.3, 0.0, 0.19, 0.145),
        (0.0, 0.03, 0.19, 0.15),
        (0.28, 0.02, 0.2, 0.13),
        (0.43, -0.02, 0.16, 0.10),
        (0.5, -0.05, 0.09, 0.06),
    ),
    neck_root=(0.40, 0.0, 0.06),
    neck_angle=0.75,
    neck=(
        (-0.08, 0.0, 0.12, 0.085),
        (0.1, 0.0, 0.10, 0.07),
        (0.3, 0.0, 0.07, 0.055),
        (0.45, 0.0, 0.062, 0.05),
    ),
    neck_length=0.45,
    head_angle=-1.2,
    head=(
        (-0.05, 0.0, 0.055, 0.05),
        (0.03, 0.0, 0.075, 0.06),
        (0.12, 0.012, 0.058, 0.045),
        (0.22, 0.022, 0.036, 0.03),
        (0.28, 0.025, 0.026, 0.024),
    ),
    ear=(0.02, 0.05, 0.085),
    ear_at=(-0.04, 0.075, 0.075),
    fore_x=0.33,
    hind_x=-0.40,
    leg_y=0.085,
    leg_girth=1.0,
    tail=((0, 0, 0), (-0.05, 0, -0.06), (-0.06, 0, -0.13)),
    tail_girth=0.035,
    mass_kg=75.0,
)
BOAR = Species(
    trunk_z=0.62,
    trunk=(
        (-0.70, 0.05, 0.10, 0.08),
        (-0.62, 0.03, 0.20, 0.15),
        (-0.35, 0.0, 0.29, 0.21),
        (0.0, -0.02, 0.33, 0.23),
        (0.33, -0.05, 0.35, 0.21),
        (0.58, 0.0, 0.27, 0.17),
        (0.68, 0.03, 0.16, 0.12),
    ),
    neck_root=(0.50, 0.0, 0.0),
    neck_angle=-0.25,
    neck=((-0.1, 0.0, 0.27, 0.17), (0.1, 0.0, 0.23, 0.15), (0.25, 0.0, 0.17, 0.12)),
    neck_length=0.2,
    head_angle=-0.2,
    head=(
        (-0.08, 0.0, 0.18, 0.125),
        (0.08, 0.02, 0.155, 0.105),
        (0.25, 0.06, 0.10, 0.072),
        (0.42, 0.09, 0.062, 0.05),
        (0.50, 0.10, 0.058, 0.05),
    ),
    ear=(0.03, 0.045, 0.10),
    ear_at=(-0.03, 0.09, 0.18),
    fore_x=0.42,
    hind_x=-0.5,
    leg_y=0.12,
    leg_girth=1.15,
    tail=((0, 0, 0), (-0.06, 0, -0.12), (-0.05, 0, -0.28)),
    tail_girth=0.025,
    mass_kg=85.0,
)
DOG = Species(
    trunk_z=0.77,
    trunk=(
        (-0.55, -0.02, 0.07, 0.06),
        (-0.48, -0.02, 0.15, 0.12),
        (-0.25, -0.03, 0.165, 0.13),
        (0.05, 0.0, 0.2, 0.15),
        (0.3, 0.03, 0.235, 0.15),
        (0.44, 0.0, 0.18, 0.12),
        (0.5, -0.02, 0.1, 0.08),
    ),
    neck_root=(0.40, 0.0, 0.08),
    neck_angle=0.8,
    neck=((-0.08, 0.0, 0.14, 0.11), (0.1, 0.0, 0.12, 0.095), (0.25, 0.0, 0.11, 0.09)),
    neck_length=0.25,
    head_angle=-0.9,
    head=(
        (-0.1, 0.0, 0.09, 0.085),
        (0.0, 0.0, 0.125, 0.115),
        (0.1, 0.01, 0.105, 0.09),
        (0.16, 0.03, 0.07, 0.055),
        (0.28, 0.045, 0.052, 0.045),
        (0.33, 0.045, 0.035, 0.03),
    ),
    ear=(0.025, 0.04, 0.07),
    ear_at=(-0.05, 0.09, 0.12),
    fore_x=0.32,
    hind_x=-0.40,
    leg_y=0.10,
    leg_girth=1.1,
    tail=((0, 0, 0), (-0.14, 0, -0.03), (-0.28, 0, 0.06)),
    tail_girth=0.035,
    mass_kg=28.0,
)


def _joint(name: str, axis: Vec3, slide: bool = False) -> Joint:
    return Joint(QUADRUPED_JOINTS.index(name), axis, "slide" if slide else "hinge")


def _along(rows: tuple[Row, ...], count: int, segments: int = 14) -> Geometry:
    """Return a loft along x; the second column of `rows` moves the axis down."""
    return limb(list(rows), count, segments=segments).turned((0, 1, 0), np.pi / 2)


def _trunk(bench: Bench, kind: Species, h: float, fur: str, belly: str) -> None:
    left, right, up = (0.0, 1.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, 1.0)

    def put(part: str, shape: Geometry, color: str) -> None:
        bench.add(part, shape.scaled(h, h, h), matte("fur", color, 0.95), crease_rad=_SMOOTH)

    bench.part(
        "trunk",
        None,
        (0, 0, kind.trunk_z * h),
        (_joint("lift", up, True), _joint("trunk_pitch", left)),
    )
    put("trunk", _along(kind.trunk, 13, 18), fur)
    nx, ny, nz = (h * v for v in kind.neck_root)
    bench.part("neck", "trunk", (nx, ny, nz), (_joint("neck_pitch", left),))
    put("neck", _along(kind.neck, 7).turned((0, 1, 0), -kind.neck_angle), fur)
    reach = h * kind.neck_length
    tip = (reach * float(np.cos(kind.neck_angle)), 0.0, reach * float(np.sin(kind.neck_angle)))
    bench.part("head", "neck", tip, (_joint("head_pitch", left),))
    tilt = -(kind.neck_angle + kind.head_angle)
    put("head", _along(kind.head, 10).turned((0, 1, 0), tilt), fur)
    last = kind.head[-1]
    nose = sphere(1.0, 10, 6).scaled(0.6 * last[2], 0.8 * last[3], 0.6 * last[2])
    put("head", nose.moved(last[0] + 0.02, 0, -last[1]).turned((0, 1, 0), tilt), "171412")
    eye = sphere(0.011, 8, 6).moved(kind.head[2][0] - 0.03, 0.98 * kind.head[2][3], 0.03)
    put("head", eye.both_sides().turned((0, 1, 0), tilt), "0d0b0a")
    lobe = sphere(1.0, 8, 8).scaled(*kind.ear).turned((1, 0, 0), -0.7).moved(*kind.ear_at)
    put("head", lobe.both_sides().turned((0, 1, 0), tilt), fur)
    back = kind.trunk[0]
    bench.part(
        "tail",
        "trunk",
        (h * (back[0] + 0.03), 0, h * (back[2] - back[1])),
        (_joint("tail_pitch", right),),
    )
    put(
        "tail",
        tube(kind.tail, np.linspace(kind.tail_girth, 0.35 * kind.tail_girth, len(kind.tail)), 8),
        belly,
    )


def _legs(bench: Bench, kind: Species, h: float, fur: str, hoof: str) -> None:
    left, right = (0.0, 1.0, 0.0), (0.0, -1.0, 0.0)
    coat, foot = matte("fur", fur, 0.95), matte("hoof", hoof, 0.6)
    top = kind.trunk_z - 0.02
    knee = 0.47 * top
    g = kind.leg_girth
    for end, x, thick, bend in (
        ("front", kind.fore_x, 1.0, 0.0),
        ("rear", kind.hind_x, 1.35, -0.055),
    ):
        for side, s in (("left", 1.0), ("right", -1.0)):
            upper = bench.part(
                f"upper_{end}_{side}",
                "trunk",
                (x * h, s * kind.leg_y * h, -0.02 * h),
                (_joint(f"upper_{end}_{side}", right),),
            )
            thigh: list[Row] = [
                (-knee, bend, 0.035 * g, 0.03 * g),
                (-0.6 * knee, 0.4 * bend, 0.052 * g * thick, 0.04 * g),
                (0.0, 0.0, 0.095 * thick, 0.06),
                (0.05, 0.0, 0.08 * thick, 0.05),
            ]
            bench.add(upper, limb(thigh, 8).scaled(h, h, h), coat, crease_rad=_SMOOTH)
            lower = bench.part(
                f"lower_{end}_{side}",
                upper,
                (bend * h, 0.0, -knee * h),
                (_joint(f"lower_{end}_{side}", left),),
            )
            drop = top - knee
            cannon: list[Row] = [
                (-drop + 0.06, -bend * 0.6, 0.022 * g, 0.02 * g),
                (-0.5 * drop, -bend * 0.3, 0.022 * g, 0.02 * g),
                (0.0, 0.0, 0.034 * g, 0.029 * g),
            ]
            bench.add(lower, limb(cannon, 6, segments=10).scaled(h, h, h), coat, crease_rad=_SMOOTH)
            sole: list[Row] = [
                (-drop, -bend * 0.6 + 0.015, 0.045 * g, 0.032 * g),
                (-drop + 0.07, -bend * 0.6, 0.025 * g, 0.023 * g),
            ]
            bench.add(lower, limb(sole, 3, False, 10).scaled(h, h, h), foot)


def _antlers(bench: Bench, h: float) -> None:
    bone = matte("antler", "8a7355", 0.7)
    beam = [(-0.02, 0.03, 0.07), (-0.07, 0.10, 0.2), (-0.06, 0.17, 0.34), (0.0, 0.19, 0.46)]
    tines = [tube(beam, [0.018, 0.016, 0.013, 0.006], 7)]
    tines += [bar((-0.05, 0.07, 0.14), (0.08, 0.09, 0.22), 0.012, 6, 0.004)]
    tines += [bar((-0.065, 0.15, 0.3), (0.06, 0.19, 0.36), 0.011, 6, 0.004)]
    for tine in tines:
        bench.add("head", tine.both_sides().scaled(h, h, h), bone)


def _animal(
    asset_id: str,
    variant: int,
    kind: Species,
    h: float,
    colors: tuple[str, str, str],
    antlers: bool = False,
) -> Asset:
    bench = Bench("animal")
    fur, pale, hoof = colors
    _trunk(bench, kind, h, fur, pale)
    _legs(bench, kind, h, fur, hoof)
    if antlers:
        _antlers(bench, h)
    length = h * (kind.trunk[-1][0] - kind.trunk[0][0] + 0.25)
    shape = CollisionShape("box", (0.08 * h, 0.0, 0.55 * h), (length, 0.32 * h, 0.95 * h))
    mass = round(kind.mass_kg * (h / _HEIGHTS[asset_id]) ** 3, 1)
    return finish(asset_id, variant, "animal", bench, mass, QUADRUPED_JOINTS, (shape,))


_HEIGHTS = {"animal.deer": 0.95, "animal.boar": 0.78, "animal.dog": 0.58}


def deer(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a fallow deer; odd variants carry antlers."""
    h = float(rng.uniform(0.85, 1.05))
    fur = str(rng.choice(("8a5c36", "7a5634", "6e5138", "94683f")))
    return _animal(asset_id, variant, DEER, h, (fur, "d8cdb8", "1d1813"), variant % 2 == 1)


def boar(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a wild boar."""
    h = float(rng.uniform(0.7, 0.88))
    fur = str(rng.choice(("3b322b", "2c2724", "4a3d32")))
    return _animal(asset_id, variant, BOAR, h, (fur, "241f1b", "171411"))


def dog(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a dog."""
    h = float(rng.uniform(0.45, 0.65))
    fur = str(rng.choice(("9c7a4f", "1f1c1a", "c9b48a", "5a3f2a", "8d8a86")))
    return _animal(asset_id, variant, DOG, h, (fur, fur, fur))
