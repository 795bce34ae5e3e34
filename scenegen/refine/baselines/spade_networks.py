"""Networks of the conditional GAN: a generator told classes, a critic that finds them."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm


class SpadeGenerator(nn.Module):  # type: ignore[misc]
    """From renders, classes and noise to pictures.

    Two halvings, then residual blocks with SPADE (Park et al. 2019) on the way up, each beside
    what the way down saw. It predicts a change of the render, zero before training.

    Parameters
    ----------
    planes : int
        Of classes and noise, see `hot_of`.
    width : int
        Channels at full size; twice and three times as many below.
    """

    MULTIPLE = 4

    def __init__(self, planes: int, width: int) -> None:
        super().__init__()
        fine, middle, coarse = width, 2 * width, 3 * width
        self.enter = _plain(3, fine)
        self.halve = nn.ModuleList(
            nn.Conv2d(a, b, 4, 2, 1, padding_mode="reflect")
            for a, b in ((fine, middle), (middle, coarse))
        )
        self.blocks = nn.ModuleList(
            [
                _SpadeBlock(coarse, coarse, planes),
                _SpadeBlock(coarse, coarse, planes),
                _SpadeBlock(coarse + middle, middle, planes),
                _SpadeBlock(middle + fine, fine, planes),
            ]
        )
        self.leave = _plain(fine, 3)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        """Return changed pictures (N, 3, H, W); height and width are multiples of `MULTIPLE`.

        Parameters
        ----------
        x : (N, 3, H, W) float32
        told : (N, planes, H, W) float32
        """
        fine = functional.leaky_relu(self.enter(x), 0.2)
        middle = functional.leaky_relu(self.halve[0](fine), 0.2)
        h = functional.leaky_relu(self.halve[1](middle), 0.2)
        levels = [told, functional.avg_pool2d(told, 2), functional.avg_pool2d(told, 4)]
        first, second, third, last = self.blocks
        h = second(first(h, levels[2]), levels[2])
        h = third(torch.cat([_doubled(h), middle], dim=1), levels[1])
        h = last(torch.cat([_doubled(h), fine], dim=1), levels[0])
        out: Tensor = x + self.leave(functional.leaky_relu(h, 0.2))
        return out


class SegmentingCritic(nn.Module):  # type: ignore[misc]
    """A U-Net that says of each pixel: which class if real, or made (Schoenfeld et al. 2021).

    Spectral norm on every convolution, as there.

    Parameters
    ----------
    classes : int
        The answer ``classes`` means made.
    width : int
        Channels at full size.
    """

    MULTIPLE = 4

    def __init__(self, classes: int, width: int) -> None:
        super().__init__()
        fine, middle, coarse = width, 2 * width, 4 * width
        self.down = nn.ModuleList(
            [_normed(3, fine), _normed(fine, middle), _normed(middle, coarse)]
        )
        self.deep = _normed(coarse, coarse)
        self.up = nn.ModuleList([_normed(coarse + middle, middle), _normed(middle + fine, fine)])
        self.answer = nn.Conv2d(fine, classes + 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return scores (N, classes + 1, H, W); height and width are multiples of `MULTIPLE`."""
        fine = functional.leaky_relu(self.down[0](x), 0.2)
        middle = functional.leaky_relu(self.down[1](functional.avg_pool2d(fine, 2)), 0.2)
        h = functional.leaky_relu(self.down[2](functional.avg_pool2d(middle, 2)), 0.2)
        h = functional.leaky_relu(self.deep(h), 0.2)
        for layer, beside in zip(self.up, (middle, fine), strict=True):
            h = functional.leaky_relu(layer(torch.cat([_doubled(h), beside], dim=1)), 0.2)
        out: Tensor = self.answer(h)
        return out


class _Spade(nn.Module):  # type: ignore[misc]
    """Scales and shifts normalised features by what is told at each place."""

    HIDDEN = 32

    def __init__(self, width: int, planes: int) -> None:
        super().__init__()
        self.norm = nn.InstanceNorm2d(width)
        self.read = _plain(planes, self.HIDDEN)
        self.change = nn.Conv2d(self.HIDDEN, 2 * width, 1)

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        scale, shift = self.change(functional.relu(self.read(told))).chunk(2, dim=1)
        out: Tensor = self.norm(x) * (1.0 + scale) + shift
        return out


class _SpadeBlock(nn.Module):  # type: ignore[misc]
    def __init__(self, inside: int, outside: int, planes: int) -> None:
        super().__init__()
        self.first_spade = _Spade(inside, planes)
        self.first = _plain(inside, outside)
        self.second_spade = _Spade(outside, planes)
        self.second = _plain(outside, outside)
        self.skip = nn.Conv2d(inside, outside, 1) if inside != outside else nn.Identity()

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        h = self.first(functional.leaky_relu(self.first_spade(x, told), 0.2))
        h = self.second(functional.leaky_relu(self.second_spade(h, told), 0.2))
        out: Tensor = self.skip(x) + h
        return out


def _plain(inside: int, outside: int) -> nn.Conv2d:
    # Mirrored at the border: zeros there would show as a frame around the picture.
    return nn.Conv2d(inside, outside, 3, padding=1, padding_mode="reflect")


def _normed(inside: int, outside: int) -> nn.Module:
    layer: nn.Module = spectral_norm(nn.Conv2d(inside, outside, 3, padding=1))
    return layer


def _doubled(h: Tensor) -> Tensor:
    return functional.interpolate(h, scale_factor=2, mode="bilinear")
