"""Rays against triangles whose answers are known."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scenegen.annotate.checks.sampling import one_in_each_square
from scenegen.annotate.raycast import RayMesh, Triangles, join

AHEAD = np.array([[0.0, 0.0, 1.0]])


def wall(z: float, *, towards: bool = True, two_sided: bool = False) -> Triangles:
    """Return a large triangle at a depth whose front faces the origin, or not."""
    corners = np.array([[[-9.0, -9.0, z], [0.0, 9.0, z], [9.0, -9.0, z]]])
    if not towards:
        corners = corners[:, ::-1]
    return Triangles(corners, np.array([two_sided]), np.array([26], np.uint8))


@given(st.floats(0.5, 300.0), st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))
def test_depth_is_exact(z: float, x: float, y: float) -> None:
    one = wall(1.0)
    big = Triangles(one.corners * z, one.two_sided, one.semantic)
    hits = RayMesh(big).cast((0, 0, 0), np.array([[x, y, 1.0]]))
    assert hits.triangle[0] == 0
    assert abs(hits.distance[0] - z) < 1e-9 * z


def test_back_faces_let_rays_through() -> None:
    mesh = RayMesh(join([wall(2.0, towards=False), wall(5.0)]))
    assert mesh.cast((0, 0, 0), AHEAD).distance[0] == 5.0
    mesh = RayMesh(join([wall(2.0, towards=False, two_sided=True), wall(5.0)]))
    assert mesh.cast((0, 0, 0), AHEAD).distance[0] == 2.0


def test_what_is_too_near_is_passed() -> None:
    mesh = RayMesh(join([wall(0.2), wall(5.0)]))
    assert mesh.cast((0, 0, 0), AHEAD, nearest=0.3).distance[0] == 5.0


def test_misses_and_empty_meshes() -> None:
    for mesh in (RayMesh(wall(2.0)), RayMesh(join([]))):
        hits = mesh.cast((0, 0, 0), -AHEAD)
        assert hits.triangle[0] == -1
        assert np.isinf(hits.distance[0])


def test_thousands_of_meshes_live_at_once() -> None:
    """As they do when sets of many scenarios are verified: Embree ends at some 1,900 devices."""
    meshes = [RayMesh(wall(2.0)) for _ in range(4000)]
    assert meshes[-1].cast((0, 0, 0), AHEAD).distance[0] == 2.0


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 9))
def test_each_square_has_at_most_one_ray(width: int, height: int, stride: int) -> None:
    pixels = one_in_each_square(-3, 5, -3 + width, 5 + height, stride)
    squares = (pixels - (-3, 5)) // stride
    assert len(np.unique(squares, axis=0)) == len(squares)
    assert ((pixels >= (-3, 5)) & (pixels < (-3 + width, 5 + height))).all()
    if stride == 1:
        assert len(pixels) == width * height
