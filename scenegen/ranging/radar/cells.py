"""From echoes to detections: cells, fluctuation, noise, false alarms."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.ranging.radar.echoes import Echoes
from scenegen.ranging.radar.equation import deviation, reported_rcs_db, threshold
from scenegen.ranging.vectors import Ints
from scenegen.records import RadarSpec, Scan
from scenegen.records.base import F64


def cells_of(spec: RadarSpec, echoes: Echoes) -> Ints:
    """Return the brightest echo (N,) of the cell that each echo runs into.

    From the brightest on, each takes all that are left and closer than a cell in range,
    speed (around its folding), azimuth and, where it is measured, elevation.
    """
    order = np.argsort(echoes.range_m, kind="stable")
    sorted_range = echoes.range_m[order]
    first = np.searchsorted(sorted_range, echoes.range_m - spec.range_resolution_m)
    last = np.searchsorted(sorted_range, echoes.range_m + spec.range_resolution_m)
    width = spec.azimuth_resolution_rad / np.maximum(np.cos(echoes.azimuth_rad), 0.1)
    leader = np.full(len(order), -1, dtype=np.int64)
    for one in np.argsort(-echoes.snr, kind="stable"):
        if leader[one] >= 0:
            continue
        near = order[first[one] : last[one]]
        near = near[leader[near] < 0]
        apart = np.abs(spec.folded_speed(echoes.speed_mps[near] - echoes.speed_mps[one]))
        same = apart < spec.speed_resolution_mps
        same &= np.abs(echoes.azimuth_rad[near] - echoes.azimuth_rad[one]) < width[one]
        if spec.elevation_resolution_rad is not None:
            above = np.abs(echoes.elevation_rad[near] - echoes.elevation_rad[one])
            same &= above < spec.elevation_resolution_rad
        leader[near[same]] = one
        leader[one] = one
    return leader


def detect(spec: RadarSpec, echoes: Echoes, generator: np.random.Generator) -> Scan:
    """Return what the radar reports of echoes, and of noise alone.

    Echoes fluctuate from scan to scan as complex Gaussian numbers do (Swerling I), those of
    one cell add up, and so does noise; the place is the mean by power.
    """
    leader = cells_of(spec, echoes)
    waves = np.sqrt(echoes.snr) * _waves(generator, len(leader))
    cell, slot = np.unique(leader, return_inverse=True)
    total = np.zeros(len(cell), dtype=np.complex128)
    np.add.at(total, slot, waves)
    power = np.abs(total + _waves(generator, len(cell))) ** 2
    seen = power > threshold(spec)
    weight = np.abs(waves) ** 2
    whole = np.bincount(slot, weight, minlength=len(cell))

    def mean(values: F64) -> F64:
        return np.bincount(slot, weight * values, minlength=len(cell)) / whole

    off = spec.folded_speed(echoes.speed_mps - echoes.speed_mps[leader])
    places = np.stack(
        [
            mean(echoes.range_m),
            mean(echoes.azimuth_rad),
            mean(echoes.elevation_rad),
            echoes.speed_mps[cell] + mean(off),
        ],
        axis=1,
    )
    numbers = _measured(spec, places[seen], power[seen], generator)
    alarms = _false_alarms(spec, generator)
    nothing = np.zeros(len(alarms), np.uint16)
    semantic, instance = (
        np.append(ids[cell[seen]], nothing) for ids in (echoes.semantic, echoes.instance)
    )
    return _scan(spec, np.concatenate([numbers, alarms]), semantic, instance)


def _waves(generator: np.random.Generator, count: int) -> npt.NDArray[np.complex128]:
    """Return complex Gaussian numbers (N,) of mean power 1."""
    real, imaginary = generator.standard_normal((2, count))
    return np.asarray((real + 1j * imaginary) * np.sqrt(0.5))


def _measured(spec: RadarSpec, places: F64, power: F64, generator: np.random.Generator) -> F64:
    """Return rows of range, azimuth, elevation, speed and power with the noise of each."""
    noise = generator.standard_normal((4, len(places)))
    widths: tuple[F64 | float, ...] = (
        spec.range_resolution_m,
        spec.azimuth_resolution_rad / np.maximum(np.cos(places[:, 1]), 0.1),
        spec.elevation_resolution_rad or 0.0,
        spec.speed_resolution_mps,
    )
    rows = [places[:, k] + noise[k] * deviation(width, power - 1) for k, width in enumerate(widths)]
    return np.stack([*rows, power], axis=1)


def _false_alarms(spec: RadarSpec, generator: np.random.Generator) -> F64:
    """Return as many rows as noise exceeds the threshold in, anywhere in the field."""
    count = int(generator.poisson(spec.false_alarm_rate * spec.cell_count))
    where = generator.uniform(-0.5, 0.5, (4, count))
    place = np.array([spec.far_m, spec.hfov_rad, spec.vfov_rad, 2 * spec.max_speed_mps])
    rows = where * place[:, None]
    rows[0] = spec.near_m + (where[0] + 0.5) * (spec.far_m - spec.near_m)
    # Beyond a threshold the exponential distribution begins anew.
    power = threshold(spec) + generator.standard_exponential(count)
    return np.concatenate([rows, power[None]]).T


def _scan(
    spec: RadarSpec,
    rows: F64,
    semantic: npt.NDArray[np.uint16],
    instance: npt.NDArray[np.uint16],
) -> Scan:
    if spec.elevation_resolution_rad is None:
        rows[:, 2] = 0.0
    points = np.zeros((len(rows), 6))
    points[:, :3] = rows[:, :3]
    points[:, 3] = spec.folded_speed(rows[:, 3])
    points[:, 5] = 10 * np.log10(rows[:, 4] - 1)
    kept = np.flatnonzero((points[:, 0] >= spec.near_m) & (points[:, 0] < spec.far_m))
    kept = kept[np.argsort(points[kept, 0], kind="stable")]
    points[kept, 4] = reported_rcs_db(spec, points[kept])
    return Scan(points[kept].astype(np.float32), semantic[kept], instance[kept])
