"""The refiner itself: a denoiser, colours to begin with, and how far it may go."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from scenegen.evaluate.images import U8
from scenegen.refine.conditions import (
    Condition,
    as_bytes,
    as_signed,
    condition_of,
    joined,
    sketch_of,
    style_of,
)
from scenegen.refine.denoiser import Guidance
from scenegen.refine.palette import Palette, recoloured
from scenegen.refine.protocol import Shown
from scenegen.refine.samplers import noise_like
from scenegen.refine.sizes import at_width, with_detail
from scenegen.refine.walks import Design, bridge, sdedit
from scenegen.refine.weights import Stored


class RefineSettings(BaseModel):
    """How far a frame may be changed.

    Attributes
    ----------
    design : {"sdedit", "bridge"}
    strength : float
        Noise level from which a picture is made anew, in units of pictures' own deviation:
        0.3 changes texture, 1 most of what is smaller than a car, 4 nearly everything.
    steps : int
        Evaluations of the network on the way down.
    guidance : float
        Weight of what is to be shown; 1 costs half.
    palette : float
        Share of real pictures' colours, class by class, that a frame begins with.
    batch : int
        Frames at once. More than one pays on a GPU only, and may change last digits there: it
        belongs to the digest.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    design: Design = "sdedit"
    strength: float = Field(0.8, gt=0, le=100)
    steps: int = Field(8, ge=1)
    guidance: float = Field(1.5, ge=0)
    palette: float = Field(0.7, ge=0, le=1)
    batch: int = Field(1, ge=1)


class Refiner:
    """A `Translator` by diffusion.

    Parameters
    ----------
    stored : Stored
        Weights as `read_weights` gives them.
    settings : RefineSettings
    palettes : tuple of Palette, optional
        Of the rendered and of the real set; without, colours are left to the network.
    device : str
    """

    name = "diffusion"

    def __init__(
        self,
        stored: Stored,
        settings: RefineSettings,
        palettes: tuple[Palette, Palette] | None = None,
        device: str = "cpu",
    ) -> None:
        self.settings, self.palettes, self.device = settings, palettes, device
        self.model = stored.denoiser(device)
        colours = [] if palettes is None else [p.mean.tolist() for p in palettes]
        text = json.dumps([stored.digest, settings.model_dump(), colours], sort_keys=True)
        self.digest = hashlib.sha256(text.encode()).hexdigest()

    def __call__(self, frames: Sequence[Shown], seeds: Sequence[int]) -> list[U8]:
        """Return refined frames, each of its own size; see `Translator`."""
        width = self.model.spec.size[0]
        small = [at_width(frame.rgb, frame.semantic, width) for frame in frames]
        begun = [self._begun(rgb, semantic) for rgb, semantic in small]
        made: list[U8] = []
        for rows in _alike([semantic.shape for _, semantic in small], self.settings.batch):
            parts = [
                condition_of(
                    small[k][1][None],
                    sketch_of(begun[k], small[k][1])[None],
                    style_of("real", frames[k].style)[None],
                )
                for k in rows
            ]
            shape = (1, 3, *small[rows[0]][1].shape)
            noise = torch.cat([noise_like(shape, seeds[k]) for k in rows])
            start = as_signed(np.stack([begun[k] for k in rows]))
            made.extend(as_bytes(self.walk(start, joined(parts), noise)))
        return [
            with_detail(frame.rgb, rgb, after)
            for frame, (rgb, _), after in zip(frames, small, made, strict=True)
        ]

    def _begun(self, rgb: U8, semantic: U8) -> U8:
        if self.palettes is None or self.settings.palette == 0:
            return rgb
        return recoloured(rgb, semantic, *self.palettes, share=self.settings.palette)

    def walk(self, x: Tensor, condition: Condition, noise: Tensor) -> Tensor:
        """Return refined pictures (N, 3, H, W) in [-1, 1] at the working size."""
        s = self.settings
        sigma = s.strength * self.model.spec.sigma_data
        x, condition, noise = (thing.to(self.device) for thing in (x, condition, noise))
        guidance = Guidance(s.guidance)
        if s.design == "bridge":
            return bridge(self.model, x, condition, sigma, s.steps, guidance)
        return sdedit(self.model, x, condition, noise, sigma, s.steps, guidance)


def _alike(shapes: Sequence[tuple[int, ...]], most: int) -> Iterator[list[int]]:
    """Part positions into runs of equal shapes, of at most so many."""
    run: list[int] = []
    for k, shape in enumerate(shapes):
        if run and (len(run) == most or shapes[run[0]] != shape):
            yield run
            run = []
        run.append(k)
    if run:
        yield run
