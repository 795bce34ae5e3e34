"""What LiDARs and radars measured at the time of a frame, seen from above with the boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from scenegen.dataset import ScanReader, SceneReader, SweepReader
from scenegen.geometry import apply, inverse, pose, quaternion_from_yaw
from scenegen.records import RadarSpec
from scenegen.records.labels import Box3d, EgoLabel
from scenegen.records.mounted import MountedSpec
from scenegen.records.sweep import RangedObject
from scenegen.records.taxonomy import CLASS_BY_ID
from scenegen.report.colors import Image, Rgb, category_colour, color_semantic
from scenegen.report.overlay import put_text
from scenegen.report.plan import Plan, outline

F64 = npt.NDArray[np.float64]
Reader = TypeVar("Reader", SweepReader, ScanReader)

_DARK: Rgb = (18, 20, 26)
_EGO: Rgb = (255, 255, 255)
_AIR: Rgb = (255, 60, 220)
_RINGS: Rgb = (44, 48, 58)
_LIDAR_M, _RADAR_M = (-28.0, 62.0), (-25.0, 125.0)
"""What is shown behind and before the ego."""
_FULL_MPS = 15.0
"""Speed over ground that is drawn in full colour."""
_RUN_S = 0.7
"""Detections have a line as long as what they go in this time."""


def sweep_view(scene: SceneReader, time_s: float, width: int, height: int) -> Image | None:
    """Return the points of all LiDARs around a time (height, width, 3); None without any.

    The ego looks to the right. Actors are in their colours, the rest in that of its class, the
    brighter the more it sends back; echoes of the air are pink.

    Parameters
    ----------
    scene : SceneReader
    time_s : float
        From the start of the scene.
    width, height : int
    """
    sweeps = _around(scene.sweeps, scene.scenario.lidars, time_s)
    if not sweeps:
        return None
    plan = _ground(_LIDAR_M, width, height)
    ego_from_world = _ego_from_world(sweeps[0].labels.ego)
    for sweep in sweeps:
        _draw_sweep(plan, sweep, ego_from_world)
    return _finished(plan, scene, sweeps, "points")


def scan_view(scene: SceneReader, time_s: float, width: int, height: int) -> Image | None:
    """Return the detections of all radars around a time, as `sweep_view`.

    Discs grow with the cross-section; what comes nearer is blue, what goes away red, by its
    radial speed over ground; what belongs to nothing (noise, ghosts) is a cross.
    """
    scans = _around(scene.scans, scene.scenario.radars, time_s)
    if not scans:
        return None
    plan = _ground(_RADAR_M, width, height)
    ego_from_world = _ego_from_world(scans[0].labels.ego)
    for scan in scans:
        _draw_scan(plan, scan, scene.scenario.radars[scan.sensor], ego_from_world)
    return _finished(plan, scene, scans, "detections")


def _around(
    read: Callable[[str], list[Reader]], specs: Mapping[str, MountedSpec], time_s: float
) -> list[Reader]:
    """Return the sweep or scan of each sensor that begins nearest to a time, if it has any."""
    found = []
    for name, spec in specs.items():
        if all_of := read(name):
            found.append(min(all_of, key=lambda one: abs(one.index / spec.rate_hz - time_s)))
    return found


def _ground(shown_m: tuple[float, float], width: int, height: int) -> Plan:
    """Return an empty plan with rings every 20 m around the ego."""
    behind, before = shown_m
    middle = np.array([0.5 * (behind + before), 0.0])
    plan = Plan(middle, (before - behind) / width, width, height, _DARK)
    turn = np.linspace(-np.pi, np.pi, 181)
    for radius in range(20, int(before) + 20, 20):
        plan.line(radius * np.stack([np.cos(turn), np.sin(turn)], axis=1), _RINGS)
    return plan


def _ego_from_world(ego: EgoLabel) -> F64:
    """Return the transform (4, 4) from the world to the ego's level frame."""
    body = np.array(ego.world_from_body)
    yaw = float(np.arctan2(body[1, 0], body[0, 0]))
    return np.asarray(inverse(pose(body[:3, 3], quaternion_from_yaw(yaw))))


def _draw_sweep(plan: Plan, sweep: SweepReader, ego_from_world: F64) -> None:
    points, semantic, labels = sweep.points, sweep.semantic, sweep.labels
    place = apply(ego_from_world, labels.in_world(points[:, :3], sweep.beam))
    colour = color_semantic(semantic.astype(np.uint8)[None])[0].astype(np.float64)
    colour = 80 + (0.25 + 0.6 * np.sqrt(np.minimum(points[:, 3:] / 0.4, 1))) * colour
    for class_id in np.unique(semantic[sweep.instance > 0]).tolist():
        own = (semantic == class_id) & (sweep.instance > 0)
        colour[own] = category_colour(CLASS_BY_ID[class_id].name)
    colour[semantic == 0] = _AIR
    # What matters is drawn last: actors over the scenery, the air over all.
    order = np.argsort(np.where(semantic == 0, 2, sweep.instance > 0), kind="stable")
    plan.dots(place[order], colour[order])
    _draw_boxes(plan, labels.objects, ego_from_world @ np.array(labels.poses[0].world_from_sensor))


def _draw_scan(plan: Plan, scan: ScanReader, spec: RadarSpec, ego_from_world: F64) -> None:
    labels, points, found = scan.labels, scan.points, scan.scan
    place = apply(ego_from_world, labels.in_world(found))
    onward = ego_from_world @ np.array(labels.world_from_sensor)
    _draw_boxes(plan, labels.objects, onward)
    along = (found.directions @ onward[:3, :3].T)[:, :2]
    # Of the speeds that fold into the same one, the slowest over ground.
    speed = spec.folded_speed(labels.over_ground(found))
    for k in np.argsort(points[:, 4]).tolist():
        if found.semantic[k] == 0:
            for side in ((0.7, 0.7), (0.7, -0.7)):
                arm = np.array(side) * 3 * plan.metres_per_px
                plan.line(np.stack([place[k, :2] - arm, place[k, :2] + arm]), (120, 124, 134))
            continue
        colour = _speed_colour(float(speed[k]))
        if abs(speed[k]) > 0.5:
            end = place[k, :2] + along[k] * speed[k] * _RUN_S
            plan.line(np.stack([place[k, :2], end]), colour)
        plan.disc(place[k], float(np.clip(2.2 + points[k, 4] / 12, 1.0, 5.0)), colour)


def _speed_colour(speed_mps: float) -> Rgb:
    """Return grey for what stands, towards blue for what comes and red for what goes."""
    share = min(abs(speed_mps) / _FULL_MPS, 1.0) ** 0.5
    full = np.array((70, 150, 255) if speed_mps < 0 else (255, 80, 70))
    red, green, blue = (np.array((170, 172, 178)) * (1 - share) + full * share).round().tolist()
    return (int(red), int(green), int(blue))


def _draw_boxes(plan: Plan, objects: list[RangedObject], ego_from_sensor: F64) -> None:
    for label in objects:
        _draw_box(plan, label.box3d, ego_from_sensor, category_colour(label.category))


def _draw_box(plan: Plan, box: Box3d, ego_from_sensor: F64, colour: Rgb) -> None:
    """Draw a box's outline with a tick where its front is."""
    place = ego_from_sensor @ pose(box.center_m, box.quaternion_wxyz)
    length, width = box.size_m[:2]
    yaw = float(np.arctan2(place[1, 0], place[0, 0]))
    plan.line(outline(place[:2, 3], yaw, length, width), colour, closed=True)
    ahead = np.array([np.cos(yaw), np.sin(yaw)])
    front = place[:2, 3] + 0.5 * length * ahead
    plan.line(np.stack([front, front + max(1.0, 4 * plan.metres_per_px) * ahead]), colour)


def _finished(plan: Plan, scene: SceneReader, shown: Sequence[Reader], what: str) -> Image:
    """Draw the ego, a scale and a title over what is shown."""
    length, width, _ = scene.scenario.ego.size_m
    plan.fill(outline(np.zeros(2), 0.0, length, width), _EGO)
    plan.scale_bar()
    names, count = ", ".join(one.sensor for one in shown), sum(len(one.semantic) for one in shown)
    put_text(plan.image, f"{names}: {count:,} {what}", (10, 16), (225, 225, 230), 0.4)
    return plan.image
