"""Skin and clothes of a person, read from the surfaces that are drawn.

Colours are named in CIELAB (CIE 15:2018) under D65, the white of sRGB.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from functools import lru_cache

import numpy as np

from scenegen.assets.lookup import get
from scenegen.assets.materials import linear
from scenegen.records.base import F64, Vec3
from scenegen.records.looks import ITA_EDGES_DEG, SKIN_TONES, Garment, PersonLook
from scenegen.records.mesh import Asset, Surface

_TOPS = frozenset({"shirt", "jacket", "coat"})
_BOTTOMS = frozenset({"trousers", "shorts", "skirt"})
_SKIN = "skin"
_MONK = (
    *("f6ede4", "f3e7db", "f7ead0", "eadaba", "d7bd96"),
    *("a07e56", "825c43", "604134", "3a312a", "292420"),
)
"""Swatches of the Monk Skin Tone scale (E. Monk, 2022), sRGB."""

_XYZ_FROM_RGB = np.array(
    [
        [0.4123907993, 0.3575843394, 0.1804807884],
        [0.2126390059, 0.7151686788, 0.0721923154],
        [0.0193308187, 0.1191947798, 0.9505321522],
    ]
)
_WHITE = _XYZ_FROM_RGB.sum(axis=1)

_GREY_CHROMA = 9.0
_BLACK_LIGHTNESS, _WHITE_LIGHTNESS = 18.0, 85.0
_BROWN_LIGHTNESS, _PINK_LIGHTNESS = 50.0, 62.0
_HUES = (
    *((22.0, "pink"), (40.0, "red"), (72.0, "orange"), (105.0, "yellow"), (190.0, "green")),
    *((307.0, "blue"), (335.0, "purple"), (360.0, "pink")),
)
"""Upper ends of the sectors of CIELAB's hue, in degrees, and what lies in them."""


def lab(rgb: Vec3) -> F64:
    """Return CIE L*, a*, b* (3,) of a linear RGB reflectance under D65."""
    ratio = _XYZ_FROM_RGB @ np.array(rgb, dtype=np.float64) / _WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def color_name(rgb: Vec3) -> str:
    """Return the basic colour term of a linear RGB reflectance: one of `records.looks.COLORS`."""
    lightness, a, b = lab(rgb).tolist()
    if math.hypot(a, b) < _GREY_CHROMA:
        if lightness < _BLACK_LIGHTNESS:
            return "black"
        return "white" if lightness > _WHITE_LIGHTNESS else "grey"
    hue = math.degrees(math.atan2(b, a)) % 360.0
    name = next(name for end, name in _HUES if hue < end)
    if name == "orange" and lightness < _BROWN_LIGHTNESS and math.hypot(a, b) < 45.0:
        return "brown"
    if name == "yellow" and lightness < _BROWN_LIGHTNESS + 5.0 and math.hypot(a, b) < 45.0:
        return "brown"
    if name == "pink" and hue < 22.0 and lightness < _PINK_LIGHTNESS:
        return "red"
    return "pink" if name == "red" and lightness > _PINK_LIGHTNESS else name


def typology_angle_deg(rgb: Vec3) -> float:
    """Return the individual typology angle of a skin's linear RGB reflectance.

    arctan((L* - 50) / b*) in degrees; the lighter, the larger (Chardon et al. 1991).
    """
    lightness, _, b = lab(rgb).tolist()
    return math.degrees(math.atan2(lightness - 50.0, b))


def monk_tone(rgb: Vec3) -> int:
    """Return the nearest of the ten tones of the Monk scale, 1 the lightest."""
    swatches = np.array([lab(linear(code)) for code in _MONK])
    return 1 + int(np.argmin(np.linalg.norm(swatches - lab(rgb), axis=1)))


@lru_cache(maxsize=1024)
def person_look(asset_id: str, variant: int) -> PersonLook | None:
    """Return the look of an asset.

    None for what is no person, and for imported figures in one piece, whose surfaces don't say
    what they are.
    """
    return _look_of(get(asset_id, variant))


def _look_of(asset: Asset) -> PersonLook | None:
    surfaces = [surface for part in asset.parts for surface in part.surfaces]
    skin = next((s.material for s in surfaces if s.material.name == _SKIN), None)
    top, bottom = _garment(surfaces, _TOPS), _garment(surfaces, _BOTTOMS)
    if asset.category not in {"person", "rider"} or None in (skin, top, bottom):
        return None
    assert skin is not None
    assert top is not None
    assert bottom is not None
    angle = typology_angle_deg(skin.base_color)
    return PersonLook(
        skin_ita_deg=round(angle, 2),
        skin_tone=SKIN_TONES[sum(angle <= edge for edge in ITA_EDGES_DEG)],
        skin_monk=monk_tone(skin.base_color),
        top=top,
        bottom=bottom,
        clothing_lightness=round(float(lab(_mean_albedo(surfaces, _TOPS | _BOTTOMS))[0]), 2),
    )


def _garment(surfaces: list[Surface], names: Collection[str]) -> Garment | None:
    """Return the first piece of some kinds of clothing; each person wears one of them."""
    material = next((s.material for s in surfaces if s.material.name in names), None)
    if material is None:
        return None
    return Garment(
        kind=material.name,
        color=color_name(material.base_color),
        lightness=round(float(lab(material.base_color)[0]), 2),
    )


def _mean_albedo(surfaces: list[Surface], names: Collection[str]) -> Vec3:
    """Return the mean linear RGB reflectance of some clothes by their area."""
    worn = [s for s in surfaces if s.material.name in names]
    areas = np.array([_area_m2(s) for s in worn])
    r, g, b = np.average([s.material.base_color for s in worn], axis=0, weights=areas).tolist()
    return (r, g, b)


def _area_m2(surface: Surface) -> float:
    corners = surface.vertices[surface.faces].astype(np.float64)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return float(0.5 * np.linalg.norm(across, axis=1).sum())
