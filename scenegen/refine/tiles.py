"""Denoising pictures that are larger than what a network is used to, tile by tile.

Overlapping windows are denoised by themselves and averaged at every step of a walk, so that all
tiles walk to one picture (Bar-Tal et al. 2023, MultiDiffusion).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from scenegen.refine.denoiser import Denoise


@dataclass(frozen=True)
class Window:
    """A part of a picture, in px from its top left corner."""

    top: int
    left: int
    height: int
    width: int

    def of(self, planes: Tensor) -> Tensor:
        """Return the part of (…, H, W)."""
        return planes[..., self.top : self.top + self.height, self.left : self.left + self.width]


DenoiseParts = Callable[[Sequence[Window]], Denoise]
"""From windows to what denoises a stack of as many parts, one of each window, in their order."""


def windows_of(size: tuple[int, int], tile: tuple[int, int]) -> list[Window]:
    """Return windows that overlap by half or more and cover a picture.

    Parameters
    ----------
    size, tile : (height, width) px
        Tiles larger than the picture are cut to it.
    """
    height, width = (min(have, wanted) for have, wanted in zip(size, tile, strict=True))
    return [
        Window(top, left, height, width)
        for top in _starts(size[0], height)
        for left in _starts(size[1], width)
    ]


def tiled(parts: DenoiseParts, size: tuple[int, int], tile: tuple[int, int], batch: int) -> Denoise:
    """Return a denoiser of one large picture (1, 3, H, W) made of one of small parts.

    Parameters
    ----------
    parts : callable
        See `DenoiseParts`.
    size, tile : (height, width) px
    batch : int
        Tiles at once: with the picture itself, all that memory must hold.
    """
    windows = windows_of(size, tile)
    weight = _rising(windows[0])

    def denoise(x: Tensor, sigma: float) -> Tensor:
        share = weight.to(x)
        summed, total = torch.zeros_like(x), torch.zeros_like(x[:1, :1])
        for first in range(0, len(windows), batch):
            some = windows[first : first + batch]
            clean = parts(some)(torch.cat([window.of(x) for window in some]), sigma)
            for window, part in zip(some, clean, strict=True):
                window.of(summed)[0] += share * part
                window.of(total)[0] += share
        return summed / total

    return denoise


def _starts(length: int, tile: int) -> list[int]:
    count = 1 if tile == length else math.ceil((length - tile) / max(tile // 2, 1)) + 1
    return [int(start) for start in np.rint(np.linspace(0, length - tile, count))]


def _rising(window: Window) -> Tensor:
    """Return shares (h, w) that rise from a tile's border, where it knows least, to its middle."""

    def ramp(length: int) -> Tensor:
        at = torch.arange(length) + 0.5
        return torch.minimum(at, length - at)

    return ramp(window.height)[:, None] * ramp(window.width)[None]
