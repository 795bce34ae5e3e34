"""Colours of classes in two domains, and bringing those of one to those of the other.

Reinhard et al. 2001 in Lab, class by class: mean and deviation over a whole set, so that a dark
frame stays dark beside a bright one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from scenegen.evaluate.images import F64, U8
from scenegen.records.taxonomy import IGNORE

_LEAST_PX = 2000
"""Classes with fewer pixels take the colours of the whole set."""
_MOST_STRETCH = 2.0


@dataclass(frozen=True)
class Palette:
    """Mean and deviation of Lab, of each class and, last, of everything.

    Attributes
    ----------
    mean, deviation : (C + 1, 3) float64
    """

    mean: F64
    deviation: F64

    def as_json(self) -> str:
        """Return the numbers as text, for the header of weights."""
        return json.dumps({"mean": self.mean.tolist(), "deviation": self.deviation.tolist()})

    @classmethod
    def from_json(cls, text: str) -> Palette:
        """Read what `as_json` gave."""
        numbers = json.loads(text)
        return cls(np.array(numbers["mean"]), np.array(numbers["deviation"]))


def palette_of(frames: Iterable[tuple[U8, U8]], classes: int) -> Palette:
    """Return the colours of frames: pictures (H, W, 3) with judged ids (H, W)."""
    count = np.zeros(classes + 1)
    first, second = np.zeros((classes + 1, 3)), np.zeros((classes + 1, 3))
    for rgb, semantic in frames:
        lab = _lab(rgb).reshape(-1, 3).astype(np.float64)
        ids = semantic.ravel()
        known = ids != IGNORE
        for k in range(3):
            first[:classes, k] += np.bincount(ids[known], lab[known, k], classes)[:classes]
            second[:classes, k] += np.bincount(ids[known], lab[known, k] ** 2, classes)[:classes]
        count[:classes] += np.bincount(ids[known], minlength=classes)[:classes]
        first[-1] += lab.sum(axis=0)
        second[-1] += (lab**2).sum(axis=0)
        count[-1] += len(lab)
    if count[-1] == 0:
        raise ValueError("no pictures to take colours from")
    rare = count < _LEAST_PX
    rare[-1] = False
    first[rare], second[rare], count[rare] = first[-1], second[-1], count[-1]
    mean = first / count[:, None]
    variance = second / count[:, None] - mean**2
    return Palette(mean, np.sqrt(np.maximum(variance, 1e-6)))


def recoloured(rgb: U8, semantic: U8, own: Palette, wanted: Palette, share: float = 1.0) -> U8:
    """Return a picture whose classes have the wanted colours.

    Parameters
    ----------
    rgb : (H, W, 3) uint8
    semantic : (H, W) uint8
    own, wanted : Palette
        Of the set that the picture is from, and of the one that it is to be like.
    share : float
        0 changes nothing, 1 all.
    """
    rows = np.where(semantic == IGNORE, len(own.mean) - 1, semantic)
    stretch = np.clip(wanted.deviation / own.deviation, 1 / _MOST_STRETCH, _MOST_STRETCH)
    scale, shift = stretch, wanted.mean - own.mean * stretch
    lab = _lab(rgb)
    made = lab * scale[rows].astype(np.float32) + shift[rows].astype(np.float32)
    mixed = (1.0 - share) * lab + share * made
    back = cv2.cvtColor(mixed.astype(np.float32), cv2.COLOR_LAB2RGB)
    return np.asarray(np.clip(np.rint(255 * back), 0, 255), np.uint8)


def _lab(rgb: U8) -> F64:
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB))
