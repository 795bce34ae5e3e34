"""What a picture may cost. The truth beside it is the same whichever preset draws it."""

from __future__ import annotations

from dataclasses import dataclass

from scenegen.records.choices import QualityName


@dataclass(frozen=True)
class Quality:
    """What goes into the colours of a picture.

    Attributes
    ----------
    blend_textures : bool
        Whether a texture's sizes go over into one another, or the nearest is taken.
    shadow_texels : int
        Along each side of one cascade of the shadow map.
    soft_shadows : bool
        Whether edges of the sun's shadows are drawn softer than one texel.
    spots : int
        The most lamps that throw light in one picture.
    shaded_spots : int
        The most of them that throw shadows.
    pairs : bool
        Whether each headlamp shines for itself, or a pair as one lamp between them.
    contacts : int
        The most things that keep the sky's light from the ground they stand on.
    creases : bool
        Whether corners and what lies under overhangs get less light from around.
    mirrors : bool
        Whether wet ground mirrors what stands on it, and not the sky alone.
    glow : bool
        Whether what is brighter than white shines around itself.
    smooth : bool
        Whether stair-steps along edges are smoothed.
    """

    blend_textures: bool
    shadow_texels: int
    soft_shadows: bool
    spots: int
    shaded_spots: int
    pairs: bool
    contacts: int
    creases: bool
    mirrors: bool
    glow: bool
    smooth: bool


QUALITIES: dict[QualityName, Quality] = {
    "fast": Quality(
        blend_textures=False,
        shadow_texels=512,
        soft_shadows=False,
        spots=8,
        shaded_spots=0,
        pairs=False,
        contacts=16,
        creases=False,
        mirrors=False,
        glow=False,
        smooth=False,
    ),
    "full": Quality(
        blend_textures=True,
        shadow_texels=1024,
        soft_shadows=True,
        spots=24,
        shaded_spots=4,
        pairs=True,
        contacts=64,
        creases=True,
        mirrors=True,
        glow=True,
        smooth=True,
    ),
}
