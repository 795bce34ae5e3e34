"""A camera's frame: picture, calibration, depth, ids, and labels drawn in the picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from foxglove_schemas_protobuf.CameraCalibration_pb2 import CameraCalibration
from foxglove_schemas_protobuf.CircleAnnotation_pb2 import CircleAnnotation
from foxglove_schemas_protobuf.CompressedImage_pb2 import CompressedImage
from foxglove_schemas_protobuf.ImageAnnotations_pb2 import ImageAnnotations
from foxglove_schemas_protobuf.Point2_pb2 import Point2
from foxglove_schemas_protobuf.PointsAnnotation_pb2 import PointsAnnotation
from foxglove_schemas_protobuf.RawImage_pb2 import RawImage
from foxglove_schemas_protobuf.TextAnnotation_pb2 import TextAnnotation

from scenegen.dataset import FrameReader
from scenegen.dataset.layout import read_content
from scenegen.exports.behaviour import flat, line_facts, object_behaviour
from scenegen.exports.drawn import LINE_COLORS, signal_color, stretches
from scenegen.exports.mcap.messages import (
    Message,
    class_color,
    color,
    nanoseconds,
    pairs,
    stamp,
)
from scenegen.records import FrameLabels, LaneLabel, ObjectLabel, SignalLabel
from scenegen.records.labels import Box, SignLabel
from scenegen.records.motion_labels import PairLabel
from scenegen.records.taxonomy import BONES

_MODELS = {"pinhole": "", "brown_conrady": "plumb_bob", "kannala_brandt": "kannala_brandt"}


def camera_messages(frame: FrameReader, labels: FrameLabels) -> Iterator[Message]:
    """Return the messages of a frame, on topics below the sensor's name."""
    time_ns, when = nanoseconds(labels.time_s), stamp(labels.time_s)
    topic, name = f"/{frame.sensor}", frame.sensor
    yield Message(time_ns, f"{topic}/calibration", calibration(labels))
    rgb = read_content(frame.path("rgb"), bytes)
    picture = CompressedImage(timestamp=when, frame_id=name, data=rgb, format="png")
    yield Message(time_ns, f"{topic}/image", picture)
    layers = frame.entry.layers
    pictures: dict[str, tuple[str, np.ndarray]] = {}
    if "depth" in layers:
        pictures["depth"] = ("32FC1", frame.depth_m.astype("<f4"))
    if "semantic" in layers:
        pictures["semantic"] = ("mono8", frame.semantic)
    if "instance" in layers:
        pictures["instance"] = ("mono16", frame.instance.astype("<u2"))
    for layer, (encoding, numbers) in pictures.items():
        height, width = numbers.shape
        raw = RawImage(
            timestamp=when,
            frame_id=name,
            width=width,
            height=height,
            encoding=encoding,
            step=width * numbers.itemsize,
            data=numbers.tobytes(),
        )
        yield Message(time_ns, f"{topic}/{layer}", raw)
    yield Message(time_ns, f"{topic}/annotations", drawn_labels(labels))


def calibration(labels: FrameLabels) -> CameraCalibration:
    """Return the calibration, counted from the middle of the first pixel as OpenCV does."""
    camera = labels.camera
    (fx, skew, cx), (_, fy, cy), _ = camera.K
    cx, cy = cx - 0.5, cy - 0.5
    return CameraCalibration(
        timestamp=stamp(labels.time_s),
        frame_id=labels.sensor,
        width=camera.width,
        height=camera.height,
        distortion_model=_MODELS[camera.model],
        D=camera.distortion if camera.model != "pinhole" else [],
        K=[fx, skew, cx, 0, fy, cy, 0, 0, 1],
        R=[1, 0, 0, 0, 1, 0, 0, 0, 1],
        P=[fx, skew, cx, 0, 0, fy, cy, 0, 0, 0, 1, 0],
    )


def drawn_labels(labels: FrameLabels) -> ImageAnnotations:
    """Return visible boxes with their names, lane lines, bones, signs and signals, in px."""
    when = stamp(labels.time_s)
    with_ego = labels.pairs_with_ego
    drawn = [_box(label, with_ego.get(label.instance_id)) for label in labels.objects]
    drawn += [part for lane in labels.lanes for part in _lane(lane)]
    drawn += [part for label in labels.objects for part in _bones(label)]
    drawn += [_sign(sign) for sign in labels.signs]
    heads = [_head(signal) for signal in labels.signals if signal.position_px is not None]
    texts = []
    for label in labels.objects:
        x1, y1, *_ = label.box2d_visible
        texts.append(
            TextAnnotation(
                timestamp=when,
                position=Point2(x=x1 - 0.5, y=y1 - 0.5),
                text=f"{label.category} {label.instance_id}",
                font_size=10,
                text_color=class_color(label.category),
            )
        )
    parts: list[Any] = [*drawn, *heads]
    for part in parts:
        part.timestamp.CopyFrom(when)
    return ImageAnnotations(timestamp=when, points=drawn, texts=texts, circles=heads)


def _box(label: ObjectLabel, with_ego: PairLabel | None) -> PointsAnnotation:
    """Return a visible box, with what is known of who is in it."""
    about = {
        "instance_id": label.instance_id,
        "category": label.category,
        "occlusion": label.occlusion,
        "truncation": label.truncation,
        "distance_m": label.distance_m,
        **dict(flat(object_behaviour(label))),
    }
    if with_ego is not None:
        numbers = with_ego.model_dump(exclude={"a", "b"}, exclude_none=True)
        about |= {f"ego.{key}": value for key, value in numbers.items()}
    return _loop(label.box2d_visible, class_color(label.category), about)


def _sign(label: SignLabel) -> PointsAnnotation:
    about = label.model_dump(
        include={"id", "code", "facing_rad", "front_visible", "lane", "relevant_to_ego"},
        exclude_none=True,
    )
    return _loop(label.box2d_visible, class_color("traffic sign"), about)


def _head(label: SignalLabel) -> CircleAnnotation:
    """Return a ring around a signal head."""
    assert label.position_px is not None
    u, v = label.position_px
    about = label.model_dump(
        include={"id", "kind", "state", "relevant_to_ego", "countdown_s", "next_state"},
        exclude_none=True,
    )
    return CircleAnnotation(
        position=Point2(x=u - 0.5, y=v - 0.5),
        diameter=8.0,
        thickness=1.0,
        outline_color=color(signal_color(label.state)),
        metadata=pairs(about),
    )


def _loop(box: Box, rgb: Any, about: dict[str, Any]) -> PointsAnnotation:
    x1, y1, x2, y2 = box
    corners = [(x1, y1), (x2, y1), (x2, y2), (x1, y2)]
    return _drawn(corners, PointsAnnotation.LINE_LOOP, outline_color=rgb, metadata=pairs(about))


def _lane(lane: LaneLabel) -> Iterator[PointsAnnotation]:
    """Return the stretches of a line that show."""
    for strip in stretches(lane):
        yield _drawn(
            strip,
            PointsAnnotation.LINE_STRIP,
            outline_color=color(LINE_COLORS[lane.color]),
            metadata=pairs(line_facts(lane)),
        )


def _bones(label: ObjectLabel) -> Iterator[PointsAnnotation]:
    joints = {joint: place for joint, place in (label.skeleton_px or {}).items() if place}
    ends = [joints[joint] for bone in BONES if joints.keys() >= set(bone) for joint in bone]
    if ends:
        yield _drawn(ends, PointsAnnotation.LINE_LIST, outline_color=color((255, 255, 0)))


def _drawn(places: list[tuple[float, float]], kind: Any, **more: Any) -> PointsAnnotation:
    """Return lines between places, whose px from the corner become those from a pixel's middle."""
    points = [Point2(x=place[0] - 0.5, y=place[1] - 0.5) for place in places]
    return PointsAnnotation(type=kind, points=points, thickness=1.0, **more)
