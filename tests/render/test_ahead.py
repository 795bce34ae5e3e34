"""Frames that are drawn while others are used."""

import numpy as np

from scenegen.records import LensSpec

FIELDS = ("rgb", "depth_m", "instance", "semantic", "normal", "flow_px", "flow_valid")


def _same(first, second):
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert first.silhouettes == second.silhouettes
    assert first.step == second.step


def test_frames_drawn_ahead_are_those_drawn_one_by_one(renderer, make_world):
    """Whatever else is drawn between two of them, and whichever kind of camera comes next."""
    y = 0.5 * np.arange(5)
    places = np.stack([np.full(5, 9.0), y, np.full(5, 0.5)], axis=1)
    scenario, trajectory = make_world({7: ((1.0, 2.0, 1.0), places)})
    plain = scenario.cameras["front"]
    barrel = plain.model_copy(update={"lens": LensSpec(model="brown_conrady", k1=-0.1)})
    sensors = {"front": plain, "barrel": barrel}
    renderer.load(scenario.model_copy(update={"sensors": sensors}), trajectory)
    asked = [("front", 0), ("front", 1), ("barrel", 0), ("front", 1), ("front", 0)]
    single = [renderer.draw(*one) for one in asked]
    for number, (expected, found) in enumerate(zip(single, renderer.draw_all(asked), strict=True)):
        _same(found, expected)
        if number == 3:
            _same(renderer.draw("front", 1), single[1])


def test_nothing_is_drawn_where_nothing_is_asked_for(renderer, make_world):
    renderer.load(*make_world())
    assert list(renderer.draw_all([])) == []
