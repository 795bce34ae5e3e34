"""Sets whose pictures lie in files, for what goes by digests; and a quick extractor."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np

from scenegen.evaluate.classes import map_classes
from scenegen.evaluate.images import ImageRecord, ImageSet, no_boxes, read_ids, read_rgb
from scenegen.evaluate.mapped import MappedSet
from tests.evaluate.memory_sets import SPACE, TABLE


class FromFiles:
    """Reads pictures and labels as PNG."""

    def image(self, record: ImageRecord):
        return read_rgb(record.image)

    def semantic(self, record: ImageRecord):
        return read_ids(record.truth["semantic"])

    def boxes(self, record: ImageRecord):
        return no_boxes()


def disk_set(
    folder: Path,
    name: str,
    pictures: Sequence[np.ndarray],
    labels: Sequence[np.ndarray] | None = None,
    groups: Sequence[str] | None = None,
    attributes: Sequence[Mapping[str, str]] | None = None,
    block_length: int = 5,
) -> MappedSet:
    """Write pictures and labels below a folder and return their set; one drive by default."""
    below = folder / name
    below.mkdir(parents=True)
    records = []
    for i, picture in enumerate(pictures):
        image = below / f"{i:04d}.png"
        cv2.imwrite(str(image), picture[..., ::-1])
        truth = {}
        if labels is not None:
            truth["semantic"] = below / f"{i:04d}-labels.png"
            cv2.imwrite(str(truth["semantic"]), labels[i])
        records.append(
            ImageRecord(
                f"{name}/{i:04d}",
                image,
                truth,
                group=name if groups is None else groups[i],
                order=i,
                attributes={} if attributes is None else attributes[i],
            )
        )
    tasks = frozenset({"semantic"} if labels is not None else set())
    images = ImageSet(name, below, TABLE, tuple(records), FromFiles(), tasks)
    return MappedSet(name, images, map_classes(TABLE, SPACE), block_length)


class QuickFeatures:
    """Colours of a coarse grid, and how rough the picture is: an `Extractor` without a network."""

    name = "quick"
    digest = hashlib.sha256(b"quick").hexdigest()
    dimension = 49

    def __init__(self) -> None:
        self.seen = 0

    def __call__(self, pictures):
        self.seen += len(pictures)
        return np.array([self._one(picture) for picture in pictures], np.float32).reshape(-1, 49)

    @staticmethod
    def _one(picture):
        grid = cv2.resize(picture, (4, 4), interpolation=cv2.INTER_AREA).ravel() / 64
        rough = np.abs(np.diff(picture.astype(np.float64), axis=1)).mean()
        return [*grid, rough]


def street(
    generator: np.random.Generator, width: int = 96, height: int = 72
) -> tuple[np.ndarray, np.ndarray]:
    """Return a drawn street with cars and people (height, width, 3), and its labels."""
    picture = np.zeros((height, width, 3), np.float64)
    labels = np.zeros((height, width), np.uint8)
    horizon = int(height * generator.uniform(0.35, 0.5))
    picture[:horizon] = generator.uniform(150, 230, 3)
    picture[horizon:] = generator.uniform(70, 110)
    for left in range(0, width, 12):
        top = horizon - int(generator.integers(4, horizon))
        picture[top:horizon, left : left + 11] = generator.uniform(60, 180, 3)
    for class_id, tall, wide in ((1, 24, 36), (2, 30, 10)):
        top = int(generator.integers(horizon - 10, height - tall))
        left = int(generator.integers(0, width - wide))
        picture[top : top + tall, left : left + wide] = generator.uniform(20, 250, 3)
        picture[top : top + tall // 3, left + 2 : left + wide - 2] *= 0.6
        labels[top : top + tall, left : left + wide] = class_id
    picture += generator.normal(0, 6, picture.shape)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8), labels


def streets(seed: int, count: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return drawn streets and their labels."""
    generator = np.random.default_rng(seed)
    made = [street(generator) for _ in range(count)]
    return [picture for picture, _ in made], [labels for _, labels in made]
