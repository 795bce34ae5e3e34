"""Thumbnails are the same bytes each time, and what is drawn over pictures says what is there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegen.evaluate.classes import LabelSpace, SpaceClass
from scenegen.evaluate.images import read_rgb
from scenegen.evaluate.thumbnails import (
    boxed,
    colorize,
    fitted,
    mistakes,
    overlay,
    palette,
    side_by_side,
    write_thumbnail,
)

SPACE = LabelSpace(
    "tiny",
    (
        SpaceClass("road", frozenset({"road"}), (128, 64, 128)),
        SpaceClass("car", frozenset({"car"}), (0, 0, 142)),
    ),
)


def ramp(height: int, width: int) -> np.ndarray:
    row = np.linspace(0, 255, width).astype(np.uint8)
    return np.repeat(np.repeat(row[None, :, None], 3, axis=2), height, axis=0)


def test_a_thumbnail_is_small_and_the_same_bytes_each_time(tmp_path):
    path = write_thumbnail(tmp_path, "worst-a/b 1", ramp(90, 640))
    first = (tmp_path / path).read_bytes()
    assert write_thumbnail(tmp_path, "worst-a/b 1", ramp(90, 640)) == path
    assert (tmp_path / path).read_bytes() == first
    assert path.startswith("pictures/worst-a-b-1-")
    found = read_rgb(tmp_path / path)
    assert found.shape == (45, 320, 3)
    assert np.abs(found.astype(int) - fitted(ramp(90, 640), 320)).max() < 6


def test_a_small_picture_is_not_enlarged(tmp_path):
    path = write_thumbnail(tmp_path, "small", ramp(10, 20))
    assert read_rgb(tmp_path / path).shape == (10, 20, 3)


@settings(max_examples=25)  # each writes files
@given(st.lists(st.text(max_size=80), min_size=2, max_size=6, unique=True))
def test_unlike_names_make_unlike_files_below_the_folder(tmp_path_factory, names):
    folder = tmp_path_factory.mktemp("thumbnails")
    paths = [write_thumbnail(folder, name, ramp(2, 3)) for name in names]
    assert len(set(paths)) == len(names)
    assert all((folder / path).parent == folder / "pictures" for path in paths)


def test_colours_follow_the_classes_and_ignored_is_dark():
    ids = np.array([[0, 1, 255]], np.uint8)
    assert colorize(ids, SPACE)[0].tolist() == [[128, 64, 128], [0, 0, 142], [24, 26, 32]]


def test_classes_without_colours_are_told_apart():
    names = ("road", "car", "person", "sky", "building")
    space = LabelSpace("grey", tuple(SpaceClass(name, frozenset({name})) for name in names))
    colors = {tuple(color) for color in palette(space)[: len(names)].tolist()}
    assert len(colors) == len(names)
    assert (24, 26, 32) not in colors


def test_an_overlay_tints_classes_and_leaves_ignored_pixels():
    picture = np.full((2, 4, 3), 200, np.uint8)
    ids = np.array([[0, 255]], np.uint8)  # half the picture's size
    tinted = overlay(picture, ids, SPACE, alpha=0.5)
    assert (tinted[:, 2:] == 200).all()
    assert tinted[0, 0].tolist() == [164, 132, 164]


def test_only_wrong_pixels_are_red():
    truth = np.array([[0, 1, 255]], np.uint8)
    said = np.array([[0, 0, 0]], np.uint8)
    drawn = mistakes(np.zeros((1, 3, 3), np.uint8), truth, said)[0].tolist()
    assert drawn == [[110, 110, 110], [230, 30, 60], [110, 110, 110]]


def test_a_box_is_drawn_where_it_is():
    drawn = boxed(
        np.zeros((20, 20, 3), np.uint8), np.array([[4.0, 5.0, 10.0, 12.0]]), np.array([1]), SPACE
    )
    rows, columns = np.nonzero(drawn.any(axis=2))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (5, 11, 4, 9)
    assert drawn[5, 7].tolist() == [0, 0, 142]


def test_a_row_has_the_height_of_its_first_picture():
    row = side_by_side([ramp(10, 20), ramp(20, 20), ramp(10, 5)], gap=3)
    assert row.shape == (10, 20 + 3 + 10 + 3 + 5, 3)
    assert (row[:, 20:23] == 255).all()
    with pytest.raises(ValueError, match="no pictures"):
        side_by_side([])
