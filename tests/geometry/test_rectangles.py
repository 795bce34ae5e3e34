"""Turned rectangles, many pairs at once, against shapely."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scenegen.geometry.rectangles import Rectangles, gap, overlaps, shadows

PAIRS = 12


def many(low, high):
    return arrays(np.float64, PAIRS, elements=st.floats(low, high))


def turned(x, y, yaw, length, width):
    return Rectangles(x, y, np.cos(yaw), np.sin(yaw), length, width)


rectangles = st.builds(
    turned, many(-12, 12), many(-12, 12), many(-3.2, 3.2), many(0.1, 6), many(0.1, 3)
)


def polygons(some):
    return shapely.polygons(some.corners())


@given(rectangles)
def test_outlines_have_their_sides_and_headings(some):
    outlines = polygons(some)
    np.testing.assert_allclose(
        shapely.area(outlines), 4 * some.half_length_m * some.half_width_m, rtol=1e-9
    )
    corners = some.corners()
    np.testing.assert_allclose(corners.mean(axis=-2), some.middle_m, atol=1e-9)
    ahead = 0.5 * (corners[:, 1] - corners[:, 0]) / some.half_length_m[:, None]
    np.testing.assert_allclose(ahead, np.stack(some.ahead, axis=-1), atol=1e-9)
    assert shapely.is_ccw(shapely.get_exterior_ring(outlines)).all()
    np.testing.assert_allclose(
        np.hypot(*np.moveaxis(corners - some.middle_m[:, None], -1, 0)).max(axis=1), some.radius_m
    )


@given(rectangles, rectangles)
def test_overlap_is_a_common_area(a, b):
    shared = shapely.area(shapely.intersection(polygons(a), polygons(b)))
    depth = -gap(a, b)
    clear = np.abs(depth) > 1e-6
    np.testing.assert_array_equal(overlaps(a, b)[clear], (shared > 0)[clear])
    np.testing.assert_array_equal(overlaps(a, b), overlaps(b, a))


@given(rectangles, rectangles)
def test_gaps_are_distances_of_polygons(a, b):
    theirs = shapely.distance(polygons(a), polygons(b))
    np.testing.assert_allclose(np.maximum(gap(a, b), 0.0), theirs, atol=1e-9)
    np.testing.assert_allclose(gap(a, b), gap(b, a), atol=1e-9)


@given(rectangles, rectangles)
def test_a_negative_gap_is_the_least_way_apart(a, b):
    """Moved by it along one of the normals, overlapping outlines just touch."""
    depth = gap(a, b)
    left = [
        gap(a, replace(b, x_m=b.x_m - sign * depth * axis[0], y_m=b.y_m - sign * depth * axis[1]))
        for axis, _, _ in shadows(a, b)
        for sign in (1.0, -1.0)
    ]
    np.testing.assert_allclose(np.max(left, axis=0)[depth < -1e-6], 0.0, atol=1e-9)


@given(rectangles, rectangles)
def test_pairs_by_themselves_are_as_among_many(a, b):
    """To the bit, and every one against every other as pair by pair."""
    every = gap(Rectangles(*(v[:, None] for v in vars(a).values())), b)
    for k in range(PAIRS):
        assert gap(a, b)[k] == gap(a[k], b[k]) == every[k, k]
        assert overlaps(a, b)[k] == overlaps(a[k], b[k])


def test_touching_is_no_overlap_and_what_has_no_size_overlaps_nothing():
    zero, one = np.float64(0.0), np.float64(1.0)
    plain = turned(zero, zero, zero, 2 * one, one)
    assert not overlaps(plain, turned(4 * one, zero, zero, 2 * one, one))
    assert not overlaps(plain, turned(zero, 2 * one, zero, 2 * one, one))
    assert overlaps(plain, turned(3.999 * one, 1.999 * one, zero, 2 * one, one))
    assert not overlaps(plain, turned(zero, zero, one, -2 * one, -one))
    assert float(gap(plain, turned(7 * one, 6 * one, zero, 2 * one, one))) == pytest.approx(5.0)
