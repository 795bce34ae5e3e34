"""Polygons: triangles that fill them, uniform points, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from scenegen.geometry import in_triangles, triangulate

L_SHAPE = [[0, 0], [4, 0], [4, 1], [1, 1], [1, 3], [0, 3]]


def area(triangles):
    a, b, c = (triangles[:, k] for k in range(3))
    return 0.5 * np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0])


@given(st.lists(st.floats(0.5, 5.0), min_size=3, max_size=20), st.booleans())
def test_triangles_fill_a_star(radii, clockwise):
    angle = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    corners = np.array(radii)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    x, y = corners.T
    shoelace = 0.5 * abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
    triangles = triangulate(corners[::-1] if clockwise else corners)
    assert len(triangles) == len(radii) - 2
    assert area(triangles).sum() == pytest.approx(shoelace)


def test_points_are_uniform():
    rng = np.random.default_rng(0)
    x, y = in_triangles(triangulate(L_SHAPE), rng.uniform(size=60_000), rng.uniform(size=60_000))
    cells = [
        ((x // 1) == i) & ((y // 1) == j)
        for i, j in [(0, 0), (1, 0), (2, 0), (3, 0), (0, 1), (0, 2)]
    ]
    counts = [int(cell.sum()) for cell in cells]
    assert sum(counts) == 60_000
    assert chisquare(counts).pvalue > 0.001


@pytest.mark.parametrize(
    ("corners", "message"),
    [
        ([[0, 0], [2, 2], [2, 0], [0, 2]], "cross"),
        ([[0, 0], [1, 0], [2, 0]], "area"),
        ([[0, 0], [4, 0], [4, 4], [2, 0], [0, 4]], "touch"),
    ],
)
def test_what_is_no_simple_polygon_is_refused(corners, message):
    with pytest.raises(ValueError, match=message):
        triangulate(corners)
