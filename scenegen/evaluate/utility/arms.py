"""What models are trained on: synthetic, real, both, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from scenegen.evaluate.images import F64, I64
from scenegen.evaluate.utility.prepared import Prepared
from scenegen.evaluate.utility.protocol import Part, TrainingData
from scenegen.evaluate.utility.settings import UtilitySettings

Kind = Literal["synthetic", "rebalanced", "real", "real-longer", "mixture", "fine-tune", "given"]


@dataclass(frozen=True)
class Stage:
    """Pictures and the number of optimiser steps on them."""

    data: TrainingData
    steps: int


@dataclass(frozen=True)
class Arm:
    """One way to train a model.

    Attributes
    ----------
    kind : str
        ``synthetic``: these pictures alone. ``rebalanced``: the same, weighted. ``real``:
        real pictures alone, equal steps. ``real-longer``: the same with more steps.
        ``mixture``: half of each batch synthetic, half real. ``fine-tune``: half of the
        steps synthetic, then half real. ``given``: a finished model, not trained.
    real : int
        Number of real pictures.
    stages : tuple of Stage
    """

    kind: Kind
    real: int
    stages: tuple[Stage, ...]

    @property
    def slice(self) -> str:
        """As results name it; training on synthetic pictures alone is what all is about."""
        if self.kind == "synthetic":
            return "all"
        return f"arm={self.kind},real={self.real}" if self.real else f"arm={self.kind}"

    @property
    def title(self) -> str:
        """As a reader sees it."""
        return f"{self.kind}, {self.real} real" if self.real else self.kind

    @property
    def steps(self) -> int:
        """Optimiser steps in all."""
        return sum(stage.steps for stage in self.stages)

    def describe(self) -> list[Any]:
        """Return plain values that decide what is learned, besides model and seed."""
        return [[stage.data.describe(), stage.steps] for stage in self.stages]


def plan_arms(
    synthetic: Prepared, real: Prepared | None, settings: UtilitySettings, weights: F64 | None
) -> tuple[Arm, ...]:
    """Return the arms of a study, the cheapest questions first.

    Parameters
    ----------
    real : Prepared or None
        All real training pictures; only synthetic arms without.
    weights : (N,) float64 or None
        Of synthetic pictures, for the re-balanced arm.
    """
    steps = settings.steps
    made = Part(synthetic)
    arms = [Arm("synthetic", 0, (_stage(steps, made),))]
    if weights is not None:
        arms.append(Arm("rebalanced", 0, (_stage(steps, Part(synthetic, 1.0, weights)),)))
    if real is None:
        return tuple(arms)
    order = spread_order(len(real))
    for count in settings.counts(len(real)):
        photos = Part(real.subset(np.sort(order[:count])))
        arms.append(Arm("real", count, (_stage(steps, photos),)))
        arms.append(Arm("mixture", count, (_stage(steps, made, photos),)))
        half = steps // 2
        tuned = (_stage(half, made), _stage(steps - half, photos))
        arms.append(Arm("fine-tune", count, tuned))
        if settings.longer > 1:
            more = round(settings.longer * steps)
            arms.append(Arm("real-longer", count, (_stage(more, photos),)))
    return tuple(arms)


def spread_order(count: int) -> I64:
    """Return positions (count,) int64 such that every prefix is spread evenly over all.

    The order of van der Corput's sequence in base 2: prefixes are nested, and since
    records are ordered by drive and time, each drive has its share of every prefix.
    """
    bits = max(1, int(count - 1).bit_length())
    numbers = np.arange(2**bits, dtype=np.int64)
    mirrored = np.zeros_like(numbers)
    for bit in range(bits):
        mirrored |= ((numbers >> bit) & 1) << (bits - 1 - bit)
    return mirrored[mirrored < count]


def _stage(steps: int, *parts: Part) -> Stage:
    return Stage(TrainingData(parts), steps)
