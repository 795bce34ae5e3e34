"""The sky's picture: its light adds up, its colours are those of a sky, clouds cover as told."""

import numpy as np
import pytest

from scenegen.records import Light, Weather
from scenegen.render.clouds import SIZE, cloud_layer
from scenegen.render.photometry import light_state
from scenegen.render.skydome import HEIGHTS, TURNS, sky_dome, turbidity
from scenegen.seeds import named_generator


def _dome(elevation_deg, cover=0.1):
    light = Light(sun_elevation_rad=np.radians(elevation_deg))
    weather = Weather(cloud_cover=cover, visibility_m=30_000)
    state = light_state(light, weather, town=False)
    return sky_dome(state, weather, light.sun_elevation_rad), state


@pytest.mark.parametrize("elevation_deg", [-12.0, -3.0, 3.0, 20.0, 60.0])
def test_the_dome_gives_the_sky_s_illuminance(elevation_deg):
    """By summing over directions drawn at random rather than along the picture's own grid."""
    dome, state = _dome(elevation_deg)
    generator = named_generator("sky test")
    up, turn = np.sqrt(generator.random(200_000)), generator.random(200_000) * np.pi
    row = np.sqrt(up) * (HEIGHTS - 1)
    column = np.sin(turn / 2) * (TURNS - 1)
    seen = dome[np.rint(row).astype(int), np.rint(column).astype(int)]
    # Directions by cosine: the mean luminance times pi is the illuminance.
    assert seen.mean() * np.pi == pytest.approx(state.sky_lux, rel=0.03)


def test_a_clear_sky_is_blue_overhead_paler_low_and_brightest_near_the_sun():
    dome, _ = _dome(40.0)
    zenith, low, below_sun = dome[-1, 0], dome[6, -1], dome[14, 0]
    assert zenith[2] > 2.0 * zenith[0]
    assert low[2] / low[0] < zenith[2] / zenith[0]
    assert below_sun.mean() > 1.5 * dome[14, -1].mean()


def test_an_overcast_sky_is_grey_and_three_times_brighter_overhead():
    dome, _ = _dome(40.0, cover=1.0)
    assert np.ptp(dome[-1, 0]) < 0.1 * dome[-1, 0].mean()
    assert 1.4 < dome[-1].mean() / dome[1].mean() < 3.2


def test_haze_grows_as_sight_shrinks():
    sights = [1_000.0, 5_000.0, 20_000.0, 50_000.0]
    levels = [turbidity(sight) for sight in sights]
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] == pytest.approx(2.2, abs=0.01)


@pytest.mark.parametrize("cover", [0.0, 0.3, 0.7, 1.0])
def test_clouds_cover_their_share_and_repeat_at_the_borders(cover):
    layer = cloud_layer(named_generator("clouds test"), cover, 0.5).astype(float) / 255.0
    assert layer.shape == (SIZE, SIZE, 2)
    assert (layer[..., 0] > 0).mean() == pytest.approx(cover, abs=0.04)
    inside = np.abs(np.diff(layer[..., 0], axis=1)).mean()
    across = np.abs(layer[:, 0, 0] - layer[:, -1, 0]).mean()
    assert across < 3 * inside + 1e-6
