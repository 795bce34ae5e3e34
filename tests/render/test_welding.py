"""Vertices of a part at one place become one, and those of two parts don't."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen.render import welding
from scenegen.render.welding import welded


def test_every_place_is_kept_once_and_by_part():
    rng = np.random.default_rng(3)
    places = rng.normal(size=(40, 3)).astype(np.float32)
    which, part = rng.integers(40, size=300), rng.integers(3, size=300)
    vertices = places[which]
    kept, number = welded(vertices, part)
    np.testing.assert_array_equal(vertices[kept][number], vertices)
    np.testing.assert_array_equal(part[kept][number], part)
    _, first = np.unique(np.stack([which, part]), axis=1, return_index=True)
    np.testing.assert_array_equal(kept, np.sort(first))


def test_places_of_one_key_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(welding, "_ODD", np.zeros(4, np.uint64))
    vertices, part = np.eye(3, dtype=np.float32)[[0, 1, 0, 2]], np.array([0, 0, 1, 0])
    kept, number = welded(vertices, part)
    assert kept.tolist() == number.tolist() == [0, 1, 2, 3]
