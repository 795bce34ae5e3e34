"""How much room assets take, over the variants that scenes draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.assets.extent import solid_bounds
from scenegen.assets.lookup import get
from scenegen.records.base import F64, Vec3

VARIANTS = 8
"""Variants that scenes draw from."""


@dataclass(frozen=True)
class Sizes:
    """Least and greatest length, width and height of an asset's variants, m.

    Attributes
    ----------
    room_m : tuple of (3,)
        Of all of it, in every pose its joints can take: what places keep free.
    body_m : tuple of (3,)
        Of what one runs into: without mirrors, swinging arms and legs.
    """

    room_m: tuple[Vec3, Vec3]
    body_m: tuple[Vec3, Vec3]


def sizes_of(asset_id: str) -> Sizes:
    """Return the sizes of an asset; AssetError if there is no such asset."""
    built = [get(asset_id, variant) for variant in range(VARIANTS)]
    room = np.array([np.diff(asset.bounds_m, axis=0)[0] for asset in built])
    body = np.array([np.diff(solid_bounds(asset), axis=0)[0] for asset in built])
    return Sizes(_range(room), _range(body))


def _range(sizes_m: F64) -> tuple[Vec3, Vec3]:
    ends = (sizes_m.min(axis=0), sizes_m.max(axis=0))
    (a, b, c), (d, e, f) = (end.tolist() for end in ends)
    return (a, b, c), (d, e, f)
