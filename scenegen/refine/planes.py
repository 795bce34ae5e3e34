"""Pictures as numbers: red, green and blue for baselines, opponent colours for the refiner.

In photographs brightness holds nearly all detail; red, green and blue hold it three times. White
noise on those is mostly colour that no photograph has, and all of it would have to be removed.
Along the refiner's axes (brightness and two differences, after Ruderman et al. 1998) each plane
has about as much fine detail as the others, so noise that makes texture anew leaves colours alone.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from scenegen.evaluate.images import U8

# Rows scaled by what was measured on CamVid: 0.09, 0.015 and 0.008 of [-1, 1] between neighbours.
_FROM_RGB = torch.tensor([[1 / 3, 1 / 3, 1 / 3], [3.0, 0.0, -3.0], [-3.0, 6.0, -3.0]])
_TO_RGB = torch.linalg.inv(_FROM_RGB)


def as_signed(pictures: U8) -> Tensor:
    """Return sRGB bytes (N, H, W, 3) as (N, 3, H, W) float32 in [-1, 1]."""
    planes = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))
    return torch.from_numpy(planes).float() / 127.5 - 1.0


def as_bytes(pictures: Tensor) -> U8:
    """Return pictures (N, 3, H, W) in [-1, 1] as sRGB bytes (N, H, W, 3)."""
    scaled = (pictures.float().clamp(-1.0, 1.0) + 1.0) * 127.5
    return np.ascontiguousarray(scaled.round().byte().cpu().numpy().transpose(0, 2, 3, 1))


def opponent(rgb: Tensor) -> Tensor:
    """Return pictures (N, 3, H, W), or differences of such, along the refiner's axes."""
    return torch.einsum("ij,njhw->nihw", _FROM_RGB.to(rgb), rgb)


def as_planes(pictures: U8) -> Tensor:
    """Return sRGB bytes (N, H, W, 3) as the refiner's planes (N, 3, H, W) float32."""
    return opponent(as_signed(pictures))


def from_planes(planes: Tensor) -> U8:
    """Return the refiner's planes (N, 3, H, W) as sRGB bytes (N, H, W, 3)."""
    planes = planes.float()
    return as_bytes(torch.einsum("ij,njhw->nihw", _TO_RGB.to(planes), planes))
