"""A finished segmentation network as an ONNX file, to be tested and not trained."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.errors import InputError, nearest
from scenegen.evaluate.images import U8
from scenegen.evaluate.utility.checks import checked_ids
from scenegen.evaluate.utility.onnx_settings import OnnxSettings, read_settings
from scenegen.evaluate.utility.protocol import TrainingData
from scenegen.records.taxonomy import IGNORE


class OnnxModel:
    """A `Model` for label pictures that is tested as it is.

    Its output is either logits (N, C, h, w) or class ids (N, h, w) or (N, 1, h, w), of
    any size: it is brought to that of the pictures.

    Parameters
    ----------
    settings : OnnxSettings, optional
        In place of what the files say.
    """

    trainable = False

    def __init__(
        self, path: Path, classes: Sequence[str], settings: OnnxSettings | None = None
    ) -> None:
        self.session = _session(path)
        self.settings = settings or read_settings(
            path, self.session.get_modelmeta().custom_metadata_map
        )
        self.name = path.name
        self.digest = hashlib.sha256(
            path.read_bytes() + f"{self.settings.model_dump_json()} {list(classes)}".encode()
        ).hexdigest()
        self.classes = tuple(classes)
        self.input = _named(self.settings.input, self.session.get_inputs(), path, "input")
        self.output = _named(self.settings.output, self.session.get_outputs(), path, "output")
        if len(self.input.shape) != 4:
            raise InputError(
                f"{path}: input {self.input.name} has {len(self.input.shape)} axes; 4 are right"
            )

    def fit(self, data: TrainingData, steps: int, seed: int) -> None:
        """Refuse: the network is finished."""
        raise InputError(f"{self.name}: an ONNX network is tested as it is, it can't be trained")

    def predict(self, images: U8) -> U8:
        """Return judged ids (N, h, w) uint8, 255 where none of them."""
        fixed = self.input.shape[0]
        size = fixed if isinstance(fixed, int) else max(1, len(images))
        found = []
        for start in range(0, len(images), size):
            part = images[start : start + size]
            filled = np.concatenate([part, np.repeat(part[-1:], size - len(part), axis=0)])
            (said,) = self.session.run([self.output.name], {self.input.name: self._pixels(filled)})
            found += [self._ids(each, images.shape[1:3]) for each in said[: len(part)]]
        return np.stack(found) if found else np.zeros(images.shape[:3], np.uint8)

    def _pixels(self, images: U8) -> npt.NDArray[Any]:
        s = self.settings
        size = s.size or self._own_size() or (images.shape[2], images.shape[1])
        scaled = np.stack([_resized(picture, size) for picture in images]).astype(np.float32)
        if s.channels == "bgr":
            scaled = scaled[..., ::-1]
        mean, std = np.array(s.mean, np.float32), np.array(s.std, np.float32)
        ready = (scaled * np.float32(s.scale) - mean) / std
        if s.layout == "nchw":
            ready = ready.transpose(0, 3, 1, 2)
        types = {"tensor(uint8)": np.uint8, "tensor(float16)": np.float16}
        return np.ascontiguousarray(ready, types.get(self.input.type, np.float32))

    def _own_size(self) -> tuple[int, int] | None:
        axes = (3, 2) if self.settings.layout == "nchw" else (2, 1)
        width, height = (self.input.shape[axis] for axis in axes)
        return (width, height) if isinstance(width, int) and isinstance(height, int) else None

    def _ids(self, said: npt.NDArray[Any], shape: tuple[int, ...]) -> U8:
        """Return judged ids (h, w) of one picture's output."""
        where = f"{self.name}, output {self.output.name}"
        size = (shape[1], shape[0])
        names = self.settings.classes or self.classes
        if said.dtype.kind == "f" and said.ndim == 3:
            logits = said if self.settings.layout == "nhwc" else said.transpose(1, 2, 0)
            if logits.shape[2] != len(names):
                raise InputError(
                    f"{where}: {logits.shape[2]} channels for {len(names)} classes; name the "
                    f'network\'s classes in "classes" of {Path(self.name).stem}.json beside it'
                )
            large = cv2.resize(logits.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
            ids = np.asarray(large).reshape(*shape, -1).argmax(axis=2).astype(np.uint8)
        else:
            flat = said[0] if said.ndim == 3 and len(said) == 1 else said
            small = checked_ids(flat, flat.shape[:2], len(names), where)
            ids = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_NEAREST_EXACT))
        table = np.full(256, IGNORE, np.uint8)
        for number, name in enumerate(names):
            if name in self.classes:
                table[number] = self.classes.index(name)
        return np.asarray(table[ids], np.uint8)


def _session(path: Path) -> Any:
    try:
        import onnxruntime  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError(
            f"{path}: ONNX networks need onnxruntime; pip install 'scenegen[onnx]' brings it"
        ) from error
    if not path.is_file():
        raise InputError(f"{path}: no such file; utility.model names an ONNX network")
    try:
        return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own types derive from nothing narrower
        raise InputError(f"{path}: no network that onnxruntime can run ({error})") from error


def _named(name: str, known: Sequence[Any], path: Path, what: str) -> Any:
    if not name:
        return known[0]
    found = {each.name: each for each in known}
    if name not in found:
        raise InputError(f"{path}: no {what} {name!r}{nearest(name, found)}")
    return found[name]


def _resized(picture: U8, size: tuple[int, int]) -> U8:
    mode = cv2.INTER_AREA if size[0] < picture.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=mode), np.uint8)
