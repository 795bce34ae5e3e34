"""The simplest of all: each class gets a photograph's colours, and the frame a camera's noise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field

from scenegen.evaluate.images import U8
from scenegen.refine.baselines.common import ByWidth, class_count, width_of
from scenegen.refine.baselines.grain import noise_of, with_noise
from scenegen.refine.baselines.state import State
from scenegen.refine.palette import Palette, palette_of, recoloured
from scenegen.refine.pictures import Pictures
from scenegen.refine.protocol import Budget, Shown, Told
from scenegen.seeds import named_generator


class ColourSettings(BaseModel):
    """How far colours are brought over, and how much noise is added.

    Attributes
    ----------
    share : float
        Of the way to real colours.
    noise : float
        Times the noise that renders lack.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float = Field(1.0, ge=0, le=1)
    noise: float = Field(1.0, ge=0)


class ColourRecipe:
    """A `BaselineRecipe` without training: it measures colours and noise of both domains.

    Parameters
    ----------
    settings : ColourSettings
    """

    name = "colour"

    def __init__(self, settings: ColourSettings | None = None) -> None:
        self.settings = settings or ColourSettings()

    def train(
        self, real: Pictures, rendered: Pictures, budget: Budget, seed: int, device: str, told: Told
    ) -> ByWidth:
        """Return the translator; budget, seed and device change nothing."""
        classes = class_count(real, rendered)
        own, wanted = (palette_of(_frames(s), classes) for s in (rendered, real))
        told(0.4, 0.0)
        share = self.settings.share

        def photographs() -> Iterator[U8]:
            return (rgb for rgb, _ in _frames(real))

        def renders() -> Iterator[U8]:
            return (recoloured(rgb, ids, own, wanted, share) for rgb, ids in _frames(rendered))

        # Renders may have noise of their own: only what they lack is added.
        lacking = np.sqrt(np.maximum(noise_of(photographs) ** 2 - noise_of(renders) ** 2, 0.0))
        told(1.0, 0.0)
        settings: dict[str, Any] = {
            "colour": self.settings.model_dump(),
            "width": width_of(rendered),
            "classes": classes,
            "own": own.as_json(),
            "wanted": wanted.as_json(),
        }
        return self.restored(
            State(self.name, settings, {"noise": torch.from_numpy(lacking)}), device
        )

    def restored(self, state: State, device: str) -> ByWidth:
        """Return the translator of a state."""
        settings = ColourSettings(**state.settings["colour"])
        own, wanted = (Palette.from_json(state.settings[key]) for key in ("own", "wanted"))
        noise = settings.noise * state.tensors["noise"].numpy()

        def change(frame: Shown, seed: int) -> U8:
            made = recoloured(frame.rgb, frame.semantic, own, wanted, settings.share)
            return with_noise(made, noise, named_generator("sensor noise", seed))

        return ByWidth(state, state.settings["width"], state.settings["classes"], change)


def _frames(pictures: Pictures) -> Iterator[tuple[U8, U8]]:
    prepared = pictures.prepared
    return ((prepared.images([k])[0], prepared.semantic([k])[0]) for k in range(len(prepared)))
