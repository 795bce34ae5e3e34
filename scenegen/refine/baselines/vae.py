"""Variational autoencoders: a render is encoded, and decoded as a photograph.

Kingma and Welling 2014; one code for both domains as in UNIT (Liu et al. 2017), without its
adversaries. The conditional one (Sohn et al. 2015) is told the classes at each place too.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from scenegen.refine.baselines.coders import CoderShape, Decoder, Encoder

_ROUNDING = (2.0 / 255.0) ** 2 / 12.0
"""Variance that bytes lose: no likelihood is sharper."""


class Autoencoder(nn.Module):  # type: ignore[misc]
    """Pictures as Gaussian codes, and codes as pictures of a domain.

    Parameters
    ----------
    shape : CoderShape
    """

    def __init__(self, shape: CoderShape) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(shape, 2 * shape.latents)
        self.decoder = Decoder(shape)

    def code(self, x: Tensor, hot: Tensor | None) -> tuple[Tensor, Tensor]:
        """Return mean and logarithm of variance (N, latents, h, w) of pictures' codes."""
        mean, log_variance = self.encoder(x, hot).chunk(2, dim=1)
        return mean, log_variance.clamp(-12.0, 4.0)

    def forward(
        self, x: Tensor, domain: Tensor, hot: Tensor | None, noise: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the two parts whose sum is the negative evidence bound, in nats a value.

        Parameters
        ----------
        noise : (N, latents, h, w) float
            Of unit deviation.

        Returns
        -------
        error, divergence : scalar tensors
            The error is that of a Gaussian whose deviation fits the batch (Rybkin et al. 2021).
        """
        mean, log_variance = self.code(x, hot)
        z = mean + (0.5 * log_variance).exp() * noise
        made = self.decoder(z, domain, hot)
        variance = ((made - x) ** 2).mean() + _ROUNDING
        error = 0.5 * torch.log(2.0 * math.pi * math.e * variance)
        apart = 0.5 * (mean**2 + log_variance.exp() - 1.0 - log_variance).sum()
        return error, apart / x.numel()
