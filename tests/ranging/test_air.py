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
from scenegen.records.base import F64

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
    (near, rings), (far, dark) = glint(905), glint(1550)
    assert near == pytest.approx(0.0201 * (0.25 + 0.9602 * 0.985), rel=0.03)
    assert far == pytest.approx(0.0201 * 0.25, rel=0.1)
    assert dark < 0.05 * rings


def mie_back(width_m: float, beside_rad: F64) -> F64:
    """Return a water ball's cross-section over its squared radius, beside straight back, at 905 nm.

    Mie's series: logarithmic derivatives downwards, Riccati-Bessel functions upwards.
    """
    x = np.pi * width_m / NEAR
    count = int(x + 4.05 * x ** (1 / 3) + 2)
    n = np.arange(1, count + 1)
    inside = 1.327 * x
    falls = np.zeros(int(max(count, inside)) + 17)
    for k in range(len(falls) - 1, 0, -1):
        falls[k - 1] = k / inside - 1 / (falls[k] + k / inside)
    wave = np.empty(count + 1, complex)
    wave[0], before = np.sin(x) - 1j * np.cos(x), np.cos(x) + 1j * np.sin(x)
    for k in range(1, count + 1):
        wave[k], before = (2 * k - 1) / x * wave[k - 1] - before, wave[k - 1]
    down, up = falls[1 : count + 1], wave.real
    electric, magnetic = (
        (c * up[1:] - up[:-1]) / (c * wave[1:] - wave[:-1])
        for c in (down / 1.327 + n / x, down * 1.327 + n / x)
    )
    mu = np.cos(np.pi - beside_rad)
    first, second = np.zeros((2, len(mu)), complex)
    last, here = np.zeros_like(mu), np.ones_like(mu)
    for k, a, b in zip(n.tolist(), electric, magnetic, strict=True):
        turned = k * mu * here - (k + 1) * last
        share = (2 * k + 1) / (k * (k + 1))
        first += share * (a * here + b * turned)
        second += share * (a * turned + b * here)
        last, here = here, ((2 * k + 1) * mu * here - (k + 1) * last) / k
    size = np.pi * width_m / NEAR
    return np.asarray(0.5 * (np.abs(first) ** 2 + np.abs(second) ** 2) / size**2)


def test_a_drop_s_mirrors_and_rings_are_as_bright_as_mie_has_them() -> None:
    beside = np.linspace(3e-3, 8e-3, 6)
    widths = 1e-3 * np.random.default_rng(1).uniform(0.3, 0.6, 14)
    mie = np.mean([mie_back(width, beside) for width in widths])
    mirrors, rings = glint(905)
    assert np.mean(mirrors + rings / beside) == pytest.approx(mie, rel=0.25)
    assert mie > 2.5 * mirrors


def test_rain_sends_back_what_its_drops_do() -> None:
    (rain,) = air_of(Weather(rain_mmph=25, visibility_m=1000), NEAR).kinds[1:]
    width = np.linspace(0, 0.02, 200_001)
    slope = 4100 * 25**-0.21
    drops = 8e6 * np.exp(-slope * width)
    assert rain.density_per_m3 == pytest.approx(np.trapezoid(drops, width), rel=1e-3)
    mirrors, rings = glint(905)
    back = np.trapezoid(drops * mirrors * (width / 2) ** 2, width)
    assert rain.backscatter_per_m_sr == pytest.approx(back, rel=1e-3)
    assert rain.glory_rad == pytest.approx(rings / mirrors)


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
    spec, kind = LidarSpec(), Scatterers(0.06, 0.2 / 18.8, np.inf)
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
    beam, place, _ = draws(air_of(Weather(visibility_m=50), NEAR), 0.3 * signal, 30.0)
    assert len(beam) > 39_000
    assert np.percentile(place, 99) < 12


def test_what_is_seen_in_the_densest_fog_is_within_some_25_m() -> None:
    # Bijelic, Gruber and Ritter (2018), four sensors in a fog chamber: about 25 m, below 40 m.
    air = air_of(Weather(visibility_m=40), NEAR)
    seen = []
    for distance in (20.0, 35.0):
        share = overlap(np.array([distance], np.float32))[0]
        signal = 0.9 * share * np.exp(-2 * air.extinction_per_m * distance) / distance**2
        answered = len(draws(air, float(signal), distance)[0]) / 40_000
        seen.append((signal >= threshold(LidarSpec())) * (1 - answered))
    assert seen[0] > 0.5
    assert seen[1] == 0


@pytest.mark.parametrize(
    ("weather", "measured", "median_m"),
    [
        (Weather(rain_mmph=10, visibility_m=2e4), 1.69e-3, 3.9),
        (Weather(rain_mmph=20, visibility_m=2e4), 3.38e-3, 3.9),
        (Weather(rain_mmph=50, visibility_m=2e4), 8.45e-3, 3.9),
        (Weather(snow_mmph=0.5), 7.8e-3, 4.2),
    ],
)
def test_drops_and_flakes_answer_about_as_often_as_was_measured(
    weather: Weather, measured: float, median_m: float
) -> None:
    # A VLP-16 outdoors (Linnhoff et al. 2022, Sensors 22, 5266; the figures are those of the
    # authors' sensor model): 1.69e-4 of the beams for each mm/h of rain, 1.57e-2 for each of snow.
    _, place, _ = draws(air_of(weather, NEAR), 0.0, np.inf)
    assert 1 / 3.5 < sky_share(weather) / measured < 3.5
    assert 1 / 2 < np.median(place) / median_m < 2
    assert np.percentile(place, 95) < 16


def test_fog_that_hides_nothing_near_is_not_seen() -> None:
    # The same authors' model of that sensor has no echoes of fog.
    assert sky_share(Weather(visibility_m=300)) < 2e-3
    assert 1e-3 < sky_share(Weather(visibility_m=200)) < 0.05


def test_flakes_are_seen_more_often_than_drops() -> None:
    assert sky_share(Weather(snow_mmph=1)) > 10 * sky_share(Weather(rain_mmph=10))
    _, flakes, _ = draws(air_of(Weather(snow_mmph=2), NEAR), 0.0, np.inf)
    assert np.percentile(flakes, 90) > 12


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
