"""The refiner itself: a denoiser, colours to begin with, and how far it may go."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from scenegen.errors import InputError
from scenegen.evaluate.images import U8
from scenegen.refine.conditions import (
    Condition,
    condition_of,
    joined,
    sketch_of,
    style_of,
)
from scenegen.refine.denoiser import Denoise, Guidance
from scenegen.refine.palette import Palette, recoloured
from scenegen.refine.planes import as_planes, from_planes
from scenegen.refine.protocol import Shown
from scenegen.refine.samplers import dpmpp_2m, levels, noise_like
from scenegen.refine.settings import USUAL, RefineSettings
from scenegen.refine.sizes import at_width, with_detail
from scenegen.refine.tiles import Window, tiled
from scenegen.refine.walks import bridge, sdedit
from scenegen.refine.weights import Stored

Noise = Callable[[int, int], Tensor]
"""From height and width to unit noise (1, 3, height, width)."""


@dataclass(frozen=True)
class Lead:
    """A picture that a frame begins with in part, as that of the frame before.

    Attributes
    ----------
    rgb : (H, W, 3) uint8
        Of the frame's size.
    share : (H, W) float32
        Of the lead; the rest is the frame itself.
    """

    rgb: U8
    share: npt.NDArray[np.float32]


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

    Raises
    ------
    InputError
        The design asks for more than the weights have learned.
    """

    name = "diffusion"

    def __init__(
        self,
        stored: Stored,
        settings: RefineSettings,
        palettes: tuple[Palette, Palette] | None = None,
        device: str = "cpu",
    ) -> None:
        if settings.design == "bridge" and "rendered" not in stored.domains:
            raise InputError(
                "these weights have learned from photographs only: use them with design=sdedit, or "
                "train with dataset= for the bridge"
            )
        self.settings, self.palettes, self.device = settings, palettes, device
        self.model, self._weights = stored.denoiser(device), stored.digest
        self._stored = stored

    @property
    def digest(self) -> str:
        """sha256 over weights, settings and colours."""
        colours = [] if self.palettes is None else [p.mean.tolist() for p in self.palettes]
        text = json.dumps([self._weights, self.settings.model_dump(), colours], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def at(self, strength: float) -> Refiner:
        """Return the same refiner at another strength; they share the model."""
        other = copy(self)
        other.settings = self.settings.model_copy(update={"strength": strength})
        return other

    def __call__(self, frames: Sequence[Shown], seeds: Sequence[int]) -> list[U8]:
        """Return refined frames, each of its own size; see `Translator`."""
        noises = [_seeded(seed) for seed in seeds]
        return self.refined(frames, noises, [None] * len(frames))

    def noise_sizes(self, frame: Shown) -> set[tuple[int, int]]:
        """Return the sizes (height, width) px at which a frame's refinement needs noise."""
        height, width = frame.semantic.shape
        small, _ = at_width(frame.rgb, frame.semantic, self.model.spec.size[0])
        sizes = {(small.shape[0], small.shape[1])} if self._noisy else set()
        return sizes | {(height, width)} if self._in_tiles(frame) else sizes

    @property
    def _noisy(self) -> bool:
        """Whether frames are buried in noise; the bridge's is their own."""
        return self.settings.design == "sdedit"

    def _in_tiles(self, frame: Shown) -> bool:
        height, width = frame.semantic.shape
        most = self.model.spec.size
        return self.settings.detail == "tiles" and (width > most[0] or height > most[1])

    def refined(
        self, frames: Sequence[Shown], noises: Sequence[Noise], leads: Sequence[Lead | None]
    ) -> list[U8]:
        """Return refined frames made of given noise, and of the lead where there is one.

        Parameters
        ----------
        noises : sequence of callable
            Asked for the size that a frame is refined at, and for its own if tiles need it.
        """
        width = self.model.spec.size[0]
        small = [at_width(frame.rgb, frame.semantic, width) for frame in frames]
        begun = [
            self._begun(rgb, semantic, lead)
            for (rgb, semantic), lead in zip(small, leads, strict=True)
        ]
        made: list[U8] = []
        for rows in _alike([semantic.shape for _, semantic in small], self.settings.batch):
            parts = [self._shown(begun[k], small[k][1], frames[k]) for k in rows]
            start = as_planes(np.stack([begun[k] for k in rows]))
            noise = [noises[k](*small[k][1].shape) for k in rows] if self._noisy else []
            made.extend(from_planes(self.walk(start, joined(parts), noise)))
        whole = [
            with_detail(frame.rgb, rgb, after)
            for frame, (rgb, _), after in zip(frames, small, made, strict=True)
        ]
        return [
            self._detailed(frame, rgb, noise) if self._in_tiles(frame) else rgb
            for frame, rgb, noise in zip(frames, whole, noises, strict=True)
        ]

    def _begun(self, rgb: U8, semantic: U8, lead: Lead | None) -> U8:
        """Return what a frame's walk begins with, at the working size."""
        begun = rgb
        if self.palettes is not None and self.settings.palette > 0:
            begun = recoloured(rgb, semantic, *self.palettes, share=self.settings.palette)
        if lead is None:
            return begun
        size = begun.shape[1], begun.shape[0]
        other = cv2.resize(lead.rgb, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        share = cv2.resize(lead.share, size, interpolation=cv2.INTER_AREA)[..., None]
        return np.asarray(np.rint((1.0 - share) * begun + share * other), np.uint8)

    def walk(self, x: Tensor, condition: Condition, noise: Sequence[Tensor]) -> Tensor:
        """Return refined planes (N, 3, H, W) at the working size."""
        s = self.settings
        sigma = s.strength * self.model.spec.sigma_data
        x, condition = x.to(self.device), condition.to(self.device)
        guidance = Guidance(s.guidance)
        if not self._noisy:
            return bridge(self.model, x, condition, sigma, s.steps, guidance)
        buried = torch.cat(list(noise)).to(self.device)
        return sdedit(self.model, x, condition, buried, sigma, s.steps, guidance)

    def _shown(self, rgb: U8, semantic: U8, frame: Shown) -> Condition:
        """Return what a frame is to show, told by the colours that it begins with."""
        style = style_of("real", self._stored.told(frame.style))
        return condition_of(semantic[None], sketch_of(rgb, semantic)[None], style[None])

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def _detailed(self, frame: Shown, rgb: U8, noise: Noise) -> U8:
        """Return a frame whose finest detail is made anew, in tiles of the working size."""
        s, spec = self.settings, self.model.spec
        size = frame.semantic.shape[0], frame.semantic.shape[1]
        condition = self._shown(rgb, frame.semantic, frame).of_domain("real").to(self.device)
        guidance = Guidance(USUAL["sdedit"].guidance)

        def parts(windows: Sequence[Window]) -> Denoise:
            shown = [condition.window(w.top, w.left, w.height, w.width) for w in windows]
            return guidance(self.model, joined(shown))

        sigma = s.detail_strength * spec.sigma_data
        x = (as_planes(rgb[None]) + sigma * noise(*size)).to(self.device)
        denoise = tiled(parts, size, (spec.size[1], spec.size[0]), s.batch)
        made: U8 = from_planes(dpmpp_2m(denoise, x, levels(sigma, s.steps)))[0]
        return made


def _seeded(seed: int) -> Noise:
    return lambda height, width: noise_like((1, 3, height, width), seed)


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
