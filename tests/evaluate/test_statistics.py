"""Blocks, bootstrap intervals and the sign-flip test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.evaluate.images import ImageRecord, ImageSet, blocks
from scenegen.evaluate.splits import split_by_group
from scenegen.evaluate.statistics import (
    block_weights,
    bootstrap,
    interval_of,
    mean_interval,
    paired_p_value,
)
from scenegen.seeds import named_generator


def records(sizes: dict[str, int]) -> tuple[ImageRecord, ...]:
    return tuple(
        ImageRecord(f"{group}-{i}", Path("x.png"), group=group, order=i)
        for group, size in sizes.items()
        for i in range(size)
    )


def test_blocks_hold_neighbours_of_one_drive() -> None:
    found = blocks(records({"a": 25, "b": 3}), 10)
    assert np.bincount(found).tolist() == [10, 10, 5, 3]
    assert len(set(found[:25]) & set(found[25:])) == 0


def test_blocks_go_by_order_and_not_by_position() -> None:
    shuffled = records({"a": 20})[::-1]
    assert blocks(shuffled, 10).tolist() == [1] * 10 + [0] * 10


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40))
def test_whole_blocks_are_drawn(members: list[int]) -> None:
    names = np.array(members, np.int64)
    weights = block_weights(names, named_generator("test"), 50)
    assert weights.shape == (50, len(members))
    count = len(set(members))
    for block in set(members):
        inside = weights[:, names == block]
        assert (inside == inside[:, :1]).all()
    first = [members.index(block) for block in sorted(set(members))]
    assert (weights[:, first].sum(axis=1) == count).all()


def test_the_interval_of_a_mean_covers_it_as_often_as_it_says() -> None:
    generator = named_generator("coverage")
    hits = 0
    for _ in range(200):
        level = generator.normal(0, 1, 30)  # a drive's own level: frames in a block are alike
        values = np.repeat(level, 5) + generator.normal(0, 0.1, 150)
        found = mean_interval(values, np.repeat(np.arange(30), 5), generator, 200)
        hits += found.low <= 0 <= found.high
    assert 0.88 <= hits / 200 <= 0.99


def test_single_frames_would_give_too_narrow_an_interval() -> None:
    generator = named_generator("narrow")
    values = np.repeat(generator.normal(0, 1, 30), 5)
    whole = mean_interval(values, np.repeat(np.arange(30), 5), generator)
    single = mean_interval(values, np.arange(150), generator)
    assert whole.high - whole.low > 1.7 * (single.high - single.low)


def test_an_interval_contains_its_value_and_refuses_nothing_finite() -> None:
    found = interval_of(5.0, np.array([1.0, 2.0, np.nan]))
    assert (found.low, found.high) == (pytest.approx(1.0, abs=0.1), 5.0)
    with pytest.raises(ValueError, match="no bootstrap draw"):
        interval_of(5.0, np.array([np.nan]))


def test_bootstrap_calls_the_statistic_with_ones_for_the_value() -> None:
    values = np.array([1.0, 2.0, 6.0])
    found = bootstrap(lambda w: float((w * values).sum()), np.arange(3), named_generator("b"))
    assert found.value == 9.0


def test_sign_flips_by_hand() -> None:
    generator = named_generator("flip")
    assert paired_p_value(np.array([1.0, 1.0, 1.0]), generator) == pytest.approx(2 / 8)
    assert paired_p_value(np.array([1.0, -1.0]), generator) == 1.0
    assert paired_p_value(np.zeros(0), generator) == 1.0
    assert paired_p_value(np.ones(40), generator) == pytest.approx(1 / 10_001)


def test_sign_flips_reject_rarely_where_nothing_is() -> None:
    generator = named_generator("null")
    p = np.array([paired_p_value(generator.normal(0, 1, 10), generator) for _ in range(400)])
    assert 0.02 <= (p <= 0.05).mean() <= 0.09


@given(st.dictionaries(st.text("abcdef", min_size=1), st.integers(1, 30), min_size=1, max_size=12))
def test_splits_share_no_drive_and_lose_no_picture(sizes: dict[str, int]) -> None:
    images = ImageSet("x", Path(), None, records(sizes), None, frozenset())  # type: ignore[arg-type]
    found = split_by_group(images)
    assert [r.id for r in found.records] == [r.id for r in images.records]
    splits: dict[str, set[str]] = {}
    for record in found.records:
        splits.setdefault(record.group, set()).add(record.split)
    assert all(len(names) == 1 for names in splits.values())
    if len(sizes) >= 3:
        assert set(found.splits) == {"train", "val", "test"}


def test_splits_come_near_their_shares_with_many_drives() -> None:
    images = ImageSet(
        "x",
        Path(),
        None,  # type: ignore[arg-type]
        records({f"drive{i}": 10 + i % 7 for i in range(200)}),
        None,  # type: ignore[arg-type]
        frozenset(),
    )
    found = split_by_group(images)
    shares = {name: len(found.split(name)) / len(found) for name in found.splits}
    assert shares == pytest.approx({"train": 0.6, "val": 0.15, "test": 0.25}, abs=0.02)
