"""Frames and objects as entries of COCO's lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from scenegen.dataset.codecs import U16, Mask
from scenegen.exports.behaviour import frame_behaviour, object_behaviour
from scenegen.exports.joints import COCO_JOINTS, COCO_LIMBS, joint_images
from scenegen.exports.outlines import outlines
from scenegen.exports.shots import Shot
from scenegen.records import FrameLabels, ObjectLabel
from scenegen.records.labels import Box
from scenegen.records.taxonomy import CLASS_BY_NAME

_MOST_OBJECTS = 2**16
"""A picture's objects have 16-bit ids, so annotation ids are unique without counting."""


def picture(shot: Shot, labels: FrameLabels) -> dict[str, Any]:
    """Return the entry of a picture: COCO's keys, and what else is known about the frame."""
    camera = labels.camera
    return {
        "id": shot.number,
        "file_name": f"{shot.name}.png",
        "width": camera.width,
        "height": camera.height,
        "scene": labels.scene,
        "sensor": labels.sensor,
        "frame": labels.frame,
        "time_s": labels.time_s,
        "log_weight": shot.scene.manifest.log_weight,
        "weather": labels.weather,
        "light": labels.light,
        "camera": {
            "model": camera.model,
            "K": camera.K,
            "distortion": camera.distortion,
            "world_from_camera": camera.world_from_camera,
        },
    }


def with_behaviour(entry: dict[str, Any], labels: FrameLabels) -> dict[str, Any]:
    """Return a picture's entry with the ego, signals, signs, pairs, contacts and lane lines."""
    lanes = [lane.model_dump(mode="json", exclude={"points_world_m"}) for lane in labels.lanes]
    return entry | frame_behaviour(labels) | {"lanes": lanes}


def instances(
    shot: Shot, labels: FrameLabels, instance: U16
) -> Iterator[tuple[ObjectLabel, dict[str, Any]]]:
    """Go through a frame's objects and their entries.

    Boxes are left, top, width and height of the visible pixels, masks polygons along the
    corners of exactly these.
    """
    for label in labels.objects:
        mask = instance == label.instance_id
        yield (
            label,
            {
                "id": shot.number * _MOST_OBJECTS + label.instance_id,
                "image_id": shot.number,
                "category_id": CLASS_BY_NAME[label.category].id,
                "bbox": _corner_and_size(label.box2d_visible),
                "area": label.visible_px,
                "segmentation": _polygons(label, mask),
                "iscrowd": 0,
                "instance_id": label.instance_id,
                "name": label.name,
                "bbox_amodal": _corner_and_size(label.box2d_amodal),
                "occlusion": label.occlusion,
                "truncation": label.truncation,
                "box3d": label.box3d.model_dump(mode="json"),
                "velocity_world_mps": label.velocity_world_mps,
                "distance_m": label.distance_m,
                "attributes": label.attributes,
                **{
                    key: value
                    for key, value in (("lamps", label.lamps), ("intent", label.intent))
                    if value is not None
                },
                **object_behaviour(label),
            },
        )


def with_joints(annotation: dict[str, Any], label: ObjectLabel, mask: Mask) -> dict[str, Any]:
    """Return an object's entry with its joints.

    COCO numbers pixels from 0 at their middles, so half a pixel is taken off.
    """
    joints = joint_images(label, mask) or []
    numbers: list[float] = []
    for joint in joints:
        here = (joint.u - 0.5, joint.v - 0.5) if joint.shows else (0.0, 0.0)
        numbers += [round(here[0], 3), round(here[1], 3), joint.shows]
    known = sum(joint.shows > 0 for joint in joints)
    return annotation | {"keypoints": numbers, "num_keypoints": known}


def person(class_id: int, name: str) -> dict[str, Any]:
    """Return the category of people, with the names of their joints."""
    names = list(COCO_JOINTS)
    return {
        "id": class_id,
        "name": name,
        "supercategory": "thing",
        "keypoints": names,
        "skeleton": [[names.index(a) + 1, names.index(b) + 1] for a, b in COCO_LIMBS],
    }


def _polygons(label: ObjectLabel, mask: Mask) -> list[list[float]]:
    x1, y1, x2, y2 = (int(edge) for edge in label.box2d_visible)
    return [np.add(ring, (x1, y1)).ravel().tolist() for ring in outlines(mask[y1:y2, x1:x2])]


def _corner_and_size(box: Box) -> list[float]:
    x1, y1, x2, y2 = box
    return [x1, y1, x2 - x1, y2 - y1]
