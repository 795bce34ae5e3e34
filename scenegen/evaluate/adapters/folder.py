"""Plain folders: pictures, masks if there are any, and a classes.yaml that explains them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from scenegen.errors import DatasetError
from scenegen.evaluate.adapters.files import (
    PICTURES,
    FileLoader,
    ids_of_colors,
    ordered,
    pictures,
    tasks_of,
    truth_file,
)
from scenegen.evaluate.adapters.folder_yaml import FolderSpec, read_attributes, read_spec
from scenegen.evaluate.adapters.indexed import read_indices
from scenegen.evaluate.adapters.info import AdapterInfo, Options, lacks
from scenegen.evaluate.classes import ClassTable
from scenegen.evaluate.images import I64, Attribute, ImageRecord, ImageSet, read_ids

LAYOUT = """
classes.yaml                    id, name, extent and color of each class
images/[train/][DRIVE/]NAME.jpg
masks/[train/][DRIVE/]NAME.png  class ids, a palette, or colours
attributes.csv                  optional: name,time_of_day,weather,…
or, for pictures without truth, any folders of pictures
"""
CLASSES = "classes.yaml"
_SPLITS = {
    **{"train": "train", "training": "train"},
    **{"val": "val", "valid": "val", "validation": "val"},
    **{"test": "test", "testing": "test"},
}


def open_folder(root: Path, options: Options) -> ImageSet:
    """Open a folder; without a classes.yaml its pictures have no truth."""
    listed = Path(options.get("classes", root / CLASSES))
    if "classes" in options and not listed.is_file():
        raise DatasetError(f"{listed}: no such file; classes= names a YAML file of the classes")
    spec = read_spec(listed) if listed.is_file() else None
    folder = root / (spec.images if spec else "images")
    found = pictures(folder if folder.is_dir() else root)
    if not found or (spec and not folder.is_dir()):
        raise lacks(root, f"{folder.name} with pictures", LAYOUT)
    masks = pictures(root / spec.masks) if spec else {}
    if spec and spec.table.classes and not masks:
        raise lacks(root, f"{spec.masks} with label pictures", LAYOUT)
    attributes = read_attributes(root / "attributes.csv")
    for name in attributes:
        if name not in found:
            raise DatasetError(f"{root / 'attributes.csv'}: there is no picture {name!r}")
    records = [
        _record(name, place, path, masks.get(name), spec, attributes.get(name, {}))
        for place, (name, path) in enumerate(found.items())
    ]
    table = spec.table if spec else ClassTable("folder", ())
    loader = FileLoader(partial(_semantic, table) if masks else None)
    return ImageSet(table.name, root, table, ordered(records), loader, tasks_of(root, records))


def _record(
    name: str,
    place: int,
    path: Path,
    mask: Path | None,
    spec: FolderSpec | None,
    attributes: dict[str, Attribute],
) -> ImageRecord:
    """Return a record; `place` is its position by name among all pictures."""
    *folders, stem = name.split("/")
    split = _SPLITS.get(folders[0], "") if folders else ""
    group, order = "/".join(folders[1:] if split else folders), place
    if spec and spec.group:
        match = spec.group.search(stem)
        if match is None:
            raise DatasetError(f"{path}: the name doesn't fit {spec.group.pattern!r} of {CLASSES}")
        group, number = match["group"] or "", match.groupdict().get("order")
        if number is not None and not number.isdigit():
            raise DatasetError(f"{path}: order {number!r} by {CLASSES} is no number")
        order = place if number is None else int(number)
    truth = {"semantic": mask} if mask else {}
    return ImageRecord(name, path, truth, group, order, split, attributes)


def _semantic(table: ClassTable, record: ImageRecord) -> I64:
    """Return ids of a mask; where it holds colours, by the colours of the classes."""
    path = truth_file(record, "semantic")
    numbers = read_indices(path)
    if numbers.ndim == 2:
        return numbers
    if any(native.color is None for native in table.classes):
        raise DatasetError(f"{path}: holds colours; give each class of {CLASSES} its color")
    return ids_of_colors(read_ids(path), table)


def _probe(root: Path) -> bool:
    """Say yes to a classes.yaml, and to bare pictures with no annotation files beside them."""
    if (root / CLASSES).is_file():
        return True
    ends = {path.suffix.lower() for path in root.iterdir() if path.is_file()}
    return bool(ends & set(PICTURES)) and not ends & {".json", ".xml", ".txt", ".yaml", ".yml"}


INFO = AdapterInfo(
    "folder",
    "plain folders of pictures, with masks and a classes.yaml or without truth",
    LAYOUT,
    open_folder,
    _probe,
    {"classes": "path of a classes.yaml outside the folder"},
)
