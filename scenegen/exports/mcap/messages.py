"""Numbers as Foxglove's messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from foxglove_schemas_protobuf.Color_pb2 import Color
from foxglove_schemas_protobuf.FrameTransform_pb2 import FrameTransform
from foxglove_schemas_protobuf.KeyValuePair_pb2 import KeyValuePair
from foxglove_schemas_protobuf.LinePrimitive_pb2 import LinePrimitive
from foxglove_schemas_protobuf.PackedElementField_pb2 import PackedElementField
from foxglove_schemas_protobuf.Point3_pb2 import Point3
from foxglove_schemas_protobuf.PointCloud_pb2 import PointCloud
from foxglove_schemas_protobuf.Pose_pb2 import Pose
from foxglove_schemas_protobuf.Quaternion_pb2 import Quaternion
from foxglove_schemas_protobuf.Vector3_pb2 import Vector3
from google.protobuf.timestamp_pb2 import Timestamp

from scenegen.geometry import quaternion_from_matrix
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

WORLD, EGO = "world", "ego"
"""Frames; each sensor has one of its own name."""

_TYPES = {
    np.dtype("<f4"): PackedElementField.FLOAT32,
    np.dtype("<u2"): PackedElementField.UINT16,
    np.dtype("<u4"): PackedElementField.UINT32,
}


@dataclass(frozen=True)
class Message:
    """A message, its topic, and its time from the start of the scene.

    `content` is a message of protobuf, or bytes of JSON.
    """

    time_ns: int
    topic: str
    content: Any


def nanoseconds(time_s: float) -> int:
    """Return a time from the start of the scene in whole nanoseconds."""
    return round(time_s * 1e9)


def stamp(time_s: float) -> Timestamp:
    """Return a time from the start of the scene."""
    seconds, rest = divmod(nanoseconds(time_s), 10**9)
    return Timestamp(seconds=seconds, nanos=rest)


def color(rgb: tuple[int, int, int], alpha: float = 1.0) -> Color:
    """Return a colour of 8-bit sRGB."""
    return Color(r=rgb[0] / 255, g=rgb[1] / 255, b=rgb[2] / 255, a=alpha)


def class_color(category: str, alpha: float = 1.0) -> Color:
    """Return the colour of a class by its name."""
    return color(CLASS_BY_NAME[category].color, alpha)


def vector(values: Iterable[float]) -> Vector3:
    """Return three numbers."""
    x, y, z = (float(value) for value in values)
    return Vector3(x=x, y=y, z=z)


def point(values: Iterable[float]) -> Point3:
    """Return a place."""
    x, y, z = (float(value) for value in values)
    return Point3(x=x, y=y, z=z)


def quaternion(rotation: F64) -> Quaternion:
    """Return a rotation (3, 3)."""
    w, x, y, z = (float(value) for value in quaternion_from_matrix(rotation))
    return Quaternion(x=x, y=y, z=z, w=w)


def pose(matrix: F64) -> Pose:
    """Return a pose (4, 4)."""
    return Pose(position=vector(matrix[:3, 3]), orientation=quaternion(matrix[:3, :3]))


def transform(time_s: float, parent: str, child: str, matrix: F64) -> FrameTransform:
    """Return where a frame is in another: ``parent_from_child`` (4, 4)."""
    return FrameTransform(
        timestamp=stamp(time_s),
        parent_frame_id=parent,
        child_frame_id=child,
        translation=vector(matrix[:3, 3]),
        rotation=quaternion(matrix[:3, :3]),
    )


def pairs(values: Mapping[str, object]) -> list[KeyValuePair]:
    """Return keys with their values as text."""
    return [KeyValuePair(key=key, value=str(value)) for key, value in values.items()]


def line(points_m: Iterable[Iterable[float]], rgb: Color, *, strip: bool) -> LinePrimitive:
    """Return points joined one after the other, or two by two."""
    return LinePrimitive(
        type=LinePrimitive.LINE_STRIP if strip else LinePrimitive.LINE_LIST,
        pose=Pose(orientation=Quaternion(w=1.0)),
        thickness=2.0,
        scale_invariant=True,
        points=[point(values) for values in points_m],
        color=rgb,
    )


def cloud(time_s: float, frame: str, columns: Mapping[str, np.ndarray]) -> PointCloud:
    """Return points with fields in the order of columns, all of the same length."""
    kinds = [(name, column.dtype.newbyteorder("<")) for name, column in columns.items()]
    rows = np.zeros(len(next(iter(columns.values()))), np.dtype(kinds))
    for name, column in columns.items():
        rows[name] = column
    offsets: Mapping[str, Any] = rows.dtype.fields or {}
    fields = [
        PackedElementField(name=name, offset=offsets[name][1], type=_TYPES[np.dtype(kind)])
        for name, kind in kinds
    ]
    return PointCloud(
        timestamp=stamp(time_s),
        frame_id=frame,
        pose=Pose(orientation=Quaternion(w=1.0)),
        point_stride=rows.dtype.itemsize,
        fields=fields,
        data=rows.tobytes(),
    )
