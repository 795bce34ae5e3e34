"""Tiny sets with boxes in their makers' layouts, for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np

NUSCENES_FRONT_K = [[1000.0, 0.0, 800.0], [0.0, 1000.0, 450.0], [0.0, 0.0, 1.0]]


def write_picture(path: Path, width: int = 64, height: int = 48) -> Path:
    """Write a grey picture in the format that its name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), np.full((height, width, 3), 90, np.uint8))
    return path


def write_text(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def write_json(path: Path, content: Any) -> Path:
    return write_text(path, json.dumps(content))


def coco_content() -> dict[str, Any]:
    """Return three pictures, one of them without objects, in the order of COCO's own keys."""
    return {
        "info": {"year": 2017, "version": "1.0"},
        "licenses": [{"id": 1, "name": "Attribution License", "url": "http://example.org"}],
        "images": [
            {"license": 1, "file_name": f"{i:012d}.jpg", "height": 48, "width": 64, "id": i}
            for i in (139, 285, 632)
        ],
        "annotations": [
            {
                "segmentation": [[10.5, 5.25, 30.0, 5.25, 30.0, 25.5]],
                "area": 197.4,
                "iscrowd": 0,
                "image_id": 632,
                "bbox": [10.5, 5.25, 19.5, 20.25],
                "category_id": 3,
                "id": 1768,
            },
            {
                "segmentation": {"counts": [0, 100, 2972], "size": [48, 64]},
                "area": 100,
                "iscrowd": 1,
                "image_id": 139,
                "bbox": [0, 0, 3, 48],
                "category_id": 1,
                "id": 900100139,
            },
            {
                "segmentation": [],
                "area": 12.5,
                "iscrowd": 0,
                "image_id": 632,
                "bbox": [1.25, 2.5, 5.0, 2.5],
                "category_id": 90,
                "id": 1769,
            },
        ],
        "categories": [
            {"supercategory": "person", "id": 1, "name": "person"},
            {"supercategory": "vehicle", "id": 3, "name": "car"},
            {"supercategory": "indoor", "id": 90, "name": "toothbrush"},
        ],
    }


def coco_set(root: Path, content: dict[str, Any] | None = None) -> Path:
    """Write val2017 as COCO has it; return the annotation file."""
    for i in (139, 285, 632):
        write_picture(root / "val2017" / f"{i:012d}.jpg")
    return write_json(root / "annotations" / "instances_val2017.json", content or coco_content())


VOC_XML = """<annotation>
\t<folder>VOC2012</folder>
\t<filename>2007_000027.jpg</filename>
\t<size><width>64</width><height>48</height><depth>3</depth></size>
\t<segmented>0</segmented>
\t<object>
\t\t<name>person</name>
\t\t<pose>Unspecified</pose>
\t\t<truncated>0</truncated>
\t\t<difficult>0</difficult>
\t\t<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>64</xmax><ymax>48</ymax></bndbox>
\t\t<part>
\t\t\t<name>head</name>
\t\t\t<bndbox><xmin>20</xmin><ymin>4</ymin><xmax>30</xmax><ymax>14</ymax></bndbox>
\t\t</part>
\t</object>
\t<object>
\t\t<name>motorbike</name>
\t\t<difficult>1</difficult>
\t\t<bndbox><xmax>40.7</xmax><xmin>10</xmin><ymax>30</ymax><ymin>20</ymin></bndbox>
\t</object>
</annotation>
"""


def voc_set(root: Path) -> Path:
    """Write two pictures in train and one in val; the first of each has a label picture."""
    for name in ("2007_000027", "2007_000032", "2007_000033"):
        write_picture(root / "JPEGImages" / f"{name}.jpg")
        write_text(root / "Annotations" / f"{name}.xml", VOC_XML)
    main = root / "ImageSets" / "Main"
    write_text(main / "train.txt", "2007_000027\n2007_000032\n")
    write_text(main / "val.txt", "2007_000033\n")
    write_text(main / "trainval.txt", "2007_000027\n2007_000032\n2007_000033\n")
    write_text(main / "car_train.txt", "2007_000027 -1\n2007_000032  1\n")
    parts = root / "ImageSets" / "Segmentation"
    write_text(parts / "train.txt", "2007_000032\n")
    write_text(parts / "val.txt", "2007_000033\n")
    return root


def yolo_set(root: Path, names: str = "names:\n  0: person\n  1: car\n") -> Path:
    """Write two pictures in train, one without a label file, and one in val."""
    write_text(
        root / "data.yaml",
        f"path: ../datasets/tiny\ntrain: images/train\nval: images/val\ntest:\n{names}",
    )
    write_picture(root / "images/train/000000000009.jpg")
    write_picture(root / "images/train/000000000025.png")
    write_picture(root / "images/val/000000000036.jpg", 200, 100)
    write_text(root / "labels/train/000000000009.txt", "1 0.5 0.5 0.25 0.5\n0 0.25 0.25 0.5 0.5\n")
    write_text(root / "labels/val/000000000036.txt", "0 0.1 0.2 0.3 0.2 0.3 0.9 0.1 0.7\n")
    return root


KITTI_LABELS = """\
Car 0.25 1 1.85 387.63 181.54 423.81 203.12 1.50 1.66 3.20 -3.00 1.65 4.00 1.57
Cyclist 0.00 3 -1.65 676.60 163.95 688.98 193.93 2.00 0.60 2.02 0.00 1.00 45.84 -1.55
DontCare -1 -1 -10 503.89 169.71 590.61 190.13 -1 -1 -1 -1000 -1000 -1000 -10
"""


def kitti_set(root: Path) -> Path:
    """Write three training pictures and one of the test."""
    for number in range(3):
        write_picture(root / f"training/image_2/{number:06d}.png")
        write_text(root / f"training/label_2/{number:06d}.txt", KITTI_LABELS)
    write_picture(root / "testing/image_2/000000.png")
    return root


def bdd_frame(name: str, **attributes: str) -> dict[str, Any]:
    def label(number: int, category: str, **entries: Any) -> dict[str, Any]:
        flags = {"occluded": False, "truncated": False, "trafficLightColor": "NA"}
        return {"id": str(number), "category": category, "attributes": flags, **entries}

    defaults = {"weather": "overcast", "timeofday": "dawn/dusk", "scene": "highway"}
    return {
        "name": name,
        "attributes": defaults | attributes,
        "timestamp": 10000,
        "labels": [
            label(0, "traffic light", box2d={"x1": 10.5, "y1": 5, "x2": 20.25, "y2": 30}),
            label(1, "other person", box2d={"x1": 1, "y1": 2, "x2": 3, "y2": 4}),
            label(2, "lane", poly2d=[{"vertices": [[1, 2], [3, 4]], "types": "LL"}]),
        ],
    }


def bdd_set(root: Path) -> Path:
    """Write det_20 of two training pictures, one more that it doesn't name, one of val, of test."""
    for name in ("train/a-1", "train/b-2", "train/c-3", "val/d-4", "test/e-5"):
        write_picture(root / f"images/100k/{name}.jpg")
    empty = {"name": "b-2.jpg", "attributes": {"weather": "undefined"}, "labels": None}
    frames = [bdd_frame("a-1.jpg"), empty]
    write_json(root / "labels/det_20/det_train.json", frames)
    write_json(root / "labels/det_20/det_val.json", [bdd_frame("d-4.jpg", timeofday="night")])
    return root


def nuscenes_tables() -> dict[str, list[dict[str, Any]]]:
    """Return one scene of two samples seen by two cameras, and a car and a person.

    The vehicle stands at 100, 200 m and looks north, the front camera 2 m above its origin.
    """
    forwards = [0.5, -0.5, 0.5, -0.5]  # camera axes in a body with x forwards: z, -x, -y
    backwards = [0.5, -0.5, -0.5, 0.5]
    north = [2**-0.5, 0.0, 0.0, 2**-0.5]
    frames, annotations = [], []
    for i, sample in enumerate(("s0", "s1")):
        for channel in ("CAM_FRONT", "CAM_BACK"):
            frames.append(
                {
                    "token": f"{sample}-{channel}",
                    "sample_token": sample,
                    "ego_pose_token": f"e{i}",
                    "calibrated_sensor_token": f"cal-{channel}",
                    "timestamp": 1532402927612460 + 500000 * i,
                    "fileformat": "jpg",
                    "is_key_frame": True,
                    "height": 900,
                    "width": 1600,
                    "filename": f"samples/{channel}/n015__{channel}__{i}.jpg",
                }
            )
        frames.append(frames[-2] | {"is_key_frame": False, "token": f"{sample}-sweep"})
        annotations.append(
            {
                "token": f"a{i}",
                "sample_token": sample,
                "instance_token": "i-car",
                "visibility_token": "2",
                "attribute_tokens": [],
                "translation": [100.0, 220.0, 2.0],
                "size": [2.0, 4.0, 1.0],
                "rotation": north,
            }
        )
    return {
        "log": [{"token": "l0", "location": "boston-seaport"}],
        "scene": [
            {
                "token": "sc0",
                "log_token": "l0",
                "name": "scene-0103",
                "description": "Night, big street, light rain, many peds",
            }
        ],
        "sample": [{"token": s, "scene_token": "sc0", "timestamp": 1} for s in ("s0", "s1")],
        "sample_data": frames,
        "ego_pose": [
            {"token": f"e{i}", "translation": [100.0, 200.0, 0.0], "rotation": north}
            for i in range(2)
        ],
        "calibrated_sensor": [
            {
                "token": f"cal-{channel}",
                "sensor_token": f"sen-{channel}",
                "translation": [0.0, 0.0, 2.0],
                "rotation": rotation,
                "camera_intrinsic": NUSCENES_FRONT_K if "CAM" in channel else [],
            }
            for channel, rotation in (
                ("CAM_FRONT", forwards),
                ("CAM_BACK", backwards),
                ("LIDAR_TOP", north),
            )
        ],
        "sensor": [
            {"token": f"sen-{name}", "channel": name, "modality": kind}
            for name, kind in (
                ("CAM_FRONT", "camera"),
                ("CAM_BACK", "camera"),
                ("LIDAR_TOP", "lidar"),
            )
        ],
        "sample_annotation": annotations,
        "instance": [{"token": "i-car", "category_token": "c-car"}],
        "category": [{"token": "c-car", "name": "vehicle.car", "description": "..."}],
    }


def nuscenes_set(root: Path, tables: dict[str, list[dict[str, Any]]] | None = None) -> Path:
    """Write the mini version's tables and pictures."""
    tables = tables or nuscenes_tables()
    for name, rows in tables.items():
        write_json(root / "v1.0-mini" / f"{name}.json", rows)
    for row in tables["sample_data"]:
        write_picture(root / row["filename"], 16, 9)
    return root
