"""Boxes by middle and half sides reach as far as their corners do."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen.geometry import Camera, pose, quaternion_from_yaw
from scenegen.render.culling import Boxes
from scenegen.render.view import picture_from_camera

CAMERA = Camera(64, 48, fx=40.0, fy=40.0, cx=32.0, cy=24.0, body_from_camera=np.eye(4))
COUNT = 400


@pytest.fixture
def world():
    """Boxes that are strewn around a camera, and their poses."""
    rng = np.random.default_rng(4)
    place = rng.uniform(-30.0, 30.0, (COUNT, 3))
    turned = quaternion_from_yaw(rng.uniform(-np.pi, np.pi, COUNT))
    middle, half = rng.uniform(-1.0, 1.0, (COUNT, 3)), rng.uniform(0.1, 3.0, (COUNT, 3))
    return Boxes(middle, half, np.arange(COUNT)), pose(place, turned)


def test_spans_are_those_of_the_corners(world):
    boxes, poses = world
    low, high = boxes.spans(poses, slice(2))
    corners = boxes.corners(poses, np.arange(COUNT))
    np.testing.assert_allclose(low, corners[..., :2].min(axis=1), atol=1e-12)
    np.testing.assert_allclose(high, corners[..., :2].max(axis=1), atol=1e-12)
    np.testing.assert_allclose(boxes.middles(poses), corners.mean(axis=1), atol=1e-12)


def test_a_box_is_left_out_where_all_corners_lie_beyond_one_side(world):
    boxes, poses = world
    clip = picture_from_camera(CAMERA)
    points = boxes.corners(poses, np.arange(COUNT)) @ clip[:, :3].T + clip[:, 3]
    xyz, w = points[..., :3], points[..., 3:]
    beyond = (xyz > w).all(axis=1).any(axis=1) | (xyz < -w).all(axis=1).any(axis=1)
    assert 20 < beyond.sum() < COUNT - 20
    np.testing.assert_array_equal(boxes.visible(clip, poses), ~beyond)


def test_a_box_counts_with_its_shadow(world):
    boxes, poses = world
    clip = picture_from_camera(CAMERA)
    away = np.array([0.6, 0.8, 0.0])  # down to the right of the picture
    alone, shadowed = boxes.visible(clip, poses), boxes.visible(clip, poses, away)
    assert (shadowed & ~alone).any()
    assert not shadowed.all()
    # Wherever a shadow is seen that a box throws over some way, it counts.
    for far in (3.0, 15.0, 40.0):
        moved = poses.copy()
        moved[:, :3, 3] += far * away
        assert not (boxes.visible(clip, moved) & ~shadowed).any()
