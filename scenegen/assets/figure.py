"""The body of a person: what is drawn by chance, and the shapes that follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scenegen.assets.build import Bench
from scenegen.assets.materials import matte
from scenegen.assets.shapes import column, rounded_box, sphere
from scenegen.records.base import Vec3
from scenegen.records.mesh import Joint, Material
from scenegen.records.taxonomy import BIPED_JOINTS

HIP, KNEE, ANKLE, SHOULDER, ELBOW, WRIST, NECK = 0.53, 0.285, 0.039, 0.818, 0.63, 0.485, 0.858
"""Heights of the joints as shares of the stature (Drillis and Contini 1966, as given by Winter)."""

SKIN = ("f1c9a5", "e0ac86", "c68a5f", "9c6a43", "6f4628", "4a2e1b")
TOPS = ("23303f", "5b1f24", "2e4a36", "8c8f94", "c9c4b8", "1c1c1f", "a5452a", "355f8a", "d8b13a")
TROUSERS = ("1f2733", "2b3d5c", "3a3a3c", "5a4d3e", "15161a", "6f7480")


@dataclass(frozen=True)
class Figure:
    """A person before any triangle."""

    kind: Literal["adult", "child", "elder", "rider"]
    stature_m: float
    build: float
    skin: str
    top: str
    trousers: str

    @classmethod
    def draw(
        cls, rng: np.random.Generator, kind: Literal["adult", "child", "elder", "rider"]
    ) -> Figure:
        """Draw a person."""
        low, high = {
            "adult": (1.57, 1.92),
            "child": (1.1, 1.42),
            "elder": (1.52, 1.76),
            "rider": (1.64, 1.86),
        }[kind]
        return cls(
            kind,
            float(rng.uniform(low, high)),
            float(rng.uniform(0.92, 1.14)),
            str(rng.choice(SKIN)),
            str(rng.choice(TOPS)),
            str(rng.choice(TROUSERS)),
        )

    @property
    def mass_kg(self) -> float:
        """Mass from stature and build, at a body mass index of 22 times the build squared."""
        index = 16.5 if self.kind == "child" else 22.5
        return round(index * self.build**2 * self.stature_m**2, 1)


def _joint(name: str, axis: Vec3, slide: bool = False) -> Joint:
    return Joint(BIPED_JOINTS.index(name), axis, "slide" if slide else "hinge")


def lay_skeleton(bench: Bench, tall: float) -> None:
    """Open the parts of the biped on the bench."""
    up, left, right = (0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (0.0, -1.0, 0.0)
    bench.part(
        "pelvis", None, (0.0, 0.0, HIP * tall), (_joint("lift", up, True), _joint("pelvis_yaw", up))
    )
    bench.part(
        "torso",
        "pelvis",
        (0.0, 0.0, 0.045 * tall),
        (_joint("spine_pitch", left), _joint("spine_yaw", up)),
    )
    bench.part(
        "head",
        "torso",
        (0.0, 0.0, (NECK - HIP - 0.045) * tall),
        (_joint("neck_pitch", left), _joint("neck_yaw", up)),
    )
    for side, sign in (("left", 1.0), ("right", -1.0)):
        out = (sign, 0.0, 0.0)
        bench.part(
            f"thigh_{side}",
            "pelvis",
            (0.0, sign * 0.052 * tall, 0.0),
            (_joint(f"hip_{side}", right), _joint(f"hip_out_{side}", out)),
        )
        bench.part(
            f"shin_{side}",
            f"thigh_{side}",
            (0.0, 0.0, (KNEE - HIP) * tall),
            (_joint(f"knee_{side}", left),),
        )
        bench.part(
            f"foot_{side}",
            f"shin_{side}",
            (0.0, 0.0, (ANKLE - KNEE) * tall),
            (_joint(f"ankle_{side}", right),),
        )
        bench.part(
            f"upper_arm_{side}",
            "torso",
            (0.0, sign * 0.115 * tall, (SHOULDER - HIP - 0.045) * tall),
            (_joint(f"shoulder_{side}", right), _joint(f"shoulder_out_{side}", out)),
        )
        bench.part(
            f"forearm_{side}",
            f"upper_arm_{side}",
            (0.0, 0.0, (ELBOW - SHOULDER) * tall),
            (_joint(f"elbow_{side}", right),),
        )


def dress(bench: Bench, figure: Figure) -> dict[str, Vec3]:
    """Put flesh and clothes on the skeleton; return the anchors of the parts."""
    tall, b = figure.stature_m, figure.build
    lay_skeleton(bench, tall)
    skin, top, legs = (
        matte("skin", figure.skin),
        matte("top", figure.top),
        matte("trousers", figure.trousers),
    )
    shoe = matte("shoe", "1a1a1a")

    def col(rows: list[tuple[float, float, float, float]], m: Material, part: str) -> None:
        table = [(z * tall, x * tall, 0.0, rx * b * tall, ry * b * tall) for z, x, rx, ry in rows]
        bench.add(part, column(table), m)

    col([(-0.04, 0, 0.04, 0.07), (0.0, 0, 0.06, 0.09), (0.06, 0, 0.06, 0.085)], legs, "pelvis")
    col(
        [
            (0.0, 0, 0.055, 0.08),
            (0.1, 0, 0.06, 0.085),
            (0.2, 0, 0.062, 0.1),
            (0.25, 0, 0.05, 0.1),
            (0.28, 0, 0.03, 0.04),
        ],
        top,
        "torso",
    )
    col([(-0.02, 0, 0.03, 0.03), (0.03, 0, 0.03, 0.03)], skin, "head")
    bench.add("head", sphere(0.06 * tall).scaled(1, 0.85, 1.15).moved(z=0.075 * tall), skin)
    for side in ("left", "right"):
        thigh, shin = KNEE - HIP, ANKLE - KNEE
        col(
            [(thigh, 0, 0.03, 0.03), (0, 0, 0.05, 0.05), (0.03, 0, 0.03, 0.03)],
            legs,
            f"thigh_{side}",
        )
        col(
            [(shin, 0, 0.022, 0.022), (0, 0, 0.032, 0.032), (0.02, 0, 0.02, 0.02)],
            legs,
            f"shin_{side}",
        )
        bench.add(
            f"foot_{side}",
            rounded_box((0.15 * tall, 0.055 * tall, 0.039 * tall), 0.012).moved(
                0.035 * tall, 0, -0.0195 * tall
            ),
            shoe,
        )
        col(
            [(ELBOW - SHOULDER, 0, 0.022, 0.022), (0, 0, 0.03, 0.03), (0.02, 0, 0.02, 0.02)],
            top,
            f"upper_arm_{side}",
        )
        col(
            [(WRIST - ELBOW, 0, 0.017, 0.017), (0, 0, 0.023, 0.023), (0.015, 0, 0.01, 0.01)],
            top,
            f"forearm_{side}",
        )
        bench.add(
            f"forearm_{side}", sphere(0.028 * tall).moved(z=(WRIST - ELBOW - 0.03) * tall), skin
        )
    return {
        "head_top": (0.0, 0.0, (1.0 - NECK) * tall),
        "toe": (0.1 * tall, 0.0, -ANKLE * tall),
        "wrist": (0.0, 0.0, (WRIST - ELBOW) * tall),
        "palm": (0.0, 0.0, (WRIST - ELBOW - 0.045) * tall),
        "ball": (0.075 * tall, 0.0, -ANKLE * tall - 0.012),
    }
