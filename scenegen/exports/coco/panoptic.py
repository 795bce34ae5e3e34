"""COCO's panoptic truth (Kirillov et al. 2019): one number a pixel, and what each number is."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.dataset.codecs import U8, U16
from scenegen.records import FrameLabels
from scenegen.records.taxonomy import CLASS_BY_NAME, IGNORE

I32 = npt.NDArray[np.int32]
_STUFF = 2**16
"""Added to the class of stuff; what is told apart has its 16-bit instance id."""


def segments(semantic: U8, instance: U16, labels: FrameLabels) -> tuple[I32, list[dict[str, Any]]]:
    """Return each pixel's segment (H, W), 0 for none, and the entries of all segments.

    Parameters
    ----------
    semantic : ndarray, shape (H, W), uint8
        Class ids; pixels to ignore belong to no segment.
    instance : ndarray, shape (H, W), uint16
    labels : FrameLabels
    """
    ids = np.where(instance > 0, instance.astype(np.int32), _STUFF + semantic.astype(np.int32))
    ids[semantic == IGNORE] = 0
    classes = {o.instance_id: CLASS_BY_NAME[o.category].id for o in labels.objects}
    entries = []
    for id_ in np.unique(ids[ids > 0]).tolist():
        mask = (ids == id_).astype(np.uint8)
        left, top, width, height = cv2.boundingRect(mask)
        entries.append(
            {
                "id": id_,
                "category_id": classes[id_] if id_ < _STUFF else id_ - _STUFF,
                "area": int(cv2.countNonZero(mask)),
                "bbox": [left, top, width, height],
                "iscrowd": 0,
            }
        )
    return ids, entries


def panoptic_png(ids: I32) -> bytes:
    """Return the PNG of segments (H, W): red + 256 green + 65536 blue."""
    red, green, blue = ids & 255, ids >> 8 & 255, ids >> 16
    picture = np.stack([blue, green, red], axis=-1).astype(np.uint8)
    return bytes(cv2.imencode(".png", picture)[1])


def panoptic_ids(png: bytes) -> I32:
    """Return segments (H, W) of `panoptic_png`'s bytes; ValueError if they are damaged."""
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR) if png else None
    if picture is None:
        raise ValueError("not a readable PNG")
    blue, green, red = np.moveaxis(picture.astype(np.int32), -1, 0)
    return np.asarray(red + 256 * green + 65536 * blue, dtype=np.int32)
