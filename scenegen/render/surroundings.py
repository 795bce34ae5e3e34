"""The light of a panorama: what surfaces see of it, by direction and roughness.

A stack of pictures of the world, each blurred as a surface of some roughness sees it in its
mirror direction; of the roughest, that is what a white diffuse surface throws back
(irradiance over pi).
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.geometry import wrap_angle
from scenegen.records.base import F64
from scenegen.render.light_block import ground_luminance, sky_luminance
from scenegen.render.photometry import LightState

ROUGHNESSES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of the pictures of the stack."""
HEIGHT, WIDTH = 32, 64
_SHARP = 4
"""The stack has so many times the texels along each side that blurring is worked out with."""
_SUN_RAD = np.radians(8.0)
_RING_RAD = np.radians(12.0)

F32 = npt.NDArray[np.float32]


def surroundings(panorama: F32, state: LightState) -> F32:
    """Return what surfaces see (K, H, W, 3) of a panorama, cd/m², world frame.

    The panorama's sun is taken out, because direct light comes from the scene's; what is left
    of the upper half is scaled so that it lights the horizontal as the analytic sky does, with
    its lux and its hue, which is that of the sky one sees and of the camera's white; and it is
    turned about the vertical so that its sun stands where the scene's does. Below the skyline
    lies the scene's ground.

    Parameters
    ----------
    panorama : ndarray, shape (H', 2 H', 3)
        Linear radiance of any scale; the first row is the zenith, columns go clockwise.
    state : LightState

    Returns
    -------
    ndarray, float32
        By `ROUGHNESSES`; rows from the zenith to the nadir, columns counter-clockwise from +x.
    """
    wide = _SHARP * WIDTH
    small = cv2.resize(panorama, (wide, wide // 2), interpolation=cv2.INTER_AREA)
    towards = _directions(wide // 2, wide)
    bright = cv2.GaussianBlur(np.tile(small.mean(axis=-1), 3), (0, 0), 1.0)[:, wide : 2 * wide]
    row, column = np.unravel_index(int(bright[: wide // 4].argmax()), (wide // 4, wide))
    light = _without_sun(small, towards, towards[row, column])
    sun = float(np.arctan2(state.direction[1], state.direction[0]))
    turn = float(wrap_angle(sun + 2.0 * np.pi * (column + 0.5) / wide))
    light = _turned(light[:, ::-1], turn)
    light = light * (np.pi * sky_luminance(state) / np.maximum(_lit(light, towards), 1e-12))
    mu = towards[..., 2:]
    share = np.clip((mu - state.skyline + 0.06) / 0.08, 0.0, 1.0)
    share = share * share * (3.0 - 2.0 * share)
    light = (1.0 - share) * ground_luminance(state) + share * light
    return np.stack([_blurred(light, rough) for rough in ROUGHNESSES]).astype(np.float32)


def _directions(height: int, width: int) -> F64:
    """Return unit vectors (H, W, 3) of a picture's cells: from the zenith, counter-clockwise."""
    polar = np.pi * (np.arange(height) + 0.5) / height
    turn = 2.0 * np.pi * (np.arange(width) + 0.5) / width
    flat, up = np.sin(polar)[:, None], np.cos(polar)[:, None] * np.ones((1, width))
    return np.stack([flat * np.cos(turn), flat * np.sin(turn), up], axis=-1)


def _cell(mu: F64) -> F64:
    """Return how large cells are, of any scale, by the sine of their height."""
    return np.asarray(np.sqrt(np.maximum(1.0 - mu**2, 0.0)))


def _lit(light: F64, towards: F64) -> F64:
    """Return the illuminance (3,) of the horizontal by the upper half of a picture."""
    height, width = light.shape[:2]
    solid = _cell(towards[..., 2]) * (np.pi / height) * (2.0 * np.pi / width)
    falls = solid * np.maximum(towards[..., 2], 0.0)
    return np.asarray(np.einsum("hwc,hw->c", light, falls))


def _without_sun(light: F32, towards: F64, sun: F64) -> F64:
    """Return a picture whose sun is no brighter than the sky around it."""
    away = np.arccos(np.clip(towards @ sun, -1.0, 1.0))
    ring = (away > _SUN_RAD) & (away < _RING_RAD) & (towards[..., 2] > 0.0)
    if not ring.any():
        return light.astype(np.float64)
    most = light[ring].mean(axis=0)
    inside = (away <= _SUN_RAD)[..., None]
    return np.asarray(np.where(inside, np.minimum(light, most), light), dtype=np.float64)


def _turned(light: F64, turn_rad: float) -> F64:
    """Return a picture whose columns are moved on by an angle, counter-clockwise."""
    width = light.shape[1]
    moved = turn_rad / (2.0 * np.pi) * width
    whole = int(np.floor(moved))
    part = moved - whole
    return np.asarray(
        (1.0 - part) * np.roll(light, whole, axis=1) + part * np.roll(light, whole + 1, axis=1)
    )


def _blurred(light: F64, rough: float) -> F64:
    """Return a picture as surfaces of a roughness see it that are looked at straight on.

    The lobe is that of GGX about the mirror direction for a view along the normal (Karis
    2013), times the cosine; it is the cosine alone at a roughness of 1.
    """
    if rough == 0.0:
        return light
    small = cv2.resize(light, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    towards = _directions(HEIGHT, WIDTH)
    # By row, row and turn between two cells; along the turn blurring is a circular convolution.
    cosine = np.einsum("ic,jdc->ijd", towards[:, 0], towards)
    alpha2 = rough**4
    half2 = 0.5 * (1.0 + cosine)  # squared cosine of the half angle
    lobe = np.maximum(cosine, 0.0) / (half2 * (alpha2 - 1.0) + 1.0) ** 2
    lobe *= _cell(towards[..., 2])
    products = np.einsum("ijk,jkc->ikc", np.fft.rfft(lobe), np.fft.rfft(small, axis=1))
    seen = np.fft.irfft(products, WIDTH, axis=1) / lobe.sum(axis=(1, 2))[:, None, None]
    wide = np.pad(seen, ((0, 0), (1, 1), (0, 0)), mode="wrap")
    wide = np.pad(wide, ((1, 1), (0, 0), (0, 0)), mode="edge")
    large = cv2.resize(wide, None, fx=_SHARP, fy=_SHARP, interpolation=cv2.INTER_LINEAR)
    return np.asarray(large[_SHARP:-_SHARP, _SHARP:-_SHARP])
