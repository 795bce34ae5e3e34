"""What a model is to an evaluation: something that is fitted to pictures and predicts truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from scenegen.evaluate.images import F64, I64, U8, Boxes, Task
from scenegen.evaluate.utility.prepared import Prepared
from scenegen.seeds import named_generator


@dataclass(frozen=True)
class Detections:
    """What a detector finds in one picture.

    Attributes
    ----------
    xyxy : (M, 4) float64 px
        By pixel corners, in px of the picture that was given.
    class_id : (M,) int64
        Judged classes.
    score : (M,) float64
        Larger is surer; any scale.
    """

    xyxy: F64
    class_id: I64
    score: F64

    def __len__(self) -> int:
        return len(self.class_id)


Predictions = U8 | list[Detections]
"""Judged ids (N, h, w) uint8, or the detections of each of N pictures."""


@dataclass(frozen=True)
class Part:
    """Pictures and how much of every batch they are.

    Attributes
    ----------
    pictures : Prepared
    share : float
        Of the draws; relative to the other parts.
    weights : (N,) float64, optional
        Of each picture within the part, of any sum; equal without.
    """

    pictures: Prepared
    share: float = 1.0
    weights: F64 | None = None


@dataclass(frozen=True)
class Batch:
    """Pictures (B, h, w, 3) uint8 with judged ids (B, h, w) uint8 or with boxes."""

    images: U8
    semantic: U8 | None = None
    boxes: tuple[Boxes, ...] = ()


def _unwatched(step: int) -> None:
    """Be told of a step that nobody watches."""


@dataclass(frozen=True)
class TrainingData:
    """A mixture of pictures, and the batches that a seed draws from it.

    Attributes
    ----------
    parts : tuple of Part
    watch : callable, optional
        Told the number of each step as its batch is drawn; shows progress.
    """

    parts: tuple[Part, ...]
    watch: Callable[[int], None] = _unwatched

    def __len__(self) -> int:
        return sum(len(part.pictures) for part in self.parts)

    @property
    def probabilities(self) -> F64:
        """Chance of each picture (N,), parts one after the other; sums to one."""
        each = []
        for part in self.parts:
            weights = np.ones(len(part.pictures)) if part.weights is None else part.weights
            each.append(part.share * weights / weights.sum())
        together = np.concatenate(each)
        return np.asarray(together / together.sum(), np.float64)

    def describe(self) -> list[dict[str, object]]:
        """Return plain values that decide every batch besides the seed, for memo keys."""
        return [
            {
                "digest": part.pictures.digest,
                "share": part.share,
                "weights": None if part.weights is None else part.weights.tolist(),
            }
            for part in self.parts
        ]

    def draw(self, step: int, size: int, seed: int) -> I64:
        """Return the pictures (size,) of one step, numbered through all parts.

        The draw is systematic (one random start, equal steps through the cumulative
        chances): unbiased for any weights, and each part has its share of every batch
        to within one picture.
        """
        generator = named_generator("training batch", seed, step)
        points = (generator.random() + np.arange(size)) / size
        chances = np.cumsum(self.probabilities)
        found = np.searchsorted(chances, points * chances[-1], side="right")
        return np.asarray(np.minimum(found, len(chances) - 1), np.int64)

    def batch(self, step: int, size: int, seed: int) -> Batch:
        """Return the batch of one step; equal arguments give equal batches."""
        self.watch(step)
        drawn = self.draw(step, size, seed)
        first = np.cumsum([0, *(len(part.pictures) for part in self.parts)])
        batches = [
            _read(part.pictures, drawn[(drawn >= low) & (drawn < high)] - low)
            for part, low, high in zip(self.parts, first[:-1], first[1:], strict=True)
        ]
        labels = [batch.semantic for batch in batches if batch.semantic is not None]
        return Batch(
            np.concatenate([batch.images for batch in batches]),
            np.concatenate(labels) if labels else None,
            tuple(boxes for batch in batches for boxes in batch.boxes),
        )


def _read(pictures: Prepared, at: I64) -> Batch:
    if pictures.task == "semantic":
        return Batch(pictures.images(at), pictures.semantic(at))
    return Batch(pictures.images(at), None, tuple(pictures.boxes(int(i)) for i in at))


class Model(Protocol):
    """A model under evaluation; implement `fit` and `predict` to plug in one's own.

    Attributes
    ----------
    name : str
        As reports call it.
    digest : str
        Decides, together with data, steps and seed, what training gives.
    trainable : bool
        Whether `fit` may be called; a finished network says False.
    side_by_side : bool, optional
        Whether several may be fitted at once in threads of one process, each on one core.
    """

    name: str
    digest: str
    trainable: bool

    def fit(self, data: TrainingData, steps: int, seed: int) -> None:
        """Take `steps` optimiser steps from the present weights.

        A second call goes on from where the first one ended: that is fine-tuning.

        Parameters
        ----------
        data : TrainingData
            Gives batches by ``data.batch(step, size, seed)``, or whole parts.
        steps : int
        seed : int
            The result may depend on it and on nothing else that is random.
        """

    def predict(self, images: U8) -> Predictions:
        """Return judged ids (N, h, w) uint8 or N detections of sRGB pictures (N, h, w, 3)."""


class MakeModel(Protocol):
    """Makes a model at its starting weights; called anew for every training run."""

    def __call__(self, task: Task, classes: Sequence[str], seed: int) -> Model:
        """Return a model for a task.

        Parameters
        ----------
        task : str
            ``semantic`` or ``boxes``.
        classes : sequence of str
            Names by judged id.
        seed : int
            Of the weights that are not pretrained.
        """
