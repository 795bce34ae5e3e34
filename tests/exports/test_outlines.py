"""Outlines of masks, filled again by pycocotools."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pycocotools import mask as coco
from shapely import Polygon

from scenegen.exports.outlines import outlines
from scenegen.exports.yolo.rows import joined

SIZES = st.tuples(st.integers(1, 12), st.integers(1, 12))


@given(arrays.arrays(np.bool_, SIZES))
def test_outlines_hold_the_mask_and_nothing_else(mask) -> None:
    rings = outlines(mask)
    assert sum(Polygon(ring).area for ring in rings) == mask.sum()
    assert all(Polygon(ring).is_valid for ring in rings)
    if rings:
        runs = coco.frPyObjects([ring.ravel().tolist() for ring in rings], *mask.shape)
        np.testing.assert_array_equal(coco.decode(coco.merge(runs)).astype(bool), mask)


@given(arrays.arrays(np.bool_, SIZES))
def test_one_ring_holds_the_mask_too(mask) -> None:
    if mask.any():
        ring = joined(outlines(mask))
        runs = coco.frPyObjects([ring.ravel().tolist()], *mask.shape)
        np.testing.assert_array_equal(coco.decode(coco.merge(runs)).astype(bool), mask)


def test_a_frame_is_cut_at_its_hole() -> None:
    mask = np.ones((3, 4), dtype=np.bool_)
    mask[1, 1:3] = False
    left, right = outlines(mask)
    assert left[:, 0].max() == right[:, 0].min() == 2
    assert outlines(np.zeros((2, 2), np.bool_)) == []
