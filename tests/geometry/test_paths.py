"""Points on the way of a body against a matrix for each."""

import numpy as np

from scenegen.geometry import inverse, pose
from scenegen.geometry.interpolation import poses_at
from scenegen.geometry.paths import Path
from scenegen.geometry.transforms import quaternion_from_yaw

TIMES = np.array([0.0, 0.05, 0.1, 0.15])
POSES = pose(
    np.array([[0.0, 0.0, 0.0], [1.0, 0.1, 0.0], [2.5, 0.1, -0.2], [2.5, 0.1, -0.2]]),
    quaternion_from_yaw(np.array([0.0, 0.1, -0.3, -0.3])),
)


def test_a_path_takes_points_where_poses_take_them():
    rng = np.random.default_rng(0)
    moments, points = rng.uniform(-0.01, 0.16, 300), rng.normal(size=(300, 3)) * 20
    here = poses_at(TIMES, POSES, moments)
    expected = np.einsum("nij,nj->ni", here[:, :3, :3], points) + here[:, :3, 3]
    path = Path(TIMES, POSES)
    np.testing.assert_allclose(path.to_world(points, moments), expected, atol=1e-12)
    back = inverse(here)
    expected = np.einsum("nij,nj->ni", back[:, :3, :3], points) + back[:, :3, 3]
    np.testing.assert_allclose(path.to_body(points, moments), expected, atol=1e-12)
    np.testing.assert_allclose(path.to_body(path.to_world(points, moments), moments), points)
