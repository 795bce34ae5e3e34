"""What road and rain do to echoes: two rays, Fresnel, roughness, drops by Mie's theory."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from scenegen.ranging import Radar, RangingScene
from scenegen.ranging.radar.equation import mean_snr
from scenegen.ranging.radar.propagation import water_permittivity
from scenegen.ranging.radar.rain import over_noise, reflectivity_per_m
from scenegen.ranging.radar.road import Mirror, mirrored
from scenegen.records import RadarSpec, Weather
from scenegen.records.radar_spec import WAVELENGTH_M

SPEC = RadarSpec(vfov_rad=1.5)
"""Whose antennas hardly tell the two ways apart."""


def gains(weather: Weather, away: np.ndarray, height: float, eye: float = 0.5) -> np.ndarray:
    return Mirror.of(weather).gain(SPEC, away, eye, np.full_like(away, height))


def test_lobes_are_where_two_rays_put_them() -> None:
    away = np.linspace(30.0, 120.0, 200_001)
    found = gains(Weather(), away, 0.6)
    dips = np.flatnonzero((found[1:-1] < found[:-2]) & (found[1:-1] < found[2:])) + 1
    # A road mirrors flat waves with their sign turned: they cancel at whole wavelengths.
    detour = np.hypot(away[dips], 1.1) - np.hypot(away[dips], 0.1)
    waves = detour / WAVELENGTH_M
    assert len(dips) >= 2
    np.testing.assert_allclose(waves, np.round(waves), atol=0.02)
    assert found.max() == pytest.approx(16, rel=0.15)
    # Over all phases the fourth power of two equal waves is 6 in the mean.
    far = gains(Weather(), np.linspace(60, 61, 2001), 30.0, eye=2.0)
    assert 1 < far.mean() < 6


def test_upright_waves_pass_into_the_road_at_brewsters_angle() -> None:
    steep = np.sin(np.arctan(1 / np.sqrt(3.2)))
    assert abs(mirrored(3.2, np.array([steep]))[0]) < 1e-9
    assert mirrored(3.2, np.array([1e-6]))[0] == pytest.approx(-1, abs=1e-4)
    index = np.sqrt(3.2)
    assert mirrored(3.2, np.array([1.0]))[0] == pytest.approx((index - 1) / (index + 1))


def test_roughness_ends_the_mirror_and_snow_is_rougher_than_asphalt() -> None:
    sine = np.array([0.05])
    asphalt, snow = (
        abs(Mirror.of(weather).reflection(sine)[0]) for weather in (Weather(), Weather(road_snow=1))
    )
    assert snow < 0.8 * asphalt
    wave_number = 2 * math.pi / WAVELENGTH_M
    smooth = abs(mirrored(1.55 - 0.001j, sine)[0])
    assert snow / smooth == pytest.approx(math.exp(-2 * (wave_number * 5e-3 * 0.05) ** 2))
    # From high above, nothing is mirrored any more, and the gain is that of free space.
    up = gains(Weather(road_snow=1), np.linspace(3, 4, 501), 40.0, eye=3.0)
    np.testing.assert_allclose(up, 1, atol=1e-3)


def mie_backscatter(size: float, index: complex) -> float:
    """Return a sphere's backscatter over its cross-section (Bohren and Huffman 1983)."""
    last = int(size + 4 * size ** (1 / 3) + 2)
    start = int(max(last, abs(index * size)) + 16)
    d = np.zeros(start + 1, dtype=complex)
    for n in range(start, 0, -1):
        d[n - 1] = n / (index * size) - 1 / (d[n] + n / (index * size))
    psi, chi = [math.cos(size), math.sin(size)], [-math.sin(size), math.cos(size)]
    total = 0j
    for n in range(1, last + 1):
        psi.append((2 * n - 1) * psi[-1] / size - psi[-2])
        chi.append((2 * n - 1) * chi[-1] / size - chi[-2])
        out, before = psi[-1] - 1j * chi[-1], psi[-2] - 1j * chi[-2]
        electric, magnetic = (
            (t * psi[-1] - psi[-2]) / (t * out - before)
            for t in (d[n] / index + n / size, d[n] * index + n / size)
        )
        total += (2 * n + 1) * (-1) ** n * (electric - magnetic)
    return abs(total) ** 2 / size**2


@pytest.mark.parametrize("rate", [2.0, 10.0, 50.0])
def test_rain_sends_back_what_its_drops_do(rate: float) -> None:
    width = np.linspace(0.1e-3, 7e-3, 140)
    index = complex(np.sqrt(water_permittivity().conjugate()))
    area = 0.25 * np.pi * width**2
    drop = np.array([mie_backscatter(math.pi * w / WAVELENGTH_M, index) for w in width]) * area
    number = 8e6 * np.exp(-4100 * rate**-0.21 * width)
    assert reflectivity_per_m(Weather(rain_mmph=rate)) == pytest.approx(
        np.trapezoid(number * drop, width), rel=0.12
    )
    measured_at_70_ghz = 4.2e-5 * rate**1.1
    assert 0.4 < reflectivity_per_m(Weather(rain_mmph=rate)) / measured_at_70_ghz < 2.5


@pytest.mark.parametrize("rate", [0.3, 1.0, 3.0])
def test_snow_sends_back_between_what_was_found_at_35_and_at_94_ghz(rate: float) -> None:
    # Equivalent reflectivity to cross-section: that of drops much smaller than the wave.
    of_one = math.pi**5 * 0.7 * 1e-18 / WAVELENGTH_M**4
    found = reflectivity_per_m(Weather(snow_mmph=rate)) / of_one
    # Matrosov (2007); Kulie and Bennartz (2009) give 24 S^1.51 and 21.2 S^1.11.
    assert 10 * rate**0.8 < found < 56 * rate**1.2
    assert found == pytest.approx(21.2 * rate**1.11, rel=0.6)
    both = reflectivity_per_m(Weather(rain_mmph=rate, snow_mmph=rate))
    assert both < 1.3 * reflectivity_per_m(Weather(rain_mmph=rate))


def test_rain_fills_cells_and_fades_with_the_square() -> None:
    spec, one = RadarSpec(), np.ones(3)
    reach = np.array([10.0, 20.0, 20.0])
    speed = np.array([0.0, 0.0, 3.0])
    power = over_noise(spec, Weather(rain_mmph=10), reach, 0 * one, 0 * one, speed, 0 * one)
    assert power[0] / power[1] == pytest.approx(4)
    assert power[2] / power[1] == pytest.approx(math.exp(-4.5))
    # 0.6 m of a beam of 1.5 by 14 degrees; its speeds lie within 2.5 m/s, in cells of 0.1 m/s.
    volume = 0.567 * 0.6 * (20 * 0.0262) * (20 * 0.2443)
    rcs = reflectivity_per_m(Weather(rain_mmph=10)) * volume * 0.1 / math.sqrt(2 * math.pi)
    alone = mean_snr(spec, rcs * one, reach, 0 * one, 0 * one, 0 * one)
    assert power[1] == pytest.approx(alone[1], rel=0.01)
    assert not over_noise(spec, Weather(), reach, 0 * one, 0 * one, speed, 0 * one).any()


def test_rain_hides_what_stands_and_not_what_moves(world: Any, thing: Any) -> None:
    quiet: dict[str, Any] = {"false_alarm_rate": 1e-9, "position_m": (0.0, 0.0, 0.0)}
    sensors = {"nose": RadarSpec(**quiet)}

    def signal(rate: float, speed: float) -> float:
        cube = thing("cube", (20.0, 0, 0), velocity_mps=(speed, 0, 0))
        scene = RangingScene(*world(cube, sensors=sensors, weather=Weather(rain_mmph=rate)))
        scan = Radar(scene, "nose").scan(0)
        return float(scan.points[scan.instance == 2, 5].max(initial=0.0))

    assert signal(0, 0.0) - signal(30, 0.0) > 6
    assert signal(0, 10.0) - signal(30, 10.0) < 3
