"""What a refiner is told of a picture, made by the same operator for photographs and renders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from scenegen.evaluate.images import U8
from scenegen.records.taxonomy import IGNORE
from scenegen.refine.planes import as_planes
from scenegen.refine.spec import STYLES

SKETCH_SHARE = 1 / 30
"""Radius of a sketch's blur, of the picture's width."""
I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Condition:
    """What N pictures are to show.

    Attributes
    ----------
    semantic : (N, H, W) int64
        Judged class ids, 255 where there is none.
    sketch : (N, 3, H, W) float
        Colours without detail, see `sketch_of` and `planes`.
    place : (N, 2, H, W) float
        x and y in [-1, 1] across the whole picture, of which this may be a part.
    shown : (N, 2) float
        1 where semantic and sketch are told, 0 where they are withheld.
    style : (N, len(STYLES)) int64
        Numbers of words of `STYLES`, 0 for unknown.
    """

    semantic: Tensor
    sketch: Tensor
    place: Tensor
    shown: Tensor
    style: Tensor

    def __len__(self) -> int:
        return len(self.semantic)

    def to(self, device: str) -> Condition:
        """Return the same on a device."""
        return Condition(*(getattr(self, f.name).to(device) for f in fields(self)))

    def withheld(self) -> Condition:
        """Return the condition that tells nothing but places: what guidance leads away from."""
        return replace(self, shown=torch.zeros_like(self.shown), style=torch.zeros_like(self.style))

    def of_domain(self, domain: str) -> Condition:
        """Return the same in another domain."""
        style = self.style.clone()
        style[:, list(STYLES).index("domain")] = number_of("domain", domain)
        return replace(self, style=style)

    def window(self, top: int, left: int, height: int, width: int) -> Condition:
        """Return a part of all pictures."""
        rows, columns = slice(top, top + height), slice(left, left + width)
        return replace(
            self,
            semantic=self.semantic[:, rows, columns],
            sketch=self.sketch[:, :, rows, columns],
            place=self.place[:, :, rows, columns],
        )


def joined(conditions: Sequence[Condition]) -> Condition:
    """Return the conditions of several pictures as one."""
    names = [f.name for f in fields(Condition)]
    return Condition(*(torch.cat([getattr(c, name) for c in conditions]) for name in names))


def number_of(key: str, word: Any) -> int:
    """Return the number of a style's word; 0 for one that it doesn't know."""
    words = STYLES[key]
    return words.index(word) + 1 if word in words else 0


def style_of(domain: str, attributes: Mapping[str, Any]) -> I64:
    """Return the numbers (len(STYLES),) of what is known about a picture."""
    known = {**attributes, "domain": domain}
    return np.array([number_of(key, known.get(key)) for key in STYLES], np.int64)


def sketch_of(rgb: U8, semantic: U8) -> U8:
    """Return a picture (H, W, 3) without detail: colours blurred within each class.

    Classes don't bleed into each other, so a car keeps its paint and a sign its face.

    Parameters
    ----------
    rgb : (H, W, 3) uint8
    semantic : (H, W) uint8
        Class ids; 255 counts as one more.
    """
    radius = max(1.0, SKETCH_SHARE * rgb.shape[1])
    found = np.zeros(rgb.shape, np.float32)
    for label in np.unique(semantic):
        mask = (semantic == label).astype(np.float32)
        share = cv2.GaussianBlur(mask, (0, 0), radius)
        summed = cv2.GaussianBlur(rgb * mask[..., None], (0, 0), radius)
        found += mask[..., None] * summed / np.maximum(share, 1e-3)[..., None]
    return np.clip(np.rint(found), 0, 255).astype(np.uint8)


def places(height: int, width: int) -> Tensor:
    """Return x and y (2, H, W) float32 in [-1, 1] of a picture's pixels."""
    y = torch.linspace(-1.0, 1.0, height)[:, None].expand(height, width)
    x = torch.linspace(-1.0, 1.0, width)[None].expand(height, width)
    return torch.stack([x, y])


def condition_of(semantic: U8, sketches: U8, style: I64) -> Condition:
    """Return what whole pictures are to show, everything told.

    Parameters
    ----------
    semantic : (N, H, W) uint8
    sketches : (N, H, W, 3) uint8
    style : (N, len(STYLES)) int64
    """
    count, height, width = semantic.shape
    return Condition(
        torch.from_numpy(np.ascontiguousarray(semantic)).long(),
        as_planes(sketches),
        places(height, width).expand(count, 2, height, width),
        torch.ones(count, 2),
        torch.from_numpy(style),
    )


def planes_of(condition: Condition, classes: int) -> tuple[Tensor, Tensor]:
    """Return what enters a network beside the picture.

    Returns
    -------
    planes : (N, classes + 8, H, W) float32
        One plane a class and one of void, borders between classes, sketch, place, and whether
        there is a sketch.
    occupied : (N, classes + 1, H, W) float32
        The class planes alone; all zero where they are withheld.
    """
    ids = torch.where(condition.semantic == IGNORE, classes, condition.semantic)
    told, drawn = (condition.shown[:, k, None, None, None] for k in (0, 1))
    hot = torch.nn.functional.one_hot(ids, classes + 1).permute(0, 3, 1, 2).float() * told
    border = torch.zeros_like(hot[:, :1])
    down = (ids[:, 1:] != ids[:, :-1]).float()[:, None]
    right = (ids[:, :, 1:] != ids[:, :, :-1]).float()[:, None]
    border[:, :, 1:] = down
    border[:, :, :, 1:] = torch.maximum(border[:, :, :, 1:], right)
    flag = drawn.expand_as(border)
    planes = [hot, border * told, condition.sketch * drawn, condition.place, flag]
    return torch.cat(planes, dim=1), hot
