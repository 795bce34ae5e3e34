"""What a training is judged by on the way: how near to photographs, and how true to labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from scenegen.evaluate.feature_store import FeatureSet, spread
from scenegen.evaluate.features import Extractor
from scenegen.evaluate.images import U8
from scenegen.evaluate.measures.kid import kid
from scenegen.refine.denoiser import Denoiser, Guidance
from scenegen.refine.gate import Gate
from scenegen.refine.pictures import Pictures
from scenegen.refine.planes import as_planes, from_planes
from scenegen.refine.samplers import dpmpp_2m, levels, noise_like
from scenegen.refine.settings import USUAL
from scenegen.refine.walks import bridge
from scenegen.seeds import named_generator

_FROM_NOISE, _STEPS = 40.0, 16
"""Noise level, of pictures' own deviation, where there are no rendered frames to begin with."""
_SHOWN = 6
MOST_DRIFT = 0.1
"""Share of the agreement on photographs that refined frames may lose before it counts."""


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
    gate : Gate or None
        Sees whether made pictures show their labels.
    """

    val: Pictures
    rendered: Pictures | None
    count: int
    seed: int
    gate: Gate | None = None


def score_of(distance: float, drift: float | None) -> float:
    """Return what weights are chosen by, less being better: KID, and drift beyond what may be."""
    return distance + max(0.0, (drift or 0.0) - MOST_DRIFT)


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
        """Return the figures: ``kid``, ``drift`` if there is a gate, and their ``score``.

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
        distance = kid(self._features(made), self._real, generator)
        figures = {"kid": distance}
        drift = None
        if self._looks.gate is not None:
            labels = source.prepared.semantic(np.arange(len(source)))
            drift = self._looks.gate.agreement(made, labels).drift
        if drift is not None:
            figures["drift"] = drift
        figures["score"] = score_of(distance, drift)
        if self._looks.rendered is not None:
            generator = named_generator("refiner judge", self._looks.seed)
            figures["raw"] = kid(self._features(before), self._real, generator)
        return figures

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def _made(self, model: Denoiser, k: int) -> U8:
        device = next(model.parameters()).device
        condition = self._source.condition([k]).to(str(device))
        height, width = condition.semantic.shape[1:]
        data = model.spec.sigma_data
        if self._looks.rendered is None:
            denoise = Guidance(USUAL["sdedit"].guidance)(model, condition)
            noise = noise_like((1, 3, height, width), self._looks.seed + k, str(device))
            sigma = _FROM_NOISE * data
            return from_planes(dpmpp_2m(denoise, sigma * noise, levels(sigma, _STEPS)))
        x = as_planes(self._source.prepared.images([k])).to(device)
        usual = USUAL["bridge"]
        sigma, guidance = usual.strength * data, Guidance(usual.guidance)
        return from_planes(bridge(model, x, condition, sigma, usual.steps, guidance))

    def _features(self, pictures: U8) -> FeatureSet:
        rows = np.arange(len(pictures), dtype=np.int64)
        return FeatureSet(self._extractor(list(pictures)), rows, rows)
