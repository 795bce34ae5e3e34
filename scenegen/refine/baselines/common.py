"""What baselines share: one working size, one training loop, weights that belong to a seed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from scenegen.errors import ScenegenError
from scenegen.evaluate.images import U8
from scenegen.records.taxonomy import IGNORE
from scenegen.refine.baselines.state import State
from scenegen.refine.pictures import Pictures
from scenegen.refine.protocol import Budget, Shown, Told
from scenegen.refine.sizes import at_width, with_detail
from scenegen.seeds import named_generator


@dataclass(frozen=True)
class ByWidth:
    """A translator that changes frames at a working width; finer detail stays the render's.

    Attributes
    ----------
    state : State
        What it is, to be kept.
    width : int
        Of the pictures that it was trained on; smaller frames keep their size.
    classes : int
        Ids from here on are void: no training picture had them.
    change : callable
        From a small frame and a seed to a picture of its size.
    """

    state: State
    width: int
    classes: int
    change: Callable[[Shown, int], U8]

    @property
    def name(self) -> str:
        """The recipe's name."""
        return self.state.name

    @property
    def digest(self) -> str:
        """sha256 over weights and settings."""
        return self.state.digest

    def __call__(self, frames: Sequence[Shown], seeds: Sequence[int]) -> list[U8]:
        """Return changed frames, one by one; see `Translator`."""
        return [self._changed(frame, seed) for frame, seed in zip(frames, seeds, strict=True)]

    def _changed(self, frame: Shown, seed: int) -> U8:
        rgb, ids = at_width(frame.rgb, frame.semantic, self.width)
        known = np.where(ids < self.classes, ids, IGNORE).astype(np.uint8)
        after = self.change(replace(frame, rgb=rgb, semantic=known), seed)
        return with_detail(frame.rgb, rgb, after)


def width_of(pictures: Pictures) -> int:
    """Return the width that pictures have, in px."""
    return pictures.prepared.size[0]


def class_count(*sets: Pictures) -> int:
    """Return one more than the largest judged id that sets show."""
    found = 0
    for pictures in sets:
        for k in range(len(pictures)):
            ids = pictures.prepared.semantic([k])
            found = max(found, 1 + int(np.where(ids == IGNORE, 0, ids).max()))
    return found


def hot_of(semantic: Tensor, classes: int) -> Tensor:
    """Return one plane a class and, last, one of void (N, classes + 1, H, W) float32."""
    ids = torch.where(semantic >= classes, classes, semantic)
    return functional.one_hot(ids, classes + 1).permute(0, 3, 1, 2).float()


def run_steps(budget: Budget, told: Told, step: Callable[[int, float], float]) -> int:
    """Take steps until the budget is used up, and return how many.

    Parameters
    ----------
    step : callable
        Gets a step's number from 0 and the share of the budget that is used up (which sets
        learning rates: of steps where they are given, so that clocks decide nothing), and
        returns the loss.

    Raises
    ------
    ScenegenError
        A loss is not finite.
    """
    begin, done = time.monotonic(), 0
    while done != budget.steps:
        spent = (time.monotonic() - begin) / budget.seconds if budget.seconds > 0 else 1.0
        if spent >= 1.0:
            break
        share = spent if budget.steps is None else done / budget.steps
        loss = step(done, share)
        if not math.isfinite(loss):
            raise ScenegenError(f"step {done + 1}: the loss is {loss}; train with another seed")
        done += 1
        told(spent if budget.steps is None else done / budget.steps, loss)
    return done


def eased(share: float) -> float:
    """Return a learning rate's share: even for the first half, then down to a twentieth."""
    return 1.0 if share < 0.5 else max(0.05, 2.0 * (1.0 - share))


@contextmanager
def seeded(*words: str | int) -> Iterator[None]:
    """Within, torch's own generator (which new layers draw their weights from) has a name."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(named_generator("baseline", *words).integers(2**62)))
        yield


def averaged_into(average: nn.Module, model: nn.Module, step: int, keep: float = 0.999) -> None:
    """Move averaged weights towards a model's; the share that stays grows with the steps."""
    share = 1.0 - min(keep, (1 + step) / (10 + step))
    with torch.no_grad():
        for mean, weight in zip(average.parameters(), model.parameters(), strict=True):
            mean.lerp_(weight, share)


def with_rate(optimiser: torch.optim.Optimizer, rate: float) -> torch.optim.Optimizer:
    """Set an optimiser's learning rate."""
    for group in optimiser.param_groups:
        group["lr"] = rate
    return optimiser


def padded(planes: Tensor, multiple: int) -> Tensor:
    """Return planes (N, C, H, W) whose height and width are multiples, edges repeated."""
    right, below = (-planes.shape[k] % multiple for k in (-1, -2))
    return functional.pad(planes, (0, right, 0, below), mode="replicate")
