"""COCO JSON (Lin et al. 2014): boxes of named categories, one file a split."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scenegen.errors import DatasetError, InputError
from scenegen.evaluate.adapters.columns import BoxCollector, ColumnLoader
from scenegen.evaluate.adapters.files import ordered
from scenegen.evaluate.adapters.info import AdapterInfo, Options, lacks
from scenegen.evaluate.adapters.names import table_of_names
from scenegen.evaluate.adapters.places import existing, option_path, split_word
from scenegen.evaluate.adapters.streams import entries, explained, place
from scenegen.evaluate.images import ImageRecord, ImageSet

LAYOUT = """
annotations/instances_val2017.json
val2017/000000000139.jpg           (or images/val2017/000000000139.jpg)
or val/_annotations.coco.json with its pictures beside it
or any such file by annotations=FILE, its pictures by images=FOLDER
"""
BESIDE = "_annotations.coco.json"
_INSTANCES = re.compile(r"instances_(?P<name>.+)\.json")
_LARGEST_ID = 65535


def open_coco(root: Path, options: Options) -> ImageSet:
    """Open one annotation file, or all that the folder has, one a split."""
    collector = BoxCollector()
    records: list[ImageRecord] = []
    classes: dict[int, str] = {}
    for path, folder, split in _files(root, options):
        own = _categories(path)
        for class_id, name in own.items():
            if classes.setdefault(class_id, name) != name:
                raise DatasetError(
                    f"{path}: category {class_id} is {name!r}, in the files before it "
                    f"{classes[class_id]!r}; open them one by one with annotations="
                )
        positions = _pictures(path, folder, split, records)
        _annotations(path, positions, own, collector)
    loader = ColumnLoader(
        {record.id: i for i, record in enumerate(records)}, collector.columns(len(records))
    )
    table = table_of_names("coco", classes)
    return ImageSet("coco", root, table, ordered(records), loader, frozenset({"boxes"}))


def _files(root: Path, options: Options) -> list[tuple[Path, Path, str]]:
    """Return annotation file, folder of pictures and split, by name."""
    if "annotations" in options:
        chosen = [option_path(root, options, "annotations")]
    else:
        chosen = sorted((root / "annotations").glob("instances_*.json"))
        chosen = chosen or sorted(root.glob(f"*/{BESIDE}")) or sorted(root.glob(BESIDE))
    if not chosen:
        raise lacks(root, "annotations/instances_*.json", LAYOUT)
    if "images" in options:
        if len(chosen) > 1:
            raise InputError(
                f"option images: {root} has {len(chosen)} annotation files; name one of them "
                f"by annotations=, as {chosen[0]}"
            )
        folder = option_path(root, options, "images")
        return [(chosen[0], folder, _split(chosen[0]))]
    return [(path, _folder(root, path), _split(path)) for path in chosen]


def _name(path: Path) -> str:
    match = _INSTANCES.fullmatch(path.name)
    return match["name"] if match else path.parent.name if path.name == BESIDE else path.stem


def _split(path: Path) -> str:
    return split_word(_name(path))


def _folder(root: Path, path: Path) -> Path:
    """Return the first of the usual places that holds the file's first picture."""
    first = next(entries(path, "images"), None)
    if first is None:
        raise DatasetError(f"{path}: no list 'images', or an empty one; is it COCO JSON?")
    with explained(path, "images", 0):
        file_name = str(first[1]["file_name"])
    name = _name(path)
    folders = (root / name, root / "images" / name, path.parent, root / "images", root)
    for folder in folders:
        if (folder / file_name).is_file():
            return folder
    places = ", ".join(str(folder) for folder in dict.fromkeys(folders))
    raise DatasetError(
        f"{path}: its picture {file_name} is in none of {places}; give images=FOLDER"
    )


def _categories(path: Path) -> dict[int, str]:
    found: dict[int, str] = {}
    for number, entry in entries(path, "categories"):
        with explained(path, "categories", number):
            class_id, name = entry["id"], str(entry["name"])
            if type(class_id) is not int or not 0 <= class_id <= _LARGEST_ID:
                raise ValueError(f"id {class_id!r} is no whole number from 0 to {_LARGEST_ID}")
            if found.setdefault(class_id, name) != name:
                raise ValueError(f"id {class_id} is that of {found[class_id]!r} too")
    if not found:
        raise DatasetError(f"{path}: no list 'categories', or an empty one; is it COCO JSON?")
    return found


def _pictures(path: Path, folder: Path, split: str, records: list[ImageRecord]) -> dict[Any, int]:
    """Append the file's pictures to the records; return their positions by COCO id."""
    positions: dict[Any, int] = {}
    names: list[str] = []
    for number, entry in entries(path, "images"):
        with explained(path, "images", number):
            image_id, file_name = entry["id"], str(entry["file_name"])
            if image_id in positions:
                raise ValueError(f"id {image_id!r} is that of a picture before it too")
            positions[image_id] = len(records) + len(names)
            names.append(file_name)
    existing(path, folder, names)
    truth: Mapping[str, Path] = {"boxes": path}
    for name in names:
        id_ = f"{split}/{name}" if split else name
        records.append(ImageRecord(id_, folder / name, truth, id_, 0, split))
    return positions


def _annotations(
    path: Path, positions: Mapping[Any, int], classes: Mapping[int, str], collector: BoxCollector
) -> None:
    for number, entry in entries(path, "annotations"):
        try:
            picture = positions[entry["image_id"]]
            class_id, box = entry["category_id"], entry["bbox"]
            left, top, width, height = box
            crowd = entry.get("iscrowd", 0)
            fine = width >= 0 and height >= 0 and class_id in classes
            fine = fine and math.isfinite(left + top + width + height) and crowd in (0, 1)
        except (KeyError, TypeError, ValueError):
            fine = False
        if not fine:
            raise DatasetError(
                f"{place(path, 'annotations', number)}: {_fault(entry, positions, classes)}"
            )
        collector.add(picture, (left, top, left + width, top + height), class_id, crowd == 1)


def _fault(entry: dict[str, Any], positions: Mapping[Any, int], classes: Mapping[int, str]) -> str:
    """Return what is wrong with an annotation; apart from the loop that a million pass."""
    for key in ("image_id", "category_id", "bbox"):
        if key not in entry:
            return f"no {key!r}"
    for key in ("image_id", "category_id"):
        if not isinstance(entry[key], int | str):
            return f"{key} {entry[key]!r} is no number"
    if entry["image_id"] not in positions:
        return f"image_id {entry['image_id']!r} is none of the pictures"
    if entry["category_id"] not in classes:
        return f"category_id {entry['category_id']!r} is none of the categories"
    if entry.get("iscrowd", 0) not in (0, 1):
        return f"iscrowd {entry['iscrowd']!r} is neither 0 nor 1"
    return f"bbox {entry['bbox']!r} is no left, top, width, height"


def _probe(root: Path) -> bool:
    beside = next(root.glob(f"*/{BESIDE}"), None) or next(root.glob(BESIDE), None)
    return beside is not None or any((root / "annotations").glob("instances_*.json"))


INFO = AdapterInfo(
    "coco",
    "COCO JSON of detection or instances: boxes of named categories",
    LAYOUT,
    open_coco,
    _probe,
    {
        "annotations": "path of the only annotation file to open",
        "images": "folder of its pictures, if it is not one of the usual",
    },
)
