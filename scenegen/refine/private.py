"""Training that bounds what weights can tell of any one photograph: DP-SGD (Abadi et al. 2016)."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from scenegen.errors import InputError
from scenegen.evaluate.images import U8
from scenegen.refine.conditions import Condition, joined
from scenegen.refine.pictures import Pictures, crops
from scenegen.refine.presets import TrainingSettings
from scenegen.refine.spec import RefinerSpec
from scenegen.refine.trainer import Trainer
from scenegen.seeds import named_generator


class PrivacySettings(BaseModel):
    """How much weights may tell.

    Attributes
    ----------
    epsilon, delta : float
        Of (epsilon, delta) differential privacy: whether a photograph was among the training
        pictures changes the odds of any weights by at most exp(epsilon), but for a chance of delta.
    clip : float
        Length that each picture's gradient is cut to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    epsilon: float = Field(gt=0)
    delta: float = Field(1e-5, gt=0, lt=1)
    clip: float = Field(1.0, gt=0)


class PrivateTrainer(Trainer):
    """A trainer whose steps hide each photograph in noise.

    In each step every photograph takes part by chance (which is what the bound counts on), by one
    crop; its gradient is cut to a length, and noise in proportion to that is added to the sum.
    Photographs are the first of `sets`; renders of the second have nobody in them, but are
    treated alike.

    Parameters
    ----------
    secret : str
        Whoever knows it, and the seed, can take the noise away again: keep it, or forget it.

    Raises
    ------
    InputError
        Opacus is missing, or so few photographs can't be hidden in that many steps.
    """

    def __init__(
        self,
        spec: RefinerSpec,
        settings: TrainingSettings,
        sets: Sequence[Pictures],
        seed: int,
        privacy: PrivacySettings,
        secret: str,
        device: str = "cpu",
    ) -> None:
        # Gradients of single pictures are measured: they must not be rounded before that.
        super().__init__(spec, settings.model_copy(update={"bf16": False}), sets, seed, device)
        self.privacy, self._secret = privacy, secret
        self.share = min(1.0, settings.batch / len(self.sets) / len(self.sets[0]))
        self.noise = noise_multiplier(privacy, self.share, settings.steps)
        self._watched = _watched(self.model)

    def facts(self) -> dict[str, str]:
        """Return what the header of weights says: the bound of the whole training.

        Weights of a step before the last are chosen by looking at later ones, so they tell of
        these too.
        """
        spent = epsilon_of(self.noise, self.share, self.settings.steps, self.privacy.delta)
        return {
            "privacy.epsilon": f"{spent:.3g}",
            "privacy.delta": f"{self.privacy.delta:g}",
            "privacy.clip": f"{self.privacy.clip:g}",
            "privacy.noise": f"{self.noise:.4g}",
        }

    def _gradients(self) -> float:
        batch = self._batch()
        weights = self._weights().values()
        if batch is None:  # by chance nobody takes part; what follows must look the same
            sums, value = [torch.zeros_like(w) for w in weights], 0.0
        else:
            with warnings.catch_warnings():
                # Label maps enter layers as they are, and need no gradients.
                warnings.filterwarnings("ignore", message="Full backward hook is firing")
                errors = self._errors(self._watched, *batch)
                errors.sum().backward()
            sums, value = self._clipped(), float(errors.detach().mean())
        self._check(value)
        rng = named_generator("refiner private noise", self.seed, self.step, self._secret)
        noise = torch.Generator().manual_seed(int(rng.integers(2**62)))
        deviation = self.noise * self.privacy.clip
        for weight, total in zip(weights, sums, strict=True):
            drawn = torch.randn(total.shape, generator=noise).to(total)
            weight.grad = (total + deviation * drawn) / self.settings.batch
        return value

    def _batch(self) -> tuple[U8, Condition] | None:
        """Return a crop of each photograph that takes part, and of as many renders as ever."""
        s, real = self.settings, self.sets[0]
        rng = named_generator("refiner private batch", self.seed, self.step, self._secret)
        taken = np.flatnonzero(rng.random(len(real)) < self.share).tolist()
        parts = [
            crops([real.subset([row])], 1, s.crop, self._secret, self.seed, self.step, row)
            for row in taken
        ]
        for other in self.sets[1:]:
            count = max(1, s.batch // len(self.sets))
            parts.append(crops([other], count, s.crop, self.seed, self.step))
        if not parts:
            return None
        return np.concatenate([p for p, _ in parts]), joined([c for _, c in parts])

    def _clipped(self) -> list[Tensor]:
        """Return the sum over pictures of their gradients, each cut to `clip`."""
        own = [weight.grad_sample for weight in self._weights().values()]
        squares = torch.stack([(g.flatten(1) ** 2).sum(dim=1) for g in own]).sum(dim=0)
        factor = (self.privacy.clip / squares.sqrt().clamp_min(1e-12)).clamp_max(1.0)
        sums = [torch.tensordot(factor, g, dims=1) for g in own]
        for weight in self._weights().values():
            weight.grad_sample = None
        return sums


@lru_cache(maxsize=64)  # Opacus searches for seconds
def noise_multiplier(privacy: PrivacySettings, share: float, steps: int) -> float:
    """Return the noise's deviation over `clip` that keeps a training within its epsilon.

    Parameters
    ----------
    share : float
        Chance of a photograph to take part in a step.

    Raises
    ------
    InputError
        Opacus is missing, or no noise is enough.
    """
    utils = _opacus("accountants.utils")
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Optimal order is the")
            return float(
                utils.get_noise_multiplier(
                    target_epsilon=privacy.epsilon,
                    target_delta=privacy.delta,
                    sample_rate=share,
                    steps=steps,
                    accountant="rdp",
                )
            )
    except ValueError:
        raise InputError(
            f"training.privacy.epsilon={privacy.epsilon:g}: no noise keeps {steps} steps within "
            "it; take fewer steps, smaller batches or a larger epsilon"
        ) from None


def epsilon_of(noise: float, share: float, steps: int, delta: float) -> float:
    """Return the epsilon that so many steps have spent (Renyi accountant, Mironov et al. 2019)."""
    if steps == 0:
        return 0.0
    if noise == 0:
        return math.inf
    accountant = _opacus("accountants").RDPAccountant()
    accountant.history = [(noise, share, steps)]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Optimal order is the")
        return float(accountant.get_epsilon(delta))


def _watched(model: nn.Module) -> nn.Module:
    """Return a model whose weights get a gradient from each picture.

    Opacus 1.6 takes for granted that what enters a convolution lies in memory row by row; label
    planes don't, and the gradients of their weights came out wrong.
    """
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_pre_hook(lambda _, given: tuple(x.contiguous() for x in given))
    return _opacus("grad_sample").GradSampleModule(model, loss_reduction="sum")


def _opacus(name: str):  # type: ignore[no-untyped-def]
    import importlib  # noqa: PLC0415

    try:
        return importlib.import_module(f"opacus.{name}")
    except ImportError:
        raise InputError(
            "training.privacy needs opacus, which is not installed: pip install 'scenegen[private]'"
        ) from None
