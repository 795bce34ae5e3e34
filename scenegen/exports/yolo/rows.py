"""Objects as rows of YOLO's label files: a class, then shares of the picture's size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from scenegen.dataset.codecs import U16
from scenegen.exports.joints import joint_images
from scenegen.exports.outlines import outlines
from scenegen.records import ObjectLabel
from scenegen.records.base import F64


@dataclass(frozen=True)
class Drawn:
    """A frame's objects and the picture that says which pixel is whose."""

    labels: list[ObjectLabel]
    instance: U16

    def boxes(self, classes: dict[str, int]) -> str:
        """Return a row for each object: the middle and the size of its visible box."""
        return "".join(_row(classes[o.category], self._box(o)) for o in self.labels)

    def outlines(self, classes: dict[str, int]) -> str:
        """Return a row for each object: one outline of its visible pixels."""
        height, width = self.instance.shape
        rows = []
        for label in self.labels:
            x1, y1, x2, y2 = (int(edge) for edge in label.box2d_visible)
            mask = self.instance[y1:y2, x1:x2] == label.instance_id
            ring = joined(outlines(mask)) + (x1, y1)  # noqa: RUF005 (arrays are added)
            rows.append(_row(classes[label.category], (ring / (width, height)).ravel().tolist()))
        return "".join(rows)

    def joints(self, classes: dict[str, int]) -> str:
        """Return a row for each person that has a skeleton: the box, then u, v, shows."""
        height, width = self.instance.shape
        rows = []
        for label in self.labels:
            joints = joint_images(label, self.instance == label.instance_id)
            if label.category not in classes or joints is None:
                continue
            numbers = self._box(label)
            for joint in joints:
                numbers += [joint.u / width, joint.v / height, joint.shows]
            rows.append(_row(classes[label.category], numbers))
        return "".join(rows)

    def _box(self, label: ObjectLabel) -> list[float]:
        height, width = self.instance.shape
        x1, y1, x2, y2 = label.box2d_visible
        middle = [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height]
        return [*middle, (x2 - x1) / width, (y2 - y1) / height]


def joined(rings: list[F64]) -> F64:
    """Return one ring (N, 2) of several, between which it goes there and back by one line."""
    ring, left = rings[0], rings[1:]
    while left:
        gaps = [cdist(ring, other) for other in left]
        nearest = int(np.argmin([gap.min() for gap in gaps]))
        other, gap = left.pop(nearest), gaps[nearest]
        here, there = np.unravel_index(int(gap.argmin()), gap.shape)
        around = np.roll(other, -int(there), axis=0)
        ring = np.concatenate([ring[: here + 1], around, around[:1], ring[here:]])
    return ring


def _row(class_id: int, numbers: Iterable[float]) -> str:
    return " ".join([str(class_id), *(_short(number) for number in numbers)]) + "\n"


def _short(number: float) -> str:
    """Return eight decimals, which are a ten-thousandth of a pixel, without zeros at the end."""
    return f"{number:.8f}".rstrip("0").rstrip(".")
