"""Fourier domain adaptation: the slowest waves of a photograph under a render's details.

Yang and Soatto 2020, "FDA: Fourier Domain Adaptation for Semantic Segmentation", equation 3:
within a band of low frequencies the amplitude is a photograph's, everywhere else and in every
phase the picture stays the render.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from pydantic import BaseModel, ConfigDict, Field

from scenegen.evaluate.images import F64, U8
from scenegen.refine.baselines.common import ByWidth, class_count, width_of
from scenegen.refine.baselines.state import State
from scenegen.refine.pictures import Pictures
from scenegen.refine.protocol import Budget, Shown, Told
from scenegen.seeds import named_generator

C128 = npt.NDArray[np.complex128]


class FdaSettings(BaseModel):
    """How much of a render's spectrum is replaced.

    Attributes
    ----------
    beta : float
        Half the band's side, of the shorter side of the picture; 0.01 is the least that the
        paper tries. At 180 rows that is one wave; five leave blotches of colour all over.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    beta: float = Field(0.01, gt=0, lt=0.5)

    def band(self, height: int, width: int) -> int:
        """Return the highest frequency that is replaced, in waves a picture."""
        return min(math.floor(self.beta * min(height, width)), (min(height, width) - 1) // 2)


class FdaRecipe:
    """A `BaselineRecipe` without training: it keeps each photograph's slow waves.

    Parameters
    ----------
    settings : FdaSettings
    """

    name = "fda"

    def __init__(self, settings: FdaSettings | None = None) -> None:
        self.settings = settings or FdaSettings()

    def train(
        self, real: Pictures, rendered: Pictures, budget: Budget, seed: int, device: str, told: Told
    ) -> ByWidth:
        """Return the translator; budget, seed and device change nothing."""
        width, height = real.prepared.size
        band, kept = self.settings.band(height, width), []
        for k in range(len(real)):
            kept.append(slow_waves(real.prepared.images([k])[0], band))
            told((k + 1) / len(real), 0.0)
        settings: dict[str, Any] = {
            "fda": self.settings.model_dump(),
            "width": width_of(rendered),
            "classes": class_count(real, rendered),
        }
        waves = torch.from_numpy(np.stack(kept).astype(np.float32))
        return self.restored(State(self.name, settings, {"waves": waves}), device)

    def restored(self, state: State, device: str) -> ByWidth:
        """Return the translator of a state."""
        waves = state.tensors["waves"].numpy().astype(np.float64)

        def change(frame: Shown, seed: int) -> U8:
            chosen = int(named_generator("fda", seed).integers(len(waves)))
            return with_slow_waves(frame.rgb, waves[chosen])

        return ByWidth(state, state.settings["width"], state.settings["classes"], change)


def slow_waves(rgb: U8, band: int) -> F64:
    """Return amplitudes (3, 2 band + 1, 2 band + 1) of frequencies from -band to band, a pixel.

    Divided by the number of pixels, they don't depend on the picture's size.
    """
    rows = np.arange(-band, band + 1)
    spectrum = _spectrum(rgb)[:, rows[:, None], rows]
    return np.asarray(np.abs(spectrum) / (rgb.shape[0] * rgb.shape[1]))


def with_slow_waves(rgb: U8, waves: F64) -> U8:
    """Return a picture (H, W, 3) whose slow waves have other amplitudes and their own phases.

    Parameters
    ----------
    rgb : (H, W, 3) uint8
    waves : (3, 2 band + 1, 2 band + 1) float64
        As `slow_waves` gives them; of a band too wide for the picture the middle is taken.
    """
    height, width = rgb.shape[:2]
    band = waves.shape[1] // 2
    fits = min(band, (min(height, width) - 1) // 2)
    middle = slice(band - fits, band + fits + 1)
    rows = np.arange(-fits, fits + 1)
    spectrum = _spectrum(rgb)
    phase = np.angle(spectrum[:, rows[:, None], rows])
    amplitude = waves[:, middle, middle] * height * width
    spectrum[:, rows[:, None], rows] = amplitude * np.exp(1j * phase)
    back = np.fft.ifft2(spectrum, axes=(1, 2)).real.transpose(1, 2, 0)
    return np.asarray(np.clip(np.rint(back), 0, 255), np.uint8)


def _spectrum(rgb: U8) -> C128:
    return np.fft.fft2(rgb.transpose(2, 0, 1).astype(np.float64), axes=(1, 2))
