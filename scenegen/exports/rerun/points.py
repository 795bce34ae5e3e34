"""Sweeps of LiDARs and scans of radars, in the world."""

from __future__ import annotations

import numpy as np
import rerun as rr

from scenegen.dataset import ScanReader, SweepReader
from scenegen.exports.rerun.cameras import transform
from scenegen.geometry import apply
from scenegen.records import ScanLabels, SweepLabels


def log_sweep(stream: rr.RecordingStream, reader: SweepReader, labels: SweepLabels) -> None:
    """Log a sweep at its start: each point where it was measured, by class."""
    sweep = reader.sweep
    stream.log(
        f"world/lidars/{reader.sensor}",
        rr.Points3D(
            labels.in_world(sweep.points[:, :3], sweep.beam),
            class_ids=sweep.semantic,
            radii=0.03,
            show_labels=False,
        ),
        rr.AnyValues(intensity=sweep.points[:, 3], instance_id=sweep.instance),
    )
    pose = np.array(labels.poses[0].world_from_sensor)
    stream.log(f"world/sensors/{reader.sensor}", transform(pose))


def log_scan(stream: rr.RecordingStream, reader: ScanReader, labels: ScanLabels) -> None:
    """Log a scan: detections by class, and arrows as long as a second's way over the ground."""
    scan = reader.scan
    points = labels.in_world(scan)
    pose = np.array(labels.world_from_sensor)
    turned = apply(pose, scan.directions) - pose[:3, 3]
    entity = f"world/radars/{reader.sensor}"
    stream.log(
        entity,
        rr.Points3D(points, class_ids=scan.semantic, radii=0.15, show_labels=False),
        rr.AnyValues(
            instance_id=scan.instance,
            radial_speed_mps=scan.points[:, 3],
            rcs_dbsm=scan.points[:, 4],
            snr_db=scan.points[:, 5],
        ),
    )
    arrows = rr.Arrows3D(
        origins=points,
        vectors=turned * labels.over_ground(scan)[:, None],
        class_ids=scan.semantic,
        radii=0.03,
        show_labels=False,
    )
    stream.log(f"{entity}/speeds", arrows)
    stream.log(f"world/sensors/{reader.sensor}", transform(pose))
