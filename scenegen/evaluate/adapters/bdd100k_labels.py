"""BDD100K's label files: frames with attributes and objects, in a list or one a file."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from scenegen.dataset.layout import read_content
from scenegen.errors import DatasetError, nearest
from scenegen.evaluate.adapters.columns import BoxCollector
from scenegen.evaluate.adapters.streams import entries, place
from scenegen.evaluate.classes import ClassTable, NativeClass, extent
from scenegen.evaluate.images import Attribute

_CLASSES = (
    ("pedestrian", "person"),
    ("rider", "rider"),
    ("car", "car,caravan"),
    ("truck", "truck"),
    ("bus", "bus"),
    ("train", "train"),
    ("motorcycle", "motorcycle"),
    ("bicycle", "bicycle"),
    ("traffic light", "traffic light"),
    ("traffic sign", "traffic sign"),
)
BOX_TABLE = ClassTable(
    "bdd100k",
    tuple(NativeClass(i, name, extent(of)) for i, (name, of) in enumerate(_CLASSES)),
)
_IDS = {native.name: native.id for native in BOX_TABLE.classes}
_OLD_NAMES = {"person": "pedestrian", "bike": "bicycle", "motor": "motorcycle", "van": "car"}
_OLD_NAMES["caravan"] = "car"
_UNSURE = {"other person": "pedestrian", "other vehicle": "car", "trailer": "truck"}
"""What the makers' evaluation ignores, and as which class: neither hit nor miss."""
_KNOWN = frozenset((*_IDS, *_OLD_NAMES, *_UNSURE))

_WORDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "timeofday": ("time_of_day", {"daytime": "day", "dawn/dusk": "dusk", "night": "night"}),
    "weather": (
        "weather",
        {
            "clear": "clear",
            "partly cloudy": "clear",  # fewer than five oktas, as in scenegen's own sets
            "overcast": "cloudy",
            "rainy": "rain",
            "snowy": "snow",
            "foggy": "fog",
        },
    ),
    "scene": (
        "scene",
        {
            "city street": "urban",
            "residential": "urban",
            "gas stations": "urban",
            "highway": "motorway",
            "parking lot": "parking",
            "tunnel": "tunnel",
        },
    ),
}


@dataclass(frozen=True)
class Frame:
    """One picture's labels, undigested.

    Attributes
    ----------
    file : Path
    where : str
        What messages call it.
    name : str
        File name of the picture.
    attributes : mapping
        As the makers write them.
    objects : list
    """

    file: Path
    where: str
    name: str
    attributes: Mapping[str, Any]
    objects: list[dict[str, Any]]

    @property
    def stem(self) -> str:
        """The picture's name without the end."""
        return PurePosixPath(self.name).stem

    def error(self, message: str) -> DatasetError:
        """Return the error of something wrong in this frame."""
        return DatasetError(f"{self.where}: {message}")


def read_frames(path: Path) -> Iterator[Frame]:
    """Iterate over the frames of a file: a list since 2020, an object a picture before."""
    if _is_list(path):
        for number, entry in entries(path, ""):
            yield _frame(path, place(path, "", number), entry, entry.get("labels"))
        return
    entry = read_content(path, json.loads)
    if isinstance(entry.get("name"), str):
        inner = entry.get("frames") or [{}]
        name = entry["name"] + ("" if PurePosixPath(entry["name"]).suffix else ".jpg")
        yield _frame(path, str(path), entry | {"name": name}, inner[0].get("objects"))
        return
    for number, entry in entries(path, "frames"):
        yield _frame(path, place(path, "frames", number), entry, entry.get("labels"))


def _is_list(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(64).lstrip()[:1] == b"["
    except OSError as error:
        raise DatasetError(f"{path}: can't be read ({error.strerror})") from error


def _frame(path: Path, where: str, entry: Mapping[str, Any], objects: Any) -> Frame:
    name, attributes = entry.get("name"), entry.get("attributes") or {}
    objects = objects or []
    if not isinstance(name, str):
        raise DatasetError(f"{where}: no 'name' of a picture")
    if not isinstance(attributes, dict) or not isinstance(objects, list):
        raise DatasetError(f"{where}: attributes are an object, labels a list")
    return Frame(path, where, name, attributes, objects)


def frame_attributes(frame: Frame) -> dict[str, Attribute]:
    """Return a frame's attributes by the words of `ATTRIBUTES`; without what is undefined."""
    found: dict[str, Attribute] = {}
    for theirs, (ours, words) in _WORDS.items():
        word = frame.attributes.get(theirs, "undefined")
        if word in words:
            found[ours] = words[word]
        elif word != "undefined":
            raise frame.error(f"{theirs} {word!r}" + nearest(str(word), words))
    return found


def add_objects(frame: Frame, picture: int, collector: BoxCollector) -> None:
    """Collect the boxes of a frame; lanes and areas, which have none, are passed over.

    The last pixel belongs to a box, as in the makers' own conversion to COCO.
    """
    for number, entry in enumerate(frame.objects):
        try:
            name, box = str(entry["category"]), entry.get("box2d") or {}
            if not box and name not in _KNOWN:
                continue
            left, top, right, bottom = (float(box[key]) for key in ("x1", "y1", "x2", "y2"))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise frame.error(
                f"object {number} needs a category, and a box2d of x1, y1, x2, y2"
            ) from error
        if name not in _KNOWN:
            raise frame.error(f"object {number}: no class {name!r}" + nearest(name, _KNOWN))
        if not (math.isfinite(left + top + right + bottom) and left <= right and top <= bottom):
            raise frame.error(f"object {number}: box2d {box} has its corners out of order")
        crowd = name in _UNSURE or bool((entry.get("attributes") or {}).get("crowd"))
        class_id = _IDS[_UNSURE.get(name, _OLD_NAMES.get(name, name))]
        collector.add(picture, (left, top, right + 1, bottom + 1), class_id, crowd)
