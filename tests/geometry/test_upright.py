"""Upright boxes: overlap and sight, against other ways to find them."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from scenegen.geometry import Boxes, boxes_of, boxes_overlap, segments_depth, segments_meet
from scenegen.geometry.rectangles import overlaps

BOUNDS = np.array([[-1.5, -1.0, 0.0], [2.5, 1.0, 1.5]])
PLACES = st.tuples(st.floats(-8, 8), st.floats(-8, 8), st.floats(-3.2, 3.2))


def box(x, y, yaw=0.0, off=0.0, z=0.0):
    return boxes_of(BOUNDS, *(np.float64(value) for value in (x, y, z, yaw)), off)


def edges(rectangle):
    """Return A, b of the half-planes A p <= b whose common part is the rectangle."""
    c, s = float(rectangle.cos), float(rectangle.sin)
    normals = np.array([[c, s], [-c, -s], [-s, c], [s, -c]])
    middle = np.array([float(rectangle.x_m), float(rectangle.y_m)])
    half = np.array([rectangle.half_length_m] * 2 + [rectangle.half_width_m] * 2)
    return normals, normals @ middle + half


@given(PLACES, PLACES)
def test_overlap_is_a_common_point(a, b):
    """A linear program asks for a point that lies inside of both by as much as possible."""
    one, other = box(*a).base, box(*b).base
    (na, ra), (nb, rb) = edges(one), edges(other)
    rows = np.column_stack([np.concatenate([na, nb]), np.ones(8)])
    found = linprog([0, 0, -1], rows, np.concatenate([ra, rb]), bounds=[(None, None)] * 3)
    depth = found.x[2]
    if abs(depth) > 1e-6:
        assert bool(overlaps(one, other)) == (depth > 0)


@given(PLACES, PLACES, st.floats(-1, 4), st.floats(-1, 4))
def test_a_segment_meets_a_box_where_one_of_its_points_is_inside(a, b, low, high):
    wall = box(0.0, 0.0, 0.4)
    eye, point = np.array([a[0], a[1], low]), np.array([b[0], b[1], high])
    met = bool(segments_meet(wall, eye, point))
    along = eye + np.linspace(0, 1, 2001)[:, None] * (point - eye)
    normals, reach = edges(wall.base)
    depth = (reach - along[:, :2] @ normals.T).min(axis=1)
    depth = np.minimum(depth, np.minimum(along[:, 2], 1.5 - along[:, 2]))
    if depth.max() > 1e-9:
        assert met
    elif depth.max() < -0.02:
        assert not met


@given(PLACES, PLACES, st.floats(-2, 2))
def test_boxes_overlap_where_rectangles_and_heights_do(a, b, z):
    one, other = box(*a), box(*b, z=z)
    level = -1.5 < z < 1.5
    assert bool(boxes_overlap(one, other)) == (level and bool(overlaps(one.base, other.base)))
    if boxes_overlap(one, other):
        assert boxes_overlap(box(*a, off=-0.1), box(*b, off=-0.1, z=z))


def test_heights():
    assert not boxes_overlap(box(0, 0), box(0, 0, z=1.5))
    assert boxes_overlap(box(0, 0), box(0, 0, z=1.49))
    assert not boxes_overlap(box(0, 0, off=0.01), box(0, 0, z=1.49))


@given(PLACES, PLACES, st.floats(-1, 4), st.floats(-1, 4))
def test_a_box_shrunk_by_the_depth_just_touches_the_segment(a, b, low, high):
    wall = box(0.5, -0.3, 0.4)
    eye, point = np.array([a[0], a[1], low]), np.array([b[0], b[1], high])
    depth = float(segments_depth(wall, eye, point))

    def meets(off):
        length, width = wall.base.half_length_m - off, wall.base.half_width_m - off
        base = replace(wall.base, half_length_m=length, half_width_m=width)
        return bool(segments_meet(Boxes(base, wall.low_m + off, wall.high_m - off), eye, point))

    assert meets(depth - 1e-6)
    assert depth < 0.75 + 1e-9  # half of the least edge, of which nothing is left
    if depth < 0.74:
        assert not meets(depth + 1e-6)
