"""One training run: made once, kept with what it predicts on the test pictures."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import U8
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.study import Tick
from scenegen.evaluate.utility.arms import Arm
from scenegen.evaluate.utility.folders import new_array, published
from scenegen.evaluate.utility.judges import Arrays, Judge
from scenegen.evaluate.utility.prepared import Prepared
from scenegen.evaluate.utility.protocol import Detections, MakeModel, Model, Predictions
from scenegen.seeds import named_generator

VERSION = 1
CHUNK = 16
"""Pictures that a model is given at once."""


@dataclass(frozen=True)
class Predicted:
    """What a model says of pictures, on disk.

    Attributes
    ----------
    pictures : Prepared
        The pictures, with their ids, blocks and truth.
    folder : Path
    """

    pictures: Prepared
    folder: Path

    @property
    def semantic(self) -> U8:
        """Predicted judged ids (N, h, w) uint8, mapped from disk."""
        found: U8 = np.load(self.folder / "semantic.npy", mmap_mode="r")
        return found

    def detections(self) -> list[Detections]:
        """Return the detections of each picture, in px of the working size."""
        with np.load(self.folder / "detections.npz") as stored:
            offsets = stored["offsets"]
            columns = [stored[name] for name in ("xyxy", "class_id", "score")]
        return [
            Detections(*(column[first:last] for column in columns))
            for first, last in pairwise(offsets.tolist())
        ]


@dataclass(frozen=True)
class Task:
    """What every run of a study has in common.

    Attributes
    ----------
    classes : tuple of str
        Names by judged id.
    seed : int
        Of the study.
    test : Prepared
        Judged on, never chosen by.
    val : Prepared or None
        Predictions on it may be kept for choices.
    """

    make_model: MakeModel
    judge: Judge
    classes: tuple[str, ...]
    seed: int
    test: Prepared
    val: Prepared | None
    memo: Memo
    lock: threading.Lock = field(default_factory=threading.Lock, compare=False)

    def model(self, seed: int) -> Model:
        """Return a model at its starting weights."""
        with self.lock:  # weights may be drawn from a generator that all threads share
            return self.make_model(
                self.judge.task, self.classes, _number(self.seed, seed, "weights")
            )


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes
    ----------
    kept : dict of arrays
        What the judge keeps of the predictions on the test pictures.
    test, val : Predicted or None
        The predictions themselves, where they were asked for.
    """

    arm: Arm
    seed: int
    kept: Arrays
    test: Predicted | None
    val: Predicted | None


def run_arm(task: Task, arm: Arm, seed: int, digest: str, keep: bool, tick: Tick) -> Run:
    """Train a model by an arm and judge it, or find what an earlier call made.

    Parameters
    ----------
    digest : str
        Of the model at its start.
    keep : bool
        Whether predictions on the test and validation pictures are kept.
    """
    inputs = {
        "version": VERSION,
        "model": digest,
        "classes": task.classes,
        "data": arm.describe(),
        "seeds": [task.seed, seed],
        "test": task.test.digest,
        "val": task.val.digest if keep and task.val is not None else "",
        "keep": keep,
    }
    key = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:20]
    folder = published(
        task.memo.folder / f"trained-{arm.kind}-{key}",
        lambda part: _train_and_judge(task, arm, seed, keep, part, tick),
    )
    with np.load(folder / "judged.npz") as stored:
        kept = {name: stored[name] for name in stored.files}
    test = Predicted(task.test, folder / "test") if keep else None
    val = Predicted(task.val, folder / "val") if keep and task.val is not None else None
    return Run(arm, seed, kept, test, val)


def _train_and_judge(task: Task, arm: Arm, seed: int, keep: bool, folder: Path, tick: Tick) -> None:
    model = task.model(seed)
    done = 0
    for number, stage in enumerate(arm.stages):

        def watch(step: int, before: int = done) -> None:
            share = (before + step) / max(arm.steps, 1)
            tick(share, f"{arm.title}: step {before + step} of {arm.steps}")

        data = replace(stage.data, watch=watch)
        model.fit(data, stage.steps, _number(task.seed, seed, f"stage {number}"))
        done += stage.steps
    if keep:
        found = _kept(predict(model, task.test), len(task.test), folder / "test")
        if task.val is not None:
            _kept(predict(model, task.val), len(task.val), folder / "val")
        parts = (found[start : start + CHUNK] for start in range(0, len(found), CHUNK))
        judged = task.judge.judge(parts, task.test)
    else:
        judged = task.judge.judge(predict(model, task.test), task.test)
    np.savez(folder / "judged.npz", **judged)  # type: ignore[arg-type]
    tick(1.0, f"{arm.title}: judged")


def predict(model: Model, pictures: Prepared) -> Iterator[Predictions]:
    """Iterate over a model's predictions, some pictures at a time."""
    count = getattr(model, "at_once", CHUNK)  # a program is started for each part
    for start in range(0, len(pictures), count):
        yield model.predict(pictures.images(slice(start, start + count)))


def _kept(predictions: Iterator[Predictions], count: int, folder: Path) -> Predictions:
    """Write the predictions for some pictures below a folder and return them all."""
    folder.mkdir()
    labels: np.memmap[Any, np.dtype[np.uint8]] | None = None
    found: list[Detections] = []
    start = 0
    for part in predictions:
        if isinstance(part, np.ndarray):
            if labels is None:
                labels = new_array(folder / "semantic.npy", (count, *part.shape[1:]))
            labels[start : start + len(part)] = part
            start += len(part)
        else:
            found += part
    if labels is not None:
        labels.flush()
        return labels
    columns: dict[str, npt.NDArray[Any]] = {
        "offsets": np.cumsum([0, *(len(each) for each in found)]),
        "xyxy": np.concatenate([np.zeros((0, 4)), *(each.xyxy for each in found)]),
        "class_id": np.concatenate([np.zeros(0, np.int64), *(each.class_id for each in found)]),
        "score": np.concatenate([np.zeros(0), *(each.score for each in found)]),
    }
    np.savez(folder / "detections.npz", **columns)  # type: ignore[arg-type]
    return found


def _number(study_seed: int, seed: int, purpose: str) -> int:
    return int(named_generator("utility", study_seed, seed, purpose).integers(2**31))
