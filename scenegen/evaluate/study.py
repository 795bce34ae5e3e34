"""What an evaluation is given: the sets, the space, the seed and the places to work in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scenegen.evaluate.classes import LabelSpace
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.memo import Memo
from scenegen.seeds import named_generator

Tick = Callable[[float, str], None]
"""Says how far a step has come: share done in [0, 1], and what it is at."""


def silent(share: float, note: str) -> None:
    """Be the `Tick` of a step that nobody watches."""


@dataclass(frozen=True)
class Study:
    """Everything that the measures of one evaluation share.

    Attributes
    ----------
    space : LabelSpace
    synthetic : tuple of MappedSet
        The data sets to be judged, one or more, names unique.
    test : MappedSet
        Real pictures that figures are reported on. Nothing is ever chosen by them.
    train : MappedSet or None
        Real pictures that models may be trained on, and that generators were.
    val : MappedSet or None
        Real pictures by which things are chosen, as where the gaps are.
    seed : int
    out : Path
        The evaluation's folder; pictures of the report go below it.
    memo : Memo
    """

    space: LabelSpace
    synthetic: tuple[MappedSet, ...]
    test: MappedSet
    train: MappedSet | None
    val: MappedSet | None
    seed: int
    out: Path
    memo: Memo

    def generator(self, *purpose: str | int) -> np.random.Generator:
        """Return the generator of one purpose; equal words give equal streams."""
        return named_generator("evaluate", self.seed, *purpose)
