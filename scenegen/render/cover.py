"""What of a scene snow lies on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.records.taxonomy import CLASS_BY_ID
from scenegen.render.scene import RenderScene
from scenegen.roads.snow import NOTHING, lies_on

_STILL_M = 0.3


def kinds_of(scene: RenderScene) -> npt.NDArray[np.uint32]:
    """Return how snow lies on each drawable (D + 1,), of which the last is the sky.

    What goes further than `_STILL_M` in the scene has shaken its snow off.
    """
    still = np.ones(len(scene.part_object), dtype=np.bool_)
    moving = scene.parts.moving
    if len(moving):
        places = scene.parts.by_row[..., :3, 3]
        still[moving] = np.ptp(places, axis=0).max(axis=-1) < _STILL_M
    kinds = {class_id: lies_on(known.name) for class_id, known in CLASS_BY_ID.items()}
    found = [kinds[d.semantic] if still[d.part] else NOTHING for d in scene.drawables]
    return np.array([*found, NOTHING], dtype=np.uint32)
