"""Pascal VOC (Everingham et al. 2010): an XML file of boxes a picture, and labels of a part."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import cast
from xml.etree import ElementTree

import numpy as np

from scenegen.errors import DatasetError, InputError, nearest
from scenegen.evaluate.adapters.files import (
    FileLoader,
    ordered,
    pictures,
    semantic_png,
    tasks_of,
    truth_file,
)
from scenegen.evaluate.adapters.info import AdapterInfo, Options, lacks
from scenegen.evaluate.adapters.names import extent_of
from scenegen.evaluate.adapters.places import existing, option_path
from scenegen.evaluate.classes import ClassTable, NativeClass
from scenegen.evaluate.images import Boxes, ImageRecord, ImageSet

LAYOUT = """
JPEGImages/2007_000027.jpg
Annotations/2007_000027.xml
ImageSets/Main/train.txt           (or Segmentation by list=Segmentation), val.txt, test.txt
SegmentationClass/2007_000033.png  (if there are labels)
"""
NAMES = (
    *("aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow"),
    *("diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa"),
    *("train", "tvmonitor"),
)
"""The makers' classes in the order of their numbers, from 1; 0 is background, 255 the edges."""
SPLITS = ("train", "val", "test")


def open_voc(root: Path, options: Options) -> ImageSet:
    """Open a VOC folder, as one year of the challenge or a labelling tool leaves it."""
    found = pictures(root / "JPEGImages")
    boxes = pictures(root / "Annotations", ".xml")
    if not found or not boxes:
        missing = "Annotations with .xml files" if found else "JPEGImages with pictures"
        raise lacks(root, missing, LAYOUT)
    names = _names(option_path(root, options, "names")) if "names" in options else NAMES
    splits = _splits(root, str(options.get("list", "Main")), found)
    masks = pictures(root / "SegmentationClass", ".png")
    if not all(name in masks for name in splits):
        masks = {}  # labels of a part only; list=Segmentation is that part
    truth = {"boxes": boxes, "semantic": masks}
    records = [
        ImageRecord(
            id=name,
            image=found[name],
            truth={kind: files[name] for kind, files in truth.items() if name in files},
            group=name,
            split=split,
        )
        for name, split in splits.items()
    ]
    loader = FileLoader(semantic_png, partial(read_objects, _numbers(names)))
    table = _table(names)
    return ImageSet("voc", root, table, ordered(records), loader, tasks_of(root, records))


def _splits(root: Path, list_name: str, found: Mapping[str, Path]) -> dict[str, str]:
    """Return split by picture; all pictures in one if there are no lists."""
    lists = root / "ImageSets"
    if not lists.is_dir():
        return dict.fromkeys(found, "")
    folder = lists / list_name
    known = [path.name for path in lists.iterdir() if path.is_dir()]
    if not folder.is_dir():
        raise InputError(f"option list: {folder} is not there" + nearest(list_name, known))
    splits: dict[str, str] = {}
    for split in SPLITS:
        path = folder / f"{split}.txt"
        for line in path.read_text().splitlines() if path.is_file() else ():
            name = line.strip()
            if name and name not in found:
                existing(path, root / "JPEGImages", [f"{name}.jpg"])
            if name and splits.setdefault(name, split) != split:
                raise DatasetError(f"{path}: {name} is in {splits[name]}.txt too")
    if not splits:
        raise DatasetError(f"{folder}: no train.txt, val.txt or test.txt that names a picture")
    return splits


def _names(path: Path) -> tuple[str, ...]:
    names = tuple(line.strip() for line in path.read_text().splitlines() if line.strip())
    if not names or len(set(names)) < len(names):
        raise InputError(f"{path}: has one class name a line, each once")
    return names


def _numbers(names: tuple[str, ...]) -> dict[str, int]:
    return {name: i for i, name in enumerate(names, start=1)}


def _table(names: tuple[str, ...]) -> ClassTable:
    numbered = _numbers(names).items()
    return ClassTable(
        "voc",
        (
            NativeClass(0, "background"),
            *(NativeClass(i, name, extent_of(name, names)) for name, i in numbered),
            *((NativeClass(255, "void"),) if len(names) < 255 else ()),
        ),
    )


def read_objects(numbers: Mapping[str, int], record: ImageRecord) -> Boxes:
    """Return the objects of an annotation file; difficult ones are crowd.

    Pixels count from 1 and the last one belongs to the box, so that the whole picture
    is 1, 1, width, height; by pixel corners it starts at 0, 0.
    """
    path = truth_file(record, "boxes")
    try:
        found = ElementTree.parse(path).getroot().findall("object")
    except OSError as error:
        raise DatasetError(f"{path}: can't be read ({error.strerror})") from error
    except ElementTree.ParseError as error:
        raise DatasetError(f"{path}: no valid XML ({error})") from error
    xyxy, ids, crowd = [], [], []
    for number, element in enumerate(found, start=1):
        where = f"{path}: object {number}"
        name = (element.findtext("name") or "").strip()
        if name not in numbers:
            raise DatasetError(
                f"{where}: no class {name!r}{nearest(name, numbers)}; names=FILE lists others"
            )
        left, top, right, bottom = _corners(where, element)
        xyxy.append((left - 1, top - 1, right, bottom))
        ids.append(numbers[name])
        crowd.append((element.findtext("difficult") or "0").strip() == "1")
    return Boxes(
        np.array(xyxy, np.float64).reshape(-1, 4),
        np.array(ids, np.int64),
        np.array(crowd, np.bool_),
    )


def _corners(where: str, element: ElementTree.Element) -> tuple[float, float, float, float]:
    corners = []
    for key in ("xmin", "ymin", "xmax", "ymax"):
        text = element.findtext(f"bndbox/{key}")
        try:
            value = float(cast(str, text))
        except (TypeError, ValueError) as error:
            raise DatasetError(f"{where}: bndbox has {key} {text!r}, which is no number") from error
        corners.append(value)
    left, top, right, bottom = corners
    if not (math.isfinite(sum(corners)) and left <= right and top <= bottom):
        raise DatasetError(f"{where}: bndbox {corners} is not xmin, ymin, xmax, ymax in order")
    return left, top, right, bottom


INFO = AdapterInfo(
    "voc",
    "Pascal VOC: boxes, and classes per pixel where SegmentationClass has them",
    LAYOUT,
    open_voc,
    lambda root: (root / "JPEGImages").is_dir() and (root / "Annotations").is_dir(),
    {
        "names": "path of a file of class names, one a line, where they aren't the challenge's",
        "list": "folder in ImageSets whose train.txt, val.txt and test.txt count; Main by default",
    },
)
