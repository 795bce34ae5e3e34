"""What a user writes beside a plain folder: classes.yaml and attributes.csv."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenegen.errors import DatasetError, ScenarioError, nearest
from scenegen.evaluate.classes import ClassTable, NativeClass
from scenegen.evaluate.images import ATTRIBUTES, Attribute
from scenegen.evaluate.spaces import check_keys, read_color, read_extent
from scenegen.scenario.files import read_text
from scenegen.scenario.source import Source, read_source


@dataclass(frozen=True)
class FolderSpec:
    """What classes.yaml says.

    Attributes
    ----------
    table : ClassTable
    images, masks : str
        Names of the folders.
    group : Pattern or None
        Finds ``group`` and perhaps ``order`` in a picture's name without its folders.
    """

    table: ClassTable
    images: str
    masks: str
    group: re.Pattern[str] | None


def read_spec(path: Path) -> FolderSpec:
    r"""Read a classes.yaml.

    ::

        name: my_set
        images: images          # folders, these by default
        masks: masks
        group: "(?P<group>.+)_(?P<order>\\d+)"  # else the folder is the group
        classes:
          - {id: 0, name: road, extent: [road, lane marking], color: [128, 64, 128]}
          - {id: 1, name: sky}  # a common class by itself
          - {id: 255, name: void, extent: []}

    Raises
    ------
    ScenarioError
        Naming the line, and what would be right.
    """
    source = read_source(read_text(path, "class list"), str(path), "class list")
    check_keys(source, (), {"name", "images", "masks", "group", "classes"})
    entries = source.data.get("classes", [])
    if not isinstance(entries, list):
        raise ScenarioError("classes: is a list of classes", source.place(("classes",)))
    classes = sorted(
        (_native(source, i, entry) for i, entry in enumerate(entries)), key=lambda c: c.id
    )
    columns: dict[str, list[Any]] = {
        "id": [c.id for c in classes],
        "name": [c.name for c in classes],
    }
    for kind, values in columns.items():
        twice = next((value for value in values if values.count(value) > 1), None)
        if twice is not None:
            raise ScenarioError(f"two classes have the {kind} {twice}", source.place(("classes",)))
    return FolderSpec(
        ClassTable(_text(source, "name", "folder"), tuple(classes)),
        _text(source, "images", "images"),
        _text(source, "masks", "masks"),
        _group(source),
    )


def _text(source: Source, key: str, default: str) -> str:
    value = source.data.get(key, default)
    if not isinstance(value, str):
        raise ScenarioError(f"{key}: is a word, not {value!r}", source.place((key,)))
    return value


def _group(source: Source) -> re.Pattern[str] | None:
    if "group" not in source.data:
        return None
    try:
        pattern = re.compile(_text(source, "group", ""))
    except re.error as error:
        raise ScenarioError(
            f"group: no regular expression ({error})", source.place(("group",))
        ) from error
    if "group" not in pattern.groupindex:
        raise ScenarioError("group: needs a part (?P<group>…)", source.place(("group",)))
    return pattern


def _native(source: Source, index: int, entry: Any) -> NativeClass:
    path: tuple[str | int, ...] = ("classes", index)
    whole = isinstance(entry, dict) and isinstance(entry.get("id"), int)
    if not whole or not isinstance(entry.get("name"), str):
        raise ScenarioError("a class is {id: …, name: …, extent: […]}", source.place(path))
    check_keys(source, path, {"id", "name", "extent", "color"})
    held = read_extent(source, path, entry)
    color = read_color(source, (*path, "color"), entry["color"]) if "color" in entry else None
    return NativeClass(entry["id"], entry["name"], held, color)


def read_attributes(path: Path) -> dict[str, dict[str, Attribute]]:
    """Return what attributes.csv says of each picture; nothing if there is no such file.

    The column ``name`` is the picture's path below the folder of pictures, without its
    ending. Numbers and true or false are read as such; empty cells say nothing.
    """
    if not path.is_file():
        return {}
    found: dict[str, dict[str, Attribute]] = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file)
        if "name" not in (rows.fieldnames or ()):
            raise DatasetError(f"{path}: the first line needs a column 'name'")
        for row in rows:
            if None in row:
                raise DatasetError(f"{path}:{rows.line_num}: more cells than columns")
            name = row.pop("name")
            found[name] = {
                key: _attribute(path, rows.line_num, key, text) for key, text in row.items() if text
            }
    return found


def _attribute(path: Path, line: int, key: str, text: str) -> Attribute:
    if key in ATTRIBUTES:
        if text not in ATTRIBUTES[key]:
            raise DatasetError(f"{path}:{line}: {key} {text!r}{nearest(text, ATTRIBUTES[key])}")
        return text
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        return float(text)
    except ValueError:
        return text
