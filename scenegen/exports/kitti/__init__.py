"""KITTI (Geiger et al. 2012, 2013): objects, tracking, depth, flow and semantics."""

from scenegen.exports.kitti.calibration import KittiCalibration, read_object_calibration
from scenegen.exports.kitti.labels import KittiObject, read_objects, read_tracks
from scenegen.exports.kitti.reading import KittiPicture, read_kitti
from scenegen.exports.kitti.writing import write_kitti

__all__ = [
    "KittiCalibration",
    "KittiObject",
    "KittiPicture",
    "read_kitti",
    "read_object_calibration",
    "read_objects",
    "read_tracks",
    "write_kitti",
]
