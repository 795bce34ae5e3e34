"""The light that vehicles throw ahead."""

from __future__ import annotations

from scenegen.assets.materials import linear
from scenegen.records.base import Vec3
from scenegen.records.mesh import Spot
from scenegen.records.taxonomy import Lamp


def low_beam(place: Vec3, intensity_cd: float = 15_000.0) -> Spot:
    """Return a low beam along +x.

    Its axis is dipped by 4 %; renderers cut low beams off at the height of the lamp.
    """
    return Spot(place, (0.9992, 0.0, -0.04), intensity_cd, 0.8, linear("fff6e6"), Lamp.LOW_BEAM)
