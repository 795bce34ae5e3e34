"""The built-in detection model: maps of centres and sides on ImageNet features."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from scenegen.evaluate.images import U8
from scenegen.evaluate.utility.box_views import box_views
from scenegen.evaluate.utility.centers import STRIDE, detections, targets
from scenegen.evaluate.utility.encoder import Encoder, weights_digest
from scenegen.evaluate.utility.protocol import Detections, TrainingData
from scenegen.evaluate.utility.pyramid import Pyramid, TrainerSettings, as_tensor, optimiser_of
from scenegen.seeds import named_generator

VERSION = 2
"""Raised when a change of the code changes what training gives."""
RARE = -4.6
"""First bias of the class maps: the log odds of 0.01, since nearly every cell is empty."""
SIDES_SHARE = 5.0
"""Weight of the sides' loss relative to the classes'."""


@dataclass(frozen=True)
class DetectorSettings(TrainerSettings):
    """How the built-in detector is trained; see `TrainerSettings`."""


class Detector:
    """A `Model` for boxes.

    Parameters
    ----------
    classes : sequence of str
        Names by judged id.
    seed : int
        Of the weights that are not pretrained.
    """

    name = "efficientnet-lite0 centres"
    trainable = True

    def __init__(
        self, classes: Sequence[str], seed: int, settings: DetectorSettings | None = None
    ) -> None:
        self.side_by_side = settings is None or settings.device == "cpu"
        self.settings = settings or DetectorSettings()
        text = f"{VERSION} {weights_digest()} {list(classes)} {asdict(self.settings)}"
        self.digest = hashlib.sha256(text.encode()).hexdigest()
        self.classes = len(classes)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(named_generator("detector", seed).integers(2**62)))
            network = _Network(self.classes, self.settings)
        self.network = network.to(self.settings.device)

    def fit(self, data: TrainingData, steps: int, seed: int) -> None:
        """Train with a focal loss on centres and the generalised overlap of boxes."""
        s = self.settings
        optimiser, schedule = optimiser_of(self.network.encoder, self.network.heads, steps, s)
        self.network.train()
        for step in range(steps):
            batch = data.batch(step, s.batch, seed)
            if batch.semantic is not None:
                raise TypeError("a detector is trained on boxes, not on label pictures")
            generator = named_generator("augmentation", seed, step)
            images, boxes = box_views(batch.images, batch.boxes, s.augmentation, generator)
            goal = targets(boxes, self.classes, (images.shape[2], images.shape[1]))
            heat, counted, edges, weight = (
                torch.from_numpy(part).to(s.device) for part in vars(goal).values()
            )
            scores, sides = self.network(as_tensor(images, s.device))
            loss = _centre_loss(scores, heat, counted)
            loss = loss + SIDES_SHARE * _side_loss(_edges(sides), edges, weight)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def predict(self, images: U8) -> list[Detections]:
        """Return the detections of each picture (N, h, w, 3) uint8, in its px."""
        self.network.eval()
        found = []
        for part in np.array_split(images, max(1, -(-len(images) // self.settings.batch))):
            scores, sides = self.network(as_tensor(part, self.settings.device))
            heat = torch.sigmoid(scores)
            peaks = heat * (functional.max_pool2d(heat, 3, 1, 1) == heat)
            edges = _edges(sides)
            found += [
                detections(*pair)
                for pair in zip(peaks.cpu().numpy(), edges.cpu().numpy(), strict=True)
            ]
        return found


class _Network(nn.Module):  # type: ignore[misc]
    def __init__(self, classes: int, settings: DetectorSettings) -> None:
        super().__init__()
        self.encoder = Encoder(settings.frozen)
        width = settings.width
        centres, sides = _head(width, classes), _head(width, 4)
        nn.init.constant_(centres[-1].bias, RARE)
        self.heads = nn.ModuleDict({"pyramid": Pyramid(width), "centres": centres, "sides": sides})

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return log odds (N, K, H/4, W/4) and distances (N, 4, H/4, W/4) in px."""
        features = self.heads["pyramid"](self.encoder(images))
        distances = 16 * torch.exp(self.heads["sides"](features).clamp(-6, 6))
        return self.heads["centres"](features), distances


def _head(width: int, channels: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(width, width, 3, padding=1),
        nn.GroupNorm(8, width),
        nn.ReLU(inplace=True),
        nn.Conv2d(width, channels, 1),
    )


def _edges(distances: Tensor) -> Tensor:
    """Return left, top, right and bottom (N, 4, h, w) px of distances from the cells' middles."""
    height, width = distances.shape[2:]
    device = distances.device
    x = (torch.arange(width, device=device) + 0.5) * STRIDE
    y = (torch.arange(height, device=device) + 0.5) * STRIDE
    left, top, right, bottom = distances.unbind(1)
    y = y[:, None]
    return torch.stack([x - left, y - top, x + right, y + bottom], 1)


def _centre_loss(scores: Tensor, heat: Tensor, counted: Tensor) -> Tensor:
    """Return the penalty-reduced focal loss of Law and Deng 2018 (arXiv:1808.01244)."""
    middle = heat == 1
    chance = torch.sigmoid(scores)
    hit = (1 - chance) ** 2 * functional.logsigmoid(scores)
    empty = (1 - heat) ** 4 * chance**2 * functional.logsigmoid(-scores) * counted
    total: Tensor = -torch.where(middle, hit, empty).sum()
    return total / middle.sum().clamp(min=1)


def _side_loss(said: Tensor, real: Tensor, weight: Tensor) -> Tensor:
    """Return the weighted mean of one minus the generalised overlap (arXiv:1902.09630)."""
    low, high = torch.maximum(said[:, :2], real[:, :2]), torch.minimum(said[:, 2:], real[:, 2:])
    inner = (high - low).clamp(min=0).prod(1)
    union = _area(said) + _area(real) - inner
    hull_low = torch.minimum(said[:, :2], real[:, :2])
    hull = (torch.maximum(said[:, 2:], real[:, 2:]) - hull_low).prod(1)
    overlap = inner / union.clamp(min=1e-6) - (hull - union) / hull.clamp(min=1e-6)
    total: Tensor = (weight * (1 - overlap)).sum()
    return total / weight.sum().clamp(min=1e-6)


def _area(edges: Tensor) -> Tensor:
    return (edges[:, 2:] - edges[:, :2]).prod(1)
