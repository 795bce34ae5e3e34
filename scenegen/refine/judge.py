"""What a training is judged by on the way: how far refined frames are from unseen photographs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from scenegen.evaluate.feature_store import FeatureSet, spread
from scenegen.evaluate.features import Extractor
from scenegen.evaluate.images import U8
from scenegen.evaluate.measures.kid import kid
from scenegen.refine.conditions import as_bytes, as_signed
from scenegen.refine.denoiser import Denoiser, Guidance
from scenegen.refine.pictures import Pictures
from scenegen.refine.samplers import dpmpp_2m, levels, noise_like
from scenegen.refine.walks import sdedit
from scenegen.seeds import named_generator

_STEPS, _GUIDANCE = 8, 1.5
_STRENGTH = 0.8
"""Of pictures' own deviation, from which rendered frames are made anew."""
_FROM_NOISE = 40.0
"""The same where there are no rendered frames and pictures come from noise."""
_SHOWN = 6


@dataclass(frozen=True)
class Looks:
    """What is looked at.

    Attributes
    ----------
    val : Pictures
        Photographs that nothing is trained on.
    rendered : Pictures or None
        Frames to refine; without, pictures are made of the photographs' classes.
    count : int
        Pictures that are made; at most so many as there are.
    seed : int
    """

    val: Pictures
    rendered: Pictures | None
    count: int
    seed: int


class Judge:
    """Makes pictures with a model and compares them with photographs.

    Parameters
    ----------
    looks : Looks
    extractor : Extractor
        Gives the features that sets are compared by.
    """

    def __init__(self, looks: Looks, extractor: Extractor) -> None:
        self._looks, self._extractor = looks, extractor
        source = looks.val if looks.rendered is None else looks.rendered
        self._source = source.subset(spread(len(source), looks.count))
        self._real = self._features(looks.val.prepared.images(np.arange(len(looks.val))))

    def __call__(self, model: Denoiser, show: Callable[[U8], None]) -> dict[str, float]:
        """Return the figures, ``score`` (KID, less is better) among them.

        Parameters
        ----------
        model : Denoiser
        show : callable
            Gets a grid (H, W, 3) uint8 of some pictures, made ones below what they come from.
        """
        source = self._source
        before = source.prepared.images(np.arange(len(source)))
        made = np.concatenate([self._made(model, k) for k in range(len(source))])
        chosen = spread(len(made), _SHOWN)
        show(np.concatenate([np.hstack(list(before[chosen])), np.hstack(list(made[chosen]))]))
        generator = named_generator("refiner judge", self._looks.seed)
        figures = {"score": kid(self._features(made), self._real, generator)}
        if self._looks.rendered is not None:
            generator = named_generator("refiner judge", self._looks.seed)
            figures["raw"] = kid(self._features(before), self._real, generator)
        return figures

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def _made(self, model: Denoiser, k: int) -> U8:
        device = next(model.parameters()).device
        condition = self._source.condition([k]).to(str(device))
        height, width = condition.semantic.shape[1:]
        noise = noise_like((1, 3, height, width), self._looks.seed + k, str(device))
        data, guidance = model.spec.sigma_data, Guidance(_GUIDANCE)
        if self._looks.rendered is None:
            sigma = _FROM_NOISE * data
            denoise = guidance(model, condition)
            return as_bytes(dpmpp_2m(denoise, sigma * noise, levels(sigma, 2 * _STEPS)))
        x = as_signed(self._source.prepared.images([k])).to(device)
        return as_bytes(sdedit(model, x, condition, noise, _STRENGTH * data, _STEPS, guidance))

    def _features(self, pictures: U8) -> FeatureSet:
        rows = np.arange(len(pictures), dtype=np.int64)
        return FeatureSet(self._extractor(list(pictures)), rows, rows)
