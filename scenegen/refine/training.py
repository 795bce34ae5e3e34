"""A whole training: steps, checkpoints, what is watched on the way, and when it is enough."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from scenegen.refine.checkpoint import read_checkpoint, write_checkpoint
from scenegen.refine.denoiser import Denoiser
from scenegen.refine.trainer import Trainer
from scenegen.refine.weights import write_weights

CHECKPOINT = "checkpoint.safetensors"
BEST, LAST = "best.safetensors", "last.safetensors"
_SMOOTH = 0.98

Watched = Mapping[str, float]


@dataclass(frozen=True)
class Progress:
    """How far a training has come.

    Attributes
    ----------
    step, steps : int
    loss : float
        Averaged over the last steps.
    images_per_s : float
    left_s : float
    """

    step: int
    steps: int
    loss: float
    images_per_s: float
    left_s: float


@dataclass(frozen=True)
class Watch:
    """What happens beside the steps.

    Attributes
    ----------
    told : callable
        Gets the `Progress` of every step.
    judge : callable, optional
        Gives figures of averaged weights; ``score`` among them decides which are best, less being
        better.
    judged : callable
        Gets step and figures whenever there are new ones.
    every : int
        Steps between two judgements and checkpoints.
    patience : int
        Judgements without a better score after which training ends; 0 never ends it.
    keep_s : float
        Seconds after which a checkpoint is written in any case.
    limit_s : float, optional
        Seconds after which training ends as if that was its last step.
    """

    told: Callable[[Progress], None]
    judge: Callable[[Denoiser], Watched] | None = None
    judged: Callable[[int, Watched], None] = field(default=lambda step, figures: None)
    every: int = 500
    patience: int = 0
    keep_s: float = 60.0
    limit_s: float | None = None


class Training:
    """A training in a folder; killed at any time, it goes on from its last checkpoint.

    Parameters
    ----------
    trainer : Trainer
    out : Path
        Checkpoint and weights go there.
    inputs : mapping of str
        What the training comes from; a checkpoint of another one is refused.
    notes : mapping of str
        Go into the header of the weights.
    """

    def __init__(
        self, trainer: Trainer, out: Path, inputs: Mapping[str, str], notes: Mapping[str, str]
    ) -> None:
        self.trainer, self.out = trainer, out
        self.inputs, self.notes = dict(inputs), dict(notes)
        self.best: tuple[float, int] | None = None

    def resume(self) -> bool:
        """Go on from the checkpoint if there is one."""
        path = self.out / CHECKPOINT
        if not path.is_file():
            return False
        state = read_checkpoint(path, self.inputs)
        self.trainer.restore(state)
        score, step = float(state["best.score"]), int(state["best.step"])
        self.best = None if step == 0 else (score, step)
        return True

    def run(self, watch: Watch) -> Path:
        """Train to the end and return the weights that did best, or the last ones.

        Raises
        ------
        ScenegenError
            The loss is not finite. The last checkpoint is from before.
        StorageError
            No room for a checkpoint. The one before stays.
        """
        trainer, steps = self.trainer, self.trainer.settings.steps
        begin = kept = time.monotonic()
        first, loss = trainer.step, None
        stale = 0
        while trainer.step < steps:
            value = trainer.advance()
            loss = value if loss is None else _SMOOTH * loss + (1.0 - _SMOOTH) * value
            now = time.monotonic()
            rate = (trainer.step - first) / max(now - begin, 1e-9)
            left = (steps - trainer.step) / rate
            watch.told(Progress(trainer.step, steps, loss, rate * trainer.settings.batch, left))
            over = watch.limit_s is not None and now - begin > watch.limit_s
            due = trainer.step % watch.every == 0 or trainer.step == steps or over
            if due:
                stale = 0 if self._judge(watch) else stale + 1
            if due or now - kept > watch.keep_s:
                write_checkpoint(self.out / CHECKPOINT, self._state(), self.inputs)
                kept = now
            if over or (watch.patience and stale >= watch.patience):
                break
        self._write(LAST)
        return self.out / (BEST if self.best else LAST)

    def _judge(self, watch: Watch) -> bool:
        """Judge the averaged weights; return whether they are the best so far."""
        if watch.judge is None:
            return True
        figures = watch.judge(self.trainer.denoiser())
        watch.judged(self.trainer.step, figures)
        if self.best is not None and figures["score"] >= self.best[0]:
            return False
        self.best = figures["score"], self.trainer.step
        self._write(BEST)
        return True

    def _state(self) -> dict[str, Tensor]:
        score, step = self.best or (0.0, 0)
        best = {"best.score": torch.tensor(score, dtype=torch.float64)}
        return {**self.trainer.state(), **best, "best.step": torch.tensor(step)}

    def _write(self, name: str) -> None:
        trainer = self.trainer
        notes = {**self.notes, **trainer.facts(), "step": str(trainer.step)}
        write_weights(self.out / name, trainer.spec, trainer.averaged, notes)
