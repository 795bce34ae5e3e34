"""Road, weather, light and sensors of one draw."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from scenegen.errors import ScenarioError
from scenegen.geometry import sun_position, wrap_angle
from scenegen.records import (
    CameraSpec,
    ImagerSpec,
    LensSpec,
    Light,
    RoadSpec,
    Season,
    SignalPlan,
    Weather,
)
from scenegen.records.base import Vec3
from scenegen.roads.opendrive import scene_map
from scenegen.sample.values import Values
from scenegen.scenario import LogicalScenario
from scenegen.scenario.cameras import CameraEntry, ImagerEntry, LensEntry
from scenegen.scenario.document import LightEntry, RoadEntry, SignalsEntry
from scenegen.scenario.values import Value


def road_of(logical: LogicalScenario, values: Values) -> RoadSpec:
    """Return the road."""
    road = logical.road
    signals = None if road.signals is None else _signals(road.signals, values)
    spec = values.record(RoadSpec, road_fields(road), signals=signals)
    if spec.kind != "opendrive" or logical.map_file is None:
        return spec
    return spec.model_copy(update={"map": scene_map(logical.map_file)})


def road_fields(road: RoadEntry) -> dict[str, Value | None]:
    """Return the fields of the YAML by the names of `RoadSpec`, but for the signals."""
    return {
        "kind": road.kind,
        "length_m": road.length,
        "lanes_forward": road.lanes_forward,
        "lanes_backward": road.lanes_backward,
        "lane_width_m": road.lane_width,
        "shoulder_m": road.shoulder,
        "parking_m": road.parking,
        "sidewalk_m": road.sidewalk,
        "verge_m": road.verge,
        "radius_m": road.radius,
        "arc_rad": road.arc,
        "crest_m": road.crest,
        "crest_length_m": road.crest_length,
        "speed_limit_mps": road.speed_limit,
        "surroundings": road.surroundings,
        "zebra": road.zebra,
        "kerb_lines": road.kerb_lines,
        "bays": road.bays,
        "cycle_symbols": road.cycle_symbols,
        "side": road.side,
        "side_lanes": road.side_lanes,
        "arm_length_m": road.arm_length,
        "arm_rad": road.arm_angle,
        "corner_radius_m": road.corner_radius,
        "arms": road.arms,
        "inscribed_diameter_m": road.inscribed_diameter,
        "bends": road.bends,
        "layout": road.layout,
        "ramps": road.ramps,
        "ramp_lane_m": road.ramp_lane,
        "closed_lanes": road.closed_lanes,
        "works_m": road.works,
        "works_lane_m": road.works_lane,
        "bay_rad": road.bay_angle,
        "tracks": road.tracks,
        "barriers": road.barriers,
        "tunnel_m": road.tunnel,
        "headroom_m": road.headroom,
        "level": road.level,
        "priority": road.priority,
    }


def _signals(signals: SignalsEntry, values: Values) -> SignalPlan:
    fields = {
        "mode": signals.mode,
        "green_s": signals.green,
        "amber_s": signals.amber,
        "red_amber_s": signals.red_amber,
        "all_red_s": signals.all_red,
        "offset_s": signals.offset,
    }
    return values.record(SignalPlan, fields)


MMPH_PER_MPS = 3.6e6


def weather_of(logical: LogicalScenario, values: Values) -> Weather:
    """Return the weather."""
    weather = logical.weather
    fields = {
        "rain_mmph": weather.rain,
        "snow_mmph": weather.snow,
        "wetness": weather.wetness,
        "ice": weather.ice,
        "snow_depth_m": weather.snow_depth,
        "road_snow": weather.road_snow,
        "visibility_m": weather.visibility,
        "cloud_cover": weather.cloud_cover,
        "lens_drops": weather.lens_drops,
        "lens_dirt": weather.lens_dirt,
        "season": weather.season,
        "sky": weather.sky,
    }
    scale = {"rain_mmph": MMPH_PER_MPS, "snow_mmph": MMPH_PER_MPS}
    drawn = values.record(Weather, fields, scale=scale)
    if weather.season is not None:
        return drawn
    return drawn.model_copy(update={"season": _season_of(logical.light, values, drawn)})


def stand_ins_of(logical: LogicalScenario, values: Values) -> dict[str, str]:
    """Return by which assets the catalogue's own street furniture is replaced."""
    named = {name: getattr(logical.scenery, name) for name in type(logical.scenery).model_fields}
    return {
        f"prop.{name}": values.text(asset) for name, asset in named.items() if asset is not None
    }


_MONTHS: dict[int, Season] = {
    **dict.fromkeys((3, 4, 5), "spring"),
    **dict.fromkeys((6, 7, 8), "summer"),
    **dict.fromkeys((9, 10, 11), "autumn"),
    **dict.fromkeys((12, 1, 2), "winter"),
}
"""Meteorological seasons of the northern half of the Earth."""


def _season_of(light: LightEntry, values: Values, weather: Weather) -> Season:
    """Return the season of the date; without one it is summer, and winter where snow lies."""
    if light.date is None or light.latitude is None:
        return "winter" if weather.snow_depth_m > 0.0 else "summer"
    month = _date(light.date, values).month
    south = values.number(light.latitude) < 0.0
    return _MONTHS[(month + 5) % 12 + 1 if south else month]


def light_of(logical: LogicalScenario, values: Values) -> Light:
    """Return where the light comes from.

    Raises
    ------
    ScenarioError
        A value is outside its range, or the date is none.
    """
    light = logical.light
    fields = {
        "sun_azimuth_rad": light.sun_azimuth,
        "sun_elevation_rad": light.sun_elevation,
        "moon": light.moon,
        "street_lights": light.street_lights,
        "headlights": light.headlights,
    }
    return values.record(Light, fields, **_sun_of(light, values))


def _sun_of(light: LightEntry, values: Values) -> dict[str, Any]:
    """Return the sun's angles in the world frame if a place and a time say them."""
    if light.date is None or light.latitude is None or light.longitude is None:
        return {}
    day = _date(light.date, values)
    latitude = values.number(light.latitude)
    if abs(latitude) > 0.5 * math.pi:
        message = f"{light.latitude.name!r} comes to {math.degrees(latitude):g} deg, over 90 deg"
        raise ScenarioError(message, light.latitude.place)
    moment = day + timedelta(seconds=values.number(light.time))
    azimuth, elevation = sun_position(moment, latitude, values.number(light.longitude))
    north = values.number(light.north, default=0.5 * math.pi)
    return {
        "sun_azimuth_rad": float(wrap_angle(north - azimuth)),
        "sun_elevation_rad": elevation,
        "moment": moment.strftime("%Y-%m-%dT%H:%M:%S"),
    }


def _date(date: Value, values: Values) -> datetime:
    """Return midnight of a date; `ScenarioError` where it is none."""
    text = values.text(date)
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        message = f"{date.name!r} comes to {text!r}, no date such as '2026-03-20'"
        raise ScenarioError(message, date.place) from error


def camera_of(entry: CameraEntry, values: Values, mount: Vec3) -> CameraSpec:
    """Return a camera; one without a position sits at `mount`."""
    fields = {
        "width": entry.width,
        "height": entry.height,
        "hfov_rad": entry.hfov,
        "yaw_rad": entry.yaw,
        "pitch_rad": entry.pitch,
        "near_m": entry.near,
        "far_m": entry.far,
        "readout_s": entry.readout,
    }
    position = mount if entry.position is None else values.vector(entry.position)
    lens = None if entry.lens is None else lens_of(entry.lens, values)
    imager = None if entry.imager is None else imager_of(entry.imager, values)
    return values.record(CameraSpec, fields, position_m=position, lens=lens, imager=imager)


def imager_of(entry: ImagerEntry, values: Values) -> ImagerSpec:
    """Return what a camera makes of the light."""
    fields = {
        "shutter_s": entry.shutter,
        "f_number": entry.f_number,
        "focal_length_m": entry.focal_length,
        "focus_m": entry.focus,
        "vignetting": entry.vignetting,
        "bayer": entry.bayer,
        "gain": entry.gain,
        "full_well_e": entry.full_well,
        "read_noise_e": entry.read_noise,
        "jpeg": entry.jpeg,
    }
    return values.record(ImagerSpec, fields)


def lens_of(entry: LensEntry, values: Values) -> LensSpec:
    """Return the lens of a camera."""
    names = ("model", "k1", "k2", "k3", "k4", "p1", "p2")
    fields = {name: getattr(entry, name) for name in names}
    return values.record(LensSpec, {**fields, "field_rad": entry.field})
