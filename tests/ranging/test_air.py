"""What weather does to light: formulas at known points, and statistics of echoes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import exp1

from scenegen.ranging.air import Air, Scatterers, air_of, glint
from scenegen.ranging.backscatter import Backscatter
from scenegen.ranging.optics import PULSE_M, overlap, threshold
from scenegen.ranging.sums import Jumps, exceeded
from scenegen.records import LidarSpec, Weather

NEAR = 905e-9


def test_fog_takes_what_visibility_says() -> None:
    # In dense fog extinction doesn't depend on the wavelength (Kim et al. 2001).
    assert air_of(Weather(visibility_m=100), NEAR).extinction_per_m == pytest.approx(0.03)
    clear = air_of(Weather(visibility_m=20_000), NEAR).extinction_per_m
    assert clear == pytest.approx(3 / 20_000 * (0.905 / 0.55) ** -1.3)


def test_rain_is_a_part_of_what_visibility_says() -> None:
    rain = air_of(Weather(rain_mmph=25, visibility_m=50_000), NEAR)
    # ITU-R P.1814: 1.076 * 25^0.67 = 9.3 dB/km.
    assert rain.extinction_per_m == pytest.approx(9.30 / 4343, rel=0.01)
    both = air_of(Weather(rain_mmph=25, visibility_m=500), NEAR)
    fog = 3 / 500 - rain.extinction_per_m
    expected = rain.extinction_per_m + fog * (0.905 / 0.55) ** -(3e-3 / fog - 0.5)
    assert both.extinction_per_m == pytest.approx(expected)


def test_snow_takes_more_than_rain() -> None:
    rain = air_of(Weather(rain_mmph=5), NEAR).extinction_per_m
    snow = air_of(Weather(snow_mmph=5), NEAR).extinction_per_m
    # ITU-R P.1814, dry snow: (5.42e-5 * 905 + 5.496) * 5^1.38 dB/km.
    assert snow == pytest.approx(5.545 * 5**1.38 / 4343, rel=0.01)
    assert snow > 3 * rain


def test_a_drop_shines_back_as_two_mirrors_do() -> None:
    # Fresnel: 2.0 % of the light, from the front of a ball (a quarter of its squared radius) and
    # from the rear, gathered by the lens before it (0.985). Water absorbs at 1550 nm, not at 905.
    assert glint(905) == pytest.approx(0.0201 * (0.25 + 0.9602 * 0.985), rel=0.03)
    assert glint(1550) == pytest.approx(0.0201 * 0.25, rel=0.1)


def test_rain_sends_back_what_its_drops_do() -> None:
    (rain,) = air_of(Weather(rain_mmph=25, visibility_m=1000), NEAR).kinds[1:]
    width = np.linspace(0, 0.02, 200_001)
    slope = 4100 * 25**-0.21
    drops = 8e6 * np.exp(-slope * width)
    assert rain.density_per_m3 == pytest.approx(np.trapezoid(drops, width), rel=1e-3)
    back = np.trapezoid(drops * glint(905) * (width / 2) ** 2, width)
    assert rain.backscatter_per_m_sr == pytest.approx(back, rel=1e-3)


def test_single_drops_and_droplets_add_up_as_when_each_is_drawn() -> None:
    generator = np.random.default_rng(1)
    levels = np.array([0.5, 1.0, 2.0, 4.0, 8.0])
    for number, mean, power, steady in ((0.3, 0.5, 2, 0.0), (12.0, 2.0, 2, 0.3), (1.5, 1.0, 3, 0)):
        jumps = Jumps(np.array([number]), np.array([mean]), power)
        chance = exceeded(levels, np.array([float(steady)]), [jumps], 1 / 6)[:, 0]
        trials, off_axis = 60_000, 3.0
        scale = mean / (number * np.prod(np.arange(1, power + 1)))
        counts = generator.poisson(number * off_axis, trials)
        owner = np.repeat(np.arange(trials), counts)
        beside = generator.uniform(0, off_axis, counts.sum())
        each = scale * generator.exponential(size=counts.sum()) ** power * 2 * np.exp(-2 * beside)
        total = np.bincount(owner, each, trials) + steady + generator.normal(0, 1 / 6, trials)
        drawn = (total[:, None] > levels).mean(axis=0)
        np.testing.assert_allclose(chance, drawn, atol=0.006, rtol=0.08)


def draws(air: Air, signal: float, range_m: float, count: int = 40_000) -> tuple:
    generator = np.random.default_rng(1)
    signals = np.full(count, signal, np.float32)
    behind = np.full(count, range_m, np.float32)
    return Backscatter(LidarSpec(), air).draw(signals, behind, generator)


def sky_share(weather: Weather) -> float:
    """Return the share of the beams into the sky that the air answers."""
    return len(draws(air_of(weather, NEAR), 0.0, np.inf)[0]) / 40_000


def test_fog_is_even_and_answers_from_where_it_is_loudest() -> None:
    spec, kind = LidarSpec(), Scatterers(0.06, 0.06 / 18.8, np.inf)
    beam, place, strength = draws(Air((kind,)), 0.0, np.inf)
    cells = spec.near_m + (np.arange(100) + 0.5) * PULSE_M
    mean = np.pi * kind.backscatter_per_m_sr * PULSE_M * np.exp(-0.12 * cells) / cells**2
    mean *= overlap(cells.astype(np.float32))
    assert len(beam) == 40_000
    # No speckle: hardly more than the loudest cell sends, and less only by the noise.
    assert np.median(strength) == pytest.approx(mean.max(), rel=0.05)
    assert strength.std() < 0.2 * threshold(spec)
    assert abs(np.median(place) - cells[mean.argmax()]) < 2 * PULSE_M


def test_fog_shrinks_the_range_before_it_answers() -> None:
    assert sky_share(Weather(visibility_m=1500)) < 1e-3
    assert sky_share(Weather(visibility_m=50)) > 0.99
    signal = 0.3 * np.exp(-2 * 0.06 * 30) / 30**2
    beam, place, _ = draws(air_of(Weather(visibility_m=50), NEAR), signal, 30.0)
    assert len(beam) > 39_000
    assert np.percentile(place, 99) < 12


def test_rain_is_seldom_seen_and_only_near() -> None:
    # Measured in rain: up to a few points in a hundred, within the first metres.
    moderate, heavy = (sky_share(Weather(rain_mmph=r, visibility_m=2e4)) for r in (10, 50))
    assert moderate < 0.005
    assert 0.001 < heavy < 0.05
    _, place, _ = draws(air_of(Weather(rain_mmph=50), NEAR), 0.0, np.inf)
    assert np.percentile(place, 95) < 12


def test_flakes_are_seen_more_often_and_farther_than_drops() -> None:
    assert sky_share(Weather(snow_mmph=1)) > 10 * sky_share(Weather(rain_mmph=10))
    _, drops, _ = draws(air_of(Weather(rain_mmph=50), NEAR), 0.0, np.inf)
    _, flakes, _ = draws(air_of(Weather(snow_mmph=2), NEAR), 0.0, np.inf)
    assert np.percentile(flakes, 90) > 1.5 * np.percentile(drops, 90)


def test_no_echo_outshines_a_bright_surface() -> None:
    air = Air((Scatterers(0.02, 0.02 / 18.8, np.inf),))
    assert len(draws(air, 1.0, 60.0)[0]) == 0
    beam, place, strength = draws(air, 1.2e-5, 60.0)
    assert len(beam) > 0
    assert np.all(strength >= 1.2e-5 * 0.99)
    assert np.all(place <= 60.0)


def test_single_drops_are_as_rare_as_they_are() -> None:
    # So bright that all are seen that are much nearer the axis than the beam is wide.
    spec, kind = LidarSpec(), Scatterers(1e-9, 1e3, 0.05, power=2)
    beam, place, _ = draws(Air((kind,)), 0.0, 20.0)
    cells = spec.near_m + (np.arange(32) + 0.5) * PULSE_M
    volume = 0.25 * np.pi * (cells * spec.divergence_rad + 0.01) ** 2 * PULSE_M
    fades = overlap(cells.astype(np.float32)) / cells**2 / threshold(spec)
    one = np.pi * 1e3 * PULSE_M * fades / (0.05 * volume * 2)
    expected = 1 - np.exp(-0.05 * (volume * exp1(np.sqrt(1 / (2 * one)))).sum())
    assert len(beam) / 40_000 == pytest.approx(expected, rel=0.1)
    # Farther cells are wider and hold more.
    assert np.median(place) > 12.0


def test_what_is_right_before_the_sensor_is_out_of_its_focus() -> None:
    near, far = overlap(np.array([1.0, 100.0], np.float32))
    assert far == 1.0
    assert near < 0.01
    rising = overlap(np.linspace(0.5, 30, 500).astype(np.float32))
    assert np.all(np.diff(rising) >= 0)


def test_clear_air_says_nothing() -> None:
    assert len(draws(Air(()), 0.0, np.inf)[0]) == 0
