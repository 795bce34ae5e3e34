"""A GAN told classes, whose critic finds classes: Park et al. 2019 with Schoenfeld et al. 2021.

The critic ("You Only Need Adversarial Supervision for Semantic Image Synthesis") segments
photographs into their classes and made pictures into one more; the generator wants every pixel
of its pictures to be found in its own class. So looks and labels are held by one loss. Unlike
there the generator sees the render too, and its label maps are the renders'.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor
from torch.nn import functional

from scenegen.evaluate.images import U8
from scenegen.records.taxonomy import IGNORE
from scenegen.refine.baselines.common import (
    ByWidth,
    averaged_into,
    class_count,
    eased,
    hot_of,
    padded,
    run_steps,
    seeded,
    width_of,
    with_rate,
)
from scenegen.refine.baselines.spade_networks import SegmentingCritic, SpadeGenerator
from scenegen.refine.baselines.state import State
from scenegen.refine.pictures import Pictures, crops
from scenegen.refine.planes import as_bytes, as_signed
from scenegen.refine.protocol import Budget, Shown, Told
from scenegen.seeds import named_generator

_BETAS = (0.0, 0.999)


class SpadeGanSettings(BaseModel):
    """Sizes of the networks and of a step.

    Attributes
    ----------
    width, critic : int
        Channels at full size of `SpadeGenerator` and `SegmentingCritic`.
    noise : int
        Planes of noise, each of one value: what else the seed decides.
    batch : int
        Crops of each domain a step.
    crop : (width, height) px
    rate : float
        Of the generator; the critic's is four times as much, as there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    width: int = Field(24, ge=1)
    critic: int = Field(24, ge=1)
    noise: int = Field(4, ge=0)
    batch: int = Field(1, ge=1)
    crop: tuple[int, int] = (96, 96)
    rate: float = Field(3e-4, gt=0)


class SpadeGanRecipe:
    """A `BaselineRecipe`.

    Parameters
    ----------
    settings : SpadeGanSettings
    """

    name = "spade_gan"

    def __init__(self, settings: SpadeGanSettings | None = None) -> None:
        self.settings = settings or SpadeGanSettings()

    def train(
        self, real: Pictures, rendered: Pictures, budget: Budget, seed: int, device: str, told: Told
    ) -> ByWidth:
        """Return the trained translator; see `Recipe`."""
        classes = class_count(real, rendered)
        training = _Training(self.settings, real, rendered, classes, seed, device)
        steps = run_steps(budget, told, training.step)
        settings: dict[str, Any] = {
            "spade_gan": self.settings.model_dump(mode="json"),
            "width": width_of(rendered),
            "classes": classes,
            "steps": steps,
            "seed": seed,
        }
        weights = training.averaged.state_dict()
        return self.restored(State(self.name, settings, weights), device)

    def restored(self, state: State, device: str) -> ByWidth:
        """Return the translator of a state."""
        settings = SpadeGanSettings(**state.settings["spade_gan"])
        classes = int(state.settings["classes"])
        model = SpadeGenerator(classes + 1 + settings.noise, settings.width)
        model.load_state_dict(dict(state.tensors))
        model.to(device).eval()

        @torch.no_grad()  # type: ignore[untyped-decorator]
        def change(frame: Shown, seed: int) -> U8:
            height, width = frame.semantic.shape
            rng = named_generator("spade noise", seed)
            semantic = torch.from_numpy(frame.semantic[None]).long()
            told = _told(semantic, classes, settings.noise, rng)
            x, told = (
                padded(planes.to(device), model.MULTIPLE)
                for planes in (as_signed(frame.rgb[None]), told)
            )
            return np.asarray(as_bytes(model(x, told)[..., :height, :width])[0])

        return ByWidth(state, state.settings["width"], classes, change)


@dataclass(frozen=True)
class _Batch:
    """Crops of one domain: pictures (N, 3, H, W) in [-1, 1], class ids (N, H, W)."""

    pictures: Tensor
    semantic: Tensor


class _Training:
    """Generator and critic in turns."""

    def __init__(
        self,
        settings: SpadeGanSettings,
        real: Pictures,
        rendered: Pictures,
        classes: int,
        seed: int,
        device: str,
    ) -> None:
        self.settings, self.classes, self.seed, self.device = settings, classes, seed, device
        self.real, self.rendered = real, rendered
        with seeded("spade weights", seed):
            planes = classes + 1 + settings.noise
            self.model = SpadeGenerator(planes, settings.width).to(device)
            self.critic = SegmentingCritic(classes, settings.critic).to(device)
        self.averaged = copy.deepcopy(self.model)
        self.optimiser = torch.optim.Adam(self.model.parameters(), settings.rate, _BETAS)
        self.critics = torch.optim.Adam(self.critic.parameters(), 4 * settings.rate, _BETAS)

    def step(self, number: int, share: float) -> float:
        """Train both once; return the generator's loss."""
        rate = self.settings.rate * eased(share)
        photos = self._batch(self.real, "real", number)
        renders = self._batch(self.rendered, "rendered", number)
        rng = named_generator("spade noise", self.seed, number)
        told = _told(renders.semantic.cpu(), self.classes, self.settings.noise, rng)
        made = self.model(renders.pictures, told.to(self.device))

        nowhere = torch.full_like(renders.semantic, self.classes)
        judged = balanced(self.critic(photos.pictures), photos.semantic, self.classes)
        judged = judged + functional.cross_entropy(self.critic(made.detach()), nowhere)
        self.critics.zero_grad(set_to_none=True)
        judged.backward()
        with_rate(self.critics, 4 * rate).step()

        loss = balanced(self.critic(made), renders.semantic, self.classes)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        with_rate(self.optimiser, rate).step()
        averaged_into(self.averaged, self.model, number, 0.99)
        return float(loss.detach())

    def _batch(self, pictures: Pictures, domain: str, number: int) -> _Batch:
        s, multiple = self.settings, SpadeGenerator.MULTIPLE
        images, condition = crops([pictures], s.batch, s.crop, "spade", domain, self.seed, number)
        semantic = padded(condition.semantic[:, None].float(), multiple)[:, 0].long()
        found = padded(as_signed(images), multiple)
        return _Batch(found.to(self.device), semantic.to(self.device))


def balanced(scores: Tensor, semantic: Tensor, classes: int) -> Tensor:
    """Return the cross-entropy of classes, rare ones weighing more; void counts nothing.

    A class weighs inversely to its pixels in the batch, and all pixels together as many as there
    are (Schoenfeld et al. 2021, equation 1).

    Parameters
    ----------
    scores : (N, classes + 1, H, W) float
    semantic : (N, H, W) int64
        255 = void.
    """
    known = semantic[semantic < classes]
    if not known.numel():
        return 0.0 * scores.sum()
    count = torch.bincount(known, minlength=classes + 1).float()
    there = (count > 0).sum()
    weight = torch.where(count > 0, known.numel() / (there * count.clamp(min=1)), 0.0)
    target = torch.where(semantic < classes, semantic, IGNORE)
    summed = functional.cross_entropy(scores, target, weight, ignore_index=IGNORE, reduction="sum")
    return summed / known.numel()


def _told(semantic: Tensor, classes: int, noise: int, rng: np.random.Generator) -> Tensor:
    """Return planes of classes and noise (N, classes + 1 + noise, H, W)."""
    hot = hot_of(semantic, classes)
    drawn = torch.from_numpy(rng.standard_normal((len(hot), noise, 1, 1), np.float32))
    return torch.cat([hot, drawn.expand(-1, -1, *hot.shape[2:])], dim=1)
