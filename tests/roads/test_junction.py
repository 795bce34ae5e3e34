"""The ground around a crossing's rounded corners."""

from __future__ import annotations

import numpy as np

from scenegen.records import RoadSpec
from scenegen.roads.junction import junction_of


def test_a_single_point_is_as_one_among_many() -> None:
    junction = junction_of(RoadSpec(kind="crossing", length_m=200.0, sidewalk_m=2.5))
    x, y = np.meshgrid(np.linspace(80, 120, 41), np.linspace(-20, 20, 41))
    points = np.stack([x, y], axis=-1)
    heights, gradients = junction.height(points), junction.gradient(points)
    for i, j in np.ndindex(x.shape):
        assert junction.height(points[i, j]) == heights[i, j]
        assert (junction.gradient(points[i, j]) == gradients[i, j]).all()
