"""Normalised object coordinates (Wang et al. 2019, NOCS), in the box of each actor's track."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.annotate.pixels.seen import Seen
from scenegen.records.base import F64


def nocs(
    seen: Seen, bounds: dict[int, F64]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Return the place (H, W, 3) of actors' pixels in their boxes, 0 to 1, and where they are.

    Parameters
    ----------
    seen : Seen
    bounds : dict
        `track_bounds` of the scene.
    """
    places = np.zeros((len(seen.pixels), 3), dtype=np.float32)
    valid = np.zeros(len(seen.pixels), dtype=np.bool_)
    for group in seen.actor_groups():
        low, high = bounds[group.instance_id]
        local = seen.in_tracks(group.index, seen.bodies(group.instance_id))
        places[group.index] = np.clip((local - low) / (high - low), 0.0, 1.0)
        valid[group.index] = True
    return places.reshape(*seen.shape, 3), valid.reshape(seen.shape)
