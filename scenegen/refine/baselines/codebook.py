"""A codebook: maps of vectors as maps of numbers of the nearest of so many vectors."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

_KEEP = 0.95
"""Share of the running means that stays after a step."""
_RARE = 0.1
"""Vectors that fewer cells a step have lately chosen are placed anew."""
_SMALL = 1e-5


class Codebook(nn.Module):  # type: ignore[misc]
    """Vectors that follow the mean of what is nearest to them (van den Oord et al. 2017, A.1).

    Vectors that nothing is near are placed onto cells of the batch (Dhariwal et al. 2020,
    Jukebox), without which most are never used.

    Parameters
    ----------
    count : int
    width : int
        Numbers a vector.
    """

    vectors: Tensor
    used: Tensor
    summed: Tensor

    def __init__(self, count: int, width: int) -> None:
        super().__init__()
        self.register_buffer("vectors", torch.randn(count, width))
        self.register_buffer("used", torch.zeros(count))
        self.register_buffer("summed", torch.zeros(count, width))

    def numbers(self, cells: Tensor) -> Tensor:
        """Return the numbers (N, h, w) int64 of the vectors nearest to cells (N, width, h, w)."""
        flat = cells.permute(0, 2, 3, 1).flatten(0, 2)
        # |a - b|² without |a|², which is the same for all vectors.
        far = (self.vectors**2).sum(dim=1) - 2.0 * flat @ self.vectors.T
        return far.argmin(dim=1).reshape(cells.shape[0], *cells.shape[2:])

    def cells(self, numbers: Tensor) -> Tensor:
        """Return the vectors (N, width, h, w) of numbers (N, h, w)."""
        return functional.embedding(numbers, self.vectors).permute(0, 3, 1, 2)

    def straight(self, cells: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return cells rounded to vectors, through which gradients pass unchanged.

        Returns
        -------
        rounded : (N, width, h, w) float
        apart : scalar tensor
            Mean squared distance of cells from their vectors: the commitment.
        numbers : (N, h, w) int64
        """
        numbers = self.numbers(cells.detach())
        nearest = self.cells(numbers)
        apart = ((cells - nearest) ** 2).mean()
        return cells + (nearest - cells).detach(), apart, numbers

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def follow(self, cells: Tensor, numbers: Tensor, draw: Tensor) -> None:
        """Move vectors to what chose them.

        Parameters
        ----------
        cells : (N, width, h, w) float
        numbers : (N, h, w) int64
        draw : (count,) float
            In [0, 1): which cell a vector takes the place of if it is placed anew.
        """
        flat = cells.permute(0, 2, 3, 1).flatten(0, 2)
        hot = functional.one_hot(numbers.flatten(), len(self.vectors)).to(flat.dtype)
        self.used.lerp_(hot.sum(dim=0), 1.0 - _KEEP)
        self.summed.lerp_(hot.T @ flat, 1.0 - _KEEP)
        rare = (self.used < _RARE)[:, None]
        placed = flat[(draw * len(flat)).long()]
        self.used.copy_(torch.where(rare[:, 0], torch.ones_like(self.used), self.used))
        self.summed.copy_(torch.where(rare, placed, self.summed))
        self.vectors.copy_(self.summed / self.used.clamp(min=_SMALL)[:, None])


def perplexity(numbers: Tensor, count: int) -> float:
    """Return how many of `count` vectors are used as if evenly: e to the entropy of their use."""
    shares = torch.bincount(numbers.flatten(), minlength=count).double()
    shares = shares / shares.sum()
    return float(torch.exp(-(shares * torch.log(shares.clamp(min=1e-12))).sum()))
