"""A person before any triangle: measures, clothes and colours, and the bare skeleton."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scenegen.assets.build import Bench
from scenegen.records.base import Vec3
from scenegen.records.mesh import Joint
from scenegen.records.taxonomy import BIPED_JOINTS

Kind = Literal["adult", "child", "elder", "rider"]

SKIN = ("f3cfb0", "e6b48c", "cf9567", "a8704a", "7a4c2f", "503322")
TONES = (*SKIN, "dba57a", "fbe6d6", "c08858", "3a2419")
"""Skin of variants from `VARIED` on: every class of the individual typology angle is there."""
VARIED = 8
"""Variants below are what actors without one are drawn from."""
_HAIR = ("15120f", "2a1d14", "4a3120", "7a5534", "b08d57", "8a3d1c")
_GREY = ("8b8b8a", "b9b8b4", "d9d7d1")
_DARK_TOPS = ("23303f", "1c1c1f", "3d4046", "2e3b33", "4a3a2e", "31263a", "5b1f24")
_LIGHT_TOPS = ("8c8f94", "c9c4b8", "e4e2dc", "a5452a", "355f8a", "d8b13a", "b23a48", "4f7a4a")
_BRIGHT_TOPS = ("d7322e", "2f6fb7", "e8b21f", "3f9a55", "d0589a", "e8743b", "7a56a8", "26a0a8")
_TROUSERS = ("1f2733", "2b3d5c", "3a3a3c", "5a4d3e", "15161a", "6f7480", "3f4a3a", "8a7d66")
_SHOES = ("151515", "3a2a1f", "e6e4df", "5a5a5c", "7a1f22")
_STATURE_M = {
    "adult": (1.55, 1.93),
    "child": (1.10, 1.45),
    "elder": (1.52, 1.78),
    "rider": (1.64, 1.86),
}


@dataclass(frozen=True)
class Landmarks:
    """Heights of the joints and breadths, as shares of the stature.

    Adults after Drillis and Contini (1966) as tabled by Winter; children have longer
    heads and trunks and shorter legs.
    """

    hip: float = 0.53
    knee: float = 0.285
    ankle: float = 0.039
    spine: float = 0.575
    shoulder: float = 0.818
    elbow: float = 0.63
    wrist: float = 0.485
    neck: float = 0.858
    shoulder_y: float = 0.102
    hip_y: float = 0.050

    @property
    def head(self) -> float:
        """Size of the head over that of an adult of the same stature."""
        return (1.0 - self.neck) / 0.142


CHILD = Landmarks(0.50, 0.27, 0.042, 0.545, 0.782, 0.60, 0.46, 0.826, 0.098, 0.048)


@dataclass(frozen=True)
class Figure:
    """What one person looks like.

    Attributes
    ----------
    build : float
        Girth of trunk and limbs; 1 is a body mass index of 22.5.
    female : bool
        Narrower shoulders and waist, broader hips.
    top : str
        ``shirt`` (bare forearms), ``jacket`` or ``coat`` (reaches down the thighs).
    bottom : str
        ``trousers``, ``shorts`` or ``skirt``.
    hair : str
        ``short``, ``long``, ``bun``, ``bald``, ``hood``, ``beanie``, ``cap``, ``helmet`` or
        ``full helmet``.
    """

    kind: Kind
    stature_m: float
    build: float
    female: bool
    top: str
    bottom: str
    hair: str
    backpack: bool
    skin_color: str
    hair_color: str
    top_color: str
    bottom_color: str
    shoe_color: str
    extra_color: str

    @classmethod
    def draw(cls, rng: np.random.Generator, kind: Kind, variant: int) -> Figure:
        """Draw a person; skin tones take turns over the variants."""

        def pick(options: Sequence[str], shares: Sequence[float] | None = None) -> str:
            return str(rng.choice(list(options), p=shares))

        female = bool(rng.random() < 0.5)
        low, high = _STATURE_M[kind]
        middle = {"child": 0.5, "elder": 0.4}.get(kind, 0.35 if female else 0.65)
        stature = float(np.clip(rng.normal(low + middle * (high - low), 0.055), low, high))
        if kind == "child":
            stature = float(rng.uniform(low, high))
        build = float(rng.uniform(0.93, 1.12) + (0.07 if kind == "elder" else 0.0))
        tops = {
            "child": (_BRIGHT_TOPS + _LIGHT_TOPS[:2]),
            "elder": _DARK_TOPS + _LIGHT_TOPS[:3],
            "rider": _BRIGHT_TOPS + _DARK_TOPS,
            "adult": _DARK_TOPS + _LIGHT_TOPS,
        }[kind]
        styles = ("long", "bun", "short") if female else ("short", "short", "bald")
        style = pick(styles, (0.5, 0.2, 0.3) if female else (0.6, 0.3, 0.1))
        covers = {"child": ("hood", "beanie", "cap"), "elder": ("cap", "beanie", "cap")}
        if rng.random() < 0.3:
            style = pick(covers.get(kind, ("hood", "beanie", "cap")))
        if kind == "child" and style == "bald":
            style = "short"
        if kind == "rider":
            style = "helmet" if rng.random() < 0.7 else style.replace("hood", "short")
        bottom = pick(("trousers", "shorts"), (0.86, 0.14))
        if female and kind != "rider" and rng.random() < 0.3:
            bottom = "skirt"
        top = pick(("shirt", "jacket", "coat"), (0.3, 0.5, 0.2))
        return cls(
            kind=kind,
            stature_m=stature,
            build=build,
            female=female,
            top="jacket" if kind == "rider" and top == "coat" else top,
            bottom=bottom,
            hair=style,
            backpack=bool(
                rng.random() < {"child": 0.55, "adult": 0.3, "rider": 0.3, "elder": 0.05}[kind]
            ),
            skin_color=_skin(variant),
            hair_color=pick(_GREY if kind == "elder" else _HAIR),
            top_color=pick(tops),
            bottom_color=pick(_TROUSERS),
            shoe_color=pick(_SHOES),
            extra_color=pick(_BRIGHT_TOPS + _DARK_TOPS),
        )

    @property
    def landmarks(self) -> Landmarks:
        """Where the joints are."""
        return CHILD if self.kind == "child" else Landmarks()

    @property
    def mass_kg(self) -> float:
        """Mass from stature and build."""
        index = 16.0 if self.kind == "child" else 22.5
        return round(index * float(self.build**1.5) * self.stature_m**2, 1)


def _skin(variant: int) -> str:
    """Return a variant's skin; ten neighbours from `VARIED` on have all tones."""
    if variant < VARIED:
        return SKIN[(variant * 5 + 2) % len(SKIN)]
    return TONES[(variant * 3) % len(TONES)]


def _joint(name: str, axis: Vec3, slide: bool = False) -> Joint:
    return Joint(BIPED_JOINTS.index(name), axis, "slide" if slide else "hinge")


def lay_skeleton(bench: Bench, figure: Figure) -> None:
    """Open the parts of the biped on the bench; signs are those of `BIPED_JOINTS`."""
    tall, at = figure.stature_m, figure.landmarks
    up, left, right = (0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (0.0, -1.0, 0.0)
    stoop = 0.018 * tall if figure.kind == "elder" else 0.0
    lift = (_joint("lift", up, True), _joint("pelvis_yaw", up))
    spine = (_joint("spine_pitch", left), _joint("spine_yaw", up))
    neck = (_joint("neck_pitch", left), _joint("neck_yaw", up))
    bench.part("pelvis", None, (0.0, 0.0, at.hip * tall), lift)
    bench.part("torso", "pelvis", (0.0, 0.0, (at.spine - at.hip) * tall), spine)
    bench.part("head", "torso", (stoop, 0.0, (at.neck - at.spine) * tall), neck)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        out = (sign, 0.0, 0.0)
        tree = (
            (
                "thigh",
                "pelvis",
                (0.0, sign * at.hip_y * tall, 0.0),
                (_joint(f"hip_{side}", right), _joint(f"hip_out_{side}", out)),
            ),
            (
                "shin",
                f"thigh_{side}",
                (0.0, 0.0, (at.knee - at.hip) * tall),
                (_joint(f"knee_{side}", left),),
            ),
            (
                "foot",
                f"shin_{side}",
                (0.0, 0.0, (at.ankle - at.knee) * tall),
                (_joint(f"ankle_{side}", right),),
            ),
            (
                "upper_arm",
                "torso",
                (0.5 * stoop, sign * at.shoulder_y * tall, (at.shoulder - at.spine) * tall),
                (_joint(f"shoulder_{side}", right), _joint(f"shoulder_out_{side}", out)),
            ),
            (
                "forearm",
                f"upper_arm_{side}",
                (0.0, 0.0, (at.elbow - at.shoulder) * tall),
                (_joint(f"elbow_{side}", right),),
            ),
        )
        for name, parent, origin, joints in tree:
            bench.part(f"{name}_{side}", parent, origin, joints)
