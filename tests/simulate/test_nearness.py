"""Who counts as near: everyone who could touch, and not those who pass each other."""

import numpy as np
import pytest

from scenegen.simulate.nearness import Swept, close_pairs, swept


def one(x: float, y: float, yaw: float, way: tuple[float, float]) -> Swept:
    return swept(np.array([[x, y]]), np.array([yaw]), np.array([[2.25, 0.9]]), np.array([way]))


@pytest.mark.parametrize(
    ("x", "y", "way", "near"),
    [
        (6.0, 3.4, (-1.5, 0.0), False),  # passes on the other lane, fast
        (6.0, 0.5, (-1.5, 0.0), True),  # comes head on
        (0.0, 2.4, (0.0, -0.7), True),  # changes into one's side
        (0.0, 2.4, (0.0, -0.5), False),  # gets half as near as that
        (0.0, 2.4, (0.0, -9.0), True),  # has gone through before one looks again
    ],
)
def test_only_those_who_close_in_are_near(
    x: float, y: float, way: tuple[float, float], near: bool
) -> None:
    own, other = one(0.0, 0.0, 0.0, (0.0, 0.0)), one(x, y, 0.0, way)
    margin = np.full((1, 1), 0.05)
    assert bool(len(close_pairs(own, other, margin)[0])) == near
    assert bool(len(close_pairs(other, own, margin)[0])) == near


def test_whoever_touches_on_the_way_is_near() -> None:
    rng = np.random.default_rng(7)
    n = 60
    middle, yaw = rng.uniform(-12.0, 12.0, (n, 2)), rng.uniform(-np.pi, np.pi, n)
    half, way = rng.uniform(0.3, 2.5, (n, 2)), rng.uniform(-2.0, 2.0, (n, 2))
    boxes = swept(middle, yaw, half, way)
    near = set(zip(*(k.tolist() for k in close_pairs(boxes, boxes, np.zeros((n, n)))), strict=True))
    still = np.zeros((n, 2))
    touched = set()
    for share in np.linspace(0.0, 1.0, 21):
        now = swept(middle + share * way, yaw, half, still)
        found = close_pairs(now, now, np.zeros((n, n)))
        touched |= set(zip(*(k.tolist() for k in found), strict=True))
    assert touched - {(k, k) for k in range(n)}
    assert touched <= near
    assert len(near) < 0.6 * n * n
