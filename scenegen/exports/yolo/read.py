"""YOLO's label files read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from scenegen.errors import DatasetError
from scenegen.records.base import F64
from scenegen.records.labels import Box

Task = Literal["detect", "segment", "pose"]


@dataclass(frozen=True)
class YoloObject:
    """A row of a label file, in px from the picture's corner.

    Attributes
    ----------
    class_id : int
        Position among ``names`` of ``data.yaml``.
    box : (4,) px xyxy
    outline : ndarray, shape (N, 2), or None
        Of ``segment`` alone.
    keypoints : ndarray, shape (K, 3), or None
        Of ``pose`` alone: u, v, and 0 (not labelled), 1 (hidden) or 2 (in sight).
    """

    class_id: int
    box: Box
    outline: F64 | None = None
    keypoints: F64 | None = None


@dataclass(frozen=True)
class YoloImage:
    """A picture and its objects."""

    path: Path
    objects: tuple[YoloObject, ...]


def read_yolo(root: Path, split: str, task: Task) -> Iterator[YoloImage]:
    """Go through the pictures of a split of one task's folder, by name.

    Raises
    ------
    DatasetError
        A picture or its labels can't be read.
    """
    for path in sorted((root / "images" / split).glob("*.png")):
        picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if picture is None:
            raise DatasetError(f"{path}: not a readable PNG")
        height, width = picture.shape[:2]
        file = root / "labels" / split / f"{path.stem}.txt"
        try:
            lines = file.read_text().splitlines()
        except OSError as error:
            raise DatasetError(f"{file}: can't be read ({error.strerror})") from error
        objects = []
        for number, line in enumerate(lines, start=1):
            try:
                objects.append(_object(line, np.array([width, height], np.float64), task))
            except ValueError as error:
                raise DatasetError(f"{file}:{number}: {error}") from error
        yield YoloImage(path, tuple(objects))


def _object(line: str, size: F64, task: Task) -> YoloObject:
    words = line.split()
    class_id, numbers = int(words[0]), np.array(words[1:], dtype=np.float64)
    if task == "segment":
        ring = numbers.reshape(-1, 2) * size
        (x1, y1), (x2, y2) = ring.min(axis=0).tolist(), ring.max(axis=0).tolist()
        return YoloObject(class_id, (x1, y1, x2, y2), outline=ring)
    middle, extent = numbers[:2] * size, numbers[2:4] * size
    (x1, y1), (x2, y2) = (middle - extent / 2).tolist(), (middle + extent / 2).tolist()
    if task == "detect":
        return YoloObject(class_id, (x1, y1, x2, y2))
    points = numbers[4:].reshape(-1, 3) * [*size, 1.0]
    return YoloObject(class_id, (x1, y1, x2, y2), keypoints=points)
