"""Fourier domain adaptation: the band's amplitudes change, phases and all else stay."""

import numpy as np
import pytest

from scenegen.evaluate.memo import Memo
from scenegen.refine.baselines.fda import FdaSettings, slow_waves, with_slow_waves
from scenegen.refine.baselines.registry import RECIPES
from scenegen.refine.baselines.state import read_state, write_state
from scenegen.refine.pictures import open_pictures
from scenegen.refine.protocol import Budget, Shown
from scenegen.seeds import named_generator
from tests.refine.street_sets import street_set

SIZE = (32, 24)
BAND = 3


def _soft(name):
    """Return a picture whose changed copies stay within bytes, so that nothing is cut off."""
    return named_generator("soft", name).integers(110, 146, (24, 32, 3)).astype(np.uint8)


def _spectrum(rgb):
    return np.fft.fftshift(np.fft.fft2(rgb.astype(float), axes=(0, 1)), axes=(0, 1))


def test_amplitude_is_taken_in_the_band_and_phase_is_kept():
    render, photo = _soft("render"), _soft("photo")
    made = _spectrum(with_slow_waves(render, slow_waves(photo, BAND)))
    own, other = _spectrum(render), _spectrum(photo)
    inside = np.zeros((24, 32), bool)
    inside[12 - BAND : 12 + BAND + 1, 16 - BAND : 16 + BAND + 1] = True
    # Rounding to bytes adds 1/sqrt(12) a pixel, thus sqrt(N / 12) or 8 to each wave.
    assert np.abs(np.abs(made) - np.abs(other))[inside].max() < 32
    assert np.abs(np.abs(made) - np.abs(own))[~inside].max() < 32
    assert np.abs(np.abs(own) - np.abs(other))[inside].max() > 200
    strong = inside[..., None] & (np.abs(other) > 150) & (np.abs(own) > 150)
    turned = np.angle(made[strong] / own[strong])
    assert np.abs(turned).max() < 0.3


def test_a_pictures_own_waves_change_nothing():
    render = _soft("render")
    assert np.array_equal(with_slow_waves(render, slow_waves(render, BAND)), render)


def test_the_band_follows_the_shorter_side():
    assert FdaSettings(beta=0.03).band(180, 240) == 5
    assert FdaSettings(beta=0.01).band(512, 1024) == 5
    assert FdaSettings(beta=0.49).band(9, 9) == 4


@pytest.fixture(scope="module")
def translator(tmp_path_factory):
    memo = Memo(tmp_path_factory.mktemp("memo"))
    real = open_pictures(street_set("photos", 6, True), "real", SIZE, memo)
    rendered = open_pictures(street_set("renders", 4, False), "rendered", SIZE, memo)
    return RECIPES["fda"].train(real, rendered, Budget(60), 0, "cpu", lambda share, loss: None)


def test_the_seed_chooses_the_photograph(translator, tmp_path):
    renders = street_set("renders", 4, False)
    frames = [Shown(renders.image(k), renders.semantic(k)) for k in range(4)]
    together = translator(frames, [1, 2, 3, 4])
    assert all(a.shape == f.rgb.shape for a, f in zip(together, frames, strict=True))
    assert np.array_equal(translator([frames[2]], [3])[0], together[2])
    others = translator([frames[0]] * 12, list(range(12)))
    assert len({o.tobytes() for o in others}) > 2
    write_state(tmp_path / "fda.safetensors", translator.state)
    again = RECIPES["fda"].restored(read_state(tmp_path / "fda.safetensors"), "cpu")
    assert again.digest == translator.digest
    assert np.array_equal(again(frames, [1, 2, 3, 4]), together)
