"""A feature network, a segmenter and a gate in a few lines of numpy, so that tests take no time."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from scenegen.evaluate.images import U8
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.objects import thing_ids
from scenegen.refine.gate import Gate
from scenegen.refine.gate.bars import bars_of
from scenegen.refine.gate.files import GateSpec


class Thumbnails:
    """An `Extractor`: colours of a coarse grid, and how grainy a picture is."""

    name, digest, dimension = "thumbnails", "thumbnails 1", 4 * 3 * 3 + 1

    def __call__(self, pictures: Sequence[U8]) -> np.ndarray:
        return np.stack([self._one(picture) for picture in pictures])

    def _one(self, picture: U8) -> np.ndarray:
        small = cv2.resize(picture, (4, 3), interpolation=cv2.INTER_AREA)
        grain = np.abs(np.diff(picture.astype(np.float32), axis=1)).mean()
        return np.append(small.ravel() / 64.0, grain / 8.0).astype(np.float32)


class NearestColour:
    """A `Model`: a pixel is of the class whose mean colour is nearest."""

    name, digest = "nearest colour", "nearest colour 1"
    trainable = side_by_side = True

    def __init__(self, classes: int, fitted: list[int]) -> None:
        self.means = np.full((classes, 3), 1e6)
        self.fitted = fitted

    def fit(self, data, steps, seed):
        """Take each class's mean colour in a few batches."""
        self.fitted.append(seed)
        for step in range(steps):
            batch = data.batch(step, 8, seed)
            for k in range(len(self.means)):
                if (batch.semantic == k).any():
                    self.means[k] = batch.images[batch.semantic == k].mean(axis=0)

    def predict(self, images):
        """Return class ids (N, h, w)."""
        away = np.abs(images[..., None, :].astype(np.float64) - self.means).sum(axis=-1)
        return away.argmin(axis=-1).astype(np.uint8)


def maker(fitted: list[int]):
    """Return a `MakeModel` whose models write the seed of each training into a list."""
    return lambda task, classes, seed: NearestColour(len(classes), fitted)


def quick_gate(photographs: MappedSet, unseen: MappedSet, *_: object) -> Gate:
    """Return a gate that sees nearest colours, as `Gate.train` returns one."""
    space = photographs.mapping.space
    model = NearestColour(len(space), [])
    learned, others = (
        [(one.image(k), one.semantic(k)) for k in range(len(one))] for one in (photographs, unseen)
    )
    for k in range(len(space)):
        model.means[k] = np.mean([rgb[ids == k].mean(axis=0) for rgb, ids in learned], axis=0)
    said = model.predict(np.stack([rgb for rgb, _ in others]))
    truth = np.stack([ids for _, ids in others])
    things = thing_ids(space)
    bars = bars_of(said, truth, unseen.blocks, space.names, things, 100)
    spec = GateSpec(names=space.names, things=things, width=truth.shape[2], bars=bars, notes={})
    return Gate(model, spec, f"quick gate of {photographs.digest}")
