"""One scene as a Rerun recording.

Entities, in the world's frame (x and y level, z up) or a camera's picture::

    world                       classes
    world/ego, world/actors/*   box and pose at every control step, path
    world/cameras/*             pinhole and pose; below: rgb, depth, semantic, instance, objects,
                                lanes, skeletons, signs
    world/people                skeletons at every frame
    world/lanes, signals, signs at every frame
    world/motion                velocities, accelerations and what people are up to, at every frame
    world/lidars/*, radars/*    points, without the ego's motion
    plots, events, scenario     ego's speed, controls and pairs, intents and contacts, parameters
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rerun as rr

from scenegen.dataset import SceneReader
from scenegen.exports.bodies import Bodies, Body
from scenegen.exports.rerun.cameras import log_camera
from scenegen.exports.rerun.layout import blueprint, world_context
from scenegen.exports.rerun.motion import log_motion
from scenegen.exports.rerun.points import log_scan, log_sweep
from scenegen.exports.rerun.surroundings import log_moment
from scenegen.exports.run_events import run_events
from scenegen.exports.source import Source
from scenegen.exports.surroundings import Surroundings
from scenegen.geometry import quaternion_from_matrix
from scenegen.records import Trajectory
from scenegen.records.taxonomy import CLASS_BY_NAME


def record(source: Source, scene: SceneReader, path: Path) -> None:
    """Write a scene's recording.

    What is logged depends on the scene alone; the ids of rows that Rerun adds do not.
    """
    # Chunks end by their size alone: by time they would be others in each run.
    by_size = rr.ChunkBatcherConfig(flush_tick=1e6, flush_num_bytes=2**20)
    stream = rr.RecordingStream(
        "scenegen", recording_id=scene.id, send_properties=False, batcher_config=by_size
    )
    stream.set_log_time_enabled(False)
    frames, sweeps, scans = source.frames(scene), source.sweeps(scene), source.scans(scene)
    cameras = sorted({frame.sensor for frame in frames})
    stream.save(path, default_blueprint=blueprint(cameras))
    try:
        stream.log("/", rr.ViewCoordinates.RIGHT_HAND_Z_UP, static=True)
        stream.log("world", world_context(), static=True)
        stream.log("scenario", _about(scene), static=True)
        bodies, around = Bodies(scene.scenario, scene.trajectory), Surroundings()
        shown: frozenset[str] = frozenset()
        for frame in frames:
            labels = frame.labels
            pose = np.array(labels.camera.world_from_camera)
            bodies.see(labels.time_s, pose, labels.objects)
            _at(stream, labels.time_s, labels.step)
            log_camera(stream, frame, labels, scene.scenario)
            around.see(labels)
        for moment in around.moments():
            _at(stream, moment.time_s, moment.step)
            shown = log_moment(stream, moment, shown)
            log_motion(stream, moment)
        for sweep in sweeps:
            boxes = sweep.labels
            bodies.see(boxes.time_s, np.array(boxes.poses[0].world_from_sensor), boxes.objects)
            _at(stream, boxes.time_s, boxes.step)
            log_sweep(stream, sweep, boxes)
        for scan in scans:
            found = scan.labels
            bodies.see(found.time_s, np.array(found.world_from_sensor), found.objects)
            _at(stream, found.time_s, found.step)
            log_scan(stream, scan, found)
        for body in bodies.all():
            _log_body(stream, body, scene.trajectory)
        _log_events(stream, bodies.all(), scene.trajectory)
        stream.flush()
    finally:
        stream.disconnect()


def _at(stream: rr.RecordingStream, time_s: float, step: int) -> None:
    stream.set_time("time", duration=time_s)
    stream.set_time("step", sequence=step)


def _about(scene: SceneReader) -> rr.TextDocument:
    manifest = scene.manifest
    lines = [f"# {scene.id}", "", "| parameter | value |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in sorted(manifest.parameters.items())]
    lines += ["", "| monitor | robustness |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in sorted(manifest.robustness.items())]
    return rr.TextDocument("\n".join(lines), media_type=rr.MediaType.MARKDOWN)


def _log_body(stream: rr.RecordingStream, body: Body, trajectory: Trajectory) -> None:
    """Log a box that moves, and the path that it takes."""
    ego = body.name == "ego"
    entity = "world/ego" if ego else f"world/actors/{rr.escape_entity_path_part(body.entity)}"
    class_ = CLASS_BY_NAME[body.category]
    there = np.flatnonzero(body.valid)
    if len(there) == 0:
        return
    box = rr.Boxes3D(
        half_sizes=[body.size_m / 2],
        centers=[body.body_from_box[:3, 3]],
        quaternions=[_xyzw(body.body_from_box)],
        labels=[f"{body.category} {body.instance_id}" if not ego else "ego"],
        class_ids=[class_.id],
        show_labels=False,
    )
    # A box is logged whenever it comes and taken away when it goes.
    for row in range(len(body.valid)):
        before = row > 0 and body.valid[row - 1]
        if body.valid[row] != before:
            _at(stream, float(trajectory.time_s[row]), int(trajectory.step[row]))
            stream.log(entity, box if body.valid[row] else rr.Clear(recursive=False))
    poses = body.world_from_body[there]
    times = [
        rr.TimeColumn("time", duration=trajectory.time_s[there]),
        rr.TimeColumn("step", sequence=trajectory.step[there]),
    ]
    turns = np.array([_xyzw(pose) for pose in poses])
    moves = rr.Transform3D.columns(translation=poses[:, :3, 3], quaternion=turns)
    stream.send_columns(entity, indexes=times, columns=moves)
    # Beside the box, not below it: it doesn't move along.
    path = rr.LineStrips3D([poses[:, :3, 3]], class_ids=[class_.id], radii=0.03, show_labels=False)
    stream.log(f"world/paths/{rr.escape_entity_path_part(body.entity)}", path, static=True)
    if ego:
        speeds = np.linalg.norm(
            trajectory.velocity_mps[there, trajectory.column(body.instance_id)], axis=1
        )
        columns = rr.Scalars.columns(scalars=speeds)
        stream.send_columns("plots/ego/speed_mps", indexes=times, columns=columns)


def _log_events(stream: rr.RecordingStream, bodies: list[Body], trajectory: Trajectory) -> None:
    for event in run_events(bodies, trajectory):
        _at(stream, event.time_s, event.step)
        level = rr.TextLogLevel.WARN if event.is_contact else rr.TextLogLevel.INFO
        entity = f"events/{rr.escape_entity_path_part(event.subject)}"
        stream.log(entity, rr.TextLog(event.text, level=level))


def _xyzw(pose: np.ndarray) -> np.ndarray:
    return np.roll(quaternion_from_matrix(pose[:3, :3]), -1)
