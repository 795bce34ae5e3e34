"""What weather does to light: formulas at known points, and statistics of echoes."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen.ranging.air import Air, Scatterers, air_of
from scenegen.ranging.backscatter import PULSE_M, Backscatter, threshold
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


def draws(kind: Scatterers, signal: float, range_m: float, count: int = 40_000) -> tuple:
    spec = LidarSpec()
    generator = np.random.default_rng(1)
    model = Backscatter(spec, Air((kind,)))
    signals = np.full(count, signal, np.float32)
    return spec, model.draw(signals, np.full(count, range_m, np.float32), generator)


def test_echoes_come_as_often_as_the_lidar_equation_says() -> None:
    kind = Scatterers(0.02, 0.02 / 18.8, np.inf)
    spec, (beam, place, strength) = draws(kind, 0.0, 12.0)
    cells = spec.near_m + (np.arange(18) + 0.5) * PULSE_M
    seen = np.minimum(cells / 6.0, 1) ** 2
    mean = np.pi * kind.backscatter_per_m_sr * PULSE_M * np.exp(-0.04 * cells) / cells**2 * seen
    chance = 1 - np.prod(1 - np.exp(-threshold(spec) / mean))
    assert len(beam) / 40_000 == pytest.approx(chance, abs=0.01)
    assert np.all(place <= 12.0)
    assert np.all(place >= spec.near_m)
    assert np.all(strength >= threshold(spec))


def test_no_echo_outshines_a_bright_surface() -> None:
    kind = Scatterers(0.02, 0.02 / 18.8, np.inf)
    _, (dim, *_) = draws(kind, 1e-4, 60.0)
    _, (bright, *_) = draws(kind, 1.0, 60.0)
    assert len(bright) == 0
    assert len(dim) > 0


def test_single_drops_are_as_rare_as_they_are() -> None:
    # So bright that each is seen: a beam meets one by its volume times their density.
    spec, (beam, place, _) = draws(Scatterers(1e-9, 10.0, 0.5), 0.0, 20.0)
    cells = spec.near_m + (np.arange(32) + 0.5) * PULSE_M
    volume = 0.25 * np.pi * (cells * spec.divergence_rad + 0.01) ** 2 * PULSE_M
    expected = 1 - np.exp(-0.5 * volume.sum())
    assert len(beam) / 40_000 == pytest.approx(expected, rel=0.25)
    # Farther cells are wider and hold more.
    assert np.median(place) > 12.0


def test_clear_air_says_nothing() -> None:
    spec = LidarSpec()
    beam, _, _ = Backscatter(spec, Air(())).draw(
        np.zeros(1000, np.float32), np.full(1000, np.inf, np.float32), np.random.default_rng(1)
    )
    assert len(beam) == 0
