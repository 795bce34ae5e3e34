"""KID, Fréchet, neighbours, Vendi, colours, spectra: closed forms, plain loops, known orders."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg

from scenegen.evaluate.feature_store import FeatureSet
from scenegen.evaluate.measures import kid as kid_module
from scenegen.evaluate.measures.color import (
    BINS,
    CHANNELS,
    color_distances,
    color_histograms,
    tones,
)
from scenegen.evaluate.measures.frechet import frechet, frechet_interval
from scenegen.evaluate.measures.jackknife import jackknife
from scenegen.evaluate.measures.kid import _within, kernel, kernel_sums, kid, kid_interval
from scenegen.evaluate.measures.prdc import distances, neighbours, radii
from scenegen.evaluate.measures.spectrum import (
    FREQUENCIES,
    power_spectrum,
    spectrum_distance,
    spectrum_slope,
)
from scenegen.evaluate.measures.spread import spread_within, total_spread
from scenegen.evaluate.measures.vendi import vendi, vendi_interval


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def items(rows, blocks=None) -> FeatureSet:
    rows = np.asarray(rows, np.float32)
    numbers = np.arange(len(rows))
    return FeatureSet(rows, numbers if blocks is None else np.asarray(blocks), numbers)


def gaussian(seed: int, count: int, dimension: int = 6, shift: float = 0.0, block: int = 1):
    rows = rng(seed).normal(shift, 1, (count, dimension))
    return items(rows, np.arange(count) // block)


# --- KID ---------------------------------------------------------------------------------------


def looped_kid(x, y) -> float:
    """The definition, one pair at a time."""

    def k(a, b):
        return (float(a @ b) / len(a) + 1) ** 3

    xx = [k(a, b) for i, a in enumerate(x) for j, b in enumerate(x) if i != j]
    yy = [k(a, b) for i, a in enumerate(y) for j, b in enumerate(y) if i != j]
    return np.mean(xx) + np.mean(yy) - 2 * np.mean([k(a, b) for a in x for b in y])


def test_kid_is_its_definition():
    x, y = gaussian(1, 9), gaussian(2, 7, shift=0.5)
    assert kid(x, y, rng()) == pytest.approx(looped_kid(x.features, y.features), rel=1e-6)


def test_kid_of_two_points_by_hand():
    x, y = items([[1.0], [1.0]]), items([[0.0], [0.0]])
    assert kid(x, y, rng()) == pytest.approx(8 + 1 - 2)


def test_kid_does_not_depend_on_blocks():
    x, y = gaussian(1, 40), gaussian(2, 30)
    coarse = [items(s.features, np.arange(len(s)) // 7) for s in (x, y)]
    assert kid(x, y, rng()) == pytest.approx(kid(*coarse, rng()), rel=1e-12)


def test_kid_is_unbiased():
    values = np.array([kid(gaussian(i, 20), gaussian(1000 + i, 20), rng()) for i in range(300)])
    assert abs(values.mean()) < 3 * values.std() / np.sqrt(len(values))


def test_pairs_between_copies_of_a_block_never_count():
    blocks = np.array([0, 0, 1, 1, 1, 2])
    x = items(rng(3).normal(size=(6, 4)), blocks)
    drawn = np.array([2.0, 0.0, 1.0])
    copies = [(i, c) for i in range(6) for c in range(int(drawn[blocks[i]]))]
    pairs = [
        (i, j)
        for a, (i, c) in enumerate(copies)
        for b, (j, d) in enumerate(copies)
        if a != b and not (blocks[i] == blocks[j] and c != d)
    ]
    values = kernel(x.features, x.features)
    sums = kernel_sums(x, x, rng())
    expected = np.mean([values[i, j] for i, j in pairs])
    assert _within(sums.xx, drawn[None])[0] == pytest.approx(expected, rel=1e-6)


def test_draws_centre_on_the_value_although_neighbours_are_alike():
    scenes = rng(4).normal(size=(2, 12, 1, 5))
    frames = scenes + 0.05 * rng(5).normal(size=(2, 12, 8, 5))
    x, y = (items(one.reshape(-1, 5), np.arange(96) // 8) for one in frames)
    interval = kid_interval(x, y, rng(), draws=2000)
    middle = (interval.low + interval.high) / 2
    assert abs(middle - interval.value) < 0.25 * (interval.high - interval.low)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    truth = kid(gaussian(90, 1500, 3), gaussian(91, 1500, 3, shift=1.0), rng())
    held = 0
    for i in range(60):
        x, y = gaussian(2 * i, 60, 3), gaussian(2 * i + 1, 60, 3, shift=1.0)
        interval = kid_interval(x, y, rng(i))
        held += interval.low <= truth <= interval.high
    assert 50 <= held <= 60


def test_real_against_real_is_not_told_apart():
    interval = kid_interval(gaussian(1, 100), gaussian(2, 100), rng())
    assert interval.low < 0 < interval.high


def test_a_set_of_one_block_has_no_spread_to_show():
    x, y = items(rng(1).normal(size=(5, 3)), np.zeros(5, int)), gaussian(2, 5, 3)
    interval = kid_interval(x, y, rng())
    assert interval.low <= interval.value <= interval.high


def test_kid_needs_two_items():
    with pytest.raises(ValueError, match="two items"):
        kid_interval(items([[1.0]]), gaussian(2, 5, 1), rng())


def test_large_sets_are_compared_by_parts(monkeypatch):
    x, y = gaussian(1, 400), gaussian(2, 150, shift=0.7)
    full = kid(x, y, rng())
    monkeypatch.setattr(kid_module, "LIMIT", 100)
    monkeypatch.setattr(kid_module, "MAX_BLOCKS", 20)
    sums = kernel_sums(x, y, rng())
    assert sums.xx.count.sum() == 4 * 100 * 99
    assert sums.yy.count.sum() == 2 * 75 * 74
    assert sums.xy.count.sum() == 4 * 100 * 75
    assert sums.xy.total.shape == (20, 20)
    assert kid(x, y, rng()) == pytest.approx(full, rel=0.3)


# --- Fréchet -----------------------------------------------------------------------------------


def rooted(x, y) -> float:
    """The definition with a matrix root."""
    a, b = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    shift = x.mean(axis=0) - y.mean(axis=0)
    return float(shift @ shift + np.trace(a + b - 2 * linalg.sqrtm(a @ b).real))


@pytest.mark.parametrize(("n", "m", "dimension"), [(50, 30, 4), (9, 200, 12), (200, 9, 12)])
def test_frechet_distance_is_its_definition(n, m, dimension):
    x, y = rng(1).normal(size=(n, dimension)), rng(2).normal(0.5, 2, (m, dimension))
    # What has less rank than its space is compared by a root of a full matrix, not quite it.
    assert frechet(x, y) == pytest.approx(rooted(x, y), rel=1e-5)


def test_frechet_distance_on_a_line():
    x, y = rng(1).normal(3, 2, (40, 1)), rng(2).normal(-1, 5, (60, 1))
    expected = (x.mean() - y.mean()) ** 2 + (x.std(ddof=1) - y.std(ddof=1)) ** 2
    assert frechet(x, y) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=25)
@given(seed=st.integers(0, 1000), n=st.integers(3, 20), shift=st.floats(-5, 5))
def test_a_shift_counts_squared_and_a_turn_not_at_all(seed, n, shift):
    generator = rng(seed)
    x = generator.normal(size=(n, 7))
    turn = np.linalg.qr(generator.normal(size=(7, 7)))[0]
    y = generator.normal(size=(n + 2, 7))
    assert frechet(x, x + shift) == pytest.approx(7 * shift**2, abs=1e-6)
    assert frechet(x @ turn, y @ turn) == pytest.approx(frechet(x, y), rel=1e-6)
    assert frechet(x, y) == pytest.approx(frechet(y, x), rel=1e-9)


def test_frechet_interval_holds_its_value():
    interval = frechet_interval(gaussian(1, 60, block=3), gaussian(2, 60, shift=1, block=3))
    assert interval.low < interval.value < interval.high
    assert interval.low > 0


# --- jackknife ---------------------------------------------------------------------------------


def test_the_jackknife_of_a_mean_is_students_interval():
    x = items(rng(1).normal(size=(10, 1)))
    interval = jackknife(lambda s: float(s.features.mean()), x)
    error = x.features.std(ddof=1) / np.sqrt(10)
    assert interval.high - interval.value == pytest.approx(2.262157 * error, rel=1e-5)


def test_the_jackknife_of_one_block_claims_nothing():
    x = items(rng(1).normal(size=(10, 1)), np.zeros(10, int))
    interval = jackknife(lambda s: float(s.features.mean()), x)
    assert interval.low == interval.value == interval.high


# --- neighbours --------------------------------------------------------------------------------


def test_neighbours_on_a_line():
    real = np.array([[0.0], [1.0], [2.0], [10.0]])
    synthetic = np.array([[0.5], [30.0], [31.0]])
    found = neighbours(real, synthetic, k=1)
    np.testing.assert_array_equal(found.precision, [1, 0, 0])
    np.testing.assert_array_equal(found.density, [2, 0, 0])
    np.testing.assert_array_equal(found.coverage, [1, 1, 0, 0])
    np.testing.assert_array_equal(found.recall, [1, 1, 1, 1])
    np.testing.assert_array_equal(found.nearest_real, [0, 3, 3])
    np.testing.assert_allclose(found.distance, [0.5, 20, 21])


def test_distances_and_radii_are_plain():
    x = rng(1).normal(size=(12, 3))
    expected = np.linalg.norm(x[:, None] - x[None], axis=2)
    np.testing.assert_allclose(distances(x, x), expected, atol=1e-7)
    np.testing.assert_allclose(radii(x, 2), np.sort(expected, axis=1)[:, 2], atol=1e-7)


def test_neighbours_need_more_items_than_neighbours():
    with pytest.raises(ValueError, match="6 items"):
        neighbours(np.zeros((5, 2)), np.zeros((9, 2)))


# --- Vendi and spread --------------------------------------------------------------------------


def test_vendi_counts_unlike_items():
    assert vendi(np.eye(7)) == pytest.approx(7)
    assert vendi(np.tile([[1.0, 2.0]], (9, 1))) == pytest.approx(1)
    assert vendi(np.repeat(np.eye(4), 5, axis=0)) == pytest.approx(4)


@settings(max_examples=25)
@given(seed=st.integers(0, 1000), n=st.integers(2, 12), dimension=st.integers(2, 12))
def test_vendi_lies_between_one_and_all_and_ignores_copies(seed, n, dimension):
    x = rng(seed).normal(size=(n, dimension))
    score = vendi(x)
    assert 1 - 1e-9 <= score <= min(n, dimension) + 1e-9
    assert vendi(np.concatenate([x, x])) == pytest.approx(score, rel=1e-9)
    assert vendi(3 * x) == pytest.approx(score, rel=1e-9)


def test_vendi_interval_holds_its_value():
    interval = vendi_interval(gaussian(1, 40, block=2))
    assert interval.low < interval.value < interval.high


def test_spread_splits_into_within_and_between():
    parts = np.repeat([0, 1], 10)
    assert spread_within(parts[:, None].astype(float), parts) == pytest.approx(0)
    assert spread_within(np.tile([0.0, 1.0], 10)[:, None], parts) == pytest.approx(1)
    assert spread_within(np.ones((20, 3)), parts) == 1.0
    x = rng(1).normal(size=(20, 3))
    assert total_spread(x) == pytest.approx(np.trace(np.cov(x, rowvar=False)))


# --- colours -----------------------------------------------------------------------------------


def flat(*rgb: int) -> np.ndarray:
    return np.full((16, 24, 3), rgb, np.uint8)


def test_colour_distances_are_shifts():
    dark, light = color_histograms(flat(40, 40, 40)), color_histograms(flat(80, 40, 40))
    found = dict(zip(CHANNELS, color_distances(dark, light).tolist(), strict=True))
    assert found["red"] == pytest.approx(40 / 256)
    assert found["green"] == found["blue"] == 0
    assert found["value"] == pytest.approx(40 / 256)


def test_hues_lie_on_a_circle():
    near = color_distances(color_histograms(flat(200, 0, 8)), color_histograms(flat(200, 8, 0)))
    far = color_distances(color_histograms(flat(200, 0, 8)), color_histograms(flat(0, 200, 192)))
    hue = CHANNELS.index("hue")
    assert near[hue] <= 2 / BINS
    assert far[hue] == pytest.approx(0.5, abs=2 / BINS)


def test_colour_distance_takes_many_at_once():
    one = np.stack([color_histograms(flat(v, v, v)) for v in (0, 60, 120)])
    other = color_histograms(flat(60, 60, 60))
    together = color_distances(one, other)
    assert together.shape == (3, 9)
    np.testing.assert_allclose(together[2], color_distances(one[2], other))
    assert (together[1] == 0).all()


def test_tones_by_hand():
    half = flat(0, 0, 0)
    half[:, :12] = 255
    assert tones(half) == pytest.approx([50, 50, 0])
    assert tones(flat(255, 0, 0))[2] == 1


# --- spectra -----------------------------------------------------------------------------------


def noise(seed: int, side: int, exponent: float = 0.0, deviation: float = 20.0) -> np.ndarray:
    """Return grey noise (side, side, 3) whose power falls as frequency to an exponent."""
    white = rng(seed).normal(size=(side, side))
    radius = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None])
    radius[0, 0] = 1
    shaped = np.fft.irfft2(np.fft.rfft2(white) * radius ** (exponent / 2), s=(side, side))
    grey = 128 + deviation * shaped / shaped.std()
    return np.repeat(np.clip(np.rint(grey), 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def test_white_noise_is_flat_at_its_variance_whatever_the_size():
    for side in (64, 150, 700):
        spectrum = np.mean([power_spectrum(noise(seed, side)) for seed in range(5)], axis=0)
        assert np.mean(spectrum) == pytest.approx(20 * np.log10(20), abs=0.3)
        # The smaller the picture, the farther the mean that is taken off reaches into low bins.
        assert spectrum_slope(spectrum) == pytest.approx(
            0, abs={64: 0.4, 150: 0.1, 700: 0.02}[side]
        )


def test_the_slope_is_the_exponent():
    assert spectrum_slope(power_spectrum(noise(2, 256, -2.0))) == pytest.approx(-2, abs=0.15)


def test_blur_takes_detail_the_more_the_stronger():
    import cv2

    picture = noise(3, 256, -1.0)
    sharp = power_spectrum(picture)
    blurred = [power_spectrum(cv2.GaussianBlur(picture, (0, 0), s)) for s in (0.5, 1.0, 2.0)]
    apart = [float(spectrum_distance(sharp, one)) for one in blurred]
    assert 0 == spectrum_distance(sharp, sharp) < apart[0] < apart[1] < apart[2]


def test_a_small_or_flat_picture_has_a_spectrum():
    spectrum = power_spectrum(flat(9, 9, 9))
    assert spectrum.shape == FREQUENCIES.shape
    assert np.isfinite(spectrum).all()
