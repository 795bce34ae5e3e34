"""Poses between poses, held against scipy's slerp."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from scenegen.geometry import pose
from scenegen.geometry.interpolation import blend_poses, poses_at, turn_matrices


def some_poses(count: int) -> np.ndarray:
    rng = np.random.default_rng(3)
    turns = Rotation.random(count, random_state=3).as_quat()[:, [3, 0, 1, 2]]
    return pose(rng.normal(size=(count, 3)), turns)


def test_turn_matrices_are_rotations() -> None:
    vectors = np.random.default_rng(1).normal(size=(50, 3))
    vectors[0] = 0
    expected = Rotation.from_rotvec(vectors).as_matrix()
    np.testing.assert_allclose(turn_matrices(vectors), expected, atol=1e-12)


def test_poses_at_is_slerp() -> None:
    poses = some_poses(6)
    times = np.array([0.0, 0.1, 0.15, 0.4, 0.5, 1.0])
    at = np.linspace(0, 1, 31)
    slerp = Slerp(times, Rotation.from_matrix(poses[:, :3, :3]))
    found = poses_at(times, poses, at)
    np.testing.assert_allclose(found[:, :3, :3], slerp(at).as_matrix(), atol=1e-9)
    for axis in range(3):
        line = np.interp(at, times, poses[:, axis, 3])
        np.testing.assert_allclose(found[:, axis, 3], line, atol=1e-12)


def test_ends_are_kept() -> None:
    poses = some_poses(2)
    np.testing.assert_allclose(blend_poses(poses[0], poses[1], 0.0), poses[0], atol=1e-12)
    np.testing.assert_allclose(blend_poses(poses[0], poses[1], 1.0), poses[1], atol=1e-9)
