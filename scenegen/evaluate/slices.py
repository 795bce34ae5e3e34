"""Parts of a set that are looked at by themselves, the same way in every set."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import ATTRIBUTES
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.objects import ObjectTable

Mask = npt.NDArray[np.bool_]
SIZES: tuple[tuple[str, float, float], ...] = (
    ("small", 0.0, 0.06),
    ("medium", 0.06, 0.18),
    ("large", 0.18, np.inf),
)
"""Apparent heights as shares of the picture: at 1.7 m tall and 50° upwards, beyond about 30 m,
10 to 30 m, and nearer."""
DISTANCES: tuple[tuple[str, float, float], ...] = (
    ("near", 0.0, 20.0),
    ("middle", 20.0, 50.0),
    ("far", 50.0, np.inf),
)
"""Distances in m."""


def picture_slices(mapped: MappedSet) -> dict[str, Mask]:
    """Return masks (N,) by slice, as ``time_of_day=night``; only slices that hold pictures."""
    slices: dict[str, Mask] = {}
    for name, values in ATTRIBUTES.items():
        found = np.array([str(record.attributes.get(name, "")) for record in mapped.records])
        slices |= {f"{name}={value}": found == value for value in values}
    return {name: mask for name, mask in slices.items() if mask.any()}


def object_slices(objects: ObjectTable) -> dict[str, Mask]:
    """Return masks (N,) of objects by apparent size, by distance if known, by truncation."""
    share = objects.height_share
    slices = {f"size={name}": (share >= low) & (share < high) for name, low, high in SIZES}
    if objects.distance_m is not None:
        away = objects.distance_m
        slices |= {
            f"distance={name}": (away >= low) & (away < high) for name, low, high in DISTANCES
        }
    slices |= {"truncated=yes": objects.truncated, "truncated=no": ~objects.truncated}
    if objects.occlusion is not None:
        slices["occlusion=half"] = objects.occlusion >= 0.5
        slices["occlusion=little"] = objects.occlusion < 0.5
    return {name: mask for name, mask in slices.items() if mask.any()}
