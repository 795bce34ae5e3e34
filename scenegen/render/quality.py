"""What a picture may cost. The truth beside it is the same whichever preset draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

QualityName = Literal["fast", "full"]


@dataclass(frozen=True)
class Quality:
    """What goes into the colours of a picture.

    Attributes
    ----------
    blend_textures : bool
        Whether a texture's sizes go over into one another, or the nearest is taken.
    shadow_texels : int
        Along each side of one cascade of the shadow map.
    spots : int
        The most lamps that throw light in one picture.
    contacts : int
        The most things that keep the sky's light from the ground they stand on.
    mirrors : bool
        Whether wet ground mirrors what stands on it, and not the sky alone.
    glow : bool
        Whether what is brighter than white shines around itself.
    smooth : bool
        Whether stair-steps along edges are smoothed.
    """

    blend_textures: bool
    shadow_texels: int
    spots: int
    contacts: int
    mirrors: bool
    glow: bool
    smooth: bool


QUALITIES: dict[QualityName, Quality] = {
    "fast": Quality(
        blend_textures=False,
        shadow_texels=512,
        spots=8,
        contacts=16,
        mirrors=False,
        glow=False,
        smooth=False,
    ),
    "full": Quality(
        blend_textures=True,
        shadow_texels=1024,
        spots=16,
        contacts=64,
        mirrors=True,
        glow=True,
        smooth=True,
    ),
}
