"""Which network gives features, and how pictures are brought into its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.errors import InputError, nearest
from scenegen.evaluate.images import U8

F32 = npt.NDArray[np.float32]
DEFAULT = "efficientnet_lite0"
SUFFIXES = (".pt", ".jit", ".torchscript", ".onnx")


@dataclass(frozen=True)
class Preprocessing:
    """How a picture is brought into a network's form.

    The whole picture is squeezed to a square, as Fréchet distances are computed by custom: a
    centre crop would drop the sides, where vehicles and walkers are, and bars at the edges
    would be what networks see first. Sets of unlike aspect ratios hence differ in features.

    Attributes
    ----------
    size : int
        Side of the square in px.
    mean, std : tuple of float
        Per channel R, G, B, for values in [0, 1]; a network gets (value - mean) / std.
    """

    size: int = 224
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)

    def __call__(self, pictures: Sequence[U8]) -> F32:
        """Return the network's input (N, 3, size, size) float32."""
        mean = np.array(self.mean, np.float32) * 255
        scale = 1 / (np.array(self.std, np.float32) * 255)
        square = np.stack([squeezed(picture, self.size) for picture in pictures])
        planes = (square.astype(np.float32) - mean) * scale
        return np.ascontiguousarray(planes.transpose(0, 3, 1, 2))


def squeezed(picture: U8, size: int) -> U8:
    """Return a picture as a square, averaging areas where it shrinks so that nothing aliases."""
    if min(picture.shape[:2]) >= size:
        way = cv2.INTER_AREA
    else:
        way = cv2.INTER_LINEAR
        # What shrinks on one axis and grows on the other is averaged along the first alone.
        height, width = (min(size, extent) for extent in picture.shape[:2])
        if (height, width) != picture.shape[:2]:
            picture = np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))
    return np.asarray(cv2.resize(picture, (size, size), interpolation=way), np.uint8)


@dataclass(frozen=True)
class FeatureSpec:
    """Which network, and how it is fed.

    Attributes
    ----------
    weights : Path, optional
        TorchScript (``.pt``, ``.jit``, ``.torchscript``; it holds code that is run, so take it
        from whom you trust) or ONNX with a free batch axis. None is the built-in network.
    preset : str
        A name in `PRESETS`; `size`, `mean` and `std` override it.
    output : str or int, optional
        Which of several outputs: a position, or a key or output's name. The first by default.
        Maps (N, D, h, w) are averaged over space; of tokens (N, T, D) the first, the class
        token, is taken.
    arguments : mapping of str to bool
        Handed to a TorchScript network with each call.
    device : str
        Where a torch network runs, as ``cpu`` or ``cuda``.
    """

    weights: Path | None = None
    preset: str = ""
    size: int | None = None
    mean: tuple[float, float, float] | None = None
    std: tuple[float, float, float] | None = None
    output: str | int | None = None
    arguments: Mapping[str, bool] = field(default_factory=dict)
    device: str = "cpu"


_HALF = (0.5, 0.5, 0.5)
PRESETS: Mapping[str, FeatureSpec] = {
    "imagenet": FeatureSpec(size=224, mean=Preprocessing.mean, std=Preprocessing.std),
    "dinov2": FeatureSpec(size=224, mean=Preprocessing.mean, std=Preprocessing.std),
    "inception": FeatureSpec(size=299, mean=_HALF, std=_HALF),
    "inception_bytes": FeatureSpec(
        size=299,
        mean=(0.0, 0.0, 0.0),
        std=(1 / 255, 1 / 255, 1 / 255),
        arguments={"return_features": True},
    ),
}
"""``inception`` feeds values in [-1, 1]; ``inception_bytes`` feeds 0 to 255 and asks for
``return_features``, which the TorchScript file of StyleGAN's authors takes."""


def parse_spec(text: str) -> FeatureSpec:
    """Return what a word says: the default network's name, a path, or ``PRESET:PATH``."""
    if text == DEFAULT:
        return FeatureSpec()
    preset, colon, path = text.partition(":")
    if colon and "/" not in preset:
        return FeatureSpec(weights=Path(path), preset=preset)
    if Path(text).suffix in SUFFIXES:
        return FeatureSpec(weights=Path(text))
    raise InputError(f"no features {text!r}" + nearest(text, [DEFAULT, *PRESETS, "PRESET:PATH"]))


def with_preset(spec: FeatureSpec) -> FeatureSpec:
    """Return a spec with what its preset says wherever it leaves something open."""
    if not spec.preset:
        return spec
    if spec.preset not in PRESETS:
        raise InputError(f"features: no preset {spec.preset!r}" + nearest(spec.preset, PRESETS))
    base = PRESETS[spec.preset]
    return replace(
        spec,
        size=spec.size or base.size,
        mean=spec.mean or base.mean,
        std=spec.std or base.std,
        arguments={**base.arguments, **spec.arguments},
    )
