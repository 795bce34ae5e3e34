"""What stands hides what is behind it, as far as it reaches and no farther."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.assets import get
from scenegen.assets.standing import ASIDE_M, Standing
from scenegen.geometry import quaternion_from_rpy
from scenegen.records import Prop, RoadSpec
from scenegen.roads import build_network

STREET = build_network(RoadSpec(kind="straight", length_m=200.0))
HILL = build_network(RoadSpec(kind="hill", length_m=300.0, crest_m=6.0))
ACROSS = tuple(quaternion_from_rpy(0.0, 0.0, np.pi / 2).tolist())


def wall(height):
    """A hedge across the line of sight, 50 m along the road: 8 m long, 0.3 m thick."""
    return Prop(
        asset_id="prop.hedge",
        position_m=(50.0, 0.0, 0.0),
        quaternion_wxyz=ACROSS,
        size_m=(8.0, 0.3, height),
    )


def depth(props, eye, point, network=STREET, known=-np.inf):
    stands = Standing(props, network)
    eye, point = np.array([eye]), np.array([[point]])
    return float(stands.depth(eye, point, np.array([[known]]))[0, 0])


def level(props, y, z, known=-np.inf):
    """Of a line along the road, 20 m to each side of the wall."""
    return depth(props, (30.0, y, z), (70.0, y, z), known=known)


def test_a_wall_between_two_points_hides_by_the_way_to_its_edge():
    assert level([wall(2.5)], 0.0, 1.25) == 1.0
    assert level([wall(2.5)], 3.7, 1.25) == 0.5
    assert level([wall(1.5)], 0.0, 1.25) in (0.2, 0.5)  # leaves stand up unevenly
    assert level([wall(2.5)], 0.0, 1.25, known=3.0) == 3.0


def test_what_the_line_passes_misses_it_by_so_much():
    high = float(get("prop.hedge", 0, (8.0, 0.3, 2.0)).bounds_m[1, 2])
    assert level([wall(2.0)], 4.4, 1.0) == pytest.approx(-0.4, abs=0.1)
    assert level([wall(2.0)], 0.0, high + 0.3) == pytest.approx(-0.3)
    assert level([wall(2.0)], 6.0, 1.0) == -np.inf
    assert depth([wall(2.0)], (30.0, 0.0, 1.0), (48.0, 0.0, 1.0)) == -np.inf  # before it
    assert level([wall(2.0)], 0.0, high + 0.3, known=-0.1) == -0.1


@given(st.floats(-6.0, 6.0), st.floats(0.3, 2.5), st.floats(0.6, 2.2))
def test_its_sign_is_that_of_the_line_and_a_box(y, z, height):
    found = level([wall(height)], y, z)
    apart = max(abs(y) - 4.0, z - height)
    if abs(apart) > 0.15:  # leaves
        assert (found > 0) == (apart < 0)


@pytest.mark.parametrize("asset", ["prop.hedge", "prop.building"])
def test_hedges_and_the_corners_of_houses_hide(asset):
    size = (10.0, 0.8, 1.8) if asset == "prop.hedge" else (12.0, 10.0, 6.0)
    thing = Prop(asset_id=asset, position_m=(50.0, 10.0, 0.0), size_m=size)
    (x0, y0), (x1, y1) = (50 - size[0] / 2, 10 - size[1] / 2), (50 + size[0] / 2, 10 + size[1] / 2)
    middle = (0.5 * (x0 + x1), 0.5 * (y0 + y1))
    eye = (middle[0] - 15.0, middle[1] - 15.0, 1.2)
    beyond = (middle[0] + 15.0, middle[1] + 15.0, 1.0)
    assert depth([thing], eye, beyond) > 0
    # Parallel to that, past the corner.
    free = [(x + 12.0, y - 12.0, z) for x, y, z in (eye, beyond)]
    assert depth([thing], *free) < 0


def test_one_sees_beneath_the_crown_of_a_tree_and_not_through_its_trunk():
    tree = Prop(asset_id="prop.tree_broadleaf", position_m=(50.0, 0.0, 0.0))
    assert depth([tree], (30.0, 0.0, 1.0), (70.0, 0.0, 1.0)) > 0
    past = depth([tree], (30.0, 1.0, 1.0), (70.0, 1.0, 1.0))
    assert past in {-aside for aside in ASIDE_M}


def test_a_crest_hides_what_is_beyond_it():
    middle = 150.0
    height = max(s.vertices[:, 2].max() for s in HILL.surfaces)
    assert height > 2.0
    assert depth([], (middle - 120, 0.0, 1.2), (middle + 120, 0.0, 0.8), HILL) > 0
    above = height + 1.0
    assert depth([], (middle - 15, 0.0, above), (middle + 15, 0.0, above), HILL) == -np.inf
    assert depth([], (30.0, 0.0, 1.2), (70.0, 0.0, 0.8)) == -np.inf  # the street is level
