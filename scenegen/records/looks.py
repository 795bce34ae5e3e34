"""What a person looks like, as far as fairness and visibility ask: skin and clothes."""

from __future__ import annotations

from typing import Literal

from scenegen.records.base import Record

SkinTone = Literal["very light", "light", "intermediate", "tan", "brown", "dark"]
SKIN_TONES: tuple[SkinTone, ...] = ("very light", "light", "intermediate", "tan", "brown", "dark")
"""Classes of the individual typology angle, from the lightest on."""
ITA_EDGES_DEG = (55.0, 41.0, 28.0, 10.0, -30.0)
"""Angles between neighbours of `SKIN_TONES` (Chardon, Cretois and Hourseau 1991; Del Bino 2013)."""

Shade = Literal["dark", "medium", "light"]
SHADES: tuple[Shade, ...] = ("dark", "medium", "light")
"""How much light clothes throw back."""
SHADE_EDGES = (30.0, 60.0)
"""CIE L* between `SHADES`: 6 % and 28 % of the light."""

COLORS = (
    *("black", "grey", "white", "red", "orange", "brown", "yellow"),
    *("green", "blue", "purple", "pink"),
)
"""Names of colours: the eleven basic terms of Berlin and Kay (1969)."""


class Garment(Record):
    """A piece of clothing.

    Attributes
    ----------
    kind : str
        ``shirt``, ``jacket``, ``coat``, ``trousers``, ``shorts`` or ``skirt``.
    color : str
        One of `COLORS`.
    lightness : float
        CIE L* of its albedo under D65, 0 to 100.
    """

    kind: str
    color: str
    lightness: float


class PersonLook(Record):
    """A person's skin and clothes, from the albedo of what is drawn.

    Attributes
    ----------
    skin_ita_deg : float
        Individual typology angle of the skin: arctan((L* - 50) / b*), in degrees, D65.
    skin_tone : str
        The class of that angle, one of `SKIN_TONES`.
    skin_monk : int
        1 to 10: the nearest swatch of the Monk Skin Tone scale by CIE 1976 colour difference.
    top, bottom : Garment
    clothing_lightness : float
        CIE L* of the mean albedo over the area of both.
    """

    skin_ita_deg: float
    skin_tone: SkinTone
    skin_monk: int
    top: Garment
    bottom: Garment
    clothing_lightness: float


def shade_of(lightness: float) -> Shade:
    """Return the shade of clothes of a CIE L*."""
    return SHADES[sum(lightness >= edge for edge in SHADE_EDGES)]
