"""Tiles: one picture out of many, without seams, in bounded memory."""

import itertools

import pytest
import torch

from scenegen.refine.samplers import dpmpp_2m, levels, noise_like
from scenegen.refine.tiles import tiled, windows_of


@pytest.mark.parametrize(
    ("size", "tile"), [((24, 32), (12, 16)), ((25, 33), (12, 16)), ((10, 40), (12, 16))]
)
def test_windows_cover_all_and_overlap_by_half(size, tile):
    covered = torch.zeros(size)
    windows = windows_of(size, tile)
    for window in windows:
        assert window.of(covered).shape == (min(tile[0], size[0]), min(tile[1], size[1]))
        window.of(covered)[:] += 1
    assert covered.min() >= 1
    lefts = sorted({window.left for window in windows})
    assert all(b - a <= tile[1] // 2 for a, b in itertools.pairwise(lefts))


def test_a_constant_denoiser_gives_the_constant():
    denoise = tiled(lambda w: lambda x, sigma: torch.full_like(x, 0.25), (25, 33), (12, 16), 3)
    assert torch.allclose(denoise(torch.zeros(1, 3, 25, 33), 1.0), torch.tensor(0.25))


def test_no_seams_where_a_denoiser_does_not_know_of_tiles():
    def pointwise(x, sigma):
        return torch.tanh(x) / (1.0 + sigma)

    x = noise_like((1, 3, 25, 33), 0)
    steps = levels(0.5, 4)
    whole = dpmpp_2m(pointwise, x, steps)
    parts = dpmpp_2m(tiled(lambda windows: pointwise, (25, 33), (12, 16), 2), x, steps)
    assert torch.allclose(whole, parts, atol=1e-5)


def test_tiles_that_disagree_are_blended_without_a_jump():
    def parts(windows):
        return lambda x, sigma: torch.stack(
            [torch.full_like(x[0], float(w.left > 0)) for w in windows]
        )

    row = tiled(parts, (8, 64), (8, 32), 4)(torch.zeros(1, 3, 8, 64), 1.0)[0, 0, 4]
    assert row[0] == 0.0
    assert row[-1] == 1.0
    assert (row.diff().abs() < 0.08).all()


def test_no_more_tiles_at_once_than_asked_and_each_gets_its_part():
    x = torch.arange(24 * 40.0).reshape(1, 1, 24, 40).expand(1, 3, 24, 40)
    seen = []

    def parts(windows):
        def denoise(stack, sigma):
            seen.append(len(stack))
            for part, window in zip(stack, windows, strict=True):
                assert torch.equal(part, window.of(x)[0])
            return stack

        return denoise

    assert torch.allclose(tiled(parts, (24, 40), (12, 16), 3)(x, 1.0), x)
    assert max(seen) == 3
    assert sum(seen) == len(windows_of((24, 40), (12, 16)))
