"""Colours of classes: measured, brought over, and left alone where they should be."""

import numpy as np

from scenegen.refine.palette import Palette, palette_of, recoloured
from tests.refine.street_sets import CLASSES, street_set

_COUNT = 24


def _frames(mapped):
    return [(mapped.image(k), mapped.semantic(k)) for k in range(len(mapped))]


def test_recoloured_sets_have_the_wanted_colours():
    real, rendered = street_set("photos", _COUNT, True), street_set("renders", _COUNT, False)
    own, wanted = (palette_of(_frames(s), len(CLASSES)) for s in (rendered, real))
    made = [(recoloured(rgb, ids, own, wanted), ids) for rgb, ids in _frames(rendered)]
    after = palette_of(made, len(CLASSES))
    before = np.abs(own.mean - wanted.mean)[:-1].max()
    assert before > 10.0
    assert np.abs(after.mean - wanted.mean)[:-1].max() < 1.5


def test_nothing_is_changed_by_a_share_of_nothing():
    rendered = street_set("renders", 2, False)
    colours = palette_of(_frames(rendered), len(CLASSES))
    other = Palette(colours.mean + 20.0, colours.deviation)
    rgb, ids = _frames(rendered)[0]
    assert np.abs(recoloured(rgb, ids, colours, other, 0.0).astype(int) - rgb).max() <= 1


def test_rare_classes_take_the_colours_of_all():
    rgb = np.full((60, 60, 3), 120, np.uint8)
    ids = np.zeros((60, 60), np.uint8)
    rgb[0, :5], ids[0, :5] = 250, 1
    found = palette_of([(rgb, ids)], 2)
    assert np.allclose(found.mean[1], found.mean[2])


def test_palettes_go_through_text():
    colours = palette_of(_frames(street_set("photos", 4, True)), len(CLASSES))
    again = Palette.from_json(colours.as_json())
    assert np.array_equal(again.mean, colours.mean)
    assert np.array_equal(again.deviation, colours.deviation)
