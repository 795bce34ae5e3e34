"""The optional layers survive their files, and what can't be held becomes invalid."""

from __future__ import annotations

import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from scenegen.dataset import codecs
from scenegen.records import PixelTruth
from scenegen.records.pixels import OPTIONAL_LAYERS

SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 9))
F32 = np.float32
WAYS = st.floats(-32.75, 32.75, width=32)
SHARES = st.floats(0, 1, width=32)


def pictures(elements: st.SearchStrategy[float]) -> st.SearchStrategy:
    return SHAPES.flatmap(
        lambda s: st.tuples(
            arrays(F32, (*s, 3), elements=elements), arrays(np.bool_, s, elements=st.booleans())
        )
    )


@given(pictures(WAYS))
def test_scene_flow_is_kept_to_half_a_millimetre(drawn):
    flow, valid = drawn
    back, held = codecs.decode_scene_flow(codecs.encode_scene_flow(flow, valid))
    np.testing.assert_array_equal(held, valid)
    assert np.abs(back - flow)[valid].max(initial=0) <= 0.0005 + 2e-6
    assert not back[~valid].any()


@given(pictures(st.floats(width=32)))
def test_scene_flow_that_cannot_be_held_is_invalid_and_never_wraps(drawn):
    flow, valid = drawn
    back, held = codecs.decode_scene_flow(codecs.encode_scene_flow(flow, valid))
    with np.errstate(invalid="ignore"):
        within = (np.abs(flow) <= 32.767).all(axis=-1)
        beyond = ~(np.abs(flow) < 32.768).all(axis=-1)
    assert held[valid & within].all()
    assert not held[beyond | ~valid].any()
    assert np.abs(back[held] - flow[held]).max(initial=0) <= 0.0005 + 2e-6


def test_ends_of_the_range_of_scene_flow():
    flow = np.array([[[32.767, 0, 0], [-32.767, 0, 0], [32.768, 0, 0], [-32.769, 0, 0]]], F32)
    _, held = codecs.decode_scene_flow(codecs.encode_scene_flow(flow, np.ones((1, 4), bool)))
    assert held.tolist() == [[True, True, False, False]]


@given(pictures(SHARES))
def test_object_coordinates_are_kept_to_half_a_step(drawn):
    nocs, valid = drawn
    back, held = codecs.decode_nocs(codecs.encode_nocs(nocs, valid))
    np.testing.assert_array_equal(held, valid)
    assert np.abs(back - nocs)[valid].max(initial=0) <= 0.5 / 65534 + 1e-7


def test_object_coordinates_of_corners_are_not_background():
    corners = np.array([[[0, 0, 0], [1, 1, 1], [-1e-3, 0.5, 1.001]]], F32)
    back, held = codecs.decode_nocs(codecs.encode_nocs(corners, np.ones((1, 3), bool)))
    assert held.all()
    np.testing.assert_allclose(back[0, :2], corners[0, :2])
    np.testing.assert_allclose(back[0, 2], [0, 0.5, 1], atol=1e-5)


@given(SHAPES.flatmap(lambda s: arrays(np.uint16, s)))
def test_line_numbers_round_trip(lanes):
    data = codecs.encode_lanes(lanes)
    np.testing.assert_array_equal(codecs.DECODERS["lanes"](data), lanes)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(data))), lanes)


@given(SHAPES.flatmap(lambda s: arrays(np.uint8, s, elements=st.integers(0, 5))))
def test_drivable_round_trip(drivable):
    data = codecs.encode_drivable(drivable)
    np.testing.assert_array_equal(codecs.DECODERS["drivable"](data), drivable)


def test_only_what_is_there_is_encoded():
    assert codecs.encode_pixels(PixelTruth()) == {}
    flow, valid = np.zeros((2, 2, 2), F32), np.ones((2, 2), bool)
    whole = PixelTruth(
        flow, valid, np.zeros((2, 2, 3), F32), valid, np.zeros((2, 2, 3), F32), valid,
        np.zeros((2, 2), np.uint16), np.zeros((2, 2), np.uint8),
    )  # fmt: skip
    assert tuple(codecs.encode_pixels(whole)) == OPTIONAL_LAYERS
    assert codecs.LAYERS[-5:] == OPTIONAL_LAYERS
