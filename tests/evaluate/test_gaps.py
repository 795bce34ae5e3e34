"""Errors are shared out so that the shares add up, and planted gaps come out on top."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scenegen.errors import InputError
from scenegen.evaluate.classes import LabelSpace, SpaceClass, extent
from scenegen.evaluate.gaps.budget import Budget, budget_of, rate_factors
from scenegen.evaluate.gaps.cells import (
    EDGE_CELLS,
    POSITION_CELLS,
    SIZE_CELLS,
    position_map,
    size_index,
    things_of,
)
from scenegen.evaluate.gaps.errors import (
    class_cell_error,
    errors_of,
    mean_iou,
    of_pictures,
    pair_error,
)
from scenegen.evaluate.gaps.lacks import Lack, lacks
from scenegen.evaluate.gaps.profile import (
    Profile,
    cell_name,
    cells_of,
    content_of,
    joined,
    mean_luma,
    words_of,
)
from scenegen.evaluate.images import ImageRecord, blocks
from scenegen.evaluate.measures.confusion import confusions, iou

SPACE = LabelSpace(
    "street",
    (
        SpaceClass("road", extent("road")),
        SpaceClass("sky", extent("sky")),
        SpaceClass("person", extent("person")),
        SpaceClass("car", extent("car")),
    ),
)
ROAD, SKY, PERSON, CAR = range(4)
SHAPE = (48, 64)


def street(*things: tuple[int, int, int, int, int]) -> np.ndarray:
    """Return sky above road with boxes of (class, left, top, width, height)."""
    ids = np.full(SHAPE, ROAD, np.uint8)
    ids[:20] = SKY
    for class_id, left, top, width, height in things:
        ids[top : top + height, left : left + width] = class_id
    return ids


def records(count: int, **words: list[str]) -> tuple[ImageRecord, ...]:
    return tuple(
        ImageRecord(
            f"{i}", Path(f"{i}.png"), group="drive", order=i,
            attributes={name: values[i] for name, values in words.items()},
        )
        for i in range(count)
    )  # fmt: skip


def budget(truth: np.ndarray, said: np.ndarray, **words: list[str]) -> Budget:
    made = records(len(truth), **words)
    return budget_of(
        errors_of(truth, said, SPACE),
        made,
        np.full(len(truth), 0.3),
        blocks(made, 2),
        np.random.default_rng(0),
    )


LABELS = arrays(np.uint8, (3, 12, 16), elements=st.sampled_from([0, 1, 2, 3, 255]))


@settings(max_examples=25)
@given(LABELS, LABELS)
def test_every_way_to_sort_the_error_splits_the_same_sum(
    truth: np.ndarray, said: np.ndarray
) -> None:
    errors = errors_of(truth, said, SPACE)
    once = np.ones(3)
    scores = iou(confusions(said, truth, 4).sum(axis=0))
    expected = 1 - np.nanmean(scores) if np.isfinite(scores).any() else 0.0
    if np.isfinite(scores).any():
        assert 1 - mean_iou(errors, once) == pytest.approx(expected, abs=1e-12)
    axes = {**errors.axes, "light": of_pictures(errors, ["day", "night", "day"])}
    for axis in axes.values():
        parts = class_cell_error(errors, axis, once)
        assert parts.sum() == pytest.approx(expected, abs=1e-12)
        judged = (truth != 255).sum()
        assert axis.hit.sum() + axis.missed.sum() == judged


@settings(max_examples=25)
@given(LABELS)
def test_what_is_right_has_no_error(truth: np.ndarray) -> None:
    errors = errors_of(truth, truth, SPACE)
    assert class_cell_error(errors, errors.axes["size"], np.ones(3)).sum() == 0
    assert errors.lost.sum() == 0


def test_an_answer_of_nothing_is_a_miss_and_no_invention() -> None:
    truth = street()[None]
    errors = errors_of(truth, np.full_like(truth, 255), SPACE)
    assert errors.axes["size"].missed.sum() == truth.size
    assert errors.axes["size"].invented.sum() == 0


def test_pairs_of_classes_share_out_the_error_too() -> None:
    generator = np.random.default_rng(1)
    truth, said = generator.integers(0, 4, (2, 5, *SHAPE)).astype(np.uint8)
    errors, once = errors_of(truth, said, SPACE), np.ones(5)
    whole = class_cell_error(errors, errors.axes["edge"], once).sum()
    assert pair_error(errors, once).sum() == pytest.approx(whole)


def test_unlike_shapes_are_refused() -> None:
    with pytest.raises(InputError, match="predictions are"):
        errors_of(np.zeros((1, 4, 4), np.uint8), np.zeros((1, 4, 5), np.uint8), SPACE)


def test_things_have_a_size_and_may_be_cut() -> None:
    ids = street((PERSON, 10, 18, 3, 8), (CAR, 0, 30, 12, 18), (PERSON, 40, 20, 1, 2))
    things = things_of(ids, SPACE)
    assert things.class_id.tolist() == [PERSON, PERSON, CAR]
    assert [SIZE_CELLS[k] for k in things.size_of] == ["medium", "small", "large"]
    assert things.counted.tolist() == [True, False, True]
    assert EDGE_CELLS[things.edge[40, 5]] == "cut by the edge"
    assert EDGE_CELLS[things.edge[20, 11]] == "whole"
    assert SIZE_CELLS[things.size[0, 0]] == "no object"
    assert (things.label > 0).sum() == np.isin(ids, [PERSON, CAR]).sum()


def test_sizes_begin_where_slices_say() -> None:
    assert size_index(np.array([0.0, 0.0599, 0.06, 0.1799, 0.18, 1.0])).tolist() == [
        1, 1, 2, 2, 3, 3,
    ]  # fmt: skip


def test_positions_are_ninths() -> None:
    where = position_map((6, 9))
    assert np.bincount(where.ravel()).tolist() == [6] * len(POSITION_CELLS)
    assert POSITION_CELLS[where[0, 8]] == "top right"
    assert POSITION_CELLS[where[3, 4]] == "middle centre"


def planted_small_people(count: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Return truth with a car and small people, and answers without the people."""
    people = [(PERSON, 6 * k, 20, 12, 2) for k in range(1, 10, 3)]
    truth = np.stack([street((CAR, 40 - i, 25, 14, 12), *people) for i in range(count)])
    said = np.where(truth == PERSON, np.uint8(ROAD), truth)
    return truth, said


def test_small_people_that_are_missed_come_out_on_top() -> None:
    found = budget(*planted_small_people())
    top = found.things[0]
    assert (top.class_id, SIZE_CELLS[top.size]) == (PERSON, "small")
    assert top.lost.value == 1.0
    assert top.count == 36
    first = next(part for part in found.parts if part.axis == "class")
    assert first.slice == "class=person"
    assert first.share.value > 0.9
    assert found.pairs[0][:2] == (PERSON, ROAD)
    assert found.cells.sum() == pytest.approx(1)


def test_errors_by_night_are_attributed_to_the_night() -> None:
    truth = np.stack([street((CAR, i, 25, 20, 14)) for i in range(20)])
    said = truth.copy()
    said[10:] = np.where(truth[10:] == CAR, ROAD, truth[10:])
    light = ["day"] * 10 + ["night"] * 10
    found = budget(truth, said, time_of_day=light)
    shares = {part.slice: part.share for part in found.parts}
    assert shares["time_of_day=night"].value == pytest.approx(1)
    assert shares["time_of_day=day"].value == 0
    assert rate_factors(found)["time_of_day", "night"] == 2.0
    assert rate_factors(found)["time_of_day", "day"] == 0.5
    assert not any(part.axis == "weather" for part in found.parts), "nobody knows the weather"


def test_shares_sum_to_one_and_lie_in_their_intervals() -> None:
    generator = np.random.default_rng(3)
    truth = np.stack([street((CAR, 3 * i, 25, 12, 14), (PERSON, 50, 18, 3, 9)) for i in range(12)])
    noise = generator.random(truth.shape) < 0.1
    said = np.where(noise, generator.integers(0, 4, truth.shape), truth).astype(np.uint8)
    found = budget(truth, said, time_of_day=["day", "dusk"] * 6)
    for axis in {part.axis for part in found.parts}:
        parts = [part for part in found.parts if part.axis == axis]
        assert sum(part.share.value for part in parts) == pytest.approx(1)
        assert sum(part.pixels for part in parts) == pytest.approx(1)
        assert all(part.share.low <= part.share.value <= part.share.high for part in parts)
        assert [p.share.value for p in parts] == sorted(p.share.value for p in parts)[::-1]


# -- what a set lacks -------------------------------------------------------------------------


def profile(pictures: list[np.ndarray], brightness: float = 0.3, **words: list[str]) -> Profile:
    made = records(len(pictures), **words)
    lumas = np.full(len(pictures), brightness)
    return Profile(
        cells_of(SPACE),
        np.array([content_of(ids, SPACE) for ids in pictures]),
        lumas,
        words_of(made, lumas),
        blocks(made, 2),
        tuple(record.group for record in made),
    )


def found_lacks(ours: Profile, real: Profile) -> dict[str, Lack]:
    found = lacks(ours, real, SPACE, np.random.default_rng(0))
    return {lack.slice: lack for lack in found}


def test_content_counts_pixels_and_things() -> None:
    ids = street((CAR, 2, 25, 12, 12), (CAR, 30, 25, 12, 12))
    content = dict(
        zip((cell_name(c, SPACE) for c in cells_of(SPACE)), content_of(ids, SPACE), strict=True)
    )
    assert content["class=sky"] == pytest.approx(20 / 48)
    assert content["class=car,size=large"] == 2
    assert content["class=car,size=small"] == 0
    assert content["class=car"] == pytest.approx(288 / ids.size)


def test_a_set_lacks_nothing_of_itself() -> None:
    pictures = [street((CAR, 2 * i, 25, 12, 12), (PERSON, 50, 18, 3, 9)) for i in range(10)]
    same = profile(pictures, time_of_day=["day"] * 10)
    for lack in found_lacks(same, same).values():
        assert lack.ratio is not None
        assert lack.ratio.value == 1
        assert not lack.lacking
        assert not lack.excessive


def test_what_is_missing_is_found() -> None:
    people = [(PERSON, 6 * k, 20, 12, 2) for k in range(1, 10, 3)]
    ours = profile([street((CAR, 2 * i, 25, 12, 12)) for i in range(10)], 0.1,
                   time_of_day=["night"] * 10)  # fmt: skip
    real = profile([street((CAR, 2 * i, 25, 12, 12), *people) for i in range(10)], 0.6,
                   time_of_day=["day"] * 10)  # fmt: skip
    found = found_lacks(ours, real)
    assert found["class=person,size=small"].lacking
    assert found["class=person,size=small"].real == 3
    assert found["time_of_day=day"].lacking
    assert found["time_of_day=night"].excessive
    assert found["time_of_day=night"].ratio is None, "the real set has none"
    assert found["brightness=bright"].lacking
    assert not found["class=car,size=large"].lacking
    assert "weather=clear" not in found


def test_what_one_set_does_not_tell_is_not_compared() -> None:
    pictures = [street()] * 4
    ours, real = profile(pictures, weather=["fog"] * 4), profile(pictures)
    assert not [name for name in found_lacks(ours, real) if name.startswith("weather")]


def test_joined_profiles_keep_their_blocks_apart() -> None:
    one = profile([street()] * 4)
    both = joined(one, one)
    assert len(both) == 8
    assert len(np.unique(both.blocks)) == 2 * len(np.unique(one.blocks))


def test_luma_is_that_of_bt_709() -> None:
    green = np.zeros((4, 4, 3), np.uint8)
    green[..., 1] = 255
    assert mean_luma(green) == pytest.approx(0.7152)
