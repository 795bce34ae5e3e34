"""Contact shadows: what stands on the ground throws one, what lies flush in it none."""

from __future__ import annotations

import numpy as np

from scenegen.render import build_scene
from scenegen.render.contact import Footprints


def test_what_lies_flush_in_the_road_shades_nothing(make_world) -> None:
    ahead = np.array([[8.0, 0.0, 0.0]])
    boxes = {2: ((1.0, 1.0, 0.02), ahead), 3: ((1.0, 1.0, 0.3), ahead)}
    scene = build_scene(*make_world(boxes))
    shading = [scene.objects[k].instance_id for k in Footprints(scene).objects]
    assert shading == [1, 3]
