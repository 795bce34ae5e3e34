"""Lenses: OpenCV as the oracle, and the inverse over the whole field."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.geometry import BrownConrady, Camera, KannalaBrandt, box_bounds, box_corners

LENSES = (
    BrownConrady(-0.3, 0.1, 0.001, -0.002, -0.01),
    BrownConrady(0.15, 0.02),
    KannalaBrandt(0.02, -0.01, 0.002, -0.0003),
    KannalaBrandt(half_field_rad=np.deg2rad(95.0)),
)
angles = st.tuples(st.floats(0.0, 0.999), st.floats(-np.pi, np.pi), st.floats(0.5, 300.0))


def camera_with(lens) -> Camera:
    return Camera(640, 384, 250.0, 260.0, 310.0, 200.0, np.eye(4), lens=lens)


def in_field(lens, share, turn, distance):
    """Return a point at a share of the field's angle."""
    angle = share * lens.field_rad
    across = np.sin(angle)
    return distance * np.array([across * np.cos(turn), across * np.sin(turn), np.cos(angle)])


@pytest.mark.parametrize("lens", LENSES)
@given(place=angles)
def test_projection_agrees_with_opencv(lens, place) -> None:
    point, camera = in_field(lens, *place)[None], camera_with(lens)
    if point[0, 2] <= 1e-3:
        return  # OpenCV's fisheye knows nothing beyond 90 degrees
    if isinstance(lens, BrownConrady):
        by_order = np.array([lens.k1, lens.k2, lens.p1, lens.p2, lens.k3])
        expected, _ = cv2.projectPoints(point, np.zeros(3), np.zeros(3), camera.K, by_order)
    else:
        by_order = np.array([lens.k1, lens.k2, lens.k3, lens.k4])
        expected, _ = cv2.fisheye.projectPoints(
            point[:, None], np.zeros(3), np.zeros(3), camera.K, by_order
        )
    np.testing.assert_allclose(camera.project(point), expected.reshape(1, 2), rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("lens", LENSES)
@given(place=angles)
def test_unprojection_inverts_projection_over_the_field(lens, place) -> None:
    point, camera = in_field(lens, *place), camera_with(lens)
    back = camera.unproject(camera.project(point), camera.depth_of(point))
    np.testing.assert_allclose(back, point, rtol=1e-7, atol=1e-7 * place[2])


@pytest.mark.parametrize("lens", LENSES)
def test_projection_inverts_unprojection_at_every_pixel(lens) -> None:
    camera = camera_with(lens)
    pixels, rays = camera.pixel_centres(), camera.pixel_rays()
    seen = np.isfinite(rays[..., 0])
    assert seen.any()
    np.testing.assert_allclose(camera.project(rays[seen]), pixels[seen], atol=1e-6)
    np.testing.assert_allclose(camera.depth_of(rays[seen]), 1.0)


@pytest.mark.parametrize("lens", LENSES)
def test_nothing_beyond_the_field_has_an_image(lens) -> None:
    camera = camera_with(lens)
    assert np.isnan(camera.project(in_field(lens, 1.01, 0.3, 5.0))).all()
    assert np.isnan(camera.unproject([1e5, 1e5], 1.0)).all()


def test_a_lens_without_distortion_is_a_pinhole() -> None:
    points = np.random.default_rng(0).normal(size=(50, 3)) + np.array([0, 0, 6])
    np.testing.assert_allclose(
        camera_with(BrownConrady()).project(points), camera_with(None).project(points), atol=1e-9
    )


def test_an_ideal_fisheye_counts_angles() -> None:
    right = camera_with(KannalaBrandt()).project([[1.0, 0.0, 0.0]])
    np.testing.assert_allclose(right, [[310.0 + 250.0 * np.pi / 2, 200.0]])


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("place", [(0.0, 0.0, 8.0), (6.0, 1.0, 4.0), (-3.0, -1.0, 0.2)])
def test_box_bounds_contain_every_point_of_a_box(lens, place) -> None:
    camera, size = camera_with(lens), np.array([2.0, 3.0, 1.5])
    pose = np.eye(4)
    pose[:3, 3] = place
    low, high = box_bounds(camera, box_corners(pose, size))
    points = (np.random.default_rng(1).random((4000, 3)) - 0.5) * size + place
    pixels = camera.project(points[camera.depth_of(points) > camera.near_m])
    pixels = pixels[np.isfinite(pixels[:, 0])]
    assert ((pixels >= low) & (pixels <= high)).all()


def test_scale_is_the_focal_length_on_the_axis() -> None:
    for lens in (None, *LENSES[1:]):
        camera = Camera(640, 384, 250.0, 250.0, 320.0, 192.0, np.eye(4), lens=lens)
        assert camera.scale_px([[320.0, 192.0]]) == pytest.approx(250.0, rel=1e-3)
