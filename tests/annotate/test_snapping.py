"""What a pixel may show on a grid of sub-pixels, for triangles whose images are known."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scenegen.annotate.checks.snapping import candidates, surely_covered
from scenegen.annotate.checks.squares import GRID_PX
from scenegen.annotate.checks.surfaces import SKY, Placed
from scenegen.annotate.raycast import RayMesh, Triangles, join
from scenegen.geometry import Camera

CAMERA = Camera(640, 384, 400.0, 400.0, 320.0, 192.0, np.eye(4))
CENTRE = np.array([320.5, 192.5])
CAR = 26


def sheet(left_px: float, right_px: float, z: float, *, id_: int = 1, tilt: float = 0.0) -> Placed:
    """Return an upright rectangle that faces the camera, between two columns of the picture.

    With a tilt its right edge is so much, m, deeper than its left one.
    """
    far = z + tilt
    x = (np.array([left_px, right_px]) - CAMERA.cx) / CAMERA.fx * np.array([z, far])
    a, b, c, d = (
        np.array([u, v, w])
        for u, v, w in ((x[0], -9, z), (x[0], 9, z), (x[1], 9, far), (x[1], -9, far))
    )
    corners = np.array([[a, b, c], [a, c, d]])
    if np.cross(b - a, c - a)[2] > 0:
        corners = corners[:, ::-1]
    triangles = Triangles(corners, np.zeros(2, np.bool_), np.full(2, CAR, np.uint8))
    return Placed(CAMERA, RayMesh(triangles), np.eye(4), id_)


def shown(*scene: Placed) -> set[int]:
    """Return the ids that the middle pixel may show, 0 for the sky."""
    return set(candidates(CAMERA, scene, CENTRE, 5.0).instance.tolist())


def test_what_covers_the_pixel_hides_the_rest() -> None:
    assert shown(sheet(300, 340, 5.0), sheet(300, 340, 9.0, id_=2)) == {1}
    assert shown(sheet(300, 340, 9.0), sheet(300, 340, 5.0, id_=2)) == {2}


def test_nothing_is_sky() -> None:
    found = candidates(CAMERA, [sheet(100, 200, 5.0)], CENTRE, 5.0)
    assert found.semantic.tolist() == [SKY]


@given(st.floats(-0.45, 0.45))
def test_an_edge_leaves_the_pixel_open_only_within_the_grid(gap_px: float) -> None:
    found = shown(sheet(CENTRE[0] + gap_px, 400, 5.0), sheet(200, 400, 9.0, id_=2))
    if abs(gap_px) <= 0.5 * GRID_PX:
        assert found == {1, 2}
    elif abs(gap_px) >= GRID_PX:
        assert found == ({1} if gap_px < 0 else {2})


@given(st.floats(0.01, 20.0))
def test_depths_are_those_of_the_plane_within_the_square(tilt: float) -> None:
    found = candidates(CAMERA, [sheet(310, 331, 10.0, tilt=tilt)], CENTRE, 10.0)
    # Inverse depth runs evenly from edge to edge.
    inverse = np.interp(
        CENTRE[0] + np.array([-GRID_PX, 0, GRID_PX]), [310, 331], [0.1, 1 / (10 + tilt)]
    )
    shallow, middle, deep = 1 / inverse
    assert (found.low_m <= middle).all()
    assert (found.high_m >= middle).all()
    assert (found.low_m >= shallow - 1e-9).all()
    assert (found.high_m <= deep + 1e-9).all()


def test_the_back_of_a_sheet_is_not_shown() -> None:
    front = sheet(300, 340, 5.0)
    away = Triangles(
        front.mesh.triangles.corners[:, ::-1],
        front.mesh.triangles.two_sided,
        front.mesh.triangles.semantic,
    )
    back = Placed(CAMERA, RayMesh(away), np.eye(4), 1)
    assert shown(back, sheet(300, 340, 9.0, id_=2)) == {2}
    both = Triangles(away.corners, ~away.two_sided, away.semantic)
    assert shown(Placed(CAMERA, RayMesh(both), np.eye(4), 1), sheet(300, 340, 9.0, id_=2)) == {1}


def test_sheets_that_only_overlap_may_come_apart() -> None:
    middle = float(CENTRE[0])
    joined = sheet(300, 340, 5.0)
    assert surely_covered([joined], CENTRE, 5.0)
    halves = [sheet(300, middle + 0.001, 5.0), sheet(middle - 0.001, 340, 5.5)]
    both = join(half.mesh.triangles for half in halves)
    assert not surely_covered([Placed(CAMERA, RayMesh(both), np.eye(4), 1)], CENTRE, 5.0)
    halves = [sheet(300, middle, 5.0), sheet(middle, 340, 5.0)]
    shared = join(half.mesh.triangles for half in halves)
    assert surely_covered([Placed(CAMERA, RayMesh(shared), np.eye(4), 1)], CENTRE, 5.0)
