"""The room of a tunnel: what is inside, how dry, and how much of a ray."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.records import RoadSpec
from scenegen.roads.layouts.tunnel import tube_of
from scenegen.roads.shelter import DRAGGED_M, DRIFTED_M, Shelter, shelter_of

ROAD = RoadSpec(kind="tunnel", length_m=300, tunnel_m=100)
BOX = Shelter((100.0, -6.0, -1.0), (200.0, 7.0, 5.0))
place = st.tuples(st.floats(50, 250), st.floats(-20, 20), st.floats(-5, 12))


def test_only_a_tunnel_is_a_shelter_and_it_is_its_tube() -> None:
    assert shelter_of(RoadSpec(kind="straight")) is None
    found, tube = shelter_of(ROAD), tube_of(ROAD)
    assert found is not None
    assert (found.low_m[0], found.high_m[0]) == (tube.start_m, tube.end_m) == (100.0, 200.0)
    roof = [150.0, 0.0, tube.height_m + 1.0]
    assert found.inside_m([[150, 0, 0], [99, 0, 0], [201, 0, 2], roof]).tolist() == [50, 0, 0, 0]
    # Walls, pavements and kerbs are in it.
    assert found.inside_m([150, tube.left_m, 1.0]) == found.inside_m([150, tube.right_m, 0]) == 50


def test_roads_dry_and_snow_ends_from_the_portals_on() -> None:
    x = np.array([90.0, 100.0, 101.0, 110.0, 125.0, 150.0, 190.0, 200.0, 210.0])
    points = np.stack([x, 0 * x, 0 * x], axis=-1)
    dry, bare = BOX.dry(points), BOX.bare(points)
    assert dry[[0, 1, 7, 8]].tolist() == [0, 0, 0, 0]
    assert dry[4] == dry[5] == 1.0
    assert dry[3] == dry[6] == pytest.approx(3 * 0.16 - 2 * 0.064)  # 10 of 25 m
    assert (np.diff(dry[1:6]) >= 0).all()
    assert bare[3:7].tolist() == [1, 1, 1, 1]
    assert 0 < bare[2] < 1
    assert DRIFTED_M < DRAGGED_M


@given(a=place, b=place)
def test_what_of_a_ray_is_inside_is_what_of_its_points_is(
    a: tuple[float, float, float], b: tuple[float, float, float]
) -> None:
    start, way = np.array(a), np.subtract(b, a)
    length = float(np.linalg.norm(way))
    if length < 0.1:
        return
    share = (np.arange(4000) + 0.5) / 4000
    points = start + share[:, None] * way
    inside = ((points >= BOX.low_m) & (points <= BOX.high_m)).all(axis=1).mean()
    found = BOX.within_m(start[None], way[None] / length, np.array([length]))[0]
    assert found == pytest.approx(inside * length, abs=length / 1000)


def test_a_ray_without_end_leaves_by_the_far_portal() -> None:
    ahead = np.array([[1.0, 0.0, 0.0]])
    for x, inside in ((50.0, 100.0), (150.0, 50.0), (250.0, 0.0)):
        found = BOX.within_m(np.array([[x, 0.0, 1.5]]), ahead, np.array([np.inf]))
        assert found[0] == pytest.approx(inside)
