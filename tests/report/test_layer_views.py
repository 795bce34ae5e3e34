"""Views that follow from several layers or labels."""

from __future__ import annotations

import numpy as np

from scenegen.report.colors import color_instance, color_panoptic, color_semantic
from scenegen.report.layer_views import draw_levels


def test_panoptic_truth_has_things_apart_and_stuff_by_class() -> None:
    semantic = np.array([[7, 26, 26, 24]], np.uint8)
    instance = np.array([[0, 3, 4, 0]], np.uint16)
    found = color_panoptic(semantic, instance)
    assert found[0, [1, 2]].tolist() == color_instance(instance)[0, [1, 2]].tolist()
    assert found[0, [0, 3]].tolist() == color_semantic(semantic)[0, [0, 3]].tolist()
    assert len({tuple(pixel) for pixel in found[0].tolist()}) == 4


def test_boxes_have_the_colour_of_their_level(makers) -> None:
    labels = makers.make_labels(makers.make_concrete(), makers.make_frame(), 0)
    size = (labels.camera.height, labels.camera.width, 3)
    label = labels.objects[0].model_copy(update={"box2d_visible": (20.0, 20.0, 40.0, 25.0)})
    colours = set()
    for hidden in (0.0, 0.3, 0.7, 0.97):
        shown = label.model_copy(update={"occlusion": hidden})
        drawn = draw_levels(
            np.zeros(size, np.uint8), labels.model_copy(update={"objects": [shown]})
        )
        corner = tuple(drawn[20, 20].tolist())
        assert corner == tuple(drawn[24, 39].tolist()) != (0, 0, 0)
        assert not drawn[25:].any()
        colours.add(corner)
    assert len(colours) == 4
