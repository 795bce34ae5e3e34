"""Presets change colours and nothing else, and are as reproducible as each other."""

from dataclasses import fields, replace

import numpy as np
import pytest

from scenegen.records import Light, Spot, Weather
from scenegen.records.taxonomy import Lamp
from scenegen.render.quality import QUALITIES

_BEAM = Spot((2.0, 0.0, 0.6), (1.0, 0.0, -0.05), 20_000.0, 0.5, (1.0, 1.0, 1.0), Lamp.LOW_BEAM)
_DAY = {"light": Light(sun_elevation_rad=0.5)}
_NIGHT = {
    "light": Light(sun_elevation_rad=-0.4, headlights=True),
    "weather": Weather(wetness=0.7, rain_mmph=8.0),
    "spots": (_BEAM,),
}


def _draw(renderer, scene, quality):
    renderer.load(*scene, quality)
    return renderer.draw("front", 1)


@pytest.mark.parametrize("kind", [_DAY, _NIGHT], ids=["day", "wet night"])
def test_everything_but_the_colours_is_the_same(renderer, make_world, kind):
    boxes = {
        7: ((1.0, 2.0, 1.0), np.linspace([9.0, 1.0, 0.0], [9.0, -1.0, 0.0], 5)),
        8: ((2.0, 2.0, 2.0), np.tile([14.0, 0.5, 0.0], (5, 1))),
    }
    scenario, trajectory = make_world(boxes, **kind)
    lamps = np.full_like(trajectory.lamps, int(Lamp.LOW_BEAM))
    scene = scenario, replace(trajectory, lamps=lamps)
    fast, full = (_draw(renderer, scene, quality) for quality in ("fast", "full"))
    for field in fields(fast):
        one, other = getattr(fast, field.name), getattr(full, field.name)
        if field.name == "rgb":
            assert not np.array_equal(one, other)
            apart = np.abs(one.astype(int) - other)
            assert np.median(apart) < 12
        elif isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, other, err_msg=field.name)
    assert list(fast.silhouettes) == list(full.silhouettes) == [7, 8]
    assert fast.silhouettes == full.silhouettes


def test_a_preset_draws_the_same_after_the_other(renderer, make_world):
    scene = make_world({7: ((1.0, 2.0, 1.0), np.tile([9.0, 1.0, 0.0], (5, 1)))}, **_DAY)
    first, _, again = (_draw(renderer, scene, quality) for quality in ("fast", "full", "fast"))
    np.testing.assert_array_equal(first.rgb, again.rgb)


def test_fast_leaves_out_nothing_that_full_leaves_out():
    fast, full = QUALITIES["fast"], QUALITIES["full"]
    for field in fields(fast):
        assert getattr(fast, field.name) < getattr(full, field.name)
