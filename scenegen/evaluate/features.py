"""What a trained network sees in pictures: the vectors that fidelity and diversity compare."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from scenegen.errors import InputError
from scenegen.evaluate.feature_spec import (
    DEFAULT,
    F32,
    SUFFIXES,
    FeatureSpec,
    Preprocessing,
    parse_spec,
    with_preset,
)
from scenegen.evaluate.images import U8, file_sha256

BATCH = 16
VERSION = 1
"""Raised whenever the same weights would give other features."""


class Extractor(Protocol):
    """From pictures to features.

    Attributes
    ----------
    name : str
        As reports call it.
    digest : str
        sha256 over the weights and everything done to a picture before it reaches them.
    dimension : int
        Length of a feature vector.
    """

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def __call__(self, pictures: Sequence[U8]) -> F32:
        """Return features (N, dimension) float32 of sRGB pictures (H, W, 3) uint8, sizes mixed."""


def make_extractor(spec: str | FeatureSpec = DEFAULT, device: str | None = None) -> Extractor:
    """Return the extractor of a name, of ``PRESET:PATH`` or of a `FeatureSpec`.

    Parameters
    ----------
    spec : str or FeatureSpec
    device : str, optional
        Goes before the spec's own.

    Raises
    ------
    InputError
        No such name, preset or file; a file of another kind or that can't be read; its
        output is no vector per picture; or onnxruntime is missing.
    """
    chosen = parse_spec(spec) if isinstance(spec, str) else spec
    if device is not None:
        chosen = replace(chosen, device=device)
    if chosen.weights is None:
        from scenegen.evaluate.feature_models import builtin_network  # noqa: PLC0415  (torch)

        run, weights = builtin_network(chosen.device)
        # The makers of the Lite networks trained on (byte - 127) / 128.
        mean, std = 127 / 255, 128 / 255
        preprocessing = Preprocessing(224, (mean, mean, mean), (std, std, std))
        return _NetworkExtractor(DEFAULT, preprocessing, run, _digest(weights, preprocessing, None))
    full = with_preset(chosen)
    weights = chosen.weights
    if weights.suffix not in SUFFIXES:
        raise InputError(f"{weights}: no network's file; it ends in one of {', '.join(SUFFIXES)}")
    if not weights.is_file():
        raise InputError(f"{weights}: no such file; features=PRESET:FILE names a network's")
    from scenegen.evaluate.feature_models import onnx_network, torchscript  # noqa: PLC0415  (torch)

    run = onnx_network(full) if weights.suffix == ".onnx" else torchscript(full)
    preprocessing = Preprocessing(
        full.size or Preprocessing.size,
        full.mean or Preprocessing.mean,
        full.std or Preprocessing.std,
    )
    name = f"{full.preset}:{weights.name}" if full.preset else weights.name
    return _NetworkExtractor(name, preprocessing, run, _digest(weights, preprocessing, full))


def _digest(weights: Path, preprocessing: Preprocessing, spec: FeatureSpec | None) -> str:
    extra = {} if spec is None else {"output": spec.output, "arguments": dict(spec.arguments)}
    words = {"version": VERSION, "cv2": cv2.__version__, **asdict(preprocessing), **extra}
    text = json.dumps(words, sort_keys=True)
    return hashlib.sha256(file_sha256(weights) + text.encode()).hexdigest()


class _NetworkExtractor:
    """A network with what is done before and after it; see `Extractor`."""

    def __init__(
        self, name: str, preprocessing: Preprocessing, run: Callable[[F32], F32], digest: str
    ) -> None:
        self.name = name
        self.digest = digest
        self._preprocessing = preprocessing
        self._run = run
        grey = np.full((preprocessing.size, preprocessing.size, 3), 128, np.uint8)
        self.dimension = self._features([grey, grey]).shape[1]

    def __call__(self, pictures: Sequence[U8]) -> F32:
        batches = [
            self._features(pictures[start : start + BATCH])
            for start in range(0, len(pictures), BATCH)
        ]
        return np.concatenate(batches) if batches else np.zeros((0, self.dimension), np.float32)

    def _features(self, pictures: Sequence[U8]) -> F32:
        found = self._run(self._preprocessing(pictures))
        if found.ndim == 4:
            found = found.mean(axis=(2, 3))
        elif found.ndim == 3:
            found = found[:, 0]
        if found.ndim != 2 or len(found) != len(pictures):
            raise InputError(
                f"features {self.name}: the network gives {found.shape} for {len(pictures)} "
                "pictures; one vector for each would be right"
            )
        if not np.isfinite(found).all():
            raise InputError(f"features {self.name}: not finite; is the preset the network's own?")
        return np.ascontiguousarray(found, np.float32)
