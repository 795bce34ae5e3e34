"""Colours by class, and noise that is measured and drawn again."""

import cv2
import numpy as np
import pytest

from scenegen.refine.baselines.colour import ColourRecipe, ColourSettings
from scenegen.refine.baselines.grain import BINS, SIDE, noise_of, with_noise
from scenegen.refine.baselines.state import read_state, write_state
from scenegen.refine.palette import palette_of
from scenegen.refine.protocol import Budget, Shown
from scenegen.seeds import named_generator
from tests.refine.street_sets import CLASSES, street_domains, street_set

SIZE = (64, 48)


def _slopes(count, noise=0.0, radius=0.0):
    """Return pictures from dark to bright with noise that grows with brightness."""
    made = []
    for k in range(count):
        rng = named_generator("slopes", k)
        base = np.linspace(20, 235, 160)[None, :, None] * np.ones((96, 1, 3))
        grain = rng.standard_normal(base.shape)
        if radius:
            grain = cv2.GaussianBlur(grain, (0, 0), radius)
        made.append(np.rint(base + noise * (0.5 + base / 255) * grain).astype(np.uint8))
    return made


def test_noise_is_found_by_brightness():
    pictures = _slopes(6, 6.0)
    found = noise_of(lambda: iter(pictures))
    centre = (np.arange(BINS) + 0.5) * 256 / BINS
    expected = 6.0 * (0.5 + centre / 255)
    high = found[:, :, 5:, 5:].mean(axis=(2, 3))
    assert np.abs(high[:, 1:-1] / expected[1:-1] - 1).max() < 0.2


def test_noise_is_found_by_frequency():
    pictures = _slopes(6, 12.0, radius=0.8)
    found = noise_of(lambda: iter(pictures))[:, 2:-2].mean(axis=(0, 1))
    assert found[7, 7] < 0.2 * found[2, 2]


def test_texture_is_not_taken_for_noise():
    pictures = _slopes(6, 6.0)
    plain = noise_of(lambda: iter(pictures))
    for k, picture in enumerate(pictures):
        cloth = named_generator("cloth", k).integers(-60, 61, (48, 160, 1))
        picture[48:] = np.clip(picture[48:] + cloth, 0, 255)
    cloth = noise_of(lambda: iter(pictures))
    assert cloth[0, 2:-2, 5:, 5:].mean() < 1.1 * plain[0, 2:-2, 5:, 5:].mean()


@pytest.mark.parametrize("radius", [0.0, 0.8])
def test_noise_that_is_drawn_is_the_noise_that_was_found(radius):
    pictures = _slopes(6, 8.0, radius)
    wanted = noise_of(lambda: iter(pictures))
    drawn = [with_noise(p, wanted, named_generator("drawn", k)) for k, p in enumerate(_slopes(6))]
    found = noise_of(lambda: iter(drawn))
    middle = (slice(None), slice(2, -2), slice(3, SIDE), slice(3, SIDE))
    off = np.abs(found[middle].mean((1, 2, 3)) / wanted[middle].mean((1, 2, 3)) - 1)
    assert off.max() < 0.25


def test_no_noise_changes_nothing():
    picture = _slopes(1)[0]
    zero = np.zeros((3, BINS, SIDE, SIDE))
    assert np.array_equal(with_noise(picture, zero, named_generator("none")), picture)


@pytest.fixture(scope="module")
def domains(tmp_path_factory):
    return street_domains(tmp_path_factory.mktemp("memo"), SIZE, 16)


def _train(domains, settings=None):
    recipe = ColourRecipe(settings)
    return recipe.train(*domains, Budget(60), 0, "cpu", lambda share, loss: None)


def _frames(mapped):
    return [Shown(mapped.image(k), mapped.semantic(k)) for k in range(len(mapped))]


def _palette(pictures, frames):
    return palette_of([(p, f.semantic) for p, f in zip(pictures, frames, strict=True)], 4)


def test_class_means_are_brought_over_and_grain_is_added(domains):
    photos, renders = street_set("photos", 16, True), street_set("renders", 16, False)
    wanted = palette_of([(f.rgb, f.semantic) for f in _frames(photos)], len(CLASSES))
    frames = _frames(renders)
    made = _train(domains)(frames, list(range(16)))
    before, after = _palette([f.rgb for f in frames], frames), _palette(made, frames)
    assert np.abs(before.mean - wanted.mean).max() > 10
    assert np.abs(after.mean - wanted.mean).max() < 2.5
    smooth = _train(domains, ColourSettings(noise=0.0))(frames, list(range(16)))
    grain = [np.abs(np.diff(np.float64(set_), axis=2)).mean() for set_ in (smooth, made)]
    real = np.abs(np.diff(np.float64([f.rgb for f in _frames(photos)]), axis=2)).mean()
    assert grain[0] < 0.3 * real
    assert 0.6 * real < grain[1] < 1.2 * real


def test_a_frame_depends_on_its_seed_and_not_on_its_neighbours(domains, tmp_path):
    translator = _train(domains)
    frames = _frames(street_set("others", 3, False))
    together = translator(frames, [5, 6, 5])
    assert np.array_equal(translator([frames[1]], [6])[0], together[1])
    assert not np.array_equal(translator([frames[1]], [7])[0], together[1])
    write_state(tmp_path / "c.safetensors", translator.state)
    again = ColourRecipe().restored(read_state(tmp_path / "c.safetensors"), "cpu")
    assert again.digest == translator.digest
    assert np.array_equal(again(frames, [5, 6, 5]), together)
