"""A model that is a program: called to fit and to predict, with a folder for the exchange.

The program is called as ``PROGRAM … fit FOLDER`` and ``PROGRAM … predict FOLDER`` and reads
``FOLDER/job.json``:

``version``
    1.
``task``, ``classes``
    ``semantic`` or ``boxes``; names by class number.
``steps``, ``seed``
    Of this call to fit. With ``steps`` and ``seed`` equal, so should be the result.
``first``
    Whether fit starts from the program's own first weights; else it goes on from where
    the last call left ``FOLDER/state``, a folder that is the program's own.
``train``
    A list of ``{"image": PNG, "weight": share}`` with ``"truth": PNG`` of one byte a pixel
    (255 is ignored) or ``"boxes": [{"xyxy": [left, top, right, bottom], "class": number,
    "crowd": bool}]`` in px. Weights are the chances of being drawn, and sum to one.
``predict``
    A list of ``{"image": PNG, "output": FILE}``. The program writes each output: for
    ``semantic`` a PNG of one byte a pixel as large as the picture, for ``boxes`` JSON
    ``[{"xyxy": [...], "class": number, "score": number}]``.

Paths are relative to the folder. An exit code other than 0 is an error.
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from scenegen.dataset.storage import storage_errors
from scenegen.errors import DatasetError, InputError
from scenegen.evaluate.images import U8, Boxes, Task, read_ids
from scenegen.evaluate.utility.checks import checked_detections, checked_ids
from scenegen.evaluate.utility.protocol import Detections, Predictions, TrainingData

VERSION = 1
LAST_LINES = 12


class CommandModel:
    """A `Model` that a command line fits and asks.

    Parameters
    ----------
    command : str
        Split into words as a shell does, but run without one.
    timeout_s : float, optional
        Longest time of one call.
    """

    trainable = True
    at_once = 1024
    """Pictures of one call; starting a program takes longer than predicting."""

    def __init__(
        self, command: str, task: Task, classes: Sequence[str], timeout_s: float | None = None
    ) -> None:
        self.words = _words(command)
        self.name = f"command: {command}"
        self.digest = _digest(self.words)
        self.task: Task = task
        self.classes = tuple(classes)
        self.timeout_s = timeout_s
        self.folder = Path(tempfile.mkdtemp(prefix="scenegen-model-"))
        weakref.finalize(self, shutil.rmtree, self.folder)  # it goes when the model does
        self._fitted = False

    def fit(self, data: TrainingData, steps: int, seed: int) -> None:
        """Write the training pictures, and call the program to fit."""
        data.watch(0)
        shares = iter(data.probabilities.tolist())
        entries: list[dict[str, Any]] = []
        for part in data.parts:
            for index in range(len(part.pictures)):
                stem = f"train/{len(entries):06d}"
                entry = {"image": f"{stem}.png", "weight": next(shares)}
                self._write(entry["image"], part.pictures.images([index])[0])
                if self.task == "semantic":
                    entry["truth"] = f"{stem}.ids.png"
                    self._write(entry["truth"], part.pictures.semantic([index])[0])
                else:
                    entry["boxes"] = _plain(part.pictures.boxes(index))
                entries.append(entry)
        self._call("fit", train=entries, steps=steps, seed=seed, first=not self._fitted)
        self._fitted = True

    def predict(self, images: U8) -> Predictions:
        """Write the pictures, call the program, and read what it left."""
        suffix = "png" if self.task == "semantic" else "json"
        entries = [
            {"image": f"predict/{i:06d}.png", "output": f"predicted/{i:06d}.{suffix}"}
            for i in range(len(images))
        ]
        for entry, picture in zip(entries, images, strict=True):
            self._write(entry["image"], picture)
            (self.folder / entry["output"]).unlink(missing_ok=True)
        (self.folder / "predicted").mkdir(exist_ok=True)
        self._call("predict", predict=entries)
        outputs = [entry["output"] for entry in entries]
        if self.task == "boxes":
            return [self._read_boxes(name) for name in outputs]
        return np.stack([self._read_ids(name, images.shape[1:3]) for name in outputs])

    def _call(self, verb: str, **more: Any) -> None:
        job = {"version": VERSION, "task": self.task, "classes": self.classes, **more}
        with storage_errors(self.folder):
            (self.folder / "state").mkdir(exist_ok=True)
            (self.folder / "job.json").write_text(json.dumps(job, indent=1), encoding="utf-8")
            log = self.folder / f"{verb}.log"
            code = _run([*self.words, verb, str(self.folder)], log, self.timeout_s)
        if code is None:
            raise InputError(f"{self.name} {verb}: not done after {self.timeout_s:g} s{_tail(log)}")
        if code:
            raise InputError(f"{self.name} {verb}: ended with code {code}{_tail(log)}")

    def _write(self, name: str, pixels: U8) -> None:
        path = self.folder / name
        written = pixels[..., ::-1] if pixels.ndim == 3 else pixels
        with storage_errors(path):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(cv2.imencode(".png", written)[1].tobytes())

    def _read_ids(self, name: str, shape: tuple[int, ...]) -> U8:
        where = f"{self.name} predict, {name}"
        try:
            ids = read_ids(self.folder / name)
        except DatasetError as error:
            raise InputError(
                f"{where}: missing or no picture; a PNG of one byte a pixel is right"
                f"{_tail(self.folder / 'predict.log')}"
            ) from error
        return checked_ids(ids, shape, len(self.classes), where)

    def _read_boxes(self, name: str) -> Detections:
        where = f"{self.name} predict, {name}"
        try:
            rows = json.loads((self.folder / name).read_text(encoding="utf-8"))
            columns = [[row[key] for row in rows] for key in ("xyxy", "class", "score")]
            xyxy = np.array(columns[0], np.float64).reshape(-1, 4)
            ids = np.array(columns[1]) if rows else np.zeros(0, np.int64)
            found = Detections(xyxy, ids, np.array(columns[2], np.float64))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{where}: missing or not of the right form ({type(error).__name__}: {error}); a "
                'JSON list of {"xyxy": [left, top, right, bottom], "class": number, "score": '
                f"number}} is right{_tail(self.folder / 'predict.log')}"
            ) from error
        return checked_detections(found, len(self.classes), where)


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise InputError(f"command: {command}: can't be split into words ({error})") from error
    if not words:
        raise InputError("command: names no program; 'command: python train.py' is right")
    return words


def _digest(words: list[str]) -> str:
    """Return a sha256 over the words, and over the files among them: scripts and settings."""
    total = hashlib.sha256(json.dumps([VERSION, words]).encode())
    for word in words:
        path = Path(word)
        if path.is_file():
            total.update(path.read_bytes())
    return total.hexdigest()


def _run(words: list[str], log: Path, timeout_s: float | None) -> int | None:
    """Return the exit code, or None after the time-out; whatever was started is ended."""
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that its children can be ended with it
            )
        except OSError as error:
            raise InputError(
                f"command: {words[0]}: can't be run ({error.strerror}); a program on the path "
                "or an executable file is right"
            ) from error
        try:
            return process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _tail(log: Path) -> str:
    """Return the last lines that a program wrote, indented."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
    return "; it said last:" + "".join(f"\n  {line}" for line in lines) if lines else ""


def _plain(boxes: Boxes) -> list[dict[str, Any]]:
    columns = zip(boxes.xyxy, boxes.class_id, boxes.crowd, strict=True)
    return [{"xyxy": b.tolist(), "class": int(c), "crowd": bool(w)} for b, c, w in columns]
