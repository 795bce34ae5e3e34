"""Several sets as one, and the part of pictures that sets of unlike cameras share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.errors import InputError
from scenegen.evaluate.classes import ClassTable
from scenegen.evaluate.images import Boxes, blocks
from scenegen.evaluate.union import union
from scenegen.evaluate.window import STRETCH, cut, cut_boxes, window
from tests.evaluate.disk_sets import disk_set


def pictures(count: int, value: int) -> list[np.ndarray]:
    return [np.full((12, 20, 3), value + i, np.uint8) for i in range(count)]


def test_a_union_reads_every_picture_from_its_own_set(tmp_path: Path) -> None:
    labels = [np.zeros((12, 20), np.uint8)] * 3
    one = disk_set(tmp_path / "a", "night", pictures(3, 10), labels).images
    two = disk_set(tmp_path / "b", "night", pictures(3, 50), labels).images
    both = union([one, two])
    assert [picture[0, 0, 0] for picture in both.images()] == [10, 11, 12, 50, 51, 52]
    assert both.semantic(4).shape == (12, 20)
    assert both.roots == (one.root, two.root)
    assert len({record.id for record in both.records}) == 6
    assert len(set(blocks(both.records).tolist())) == 2  # equal names are different scenes
    assert both.digest() not in (one.digest(), two.digest())
    assert union([one]) is one
    assert both.subset([5]).image(0)[0, 0, 0] == 52


def test_sets_of_other_classes_are_not_taken_together(tmp_path: Path) -> None:
    one = disk_set(tmp_path / "a", "night", pictures(1, 10)).images
    other = replace(one, table=ClassTable("other", ()))
    with pytest.raises(InputError, match=r"classes .* differ"):
        union([one, other])


@given(st.integers(8, 400), st.integers(8, 400), st.floats(0.3, 3))
def test_the_window_is_the_largest_middle_part_of_an_aspect(
    height: int, width: int, aspect: float
) -> None:
    left, top, kept_w, kept_h = window((height, width, 3), aspect)
    assert (kept_w, kept_h) == (width, height) or kept_w == width or kept_h == height
    assert left + kept_w <= width
    assert top + kept_h <= height
    assert abs((width - kept_w) - 2 * left) <= 1
    assert abs((height - kept_h) - 2 * top) <= 1
    if (kept_w, kept_h) == (width, height):
        rounding = 1 / min(width, height)
        assert 1 / STRETCH - rounding <= width / height / aspect <= STRETCH + rounding
    else:
        assert abs(kept_w - kept_h * aspect) <= 0.5 + 0.5 * aspect


def test_boxes_move_with_the_part_and_halves_are_left_out() -> None:
    part = window((100, 200), 1.0)
    assert part == (50, 0, 100, 100)
    boxes = Boxes(
        np.array([[60, 10, 80, 30], [40, 0, 70, 10], [0, 0, 60, 10]], np.float64),
        np.array([1, 2, 3]),
        np.array([False, True, False]),
        distance_m=np.array([5.0, 6.0, 7.0]),
    )
    found = cut_boxes(boxes, part)
    assert found.class_id.tolist() == [1, 2]
    assert found.xyxy.tolist() == [[10, 10, 30, 30], [0, 0, 20, 10]]
    assert found.crowd.tolist() == [False, True]
    assert found.distance_m is not None
    assert found.distance_m.tolist() == [5.0, 6.0]
    picture = np.arange(100 * 200).reshape(100, 200)
    assert (cut(picture, part) == picture[:, 50:150]).all()


def test_a_mapped_set_shows_the_part_everywhere(tmp_path: Path) -> None:
    labels = [np.tile(np.arange(20, dtype=np.uint8) % 2, (12, 1))]
    whole = disk_set(tmp_path, "wide", pictures(1, 10), labels)
    part = replace(whole, aspect=1.0)
    assert part.image(0).shape == (12, 12, 3)
    assert (part.semantic(0) == whole.semantic(0)[:, 4:16]).all()
    assert part.digest != whole.digest
