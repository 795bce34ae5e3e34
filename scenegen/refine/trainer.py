"""One optimiser step after another: loss, averaged weights, and all that a resumed run needs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from scenegen.errors import ScenegenError
from scenegen.evaluate.images import U8
from scenegen.refine.conditions import Condition
from scenegen.refine.denoiser import Denoiser
from scenegen.refine.pictures import Pictures, crops
from scenegen.refine.planes import as_planes
from scenegen.refine.presets import TrainingSettings
from scenegen.refine.spec import RefinerSpec
from scenegen.seeds import named_generator

_BETAS = (0.9, 0.99)
Tensors = dict[str, Tensor]


class Trainer:
    """Trains a denoiser; a step depends on seed, number and state, and nothing else.

    Parameters
    ----------
    spec : RefinerSpec
    settings : TrainingSettings
    sets : sequence of Pictures
        One of each domain.
    seed : int
    device : str
        As torch names it.
    """

    def __init__(
        self,
        spec: RefinerSpec,
        settings: TrainingSettings,
        sets: Sequence[Pictures],
        seed: int,
        device: str = "cpu",
    ) -> None:
        self.spec, self.settings, self.sets = spec, settings, tuple(sets)
        self.seed, self.device = seed, device
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(named_generator("refiner weights", seed).integers(2**62)))
            self.model = Denoiser(spec).to(device)
        self.averaged: Tensors = {k: v.detach().clone() for k, v in self._weights().items()}
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), settings.rate, betas=_BETAS, weight_decay=settings.decay
        )
        self.step = 0

    def advance(self) -> float:
        """Take a step and return its loss.

        Raises
        ------
        ScenegenError
            The loss is not finite.
        """
        s = self.settings
        for group in self.optimiser.param_groups:
            group["lr"] = s.rate * self._share()
        value = self._gradients()
        self.optimiser.step()
        self.step += 1
        self._average()
        return value

    def facts(self) -> dict[str, str]:
        """Return what the header of weights should say of the steps taken so far."""
        return {}

    def _gradients(self) -> float:
        """Leave the gradients of a step at the weights and return its loss."""
        s = self.settings
        loss = self._errors(
            self.model, *crops(self.sets, s.batch, s.crop, self.seed, self.step)
        ).mean()
        value = float(loss.detach())
        self._check(value)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), s.clip)
        return value

    def _check(self, value: float) -> None:
        if not math.isfinite(value):
            raise ScenegenError(
                f"step {self.step + 1}: the loss is {value}; the last checkpoint is whole: "
                "go on from it with resume=true and a lower training.rate"
            )

    def _errors(self, model: nn.Module, images: U8, condition: Condition) -> Tensor:
        """Return the weighted squared errors (N,) of denoised crops (EDM's), about 1 at first."""
        s, data = self.settings, self.spec.sigma_data
        rng = named_generator("refiner noise", self.seed, self.step)
        sigma = torch.from_numpy(rng.normal(s.p_mean, s.p_std, len(images))).float().exp()
        shape = (len(images), 3, *images.shape[1:3])
        noise = torch.from_numpy(rng.standard_normal(shape, "float32"))
        clean, condition = as_planes(images).to(self.device), condition.to(self.device)
        sigma, noise = sigma.to(self.device), noise.to(self.device)
        with torch.autocast(self.device.split(":")[0], torch.bfloat16, enabled=s.bf16):
            found = model(clean + sigma[:, None, None, None] * noise, sigma, condition)
        weight = (sigma**2 + data**2) / (sigma * data) ** 2
        error = ((found.float() - clean) ** 2).mean(dim=(1, 2, 3))
        errors: Tensor = weight * error
        return errors

    def _share(self) -> float:
        """Return the learning rate's share: a linear rise, then a cosine to a tenth."""
        s = self.settings
        rise = min(1.0, (self.step + 1) / min(s.warmup, s.steps))
        return rise * (0.55 + 0.45 * math.cos(math.pi * min(1.0, self.step / s.steps)))

    def _average(self) -> None:
        keep = min(self.settings.ema, (1 + self.step) / (10 + self.step))
        for name, weight in self._weights().items():
            self.averaged[name].lerp_(weight.detach(), 1.0 - keep)

    def _weights(self) -> Tensors:
        return dict(self.model.named_parameters())

    def denoiser(self) -> Denoiser:
        """Return a model with the averaged weights, to be judged and shipped."""
        model = Denoiser(self.spec).to(self.device)
        model.load_state_dict(self.averaged)
        ready: Denoiser = model.eval()
        return ready

    def state(self) -> Tensors:
        """Return everything that a step changes, by name."""
        found = {f"weights.{k}": v.detach() for k, v in self._weights().items()}
        found |= {f"averaged.{k}": v for k, v in self.averaged.items()}
        for name, weight in self._weights().items():
            for key, value in self.optimiser.state.get(weight, {}).items():
                found[f"adam.{key}.{name}"] = value
        found["step"] = torch.tensor(self.step)
        return found

    def restore(self, state: Tensors) -> None:
        """Take what `state` gave; the steps that follow are those that would have followed."""
        with torch.no_grad():
            for name, weight in self._weights().items():
                weight.copy_(state[f"weights.{name}"])
                self.averaged[name].copy_(state[f"averaged.{name}"])
                kept = {
                    key: state[f"adam.{key}.{name}"].clone()
                    for key in ("step", "exp_avg", "exp_avg_sq")
                    if f"adam.{key}.{name}" in state
                }
                if kept:
                    self.optimiser.state[weight] = kept
        self.step = int(state["step"])

    def begin_from(self, weights: Tensors) -> None:
        """Start from the averaged weights of another training (fine-tuning)."""
        with torch.no_grad():
            for name, weight in self._weights().items():
                weight.copy_(weights[name])
                self.averaged[name].copy_(weights[name])
