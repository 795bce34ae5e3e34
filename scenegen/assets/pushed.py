"""Small vehicles that people push: pushchairs, wheelchairs, shopping trolleys."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.castors import castor, solid, spoked
from scenegen.assets.lofts import bar, column, ring, tube
from scenegen.assets.materials import ALLOY, PLASTIC, STEEL, matte
from scenegen.assets.shapes import box, rounded_box, sphere
from scenegen.assets.triangles import Geometry, geometry, join
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, CollisionShape, Wheel
from scenegen.records.taxonomy import ROLLER_JOINTS

_CLOTH = ("23303f", "7a2328", "2f6b5a", "4a4d52", "6b4a7a", "b5651d")
_HUB: Vec3 = (-0.05, 0.27, 0.3)
_RIM_M = 0.27
"""A wheelchair's left rear wheel, and the hoop on it by which hands turn it."""

_SKIN = ("f3cfb0", "e6b48c", "a8704a", "7a4c2f")


def _both(name: str, x: float, y: float, z: float) -> dict[str, Vec3]:
    """Return an anchor on either side."""
    return {f"{name}_left": (x, y, z), f"{name}_right": (x, -y, z)}


def pushchair(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a pushchair that rolls towards +x; its handle is behind, odd ones carry a child."""
    work = Bench("dynamic")
    root = work.part("chair")
    cloth = matte("pushchair cloth", str(rng.choice(_CLOTH)), 0.9)
    wheels: list[Wheel] = []
    for y in (-0.24, 0.24):
        work.add(root, bar((-0.45, y, 1.02), (0.3, y, 0.2), 0.014, 8), ALLOY)
        work.add(root, bar((0.1, y, 0.55), (-0.28, y, 0.13), 0.014, 8), ALLOY)
        wheels.append(spoked(work, root, 0.13, (-0.28, y * 1.15, 0.13))[1])
        wheels.append(castor(work, root, 0.09, (0.3, y * 0.8, 0.09), 0.22))
        work.add(root, bar((0.3, y, 0.2), (0.34, y * 0.8, 0.22), 0.014, 6), ALLOY)
    work.add(root, bar((-0.45, -0.24, 1.02), (-0.45, 0.24, 1.02), 0.02, 10), PLASTIC)
    for a, b, thick in (((0.18, 0.42), (-0.12, 0.45), 0.06), ((-0.12, 0.45), (-0.3, 0.85), 0.06)):
        length = float(np.hypot(b[0] - a[0], b[1] - a[1]))
        slab = rounded_box((length, 0.4, thick), 0.02)
        tilt = -float(np.arctan2(b[1] - a[1], b[0] - a[0]))
        middle = (0.5 * (a[0] + b[0]), 0.0, 0.5 * (a[1] + b[1]))
        work.add(root, slab.turned((0, 1, 0), tilt).moved(*middle), cloth)
    t = np.linspace(0.15 * np.pi, 0.75 * np.pi, 7)
    bow = np.stack([-0.14 + 0.36 * np.cos(t), 0 * t, 0.68 + 0.34 * np.sin(t)], axis=1)
    work.add(root, _cloth(np.stack([bow + np.array([0, y, 0]) for y in (-0.22, 0.22)])), cloth)
    work.add(root, box((0.3, 0.36, 0.14), (-0.05, 0, 0.25)), matte("basket", "2a2c2e", 0.9))
    work.add(root, box((0.12, 0.34, 0.02), (0.32, 0, 0.22)), PLASTIC)
    if variant % 2:
        _child(work, root, rng)
    shape = CollisionShape("box", (-0.06, 0, 0.52), (0.9, 0.56, 1.04))
    return finish(
        asset_id,
        variant,
        "dynamic",
        work,
        12.0 + 12.0 * (variant % 2),
        ROLLER_JOINTS,
        (shape,),
        tuple(wheels),
        anchors=_both("handle", -0.45, 0.17, 1.02),
    )


def _cloth(edges: F64) -> Geometry:
    """Return a thin cloth between two lines of points (2, N, 3), with both its sides."""
    a, b = edges
    count = len(a)
    k = np.arange(count - 1)
    faces = np.concatenate(
        [np.stack([k, k + 1, count + k], 1), np.stack([k + 1, count + k + 1, count + k], 1)]
    )
    sheet = geometry(np.concatenate([a, b]), faces)
    back = Geometry(sheet.vertices - [0.0, 0.0, 0.008], sheet.faces[:, ::-1], sheet.uv)
    return join([sheet, back])


def _child(work: Bench, root: str, rng: np.random.Generator) -> None:
    """Add a small child that sits in the pushchair."""
    skin = matte("skin", str(rng.choice(_SKIN)), 0.7)
    suit = matte("suit", str(rng.choice(("d7322e", "2f6fb7", "e8b21f", "3f9a55", "d0589a"))), 0.9)
    trunk = column([(0.0, 0, 0, 0.1, 0.12), (0.16, 0, 0, 0.1, 0.12), (0.3, 0, 0, 0.06, 0.09)], 10)
    work.add(root, trunk.turned((0, 1, 0), -0.35).moved(-0.1, 0, 0.47), suit)
    work.add(root, sphere(0.085, 12, 8).moved(-0.2, 0, 0.84), skin)
    work.add(root, sphere(0.09, 12, 8).scaled(1, 1, 0.7).moved(-0.21, 0, 0.88), suit)
    for y in (-0.07, 0.07):
        work.add(root, tube([(-0.06, y, 0.52), (0.16, y, 0.5), (0.24, y, 0.32)], 0.05, 8), suit)
        work.add(
            root, tube([(-0.14, y * 1.9, 0.7), (0.0, y * 2, 0.6), (0.08, y, 0.58)], 0.03, 8), suit
        )


def wheelchair(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a wheelchair that rolls towards +x."""
    work = Bench("dynamic")
    root = work.part("chair")
    cloth = matte("wheelchair cloth", str(rng.choice(("1b1d20", "23303f", "5a1f22"))), 0.9)
    wheels: list[Wheel] = []
    for y in (-0.27, 0.27):
        part, wheel = spoked(work, root, 0.3, (_HUB[0], y, _HUB[2]))
        hoop = [(_RIM_M, -0.008), (_RIM_M, 0.008), (_RIM_M - 0.015, 0.0)]
        work.add(part, ring(hoop, 24, "y").moved(0, 0.15 * y, 0), ALLOY)
        wheels += [wheel, castor(work, root, 0.09, (0.36, y * 0.85, 0.09), 0.24)]
        inner = y * 0.83
        for path in (
            [(-0.22, inner, 0.3), (-0.24, inner, 0.92), (-0.36, inner, 0.94)],
            [(-0.22, inner, 0.48), (0.25, inner, 0.5), (0.42, inner, 0.2)],
            [(-0.2, inner, 0.7), (0.15, inner, 0.7), (0.16, inner, 0.5)],
            [(0.25, inner, 0.5), (0.34, inner, 0.3), (0.395, inner, 0.24)],
        ):
            work.add(root, tube(path, 0.013, 8), STEEL)
        work.add(root, rounded_box((0.3, 0.05, 0.03), 0.01, (-0.02, inner, 0.72)), PLASTIC)
        work.add(root, box((0.16, 0.14, 0.015), (0.5, y * 0.45, 0.14)), PLASTIC)
        work.add(root, bar((0.42, inner, 0.2), (0.46, y * 0.5, 0.14), 0.012, 6), STEEL)
    work.add(root, rounded_box((0.42, 0.42, 0.06), 0.02, (0.02, 0, 0.5)), cloth)
    work.add(root, rounded_box((0.03, 0.42, 0.38), 0.01, (-0.23, 0, 0.74)), cloth)
    shape = CollisionShape("box", (0.05, 0, 0.47), (0.9, 0.62, 0.94))
    return finish(
        asset_id,
        variant,
        "dynamic",
        work,
        17.0,
        ROLLER_JOINTS,
        (shape,),
        tuple(wheels),
        anchors={
            "seat": (0.0, 0.0, 0.53),
            "saddle": (-0.08, 0.0, 0.62),
            **_both("handle", -0.33, 0.224, 0.95),
            **_both("grip", 0.05, 0.224, 0.75),
            **_both("rest", 0.5, 0.12, 0.15),
            **_both("hub", *_HUB),
            **_both("rim", _HUB[0], _HUB[1] + 0.04, _HUB[2] + _RIM_M),
        },
    )


def trolley(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a shopping trolley of wire that rolls towards +x, its handle behind."""
    work = Bench("dynamic")
    root = work.part("trolley")
    wire = 0.006
    back, front = (-0.4, 0.28), (0.42, 0.2)
    low, high = 0.5, 0.95
    wheels: list[Wheel] = []

    def corner(end: tuple[float, float], side: float, z: float) -> Vec3:
        x, half = end
        return (
            x - (0.05 if z == low and x > 0 else 0.0),
            side * half * (1.0 if z == high else 0.88),
            z,
        )

    wires = []
    for z in np.linspace(low, high, 5).tolist():
        share = (z - low) / (high - low)
        ends = [
            tuple(
                (1 - share) * p + share * q
                for p, q in zip(corner(e, s, low), corner(e, s, high), strict=True)
            )
            for e, s in ((back, -1.0), (back, 1.0), (front, 1.0), (front, -1.0))
        ]
        wires += [bar(ends[k], ends[(k + 1) % 4], wire, 4) for k in range(4)]
    for share in np.linspace(0, 1, 8).tolist():
        end = (back[0] + share * (front[0] - back[0]), back[1] + share * (front[1] - back[1]))
        for s in (-1.0, 1.0):
            wires.append(bar(corner(end, s, low), corner(end, s, high), wire, 4))
        wires.append(bar(corner(end, -1.0, low), corner(end, 1.0, low), wire, 4))
    for y in np.linspace(-0.16, 0.16, 5).tolist():
        wires.append(bar((front[0] - 0.05, y * 0.9, low), (front[0], y * 1.1, high), wire, 4))
    work.add(root, join(wires), ALLOY)
    for s in (-1.0, 1.0):
        frame = [(-0.45, s * 0.27, 1.02), (-0.38, s * 0.25, 0.3), (0.4, s * 0.2, 0.2)]
        work.add(root, tube(frame, 0.014, 8), ALLOY)
        work.add(root, bar((0.1, s * 0.22, 0.24), (0.3, s * 0.19, 0.5), 0.012, 6), ALLOY)
        wheels.append(solid(work, root, 0.06, (-0.36, s * 0.24, 0.06)))
        work.add(root, bar((-0.36, s * 0.26, 0.06), (-0.38, s * 0.25, 0.3), 0.012, 6), ALLOY)
        wheels.append(castor(work, root, 0.06, (0.36, s * 0.19, 0.06), 0.24))
    grip = matte("trolley grip", ("c8252c", "1d5f9e", "2f8f6b")[variant % 3], 0.5)
    work.add(root, bar((-0.45, -0.27, 1.02), (-0.45, 0.27, 1.02), 0.02, 10), grip)
    shape = CollisionShape("box", (0, 0, 0.5), (0.9, 0.56, 1.0))
    return finish(
        asset_id,
        variant,
        "dynamic",
        work,
        25.0,
        ROLLER_JOINTS,
        (shape,),
        tuple(wheels),
        anchors=_both("handle", -0.45, 0.2, 1.02),
    )
