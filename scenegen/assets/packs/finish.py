"""What the materials of imported models are to the renderers."""

from __future__ import annotations

from functools import cache

from scenegen.assets.materials import (
    ALLOY,
    BRAKE_LAMP,
    CHROME,
    GLASS,
    HEADLAMP,
    INDICATOR_LEFT,
    INDICATOR_RIGHT,
    INK,
    PLASTIC,
    PLATE,
    REVERSE_LAMP,
    RUBBER,
    TAIL_LAMP,
    UNDERBODY,
    lamp,
    linear,
    matte,
    paint,
)
from scenegen.records.base import Vec3
from scenegen.records.mesh import Material
from scenegen.records.taxonomy import Lamp

_CLEAR = "cfd2d0"

MATERIALS: dict[str, Material] = {
    "paint": paint("808080"),
    "glass": GLASS,
    "tyre": RUBBER,
    "chrome": CHROME,
    "alloy": ALLOY,
    "underbody": UNDERBODY,
    "skin": matte("skin", "cf9567", 0.6),
    "hair": matte("hair", "2a1d14", 0.7),
    "top": matte("shirt", "3d4046"),
    "bottom": matte("trousers", "2b3d5c"),
    "shoes": matte("shoes", "151515", 0.6),
    "eyes": matte("eyes", "b9b2a8", 0.3),
    "black plastic": PLASTIC,
    "plate": PLATE,
    "ink": INK,
    "headlamp": HEADLAMP,
    "tail lamp": TAIL_LAMP,
    "brake lamp": BRAKE_LAMP,
    "reverse lamp": REVERSE_LAMP,
    "indicator left": INDICATOR_LEFT,
    "indicator right": INDICATOR_RIGHT,
    "front indicator left": lamp(
        "front indicator left", _CLEAR, "ff8a00", 9_000.0, Lamp.INDICATOR_LEFT
    ),
    "front indicator right": lamp(
        "front indicator right", _CLEAR, "ff8a00", 9_000.0, Lamp.INDICATOR_RIGHT
    ),
}
"""Roles; every other name is a colour and a roughness, as ``#8a2be2 0.45``."""


@cache
def material_of(name: str) -> Material:
    """Return the material of a piece."""
    if name in MATERIALS:
        return MATERIALS[name]
    code, roughness = name.removeprefix("#").split()
    return Material(f"imported {name}", linear(code), roughness=float(roughness), two_sided=True)


def viewer_material(name: str) -> tuple[Vec3, float, float]:
    """Return linear colour, roughness and metalness, for other programs that open the file."""
    material = material_of(name)
    return material.base_color, material.roughness, material.metallic
