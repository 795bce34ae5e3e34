"""Two ways from a render to a picture of the real domain; both deterministic given noise."""

from __future__ import annotations

import torch
from torch import Tensor

from scenegen.refine.conditions import Condition
from scenegen.refine.denoiser import Denoiser, Guidance
from scenegen.refine.samplers import dpmpp_2m, encode, heun, levels

ENCODE_FROM = 0.02
"""Level at which the bridge's way up starts: below it there is nothing but rounding."""


@torch.no_grad()  # type: ignore[untyped-decorator]
def sdedit(
    model: Denoiser,
    x: Tensor,
    condition: Condition,
    noise: Tensor,
    sigma: float,
    steps: int,
    guidance: Guidance,
) -> Tensor:
    """Bury a picture in noise up to a level and denoise it (Meng et al. 2022).

    Parameters
    ----------
    x : (N, 3, H, W) float
        As `planes.as_planes` gives them.
    noise : (N, 3, H, W) float
        Of unit deviation.
    sigma : float
        The level: detail below it is made anew, what is above stays.
    """
    return dpmpp_2m(
        guidance(model, condition.of_domain("real")), x + sigma * noise, levels(sigma, steps)
    )


@torch.no_grad()  # type: ignore[untyped-decorator]
def bridge(
    model: Denoiser,
    x: Tensor,
    condition: Condition,
    sigma: float,
    steps: int,
    guidance: Guidance,
) -> Tensor:
    """Walk a picture up to a level as a render and down again as a photograph.

    Dual diffusion implicit bridges (Su et al. 2023): the noise that it meets half-way is a
    function of the picture, so neighbouring frames stay alike. On the way down guidance leads away
    from what the render would be, so what both domains have in common stays as it is.
    """
    rendered, real = condition.of_domain("rendered"), condition.of_domain("real")
    sigmas = levels(sigma, steps, ENCODE_FROM)
    # The way up is not guided: what guidance adds there, the way down would add again.
    up = encode(Guidance()(model, rendered), x, sigmas)
    return heun(guidance(model, real, rendered), up, sigmas)
