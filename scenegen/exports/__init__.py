"""Data sets in the layouts of others, one module a layout.

A layout is a function from a `Source` to the files in an `ExportFolder`, named in `FORMATS`. Where
a layout can be read back, its module has the reader as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scenegen.exports.cityscapes import write_cityscapes
from scenegen.exports.coco import write_coco
from scenegen.exports.croissant import write_croissant
from scenegen.exports.culane import write_culane
from scenegen.exports.folder import ExportFolder
from scenegen.exports.kitti import write_kitti
from scenegen.exports.mcap import write_mcap
from scenegen.exports.mot import write_mot
from scenegen.exports.nuscenes import write_nuscenes
from scenegen.exports.openlabel import write_openlabel
from scenegen.exports.rerun import write_rerun
from scenegen.exports.semantickitti import write_semantickitti
from scenegen.exports.source import Source, Split
from scenegen.exports.trajectories import write_trajectories
from scenegen.exports.tusimple import write_tusimple
from scenegen.exports.webdataset import write_webdataset
from scenegen.exports.yolo import write_yolo


@dataclass(frozen=True)
class Format:
    """A layout: what it is in a few words, and what writes it."""

    summary: str
    write: Callable[[Source, ExportFolder], None]


FORMATS: dict[str, Format] = {
    "cityscapes": Format("Cityscapes: gtFine, disparity, cameras", write_cityscapes),
    "coco": Format("COCO: instances, keypoints and panoptic truth", write_coco),
    "croissant": Format("Croissant metadata beside a copy of the set", write_croissant),
    "culane": Format("lane lines as lists of points, with masks", write_culane),
    "kitti": Format("KITTI: objects, tracking, depth, flow, semantics", write_kitti),
    "mcap": Format("messages of Foxglove's schemas", write_mcap),
    "mot": Format("MOTChallenge: tracks of boxes in pictures", write_mot),
    "nuscenes": Format("nuScenes v1.0: all sensors, boxes in the world", write_nuscenes),
    "openlabel": Format("ASAM OpenLABEL 1.0: all sensors, a file a scene", write_openlabel),
    "rerun": Format("recordings for the Rerun viewer", write_rerun),
    "semantickitti": Format(
        "SemanticKITTI: sweeps with a class and an instance a point", write_semantickitti
    ),
    "trajectories": Format("the ego's way, as TUM and KITTI write poses", write_trajectories),
    "tusimple": Format("lane lines by rows of pixels", write_tusimple),
    "webdataset": Format("tar shards for streaming into training", write_webdataset),
    "yolo": Format("YOLO: detect, segment and pose, each with its data.yaml", write_yolo),
}
"""By the name that ``export format=`` takes."""

__all__ = ["FORMATS", "ExportFolder", "Format", "Source", "Split"]
