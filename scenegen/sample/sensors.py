"""The sensors of one draw, and where those without a position sit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from scenegen.assets import Mounts
from scenegen.errors import ScenarioError
from scenegen.records import LidarSpec, RadarSpec, Rates, SensorSpec
from scenegen.records.base import Vec3
from scenegen.sample.conditions import camera_of
from scenegen.sample.values import Values
from scenegen.scenario.cameras import CameraEntry
from scenegen.scenario.sensors import LidarEntry, RadarEntry, SensorEntry
from scenegen.scenario.values import Value

Ranging = TypeVar("Ranging", LidarSpec, RadarSpec)


def sensors_of(
    entries: Mapping[str, SensorEntry], values: Values, mounts: Mounts, rates: Rates
) -> dict[str, SensorSpec]:
    """Return the sensors of a draw by name; ScenarioError where a value makes no sense."""
    return {name: _sensor(entry, values, mounts, rates) for name, entry in entries.items()}


def _sensor(entry: SensorEntry, values: Values, mounts: Mounts, rates: Rates) -> SensorSpec:
    if isinstance(entry, CameraEntry):
        return camera_of(entry, values, mounts.camera)
    if isinstance(entry, RadarEntry):
        return _radar(entry, values, mounts.radar, rates)
    return _lidar(entry, values, mounts.lidar, rates)


def _radar(entry: RadarEntry, values: Values, mount: Vec3, rates: Rates) -> RadarSpec:
    fields = {
        "hfov_rad": entry.hfov,
        "vfov_rad": entry.vfov,
        "rate_hz": entry.rate,
        "yaw_rad": entry.yaw,
        "pitch_rad": entry.pitch,
        "near_m": entry.near,
        "far_m": entry.far,
        "max_speed_mps": entry.max_speed,
        "range_resolution_m": entry.range_resolution,
        "azimuth_resolution_rad": entry.azimuth_resolution,
        "elevation_resolution_rad": entry.elevation_resolution,
        "speed_resolution_mps": entry.speed_resolution,
        "power_dbm": entry.power,
        "gain_db": entry.gain,
        "noise_figure_db": entry.noise_figure,
        "losses_db": entry.losses,
        "false_alarm_rate": entry.false_alarm_rate,
        "radome_m": entry.radome,
    }
    position = mount if entry.position is None else values.vector(entry.position)
    return _ranging(RadarSpec, fields, position, values, rates)


def _lidar(entry: LidarEntry, values: Values, mount: Vec3, rates: Rates) -> LidarSpec:
    low, high = entry.elevation or (None, None)
    fields = {
        "pattern": entry.pattern,
        "channels": entry.channels,
        "columns": entry.columns,
        "elevation_low_rad": low,
        "elevation_high_rad": high,
        "hfov_rad": entry.hfov,
        "rate_hz": entry.rate,
        "yaw_rad": entry.yaw,
        "pitch_rad": entry.pitch,
        "near_m": entry.near,
        "far_m": entry.far,
        "reach_m": entry.reach,
        "noise_m": entry.noise,
        "divergence_rad": entry.divergence,
        "dropout": entry.dropout,
        "wavelength_m": entry.wavelength,
    }
    position = mount if entry.position is None else values.vector(entry.position)
    return _ranging(LidarSpec, fields, position, values, rates)


def _ranging(
    record: type[Ranging],
    fields: Mapping[str, Value | None],
    position: Vec3,
    values: Values,
    rates: Rates,
) -> Ranging:
    """Return a LiDAR's or a radar's record; ScenarioError where its values can't be."""
    try:
        spec = values.record(record, fields, position_m=position)
    except ValidationError as error:
        # Values that exclude each other: pydantic names no field then.
        told = error.errors()[0]["msg"].removeprefix("Value error, ")
        first = next(value for value in fields.values() if value is not None)
        raise ScenarioError(told, first.place) from error
    rate = fields["rate_hz"]
    if rate is not None and not (rates.physics_hz / spec.rate_hz).is_integer():
        raise ScenarioError(
            f"'rate' comes to {spec.rate_hz:g} Hz and should divide physics "
            f"({rates.physics_hz} Hz)",
            rate.place,
        )
    return spec
