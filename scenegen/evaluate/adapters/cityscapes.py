"""Cityscapes (Cordts et al. 2016): classes per pixel, and boxes of what is told apart."""

from __future__ import annotations

import re
from pathlib import Path

from scenegen.errors import DatasetError
from scenegen.evaluate.adapters.cityscapes_classes import FIRST_THING, cityscapes_table
from scenegen.evaluate.adapters.files import (
    FileLoader,
    first_picture,
    ordered,
    pictures,
    semantic_png,
    tasks_of,
    truth_file,
)
from scenegen.evaluate.adapters.info import AdapterInfo, Options, choice, lacks
from scenegen.evaluate.adapters.regions import Thing, boxes_of_regions
from scenegen.evaluate.images import Boxes, ImageRecord, ImageSet, read_ids

LAYOUT = """
leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png
gtFine/train/aachen/aachen_000000_000019_gtFine_labelIds.png
gtFine/train/aachen/aachen_000000_000019_gtFine_instanceIds.png
with val, and test without truth
"""
IMAGE = "_leftImg8bit.png"
_NAME = re.compile(r"(?P<split>\w+)/[^/]+/(?P<group>[^/_]+_\d+)_(?P<frame>\d+)")


def open_cityscapes(root: Path, options: Options) -> ImageSet:
    """Open Cityscapes; a group is a sequence of a city."""
    kind = choice(options, "annotations", ("gtFine", "gtCoarse"))
    found = pictures(root / "leftImg8bit", IMAGE)
    if not found:
        raise lacks(root, "leftImg8bit with pictures", LAYOUT)
    truth = {
        "semantic": pictures(root / kind, f"_{kind}_labelIds.png"),
        "boxes": pictures(root / kind, f"_{kind}_instanceIds.png"),
    }
    if not truth["semantic"]:
        raise lacks(root, f"{kind} with label pictures", LAYOUT)
    records = [_record(name, path, truth) for name, path in found.items()]
    loader = FileLoader(semantic_png, _boxes)
    table = cityscapes_table("cityscapes")
    return ImageSet("cityscapes", root, table, ordered(records), loader, tasks_of(root, records))


def _record(name: str, path: Path, truth: dict[str, dict[str, Path]]) -> ImageRecord:
    match = _NAME.fullmatch(name)
    if match is None:
        raise DatasetError(f"{path}: not named SPLIT/CITY/CITY_SEQUENCE_FRAME{IMAGE}")
    # The label pictures of the test split are there, but hold nothing but void.
    has_truth = match["split"] != "test"
    return ImageRecord(
        id=name,
        image=path,
        truth={kind: files[name] for kind, files in truth.items() if name in files and has_truth},
        group=match["group"],
        order=int(match["frame"]),
        split=match["split"],
        attributes={"time_of_day": "day", "scene": "urban"},
    )


def _boxes(record: ImageRecord) -> Boxes:
    return boxes_of_regions(read_ids(truth_file(record, "boxes")), thing_of_instance)


def thing_of_instance(number: int) -> Thing | None:
    """Return what a number of an instance picture names.

    1000 times the class and a count for a single thing; the bare class for stuff, and
    for a group whose members could not be told apart.
    """
    if number >= 1000:
        return (number // 1000, False) if number // 1000 >= FIRST_THING else None
    return (number, True) if number >= FIRST_THING else None


def _probe(root: Path) -> bool:
    first = first_picture(root / "leftImg8bit", IMAGE)
    return first is not None and _NAME.fullmatch(first) is not None


INFO = AdapterInfo(
    "cityscapes",
    "Cityscapes: classes per pixel, boxes of people and vehicles",
    LAYOUT,
    open_cityscapes,
    _probe,
    {"annotations": "gtFine (default) or gtCoarse"},
)
