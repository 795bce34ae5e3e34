"""Mapillary Vistas (Neuhold et al. 2017), versions 1.2 and 2.0."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from scenegen.dataset.layout import read_content
from scenegen.errors import InputError, nearest
from scenegen.evaluate.adapters.files import (
    FileLoader,
    ordered,
    pictures,
    semantic_png,
    tasks_of,
    truth_file,
)
from scenegen.evaluate.adapters.info import AdapterInfo, Options, lacks
from scenegen.evaluate.adapters.regions import Thing, boxes_of_regions
from scenegen.evaluate.classes import ClassTable, NativeClass, extent
from scenegen.evaluate.images import Boxes, ImageRecord, ImageSet, read_ids

LAYOUT = """
config_v2.0.json                  (version 1.2: config_v1.2.json or config.json)
training/images/NAME.jpg
training/v2.0/labels/NAME.png     (version 1.2: training/v1.2/labels or training/labels)
training/v2.0/instances/NAME.png
with validation, and testing without truth
"""
SPLITS = {"training": "train", "validation": "val", "testing": "test"}
_VERSIONS = {
    "2.0": (("config_v2.0.json", "v2.0"),),
    "1.2": (("config_v1.2.json", "v1.2"), ("config.json", "")),
}

# By the longest beginning of a class's name: both versions, and what a later one splits
# further. Rare things that no other set names go unjudged.
_EXTENTS = {
    "animal": "animal",
    "construction--barrier--curb": "sidewalk",
    "construction--barrier--fence": "fence",
    "construction--barrier--guard-rail": "guard rail",
    "construction--barrier--wall": "wall",
    "construction--flat--bike-lane": "road",
    "construction--flat--crosswalk-plain": "road",
    "construction--flat--curb-cut": "sidewalk",
    "construction--flat--parking": "parking",
    "construction--flat--parking-aisle": "parking",
    "construction--flat--pedestrian-area": "sidewalk",
    "construction--flat--rail-track": "rail track",
    "construction--flat--road": "road",
    "construction--flat--road-shoulder": "road",
    "construction--flat--service-lane": "road",
    "construction--flat--sidewalk": "sidewalk",
    "construction--flat--traffic-island": "sidewalk",
    "construction--flat--driveway": "parking",
    "construction--structure--bridge": "bridge",
    "construction--structure--building": "building",
    "construction--structure--garage": "building",
    "construction--structure--tunnel": "tunnel",
    "human--person": "person",
    "human--rider": "rider",
    "marking": "lane marking",
    "nature--sand": "terrain",
    "nature--sky": "sky",
    "nature--terrain": "terrain",
    "nature--vegetation": "vegetation",
    "object--pothole": "road",
    "object--manhole": "road",
    "object--catch-basin": "road",
    "object--street-light": "pole",
    "object--support--pole": "pole",
    "object--support--utility-pole": "pole",
    "object--support--traffic-sign-frame": "pole",
    "object--traffic-cone": "cone",
    "object--traffic-light": "traffic light",
    "object--traffic-sign": "traffic sign",
    "object--vehicle--bicycle": "bicycle",
    "object--vehicle--bus": "bus",
    "object--vehicle--caravan": "caravan",
    "object--vehicle--car": "car",
    "object--vehicle--motorcycle": "motorcycle",
    "object--vehicle--on-rails": "train",
    "object--vehicle--other-vehicle": "other vehicle",
    "object--vehicle--trailer": "trailer",
    "object--vehicle--truck": "truck",
    "object--vehicle--vehicle-group": "car,truck,bus,other vehicle",
    "object--vehicle--wheeled-slow": "other vehicle",
}
_THINGS = ("animal", "human", "object--vehicle", "object--traffic")


def open_mapillary(root: Path, options: Options) -> ImageSet:
    """Open Vistas; every picture is of another place, so each is a group by itself."""
    version, config, folder = _version(root, options)
    things, table = _classes(config, version)
    records = []
    for part, split in SPLITS.items():
        truth = {
            "semantic": pictures(root / part / folder / "labels"),
            "boxes": pictures(root / part / folder / "instances"),
        }
        for name, path in pictures(root / part / "images").items():
            own = {kind: files[name] for kind, files in truth.items() if name in files}
            records.append(ImageRecord(f"{split}/{name}", path, own, group=name, split=split))
    if not any("semantic" in record.truth for record in records):
        raise lacks(root, f"training/{folder}/labels with label pictures", LAYOUT)
    loader = FileLoader(semantic_png, partial(_boxes, things))
    return ImageSet("mapillary", root, table, ordered(records), loader, tasks_of(root, records))


def _version(root: Path, options: Options) -> tuple[str, Path, Path]:
    """Return the version, its class list, and the folder within a part that holds its truth."""
    asked = str(options.get("version", ""))
    if asked and asked not in _VERSIONS:
        raise InputError(f"option version: there is no {asked!r}" + nearest(asked, _VERSIONS))
    for version in [asked] if asked else list(_VERSIONS):
        for config, folder in _VERSIONS[version]:
            if (root / config).is_file():
                return version, root / config, Path(folder)
    raise lacks(root, "config_v2.0.json, config_v1.2.json or config.json", LAYOUT)


def _classes(config: Path, version: str) -> tuple[dict[int, bool], ClassTable]:
    """Return which classes are told apart (true: groups of them), and all classes."""

    def read(data: bytes) -> tuple[dict[int, bool], ClassTable]:
        labels: list[dict[str, Any]] = json.loads(data)["labels"]
        table = ClassTable(
            f"mapillary{version}",
            tuple(
                NativeClass(i, label["name"], extent_of(label["name"]), tuple(label["color"]))
                for i, label in enumerate(labels)
            ),
        )
        things = {
            i: label["name"].endswith("-group")
            for i, label in enumerate(labels)
            if label["name"].startswith(_THINGS)
            and (label["instances"] or label["name"].endswith("-group"))
        }
        return things, table

    return read_content(config, read)


def extent_of(name: str) -> frozenset[str]:
    """Return the extent of a class by the longest known beginning of its name."""
    words = name.removesuffix("-group").split("--")
    if name in _EXTENTS:
        return extent(_EXTENTS[name])
    for length in range(len(words), 0, -1):
        known = _EXTENTS.get("--".join(words[:length]))
        if known is not None:
            return extent(known)
    return extent("lane marking" if words[0].startswith("marking") else "")


def _boxes(things: dict[int, bool], record: ImageRecord) -> Boxes:
    """Return boxes of a picture that holds 256 times the class and a count."""

    def thing(number: int) -> Thing | None:
        class_id = number // 256
        return (class_id, things[class_id]) if class_id in things else None

    return boxes_of_regions(read_ids(truth_file(record, "boxes")), thing)


INFO = AdapterInfo(
    "mapillary",
    "Mapillary Vistas 1.2 and 2.0: classes per pixel, boxes of animals, people, vehicles, signs",
    LAYOUT,
    open_mapillary,
    lambda root: (
        (root / "training" / "images").is_dir()
        and any((root / c).is_file() for v in _VERSIONS.values() for c, _ in v)
    ),
    {"version": "2.0 or 1.2; by default the newest whose class list is there"},
)
