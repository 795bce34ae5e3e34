"""Road, weather, light and sensors of one draw."""

from __future__ import annotations

from scenegen.records import CameraSpec, Light, RoadSpec, SignalPlan, Weather
from scenegen.records.base import Vec3
from scenegen.sample.values import Values
from scenegen.scenario import LogicalScenario
from scenegen.scenario.document import CameraEntry, SignalsEntry


def road_of(logical: LogicalScenario, values: Values) -> RoadSpec:
    """Return the road."""
    road = logical.road
    fields = {
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
    }
    signals = None if road.signals is None else _signals(road.signals, values)
    return values.record(RoadSpec, fields, signals=signals)


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
        "wetness": weather.wetness,
        "visibility_m": weather.visibility,
        "cloud_cover": weather.cloud_cover,
    }
    return values.record(Weather, fields, scale={"rain_mmph": MMPH_PER_MPS})


def light_of(logical: LogicalScenario, values: Values) -> Light:
    """Return where the light comes from."""
    light = logical.light
    fields = {
        "sun_azimuth_rad": light.sun_azimuth,
        "sun_elevation_rad": light.sun_elevation,
        "moon": light.moon,
        "street_lights": light.street_lights,
        "headlights": light.headlights,
    }
    return values.record(Light, fields)


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
    }
    position = mount if entry.position is None else values.vector(entry.position)
    return values.record(CameraSpec, fields, position_m=position)
