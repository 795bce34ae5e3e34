"""The box of a track holds every vertex in every pose, and no more."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen import assets
from scenegen.geometry import apply


@pytest.mark.parametrize("asset_id", ["bicycle.city", "animal.dog"])
def test_the_box_is_that_of_all_vertices_pose_by_pose(asset_id: str) -> None:
    asset = assets.get(asset_id, 0)
    generator = np.random.Generator(np.random.Philox(7))
    values = generator.uniform(-0.6, 0.6, (5, len(asset.joints)))
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for row in values:
        poses = assets.body_from_parts(asset, row)
        for part, pose in zip(asset.parts, poses, strict=True):
            for surface in part.surfaces:
                points = apply(pose, surface.vertices)
                low = np.minimum(low, points.min(axis=0))
                high = np.maximum(high, points.max(axis=0))
    np.testing.assert_allclose(assets.posed_bounds(asset, values), [low, high], atol=1e-9)
