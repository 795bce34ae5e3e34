"""A camera that reads its rows one after the other: closed forms, and there and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scenegen.geometry import BrownConrady, Camera, KannalaBrandt, MovingCamera, pose
from scenegen.geometry.camera import CAMERA_FROM_BODY_AXES
from scenegen.geometry.transforms import quaternion_from_yaw

PINHOLE = Camera(640, 384, 450.0, 450.0, 320.0, 192.0, np.eye(4), readout_s=0.03)
LENSES = {
    "pinhole": None,
    "barrel": BrownConrady(-0.2, 0.04, 0.001, -0.0005),
    "fisheye": KannalaBrandt(-0.03, 0.004),
}
MOUNT = np.eye(4)
MOUNT[:3, :3] = CAMERA_FROM_BODY_AXES.T


def moving(camera: Camera, velocity: tuple[float, float, float], yaw_rate: float) -> MovingCamera:
    """A camera that looks along x at 1 s, at the origin."""
    times = np.array([0.9, 1.0, 1.1])
    body = pose((times - 1)[:, None] * velocity, quaternion_from_yaw(yaw_rate * (times - 1)))
    return MovingCamera(camera, 1.0, times, body @ MOUNT)


def test_a_pole_leans_as_the_camera_yaws() -> None:
    """It is skewed by w f t from top to bottom, to first order in the angle."""
    pole = np.stack([np.full(9, 20.0), np.zeros(9), np.linspace(-8.0, 8.0, 9)], axis=1)
    rate = 0.5
    pixels = moving(PINHOLE, (0.0, 0.0, 0.0), rate).project(pole).pixels
    v = pixels[:, 1]
    delay = 0.03 * (v / 384 - 0.5)
    np.testing.assert_allclose(pixels[:, 0], 320 + 450 * np.tan(rate * delay), atol=1e-6)
    whole = (pixels[0, 0] - pixels[-1, 0]) / (v[0] - v[-1]) * 384
    assert whole == pytest.approx(rate * 450 * 0.03, rel=1e-3)


def test_a_passing_car_is_sheared_by_its_speed() -> None:
    """At v across at depth z its upright edge is aslant by f v t / z over the picture."""
    camera = moving(PINHOLE, (0.0, 0.0, 0.0), 0.0)
    heights = np.array([-1.0, 0.0, 1.0])

    def edge(moments: np.ndarray) -> np.ndarray:
        across = 15.0 * (np.broadcast_to(moments, heights.shape) - 1.0)
        return np.stack([np.full(3, 10.0), -across, heights], axis=1)

    pixels = camera.project(edge).pixels
    expected = 320 + 450 * 15.0 / 10.0 * 0.03 * (pixels[:, 1] / 384 - 0.5)
    np.testing.assert_allclose(pixels[:, 0], expected, atol=1e-6)
    np.testing.assert_allclose(pixels[:, 1], 192 - 450 * heights / 10.0, atol=1e-6)


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
def test_what_a_pixel_shows_lies_in_that_pixel(lens: Any) -> None:
    camera = moving(replace(PINHOLE, lens=lens), (30.0, 2.0, -0.5), 0.8)
    rng = np.random.default_rng(4)
    pixels = rng.uniform((60, 1), (580, 383), size=(400, 2))
    depth = rng.uniform(1.5, 60.0, 400)
    images = camera.project(camera.unproject(pixels, depth))
    np.testing.assert_allclose(images.pixels, pixels, atol=1e-6)
    np.testing.assert_allclose(camera.camera.depth_of(images.points), depth, rtol=1e-7)


def test_without_a_readout_all_rows_are_one_moment() -> None:
    camera = moving(replace(PINHOLE, readout_s=0.0), (30.0, 0.0, 0.0), 0.8)
    points = np.random.default_rng(2).uniform((2, -9, -4), (40, 9, 4), (50, 3))
    images = camera.project(points)
    np.testing.assert_array_equal(images.pixels, camera.camera.project(images.points))
    np.testing.assert_allclose(images.points, points @ MOUNT[:3, :3], atol=1e-12)


def test_rows_beyond_the_picture_are_of_its_first_and_last_moment() -> None:
    delays = PINHOLE.row_delays([-50.0, 0.5, 192.0, 383.5, 500.0])
    end = 0.03 * (0.5 - 0.5 / 384)
    np.testing.assert_allclose(delays, [-end, -end, 0.0, end, end], atol=1e-15)


def test_points_out_of_sight_have_no_image() -> None:
    camera = moving(PINHOLE, (30.0, 0.0, 0.0), 0.0)
    assert np.isnan(camera.project([[-5.0, 0.0, 0.0]]).pixels).all()
