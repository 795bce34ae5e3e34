"""A camera's frame: where it is, what it shows, and labels in its picture."""

from __future__ import annotations

import numpy as np
import rerun as rr

from scenegen.dataset import FrameReader
from scenegen.dataset.layout import read_content
from scenegen.exports.drawn import LINE_COLORS, stretches
from scenegen.exports.rerun.layout import JOINTS
from scenegen.records import ConcreteScenario, FrameLabels
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

DEPTH_UNITS = 256.0
"""Of depth pictures, to a metre."""


def log_camera(
    stream: rr.RecordingStream,
    frame: FrameReader,
    labels: FrameLabels,
    scenario: ConcreteScenario,
) -> None:
    """Log a frame at the stream's time.

    The viewer knows pinholes only: of a lens it gets focal lengths and principal point, and no
    depth where that is a distance from the camera.
    """
    entity, camera = f"world/cameras/{frame.sensor}", labels.camera
    stream.log(entity, transform(np.array(camera.world_from_camera)))
    if frame.index == 0:
        pinhole = rr.Pinhole(
            image_from_camera=camera.K,
            resolution=[camera.width, camera.height],
            camera_xyz=rr.ViewCoordinates.RDF,
            image_plane_distance=1.0,
        )
        stream.log(entity, pinhole, static=True)
        names = [
            rr.AnnotationInfo(actor.instance_id, f"{actor.name} {actor.instance_id}")
            for actor in scenario.actors
        ]
        stream.log(f"{entity}/instance", rr.AnnotationContext(names), static=True)
    _log_layers(stream, entity, frame, camera.depth)
    _log_objects(stream, f"{entity}/objects", labels)
    _log_lanes(stream, f"{entity}/lanes", labels)
    _log_skeletons(stream, f"{entity}/skeletons", labels)
    _log_signs(stream, f"{entity}/signs", labels)


def transform(pose: F64) -> rr.Transform3D:
    """Return a pose (4, 4) as the parent's from the child's."""
    return rr.Transform3D(translation=pose[:3, 3], mat3x3=pose[:3, :3])


def _log_layers(
    stream: rr.RecordingStream, entity: str, frame: FrameReader, depth_kind: str
) -> None:
    rgb = read_content(frame.path("rgb"), bytes)
    stream.log(f"{entity}/rgb", rr.EncodedImage(contents=rgb, media_type="image/png"))
    layers = frame.entry.layers
    if "depth" in layers and depth_kind == "z":
        depth = read_content(frame.path("depth"), bytes)
        picture = rr.EncodedDepthImage(depth, media_type="image/png", meter=DEPTH_UNITS)
        stream.log(f"{entity}/depth", picture)
    if "semantic" in layers:
        stream.log(f"{entity}/semantic", rr.SegmentationImage(frame.semantic))
    if "instance" in layers:
        stream.log(f"{entity}/instance", rr.SegmentationImage(frame.instance))


def _log_objects(stream: rr.RecordingStream, entity: str, labels: FrameLabels) -> None:
    objects = labels.objects
    stream.log(
        entity,
        rr.Boxes2D(
            array=np.array([o.box2d_visible for o in objects], float).reshape(-1, 4),
            array_format=rr.Box2DFormat.XYXY,
            labels=[f"{o.category} {o.instance_id}" for o in objects],
            class_ids=[CLASS_BY_NAME[o.category].id for o in objects],
            show_labels=False,
        ),
        rr.AnyValues(
            instance_id=[o.instance_id for o in objects],
            occlusion=[o.occlusion for o in objects],
            truncation=[o.truncation for o in objects],
            distance_m=[o.distance_m for o in objects],
        ),
    )


def _log_lanes(stream: rr.RecordingStream, entity: str, labels: FrameLabels) -> None:
    """Log the stretches of lane lines that show."""
    drawn = [(strip, LINE_COLORS[lane.color]) for lane in labels.lanes for strip in stretches(lane)]
    strips, colors = [strip for strip, _ in drawn], [color for _, color in drawn]
    stream.log(entity, rr.LineStrips2D(strips, colors=colors))


def _log_skeletons(stream: rr.RecordingStream, entity: str, labels: FrameLabels) -> None:
    """Log everybody's joints under an entity of their own, since bones join within one."""
    stream.log(entity, rr.Clear(recursive=True))
    for label in labels.objects:
        joints = [
            (JOINTS.index(name), point)
            for name, point in (label.skeleton_px or {}).items()
            if point is not None
        ]
        if joints:
            points = rr.Points2D(
                [point for _, point in joints],
                keypoint_ids=[number for number, _ in joints],
                class_ids=[CLASS_BY_NAME[label.category].id] * len(joints),
                radii=rr.Radius.ui_points(1.5),
                show_labels=False,
            )
            told = label.skeleton_visible or {}
            shows = [told[JOINTS[number]] for number, _ in joints] if told else None
            known = [rr.AnyValues(visibility=shows)] if shows else []
            stream.log(f"{entity}/{label.instance_id}", points, *known)


def _log_signs(stream: rr.RecordingStream, entity: str, labels: FrameLabels) -> None:
    signs = labels.signs
    stream.log(
        entity,
        rr.Boxes2D(
            array=np.array([sign.box2d_visible for sign in signs], float).reshape(-1, 4),
            array_format=rr.Box2DFormat.XYXY,
            labels=[sign.code for sign in signs],
            class_ids=[CLASS_BY_NAME["traffic sign"].id] * len(signs),
            show_labels=False,
        ),
    )
