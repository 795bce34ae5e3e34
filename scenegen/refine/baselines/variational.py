"""Training variational autoencoders, and what they make of frames."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field

from scenegen.evaluate.images import U8
from scenegen.refine.baselines.coders import REAL, CoderShape, to_cells
from scenegen.refine.baselines.common import (
    ByWidth,
    averaged_into,
    class_count,
    eased,
    hot_of,
    run_steps,
    seeded,
    width_of,
    with_rate,
)
from scenegen.refine.baselines.state import State
from scenegen.refine.baselines.vae import Autoencoder
from scenegen.refine.pictures import Pictures, crops
from scenegen.refine.planes import as_bytes, as_signed
from scenegen.refine.protocol import Budget, Shown, Told
from scenegen.seeds import named_generator


class VaeSettings(BaseModel):
    """How large a variational autoencoder is, how it is trained, and where codes come from.

    Attributes
    ----------
    latents : int
        Numbers a cell, one cell being ``2 ** len(widths)`` px a side.
    widths : tuple of int
        Channels by level; multiples of 8.
    divergence : float
        Weight of the codes' divergence from the prior; 1 is the evidence bound. More of it
        leaves more to the decoder, and makes pictures less sharp.
    codes : {"encoder", "prior"}
        Whether a frame's code is drawn from what the encoder makes of the render, or from the
        prior: then nothing but classes is left of the frame.
    batch : int
        Crops a step, half of them real.
    crop : (width, height) px
    rate : float
        Adam's learning rate.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    latents: int = Field(16, ge=1)
    widths: tuple[int, ...] = Field((32, 64, 96), min_length=1)
    divergence: float = Field(1.0, ge=0)
    codes: Literal["encoder", "prior"] = "encoder"
    batch: int = Field(8, ge=2)
    crop: tuple[int, int] = (96, 96)
    rate: float = Field(1e-3, gt=0)


class VaeRecipe:
    """A `BaselineRecipe`: shared code, decoder told the domain.

    Parameters
    ----------
    settings : VaeSettings
    """

    name = "vae"
    told_classes = False

    def __init__(self, settings: VaeSettings | None = None) -> None:
        self.settings = settings or VaeSettings()

    def train(
        self, real: Pictures, rendered: Pictures, budget: Budget, seed: int, device: str, told: Told
    ) -> ByWidth:
        """Return the translator; see `Recipe`."""
        s, classes = self.settings, class_count(real, rendered)
        model = self._model(s, classes, self.name, seed).to(device)
        average = deepcopy(model)
        optimiser = torch.optim.Adam(model.parameters(), s.rate, betas=(0.9, 0.99))
        domain = torch.arange(s.batch, device=device) % 2  # as `crops` takes turns

        def step(number: int, share: float) -> float:
            words = (self.name, seed, number)
            images, shown = crops((real, rendered), s.batch, s.crop, *words)
            hot = hot_of(shown.semantic, classes).to(device) if self.told_classes else None
            x, hot = to_cells(as_signed(images).to(device), hot, model.shape)
            cells = (s.batch, s.latents, *(n // model.shape.multiple for n in x.shape[-2:]))
            rng = named_generator("vae noise", *words)
            noise = torch.from_numpy(rng.standard_normal(cells, "float32")).to(device)
            error, divergence = model(x, domain, hot, noise)
            loss = error + s.divergence * divergence
            with_rate(optimiser, s.rate * eased(share)).zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            averaged_into(average, model, number)
            return float(loss.detach())

        run_steps(budget, told, step)
        about: dict[str, Any] = {
            "vae": s.model_dump(mode="json"),
            "width": width_of(real),
            "classes": classes,
        }
        return self.restored(State(self.name, about, average.state_dict()), device)

    def restored(self, state: State, device: str) -> ByWidth:
        """Return the translator of a state."""
        settings = VaeSettings.model_validate(state.settings["vae"])
        classes: int = state.settings["classes"]
        model = self._model(settings, classes, "unused", 0)
        model.load_state_dict(state.tensors)
        model.to(device).eval()
        domain = torch.tensor([REAL], device=device)

        @torch.no_grad()  # type: ignore[untyped-decorator]
        def change(frame: Shown, seed: int) -> U8:
            height, width = frame.semantic.shape
            ids = torch.from_numpy(frame.semantic[None]).long().to(device)
            hot = hot_of(ids, classes) if self.told_classes else None
            x, hot = to_cells(as_signed(frame.rgb[None]).to(device), hot, model.shape)
            mean, log_variance = model.code(x, hot)
            if settings.codes == "prior":
                mean, log_variance = torch.zeros_like(mean), torch.zeros_like(mean)
            rng = named_generator("vae code", seed)
            noise = torch.from_numpy(rng.standard_normal(mean.shape, "float32")).to(device)
            z = mean + (0.5 * log_variance).exp() * noise
            made: U8 = as_bytes(model.decoder(z, domain, hot)[..., :height, :width])[0]
            return made

        return ByWidth(state, state.settings["width"], classes, change)

    def _model(self, s: VaeSettings, classes: int, *words: str | int) -> Autoencoder:
        shape = CoderShape(s.latents, classes if self.told_classes else 0, s.widths)
        with seeded(*words):
            return Autoencoder(shape)


class ConditionalVaeRecipe(VaeRecipe):
    """The same, told the classes at each place."""

    name = "cvae"
    told_classes = True
