"""CamVid (Brostow et al. 2008): the makers' 32 classes, and the 11 of SegNet in two layouts."""

from __future__ import annotations

import re
from pathlib import Path

from scenegen.errors import DatasetError
from scenegen.evaluate.adapters.files import (
    FileLoader,
    ids_of_colors,
    ordered,
    pictures,
    semantic_png,
    tasks_of,
    truth_file,
)
from scenegen.evaluate.adapters.info import AdapterInfo, Options, lacks
from scenegen.evaluate.classes import ClassTable, NativeClass, extent
from scenegen.evaluate.images import I64, Attribute, ImageRecord, ImageSet, read_ids

LAYOUT = """
train/images/0016E5_00390.jpg    and train/labels/0016E5_00390.png, with val/ and test/
or train/0016E5_00390.png        and trainannot/0016E5_00390.png, with val and test
or 701_StillsRaw_full/0016E5_00390.png and LabeledApproved_full/0016E5_00390_L.png
"""
SPLITS = ("train", "val", "test")
RAW, LABELED = "701_StillsRaw_full", "LabeledApproved_full"

_GROUPS = (
    ("sky", (128, 128, 128), "sky"),
    ("building", (128, 0, 0), "building,wall,bridge,tunnel"),
    ("pole", (192, 192, 128), "pole,cone"),
    ("road", (128, 64, 128), "road,lane marking"),
    ("sidewalk", (0, 0, 192), "sidewalk,parking"),
    ("tree", (128, 128, 0), "vegetation,terrain"),
    ("sign_symbol", (192, 128, 128), "traffic sign,traffic light"),
    ("fence", (64, 64, 128), "fence,guard rail"),
    ("car", (64, 0, 128), "car,truck,bus,caravan,trailer,train"),
    ("pedestrian", (64, 64, 0), "person"),
    ("bicyclist", (0, 128, 192), "rider,bicycle,motorcycle"),
)
CAMVID_11 = ClassTable(
    "camvid",
    tuple(NativeClass(i, name, extent(of), color) for i, (name, color, of) in enumerate(_GROUPS)),
)
"""SegNet's classes (Badrinarayanan et al. 2017); 11 and 255 in label pictures are void."""

_ALL = (
    ("Animal", (64, 128, 64), "animal"),
    ("Bicyclist", (0, 128, 192), "rider,bicycle"),
    ("Bridge", (0, 128, 64), "bridge"),
    ("Building", (128, 0, 0), "building"),
    ("Car", (64, 0, 128), "car"),
    ("CartLuggagePram", (64, 0, 192), ""),
    ("Column_Pole", (192, 192, 128), "pole"),
    ("Fence", (64, 64, 128), "fence,guard rail"),
    ("LaneMkgsDriv", (128, 0, 192), "lane marking"),
    ("LaneMkgsNonDriv", (192, 0, 64), "lane marking"),
    ("Misc_Text", (128, 128, 64), ""),
    ("MotorcycleScooter", (192, 0, 192), "motorcycle"),
    ("OtherMoving", (128, 64, 64), ""),
    ("ParkingBlock", (64, 192, 128), "parking"),
    ("Pedestrian", (64, 64, 0), "person"),
    ("Road", (128, 64, 128), "road"),
    ("RoadShoulder", (128, 128, 192), "road"),
    ("Sidewalk", (0, 0, 192), "sidewalk"),
    ("SignSymbol", (192, 128, 128), "traffic sign"),
    ("Sky", (128, 128, 128), "sky"),
    ("SUVPickupTruck", (64, 128, 192), "car"),
    ("TrafficCone", (0, 0, 64), "cone"),
    ("TrafficLight", (0, 64, 64), "traffic light"),
    ("Train", (192, 64, 128), "train"),
    ("Tree", (128, 128, 0), "vegetation"),
    ("Truck_Bus", (192, 128, 192), "truck,bus"),
    ("Tunnel", (64, 0, 64), "tunnel"),
    ("VegetationMisc", (192, 192, 0), "vegetation,terrain"),
    ("Void", (0, 0, 0), ""),
    ("Wall", (64, 192, 0), "wall"),
    ("Archway", (192, 0, 128), "building"),
    ("Child", (192, 128, 64), "person"),
)
CAMVID_32 = ClassTable(
    "camvid32",
    tuple(NativeClass(i, name, extent(of), color) for i, (name, color, of) in enumerate(_ALL)),
)
"""The makers' classes; label pictures hold their colours, so the numbers are ours.

By name, but that the rarer of two that hold the same thing come last and don't name it.
"""

_LIGHT = {"0001TP": "dusk", "0006R0": "day", "0016E5": "day", "Seq05VD": "day"}
_NAME = re.compile(r"(?P<drive>[^_]+)_f?(?P<frame>\d+)")


def open_camvid(root: Path, options: Options) -> ImageSet:
    """Open CamVid in whichever of its layouts the folder has."""
    del options
    if (root / RAW).is_dir() and (root / LABELED).is_dir():
        labels = {name.removesuffix("_L"): p for name, p in pictures(root / LABELED).items()}
        records = _records("", pictures(root / RAW), labels)
        return _image_set(root, CAMVID_32, records, FileLoader(_from_colors))
    records = []
    for split in SPLITS:
        if (root / f"{split}annot").is_dir():
            records += _records(split, pictures(root / split), pictures(root / f"{split}annot"))
        elif (root / split / "labels").is_dir():
            folder = root / split
            found, labels = pictures(folder / "images"), pictures(folder / "labels")
            records += _records(split, _listed(root / f"{split}.txt", found), labels)
    if not records:
        raise lacks(root, "any of train, val and test with label pictures", LAYOUT)
    return _image_set(root, CAMVID_11, records, FileLoader(semantic_png))


def _image_set(
    root: Path, table: ClassTable, records: list[ImageRecord], loader: FileLoader
) -> ImageSet:
    return ImageSet("camvid", root, table, ordered(records), loader, tasks_of(root, records))


def _records(split: str, found: dict[str, Path], labels: dict[str, Path]) -> list[ImageRecord]:
    records = []
    for name, path in found.items():
        match = _NAME.fullmatch(name)
        if match is None:
            raise DatasetError(f"{path}: not named as CamVid's pictures, DRIVE_FRAME")
        drive = match["drive"]
        attributes: dict[str, Attribute] = {"scene": "urban"}
        if drive in _LIGHT:
            attributes["time_of_day"] = _LIGHT[drive]
        truth = {"semantic": labels[name]} if name in labels else {}
        order = int(match["frame"])
        records.append(ImageRecord(name, path, truth, drive, order, split, attributes))
    return records


def _listed(list_file: Path, found: dict[str, Path]) -> dict[str, Path]:
    """Return the pictures that a list names, or all if there is no list."""
    if not list_file.is_file():
        return found
    names = [Path(line).stem for line in list_file.read_text().split() if line]
    missing = [name for name in names if name not in found]
    if missing:
        raise DatasetError(f"{list_file}: names {missing[0]}, which is not there")
    return {name: found[name] for name in names}


def _from_colors(record: ImageRecord) -> I64:
    path = truth_file(record, "semantic")
    pixels = read_ids(path)
    if pixels.ndim != 3:
        raise DatasetError(f"{path}: one channel; the label pictures of {LABELED} are colours")
    return ids_of_colors(pixels, CAMVID_32)


def _probe(root: Path) -> bool:
    if (root / LABELED).is_dir() or (root / "trainannot").is_dir():
        return True
    labels = next((root / s / "labels" for s in SPLITS if (root / s / "labels").is_dir()), None)
    first = next(labels.glob("*.png"), None) if labels else None
    return first is not None and _NAME.fullmatch(first.stem) is not None


INFO = AdapterInfo(
    "camvid",
    "CamVid with 11 or 32 classes per pixel; no boxes",
    LAYOUT,
    open_camvid,
    _probe,
)
