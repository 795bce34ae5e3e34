"""KITTI's object benchmark (Geiger et al. 2012): boxes with distance, occlusion, truncation."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from scenegen.errors import DatasetError, nearest
from scenegen.evaluate.adapters.files import FileLoader, ordered, pictures, tasks_of, truth_file
from scenegen.evaluate.adapters.info import AdapterInfo, Options, lacks
from scenegen.evaluate.adapters.kitti_semantic import read_drives
from scenegen.evaluate.adapters.places import option_path
from scenegen.evaluate.classes import ClassTable, NativeClass, extent
from scenegen.evaluate.images import Boxes, ImageRecord, ImageSet

LAYOUT = """
training/image_2/000000.png
training/label_2/000000.txt
testing/image_2/000000.png
mapping/train_mapping.txt and mapping/train_rand.txt of the devkit, if drives are to be known
"""
MAPPING, ORDER = "train_mapping.txt", "train_rand.txt"
DONT_CARE = "DontCare"
_CLASSES = (
    ("Car", "car"),
    ("Van", "car"),
    ("Truck", "truck"),
    ("Pedestrian", "person"),
    ("Person_sitting", "person"),
    ("Cyclist", "rider,bicycle"),
    ("Tram", "train"),
    ("Misc", ""),
)
TABLE = ClassTable(
    "kitti_object",
    tuple(NativeClass(i, name, extent(of)) for i, (name, of) in enumerate(_CLASSES)),
)
_NUMBERS = {native.name: native.id for native in TABLE.classes}
_JUDGED = tuple(native.id for native in TABLE.classes if native.extent)
OCCLUSION = {0: 0.0, 1: 0.25, 2: 0.75, 3: math.nan}
"""Levels are fully visible, partly occluded, largely occluded and unknown, without shares;
the middle of either half stands for them."""


def open_kitti_object(root: Path, options: Options) -> ImageSet:
    """Open the benchmark; groups are drives where the devkit's mapping is at hand."""
    found = pictures(root / "training" / "image_2")
    labels = pictures(root / "training" / "label_2", ".txt")
    if not found or not labels:
        missing = "training/label_2 with .txt files" if found else "training/image_2 with pictures"
        raise lacks(root, missing, LAYOUT)
    drives = _drives(root, options)
    records = []
    for split, files in (("train", found), ("test", pictures(root / "testing" / "image_2"))):
        for name, path in files.items():
            if not name.isdigit():
                raise DatasetError(f"{path}: not named by a number, as 000000.png")
            id_ = f"{split}/{name}"
            own = split == "train"
            # The makers shuffled the pictures: neighbours by number are no neighbours.
            group, order = drives.get(int(name), (id_, 0)) if own else (id_, 0)
            truth = {"boxes": labels[name]} if own and name in labels else {}
            attributes = {"time_of_day": "day"}
            records.append(ImageRecord(id_, path, truth, group, order, split, attributes))
    return ImageSet(
        "kitti_object",
        root,
        TABLE,
        ordered(records),
        FileLoader(read_boxes=read_objects),
        tasks_of(root, records),
    )


def _drives(root: Path, options: Options) -> dict[int, tuple[str, int]]:
    """Return drive and frame by number of the training picture, if they are known.

    Picture N, counted from 0, is the line of `MAPPING` that the Nth number in `ORDER`
    gives, counted from 1.
    """
    if "mapping" in options:
        folder = option_path(root, options, "mapping")
    else:
        usual = (root, root / "mapping", root / "devkit" / "mapping")
        folder = next((f for f in usual if (f / MAPPING).is_file()), root)
        if not (folder / MAPPING).is_file():
            return {}
    for name in (MAPPING, ORDER):
        if not (folder / name).is_file():
            raise DatasetError(f"{folder / name}: missing; drives need {MAPPING} and {ORDER}")
    lines = read_drives(folder / MAPPING)
    words = (folder / ORDER).read_text().replace(",", " ").split()
    drives = {}
    for number, word in enumerate(words):
        if not word.isdigit() or int(word) - 1 not in lines:
            raise DatasetError(f"{folder / ORDER}: number {number + 1} is {word}, no line there")
        drives[number] = lines[int(word) - 1]
    return drives


def read_objects(record: ImageRecord) -> Boxes:
    """Return the objects of a label file.

    Pixels count from 0 and the last one belongs to the box: a box that leaves the picture
    ends at width - 1. What is in a ``DontCare`` region is of any class, so each has such
    a region as crowd.
    """
    path = truth_file(record, "boxes")
    rows: list[tuple[float, ...]] = []
    ids: list[int] = []
    crowd: list[bool] = []
    try:
        lines = path.read_text().splitlines()
    except OSError as error:
        raise DatasetError(f"{path}: can't be read ({error.strerror})") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            name, row = _row(f"{path}:{number}", line.split())
            of = _JUDGED if name == DONT_CARE else (_NUMBERS[name],)
            rows += [row] * len(of)
            ids += of
            crowd += [name == DONT_CARE] * len(of)
    columns = np.array(rows, np.float64).reshape(-1, 7)
    return Boxes(
        columns[:, :4] + [0, 0, 1, 1],
        np.array(ids, np.int64),
        np.array(crowd, np.bool_),
        distance_m=columns[:, 4],
        occlusion=columns[:, 5],
        truncation=columns[:, 6],
    )


def _row(where: str, words: list[str]) -> tuple[str, tuple[float, ...]]:
    """Return class and left, top, right, bottom, distance, occlusion, truncation of a line."""
    if len(words) != 15:
        raise DatasetError(f"{where}: {len(words)} words; a label has 15, from type to rotation_y")
    name = words[0]
    if name != DONT_CARE and name not in _NUMBERS:
        raise DatasetError(f"{where}: no class {name!r}" + nearest(name, (*_NUMBERS, DONT_CARE)))
    try:
        truncation, level, *rest = (float(word) for word in words[1:])
    except ValueError as error:
        raise DatasetError(f"{where}: {error}") from error
    left, top, right, bottom = rest[1:5]
    if not (math.isfinite(left + top + right + bottom) and left <= right and top <= bottom):
        raise DatasetError(f"{where}: {words[4:8]} is not left, top, right, bottom in order")
    if name == DONT_CARE:  # -1, -1 and -1000 stand where nothing is known
        return name, (left, top, right, bottom, math.nan, math.nan, math.nan)
    if level not in OCCLUSION or not 0 <= truncation <= 1:
        raise DatasetError(
            f"{where}: occlusion {words[2]} is 0, 1, 2 or 3, truncation {words[1]} 0 to 1"
        )
    x, y, z = rest[8:11]
    # The location is that of the bottom's middle, in camera coordinates with y downwards.
    distance = math.hypot(x, y - rest[5] / 2, z)
    return name, (left, top, right, bottom, distance, OCCLUSION[int(level)], truncation)


INFO = AdapterInfo(
    "kitti_object",
    "KITTI objects: boxes of people and vehicles with distance, occlusion and truncation",
    LAYOUT,
    open_kitti_object,
    lambda root: (root / "training" / "label_2").is_dir(),
    {"mapping": f"folder of the devkit's {MAPPING} and {ORDER}, if it is not in the set's"},
)
