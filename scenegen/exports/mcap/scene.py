"""One scene as an MCAP file: messages of Foxglove's schemas, in the order of time.

Frames: ``world``, ``ego`` in it, and one for each sensor in that; cameras look along z.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from foxglove_schemas_protobuf.FrameTransforms_pb2 import FrameTransforms

from scenegen.dataset import FrameReader, ScanReader, SceneReader, SweepReader
from scenegen.dataset.layout import read_content
from scenegen.dataset.storage import storage_errors
from scenegen.exports.bodies import Bodies
from scenegen.exports.mcap.cameras import camera_messages
from scenegen.exports.mcap.file import McapFile
from scenegen.exports.mcap.messages import EGO, WORLD, Message, cloud, nanoseconds, transform
from scenegen.exports.mcap.world import moment_messages, run_messages
from scenegen.exports.source import Source
from scenegen.exports.surroundings import Surroundings
from scenegen.geometry import apply, inverse
from scenegen.records import ScanLabels, SweepLabels
from scenegen.records.base import F64
from scenegen.records.labels import EgoLabel

_Waiting = tuple[int, Callable[[], Iterator[Message]]]
"""Nanoseconds from the start of the scene, and what makes the messages of that time."""


def write_scene(source: Source, scene: SceneReader, path: Path) -> None:
    """Write a scene."""
    waiting = _sensors(source, scene)
    with storage_errors(path), path.open("wb") as file, McapFile(file) as made:
        manifest = scene.manifest
        about = {"scene": scene.id, "scenario": manifest.scenario}
        about |= {"log_weight": repr(manifest.log_weight), "split": source.split(scene.id)}
        made.add_metadata("scenegen", about)
        parameters = sorted(manifest.parameters.items())
        made.add_metadata("parameters", {name: str(value) for name, value in parameters})
        for _, messages in sorted(waiting, key=lambda item: item[0]):
            for message in messages():
                made.write(message)


def _sensors(source: Source, scene: SceneReader) -> list[_Waiting]:
    """Return by time what makes messages; pictures and points are read only then."""
    bodies, around = Bodies(scene.scenario, scene.trajectory), Surroundings()
    waiting: list[_Waiting] = []
    for frame in source.frames(scene):
        labels = frame.labels
        pose = np.array(labels.camera.world_from_camera)
        bodies.see(labels.time_s, pose, labels.objects)
        around.see(labels)
        placed = _placed(labels.time_s, labels.ego, frame.sensor, pose)
        time_ns = nanoseconds(labels.time_s)
        waiting += [(time_ns, partial(iter, (placed,)))]
        waiting += [(time_ns, partial(camera_messages, frame, labels))]
        waiting += [(time_ns, partial(_told, frame, time_ns))]
    for sweep in source.sweeps(scene):
        boxes = sweep.labels
        pose = np.array(boxes.poses[0].world_from_sensor)
        bodies.see(boxes.time_s, pose, boxes.objects)
        placed = _placed(boxes.time_s, boxes.ego, sweep.sensor, pose)
        waiting += [(nanoseconds(boxes.time_s), partial(_sweep, sweep, boxes, placed))]
    for scan in source.scans(scene):
        found = scan.labels
        pose = np.array(found.world_from_sensor)
        bodies.see(found.time_s, pose, found.objects)
        placed = _placed(found.time_s, found.ego, scan.sensor, pose)
        waiting += [(nanoseconds(found.time_s), partial(_scan, scan, found, placed))]
    made = [*run_messages(bodies.all(), scene.trajectory), *moment_messages(around.moments())]
    return [*((message.time_ns, partial(iter, (message,))) for message in made), *waiting]


def _placed(time_s: float, ego: EgoLabel, sensor: str, world_from_sensor: F64) -> Message:
    """Return where the ego is, and a sensor on it."""
    body = np.array(ego.world_from_body)
    transforms = [
        transform(time_s, WORLD, EGO, body),
        transform(time_s, EGO, sensor, inverse(body) @ world_from_sensor),
    ]
    return Message(nanoseconds(time_s), "/tf", FrameTransforms(transforms=transforms))


def _told(frame: FrameReader, time_ns: int) -> Iterator[Message]:
    yield _labels(frame, "labels", time_ns)


def _labels(reader: FrameReader | SweepReader | ScanReader, kind: str, time_ns: int) -> Message:
    """Return a reading's labels as the data set has them."""
    content = read_content(reader.path(kind), bytes)
    return Message(time_ns, f"/{reader.sensor}/labels", content)


def _sweep(reader: SweepReader, labels: SweepLabels, placed: Message) -> Iterator[Message]:
    """Return a sweep without the ego's motion: in the sensor's frame at the sweep's start."""
    yield placed
    sweep = reader.sweep
    start = np.array(labels.poses[0].world_from_sensor)
    points = apply(inverse(start), labels.in_world(sweep.points[:, :3], sweep.beam))
    columns = {name: points[:, k].astype("<f4") for k, name in enumerate("xyz")}
    columns["intensity"] = sweep.points[:, 3].astype("<f4")
    columns["offset_s"] = (labels.times_of(sweep.beam) - labels.time_s).astype("<f4")
    columns |= {"semantic": sweep.semantic, "instance": sweep.instance}
    content = cloud(labels.time_s, reader.sensor, columns)
    yield Message(placed.time_ns, f"/{reader.sensor}/points", content)
    yield _labels(reader, "boxes", placed.time_ns)


def _scan(reader: ScanReader, labels: ScanLabels, placed: Message) -> Iterator[Message]:
    yield placed
    scan = reader.scan
    points = scan.points[:, :1] * scan.directions
    columns = {name: points[:, k].astype("<f4") for k, name in enumerate("xyz")}
    columns["radial_speed_mps"] = scan.points[:, 3].astype("<f4")
    columns["radial_speed_over_ground_mps"] = labels.over_ground(scan).astype("<f4")
    columns |= {"rcs_dbsm": scan.points[:, 4], "snr_db": scan.points[:, 5]}
    columns |= {"semantic": scan.semantic, "instance": scan.instance}
    content = cloud(labels.time_s, reader.sensor, columns)
    yield Message(placed.time_ns, f"/{reader.sensor}/points", content)
    yield _labels(reader, "boxes", placed.time_ns)
