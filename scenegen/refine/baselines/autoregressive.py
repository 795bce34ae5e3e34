"""Training numbers and their order, and drawing a frame's numbers anew."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn
from torch.nn import functional

from scenegen.evaluate.images import U8
from scenegen.refine.baselines.code_coder import CodeCoder
from scenegen.refine.baselines.code_model import CodeModel, CodeShape, scene_of
from scenegen.refine.baselines.coders import REAL, CoderShape
from scenegen.refine.baselines.common import (
    ByWidth,
    class_count,
    eased,
    hot_of,
    padded,
    run_steps,
    seeded,
    width_of,
    with_rate,
)
from scenegen.refine.baselines.state import State
from scenegen.refine.conditions import places
from scenegen.refine.pictures import Pictures, crops
from scenegen.refine.planes import as_bytes, as_signed
from scenegen.refine.protocol import Budget, Shown, Told
from scenegen.seeds import named_generator

_COMMITMENT = 0.25
"""As van den Oord et al. 2017 have it."""


class CodesSettings(BaseModel):
    """How large codebook and transformer are, how they are trained, and what is drawn anew.

    Attributes
    ----------
    count : int
        Vectors of the codebook.
    latents : int
        Numbers a vector.
    widths : tuple of int
        The coder's channels by level; a cell is ``2 ** len(widths)`` px a side.
    width, depth, heads : int
        The transformer's.
    keep : float
        Share of a render's own numbers that stay.
    heat : float
        Temperature at which numbers are drawn; 0 takes the likeliest.
    batch : int
        Crops a step.
    crop, code_crop : (width, height) px
        What coder and transformer are trained on; whole cells.
    rate : float
        Adam's learning rate.
    share : float
        Of the budget that the coder gets.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: int = Field(512, ge=2)
    latents: int = Field(32, ge=1)
    widths: tuple[int, ...] = Field((32, 64, 96), min_length=1)
    width: int = Field(96, ge=8)
    depth: int = Field(4, ge=1)
    heads: int = Field(4, ge=1)
    keep: float = Field(0.5, ge=0, le=1)
    heat: float = Field(1.0, ge=0)
    batch: int = Field(8, ge=2)
    crop: tuple[int, int] = (96, 96)
    code_crop: tuple[int, int] = (160, 120)
    rate: float = Field(1e-3, gt=0)
    share: float = Field(0.5, gt=0, lt=1)


class CodesRecipe:
    """A `BaselineRecipe`: a VQ-VAE of both domains, a transformer over photographs' numbers.

    Parameters
    ----------
    settings : CodesSettings
    """

    name = "autoregressive"

    def __init__(self, settings: CodesSettings | None = None) -> None:
        self.settings = settings or CodesSettings()

    def train(
        self, real: Pictures, rendered: Pictures, budget: Budget, seed: int, device: str, told: Told
    ) -> ByWidth:
        """Return the translator; see `Recipe`."""
        s, classes = self.settings, class_count(real, rendered)
        coder, model = _models(s, classes, device, "codes", seed)
        first, second = _parted(budget, s.share)
        run_steps(
            first,
            lambda share, loss: told(s.share * share, loss),
            _coder_step(s, coder, (real, rendered), seed, device),
        )
        coder.eval().requires_grad_(False)
        run_steps(
            second,
            lambda share, loss: told(s.share + (1.0 - s.share) * share, loss),
            _model_step(s, coder, model, real, seed, device),
        )
        about: dict[str, Any] = {
            "codes": s.model_dump(mode="json"),
            "width": width_of(real),
            "classes": classes,
        }
        tensors = {f"coder.{k}": v for k, v in coder.state_dict().items()}
        tensors |= {f"model.{k}": v for k, v in model.state_dict().items()}
        return self.restored(State(self.name, about, tensors), device)

    def restored(self, state: State, device: str) -> ByWidth:
        """Return the translator of a state."""
        s = CodesSettings.model_validate(state.settings["codes"])
        classes: int = state.settings["classes"]
        coder, model = _models(s, classes, device, "unused", 0)
        for name, part in (("coder.", coder), ("model.", model)):
            mine = {k.removeprefix(name): v for k, v in state.tensors.items() if k.startswith(name)}
            part.load_state_dict(mine)
            part.eval().requires_grad_(False)
        domain = torch.tensor([REAL], device=device)
        cell = coder.shape.multiple

        def change(frame: Shown, seed: int) -> U8:
            height, width = frame.semantic.shape
            ids = torch.from_numpy(frame.semantic[None]).long().to(device)
            hot = padded(hot_of(ids, classes), cell)
            place = padded(places(height, width)[None].to(device), cell)
            own = coder.numbers(padded(as_signed(frame.rgb[None]).to(device), cell))[0]
            rng = named_generator("codes drawn", seed)
            kept = torch.from_numpy(rng.random(tuple(own.shape)) < s.keep).to(device)
            luck = torch.from_numpy(rng.gumbel(size=(*own.shape, s.count)))
            scene = scene_of(hot, place, cell)
            drawn = model.drawn(scene, own, kept, luck.float().to(device), s.heat)
            made: U8 = as_bytes(coder.pictures(drawn[None], domain)[..., :height, :width])[0]
            return made

        return ByWidth(state, state.settings["width"], classes, change)


def _models(
    s: CodesSettings, classes: int, device: str, *words: str | int
) -> tuple[CodeCoder, CodeModel]:
    with seeded(*words):
        coder = CodeCoder(CoderShape(s.latents, 0, s.widths), s.count)
        model = CodeModel(CodeShape(s.count, classes, s.width, s.depth, s.heads))
    return coder.to(device), model.to(device)


def _parted(budget: Budget, share: float) -> tuple[Budget, Budget]:
    """Part a budget into that of the coder and that of the transformer."""
    if budget.steps is None:
        return Budget(share * budget.seconds), Budget((1.0 - share) * budget.seconds)
    steps = math.ceil(share * budget.steps)
    return replace(budget, steps=steps), replace(budget, steps=budget.steps - steps)


def _coder_step(
    s: CodesSettings, coder: CodeCoder, sets: tuple[Pictures, Pictures], seed: int, device: str
) -> Callable[[int, float], float]:
    """Return what takes one step of the coder."""
    optimiser = torch.optim.Adam(coder.parameters(), s.rate, betas=(0.9, 0.99))
    domain = torch.arange(s.batch, device=device) % 2  # as `crops` takes turns
    coder.train()

    def step(number: int, share: float) -> float:
        images, _ = crops(sets, s.batch, s.crop, "codebook", seed, number)
        x = padded(as_signed(images).to(device), coder.shape.multiple)
        rng = named_generator("codebook", seed, number)
        draw = torch.from_numpy(rng.random(s.count, "float32")).to(device)
        error, apart = coder(x, domain, draw)
        loss = error / x.var().clamp(min=1e-3) + _COMMITMENT * apart
        return _taken(optimiser, coder, loss, s.rate * eased(share))

    return step


def _model_step(
    s: CodesSettings, coder: CodeCoder, model: CodeModel, real: Pictures, seed: int, device: str
) -> Callable[[int, float], float]:
    """Return what takes one step of the transformer."""
    optimiser = torch.optim.Adam(model.parameters(), s.rate, betas=(0.9, 0.99))
    cell = coder.shape.multiple

    def step(number: int, share: float) -> float:
        images, shown = crops((real,), s.batch, s.code_crop, "codes", seed, number)
        with torch.no_grad():
            numbers = coder.numbers(padded(as_signed(images).to(device), cell))
        hot = padded(hot_of(shown.semantic, model.shape.classes).to(device), cell)
        scores = model(numbers, scene_of(hot, padded(shown.place.to(device), cell), cell))
        loss = functional.cross_entropy(scores, numbers)
        return _taken(optimiser, model, loss, s.rate * eased(share))

    return step


def _taken(optimiser: torch.optim.Optimizer, model: nn.Module, loss: Tensor, rate: float) -> float:
    """Take one step down a loss and return it."""
    with_rate(optimiser, rate).zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return float(loss.detach())
