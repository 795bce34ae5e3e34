"""What a training shows on the way: a live bar or plain lines, TensorBoard, grids of samples."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

import cv2
from rich.progress import MofNCompleteColumn
from torch.utils.tensorboard import SummaryWriter

from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.evaluate.images import U8
from scenegen.pipeline.progress import clock_text, live_bar
from scenegen.pipeline.training_folder import GRIDS, LOGS
from scenegen.refine.training import Progress

_PLAIN_EVERY_S = 15.0
_LOGGED_EVERY = 20


class TrainingLog:
    """Hears of every step and every judgement.

    Parameters
    ----------
    folder : Path
        The training's; logs and grids go below it.
    steps : int
        Of the whole training.
    done : int
        Of an earlier run.
    stream : text file
        Where to write; its being a terminal decides the form.
    """

    def __init__(self, folder: Path, steps: int, done: int, stream: TextIO) -> None:
        self._folder, self._steps, self._done, self._stream = folder, steps, done, stream
        self._step = done
        self._said = 0.0
        self._bar = live_bar(stream, MofNCompleteColumn())

    def __enter__(self) -> Self:
        with storage_errors(self._folder):
            self._board = SummaryWriter(str(self._folder / LOGS), purge_step=self._done)
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task(
                "train-refiner", total=self._steps, completed=self._done, note=""
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._board.close()
        if self._bar is not None:
            self._bar.stop()

    def told(self, at: Progress) -> None:
        """Hear of a step."""
        self._step = at.step
        note = f"loss {at.loss:.3f}, {at.images_per_s:.1f} images/s, {clock_text(at.left_s)} left"
        if at.step % _LOGGED_EVERY == 0:
            self._board.add_scalar("loss", at.loss, at.step)
            self._board.add_scalar("images per second", at.images_per_s, at.step)
        if self._bar is not None:
            self._bar.update(self._task, completed=at.step, note=note)
        elif time.monotonic() - self._said > _PLAIN_EVERY_S or at.step == at.steps:
            self._said = time.monotonic()
            print(f"train-refiner {at.step}/{at.steps}: {note}", file=self._stream, flush=True)

    def judged(self, step: int, figures: Mapping[str, float]) -> None:
        """Hear of a look at the validation split."""
        for name, value in figures.items():
            self._board.add_scalar(f"validation/{name}", value, step)
        words = ", ".join(f"{name} {value:.4f}" for name, value in figures.items())
        console = self._bar.console if self._bar is not None else None
        line = f"train-refiner {step}/{self._steps}: validation: {words}"
        if console is not None:
            console.print(line)
        else:
            print(line, file=self._stream, flush=True)

    def grid(self, picture: U8) -> None:
        """Keep a grid of samples (H, W, 3) uint8 as PNG, named by the step."""
        path = self._folder / GRIDS / f"{self._step:07d}.png"
        _, data = cv2.imencode(".png", picture[..., ::-1])
        with storage_errors(path.parent):
            path.parent.mkdir(exist_ok=True)
            write_atomic(path, data.tobytes())
        self._board.add_image("samples", picture, self._step, dataformats="HWC")
