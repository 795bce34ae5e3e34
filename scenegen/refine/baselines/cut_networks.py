"""Networks of the contrastive GAN: a generator, what looks at patches, what compares them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional


class ResnetGenerator(nn.Module):  # type: ignore[misc]
    """From pictures to pictures: halved twice, residual blocks, doubled twice.

    The shape is Johnson et al. 2016's, as Park et al. 2020 use it. Unlike theirs it predicts a
    change of its input, zero before training: minutes of training go into looking real and not
    into copying.

    Parameters
    ----------
    width : int
        Channels at full size; four times as many at a quarter of it.
    blocks : int
    """

    MULTIPLE = 4

    def __init__(self, width: int, blocks: int) -> None:
        super().__init__()
        self.enter = _normal(nn.Conv2d(3, width, 7, padding=3, padding_mode="reflect"))
        self.halve = nn.ModuleList(
            _normal(nn.Conv2d(k * width, 2 * k * width, 3, 2, 1, padding_mode="reflect"))
            for k in (1, 2)
        )
        self.blocks = nn.ModuleList(_Residual(4 * width) for _ in range(blocks))
        self.grow = nn.ModuleList(
            _normal(nn.Conv2d(2 * k * width, k * width, 3, padding=1, padding_mode="reflect"))
            for k in (2, 1)
        )
        self.leave = nn.Conv2d(width, 3, 7, padding=3, padding_mode="reflect")
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def encoded(self, x: Tensor) -> list[Tensor]:
        """Return maps of growing depth: what patches are compared by, and the last to go on from.

        Pixels, both halvings, the middle block, the last block.
        """
        first = self.halve[0](self.enter(x))
        h = second = self.halve[1](first)
        inner = []
        for block in self.blocks:
            h = block(h)
            inner.append(h)
        return [x, first, second, inner[(len(inner) - 1) // 2], h]

    def decoded(self, x: Tensor, h: Tensor) -> Tensor:
        """Return the pictures that were encoded, changed."""
        for layer in self.grow:
            h = layer(functional.interpolate(h, scale_factor=2, mode="bilinear"))
        out: Tensor = x + self.leave(h)
        return out

    def forward(self, x: Tensor) -> Tensor:
        """Return changed pictures (N, 3, H, W); height and width are multiples of `MULTIPLE`."""
        return self.decoded(x, self.encoded(x)[-1])


class PatchDiscriminator(nn.Sequential):  # type: ignore[misc]
    """Says of each patch how real it looks (Isola et al. 2017); it sees 34 px a side."""

    def __init__(self, width: int) -> None:
        super().__init__(
            nn.Conv2d(3, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, 2, 1),
            nn.InstanceNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 4 * width, 4, 1, 1),
            nn.InstanceNorm2d(4 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(4 * width, 1, 4, 1, 1),
        )


class PatchHeads(nn.ModuleList):  # type: ignore[misc]
    """From places of feature maps to unit vectors that are compared, one head a map."""

    def __init__(self, channels: Sequence[int], width: int) -> None:
        super().__init__(
            nn.Sequential(nn.Linear(there, width), nn.ReLU(), nn.Linear(width, width))
            for there in channels
        )

    def forward(self, maps: Sequence[Tensor], places: Sequence[Tensor]) -> list[Tensor]:
        """Return vectors (N, P, width) of each map (N, C, h, w) at places (P,) of its h w."""
        found = []
        for head, plane, at in zip(self, maps, places, strict=True):
            vectors = plane.flatten(2)[:, :, at].transpose(1, 2)
            found.append(functional.normalize(head(vectors), dim=2))
        return found


def patch_nce(made: Sequence[Tensor], given: Sequence[Tensor], temperature: float) -> Tensor:
    """Return PatchNCE (Park et al. 2020, equation 3): each patch is to know its own origin.

    The other patches of the same picture are the wrong answers. Gradients go into `made` alone.
    """
    losses = []
    for query, key in zip(made, given, strict=True):
        alike = query @ key.detach().transpose(1, 2) / temperature
        right = torch.arange(alike.shape[1], device=alike.device).expand(alike.shape[:2])
        losses.append(functional.cross_entropy(alike.flatten(0, 1), right.flatten()))
    return torch.stack(losses).mean()


def _normal(layer: nn.Conv2d) -> nn.Sequential:
    return nn.Sequential(layer, nn.InstanceNorm2d(layer.out_channels), nn.ReLU())


class _Residual(nn.Module):  # type: ignore[misc]
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _normal(nn.Conv2d(width, width, 3, padding=1, padding_mode="reflect"))
        self.second = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, padding_mode="reflect"),
            nn.InstanceNorm2d(width),
        )

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.second(self.first(x))
        return out
