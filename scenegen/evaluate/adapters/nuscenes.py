"""nuScenes (Caesar et al. 2020): key frames of cameras with boxes projected from the world."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scenegen.dataset.layout import read_content
from scenegen.errors import DatasetError, InputError, nearest
from scenegen.evaluate.adapters.files import ordered, tasks_of
from scenegen.evaluate.adapters.frustum import seen_box
from scenegen.evaluate.adapters.info import AdapterInfo, Options, choice, lacks
from scenegen.evaluate.adapters.nuscenes_tables import (
    ALL,
    Annotations,
    View,
    read_annotations,
    read_scenes,
    read_views,
)
from scenegen.evaluate.adapters.places import existing, option_path
from scenegen.evaluate.classes import ClassTable, NativeClass, extent
from scenegen.evaluate.images import I64, U8, Boxes, ImageRecord, ImageSet, read_rgb
from scenegen.geometry import apply, box_corners, inverse, pose

LAYOUT = """
v1.0-mini/sample_data.json, sample.json, scene.json, log.json, sensor.json, ego_pose.json,
          calibrated_sensor.json, sample_annotation.json, instance.json, category.json
samples/CAM_FRONT/n015-2018-07-24-11-22-45+0800__CAM_FRONT__1532402927612460.jpg
or with v1.0-trainval or v1.0-test
"""
_CLASSES = (
    ("animal", "animal"),
    ("human.pedestrian.adult", "person"),
    ("human.pedestrian.child", "person"),
    ("human.pedestrian.construction_worker", "person"),
    ("human.pedestrian.personal_mobility", "person"),
    ("human.pedestrian.police_officer", "person"),
    ("human.pedestrian.stroller", ""),
    ("human.pedestrian.wheelchair", ""),
    ("movable_object.barrier", ""),
    ("movable_object.debris", "debris"),
    ("movable_object.pushable_pullable", ""),
    ("movable_object.trafficcone", "cone"),
    ("static_object.bicycle_rack", ""),
    ("vehicle.bicycle", "bicycle,rider"),  # a box holds whoever rides
    ("vehicle.bus.bendy", "bus"),
    ("vehicle.bus.rigid", "bus"),
    ("vehicle.car", "car"),
    ("vehicle.construction", "other vehicle"),
    ("vehicle.emergency.ambulance", "car,truck"),
    ("vehicle.emergency.police", "car"),
    ("vehicle.motorcycle", "motorcycle,rider"),
    ("vehicle.trailer", "trailer"),
    ("vehicle.truck", "truck"),
)
TABLE = ClassTable(
    "nuscenes",
    tuple(NativeClass(i, name, extent(of)) for i, (name, of) in enumerate(_CLASSES)),
)
OCCLUSION = np.array([math.nan, 0.8, 0.5, 0.3, 0.1])
"""By level of visibility, the middle of what is hidden: 1 is 0 to 40 % visible in all cameras
together, then 40 to 60, 60 to 80, 80 to 100; 0 is unknown."""
_MINI_VAL = ("scene-0103", "scene-0916")
_ANNOTATIONS = "sample_annotation.json"


def open_nuscenes(root: Path, options: Options) -> ImageSet:
    """Open one version; a group is a scene, whatever the camera.

    Which scenes are for validation is in no table: it is known for the mini version,
    and for others by the option `splits`.
    """
    versions = tuple(sorted(path.parent.name for path in root.glob("v1.0-*/sample_data.json")))
    if not versions:
        raise lacks(root, "a folder v1.0-* with sample_data.json", LAYOUT)
    if len(versions) > 1 and "version" not in options:
        raise InputError(f"{root}: holds {', '.join(versions)}; name one by version=")
    version = choice(options, "version", versions)
    folder = root / version
    scenes = read_scenes(folder)
    splits = _splits(root, version, options, [scene.name for scene in scenes.values()])
    views = read_views(folder, _channels(options))
    existing(folder / "sample_data.json", root, [view.file for view in views])
    labelled = (folder / _ANNOTATIONS).is_file() and version != "v1.0-test"
    records = []
    for view in views:
        if view.scene not in scenes:
            raise DatasetError(f"{folder / 'sample.json'}: no scene {view.scene!r} in scene.json")
        scene = scenes[view.scene]
        records.append(
            ImageRecord(
                id=f"{scene.name}/{view.channel}/{view.time_us}",
                image=root / view.file,
                truth={"boxes": folder / _ANNOTATIONS} if labelled else {},
                group=scene.name,
                order=view.time_us,
                split=splits.get(scene.name, ""),
                attributes={**scene.attributes, "channel": view.channel},
            )
        )
    by_id = {record.id: view for record, view in zip(records, views, strict=True)}
    samples = {token: i for i, token in enumerate(dict.fromkeys(v.sample for v in views))}
    numbers = {native.name: native.id for native in TABLE.classes}
    annotations = read_annotations(folder, samples, numbers) if labelled else None
    loader = NuscenesLoader(by_id, samples, annotations)
    return ImageSet("nuscenes", root, TABLE, ordered(records), loader, tasks_of(root, records))


def _channels(options: Options) -> tuple[str, ...]:
    given = options.get("channels", "CAM_FRONT")
    parts = given.split(",") if isinstance(given, str) else given
    return tuple(str(part).strip() for part in parts)


def _splits(root: Path, version: str, options: Options, scenes: list[str]) -> dict[str, str]:
    """Return split by name of the scene."""
    if "splits" not in options:
        if version == "v1.0-mini":
            return {name: "val" if name in _MINI_VAL else "train" for name in scenes}
        return dict.fromkeys(scenes, "test" if version == "v1.0-test" else "")
    path = option_path(root, options, "splits")
    found: dict[str, str] = {}
    for split, names in read_content(path, json.loads).items():
        for name in names:
            if found.setdefault(name, split) != split:
                raise DatasetError(f"{path}: {name} is in {found[name]} and in {split}")
    for name in scenes:
        if name not in found:
            raise DatasetError(f"{path}: no split has {name}{nearest(name, found)}")
    return found


@dataclass(frozen=True)
class NuscenesLoader:
    """Pictures from files, boxes by projecting what a sample's annotators set in the world.

    A projected box bounds the solid box around a thing, its hull in the picture, and is
    somewhat larger than one drawn around its pixels.
    """

    views: Mapping[str, View]
    samples: Mapping[str, int]
    annotations: Annotations | None

    def image(self, record: ImageRecord) -> U8:
        """Return the sRGB picture (H, W, 3) uint8."""
        return read_rgb(record.image)

    def semantic(self, record: ImageRecord) -> I64:
        """Raise DatasetError."""
        raise DatasetError(f"{record.image}: this data set has no label pictures")

    def boxes(self, record: ImageRecord) -> Boxes:
        """Return the objects that the camera sees any part of."""
        if self.annotations is None:
            raise DatasetError(f"{record.image}: no boxes truth for this picture")
        view = self.views[record.id]
        sample = self.samples[view.sample]
        part = slice(*self.annotations.starts[sample : sample + 2].tolist())
        return project(
            view,
            self.annotations.boxes[part],
            self.annotations.class_id[part],
            self.annotations.level[part],
        )


def project(view: View, world: Any, class_id: I64, level: I64) -> Boxes:
    """Return the boxes in a view of boxes in the world, as `Annotations` has them."""
    camera_from_world = inverse(view.world_from_camera)
    seen, kept, distance = [], [], []
    for i, box in enumerate(world):
        camera_from_box = camera_from_world @ pose(box[:3], box[6:])
        width, length, height = box[3:6]
        corners = box_corners(camera_from_box, (length, width, height))
        found = seen_box(corners, view.K, *view.size)
        if found is not None and (found[2:] > found[:2]).all():
            seen.append(found)
            kept.append(i)
            distance.append(np.linalg.norm(apply(camera_from_world, box[None, :3])))
    rows = np.array(kept, np.int64)
    return Boxes(
        np.array(seen, np.float64).reshape(-1, 4),
        class_id[rows],
        np.zeros(len(rows), np.bool_),
        distance_m=np.array(distance, np.float64),
        occlusion=OCCLUSION[level[rows]],
    )


INFO = AdapterInfo(
    "nuscenes",
    "nuScenes: boxes of people, vehicles and obstacles, projected, with distance and occlusion",
    LAYOUT,
    open_nuscenes,
    lambda root: any(root.glob("v1.0-*/sample_data.json")),
    {
        "version": "v1.0-mini, v1.0-trainval or v1.0-test, if there are several",
        "channels": f"cameras with commas between them, or {ALL}; CAM_FRONT by default",
        "splits": "path of a JSON file of scene names by split, as the devkit lists them",
    },
)
