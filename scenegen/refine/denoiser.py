"""A network as a denoiser: what samplers see is ``denoise(x, sigma)`` and nothing else.

Preconditioning and noise levels of training after Karras et al. 2022 (EDM).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from scenegen.refine.conditions import Condition
from scenegen.refine.network import Network
from scenegen.refine.spec import RefinerSpec

_MOST_DETAIL = 4.0
"""Edges are far above weak noise; no more is told of them than that."""

Denoise = Callable[[Tensor, float], Tensor]
"""From noisy pictures (N, 3, H, W) and one noise level to clean ones."""


class Denoiser(nn.Module):  # type: ignore[misc]
    """A network between EDM's scalings.

    Parameters
    ----------
    spec : RefinerSpec
    """

    def __init__(self, spec: RefinerSpec) -> None:
        super().__init__()
        self.spec = spec
        self.network = Network(spec.network)

    def forward(self, x: Tensor, sigma: Tensor, condition: Condition) -> Tensor:
        """Return the clean pictures (N, 3, H, W) that noisy ones with levels (N,) come from."""
        data = self.spec.sigma_data
        s = sigma[:, None, None, None]
        total = torch.sqrt(s**2 + data**2)
        smooth = functional.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)
        # What is predicted holds noise times data / total: told so, one weight serves all levels.
        detail = ((x - smooth) / s).clamp(-_MOST_DETAIL, _MOST_DETAIL) * (data / total)
        predicted = self.network(x / total, detail, torch.log(sigma) / 4.0, condition)
        clean: Tensor = data**2 / total**2 * x + s * data / total * predicted
        return clean


@dataclass(frozen=True)
class Guidance:
    """How strongly pictures are led from one condition to another (Ho and Salimans 2022).

    Attributes
    ----------
    weight : float
        1 follows the condition as trained, and costs half as much as more does.
    """

    weight: float = 1.0

    def __call__(
        self, model: Denoiser, condition: Condition, away: Condition | None = None
    ) -> Denoise:
        """Return the guided denoiser of pictures under a condition.

        Parameters
        ----------
        away : Condition, optional
            What pictures are led away from; without, it tells nothing.
        """
        free = condition.withheld() if away is None else away

        def denoise(x: Tensor, sigma: float) -> Tensor:
            levels = torch.full((len(x),), sigma, dtype=x.dtype, device=x.device)
            led: Tensor = model(x, levels, condition)
            if self.weight == 1.0:
                return led
            bare = model(x, levels, free)
            return bare + self.weight * (led - bare)

        return denoise
