"""COCO's layout (Lin et al. 2014; Kirillov et al. 2019): instances, keypoints and panoptic."""

from scenegen.exports.coco.read import (
    CocoImage,
    CocoObject,
    PanopticImage,
    read_coco,
    read_panoptic,
)
from scenegen.exports.coco.write import write_coco

__all__ = [
    "CocoImage",
    "CocoObject",
    "PanopticImage",
    "read_coco",
    "read_panoptic",
    "write_coco",
]
