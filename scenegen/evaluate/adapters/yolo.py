"""Ultralytics' YOLO layout: a data.yaml, pictures, and a text file of boxes beside each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scenegen.errors import DatasetError, ScenarioError
from scenegen.evaluate.adapters.files import ordered, pictures
from scenegen.evaluate.adapters.info import AdapterInfo, Options, lacks
from scenegen.evaluate.adapters.names import table_of_names
from scenegen.evaluate.adapters.places import option_path
from scenegen.evaluate.adapters.sizes import picture_size
from scenegen.evaluate.images import I64, U8, Boxes, ImageRecord, ImageSet, no_boxes, read_rgb
from scenegen.scenario.files import read_text
from scenegen.scenario.source import Source, read_source

LAYOUT = """
data.yaml                  with  train: images/train, val: images/val  and  names: [car, person]
images/train/000001.jpg
labels/train/000001.txt    CLASS CENTRE_X CENTRE_Y WIDTH HEIGHT in shares of the picture;
                           none for a picture without objects
"""
DATA = "data.yaml"
SPLITS = ("train", "val", "test")


def open_yolo(root: Path, options: Options) -> ImageSet:
    """Open the splits that data.yaml names, each a folder, a list of pictures, or several."""
    path = option_path(root, options, "data") if "data" in options else root / DATA
    if not path.is_file():
        raise lacks(root, DATA, LAYOUT)
    source = read_source(read_text(path, "data file"), str(path), "data file")
    names = _names(source)
    records: list[ImageRecord] = []
    labelled: set[str] = set()
    for split in SPLITS:
        for picture in _pictures(root, source, split):
            label = label_path(picture)
            known = label.is_file()
            labelled |= {split} if known else set()
            id_ = _id(root, picture)
            truth = {"boxes": label} if known else {}
            records.append(ImageRecord(id_, picture, truth, id_, 0, split))
    if not records:
        raise lacks(root, f"{path.name} with train, val or test and pictures there", LAYOUT)
    _check_ids(path, records)
    loader = YoloLoader(len(names), frozenset(labelled))
    table = table_of_names("yolo", dict(enumerate(names)))
    tasks: frozenset[Any] = frozenset({"boxes"} if labelled else ())
    return ImageSet("yolo", root, table, ordered(records), loader, tasks)


def _names(source: Source) -> list[str]:
    """Return the names by id, from a list or from a mapping of 0, 1, 2 and so on."""
    names = source.data.get("names")
    if isinstance(names, dict):
        expected = [str(i) for i in range(len(names))]
        if sorted(names, key=lambda key: (len(key), key)) != expected:
            raise ScenarioError("ids of names count from 0", source.key_place(("names",)))
        names = [names[key] for key in expected]
    if not isinstance(names, list) or not names:
        raise ScenarioError("names: lists the classes by their ids", source.place(("names",)))
    return [str(name) for name in names]


def _pictures(root: Path, source: Source, split: str) -> list[Path]:
    entry = source.data.get(split)
    found: list[Path] = []
    for i, part in enumerate(entry if isinstance(entry, list) else [entry] if entry else []):
        path = _inside(root, str(source.data.get("path") or "."), str(part))
        if path is None:
            place = source.place((split, i) if isinstance(entry, list) else (split,))
            raise ScenarioError(f"{split}: {part} is not there from {root}", place)
        found += _listed(root, path) if path.is_file() else pictures(path).values()
    return found


def _inside(root: Path, base: str, part: str) -> Path | None:
    """Return where a path of data.yaml is, if the set was moved or not.

    Makers write it from `path`, which is where they had the set; Roboflow writes
    ``../train/images`` for what is inside.
    """
    tries = (root / part, root / base / part, root / part.removeprefix("../"))
    return next((path for path in tries if path.exists()), None)


def _listed(root: Path, path: Path) -> list[Path]:
    found = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if line.strip():
            picture = _inside(root, ".", line.strip())
            if picture is None:
                raise DatasetError(f"{path}:{number}: picture {line.strip()} is not there")
            found.append(picture)
    return found


def label_path(picture: Path) -> Path:
    """Return the label file: the last folder ``images`` becomes ``labels``, the end ``.txt``."""
    parts = list(picture.parts[:-1])
    if "images" in parts:
        last = len(parts) - 1 - parts[::-1].index("images")
        parts[last] = "labels"
    return Path(*parts, picture.stem + ".txt")


def _id(root: Path, picture: Path) -> str:
    inner = picture.relative_to(root) if picture.is_relative_to(root) else picture
    return inner.with_suffix("").as_posix().removeprefix("images/")


def _check_ids(path: Path, records: list[ImageRecord]) -> None:
    """Refuse a picture that is listed twice: in two splits, training would see the test."""
    seen: dict[str, str] = {}
    for record in records:
        if record.id in seen:
            raise DatasetError(
                f"{path}: {record.image} is listed twice, in {seen[record.id]} and {record.split}"
            )
        seen[record.id] = record.split


@dataclass(frozen=True)
class YoloLoader:
    """Reads pictures, and boxes in shares of their sizes.

    Attributes
    ----------
    classes : int
        How many there are.
    labelled : frozenset of str
        Splits that have label files; a picture there without one has no objects.
    """

    classes: int
    labelled: frozenset[str]

    def image(self, record: ImageRecord) -> U8:
        """Return the sRGB picture (H, W, 3) uint8."""
        return read_rgb(record.image)

    def semantic(self, record: ImageRecord) -> I64:
        """Raise DatasetError."""
        raise DatasetError(f"{record.image}: this data set has no label pictures")

    def boxes(self, record: ImageRecord) -> Boxes:
        """Return the objects; looks at the picture's header for its size."""
        if "boxes" not in record.truth:
            if record.split in self.labelled:
                return no_boxes()
            raise DatasetError(f"{record.image}: no boxes truth for this picture")
        path = record.truth["boxes"]
        try:
            lines = path.read_text().splitlines()
        except OSError as error:
            raise DatasetError(f"{path}: can't be read ({error.strerror})") from error
        rows = [
            _row(f"{path}:{number}", line.split(), self.classes)
            for number, line in enumerate(lines, start=1)
            if line.strip()
        ]
        if not rows:
            return no_boxes()
        height, width = picture_size(record.image)
        table = np.array(rows, np.float64)
        scale = np.array([width, height, width, height], np.float64)
        ids = table[:, 0].astype(np.int64)
        return Boxes(table[:, 1:] * scale, ids, np.zeros(len(ids), np.bool_))


def _row(where: str, words: list[str], classes: int) -> tuple[float, ...]:
    """Return class, left, top, right, bottom in shares; of an outline, what bounds it."""
    try:
        class_id, *shares = (float(word) for word in words)
    except ValueError as error:
        raise DatasetError(f"{where}: {error}") from error
    outline = len(shares) >= 6 and len(shares) % 2 == 0
    if len(shares) != 4 and not outline:
        raise DatasetError(
            f"{where}: {len(words)} numbers; a label has 5, class, centre x, centre y, width "
            "and height, or the class and at least three corners of an outline"
        )
    if class_id not in range(classes):
        raise DatasetError(f"{where}: class {words[0]} is none of names, 0 to {classes - 1}")
    if not all(math.isfinite(share) and -1e-6 <= share <= 1 + 1e-6 for share in shares):
        raise DatasetError(f"{where}: {' '.join(words[1:])} are not shares from 0 to 1")
    if outline:
        xs, ys = shares[::2], shares[1::2]
        return class_id, min(xs), min(ys), max(xs), max(ys)
    x, y, width, height = shares
    return class_id, x - width / 2, y - height / 2, x + width / 2, y + height / 2


INFO = AdapterInfo(
    "yolo",
    "Ultralytics' YOLO layout: boxes of named classes, from boxes or outlines",
    LAYOUT,
    open_yolo,
    lambda root: (root / DATA).is_file(),
    {"data": f"path of the data file, if it is not {DATA} in the folder"},
)
