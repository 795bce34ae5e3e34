"""KITTI's semantic benchmark (Alhaija et al. 2018): 200 pictures with Cityscapes' classes."""

from __future__ import annotations

from pathlib import Path

from scenegen.errors import DatasetError
from scenegen.evaluate.adapters.cityscapes_classes import FIRST_THING, cityscapes_table
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
from scenegen.evaluate.images import Boxes, ImageRecord, ImageSet, read_ids

LAYOUT = """
training/image_2/000000_10.png
training/semantic/000000_10.png
training/instance/000000_10.png
testing/image_2/000000_10.png
"""
MAPPING = "train_mapping.txt"
"""The makers' list of the drive behind each training picture, of the scene flow devkit."""


def open_kitti_semantic(root: Path, options: Options) -> ImageSet:
    """Open the benchmark; groups are drives where the makers' list of them is at hand."""
    training = root / "training"
    found = pictures(training / "image_2")
    truth = {"semantic": pictures(training / "semantic"), "boxes": pictures(training / "instance")}
    if not found or not truth["semantic"]:
        missing = "training/semantic" if found else "training/image_2"
        raise lacks(root, f"{missing} with pictures", LAYOUT)
    listed = Path(options["mapping"]) if "mapping" in options else root / MAPPING
    if "mapping" in options and not listed.is_file():
        raise DatasetError(f"{listed}: no such file; mapping= names {MAPPING} of the devkit")
    drives = read_drives(listed) if listed.is_file() else {}
    records = []
    for split, files in (("train", found), ("test", pictures(root / "testing" / "image_2"))):
        for name, path in files.items():
            own = truth if split == "train" else {}
            # Numbers ascend with the drives: one group of neighbours, if they aren't known.
            group, order = split, _number(path)
            if split == "train":
                group, order = drives.get(order, (split, order))
            records.append(
                ImageRecord(
                    id=f"{split}/{name}",
                    image=path,
                    truth={kind: known[name] for kind, known in own.items() if name in known},
                    group=group,
                    order=order,
                    split=split,
                    attributes={"time_of_day": "day"},
                )
            )
    return ImageSet(
        "kitti_semantic",
        root,
        cityscapes_table("kitti_semantic"),
        ordered(records),
        FileLoader(semantic_png, _boxes),
        tasks_of(root, records),
    )


def read_drives(path: Path) -> dict[int, tuple[str, int]]:
    """Return drive and frame by number of the training picture, from the devkit's mapping.

    Line N, counted from 0, is ``DATE DRIVE FRAME`` of picture N, or empty if unknown.
    """
    drives = {}
    for number, line in enumerate(path.read_text().splitlines()):
        words = line.split()
        if len(words) == 3 and words[2].isdigit():
            drives[number] = (words[1], int(words[2]))
        elif words:
            raise DatasetError(f"{path}:{number + 1}: is DATE DRIVE FRAME, not {line.strip()!r}")
    return drives


def _number(path: Path) -> int:
    digits = path.stem.split("_")[0]
    if not digits.isdigit():
        raise DatasetError(f"{path}: not named NUMBER_10.png")
    return int(digits)


def _boxes(record: ImageRecord) -> Boxes:
    return boxes_of_regions(read_ids(truth_file(record, "boxes")), thing_of_instance)


def thing_of_instance(number: int) -> Thing | None:
    """Return what 256 times the class and a count names; count 0 is not told apart."""
    class_id, count = divmod(number, 256)
    return (class_id, count == 0) if class_id >= FIRST_THING else None


INFO = AdapterInfo(
    "kitti_semantic",
    "KITTI semantics: classes per pixel, boxes of people and vehicles",
    LAYOUT,
    open_kitti_semantic,
    lambda root: (root / "training" / "semantic").is_dir(),
    {"mapping": f"path of the devkit's {MAPPING}, if it is not in the folder"},
)
