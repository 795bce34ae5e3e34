"""The built-in segmentation model: a small pyramid decoder on ImageNet features."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from scenegen.evaluate.images import U8
from scenegen.evaluate.utility.augment import Augmentation
from scenegen.evaluate.utility.encoder import STAGES, Encoder, weights_digest
from scenegen.evaluate.utility.protocol import TrainingData
from scenegen.records.taxonomy import IGNORE
from scenegen.seeds import named_generator

VERSION = 1
"""Raised when a change of the code changes what training gives."""


@dataclass(frozen=True)
class SegmenterSettings:
    """How the built-in model is trained.

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
    rate: float = 2e-3
    encoder_share: float = 0.15
    decay: float = 1e-2
    warmup: int = 10
    width: int = 64
    frozen: int = 3
    augmentation: Augmentation = field(default_factory=Augmentation)
    device: str = "cpu"


class Segmenter:
    """A `Model` for semantic segmentation.

    Parameters
    ----------
    classes : sequence of str
        Names by judged id.
    seed : int
        Of the decoder's first weights.
    """

    name = "efficientnet-lite0 pyramid"
    trainable = True

    def __init__(
        self, classes: Sequence[str], seed: int, settings: SegmenterSettings | None = None
    ) -> None:
        self.settings = settings or SegmenterSettings()
        text = f"{VERSION} {weights_digest()} {list(classes)} {asdict(self.settings)}"
        self.digest = hashlib.sha256(text.encode()).hexdigest()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(named_generator("decoder", seed).integers(2**62)))
            network = _Network(len(classes), self.settings)
        self.network = network.to(self.settings.device)

    def fit(self, data: TrainingData, steps: int, seed: int) -> None:
        """Train with cross-entropy over pixels that are not ignored."""
        optimiser, schedule = self._optimiser(steps)
        self.network.train()
        for step in range(steps):
            batch = data.batch(step, self.settings.batch, seed)
            if batch.semantic is None:
                raise TypeError("a segmenter is trained on label pictures, not on boxes")
            generator = named_generator("augmentation", seed, step)
            images, labels = self.settings.augmentation.views(
                batch.images, batch.semantic, generator
            )
            loss = _loss(self.network(self._tensor(images)), self._labels(labels))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def predict(self, images: U8) -> U8:
        """Return judged ids (N, h, w) uint8 of pictures (N, h, w, 3) uint8."""
        self.network.eval()
        size = images.shape[1:3]
        found = [
            functional.interpolate(self.network(self._tensor(part)), size, mode="bilinear")
            .argmax(1)
            .to(torch.uint8)
            .cpu()
            .numpy()
            for part in np.array_split(images, max(1, -(-len(images) // self.settings.batch)))
        ]
        return np.concatenate(found)

    def _optimiser(
        self, steps: int
    ) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
        s = self.settings
        encoder = [p for p in self.network.encoder.parameters() if p.requires_grad]
        decoder = list(self.network.decoder.parameters())
        groups = [
            {"params": encoder, "lr": s.rate * s.encoder_share},
            {"params": decoder, "lr": s.rate},
        ]
        optimiser = AdamW(groups, lr=s.rate, weight_decay=s.decay)

        def factor(step: int) -> float:
            rise = min(1.0, (step + 1) / min(s.warmup, max(1, steps)))
            return float(rise * 0.5 * (1 + np.cos(np.pi * step / steps)))

        return optimiser, LambdaLR(optimiser, factor)

    def _tensor(self, images: U8) -> Tensor:
        chw = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
        return torch.from_numpy(chw).to(self.settings.device).float()

    def _labels(self, labels: U8) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(labels)).to(self.settings.device).long()


class _Network(nn.Module):  # type: ignore[misc]
    def __init__(self, classes: int, settings: SegmenterSettings) -> None:
        super().__init__()
        self.encoder = Encoder(settings.frozen)
        self.decoder = _Decoder(classes, settings.width)

    def forward(self, images: Tensor) -> Tensor:
        scores: Tensor = self.decoder(self.encoder(images))
        return scores


class _Decoder(nn.Module):  # type: ignore[misc]
    """Feature pyramid (Lin et al. 2017): coarse maps are added to finer ones on the way down."""

    def __init__(self, classes: int, width: int) -> None:
        super().__init__()
        self.lateral = nn.ModuleList([nn.Conv2d(c, width, 1) for _, _, c in STAGES])
        self.norms = nn.ModuleList([nn.GroupNorm(8, width) for _ in STAGES])
        self.head = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1),
            nn.GroupNorm(8, width),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, classes, 1),
        )

    def forward(self, maps: list[Tensor]) -> Tensor:
        """Return class scores (N, classes, H/4, W/4)."""
        total: Tensor | None = None
        for lateral, norm, features in zip(
            reversed(self.lateral), reversed(self.norms), reversed(maps), strict=True
        ):
            here = norm(lateral(features))
            if total is not None:
                here = here + functional.interpolate(total, here.shape[2:], mode="bilinear")
            total = functional.relu(here)
        scores: Tensor = self.head(total)
        return scores


def _loss(scores: Tensor, labels: Tensor) -> Tensor:
    """Return the mean cross-entropy at full size; zero if every pixel is ignored.

    Pixels weigh by one over the square root of their class's share of the batch, so that
    poles and people are learned within a hundred steps, not only road and sky.
    """
    full = functional.interpolate(scores, labels.shape[1:], mode="bilinear")
    counts = torch.bincount(labels.flatten(), minlength=IGNORE + 1)[: scores.shape[1]]
    weights = torch.rsqrt(counts.clamp(min=1) / counts.sum().clamp(min=1))
    total = functional.cross_entropy(full, labels, weights, ignore_index=IGNORE, reduction="sum")
    counted: Tensor = total / (weights * counts).sum().clamp(min=1e-6)
    return counted
