"""The objects of one frame: by its instance picture, or else connected regions of a class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import U8
from scenegen.records.taxonomy import IGNORE

U16 = npt.NDArray[np.uint16]
Mask = npt.NDArray[np.bool_]
_BESIDE = 0.25
"""How far around an object what is taken for it counts against it, of its box's sides."""


@dataclass(frozen=True, eq=False)
class Thing:
    """An object as labels show it.

    Attributes
    ----------
    instance : int
        0 for a region without.
    class_id : int
        Judged class; 255 if it isn't judged.
    box : (left, top, right, bottom) px
        By pixel corners.
    mask : (bottom - top, right - left) bool
    """

    instance: int
    class_id: int
    box: tuple[int, int, int, int]
    mask: Mask

    @property
    def pixels(self) -> int:
        """How many pixels it has."""
        return int(self.mask.sum())

    @property
    def across(self) -> int:
        """The longer side of its box, px."""
        left, top, right, bottom = self.box
        return max(right - left, bottom - top)

    def paint(self, picture: Mask) -> None:
        """Set its pixels of a picture (H, W)."""
        left, top, right, bottom = self.box
        picture[top:bottom, left:right] |= self.mask

    def agreement(self, predicted: U8, semantic: U8) -> float:
        """Return how well predicted ids (H, W) show it: intersection over union, 0 to 1.

        Of what is taken for its class outside, pixels near it that labels give to another class
        count: an object that was moved is worse than one that was cut.
        """
        left, top, right, bottom = self.box
        x, y = (round(_BESIDE * side) for side in (right - left, bottom - top))
        rows = slice(max(top - y, 0), bottom + y)
        columns = slice(max(left - x, 0), right + x)
        labels, says = semantic[rows, columns], predicted[rows, columns] == self.class_id
        beside = says & (labels != self.class_id) & (labels != IGNORE)
        hit = (predicted[top:bottom, left:right] == self.class_id) & self.mask
        return float(hit.sum() / (self.pixels + beside.sum()))


def things_in(semantic: U8, instances: U16 | None, classes: Sequence[int]) -> tuple[Thing, ...]:
    """Return the objects of a frame.

    Parameters
    ----------
    semantic : (H, W) uint8
        Judged ids.
    instances : (H, W) uint16, optional
        0 = none. An object's class is that of most of its pixels.
    classes : sequence of int
        Judged classes of which pixels without an instance are objects, a connected region each.
    """
    none = np.ones(semantic.shape, np.bool_) if instances is None else instances == 0
    found = [] if instances is None else list(_by_instance(semantic, instances))
    for class_id in classes:
        _, regions = cv2.connectedComponents(((semantic == class_id) & none).astype(np.uint8))
        found += [
            _thing(0, class_id, regions == k, box) for k, box in _boxes(regions.astype(np.int32))
        ]
    return tuple(found)


def _by_instance(semantic: U8, instances: U16) -> Iterator[Thing]:
    for instance, box in _boxes(instances.astype(np.int32)):
        mask = instances == instance
        class_id = int(np.bincount(semantic[mask], minlength=1).argmax())
        yield _thing(instance, class_id, mask & (semantic == class_id), box)


def _boxes(numbers: npt.NDArray[np.int32]) -> Iterator[tuple[int, tuple[int, int, int, int]]]:
    """Iterate over numbers other than 0 with the boxes of their pixels."""
    rows, columns = np.nonzero(numbers)
    values = numbers[rows, columns]
    for value in np.unique(values).tolist():
        at = values == value
        y, x = rows[at], columns[at]
        yield value, (int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1)


def _thing(instance: int, class_id: int, mask: Mask, box: tuple[int, int, int, int]) -> Thing:
    left, top, right, bottom = box
    return Thing(instance, class_id, box, mask[top:bottom, left:right].copy())
