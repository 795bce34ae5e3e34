"""A data set as COCO's files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from scenegen.dataset import DatasetInfo
from scenegen.exports.coco.annotations import (
    instances,
    person,
    picture,
    with_behaviour,
    with_joints,
)
from scenegen.exports.coco.lists import Lists
from scenegen.exports.coco.panoptic import panoptic_png, segments
from scenegen.exports.folder import ExportFolder
from scenegen.exports.shots import Shot, shots
from scenegen.exports.source import Source, Split

PEOPLE = ("person", "rider")
"""Categories that have joints."""


def write_coco(source: Source, folder: ExportFolder) -> None:
    """Write pictures, instances, keypoints and panoptic truth; a split without scenes has none."""
    info = source.dataset.info
    writers = {split: _Writer(split, folder, info) for split in get_args(Split)}
    for shot in shots(source):
        writers[shot.split].add(shot)
    for writer in writers.values():
        writer.finish()


class _Writer:
    """What is collected of one split until all of its pictures are there."""

    def __init__(self, split: Split, folder: ExportFolder, info: DatasetInfo) -> None:
        self._split, self._folder, self._info = split, folder, info
        self._instances, self._joints, self._panoptic = Lists(), Lists(), Lists()

    def add(self, shot: Shot) -> None:
        """Write a frame's pictures, and keep what is said of it."""
        labels, instance = shot.frame.labels, shot.frame.instance
        file = f"{shot.name}.png"
        self._folder.copy(f"{self._split}/{file}", shot.frame.path("rgb"))
        entry = picture(shot, labels)
        self._instances.add("images", with_behaviour(entry, labels))
        for lists in (self._joints, self._panoptic):
            lists.add("images", entry)
        for label, annotation in instances(shot, labels, instance):
            self._instances.add("annotations", annotation)
            if label.category in PEOPLE and label.skeleton_px is not None:
                joints = with_joints(annotation, label, instance == label.instance_id)
                self._joints.add("annotations", joints)
        ids, found = segments(shot.frame.semantic, instance, labels)
        self._folder.write(f"annotations/panoptic_{self._split}/{file}", panoptic_png(ids))
        truth = {"file_name": file, "image_id": shot.number, "segments_info": found}
        self._panoptic.add("annotations", truth)

    def finish(self) -> None:
        """Write the lists; none where the split has no pictures."""
        if not self._instances.length("images"):
            return
        classes = self._info.classes
        things = [
            {"id": c.id, "name": c.name, "supercategory": "thing"} for c in classes if c.things
        ]
        every = [
            {"id": c.id, "name": c.name, "isthing": int(c.things), "color": list(c.color)}
            | {"supercategory": "thing" if c.things else "stuff"}
            for c in classes
        ]
        people = [person(c.id, c.name) for c in classes if c.name in PEOPLE]
        for kind, lists, categories in (
            ("instances", self._instances, things),
            ("person_keypoints", self._joints, people),
            ("panoptic", self._panoptic, every),
        ):
            head = _head(self._info) | {"categories": categories}
            self._folder.write(f"annotations/{kind}_{self._split}.json", lists.encoded(head))


def _head(info: DatasetInfo) -> dict[str, Any]:
    said = info.synthetic.statement if info.synthetic else "Made by scenegen."
    return {
        "info": {"description": said, "version": info.scenegen_version, "seed": info.seed},
        "licenses": list(_licences(info)),
    }


def _licences(info: DatasetInfo) -> Iterable[dict[str, Any]]:
    for number, licence in enumerate(info.licences, start=1):
        yield {
            "id": number,
            "name": licence.licence,
            "url": licence.source,
            "what": licence.what,
            "attribution": licence.attribution,
        }
