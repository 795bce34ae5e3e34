"""How much of a pulse each surface sends back, by material and angle of incidence.

The unit is the reflectance of a diffuse surface that, seen squarely, would send back as
much: π times the bidirectional reflectance towards the light, times the cosine.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import numpy.typing as npt

from scenegen import assets
from scenegen.records import Material, Surface
from scenegen.records.base import F64

BINS = 64
"""Cosines of incidence that the table tells apart."""

_FOLIAGE = {905: 0.5, 1550: 0.3}
"""Leaves and grass by wavelength in nm: beyond the red edge of chlorophyll, and where the water
in leaves absorbs (Jacquemoud and Baret 1990)."""
_CLOTH = 0.3
"""Least of dyed cloth, skin and hair: most dyes let near infrared through."""
_SOFT = frozenset({"person", "rider", "animal"})
_GREEN = frozenset({"leaves", "grass", "meadow", "crop"})
_F0 = 0.04
"""Reflectance of a dielectric of refractive index 1.5 at normal incidence (Fresnel)."""
_MOST_SHINE = 3.0
_FINEST = 0.06
"""Least width of a mirror's lobe: no panel is as flat as its mesh."""
_WET = 0.6
"""Share of the diffuse light that a film of water keeps from coming back (Lekner and Dorf 1988)."""
_FILM_M = 3e-4
WATER_PER_M = {905: 7.0, 1550: 1000.0}
"""Thickness of the film, and what water absorbs (Hale and Querry 1973; Kou et al. 1993)."""
_PANE, _PANE_F0 = 0.02, 0.08
"""A window: what comes back, through glass that lets 0.8 pass each way, from a cabin or a room
that reflects about 3 %; and Fresnel's mirror at the two faces of a pane."""

_RETRO = (
    ("sheeting", 300.0),  # EN 12899 class RA2: about 100 to 250 cd/(lx m²), of 1/π for white
    ("reflector", 300.0),
    ("reflex", 300.0),
    ("number plate", 60.0),
    ("hi-vis", 150.0),
    ("marker", 60.0),
    ("tail lamp", 20.0),  # a share of the lens is a reflector
    ("road paint", 1.5),  # glass beads, mostly seen under flat angles
)
"""Gain of what is made to send light back where it comes from, by words in the name."""


class Palette:
    """The different coats of a scene: a material on a class of things.

    A coat's number is an index into `table`.
    """

    def __init__(self) -> None:
        self._coats: dict[tuple[Material, str], int] = {}

    def coat(self, surface: Surface) -> int:
        """Return the number of a surface's coat."""
        key = (surface.material, surface.semantic)
        return self._coats.setdefault(key, len(self._coats))

    @property
    def semantics(self) -> tuple[str, ...]:
        """Names of the classes of things that coats are on, by coat."""
        return tuple(semantic for _, semantic in self._coats)

    def table(self, wetness: float, wavelength_m: float) -> F64:
        """Return what coats send back (coats, `BINS`): column `b` for cosine ``(b + ½) / BINS``."""
        cosine = (np.arange(BINS) + 0.5) / BINS
        nm = round(1e9 * wavelength_m)
        rows = [_returned(*coat, cosine, wetness, nm) for coat in self._coats]
        return np.array(rows).reshape(-1, BINS)


def _returned(material: Material, semantic: str, cosine: F64, wetness: float, nm: int) -> F64:
    """Return a coat's reflectance at cosines of incidence."""
    pane = _is_pane(material)
    diffuse = _PANE if pane else _diffuse(material, semantic, nm)
    if material.wettable:
        film = math.exp(-2 * WATER_PER_M[nm] * _FILM_M)
        diffuse *= 1 - wetness * (1 - (1 - _WET) * film)
    # Seen from where the light is, the half vector of the GGX lobe (Walter et al. 2007)
    # is the direction of the beam itself.
    width = max(material.roughness**2, _FINEST) ** 2
    lobe = width / (np.pi * (cosine**2 * (width - 1) + 1) ** 2)
    mirror = (_PANE_F0 if pane else _F0) + material.metallic * (0.6 - _F0)
    shine = np.minimum(np.pi * mirror * lobe / (4 * cosine) * cosine, _MOST_SHINE)
    gain = max((g for word, g in _RETRO if word in material.name), default=0.0)
    return np.asarray((1 - material.metallic) * diffuse * cosine + shine + gain * cosine**2)


def _is_pane(material: Material) -> bool:
    """Tell whether light passes: what is frosted or printed on scatters it instead."""
    return material.name == "glass" or material.name.endswith(("window", "cabin glass"))


def _diffuse(material: Material, semantic: str, nm: int) -> float:
    if material.texture in _GREEN:
        return _FOLIAGE[nm]
    grey = float(np.mean(material.base_color)) * _texture_mean(material.texture)
    return max(grey, _CLOTH) if semantic in _SOFT else grey


@cache
def _texture_mean(name: str | None) -> float:
    """Return the mean linear reflectance of a texture; 1 without one."""
    if name is None:
        return 1.0
    names, pictures = assets.textures()
    picture = pictures[names.index(name)][..., :3]
    return float(((picture / 255.0) ** 2.2).mean())


def as_intensity(reflectance: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Return what a sensor reports, 0 to 1, for reflectances.

    Up to 0.4 in proportion for what a diffuse surface can send back (0 to 1); above, up
    to 300, by the logarithm, as sensors that calibrate reflectivity do.
    """
    intensity = np.asarray(0.4 * np.maximum(reflectance, 0))
    bright = reflectance > 1
    intensity[bright] = 0.4 + 0.6 / math.log(300.0) * np.log(reflectance[bright])
    return np.asarray(np.minimum(intensity, 1))
