"""The built-in segmentation model: a small pyramid decoder on ImageNet features."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from scenegen.evaluate.images import U8
from scenegen.evaluate.utility.augment import Augmentation
from scenegen.evaluate.utility.encoder import Encoder, weights_digest
from scenegen.evaluate.utility.protocol import TrainingData
from scenegen.evaluate.utility.pyramid import Pyramid, TrainerSettings, as_tensor, optimiser_of
from scenegen.records.taxonomy import IGNORE
from scenegen.seeds import named_generator

VERSION = 1
"""Raised when a change of the code changes what training gives."""

BALANCE = 0.65
"""0 counts pixels alike, 1 counts classes alike; at 0.8 buildings were lost to fences."""


@dataclass(frozen=True)
class SegmenterSettings(TrainerSettings):
    """How the built-in segmentation model is trained; see `TrainerSettings`."""

    encoder_share: float = 0.2
    frozen: int = 5
    augmentation: Augmentation = field(default_factory=lambda: Augmentation(crop=0.6))


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
        self.side_by_side = settings is None or settings.device == "cpu"
        self.settings = settings or SegmenterSettings()
        text = f"{VERSION} {weights_digest()} {list(classes)} {asdict(self.settings)}"
        self.digest = hashlib.sha256(text.encode()).hexdigest()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(named_generator("decoder", seed).integers(2**62)))
            network = _Network(len(classes), self.settings)
        self.network = network.to(self.settings.device)

    def fit(self, data: TrainingData, steps: int, seed: int) -> None:
        """Train with cross-entropy over pixels that are not ignored."""
        s, network = self.settings, self.network
        optimiser, schedule = optimiser_of(network.encoder, network.decoder, steps, s)
        network.train()
        for step in range(steps):
            batch = data.batch(step, s.batch, seed)
            if batch.semantic is None:
                raise TypeError("a segmenter is trained on label pictures, not on boxes")
            generator = named_generator("augmentation", seed, step)
            images, labels = s.augmentation.views(batch.images, batch.semantic, generator)
            loss = _loss(network(as_tensor(images, s.device)), self._labels(labels))
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
            functional.interpolate(
                self.network(as_tensor(part, self.settings.device)), size, mode="bilinear"
            )
            .argmax(1)
            .to(torch.uint8)
            .cpu()
            .numpy()
            for part in np.array_split(images, max(1, -(-len(images) // self.settings.batch)))
        ]
        return np.concatenate(found)

    def _labels(self, labels: U8) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(labels)).to(self.settings.device).long()


class _Network(nn.Module):  # type: ignore[misc]
    """Encoder, pyramid and a head that gives class scores (N, classes, H/4, W/4)."""

    def __init__(self, classes: int, settings: SegmenterSettings) -> None:
        super().__init__()
        self.encoder = Encoder(settings.frozen)
        self.decoder = nn.Sequential(
            Pyramid(settings.width),
            nn.Conv2d(settings.width, settings.width, 3, padding=1),
            nn.GroupNorm(8, settings.width),
            nn.ReLU(inplace=True),
            nn.Conv2d(settings.width, classes, 1),
        )

    def forward(self, images: Tensor) -> Tensor:
        scores: Tensor = self.decoder(self.encoder(images))
        return scores


def _loss(scores: Tensor, labels: Tensor) -> Tensor:
    """Return the mean cross-entropy at full size; zero if every pixel is ignored.

    Pixels weigh by their class's share of the batch to the power of -`BALANCE`, so that
    poles and people are learned within a hundred steps, not only road and sky.
    """
    full = functional.interpolate(scores, labels.shape[1:], mode="bilinear")
    counts = torch.bincount(labels.flatten(), minlength=IGNORE + 1)[: scores.shape[1]]
    weights = (counts.clamp(min=1) / counts.sum().clamp(min=1)) ** -BALANCE
    total = functional.cross_entropy(full, labels, weights, ignore_index=IGNORE, reduction="sum")
    counted: Tensor = total / (weights * counts).sum().clamp(min=1e-6)
    return counted
