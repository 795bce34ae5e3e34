"""The refiner's network: a U-Net that is told classes by SPADE, and noise and style by FiLM."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from scenegen.refine.conditions import Condition, planes_of
from scenegen.refine.spec import STYLES, NetworkSpec

GROUPS = 8
_CONTEXT = 128
_PLANES = 8
"""Besides class planes, see `planes_of`."""


class Network(nn.Module):  # type: ignore[misc]
    """Predicts from a noisy picture, its noise level and a condition.

    FiLM (Perez et al. 2018) scales and shifts normalised features by noise level and style;
    SPADE (Park et al. 2019) does so on the way up by the class at each place. The last
    convolution works on whole pixels, so that their unshuffling leaves no grid.
    """

    def __init__(self, spec: NetworkSpec) -> None:
        super().__init__()
        self.spec = spec
        classes, widths = len(spec.classes), spec.widths
        cell = spec.unshuffle**2
        self.level = nn.Sequential(
            _Waves(_CONTEXT),
            nn.Linear(_CONTEXT, _CONTEXT),
            nn.SiLU(),
            nn.Linear(_CONTEXT, _CONTEXT),
        )
        self.style = nn.ModuleList([nn.Embedding(len(w) + 1, _CONTEXT) for w in STYLES.values()])
        self.enter = nn.Conv2d(cell * (6 + classes + 1 + _PLANES - 1), widths[0], 3, padding=1)
        self.down = nn.ModuleList()
        self.halve = nn.ModuleList()
        for at, width in enumerate(widths):
            before = widths[max(at - 1, 0)]
            if at:
                self.halve.append(nn.Conv2d(before, width, 3, stride=2, padding=1))
            self.down.append(nn.ModuleList([_Block(width, width) for _ in range(spec.blocks)]))
        self.attend = _Attention(widths[-1]) if spec.attention else nn.Identity()
        self.middle = _Block(widths[-1], widths[-1], classes + 1)
        self.up = nn.ModuleList()
        for at in reversed(range(len(widths))):
            below = widths[min(at + 1, len(widths) - 1)]
            first = _Block(below + widths[at], widths[at], classes + 1)
            rest = [_Block(widths[at], widths[at], classes + 1) for _ in range(spec.blocks - 1)]
            self.up.append(nn.ModuleList([first, *rest]))
        self.leave_norm = nn.GroupNorm(GROUPS, widths[0], affine=False)
        self.leave_film = nn.Linear(_CONTEXT, 2 * widths[0])
        self.leave = nn.Conv2d(widths[0], cell * 8, 3, padding=1)
        self.shuffle = nn.PixelShuffle(spec.unshuffle)
        self.last = nn.Conv2d(8 + 6, 3, 3, padding=1)
        # At first it takes away what is finer than three pixels, as if all of that were noise.
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)
        with torch.no_grad():
            for k in range(3):
                self.last.weight[k, 8 + 3 + k, 1, 1] = -1.0

    def forward(self, x: Tensor, detail: Tensor, noise: Tensor, condition: Condition) -> Tensor:
        """Return what is predicted (N, 3, H, W).

        Parameters
        ----------
        x : (N, 3, H, W) float
            About of unit deviation.
        detail : (N, 3, H, W) float
            What is finer than three pixels, in units of the noise as it is to be predicted: without
            it the last layers must first grow until they tell weak noise from the picture.
        noise : (N,) float
            The noise level, as the preconditioning codes it.
        """
        height, width = x.shape[-2:]
        planes, occupied = planes_of(condition, len(self.spec.classes))
        whole = self._padded(torch.cat([x, detail, planes.to(x.dtype)], dim=1))
        cells = functional.pixel_unshuffle(whole, self.spec.unshuffle)
        context = self.level(noise)
        for row, table in enumerate(self.style):
            context = context + table(condition.style[:, row])
        context = functional.silu(context)
        h = self.enter(cells)
        maps = []
        for at, blocks in enumerate(self.down):
            if at:
                h = self.halve[at - 1](h)
            for block in blocks:
                h = block(h, context, None)
            maps.append(h)
        classes = self._by_level(self._padded(occupied.to(x.dtype)), len(maps))
        h = self.middle(self.attend(h), context, classes[-1])
        for at, blocks in zip(reversed(range(len(maps))), self.up, strict=True):
            if at < len(maps) - 1:
                h = functional.interpolate(h, scale_factor=2, mode="nearest")
            h = torch.cat([h, maps[at]], dim=1)
            for block in blocks:
                h = block(h, context, classes[at])
        scale, shift = self.leave_film(context)[..., None, None].chunk(2, dim=1)
        h = functional.silu(self.leave_norm(h) * (1.0 + scale) + shift)
        fine = self.shuffle(self.leave(h))[..., :height, :width]
        out: Tensor = self.last(torch.cat([fine, x, detail], dim=1))
        return out

    def _padded(self, planes: Tensor) -> Tensor:
        multiple = self.spec.multiple
        right, below = (-planes.shape[k] % multiple for k in (-1, -2))
        if not right and not below:
            return planes
        return functional.pad(planes, (0, right, 0, below), mode="reflect")

    def _by_level(self, occupied: Tensor, levels: int) -> list[Tensor]:
        """Return the share of each class in the cells of each level."""
        found = [functional.avg_pool2d(occupied, self.spec.unshuffle)]
        for _ in range(levels - 1):
            found.append(functional.avg_pool2d(found[-1], 2))
        return found


class _Waves(nn.Module):  # type: ignore[misc]
    """Numbers (N,) as sines and cosines (N, width) of growing frequency."""

    def __init__(self, width: int) -> None:
        super().__init__()
        rates = torch.exp(torch.linspace(0.0, math.log(100.0), width // 2))
        self.register_buffer("rates", rates, persistent=False)

    def forward(self, numbers: Tensor) -> Tensor:
        angles = numbers[:, None] * self.rates
        return torch.cat([angles.sin(), angles.cos()], dim=1)


class _Block(nn.Module):  # type: ignore[misc]
    """A residual block; with `classes` it is told the classes at each place."""

    def __init__(self, inside: int, outside: int, classes: int = 0) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(GROUPS, inside)
        self.first = nn.Conv2d(inside, outside, 3, padding=1)
        self.second_norm = nn.GroupNorm(GROUPS, outside, affine=False)
        self.film = nn.Linear(_CONTEXT, 2 * outside)
        self.spade = nn.Conv2d(classes, 2 * outside, 1, bias=False) if classes else None
        self.second = nn.Conv2d(outside, outside, 3, padding=1)
        self.skip = nn.Conv2d(inside, outside, 1) if inside != outside else nn.Identity()
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)
        if self.spade is not None:
            nn.init.zeros_(self.spade.weight)

    def forward(self, x: Tensor, context: Tensor, classes: Tensor | None) -> Tensor:
        h = self.first(functional.silu(self.norm(x)))
        change = self.film(context)[..., None, None]
        if self.spade is not None and classes is not None:
            change = change + self.spade(classes)
        scale, shift = change.chunk(2, dim=1)
        h = self.second_norm(h) * (1.0 + scale) + shift
        out: Tensor = self.skip(x) + self.second(functional.silu(h))
        return out


class _Attention(nn.Module):  # type: ignore[misc]
    """Self-attention over all cells of a map, four heads."""

    HEADS = 4

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(GROUPS, width)
        self.enter = nn.Conv2d(width, 3 * width, 1)
        self.leave = nn.Conv2d(width, width, 1)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def forward(self, x: Tensor) -> Tensor:
        count, width, rows, columns = x.shape
        wanted, keys, values = (
            part.reshape(count, self.HEADS, width // self.HEADS, rows * columns).transpose(2, 3)
            for part in self.enter(self.norm(x)).chunk(3, dim=1)
        )
        found = functional.scaled_dot_product_attention(wanted, keys, values)
        out: Tensor = x + self.leave(found.transpose(2, 3).reshape(x.shape))
        return out
