"""Animals of wood, farm and house: lofted bodies on the quadruped skeleton."""

from __future__ import annotations

import numpy as np

from scenegen.assets.breeds import BOAR, CAT, COW, DEER, DOG, FOX, HORSE, SHEEP, Species
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


def _horns(bench: Bench, h: float) -> None:
    bone = matte("horn", "b9ab8c", 0.5)
    curve = [(-0.03, 0.07, 0.09), (-0.03, 0.14, 0.11), (0.0, 0.19, 0.15), (0.01, 0.2, 0.21)]
    horn = tube(curve, [0.022, 0.02, 0.015, 0.005], 7)
    bench.add("head", horn.both_sides().scaled(h, h, h), bone)


def _mane(bench: Bench, kind: Species, h: float, color: str) -> None:
    """Put hair along the crest of the neck, which the loft turns about its root."""
    crest: list[Row] = [
        (0.0, -0.14, 0.05, 0.02),
        (0.2, -0.12, 0.05, 0.02),
        (0.5, -0.08, 0.03, 0.015),
    ]
    hair = _along(tuple(crest), 6, 8).turned((0, 1, 0), -kind.neck_angle)
    bench.add("neck", hair.scaled(h, h, h), matte("mane", color, 0.95))


def _body(kind: Species, h: float, colors: tuple[str, str, str]) -> Bench:
    bench = Bench("animal")
    fur, tail, hoof = colors
    _trunk(bench, kind, h, fur, tail)
    _legs(bench, kind, h, fur, hoof)
    return bench


def _finished(asset_id: str, variant: int, bench: Bench, kind: Species, h: float) -> Asset:
    length = h * (kind.trunk[-1][0] - kind.trunk[0][0] + 0.25)
    shape = CollisionShape("box", (0.08 * h, 0.0, 0.55 * h), (length, 0.32 * h, 0.95 * h))
    mass = round(kind.mass_kg * (h / kind.height_m) ** 3, 1)
    return finish(asset_id, variant, "animal", bench, mass, QUADRUPED_JOINTS, (shape,))


def deer(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a fallow deer; odd variants carry antlers."""
    h = float(rng.uniform(0.85, 1.05))
    fur = str(rng.choice(("8a5c36", "7a5634", "6e5138", "94683f")))
    bench = _body(DEER, h, (fur, "d8cdb8", "1d1813"))
    if variant % 2 == 1:
        _antlers(bench, h)
    return _finished(asset_id, variant, bench, DEER, h)


def boar(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a wild boar."""
    h = float(rng.uniform(0.7, 0.88))
    fur = str(rng.choice(("3b322b", "2c2724", "4a3d32")))
    return _finished(asset_id, variant, _body(BOAR, h, (fur, "241f1b", "171411")), BOAR, h)


def dog(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a dog."""
    h = float(rng.uniform(0.45, 0.65))
    fur = str(rng.choice(("9c7a4f", "1f1c1a", "c9b48a", "5a3f2a", "8d8a86")))
    return _finished(asset_id, variant, _body(DOG, h, (fur, fur, fur)), DOG, h)


def cow(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a cow; odd variants carry horns."""
    h = float(rng.uniform(1.3, 1.5))
    fur = str(rng.choice(("6b3f26", "231f1d", "cdb892", "8c5a35", "9a8470")))
    bench = _body(COW, h, (fur, fur, "2a241f"))
    if variant % 2 == 1:
        _horns(bench, h)
    return _finished(asset_id, variant, bench, COW, h)


def horse(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a horse with mane and tail of one colour."""
    h = float(rng.uniform(1.45, 1.75))
    fur, hair = (
        ("5b3420", "17120f"),
        ("1e1a18", "100e0d"),
        ("7c4a2a", "6b3f24"),
        ("b9b3a8", "8f897f"),
        ("a9834f", "d9cba8"),
    )[int(rng.integers(5))]
    bench = _body(HORSE, h, (fur, hair, "1b1714"))
    _mane(bench, HORSE, h, hair)
    return _finished(asset_id, variant, bench, HORSE, h)


def sheep(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a sheep in its wool."""
    h = float(rng.uniform(0.62, 0.78))
    fur = str(rng.choice(("d8d0bd", "cfc5ae", "b8ab95", "4a4038")))
    return _finished(asset_id, variant, _body(SHEEP, h, (fur, fur, "2a2521")), SHEEP, h)


def fox(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a red fox."""
    h = float(rng.uniform(0.35, 0.42))
    fur = str(rng.choice(("a3561f", "9a4f22", "8a4a26")))
    return _finished(asset_id, variant, _body(FOX, h, (fur, fur, "1c1714")), FOX, h)


def cat(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a house cat."""
    h = float(rng.uniform(0.23, 0.29))
    fur = str(rng.choice(("1f1d1c", "6e6155", "a86e36", "8f8d8a", "d6d0c6")))
    return _finished(asset_id, variant, _body(CAT, h, (fur, fur, fur)), CAT, h)
