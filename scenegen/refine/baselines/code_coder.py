"""Pictures as maps of numbers: a VQ-VAE (van den Oord et al. 2017)."""

from __future__ import annotations

from torch import Tensor, nn

from scenegen.refine.baselines.codebook import Codebook
from scenegen.refine.baselines.coders import CoderShape, Decoder, Encoder


class CodeCoder(nn.Module):  # type: ignore[misc]
    """Pictures as numbers of a codebook, and numbers as pictures of a domain.

    Parameters
    ----------
    shape : CoderShape
        `latents` are the numbers a vector.
    count : int
        Vectors of the codebook.
    """

    def __init__(self, shape: CoderShape, count: int) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(shape, shape.latents)
        self.codebook = Codebook(count, shape.latents)
        self.decoder = Decoder(shape)

    def numbers(self, x: Tensor) -> Tensor:
        """Return the numbers (N, h, w) int64 of pictures (N, 3, H, W)."""
        return self.codebook.numbers(self.encoder(x, None))

    def pictures(self, numbers: Tensor, domain: Tensor) -> Tensor:
        """Return the pictures (N, 3, H, W) of numbers."""
        made: Tensor = self.decoder(self.codebook.cells(numbers), domain, None)
        return made

    def forward(self, x: Tensor, domain: Tensor, draw: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean squared error and commitment; vectors move too while training.

        Parameters
        ----------
        draw : (count,) float
            See `Codebook.follow`.
        """
        cells = self.encoder(x, None)
        rounded, apart, numbers = self.codebook.straight(cells)
        if self.training:
            self.codebook.follow(cells, numbers, draw)
        made = self.decoder(rounded, domain, None)
        return ((made - x) ** 2).mean(), apart
