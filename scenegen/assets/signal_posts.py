"""What posts of signals have in common: the pole itself, and the asset that becomes of it."""

from __future__ import annotations

from scenegen.assets.build import Bench, finish
from scenegen.assets.lofts import lathe
from scenegen.assets.materials import GALVANISED
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset, CollisionShape

_SLEEVE_M, _NECK_M = 0.9, 0.95
"""How high a pole's thicker foot reaches, and from where on it is thin."""


def pole(
    work: Bench, root: str, top_m: float, foot_m: float, neck_m: float
) -> tuple[CollisionShape, ...]:
    """Add a round pole that stands at the origin; return the body that it collides as.

    Parameters
    ----------
    top_m : float
        Its height.
    foot_m, neck_m : float
        Radius of its foot and of the rest of it.
    """
    outline = [(foot_m, 0.0), (foot_m, _SLEEVE_M), (neck_m, _NECK_M), (neck_m, top_m)]
    work.add(root, lathe(outline, 14), GALVANISED, "pole")
    return (CollisionShape("cylinder", (0, 0, top_m / 2), (foot_m, foot_m, top_m)),)


def signal(
    asset_id: str,
    variant: int,
    work: Bench,
    mass_kg: float,
    collision: tuple[CollisionShape, ...],
    head_m: Vec3,
) -> Asset:
    """Return the traffic light on a bench, whose lamps are about `head_m`."""
    return finish(
        asset_id,
        variant,
        "traffic light",
        work,
        mass_kg,
        collision=collision,
        anchors={"head": head_m},
    )
