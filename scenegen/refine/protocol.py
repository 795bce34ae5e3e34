"""What a refiner is to everything around it, and what makes one: ours and its baselines alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from scenegen.evaluate.images import U8
from scenegen.refine.pictures import Pictures


@dataclass(frozen=True)
class Shown:
    """A rendered frame that is to look real.

    Attributes
    ----------
    rgb : (H, W, 3) uint8
        sRGB.
    semantic : (H, W) uint8
        Judged class ids of the refiner's space; 255 = ignore.
    style : mapping of str to str
        Words of `STYLES` by key, as ``{"time_of_day": "night"}``; what is absent is unknown.
    """

    rgb: U8
    semantic: U8
    style: Mapping[str, str] = field(default_factory=dict)


class Translator(Protocol):
    """From rendered frames to frames that a camera could have taken.

    Attributes
    ----------
    name : str
        As tables call it.
    digest : str
        sha256 over weights and settings: equal digests, equal output.
    """

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...

    def __call__(self, frames: Sequence[Shown], seeds: Sequence[int]) -> list[U8]:
        """Return sRGB pictures (H, W, 3) uint8, each of its frame's size.

        Each depends on its own frame and seed alone, not on which others come with it.
        """


@dataclass(frozen=True)
class Budget:
    """How long training may take.

    Attributes
    ----------
    seconds : float
        By the clock; a little less or more is fine.
    steps : int, optional
        Optimiser steps at most: what tests give, since clocks differ.
    """

    seconds: float
    steps: int | None = None


Told = Callable[[float, float], None]
"""Hears the share done in [0, 1] and the loss."""


class Recipe(Protocol):
    """Trains a translator on the real and the rendered pictures of a training split."""

    @property
    def name(self) -> str: ...

    def train(
        self, real: Pictures, rendered: Pictures, budget: Budget, seed: int, device: str, told: Told
    ) -> Translator:
        """Return a translator; equal arguments (with steps) give equal weights on one machine."""
