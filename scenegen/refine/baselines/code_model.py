"""A causal transformer: numbers of a codebook, one after another, given the classes around them.

Vaswani et al. 2017 with norms before each part; after Esser et al. 2021 (taming transformers),
only that classes enter where they are instead of as a prefix: no cell has to search for them.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

_WAVES = (1.0, 2.0, 4.0, 8.0)
"""Of sines and cosines across the picture, by which a cell knows where it is."""
_NEAR = ((0, -1), (-1, 0), (-1, 1))
"""Rows and columns of cells before a cell that it is shown directly: left, above, above right."""


@dataclass(frozen=True)
class CodeShape:
    """How large a `CodeModel` is.

    Attributes
    ----------
    count : int
        Numbers of the codebook.
    classes : int
    width, depth, heads : int
    """

    count: int
    classes: int
    width: int = 96
    depth: int = 4
    heads: int = 4


class CodeModel(nn.Module):  # type: ignore[misc]
    """Scores of each cell's number given all numbers before it, row by row, and all classes.

    Parameters
    ----------
    shape : CodeShape
    """

    def __init__(self, shape: CodeShape) -> None:
        super().__init__()
        self.shape = shape
        inside = shape.classes + 1 + 2 + 4 * len(_WAVES)
        self.scene = nn.Sequential(
            nn.Conv2d(inside, shape.width, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(shape.width, shape.width, 3, padding=1),
        )
        # The last number stands for cells beyond the edge.
        self.near = nn.ModuleList([nn.Embedding(shape.count + 1, shape.width) for _ in _NEAR])
        self.layers = nn.ModuleList([_Layer(shape) for _ in range(shape.depth)])
        self.leave = nn.Sequential(
            nn.LayerNorm(shape.width), nn.Linear(shape.width, shape.count, bias=False)
        )

    def forward(self, numbers: Tensor, scene: Tensor) -> Tensor:
        """Return scores (N, count, h, w); those of a cell depend on numbers before it alone.

        Parameters
        ----------
        numbers : (N, h, w) int64
        scene : (N, classes + 3, h, w) float
            See `scene_of`.
        """
        rows, columns = numbers.shape[1:]
        h = self._enter(scene)
        around = functional.pad(numbers, (1, 1, 1, 0), value=self.shape.count)
        for (up, along), table in zip(_NEAR, self.near, strict=True):
            top, left = 1 + up, 1 + along
            seen = around[:, top : top + rows, left : left + columns]
            h = h + table(seen).flatten(1, 2)
        for layer in self.layers:
            h = layer(h, None)
        scores: Tensor = self.leave(h).transpose(1, 2).unflatten(2, (rows, columns))
        return scores

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def drawn(self, scene: Tensor, own: Tensor, kept: Tensor, luck: Tensor, heat: float) -> Tensor:
        """Return numbers (h, w) int64 drawn one after another.

        Parameters
        ----------
        scene : (1, classes + 3, h, w) float
        own : (h, w) int64
            Numbers that the cells have so far.
        kept : (h, w) bool
            Where they stay.
        luck : (h, w, count) float
            Gumbel noise: the number with the largest sum of score and noise is drawn.
        heat : float
            Temperature: 0 takes the likeliest.
        """
        rows, columns = own.shape
        entered = self._enter(scene)
        caches = [_Cache.empty(layer, rows * columns) for layer in self.layers]
        around = functional.pad(torch.zeros_like(own), (1, 1, 1, 0), value=self.shape.count)
        for at in range(rows * columns):
            y, x = divmod(at, columns)
            h = entered[:, at : at + 1]
            for (up, along), table in zip(_NEAR, self.near, strict=True):
                h = h + table(around[1 + y + up, 1 + x + along])
            for layer, cache in zip(self.layers, caches, strict=True):
                h = layer(h, cache)
            scores = self.leave(h)[0, 0] + heat * luck[y, x]
            around[1 + y, 1 + x] = torch.where(kept[y, x], own[y, x], scores.argmax())
        return around[1:, 1:-1]

    def _enter(self, scene: Tensor) -> Tensor:
        places = scene[:, -2:]
        waves = [f(torch.pi * rate * places) for rate in _WAVES for f in (torch.sin, torch.cos)]
        h: Tensor = self.scene(torch.cat([scene, *waves], dim=1)).flatten(2).transpose(1, 2)
        return h


def scene_of(hot: Tensor, place: Tensor, cell: int) -> Tensor:
    """Return shares of classes and the place of cells (N, classes + 3, h, w).

    Parameters
    ----------
    hot : (N, classes + 1, H, W) float
    place : (N, 2, H, W) float
    cell : int
        Pixels a side.
    """
    return functional.avg_pool2d(torch.cat([hot, place], dim=1), cell)


@dataclass
class _Cache:
    """Keys and values of the cells so far."""

    keys: Tensor
    values: Tensor
    count: int = 0

    @classmethod
    def empty(cls, layer: _Layer, most: int) -> _Cache:
        weight = layer.enter.weight
        room = weight.new_zeros(2, 1, layer.heads, most, weight.shape[1] // layer.heads)
        return cls(room[0], room[1])

    def grown(self, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        self.keys[:, :, self.count] = key[:, :, 0]
        self.values[:, :, self.count] = value[:, :, 0]
        self.count += 1
        return self.keys[:, :, : self.count], self.values[:, :, : self.count]


class _Layer(nn.Module):  # type: ignore[misc]
    """Attention to what came before, then two linear maps."""

    def __init__(self, shape: CodeShape) -> None:
        super().__init__()
        width, self.heads = shape.width, shape.heads
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(2)])
        self.enter = nn.Linear(width, 3 * width)
        self.leave = nn.Linear(width, width)
        self.wide = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x: Tensor, cache: _Cache | None) -> Tensor:
        """Return changed cells (N, T, width); with a cache, of the one that comes next."""
        parts = self.enter(self.norms[0](x)).unflatten(2, (3 * self.heads, -1)).transpose(1, 2)
        wanted, key, value = parts.chunk(3, dim=1)
        if cache is not None:
            key, value = cache.grown(key, value)
        found = functional.scaled_dot_product_attention(wanted, key, value, is_causal=cache is None)
        x = x + self.leave(found.transpose(1, 2).flatten(2))
        out: Tensor = x + self.wide(self.norms[1](x))
        return out
