"""What stands is gathered into few bodies, and nothing of it is lost."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen.geometry.transforms import quaternion_from_yaw
from scenegen.records import CollisionShape
from scenegen.simulate.engine import Engine, Surfacing, bullet
from scenegen.simulate.statics import MOST_SHAPES, Standing, add_standing, neighbours


@pytest.mark.parametrize("count", [1, 16, 17, 100])
def test_every_shape_stands_where_its_thing_does(count: int) -> None:
    x, y = 5.0 * (np.arange(count) % 10), 7.0 * (np.arange(count) // 10)
    # A box whose far end shows which way it is turned, and a post.
    box = CollisionShape("box", (1.0, 0.0, 0.5), (2.0, 0.4, 1.0))
    post = CollisionShape("cylinder", (0.0, 0.0, 1.0), (0.1, 0.1, 2.0))
    things = [
        Standing(box if k % 2 else post, np.array([x[k], y[k], 0.0]), quaternion_from_yaw(0.1 * k))
        for k in range(count)
    ]
    engine = Engine(240)
    try:
        uids = add_standing(engine, things, Surfacing())
        assert len(uids) <= -(-2 * count // MOST_SHAPES)
        yaw, is_box = 0.1 * np.arange(count), np.arange(count) % 2

        def struck(reach: np.ndarray) -> tuple[set[int], list[float]]:
            """Return which bodies, and how high, rays from above meet so far from each place."""
            at = np.column_stack([x + reach * np.cos(yaw), y + reach * np.sin(yaw)])
            hits = bullet.rayTestBatch(
                np.column_stack([at, np.full(count, 9.0)]),
                np.column_stack([at, np.full(count, -1.0)]),
                physicsClientId=engine.client,
            )
            return {hit[0] for hit in hits}, [hit[3][2] for hit in hits]

        bodies, tops = struck(np.where(is_box, 1.95, 0.08))
        assert bodies == set(uids)
        np.testing.assert_allclose(tops, np.where(is_box, 1.0, 2.0), atol=1e-6)
        assert struck(np.where(is_box, 2.05, 0.12))[0] == {-1}
    finally:
        engine.close()


def test_nothing_that_stands_makes_no_body() -> None:
    engine = Engine(240)
    try:
        assert add_standing(engine, [], Surfacing()) == []
    finally:
        engine.close()


@pytest.mark.parametrize("count", [1, 8, 9, 34, 41, 70])
def test_neighbours_are_a_partition_into_full_groups(count: int) -> None:
    places = np.random.default_rng(count).integers(-9, 10, (count, 2)) / 2  # some at one place
    groups = [group.tolist() for group in neighbours(places, 8)]
    assert sorted(k for group in groups for k in group) == list(range(count))
    assert max(map(len, groups)) <= 8
    assert len(groups) == -(-count // 8)


def test_neighbours_are_near_each_other() -> None:
    # Two rows of eight, a hundred metres apart.
    along = np.arange(16)
    places = np.column_stack([100.0 * (along % 2), along])
    groups = [set(group.tolist()) for group in neighbours(places, 8)]
    assert groups == [set(range(0, 16, 2)), set(range(1, 16, 2))]
