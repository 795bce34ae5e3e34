"""Materials that several assets share, given as sRGB and kept as linear reflectance."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from scenegen.records.base import Vec3
from scenegen.records.mesh import Material
from scenegen.records.taxonomy import Lamp


def linear(hex_code: str) -> Vec3:
    """Return linear RGB of an sRGB colour like ``"8a2be2"`` (IEC 61966-2-1)."""
    values = [int(hex_code[k : k + 2], 16) / 255.0 for k in (0, 2, 4)]
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return (r, g, b)


def matte(name: str, hex_code: str, roughness: float = 0.85) -> Material:
    """Return a dielectric without shine."""
    return Material(name, linear(hex_code), roughness=roughness)


def paint(hex_code: str) -> Material:
    """Return car paint under clear coat."""
    return Material("paint", linear(hex_code), roughness=0.2, metallic=0.0)


def leafy(name: str, hex_code: str) -> Material:
    """Return opaque foliage, seen from both sides."""
    return Material(name, linear(hex_code), roughness=0.9, two_sided=True)


@cache
def lamp(name: str, lens: str, light: str, luminance_cdm2: float, bit: Lamp) -> Material:
    """Return a lamp's lens: its colour when dark, and what it gives off when lit."""
    r, g, b = linear(light)
    top = max(r, g, b)
    scale = luminance_cdm2 / top
    return Material(
        name,
        linear(lens),
        roughness=0.15,
        emission_cdm2=(r * scale, g * scale, b * scale),
        lamp=bit,
    )


GLASS = Material("glass", linear("1a2023"), roughness=0.08)
CABIN_GLASS = replace(GLASS, name="cabin glass", emission_cdm2=(30.0, 27.0, 20.0), lamp=Lamp.TAIL)
"""Windows of a bus or tram, behind which light burns along with the tail lamps."""
RUBBER = matte("rubber", "1b1b1c", 0.9)
PLASTIC = matte("black plastic", "202224", 0.6)
SEAM = matte("seam", "111213", 0.9)
UNDERBODY = matte("underbody", "121212", 0.95)
CHROME = Material("chrome", (0.75, 0.75, 0.76), roughness=0.18, metallic=1.0)
ALLOY = Material("alloy", (0.62, 0.63, 0.65), roughness=0.35, metallic=0.9)
STEEL = Material("steel", (0.45, 0.46, 0.47), roughness=0.45, metallic=0.8)
GALVANISED = Material("galvanised steel", linear("9a9fa3"), roughness=0.5, metallic=0.35)
INK = matte("ink", "24262b", 0.6)
PLATE = matte("number plate", "e9ebe6", 0.5)
WOOD = matte("wood", "9c7a4f", 0.9)
REFLECTOR_WHITE = matte("white sheeting", "f2f2ee", 0.4)

HEADLAMP = lamp("headlamp", "dfe5e8", "fff6e6", 30_000.0, Lamp.LOW_BEAM)
TAIL_LAMP = lamp("tail lamp", "8c0d10", "ff1a0c", 350.0, Lamp.TAIL)
BRAKE_LAMP = lamp("brake lamp", "a01014", "ff1a0c", 7_000.0, Lamp.BRAKE)
REVERSE_LAMP = lamp("reverse lamp", "d8d8d8", "ffffff", 5_000.0, Lamp.REVERSE)
INDICATOR_LEFT = lamp("indicator left", "c8730f", "ff8a00", 9_000.0, Lamp.INDICATOR_LEFT)
INDICATOR_RIGHT = lamp("indicator right", "c8730f", "ff8a00", 9_000.0, Lamp.INDICATOR_RIGHT)
BEACON_BLUE = lamp("blue beacon", "24489c", "2a55ff", 12_000.0, Lamp.BEACON)
BEACON_AMBER = lamp("amber beacon", "c07a18", "ff9a10", 9_000.0, Lamp.BEACON)

PAINTS = (
    "ecece8",
    "1b1d20",
    "5f6468",
    "aab0b3",
    "2a2d31",
    "1f3f73",
    "8e1c1f",
    "3c6ea0",
    "24452f",
    "c2b8a0",
    "b5541c",
    "0f6a6a",
)
PAINT_SHARES = (0.24, 0.17, 0.14, 0.13, 0.08, 0.07, 0.05, 0.04, 0.03, 0.03, 0.01, 0.01)
"""Colours of new cars and their shares, after the yearly reports of paint makers."""
