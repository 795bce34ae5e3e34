"""Any scenario meets any condition: every scenario of the library draws with every mix-in."""

import math

import pytest

from scenegen.sample import draw
from scenegen.sample.draw import draft
from scenegen.scenario import list_mixins, list_scenarios, load_scenario

SCENARIOS = [entry.name for entry in list_scenarios()]
MIXINS = [entry.name for entry in list_mixins()]


@pytest.mark.parametrize("index", range(max(len(SCENARIOS), len(MIXINS))))
def test_each_with_one(index):
    """Every scenario and every mix-in once."""
    scenario, mixin = SCENARIOS[index % len(SCENARIOS)], MIXINS[index % len(MIXINS)]
    plain, varied = load_scenario(scenario), load_scenario(f"{scenario}+{mixin}")
    assert varied.digest != plain.digest
    assert set(varied.actors) >= set(plain.actors)
    assert [c.node for c in varied.constraints][: len(plain.constraints)] == [
        c.node for c in plain.constraints
    ]


@pytest.mark.slow
@pytest.mark.parametrize("mixin", MIXINS)
def test_every_scenario_draws_with(mixin):
    """Every pair draws; scenery, most of the work, is made for a quarter of them."""
    for index, scenario in enumerate(SCENARIOS, MIXINS.index(mixin)):
        varied = load_scenario(f"{scenario}+{mixin}")
        if index % 4:
            assert math.isfinite(draft(varied, 5, 0).choice.log_weight)
            continue
        scene = draw(varied, 5, 0)
        assert scene.name == f"{scenario}_{mixin}"
        assert not any(tag.startswith("-") for tag in scene.odd)


@pytest.mark.parametrize(
    ("mixin", "holds"),
    [
        ("rain_heavy", lambda scene: scene.weather.rain_mmph >= 7.6 and scene.light.headlights),
        ("fog_dense", lambda scene: 50 <= scene.weather.visibility_m <= 200),
        ("ice", lambda scene: scene.weather.ice >= 0.4 and scene.weather.rain_mmph == 0),
        ("snowfall", lambda scene: scene.weather.snow_mmph > 0 and "snow" in scene.odd),
        ("night_unlit", lambda scene: scene.light.sun_elevation_rad < -0.2),
        ("low_sun", lambda scene: abs(scene.light.sun_azimuth_rad) < 0.44),
        ("rolling_shutter", lambda scene: scene.sensors["front"].readout_s >= 0.015),
        ("fisheye", lambda scene: scene.sensors["front"].lens.model == "kannala_brandt"),
        ("low_bitrate_jpeg", lambda scene: scene.sensors["front"].imager.jpeg <= 35),
    ],
)
def test_the_condition_holds(mixin, holds):
    assert holds(draw(load_scenario(f"wet_cut_in+{mixin}"), 0, 0))
