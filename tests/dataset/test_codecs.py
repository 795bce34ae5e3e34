"""Every picture survives its file, and an independent reader sees the same numbers."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from scenegen.dataset import codecs
from scenegen.dataset.png import encode_png

SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 9))
F32 = np.float32


FILTERS = st.sampled_from(["none", "sub"])
PACKINGS = st.sampled_from(["repeats", "quick"])


@given(SHAPES.flatmap(lambda s: arrays(np.uint8, (*s, 3))), FILTERS, PACKINGS)
def test_every_filter_and_packing_gives_a_picture_that_pillow_reads(rgb, row_filter, packing):
    opened = Image.open(io.BytesIO(encode_png(rgb, row_filter, packing)))
    assert opened.mode == "RGB"
    np.testing.assert_array_equal(np.asarray(opened), rgb)


@given(SHAPES.flatmap(lambda s: arrays(np.uint16, s)), FILTERS, PACKINGS)
def test_16_bit_grey_is_read_by_pillow(grey, row_filter, packing):
    opened = Image.open(io.BytesIO(encode_png(grey, row_filter, packing)))
    np.testing.assert_array_equal(np.asarray(opened).astype(np.uint16), grey)


@given(SHAPES.flatmap(lambda s: arrays(np.uint8, (*s, 3))))
def test_rgb_round_trip(rgb):
    np.testing.assert_array_equal(codecs.decode_rgb(codecs.encode_rgb(rgb)), rgb)


def test_red_stands_first_in_the_file():
    red = np.zeros((2, 2, 3), np.uint8)
    red[..., 0] = 255
    opened = Image.open(io.BytesIO(codecs.encode_rgb(red)))
    assert opened.getpixel((0, 0)) == (255, 0, 0)


@given(SHAPES.flatmap(lambda s: arrays(F32, s, elements=st.floats(0.015625, 255.75, width=32))))
def test_depth_is_kept_to_half_a_step(depth_m):
    back = codecs.decode_depth(codecs.encode_depth(depth_m))
    assert np.abs(back - depth_m).max() <= 0.5 / 256 + 1e-6


def test_depth_that_cannot_be_held_is_none_and_never_wraps():
    depth_m = np.array([[np.inf, np.nan, -1.0, 0.0, 256.0, 1e9, 255.996, 0.001, 1.0]], F32)
    stored = np.asarray(Image.open(io.BytesIO(codecs.encode_depth(depth_m))))
    assert stored.tolist() == [[0, 0, 0, 0, 0, 0, 65535, 1, 256]]
    assert np.isinf(codecs.decode_depth(codecs.encode_depth(depth_m))[0, 0])


@given(SHAPES.flatmap(lambda s: arrays(np.uint16, s)))
def test_instance_round_trip(instance):
    np.testing.assert_array_equal(
        codecs.decode_instance(codecs.encode_instance(instance)), instance
    )


@given(SHAPES.flatmap(lambda s: arrays(np.uint8, s)))
def test_semantic_round_trip(semantic):
    np.testing.assert_array_equal(
        codecs.decode_semantic(codecs.encode_semantic(semantic)), semantic
    )


@given(
    SHAPES.flatmap(lambda s: arrays(F32, (*s, 3), elements=st.floats(-1, 1, width=32))),
)
def test_normals_are_kept_to_half_a_step(normal):
    back = codecs.decode_normal(codecs.encode_normal(normal))
    assert np.abs(back - normal).max() <= 1.6e-5


def test_no_normal_stays_zero():
    assert not codecs.decode_normal(codecs.encode_normal(np.zeros((2, 3, 3), F32))).any()


FLOWS = SHAPES.flatmap(
    lambda s: st.tuples(
        arrays(F32, (*s, 2), elements=st.floats(-512, 511.75, width=32)), arrays(np.bool_, s)
    )
)


@given(FLOWS)
def test_flow_is_kept_to_half_a_step_where_valid(case):
    flow, valid = case
    back, back_valid = codecs.decode_flow(codecs.encode_flow(flow, valid))
    np.testing.assert_array_equal(back_valid, valid)
    assert not back[~valid].any()
    if valid.any():
        assert np.abs(back - flow)[valid].max() <= 0.5 / 64 + 1e-4


def test_flow_stands_in_kitti_order_and_what_cannot_be_held_is_invalid():
    flow = np.array([[[1.0, -2.0], [600.0, 0.0], [0.0, -513.0], [np.nan, 0.0]]], F32)
    data = codecs.encode_flow(flow, np.ones((1, 4), bool))
    # Pillow brings 16-bit truecolour down to 8 bits, so its high bytes are compared here
    # and the low ones through the decoder.
    assert Image.open(io.BytesIO(data)).getpixel((0, 0)) == (0x80, 0x7F, 0)
    decoded, valid = codecs.decode_flow(data)
    assert valid.tolist() == [[True, False, False, False]]
    assert decoded[0, 0].tolist() == [1.0, -2.0]


@pytest.mark.parametrize("height", [1, 63, 64, 65, 200])
def test_a_picture_of_any_number_of_bands_keeps_every_row(height):
    generator = np.random.Generator(np.random.Philox(height))
    instance = generator.integers(0, 65536, (height, 3), dtype=np.uint16)
    np.testing.assert_array_equal(
        codecs.decode_instance(codecs.encode_instance(instance)), instance
    )
    flow = generator.uniform(-500, 500, (height, 3, 2)).astype(F32)
    valid = generator.random((height, 3)) < 0.5
    back, back_valid = codecs.decode_flow(codecs.encode_flow(flow, valid))
    np.testing.assert_array_equal(back_valid, valid)
    assert np.abs(back - flow)[valid].max(initial=0.0) <= 0.5 / 64 + 1e-4


@settings(max_examples=20)
@given(arrays(np.uint16, (7, 5, 3)))
def test_equal_pictures_give_equal_bytes(picture):
    strided = np.asfortranarray(picture)
    assert encode_png(picture) == encode_png(strided)


@pytest.mark.parametrize("bad", [b"", b"no picture", encode_png(np.zeros((2, 2), np.uint8))])
def test_a_damaged_or_foreign_picture_is_refused(bad):
    with pytest.raises(ValueError, match="PNG"):
        codecs.decode_depth(bad)


@pytest.mark.parametrize("cut", [30, 60, -13])
def test_a_truncated_picture_is_refused_or_at_least_not_silently_right(cut):
    rgb = np.random.Generator(np.random.Philox(0)).integers(0, 255, (40, 40, 3), dtype=np.uint8)
    with pytest.raises(ValueError, match="not a readable PNG"):
        codecs.decode_rgb(codecs.encode_rgb(rgb)[:cut])


@pytest.mark.parametrize(
    "picture", [np.zeros((2, 2), np.float32), np.zeros((2, 2, 2), np.uint8), np.zeros((0, 2), "u1")]
)
def test_what_is_no_picture_is_refused(picture):
    with pytest.raises(ValueError, match="no PNG of shape"):
        encode_png(picture)
