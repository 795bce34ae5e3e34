"""Vertices of a part at one place become one, and those of two parts don't."""

from __future__ import annotations

import numpy as np

from scenegen.render.welding import welded


def test_every_place_is_kept_once_and_by_part():
    rng = np.random.default_rng(3)
    places = rng.normal(size=(40, 3)).astype(np.float32)
    which, part = rng.integers(40, size=300), rng.integers(3, size=300)
    vertices = places[which]
    kept, number = welded(vertices, part)
    np.testing.assert_array_equal(vertices[kept][number], vertices)
    np.testing.assert_array_equal(part[kept][number], part)
    assert len(kept) == len(np.unique(np.stack([which, part]), axis=1).T)
    assert (np.diff(kept) > 0).all()
