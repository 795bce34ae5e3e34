"""ACDC (Sakaridis et al. 2021): fog, night, rain and snow, with Cityscapes' classes."""

from __future__ import annotations

import re
from pathlib import Path

from scenegen.errors import DatasetError
from scenegen.evaluate.adapters.cityscapes_classes import cityscapes_table, ids_of_train_ids
from scenegen.evaluate.adapters.files import (
    FileLoader,
    ordered,
    pictures,
    semantic_png,
    tasks_of,
)
from scenegen.evaluate.adapters.info import AdapterInfo, Options, lacks
from scenegen.evaluate.images import I64, Attribute, ImageRecord, ImageSet

LAYOUT = """
rgb_anon/fog/train/GOPR0475/GOPR0475_frame_000041_rgb_anon.png
gt/fog/train/GOPR0475/GOPR0475_frame_000041_gt_labelIds.png  (or _gt_labelTrainIds.png)
with night, rain and snow, val, and test without truth
"""
CONDITIONS: dict[str, dict[str, Attribute]] = {
    "fog": {"weather": "fog", "time_of_day": "day"},
    "night": {"time_of_day": "night"},
    "rain": {"weather": "rain", "time_of_day": "day"},
    "snow": {"weather": "snow", "time_of_day": "day"},
}
_NAME = re.compile(r"(?P<condition>\w+)/(?P<split>\w+)/(?P<drive>\w+)/\w+?_frame_(?P<frame>\d+)")
_TRAIN_IDS = "_gt_labelTrainIds.png"


def open_acdc(root: Path, options: Options) -> ImageSet:
    """Open ACDC without its pictures of the same places in fair weather, which have no truth."""
    del options
    found = pictures(_inner(root, "rgb_anon", "rgb_anon_trainvaltest"), "_rgb_anon.png")
    truth = _inner(root, "gt", "gt_trainval")
    labels = pictures(truth, _TRAIN_IDS) | pictures(truth, "_gt_labelIds.png")
    if not found or not labels:
        raise lacks(root, "gt with label pictures" if found else "rgb_anon with pictures", LAYOUT)
    records = [_record(name, path, labels) for name, path in found.items()]
    return ImageSet(
        "acdc",
        root,
        cityscapes_table("acdc"),
        ordered(records),
        FileLoader(_semantic),
        tasks_of(root, records),
    )


def _inner(root: Path, name: str, archive: str) -> Path:
    """Return a folder at the top, or in that of the archive it is published in."""
    nested = root / archive / name
    return nested if nested.is_dir() else root / name


def _record(name: str, path: Path, labels: dict[str, Path]) -> ImageRecord:
    match = _NAME.fullmatch(name)
    if match is None or match["condition"] not in CONDITIONS:
        raise DatasetError(f"{path}: not CONDITION/SPLIT/DRIVE/DRIVE_frame_NUMBER_rgb_anon.png")
    return ImageRecord(
        id=name,
        image=path,
        truth={"semantic": labels[name]} if name in labels else {},
        group=f"{match['condition']}/{match['drive']}",
        order=int(match["frame"]),
        split=match["split"],
        attributes=CONDITIONS[match["condition"]],
    )


def _semantic(record: ImageRecord) -> I64:
    ids = semantic_png(record)
    if record.truth["semantic"].name.endswith(_TRAIN_IDS):
        return ids_of_train_ids(ids)
    return ids


INFO = AdapterInfo(
    "acdc",
    "ACDC: classes per pixel in fog, night, rain and snow; no boxes",
    LAYOUT,
    open_acdc,
    lambda root: any(
        (root / name).is_dir() for name in ("rgb_anon", "rgb_anon_trainvaltest/rgb_anon")
    ),
)
