"""What the built-in models have in common beyond the encoder: a feature pyramid, an optimiser."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from scenegen.evaluate.images import U8
from scenegen.evaluate.utility.augment import Augmentation
from scenegen.evaluate.utility.encoder import STAGES


@dataclass(frozen=True)
class TrainerSettings:
    """How a built-in model is trained.

    Attributes
    ----------
    batch : int
    rate : float
        AdamW's highest learning rate, reached after `warmup` steps, then a cosine to zero.
    encoder_share : float
        The pretrained layers' learning rate over that.
    decay : float
        Weight decay.
    width : int
        Channels of the decoder.
    frozen : int
        Blocks of the encoder that are not trained.
    augmentation : Augmentation
    device : str
        As torch names it.
    """

    batch: int = 8
    rate: float = 4e-3
    encoder_share: float = 0.5
    decay: float = 1e-2
    warmup: int = 10
    width: int = 64
    frozen: int = 3
    augmentation: Augmentation = field(default_factory=Augmentation)
    device: str = "cpu"


class Pyramid(nn.Module):  # type: ignore[misc]
    """Feature pyramid (Lin et al. 2017): coarse maps are added to finer ones on the way down.

    Parameters
    ----------
    width : int
        Channels, a multiple of 8.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.lateral = nn.ModuleList([nn.Conv2d(c, width, 1) for _, _, c in STAGES])
        self.norms = nn.ModuleList([nn.GroupNorm(8, width) for _ in STAGES])

    def forward(self, maps: list[Tensor]) -> Tensor:
        """Return the finest map (N, width, H/4, W/4) of those of the encoder."""
        total: Tensor | None = None
        for lateral, norm, features in zip(
            reversed(self.lateral), reversed(self.norms), reversed(maps), strict=True
        ):
            here = norm(lateral(features))
            if total is not None:
                here = here + functional.interpolate(total, here.shape[2:], mode="bilinear")
            total = functional.relu(here)
        return total


def optimiser_of(
    encoder: nn.Module, heads: nn.Module, steps: int, settings: TrainerSettings
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    """Return AdamW and its schedule: a linear rise over the warm-up, then a cosine to zero."""
    rate = settings.rate
    groups = [
        {
            "params": [p for p in encoder.parameters() if p.requires_grad],
            "lr": rate * settings.encoder_share,
        },
        {"params": list(heads.parameters()), "lr": rate},
    ]
    optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=settings.decay)

    def factor(step: int) -> float:
        rise = min(1.0, (step + 1) / min(settings.warmup, max(1, steps)))
        return float(rise * 0.5 * (1 + np.cos(np.pi * step / max(1, steps))))

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, factor)


def as_tensor(images: U8, device: str) -> Tensor:
    """Return pictures (N, H, W, 3) uint8 as (N, 3, H, W) float32 in 0 to 255."""
    planes = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
    return torch.from_numpy(planes).to(device).float()
