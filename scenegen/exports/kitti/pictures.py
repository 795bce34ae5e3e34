"""Label pictures of KITTI's benchmarks: classes, instances, flow without what leaves, depth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.dataset.codecs import (
    F32,
    U16,
    Mask,
    encode_depth,
    encode_flow,
    encode_instance,
    encode_semantic,
)
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASSES

_FIRST_THING, _LAST_THING = 24, 33
_CITYSCAPES = np.zeros(256, np.uint8)
for _class in CLASSES:
    _CITYSCAPES[_class.id] = _class.cityscapes_id
_MOST = 255


def semantic_picture(semantic: npt.NDArray[np.uint8]) -> bytes:
    """Return the PNG of Cityscapes' ids; pixels to ignore are 0, unlabeled."""
    return encode_semantic(_CITYSCAPES[semantic])


def instance_picture(semantic: npt.NDArray[np.uint8], instance: U16) -> bytes:
    """Return the PNG of 256 times the class and a count of its objects in this picture, from 1.

    Count 0 is of what is not told apart: scenery, and objects beyond the 255th of a class.
    """
    classes = _CITYSCAPES[semantic].astype(np.uint16)
    picture = classes * np.uint16(256)
    for class_id in range(_FIRST_THING, _LAST_THING + 1):
        ids = np.unique(instance[(classes == class_id) & (instance > 0)])
        for count, id_ in enumerate(ids[:_MOST].tolist(), start=1):
            picture[(classes == class_id) & (instance == id_)] += np.uint16(count)
    return encode_instance(picture)


def flow_within(flow_px: F32, valid: Mask) -> bytes:
    """Return the PNG of the flow of those pixels whose points stay within the picture."""
    height, width = valid.shape
    rows, columns = np.mgrid[:height, :width] + 0.5
    x, y = columns + flow_px[..., 0], rows + flow_px[..., 1]
    return encode_flow(flow_px, valid & (x >= 0) & (x < width) & (y >= 0) & (y < height))


def sparse_depth(points_camera: F64, K: F64, width: int, height: int) -> bytes:
    """Return the PNG of the depths of LiDAR points in a picture; of several the nearest.

    Parameters
    ----------
    points_camera : (N, 3) float64 m
    K : (3, 3) float64 px
        Counted from the corner.
    """
    ahead = points_camera[points_camera[:, 2] > 0.1]
    pixels = np.floor((ahead @ K.T)[:, :2] / ahead[:, 2:]).astype(np.int64)
    inside = ((pixels >= 0) & (pixels < [width, height])).all(axis=1)
    depth = np.full((height, width), np.inf, np.float32)
    columns, rows = pixels[inside].T
    np.minimum.at(depth, (rows, columns), ahead[inside, 2].astype(np.float32))
    return encode_depth(depth)
