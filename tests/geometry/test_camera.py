"""The camera: OpenCV as the oracle, OpenGL as the counterpart."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scenegen.geometry import (
    Camera,
    box_corners,
    clip_box,
    look_at,
    mask_box,
    nearest_point,
    project_box,
)
from scenegen.records import CameraSpec

CAMERA = Camera(640, 384, 450.0, 460.0, 310.0, 200.0, np.eye(4), near_m=0.3, far_m=400.0)
in_front = arrays(np.float64, (7, 3), elements=st.floats(-20, 20)).map(
    lambda p: np.c_[p[:, :2], np.abs(p[:, 2]) + 0.5]
)


@given(in_front)
def test_projection_agrees_with_opencv(points: np.ndarray) -> None:
    expected, _ = cv2.projectPoints(points, np.zeros(3), np.zeros(3), CAMERA.K, None)
    np.testing.assert_allclose(CAMERA.project(points), expected[:, 0], rtol=1e-9, atol=1e-6)


@given(in_front)
def test_unprojection_inverts_projection(points: np.ndarray) -> None:
    back = CAMERA.unproject(CAMERA.project(points), points[:, 2])
    np.testing.assert_allclose(back, points, atol=1e-9)


@given(in_front)
def test_opengl_lands_on_the_same_pixel(points: np.ndarray) -> None:
    homogeneous = np.c_[points, np.ones(len(points))]
    clip = homogeneous @ (CAMERA.gl_projection() @ CAMERA.gl_view(np.eye(4))).T
    ndc = clip[:, :3] / clip[:, 3:]
    pixels = np.c_[(ndc[:, 0] + 1) * 320, (1 - ndc[:, 1]) * 192]
    np.testing.assert_allclose(pixels, CAMERA.project(points), atol=1e-6)


def test_points_behind_have_no_image() -> None:
    assert np.isnan(CAMERA.project([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])).all()


def test_near_and_far_are_the_ends_of_clip_space() -> None:
    for depth, ndc in ((0.3, -1.0), (400.0, 1.0)):
        clip = CAMERA.gl_projection() @ np.array([0.0, 0.0, -depth, 1.0])
        assert clip[2] / clip[3] == pytest.approx(ndc)


def test_mounted_camera_looks_along_the_body() -> None:
    camera = CameraSpec(position_m=(1.0, 0.0, 1.5), pitch_rad=0.1).camera()
    forward = camera.body_from_camera[:3, 2]
    np.testing.assert_allclose(forward, [np.cos(0.1), 0.0, -np.sin(0.1)], atol=1e-12)
    np.testing.assert_allclose(camera.body_from_camera[:3, 0], [0, -1, 0], atol=1e-12)
    edge = camera.project([np.tan(CameraSpec().hfov_rad / 2), 0.0, 1.0])
    assert edge[0] == pytest.approx(640.0)


def test_look_at_centres_its_target() -> None:
    world_from_camera = look_at([3.0, -2.0, 5.0], [10.0, 4.0, 1.0])
    rotation = world_from_camera[:3, :3]
    assert np.linalg.det(rotation) == pytest.approx(1.0)
    target = rotation.T @ (np.array([10.0, 4.0, 1.0]) - world_from_camera[:3, 3])
    np.testing.assert_allclose(target[:2], 0.0, atol=1e-12)
    assert rotation[2, 1] < 0, "the camera's y points down"
    with pytest.raises(ValueError, match="vertical"):
        look_at([0, 0, 0], [0, 0, 5])


def test_mask_box_follows_pixel_corners() -> None:
    mask = np.zeros((10, 12), dtype=bool)
    mask[2:5, 3:8] = True
    assert mask_box(mask) == pytest.approx([3, 2, 8, 5])
    assert mask_box(np.zeros_like(mask)) is None


def test_a_box_beside_the_camera_keeps_a_finite_image() -> None:
    pose = np.eye(4)
    pose[2, 3] = 1.0
    image = project_box(CAMERA, box_corners(pose, (2.0, 2.0, 6.0)))
    assert image is not None
    assert np.isfinite(image).all()
    pose[2, 3] = -10.0
    assert project_box(CAMERA, box_corners(pose, (2.0, 2.0, 6.0))) is None


@given(arrays(np.float64, 4, elements=st.floats(-1e4, 1e4)))
def test_clipped_boxes_lie_inside(box: np.ndarray) -> None:
    clipped = clip_box(box, 640, 384)
    assert (clipped >= 0).all()
    assert (clipped <= [640, 384, 640, 384]).all()


@given(arrays(np.float64, 3, elements=st.floats(-9, 9)), st.floats(-3, 3), st.integers(0, 99))
def test_nothing_of_a_box_lies_behind_its_nearest_point(place, yaw, seed) -> None:
    """The plane through it, across the way to it, has all of the box on its far side."""
    pose = np.eye(4)
    pose[:2, :2] = [[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]]
    corners = box_corners(pose, (18.0, 2.5, 3.5))
    nearest = nearest_point(corners, place)
    shares = np.random.default_rng(seed).dirichlet(np.ones(8), 50)
    way = nearest - place
    assert ((shares @ corners - nearest) @ way >= -1e-9).all()
    inside = (np.abs(pose[:3, :3].T @ place) <= (9.0, 1.25, 1.75)).all()
    assert inside == (not way.any()) or np.linalg.norm(way) < 1e-9
