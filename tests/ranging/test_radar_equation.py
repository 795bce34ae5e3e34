"""Formulas of the radar at known points: the equation, noise, fluctuation, weather."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from scenegen.ranging.radar.cells import cells_of, detect
from scenegen.ranging.radar.echoes import Echoes
from scenegen.ranging.radar.equation import deviation, mean_snr, reported_rcs_db
from scenegen.ranging.radar.propagation import (
    film_loss_db,
    film_m,
    loss_db_per_m,
    rain_coefficients,
    water_permittivity,
)
from scenegen.records import RadarSpec, Weather


def snr(spec: RadarSpec, range_m: float, azimuth: float = 0.0, air_db: float = 0.0) -> float:
    one = np.ones(1)
    return float(mean_snr(spec, 10 * one, range_m * one, azimuth * one, 0 * one, air_db * one)[0])


def echoes(count: int, **values: Any) -> Echoes:
    """Return echoes of people, 1 m apart; values are for all or one each."""
    given = {"range_m": 1.0 + np.arange(count), "snr": 100.0} | values

    def column(name: str) -> np.ndarray:
        return np.broadcast_to(np.asarray(given.get(name, 0.0), float), count).copy()

    names = ("range_m", "azimuth_rad", "elevation_rad", "speed_mps", "snr")
    ids = [np.full(count, 24, np.uint16), np.arange(2, count + 2, dtype=np.uint16)]
    return Echoes(*(column(name) for name in names), *ids)


def test_signals_fall_with_the_fourth_power() -> None:
    spec = RadarSpec()
    assert snr(spec, 50) / snr(spec, 100) == pytest.approx(16)
    # By hand: 10 mW, 22 dB twice, 3.919 mm, 10 m² at 100 m, 19.6 ms, 14 and 10 dB lost.
    wave = 299_792_458 / 76.5e9
    back = 0.01 * 10**4.4 * wave**2 * 10 / ((4 * math.pi) ** 3 * 100**4)
    noise = 1.380649e-23 * 290 / (wave / 0.2) * 10**2.4
    assert snr(spec, 100) == pytest.approx(back / noise)
    assert 35 < 10 * math.log10(snr(spec, 100)) < 40


def test_the_edge_of_the_field_is_6_db_down() -> None:
    spec = RadarSpec(hfov_rad=0.6)
    assert snr(spec, 50, 0.3) == pytest.approx(snr(spec, 50) * 10**-0.6)
    assert snr(spec, 50, air_db=3) == pytest.approx(snr(spec, 50) * 10**-0.3)


def test_the_reported_cross_section_undoes_the_equation() -> None:
    spec = RadarSpec()
    point = np.array([[80.0, 0.1, 0.0, 0.0, 0.0, 10 * math.log10(snr(spec, 80, 0.1))]])
    assert reported_rcs_db(spec, point) == pytest.approx(10.0)


@pytest.mark.parametrize("mean", [3.0, 10.0, 40.0])
def test_fluctuating_targets_are_detected_as_swerling_says(mean: float) -> None:
    spec = RadarSpec(false_alarm_rate=1e-4, range_resolution_m=0.1, far_m=1000)
    count = 4000
    where = 1 + 0.2 * np.arange(count)
    scan = detect(spec, echoes(count, range_m=where, snr=mean), np.random.default_rng(3))
    expected = 1e-4 ** (1 / (1 + mean))
    assert (scan.semantic == 24).sum() / count == pytest.approx(expected, abs=0.03)


def test_noise_alone_is_reported_as_rarely_as_set() -> None:
    spec = RadarSpec(false_alarm_rate=1e-4)
    generator = np.random.default_rng(1)
    scans = [detect(spec, echoes(0), generator) for _ in range(20)]
    cells = 249.5 / 0.6 * 140 / 0.1
    counts = [len(scan.points) for scan in scans]
    assert np.mean(counts) == pytest.approx(cells * 1e-4, rel=0.1)
    points = np.concatenate([scan.points for scan in scans])
    assert points[:, 5].min() >= 10 * math.log10(-math.log(1e-4) - 1) - 1e-4
    assert np.abs(points[:, 1]).max() <= spec.hfov_rad / 2
    assert not np.concatenate([scan.semantic for scan in scans]).any()


def test_deviations_are_the_bound_for_a_tone() -> None:
    # The frequency of a tone, found as the highest point of a fine spectrum.
    count, ratio, fine = 64, 100.0, 64
    generator = np.random.default_rng(2)
    noise = generator.standard_normal((400, count, 2)) @ np.array([1, 1j]) * math.sqrt(0.5)
    tone = np.exp(2j * np.pi * 7.3 / count * np.arange(count)) * math.sqrt(ratio / count)
    found = np.abs(np.fft.fft(tone + noise, count * fine)).argmax(axis=1) / fine
    # And no estimate is finer than 0.03 cells.
    expected = float(deviation(1.0, np.array(ratio)))
    assert math.hypot(np.std(found), 0.03) == pytest.approx(expected, rel=0.08)


def test_angles_are_as_fine_as_the_signal_is_strong() -> None:
    spec = RadarSpec(range_resolution_m=0.1, far_m=1000, false_alarm_rate=1e-6)
    count = 4000
    where = 1 + 0.2 * np.arange(count)
    given = echoes(count, range_m=where, azimuth_rad=0.2, snr=1e3)
    scan = detect(spec, given, np.random.default_rng(5))
    off, power = scan.points[:, 1] - 0.2, scan.points[:, 5]
    wide = spec.azimuth_resolution_rad / math.cos(0.2)
    for low, high in ((15, 18), (27, 30)):
        own = (power > low) & (power < high) & (scan.semantic > 0)
        bound = math.sqrt(6) / (2 * math.pi) * 10 ** (-(low + high) / 40)
        assert np.std(off[own]) == pytest.approx(wide * math.hypot(bound, 0.03), rel=0.15)
        assert abs(np.mean(off[own])) < 0.1 * wide * bound + 1e-3


def test_targets_of_one_cell_are_one() -> None:
    spec = RadarSpec(max_speed_mps=10)
    near = echoes(2, range_m=[30.0, 30.4])
    assert cells_of(spec, near).tolist() == [0, 0]
    for apart in (
        {"range_m": [30.0, 30.7]},
        {"range_m": 30.0, "azimuth_rad": [0.0, 0.03]},
        {"range_m": 30.0, "speed_mps": [2.0, 2.15]},
    ):
        assert cells_of(spec, echoes(2, **apart)).tolist() == [0, 1]
    # Speeds just below and just above the fold are neighbours; elevation isn't measured.
    folded = echoes(2, range_m=30.0, speed_mps=[9.99, -9.99], elevation_rad=[0.0, 0.1])
    assert cells_of(spec, folded).tolist() == [0, 0]
    tall = RadarSpec(elevation_resolution_rad=0.05)
    assert cells_of(tall, echoes(2, range_m=30.0, elevation_rad=[0.0, 0.1])).tolist() == [0, 1]
    scan = detect(spec, echoes(2, range_m=[30.0, 30.4], snr=[1e5, 1e5]), np.random.default_rng(0))
    own = scan.points[scan.semantic > 0]
    assert len(own) == 1
    assert 29.9 < own[0, 0] < 30.5


@pytest.mark.parametrize(
    ("ghz", "upright", "k", "alpha"),
    [  # Table 5 of ITU-R P.838-3
        (10, False, 0.01217, 1.2571),
        (10, True, 0.01129, 1.2156),
        (70, False, 1.0315, 0.7345),
        (70, True, 1.0253, 0.7215),
        (80, False, 1.1704, 0.7115),
        (80, True, 1.1668, 0.7021),
    ],
)
def test_rain_takes_what_the_table_says(ghz: float, upright: bool, k: float, alpha: float) -> None:
    found = rain_coefficients(ghz, upright)
    assert found == (pytest.approx(k, rel=1e-3), pytest.approx(alpha, abs=1e-4))


def test_weather_takes_what_is_known() -> None:
    clear = loss_db_per_m(Weather())
    # Between the table's rows at 70 and 80 GHz: 1.12 * 25^0.709 dB/km.
    rain = loss_db_per_m(Weather(rain_mmph=25)) - clear
    assert 1000 * rain == pytest.approx(1.12 * 25**0.709, rel=0.02)
    fog = loss_db_per_m(Weather(visibility_m=50)) - clear
    assert 0.5 < 1000 * fog < 15
    assert loss_db_per_m(Weather(visibility_m=5000)) == clear
    assert loss_db_per_m(Weather(snow_mmph=3)) < loss_db_per_m(Weather(rain_mmph=3))


def test_a_film_of_water_dims() -> None:
    # Measured at 10 °C (Kaatze 1989): 83.9 at rest, 5.7 at infinity, 12.7 ps between.
    measured = 5.7 + (83.9 - 5.7) / (1 + 2j * math.pi * 76.5e9 * 12.7e-12)
    assert water_permittivity() == pytest.approx(measured, abs=0.5)
    assert film_loss_db(0.0) == pytest.approx(0.0)
    assert film_m(0.0, 30.0, 0.1) == 0.0
    assert film_m(8.0, 20.0, 0.1) == pytest.approx(2 * film_m(1.0, 20.0, 0.1))
    losses = [film_loss_db(thickness) for thickness in (2e-5, 5e-5, 1e-4)]
    assert losses == sorted(losses)
    assert 2 < losses[2] < 8
