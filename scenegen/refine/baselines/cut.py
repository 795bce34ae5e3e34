"""Contrastive unpaired translation: a GAN whose patches must still tell where they are from.

Park, Efros, Zhang and Zhu 2020, "Contrastive Learning for Unpaired Image-to-Image Translation":
least-squares adversarial loss, PatchNCE of renders and, as identity, of photographs.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from scenegen.evaluate.images import U8
from scenegen.refine.baselines.common import (
    ByWidth,
    averaged_into,
    class_count,
    eased,
    padded,
    run_steps,
    seeded,
    width_of,
    with_rate,
)
from scenegen.refine.baselines.cut_networks import (
    PatchDiscriminator,
    PatchHeads,
    ResnetGenerator,
    patch_nce,
)
from scenegen.refine.baselines.state import State
from scenegen.refine.pictures import Pictures, crops
from scenegen.refine.planes import as_bytes, as_signed
from scenegen.refine.protocol import Budget, Shown, Told
from scenegen.seeds import named_generator

_BETAS = (0.5, 0.999)


class CutSettings(BaseModel):
    """Sizes and weights of the losses; batch, temperature and the weight of 1 are the paper's.

    Attributes
    ----------
    width, blocks : int
        Of `ResnetGenerator`.
    critic : int
        Channels of the discriminator's first layer.
    batch : int
        Crops of each domain a step.
    crop : (width, height) px
    patches : int
        Compared in each map of each crop.
    nce : float
        Weight of PatchNCE beside the adversarial loss.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    width: int = Field(24, ge=1)
    blocks: int = Field(4, ge=1)
    critic: int = Field(32, ge=1)
    batch: int = Field(1, ge=1)
    crop: tuple[int, int] = (96, 96)
    patches: int = Field(128, ge=2)
    vector: int = Field(64, ge=1)
    temperature: float = Field(0.07, gt=0)
    nce: float = Field(1.0, ge=0)
    rate: float = Field(5e-4, gt=0)


class CutRecipe:
    """A `BaselineRecipe`.

    Parameters
    ----------
    settings : CutSettings
    """

    name = "cut"

    def __init__(self, settings: CutSettings | None = None) -> None:
        self.settings = settings or CutSettings()

    def train(
        self, real: Pictures, rendered: Pictures, budget: Budget, seed: int, device: str, told: Told
    ) -> ByWidth:
        """Return the trained translator; see `Recipe`."""
        training = _Training(self.settings, real, rendered, seed, device)
        steps = run_steps(budget, told, training.step)
        settings: dict[str, Any] = {
            "cut": self.settings.model_dump(mode="json"),
            "width": width_of(rendered),
            "classes": class_count(real, rendered),
            "steps": steps,
            "seed": seed,
        }
        weights = training.averaged.state_dict()
        return self.restored(State(self.name, settings, weights), device)

    def restored(self, state: State, device: str) -> ByWidth:
        """Return the translator of a state."""
        settings = CutSettings(**state.settings["cut"])
        model = ResnetGenerator(settings.width, settings.blocks)
        model.load_state_dict(dict(state.tensors))
        model.to(device).eval()

        @torch.no_grad()  # type: ignore[untyped-decorator]
        def change(frame: Shown, seed: int) -> U8:
            height, width = frame.semantic.shape
            x = as_signed(frame.rgb[None]).to(device)
            made = model(padded(x, model.MULTIPLE))[..., :height, :width]
            return np.asarray(as_bytes(made)[0])

        return ByWidth(state, state.settings["width"], state.settings["classes"], change)


class _Training:
    """Generator and discriminator in turns."""

    def __init__(
        self, settings: CutSettings, real: Pictures, rendered: Pictures, seed: int, device: str
    ) -> None:
        self.settings, self.seed, self.device = settings, seed, device
        self.real, self.rendered = real, rendered
        with seeded("cut weights", seed):
            self.model = ResnetGenerator(settings.width, settings.blocks).to(device)
            self.critic = PatchDiscriminator(settings.critic).to(device)
            wide = settings.width
            channels = (3, 2 * wide, 4 * wide, 4 * wide)
            self.heads = PatchHeads(channels, settings.vector).to(device)
        self.averaged = copy.deepcopy(self.model)
        both = [*self.model.parameters(), *self.heads.parameters()]
        self.optimiser = torch.optim.Adam(both, settings.rate, _BETAS)
        self.critics = torch.optim.Adam(self.critic.parameters(), settings.rate, _BETAS)

    def step(self, number: int, share: float) -> float:
        """Train both once; return the generator's loss."""
        s = self.settings
        rate = s.rate * eased(share)
        x, y = (
            self._pictures(pictures, domain, number)
            for domain, pictures in (("rendered", self.rendered), ("real", self.real))
        )
        given = self.model.encoded(torch.cat([x, y]))
        made = self.model.decoded(torch.cat([x, y]), given[-1])
        fake = made[: len(x)]

        real_says, fake_says = self.critic(y), self.critic(fake.detach())
        judged = 0.5 * ((real_says - 1) ** 2).mean() + 0.5 * (fake_says**2).mean()
        self.critics.zero_grad(set_to_none=True)
        judged.backward()
        with_rate(self.critics, rate).step()

        adversarial = ((self.critic(fake) - 1) ** 2).mean()
        # Renders and, as identity, photographs: half each, for the mean is over both.
        loss = adversarial + s.nce * self._contrast(given, made, number)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        with_rate(self.optimiser, rate).step()
        averaged_into(self.averaged, self.model, number, 0.99)
        return float(loss.detach())

    def _contrast(self, given: list[Tensor], made: Tensor, number: int) -> Tensor:
        rng = named_generator("cut patches", self.seed, number)
        places = []
        for plane in given[:-1]:
            cells = plane.shape[2] * plane.shape[3]
            chosen = rng.permutation(cells)[: self.settings.patches]
            places.append(torch.from_numpy(chosen).to(self.device))
        keys = self.heads([plane.detach() for plane in given[:-1]], places)
        queries = self.heads(self.model.encoded(made)[:-1], places)
        return patch_nce(queries, keys, self.settings.temperature)

    def _pictures(self, pictures: Pictures, domain: str, number: int) -> Tensor:
        s = self.settings
        images, _ = crops([pictures], s.batch, s.crop, "cut", domain, self.seed, number)
        return padded(as_signed(images).to(self.device), ResnetGenerator.MULTIPLE)
