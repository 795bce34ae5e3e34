"""What an evaluation of utility trains, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scenegen.errors import InputError
from scenegen.evaluate.images import Task

Count = int | Literal["all"]


@dataclass(frozen=True)
class UtilitySettings:
    """How models are trained and tested.

    Attributes
    ----------
    task : str
        ``semantic`` or ``boxes``.
    real : tuple of int or "all"
        Numbers of real pictures. What goes beyond the training pictures means all.
    steps : int
        Optimiser steps of every arm.
    longer : float
        Steps of the longer real-only arm over `steps`; 1 leaves the arm out.
    batch : int
        Pictures a step.
    width : int
        Of the pictures that models see, px; the height follows from the real pictures.
    seeds : tuple of int
        One run of every arm each.
    model : str, optional
        A model of one's own, by import path, command or file; the built-in one without.
    rebalanced : bool
        Whether to train also on synthetic pictures weighted to be like the real ones.
    device : str
        Where built-in models run, as torch names it.
    """

    task: Task = "semantic"
    real: tuple[Count, ...] = (10, 50, "all")
    steps: int = 150
    longer: float = 2.0
    batch: int = 8
    width: int = 240
    seeds: tuple[int, ...] = (0,)
    model: str | None = None
    rebalanced: bool = True
    device: str = "cpu"

    def __post_init__(self) -> None:
        for count in self.real:
            if count != "all" and count < 1:
                raise InputError(f'utility.real={count}: a number of pictures from 1, or "all"')
        if self.steps < 2:
            raise InputError(f"utility.steps={self.steps}: at least 2, half for each stage")
        if self.longer < 1:
            raise InputError(f"utility.longer={self.longer}: a multiple of steps, at least 1")
        if not self.seeds or len(set(self.seeds)) < len(self.seeds):
            raise InputError("utility.seeds: one number or several, all different")

    def counts(self, available: int) -> tuple[int, ...]:
        """Return the numbers of real pictures, ascending, where so many are available."""
        chosen = {available if c == "all" else min(c, available) for c in self.real}
        return tuple(sorted(chosen - {0}))
