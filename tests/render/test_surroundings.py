"""A panorama lights the scene with the sky's lux, from the sun's side, without a second sun."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scenegen.records.conditions import Light, Weather
from scenegen.render.light_block import ground_luminance, sky_luminance
from scenegen.render.photometry import light_state
from scenegen.render.surroundings import ROUGHNESSES, surroundings

AZIMUTH = 1.0
STATE = light_state(Light(sun_azimuth_rad=AZIMUTH), Weather(), town=False)


def directions(height: int, width: int) -> np.ndarray:
    """Return unit vectors of the stack's cells: zenith first, counter-clockwise from +x."""
    polar = np.pi * (np.arange(height) + 0.5) / height
    turn = 2 * np.pi * (np.arange(width) + 0.5) / width
    flat = np.sin(polar)[:, None]
    up = np.cos(polar)[:, None] + 0 * turn
    return np.stack([flat * np.cos(turn), flat * np.sin(turn), up], axis=-1)


def panorama(column: float, height: int = 128) -> np.ndarray:
    """Return blue above brown, with a small sun in a broad glow 30 degrees high."""
    towards = directions(height, 2 * height)[:, ::-1]  # columns go clockwise
    azimuth = -2 * np.pi * (column + 0.5) / (2 * height)
    sun = np.array([np.cos(np.pi / 6) * np.cos(azimuth), np.cos(np.pi / 6) * np.sin(azimuth), 0.5])
    close = np.clip(towards @ sun, -1, 1)
    picture = np.where(towards[..., 2:] > 0, [0.2, 0.3, 0.6], [0.3, 0.2, 0.1])
    picture = picture + 0.5 * (close**20 * (close > 0))[..., None]
    return (picture + 4000.0 * (close > np.cos(np.radians(2)))[..., None]).astype(np.float32)


def lit(picture: np.ndarray, normal) -> np.ndarray:
    """Return the irradiance by a picture, summed cell by cell."""
    towards = directions(*picture.shape[:2])
    cell = np.sqrt(1 - towards[..., 2] ** 2) * 2 * np.pi**2 / picture[..., 0].size
    falls = cell * np.maximum(towards @ np.asarray(normal, dtype=float), 0)
    return np.einsum("hwc,hw->c", picture.astype(float), falls)


def test_a_panorama_lights_the_ground_with_the_skys_lux() -> None:
    for scale in (1.0, 1000.0):
        stack = surroundings(scale * panorama(40), STATE)
        assert lit(stack[0], (0, 0, 1)).mean() == pytest.approx(STATE.sky_lux, rel=0.01)


@pytest.mark.parametrize("column", [0, 40, 130, 255])
def test_its_sun_stands_where_the_scenes_does_and_is_taken_out(column) -> None:
    stack = surroundings(panorama(column), STATE)
    row, at = np.unravel_index(stack[0].mean(axis=-1).argmax(), stack.shape[1:3])
    brightest = directions(*stack.shape[1:3])[row, at]
    turned = np.arctan2(brightest[1], brightest[0]) - AZIMUTH
    assert abs(np.angle(np.exp(1j * turned))) < np.radians(13)  # the ring around the sun is flat
    middle = directions(*stack.shape[1:3])
    sun = np.array([np.cos(np.pi / 6) * np.cos(AZIMUTH), np.cos(np.pi / 6) * np.sin(AZIMUTH), 0.5])
    glow = np.where((middle @ sun) > np.cos(np.radians(20)), 1.0, 0.0)
    away = np.average(middle.reshape(-1, 3), axis=0, weights=(stack[0][..., 0] * glow).ravel())
    assert abs(np.arctan2(away[1], away[0]) - AZIMUTH) < np.radians(3)
    assert stack[0].max() < 4 * stack[0][0].max()


def test_the_roughest_picture_is_the_irradiance_over_pi() -> None:
    stack = surroundings(panorama(77), STATE)
    towards = directions(*stack.shape[1:3])
    for row, column in ((0, 0), (40, 10), (64, 128), (90, 200), (127, 0)):
        expected = lit(stack[0], towards[row, column]) / np.pi
        np.testing.assert_allclose(stack[-1][row, column], expected, rtol=0.03)


def test_rougher_surfaces_see_a_broader_blur_of_the_same_light() -> None:
    stack = surroundings(panorama(10), STATE)
    assert len(stack) == len(ROUGHNESSES)
    spread = [float(level[32].std()) for level in stack]
    assert spread == sorted(spread, reverse=True)
    even = surroundings(np.ones((32, 64, 3), np.float32), STATE)
    upper = even[0][5]
    np.testing.assert_allclose(even[1][5], upper, rtol=1e-3)


def test_below_the_horizon_lies_the_scenes_ground() -> None:
    stack = surroundings(panorama(10), STATE)
    np.testing.assert_allclose(stack[0][80:], ground_luminance(STATE), rtol=1e-6)


def test_its_hue_is_the_skys_and_its_pattern_its_own() -> None:
    plain = surroundings(panorama(10), STATE)
    red = surroundings(panorama(10) * np.array([2.0, 1.0, 0.5], np.float32), STATE)
    np.testing.assert_allclose(red, plain, rtol=1e-4)
    np.testing.assert_allclose(lit(plain[0], (0, 0, 1)) / np.pi, sky_luminance(STATE), rtol=0.01)
    glow = plain[0][32].max(axis=0) / plain[0][32].min(axis=0)
    assert glow[0] > 1.3 * glow[2]  # beside blue, white is red


def test_a_smaller_or_larger_picture_gives_the_same_light() -> None:
    large = panorama(80, 256)
    small = cv2.resize(large, (256, 128), interpolation=cv2.INTER_AREA)
    a, b = surroundings(large, STATE), surroundings(small, STATE)
    np.testing.assert_allclose(a[-1], b[-1], rtol=0.02)
