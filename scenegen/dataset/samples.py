"""Frames as dicts of arrays that a model can be trained on as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from scenegen.dataset.codecs import LAYERS
from scenegen.dataset.reader import FrameReader
from scenegen.dataset.readings import Readings
from scenegen.errors import DatasetError, nearest
from scenegen.records.taxonomy import CLASSES

BOXES = "boxes"
_IDS: Mapping[str, int] = {entry.name: entry.id for entry in CLASSES}
Sample = dict[str, npt.NDArray[Any]]


class Samples(Sequence[Sample]):
    """Frames of cameras as dicts, by the names of their layers.

    =============  ==========================================================================
    key            value
    =============  ==========================================================================
    ``rgb``        (3, H, W) float32, 0 to 1, sRGB
    ids            ``semantic``, ``instance``: (H, W) int64; class 255 is to be ignored
    numbers        ``depth``: (H, W) float32 in m, ``inf`` where there is no surface
    vectors        ``normal``, ``flow``: channels first, float32, as in `FrameReader`
    ``…_valid``    of layers that aren't known everywhere, such as ``flow``: (H, W) bool
    ``boxes``      (N, 4) float32, px xyxy of what is visible, and ``box_classes`` (N,) int64
    =============  ==========================================================================

    It is what torch calls a map-style data set; torch is not needed for it. Numbers of boxes
    differ, so a loader of more than one frame at a time needs a ``collate_fn`` for them.

    Parameters
    ----------
    frames : Readings of FrameReader
    layers : sequence of str
        Layers of the frames, and ``boxes``.

    Raises
    ------
    DatasetError
        A frame lacks a layer that is asked for.
    """

    def __init__(self, frames: Readings[FrameReader], layers: Sequence[str]) -> None:
        for layer in layers:
            if layer == BOXES:
                continue
            if layer not in LAYERS:
                raise DatasetError(
                    f"no layer is called {layer!r}{nearest(layer, (*LAYERS, BOXES))}"
                )
            if lacking := frames.lacking(layer):
                raise DatasetError(
                    f"{frames.root}: {lacking} of {len(frames)} frames have no {layer!r}"
                )
        self.frames, self.layers = frames, tuple(layers)

    def __len__(self) -> int:
        return len(self.frames)

    @overload
    def __getitem__(self, at: int) -> Sample: ...
    @overload
    def __getitem__(self, at: slice) -> Samples: ...
    def __getitem__(self, at: int | slice) -> Sample | Samples:
        if isinstance(at, slice):
            return Samples(self.frames[at], self.layers)
        frame = self.frames[at]
        sample: Sample = {}
        for layer in self.layers:
            sample |= _boxes(frame) if layer == BOXES else _arrays(layer, frame.layer(layer))
        return sample

    def __repr__(self) -> str:
        return f"<{', '.join(self.layers)} of {self.frames!r}>"


def _arrays(name: str, content: Any) -> Sample:
    """Return a layer as torch's layers and losses take it."""
    if isinstance(content, tuple):
        values, valid = content
        return {**_arrays(name, values), f"{name}_valid": valid}
    if name == "rgb":
        return {name: np.moveaxis(content, -1, 0).astype(np.float32) / np.float32(255)}
    if np.issubdtype(content.dtype, np.integer):
        return {name: content.astype(np.int64)}
    if content.ndim > 2:
        return {name: np.ascontiguousarray(np.moveaxis(content, -1, 0))}
    return {name: content}


def _boxes(frame: FrameReader) -> Sample:
    objects = frame.labels.objects
    boxes = np.array([label.box2d_visible for label in objects], np.float32).reshape(-1, 4)
    return {BOXES: boxes, "box_classes": np.array([_IDS[o.category] for o in objects], np.int64)}
