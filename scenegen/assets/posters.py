"""Posters without words that mean anything: blocks of colour, suns, letters."""

from __future__ import annotations

import numpy as np

from scenegen.assets.ink import disc, fill, lettering, patch, stroke
from scenegen.assets.materials import matte
from scenegen.assets.sign_faces import Sheets
from scenegen.assets.triangles import Geometry, join

_GROUNDS = ("f0ece0", "c8252c", "1d5f9e", "f2c12e", "1f1f22", "2f8f6b", "e88a3a", "d8d3c8")
_INKS = ("16181a", "f6f3ea", "e0301e", "0f4f8c", "f5b81c", "7a1f5a", "1f7a4a")
_WORDS = ("NOVA", "LUMO", "KAFE", "ORBIS", "VELO", "MIRA", "SOLEA", "TERRA")


def _picture(kind: int, w: float, h: float) -> Geometry:
    """Return a disc, a slanted band, a pane or a crooked line."""
    if kind == 0:
        return disc(0.55 * w, (0.2 * w, 0.25 * h))
    if kind == 1:
        return fill([(-w, -0.2 * h), (w, 0.35 * h), (w, 0.8 * h), (-w, 0.3 * h)])
    if kind == 2:
        return patch(-0.7 * w, -0.1 * h, 0.7 * w, 0.75 * h)
    return stroke([(-0.8 * w, 0.0), (-0.2 * w, 0.6 * h), (0.7 * w, 0.1 * h)], 0.3 * w, True)


def poster(rng: np.random.Generator, width: float, height: float) -> Sheets:
    """Return the sheets of a poster, back to front, its middle at the origin, facing +x."""
    w, h = 0.5 * width, 0.5 * height
    inks = [matte("poster ink", str(ink), 0.6) for ink in rng.permutation(_INKS)[:3]]
    ground = matte("poster", str(rng.choice(_GROUNDS)), 0.6)
    word = _WORDS[int(rng.integers(len(_WORDS)))]
    size = min(0.26 * h, 1.9 * w / len(word))
    lines = [patch(-0.7 * w, (z - 0.03) * h, 0.5 * w, z * h) for z in (-0.7, -0.8)]
    return [
        (ground, patch(-w, -h, w, h)),
        (inks[0], _picture(int(rng.integers(4)), w, h)),
        (inks[1], lettering(word, size, (0.0, -0.45 * h))),
        (inks[2], join(lines)),
    ]
