"""From pictures to small maps of numbers and back: halves of the autoencoders compared with."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from scenegen.refine.baselines.common import padded

REAL, RENDERED = 0, 1
"""Domains as decoders are told them."""
_GROUPS = 8
_FINE = 8
"""Channels of whole pixels, before the last convolution."""


@dataclass(frozen=True)
class CoderShape:
    """How large encoder and decoder are.

    Attributes
    ----------
    latents : int
        Numbers a cell that the decoder gets.
    classes : int
        Judged classes that decoder and encoder are told at each place; 0 tells them nothing.
    widths : tuple of int
        Channels by level, each of half the size of the one before, the first of half the
        picture's; multiples of 8.
    """

    latents: int
    classes: int = 0
    widths: tuple[int, ...] = (32, 64, 96)

    @property
    def multiple(self) -> int:
        """Pixels a side of one cell."""
        return int(2 ** len(self.widths))


def to_cells(x: Tensor, hot: Tensor | None, shape: CoderShape) -> tuple[Tensor, Tensor | None]:
    """Return pictures and class planes whose sides are whole cells, edges repeated."""
    planes = None if hot is None else padded(hot, shape.multiple)
    return padded(x, shape.multiple), planes


class Encoder(nn.Module):  # type: ignore[misc]
    """Pictures (N, 3, H, W) in [-1, 1] as maps (N, outside, H / multiple, W / multiple).

    It isn't told the domain: one code for both is what makes them comparable.
    """

    def __init__(self, shape: CoderShape, outside: int) -> None:
        super().__init__()
        widths = shape.widths
        told = shape.classes + 1 if shape.classes else 0
        self.enter = nn.Conv2d(4 * 3 + told, widths[0], 3, padding=1)
        self.blocks = nn.ModuleList([_Block(width) for width in widths])
        self.halve = nn.ModuleList(
            [nn.Conv2d(width, after, 4, stride=2, padding=1) for width, after in pairwise(widths)]
        )
        self.leave = nn.Sequential(
            nn.GroupNorm(_GROUPS, widths[-1]), nn.SiLU(), nn.Conv2d(widths[-1], outside, 1)
        )

    def forward(self, x: Tensor, hot: Tensor | None) -> Tensor:
        """Return the maps; `hot` (N, classes + 1, H, W) where classes are told."""
        cells = functional.pixel_unshuffle(x, 2)
        if hot is not None:
            cells = torch.cat([cells, functional.avg_pool2d(hot, 2)], dim=1)
        h = self.blocks[0](self.enter(cells), None, None)
        for halve, block in zip(self.halve, self.blocks[1:], strict=True):
            h = block(halve(h), None, None)
        out: Tensor = self.leave(h)
        return out


class Decoder(nn.Module):  # type: ignore[misc]
    """Maps (N, latents, h, w) as pictures (N, 3, H, W) of a domain.

    Domain and classes scale and shift what is normalised (SPADE, Park et al. 2019). The last
    convolution works on whole pixels, so that their shuffling leaves no grid.
    """

    def __init__(self, shape: CoderShape) -> None:
        super().__init__()
        upward = shape.widths[::-1]
        self.enter = nn.Conv2d(shape.latents, upward[0], 3, padding=1)
        self.blocks = nn.ModuleList([_Block(width, 2, shape.classes) for width in upward])
        self.rise = nn.ModuleList(
            [nn.Conv2d(width, after, 3, padding=1) for width, after in pairwise(upward)]
        )
        self.fine = nn.Sequential(
            nn.GroupNorm(_GROUPS, upward[-1]), nn.SiLU(), nn.Conv2d(upward[-1], 4 * _FINE, 1)
        )
        self.last = nn.Conv2d(_FINE, 3, 3, padding=1)

    def forward(self, z: Tensor, domain: Tensor, hot: Tensor | None) -> Tensor:
        """Return pictures.

        Parameters
        ----------
        domain : (N,) int64
            `REAL` or `RENDERED`.
        hot : (N, classes + 1, H, W) float, optional
            Where classes are told.
        """
        h = self.enter(z)
        for at, block in enumerate(self.blocks):
            if at:
                h = self.rise[at - 1](functional.interpolate(h, scale_factor=2, mode="nearest"))
            shares = None if hot is None else functional.adaptive_avg_pool2d(hot, h.shape[-2:])
            h = block(h, domain, shares)
        out: Tensor = self.last(functional.pixel_shuffle(self.fine(h), 2))
        return out


class _Block(nn.Module):  # type: ignore[misc]
    """A residual block, told domain and classes where there are any."""

    def __init__(self, width: int, domains: int = 0, classes: int = 0) -> None:
        super().__init__()
        self.norms = nn.ModuleList([nn.GroupNorm(_GROUPS, width) for _ in range(2)])
        self.convs = nn.ModuleList([nn.Conv2d(width, width, 3, padding=1) for _ in range(2)])
        self.domain = nn.Embedding(domains, 2 * width) if domains else None
        self.spade = nn.Conv2d(classes + 1, 2 * width, 1, bias=False) if classes else None
        if self.domain is not None:
            nn.init.zeros_(self.domain.weight)

    def forward(self, x: Tensor, domain: Tensor | None, shares: Tensor | None) -> Tensor:
        h = self.convs[0](functional.silu(self.norms[0](x)))
        h = self.norms[1](h)
        if self.domain is not None and domain is not None:
            change = self.domain(domain)[..., None, None]
            if self.spade is not None and shares is not None:
                change = change + self.spade(shares)
            scale, shift = change.chunk(2, dim=1)
            h = h * (1.0 + scale) + shift
        out: Tensor = x + self.convs[1](functional.silu(h))
        return out
