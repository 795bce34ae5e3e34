"""BDD100K (Yu et al. 2020): boxes of 100,000 pictures, classes per pixel of 10,000."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from scenegen.errors import InputError
from scenegen.evaluate.adapters.bdd100k_labels import (
    BOX_TABLE,
    Frame,
    add_objects,
    frame_attributes,
    read_frames,
)
from scenegen.evaluate.adapters.cityscapes_classes import cityscapes_table, ids_of_train_ids
from scenegen.evaluate.adapters.columns import BoxCollector, ColumnLoader
from scenegen.evaluate.adapters.files import FileLoader, ordered, pictures, semantic_png, tasks_of
from scenegen.evaluate.adapters.info import AdapterInfo, Options, choice, lacks
from scenegen.evaluate.adapters.places import existing
from scenegen.evaluate.images import I64, Attribute, ImageRecord, ImageSet

LAYOUT = """
images/100k/train/0000f77c-6257be58.jpg    and  labels/det_20/det_train.json
                                           or   labels/100k/train/0000f77c-6257be58.json
images/10k/train/0004a4c0-d4dff0ad.jpg     and  labels/sem_seg/masks/train/0004a4c0-d4dff0ad.png
with val; pictures of test have no labels
"""
SPLITS = ("train", "val", "test")


def open_bdd100k(root: Path, options: Options) -> ImageSet:
    """Open one of the two parts; each picture is of a drive of its own."""
    folders = {"100k": ("det_20", "100k"), "10k": ("sem_seg",)}
    have = [
        part
        for part, names in folders.items()
        if any((root / "labels" / name).is_dir() for name in names)
    ]
    if not have:
        raise lacks(root, "labels/det_20, labels/100k or labels/sem_seg", LAYOUT)
    part = choice(options, "part", tuple(folders)) if "part" in options else have[0]
    if part not in have:
        raise InputError(f"option part: {root} has no labels of {part}, but of {have[0]}")
    return _open_boxes(root) if part == "100k" else _open_semantic(root)


def _open_boxes(root: Path) -> ImageSet:
    """Open the pictures that the label files name: the makers left out a few in a thousand."""
    collector = BoxCollector()
    records: list[ImageRecord] = []
    positions: dict[str, int] = {}
    for split in SPLITS:
        folder = root / "images" / "100k" / split
        named: list[str] = []
        for frame in _frames(root, split):
            id_ = f"{split}/{frame.stem}"
            if id_ in positions:
                raise frame.error(f"name {frame.name!r} is that of a picture before it too")
            positions[id_] = len(records)
            add_objects(frame, len(records), collector)
            truth = {"boxes": frame.file}
            attributes = frame_attributes(frame)
            path = folder / frame.name
            records.append(ImageRecord(id_, path, truth, id_, 0, split, attributes))
            named.append(frame.name)
        if named:
            existing(records[-1].truth["boxes"], folder, named)
        elif split == "test":
            records += [
                ImageRecord(f"test/{name}", path, group=f"test/{name}", split=split)
                for name, path in pictures(folder).items()
            ]
    if not positions:
        raise lacks(root, "a labelled picture", LAYOUT)
    loader = ColumnLoader(positions, collector.columns(len(records)))
    return ImageSet("bdd100k", root, BOX_TABLE, ordered(records), loader, tasks_of(root, records))


def _frames(root: Path, split: str) -> Iterable[Frame]:
    """Return the labelled frames of a split, from its one file or from one a picture."""
    listed = root / "labels" / "det_20" / f"det_{split}.json"
    if listed.is_file():
        return read_frames(listed)
    single = pictures(root / "labels" / "100k" / split, ".json")
    return (frame for path in single.values() for frame in read_frames(path))


def _open_semantic(root: Path) -> ImageSet:
    records: list[ImageRecord] = []
    labels = root / "labels" / "sem_seg"
    for split in SPLITS:
        masks = pictures(labels / "masks" / split, ".png")
        polygons = labels / "polygons" / f"sem_seg_{split}.json"
        known: Mapping[str, Mapping[str, Attribute]] = {}
        if polygons.is_file():
            known = {frame.stem: frame_attributes(frame) for frame in read_frames(polygons)}
        for name, path in pictures(root / "images" / "10k" / split).items():
            id_ = f"{split}/{name}"
            truth = {"semantic": masks[name]} if name in masks else {}
            records.append(ImageRecord(id_, path, truth, id_, 0, split, known.get(name, {})))
    if not records:
        raise lacks(root, "images/10k with pictures", LAYOUT)
    return ImageSet(
        "bdd100k_semantic",
        root,
        cityscapes_table("bdd100k_semantic"),
        ordered(records),
        FileLoader(_class_ids),
        tasks_of(root, records),
    )


def _class_ids(record: ImageRecord) -> I64:
    return ids_of_train_ids(semantic_png(record))


INFO = AdapterInfo(
    "bdd100k",
    "BDD100K: boxes of people, vehicles, lights and signs, or classes per pixel",
    LAYOUT,
    open_bdd100k,
    lambda root: any((root / "labels" / name).is_dir() for name in ("det_20", "100k", "sem_seg")),
    {"part": "100k for boxes, 10k for classes per pixel; by default the first that has labels"},
)
