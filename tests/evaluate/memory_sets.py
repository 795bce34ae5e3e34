"""Sets whose pictures and truth are arrays, for tests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from scenegen.evaluate.classes import ClassTable, NativeClass, map_classes, native_space
from scenegen.evaluate.images import Boxes, ImageRecord, ImageSet, no_boxes
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.study import Study

TABLE = ClassTable(
    "tiny",
    (
        NativeClass(0, "road", frozenset({"road"})),
        NativeClass(1, "car", frozenset({"car"})),
        NativeClass(2, "person", frozenset({"person"})),
    ),
)
SPACE = native_space(TABLE)


@dataclass(frozen=True)
class Held:
    """Gives what it holds by the record's id."""

    pictures: Mapping[str, np.ndarray]
    labels: Mapping[str, np.ndarray] = field(default_factory=dict)
    found: Mapping[str, Boxes] = field(default_factory=dict)

    def image(self, record: ImageRecord):
        return self.pictures[record.id]

    def semantic(self, record: ImageRecord):
        return self.labels[record.id].astype(np.int64)

    def boxes(self, record: ImageRecord) -> Boxes:
        return self.found.get(record.id, no_boxes())


class HeldSet(ImageSet):
    """A set that has no files."""

    def digest(self) -> str:
        """Return one sha256 over ids, pictures and truth."""
        total = hashlib.sha256(b"held")
        for record in self.records:
            total.update(f"{record.id} {record.split} {record.group}".encode())
            for kind in (self.loader.pictures, self.loader.labels):
                total.update(kind[record.id].tobytes() if record.id in kind else b"-")
            if record.id in self.loader.found:
                boxes = self.loader.found[record.id]
                total.update(boxes.xyxy.tobytes() + boxes.class_id.tobytes())
        return total.hexdigest()


def memory_set(
    name: str,
    pictures: Sequence[np.ndarray],
    labels: Sequence[np.ndarray] | None = None,
    boxes: Sequence[Boxes] | None = None,
    groups: Sequence[str] | str | None = None,
    attributes: Sequence[Mapping[str, str]] | None = None,
    block_length: int = 10,
) -> MappedSet:
    """Return a set of pictures; one drive of the set's name unless groups are given."""
    ids = [f"{name}-{i:04d}" for i in range(len(pictures))]
    drives = [groups or name] * len(ids) if groups is None or isinstance(groups, str) else groups
    known = attributes or [{}] * len(ids)
    tasks = [task for task, given in (("semantic", labels), ("boxes", boxes)) if given is not None]
    records = tuple(
        ImageRecord(
            id_,
            Path(f"{id_}.png"),
            {task: Path(f"{id_}.{task}") for task in tasks},
            group=drives[i],
            order=i,
            attributes=known[i],
        )
        for i, id_ in enumerate(ids)
    )
    loader = Held(
        dict(zip(ids, pictures, strict=True)),
        dict(zip(ids, labels or [], strict=labels is not None)),
        dict(zip(ids, boxes or [], strict=boxes is not None)),
    )
    images = HeldSet(name, Path(name), TABLE, records, loader, frozenset(tasks))
    return MappedSet(name, images, map_classes(TABLE, SPACE), block_length)


def make_study(
    folder: Path,
    synthetic: MappedSet,
    test: MappedSet,
    train: MappedSet | None = None,
    val: MappedSet | None = None,
    seed: int = 0,
) -> Study:
    """Return a study of one synthetic set."""
    return Study(SPACE, (synthetic,), test, train, val, seed, folder, Memo(folder / "memo"))


def scenery(
    generator: np.random.Generator, size: tuple[int, int] = (96, 72), detail: int = 12
) -> np.ndarray:
    """Return a smooth random picture (height, width, 3) uint8 with blobs about 1/detail wide."""
    width, height = size
    coarse = generator.random((max(2, detail * height // width), detail, 3)).astype(np.float32)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    noise = generator.normal(0, 0.02, smooth.shape)
    return np.clip((smooth + noise) * 255, 0, 255).astype(np.uint8)


def grey(count: int, value: int = 90) -> list[np.ndarray]:
    """Return pictures of one grey."""
    return [np.full((8, 10, 3), value, np.uint8) for _ in range(count)]
