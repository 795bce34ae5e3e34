"""Walks along the ODE against its closed form: for Gaussian data the denoiser is known."""

import numpy as np
import pytest
import torch

from scenegen.refine.samplers import dpmpp_2m, encode, heun, levels, noise_like

_MEAN, _DEVIATION = 0.3, 0.5


def _denoise(x, sigma):
    """Return the best guess of pictures that are Gaussian (Karras et al. 2022, appendix B)."""
    share = _DEVIATION**2 / (_DEVIATION**2 + sigma**2)
    return _MEAN + share * (x - _MEAN)


def _exact(x, sigma):
    """Return where the ODE leads from a level to zero: deviations shrink as those of the whole."""
    return _MEAN + (x - _MEAN) * _DEVIATION / np.sqrt(_DEVIATION**2 + sigma**2)


@pytest.mark.parametrize(("walk", "steps", "off"), [(heun, 12, 0.02), (dpmpp_2m, 16, 0.02)])
@pytest.mark.parametrize("start", [0.4, 4.0])
def test_walks_lead_where_the_ode_does(walk, steps, off, start):
    x = _MEAN + start * noise_like((64,), 0)
    found = walk(_denoise, x, levels(start, steps))
    assert torch.allclose(found, _exact(x, start), atol=off * max(1.0, start))


@pytest.mark.parametrize("walk", [heun, dpmpp_2m])
def test_twice_the_steps_are_nearer(walk):
    x = _MEAN + 4.0 * noise_like((64,), 0)
    off = [float((walk(_denoise, x, levels(4.0, n)) - _exact(x, 4.0)).abs().max()) for n in (6, 12)]
    assert off[1] < 0.5 * off[0]


def test_what_is_encoded_comes_back():
    x = _MEAN + _DEVIATION * noise_like((64,), 1)
    sigmas = levels(4.0, 24, 0.02)
    there = encode(_denoise, x, sigmas)
    assert float(there.std()) > 3.0
    assert torch.allclose(heun(_denoise, there, sigmas), x, atol=0.01)


def test_levels_fall_to_zero():
    sigmas = levels(2.0, 6)
    assert sigmas[0] == pytest.approx(2.0)
    assert sigmas[-1] == 0.0
    assert (np.diff(sigmas) < 0).all()
    assert levels(0.7, 1) == (0.7, 0.0)
    with pytest.raises(ValueError, match="no 0 steps"):
        levels(1.0, 0)


def test_noise_belongs_to_its_seed():
    assert torch.equal(noise_like((8,), 3), noise_like((8,), 3))
    assert not torch.equal(noise_like((8,), 3), noise_like((8,), 4))
