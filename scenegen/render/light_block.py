"""The `Light` block of the shaders: a frame's light in the camera frame."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera
from scenegen.records.base import F64
from scenegen.records.conditions import Weather
from scenegen.render.photometry import LightState
from scenegen.render.shadows import Cascade, depth_span_m

LIGHT_DTYPE = np.dtype(
    [
        ("intrinsics", "<f4", (4,)),
        ("up", "<f4", (4,)),
        ("towards_light", "<f4", (4,)),
        ("direct_lux", "<f4", (4,)),
        ("zenith", "<f4", (4,)),
        ("horizon", "<f4", (4,)),
        ("dusk", "<f4", (4,)),
        ("clouds", "<f4", (4,)),
        ("aureole", "<f4", (4,)),
        ("fog", "<f4", (4,)),
        ("ground", "<f4", (4,)),
        ("sky_mean", "<f4", (4,)),
        ("sunward", "<f4", (4,)),
        ("size", "<f4", (4,)),
        ("world_rows", "<f4", (3, 4)),
        ("cascade_texel", "<f4", (4,)),
        ("cascade_clip", "<f4", (2, 4, 4)),
        ("seeds", "<u4", (4,)),
    ]
)
"""std140: every member is a multiple of 16 bytes."""

_HIDDEN_BY_SKYLINE = 1.6
"""Share of the sky's light that a skyline of a sine of one would take from walls and ground."""
_ADAPTED = 0.75
"""How far a camera takes the colour of the light out of its picture: 1 is wholly."""


def _white_balance(illuminant: F64) -> F64:
    """Return the gains (3,) of the channels under a light, green being 1."""
    gains = (illuminant.mean() / illuminant) ** _ADAPTED
    return np.asarray(gains / gains[1])


def ground_luminance(state: LightState) -> float:
    """Return the luminance of the land around, cd/m²."""
    flat = float(state.direct_lux.mean()) * max(float(state.direction[2]), 0.0)
    return float(state.ground_albedo * (flat + state.sky_lux + state.lamps_lux) / np.pi)


def sky_luminance(state: LightState) -> F64:
    """Return the mean luminance (3,) of the sky and its clouds as the horizontal sees it, cd/m²."""
    sky = 0.35 * state.horizon + 0.65 * state.zenith
    white = sky.mean() * state.clouds / max(float(state.clouds.mean()), 1e-9)
    sky += state.cloud_cover * (white - sky)
    return np.asarray(sky * (state.sky_lux / np.pi / max(float(sky.mean()), 1e-9)))


def light_block(
    camera: Camera,
    world_from_camera: F64,
    state: LightState,
    weather: Weather,
    shadows: tuple[Cascade, ...],
) -> npt.NDArray[np.void]:
    """Fill the block (1,), but for the seeds.

    Parameters
    ----------
    shadows : tuple of Cascade
        Empty where nothing throws a shadow worth drawing.
    """
    block = np.zeros(1, dtype=LIGHT_DTYPE)
    row = block[0]
    camera_from_world = world_from_camera[:3, :3].T
    flat = float(state.direct_lux.mean()) * max(float(state.direction[2]), 0.0)
    row["intrinsics"] = (camera.fx, camera.fy, camera.cx, camera.cy)
    row["up"] = (*camera_from_world[:, 2], state.exposure)
    row["towards_light"] = (*(camera_from_world @ state.direction), state.fog_per_m)
    row["direct_lux"] = (*state.direct_lux, state.sky_lux)
    row["zenith"] = (*state.zenith, state.cloud_cover)
    row["horizon"] = (*state.horizon, weather.wetness)
    row["dusk"][:3] = state.dusk
    row["clouds"][:3] = state.clouds
    row["aureole"] = (*state.aureole, state.noise)
    row["fog"] = (*state.fog, float(bool(shadows)))
    ground = ground_luminance(state)
    row["ground"] = (ground, ground, ground, state.skyline)
    sky = sky_luminance(state)
    row["sunward"][:3] = (1.0 - state.cloud_cover) * state.sunward
    gains = _white_balance(
        state.direct_lux * flat / max(float(state.direct_lux.mean()), 1e-9)
        + np.pi * sky
        + state.lamps_color
    )
    hidden = _HIDDEN_BY_SKYLINE * state.skyline
    row["sky_mean"][:3] = (1.0 - hidden) * sky + hidden * ground
    row["size"] = (camera.width, camera.height, gains[0], gains[2])
    row["world_rows"][:, :3] = world_from_camera[:3, :3]
    row["world_rows"][:, 3] = world_from_camera[:3, 3]
    for index, cascade in enumerate(shadows):
        row["cascade_texel"][index] = cascade.texel_m
        row["cascade_texel"][2 + index] = depth_span_m(cascade)
        row["cascade_clip"][index] = cascade.clip_from_camera.T  # columns first
    return block
