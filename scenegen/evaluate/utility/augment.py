"""Random views of training pictures: crops at random scales, mirrored, light and colour varied."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scenegen.evaluate.images import U8
from scenegen.evaluate.utility.prepared import Size

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Rec. 601 weights of R, G, B."""


@dataclass(frozen=True)
class Augmentation:
    """How much training pictures are varied.

    Attributes
    ----------
    crop : float
        Side of the crop over that of the picture.
    zoom : (low, high)
        Magnification of the crop, uniform in its logarithm.
    light : float
        Largest change of brightness, contrast and saturation, as a share.
    """

    crop: float = 0.75
    zoom: tuple[float, float] = (0.75, 1.5)
    light: float = 0.25

    def crop_size(self, size: Size, multiple: int = 32) -> Size:
        """Return the crop's width and height in px, multiples of the network's stride."""
        width, height = (max(1, round(side * self.crop / multiple)) * multiple for side in size)
        return min(width, size[0]), min(height, size[1])

    def views(self, images: U8, semantic: U8, generator: np.random.Generator) -> tuple[U8, U8]:
        """Return one random view (B, h', w', 3) and its labels (B, h', w') of each picture."""
        size = self.crop_size((images.shape[2], images.shape[1]))
        pairs = [
            self._view(picture, labels, size, generator)
            for picture, labels in zip(images, semantic, strict=True)
        ]
        return np.stack([picture for picture, _ in pairs]), np.stack([ids for _, ids in pairs])

    def _view(
        self, picture: U8, labels: U8, size: Size, generator: np.random.Generator
    ) -> tuple[U8, U8]:
        height, width = labels.shape
        zoom = np.exp(generator.uniform(*np.log(self.zoom)))
        kept_w = min(width, round(size[0] / zoom))
        kept_h = min(height, round(size[1] / zoom))
        left = int(generator.integers(0, width - kept_w + 1))
        top = int(generator.integers(0, height - kept_h + 1))
        part = np.s_[top : top + kept_h, left : left + kept_w]
        view = cv2.resize(picture[part], size, interpolation=cv2.INTER_LINEAR)
        ids = cv2.resize(labels[part], size, interpolation=cv2.INTER_NEAREST_EXACT)
        if generator.random() < 0.5:
            view, ids = view[:, ::-1], ids[:, ::-1]
        return relight(view, self.light, generator), ids


def relight(picture: U8, amount: float, generator: np.random.Generator) -> U8:
    """Return a picture (H, W, 3) uint8 with brightness, contrast and saturation scaled.

    Each factor is uniform in 1 ± `amount`.
    """
    bright, contrast, colour = generator.uniform(1 - amount, 1 + amount, 3).astype(np.float32)
    pixels = picture.astype(np.float32) * bright
    grey = (pixels @ LUMA)[..., None]
    pixels = grey + (pixels - grey) * colour
    mean = pixels.mean()
    return np.asarray(np.clip(mean + (pixels - mean) * contrast, 0, 255), np.uint8)
