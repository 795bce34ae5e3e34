"""Dressing a figure: clothes, hair, hats, bags."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenegen.assets import flesh
from scenegen.assets.build import Bench
from scenegen.assets.figure import Figure, lay_skeleton
from scenegen.assets.lofts import column, tube
from scenegen.assets.materials import SEAM, matte
from scenegen.assets.panels import panel
from scenegen.assets.shapes import box, rounded_box, sphere
from scenegen.assets.triangles import Geometry, join
from scenegen.records.base import Vec3
from scenegen.records.mesh import Material

_SMOOTH = 1.4
"""Crease angle of bodies, rad: only hems and soles stay sharp."""


_SHORT_HAIR = [
    (0.066, -0.023, 0.041, 0.0455),
    (0.085, -0.017, 0.050, 0.0475),
    (0.102, -0.004, 0.0595, 0.0480),
    (0.118, -0.003, 0.0575, 0.0455),
    (0.133, -0.004, 0.0460, 0.0370),
    (0.145, -0.005, 0.0250, 0.0200),
]


class Tailor:
    """Puts shapes, drawn in statures, onto the parts of one figure."""

    def __init__(self, bench: Bench, figure: Figure) -> None:
        self.bench, self.figure = bench, figure
        self.skin = matte("skin", figure.skin_color, 0.6)
        self.top = matte(figure.top, figure.top_color)
        self.bottom = matte(figure.bottom, figure.bottom_color)
        self.hair = matte("hair", figure.hair_color, 0.7)
        self.extra = matte("accessory", figure.extra_color)

    def put(self, part: str, shape: Geometry, material: Material) -> None:
        """Scale a shape by the stature and add it."""
        tall = self.figure.stature_m
        self.bench.add(part, shape.scaled(tall, tall, tall), material, crease_rad=_SMOOTH)


def dress(bench: Bench, figure: Figure) -> dict[str, Vec3]:
    """Put flesh and clothes on the skeleton; return the anchors of the parts."""
    lay_skeleton(bench, figure)
    tailor = Tailor(bench, figure)
    _trunk(tailor)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        _leg(tailor, side)
        _arm(tailor, side, sign)
    _head(tailor)
    if figure.backpack:
        _backpack(tailor)
    tall, at = figure.stature_m, figure.landmarks
    return {
        "head_top": (0.0, 0.0, (1.0 - at.neck) * tall),
        "toe": (0.105 * tall, 0.0, -0.7 * at.ankle * tall),
        "wrist": (0.0, 0.0, (at.wrist - at.elbow) * tall),
        "palm": (0.0, 0.0, (at.wrist - at.elbow - 0.05) * tall),
        "ball": (0.07 * tall, 0.0, -at.ankle * tall - 0.012),
    }


def _trunk(tailor: Tailor) -> None:
    figure = tailor.figure
    at = figure.landmarks
    bulk = {"shirt": 0.002, "jacket": 0.006, "coat": 0.008}[figure.top]
    # The trunk was drawn for an adult's 0.283 statures between spine and neck.
    stretch = (at.neck - at.spine) / 0.283
    chest = flesh.trunk(figure.female, figure.build, bulk).scaled(1, at.shoulder_y / 0.102, stretch)
    tailor.put("torso", chest, tailor.top)
    hem = {"shirt": -0.01, "jacket": -0.03, "coat": -0.05}[figure.top]
    hips = flesh.hips(figure.female, figure.build, 0.003)
    tailor.put("pelvis", hips, tailor.bottom)
    rows = [
        (hem, 0.0, 0.0, 0.070, 0.103),
        (0.5 * (hem + 0.07), 0.0, 0.0, 0.069, 0.101),
        (0.05, 0.002, 0.0, 0.062, 0.092),
        (0.068, 0.002, 0.0, 0.050, 0.075),
    ]
    girth = figure.build**0.75
    skirt = column(
        [(z, x, y, rx * girth + bulk, ry * girth + bulk) for z, x, y, rx, ry in rows], 12, 2.3
    )
    tailor.put("pelvis", skirt, tailor.top)
    if figure.top != "shirt":
        collar = column(
            [
                (0.255, -0.004, 0, 0.044, 0.05),
                (0.285, 0.0, 0, 0.038, 0.041),
                (0.306, 0.003, 0, 0.036, 0.037),
            ],
            10,
        )
        tailor.put("torso", collar.scaled(1, 1, stretch), tailor.top)
        front: list[Vec3] = [
            (0, y, z * stretch)
            for y, z in ((0.003, 0.0), (-0.003, 0.0), (-0.003, 0.24), (0.003, 0.24))
        ]
        tailor.put("torso", panel(chest, front, (-1, 0, 0), (1, 10), 0.003), SEAM)


def _leg(tailor: Tailor, side: str) -> None:
    figure = tailor.figure
    at, b = figure.landmarks, figure.build
    thigh, shin = at.hip - at.knee, at.knee - at.ankle
    foot = matte("shoe", figure.shoe_color, 0.6)
    sole = matte("sole", "d8d6d0" if figure.shoe_color != "3a2a1f" else "1d1712", 0.9)
    long = figure.bottom == "trousers"
    upper = tailor.top if figure.top == "coat" else tailor.bottom
    if figure.bottom == "skirt":
        flare = flesh.limb([(-0.82 * thigh, 0, 0.064, 0.056), (0.0, 0, 0.055, 0.05)], 4, False)
        tailor.put(f"thigh_{side}", flare, tailor.bottom)
    tailor.put(
        f"thigh_{side}",
        flesh.thigh(thigh, b, 0.005 if long else 0.001),
        tailor.bottom if long else tailor.skin,
    )
    if figure.bottom == "shorts":
        legs = flesh.limb([(-0.7 * thigh, 0, 0.052, 0.048), (0.0, 0, 0.056, 0.05)], 4, False)
        tailor.put(f"thigh_{side}", legs.scaled(b, b, 1), tailor.bottom)
    if figure.top == "coat":
        tails = flesh.limb([(-0.55 * thigh, 0, 0.062, 0.056), (0.0, 0, 0.062, 0.054)], 4, False)
        tailor.put(f"thigh_{side}", tails.scaled(b, b, 1), upper)
    lower = flesh.shin(shin, b, 0.004, 0.027) if long else flesh.shin(shin, b, 0.0, 0.0)
    tights = (
        matte("tights", "2a2a2e")
        if figure.bottom == "skirt" and figure.top != "shirt"
        else tailor.skin
    )
    tailor.put(f"shin_{side}", lower, tailor.bottom if long else tights)
    cover, tread = flesh.shoe(at.ankle)
    tailor.put(f"foot_{side}", cover, foot)
    tailor.put(f"foot_{side}", tread, sole)


def _arm(tailor: Tailor, side: str, sign: float) -> None:
    figure = tailor.figure
    at, b = figure.landmarks, figure.build
    upper, lower = at.shoulder - at.elbow, at.elbow - at.wrist
    bulk = {"shirt": 0.001, "jacket": 0.005, "coat": 0.006}[figure.top]
    tailor.put(f"upper_arm_{side}", flesh.upper_arm(upper, b, bulk), tailor.top)
    bare = figure.top == "shirt"
    tailor.put(
        f"forearm_{side}",
        flesh.forearm(lower, b, 0.0 if bare else bulk),
        tailor.skin if bare else tailor.top,
    )
    tailor.put(f"forearm_{side}", flesh.hand(lower, sign), tailor.skin)


def _cap_shell(rx: float, ry: float, rz: float, x: float, z: float, low: float) -> Geometry:
    """Return the part of an ellipsoid above a height: hair, hats, helmets."""
    angles = np.linspace(np.arcsin(np.clip((low - z) / rz, -0.95, 0.95)), 1.5, 6)
    return column(
        [(z + rz * np.sin(a), x, 0.0, rx * np.cos(a), ry * np.cos(a)) for a in angles], 12
    )


def _head(tailor: Tailor) -> None:
    style, k = tailor.figure.hair, tailor.figure.landmarks.head
    wide = 1.0 if k < 1.05 else 0.94

    def put(shape: Geometry, material: Material) -> None:
        tailor.put("head", shape.scaled(k * wide, k * wide, k), material)

    put(flesh.skull(), tailor.skin)
    eyes, mouth = flesh.face()
    put(eyes, matte("eye", "1c1613", 0.3))
    put(mouth, matte("lips", "8a4a42"))
    brows = box((0.006, 0.017, 0.0035), (0.0545, 0.0165, 0.0905)).both_sides()
    put(brows, tailor.hair)
    if style in ("short", "long", "bun", "cap"):
        put(flesh.limb(_SHORT_HAIR, 5, segments=11, crown=0.2), tailor.hair)
        put(sphere(1.0, 10, 6).scaled(0.046, 0.0455, 0.05).moved(-0.018, 0.0, 0.072), tailor.hair)
    if style == "bald":
        put(sphere(1.0, 10, 6).scaled(0.045, 0.0455, 0.024).moved(-0.017, 0.0, 0.066), tailor.hair)
    if style == "long":
        mane = [
            (-0.055, -0.030, 0.024, 0.046),
            (0.0, -0.030, 0.026, 0.048),
            (0.06, -0.022, 0.038, 0.049),
            (0.10, -0.012, 0.046, 0.047),
        ]
        put(flesh.limb([(z, x, rx, ry) for z, x, rx, ry in mane], 7), tailor.hair)
    if style == "bun":
        put(sphere(0.022, 8, 5).moved(-0.068, 0.0, 0.098), tailor.hair)
    if style == "hood":
        put(_cap_shell(0.064, 0.054, 0.085, -0.011, 0.070, 0.05), tailor.top)
        put(sphere(1.0, 10, 6).scaled(0.055, 0.054, 0.075).moved(-0.021, 0.0, 0.055), tailor.top)
    if style == "beanie":
        put(_cap_shell(0.061, 0.0495, 0.072, -0.004, 0.084, 0.092), tailor.extra)
        put(
            column([(0.088, -0.003, 0, 0.063, 0.051), (0.106, -0.003, 0, 0.063, 0.051)], 12),
            tailor.extra,
        )
    if style == "cap":
        put(_cap_shell(0.0615, 0.050, 0.06, -0.006, 0.094, 0.094), tailor.extra)
        put(
            column([(0.094, 0.052, 0, 0.042, 0.036), (0.0985, 0.05, 0, 0.042, 0.036)], 12),
            tailor.extra,
        )
    if style == "full helmet":
        shell = sphere(1.0, 14, 8).scaled(0.079, 0.068, 0.084).moved(-0.004, 0.0, 0.078)
        put(shell, replace(tailor.extra, name="helmet", roughness=0.3))
        sight: list[Vec3] = [
            (0, 0.05, 0.07),
            (0, -0.05, 0.07),
            (0, -0.046, 0.112),
            (0, 0.046, 0.112),
        ]
        put(panel(shell, sight, (-1, 0, 0), (8, 4), 0.003), matte("visor", "121518", 0.1))
    if style == "helmet":
        put(sphere(1.0, 10, 6).scaled(0.044, 0.0445, 0.042).moved(-0.018, 0.0, 0.068), tailor.hair)
        put(_cap_shell(0.078, 0.060, 0.066, -0.005, 0.096, 0.092), tailor.extra)
        straps = [
            tube(
                [(0.006, s * 0.045, 0.095), (0.014, s * 0.043, 0.05), (0.02, s * 0.022, 0.014)],
                0.003,
                5,
            )
            for s in (1, -1)
        ]
        put(join(straps), SEAM)


def _backpack(tailor: Tailor) -> None:
    stretch = (tailor.figure.landmarks.neck - tailor.figure.landmarks.spine) / 0.283
    deep = 0.062 * tailor.figure.build**0.8
    bag = rounded_box((0.075, 0.155, 0.215), 0.028, (-deep - 0.036, 0.0, 0.125))
    pocket = rounded_box((0.03, 0.12, 0.1), 0.012, (-deep - 0.078, 0.0, 0.085))
    strap = tube(
        [
            (-deep - 0.01, 0.052, 0.21),
            (-0.035, 0.056, 0.266),
            (0.02, 0.058, 0.262),
            (deep + 0.006, 0.06, 0.2),
            (deep + 0.012, 0.066, 0.12),
            (0.02, 0.094, 0.06),
        ],
        0.0085,
        4,
    )
    tailor.put("torso", join([bag, pocket]).scaled(1, 1, stretch), tailor.extra)
    tailor.put("torso", strap.both_sides().scaled(1, 1, stretch), SEAM)
