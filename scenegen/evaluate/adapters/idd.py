"""India Driving Dataset, segmentation (Varma et al. 2019), at the third level of its classes."""

from __future__ import annotations

import re
from pathlib import Path

from scenegen.errors import DatasetError
from scenegen.evaluate.adapters.files import (
    FileLoader,
    first_picture,
    ordered,
    pictures,
    semantic_png,
    tasks_of,
    truth_file,
)
from scenegen.evaluate.adapters.info import AdapterInfo, Options, lacks
from scenegen.evaluate.adapters.polygons import bound, draw, read_drawing
from scenegen.evaluate.classes import ClassTable, NativeClass, extent
from scenegen.evaluate.images import I64, Boxes, ImageRecord, ImageSet

LAYOUT = """
leftImg8bit/train/0/005626_leftImg8bit.png  (or .jpg)
gtFine/train/0/005626_gtFine_polygons.json
gtFine/train/0/005626_gtFine_labellevel3Ids.png  (drawn from the polygons where it is not there)
with val, and test without truth
"""
IMAGES = ("_leftImg8bit.png", "_leftImg8bit.jpg")
VOID = 255

# Level 3: labels of the annotators that are one class, and what they hold. Where a class
# mixes, as parking with unpaved roadsides, it counts as what the makers' own mapping to
# Cityscapes makes of its bulk.
_LEVEL3: tuple[tuple[str, str], ...] = (
    ("road", "road,lane marking"),
    ("parking|drivable fallback", "parking,ground"),
    ("sidewalk", "sidewalk"),
    ("rail track|non-drivable fallback", "rail track,terrain"),
    ("person|animal", "person,animal"),
    ("rider", "rider"),
    ("motorcycle", "motorcycle"),
    ("bicycle", "bicycle"),
    ("autorickshaw", "other vehicle"),
    ("car", "car"),
    ("truck", "truck"),
    ("bus", "bus"),
    ("vehicle fallback|caravan|trailer|train", "other vehicle,caravan,trailer"),
    ("curb", "sidewalk"),
    ("wall", "wall"),
    ("fence", "fence"),
    ("guard rail", "guard rail"),
    ("billboard", ""),
    ("traffic sign", "traffic sign"),
    ("traffic light", "traffic light"),
    ("pole|polegroup", "pole"),
    ("obs-str-bar-fallback", ""),
    ("building", "building"),
    ("bridge|tunnel", "bridge,tunnel"),
    ("vegetation", "vegetation"),
    ("sky|fallback background", "sky"),
)
_VOID_LABELS = (
    *("unlabeled", "ego vehicle", "rectification border", "out of roi"),
    *("license plate", "ground"),
)
TABLE = ClassTable(
    "idd",
    (
        *(NativeClass(i, names, extent(of)) for i, (names, of) in enumerate(_LEVEL3)),
        NativeClass(VOID, "unlabeled"),
    ),
)
LABELS: dict[str, int] = {
    **{name: i for i, (names, _) in enumerate(_LEVEL3) for name in names.split("|")},
    **dict.fromkeys(_VOID_LABELS, VOID),
}
"""Level-3 id of each label of the annotators."""
THINGS = {
    name: LABELS[name]
    for name in (
        *("person", "animal", "rider", "motorcycle", "bicycle", "autorickshaw", "car", "truck"),
        *("bus", "vehicle fallback", "caravan", "trailer", "train"),
    )
}
_NAME = re.compile(r"(?P<split>\w+)/(?P<group>[^/]+)/\D*(?P<frame>\d+)")


def open_idd(root: Path, options: Options) -> ImageSet:
    """Open the segmentation part; a group is a folder, which holds one drive."""
    del options
    found = pictures(root / "leftImg8bit", IMAGES)
    drawn = pictures(root / "gtFine", "_gtFine_labellevel3Ids.png")
    outlined = pictures(root / "gtFine", "_gtFine_polygons.json")
    if not found or not (drawn or outlined):
        missing = "gtFine with polygons or label pictures" if found else "leftImg8bit with pictures"
        raise lacks(root, missing, LAYOUT)
    truth = {"semantic": outlined | drawn, "boxes": outlined}
    records = [_record(name, path, truth) for name, path in found.items()]
    loader = FileLoader(_semantic, _boxes)
    return ImageSet("idd", root, TABLE, ordered(records), loader, tasks_of(root, records))


def _record(name: str, path: Path, truth: dict[str, dict[str, Path]]) -> ImageRecord:
    match = _NAME.fullmatch(name)
    if match is None:
        raise DatasetError(f"{path}: not named SPLIT/DRIVE/NUMBER{IMAGES[0]}")
    return ImageRecord(
        id=name,
        image=path,
        truth={kind: files[name] for kind, files in truth.items() if name in files},
        group=match["group"],
        order=int(match["frame"]),
        split=match["split"],
    )


def _semantic(record: ImageRecord) -> I64:
    path = truth_file(record, "semantic")
    if path.suffix == ".json":
        return draw(read_drawing(path, LABELS), LABELS, VOID)
    return semantic_png(record)


def _boxes(record: ImageRecord) -> Boxes:
    return bound(read_drawing(truth_file(record, "boxes"), LABELS), THINGS)


def _probe(root: Path) -> bool:
    first = first_picture(root / "leftImg8bit", IMAGES)
    return first is not None and _NAME.fullmatch(first) is not None


INFO = AdapterInfo(
    "idd",
    "India Driving Dataset: 26 classes per pixel, boxes of animals, people and vehicles",
    LAYOUT,
    open_idd,
    _probe,
)
