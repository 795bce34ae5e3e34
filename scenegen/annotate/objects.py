"""Labels of the actors that a picture shows."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen import assets
from scenegen.annotate.joints import joint_visibility
from scenegen.annotate.run_facts import RunFacts
from scenegen.geometry import (
    Images,
    MovingCamera,
    apply,
    inverse,
    pose,
    quaternion_from_matrix,
)
from scenegen.geometry.interpolation import Tracks, place_in
from scenegen.geometry.readout import PointsAt
from scenegen.records import Actor, Asset, Frame, ObjectLabel, Trajectory
from scenegen.records.base import F64, Vec3
from scenegen.records.labels import Box, Box3d
from scenegen.records.looks import PersonLook
from scenegen.records.motion_labels import LanePlace, RightOfWay
from scenegen.records.taxonomy import Intent, Lamp

VEHICLES = frozenset({"car", "truck", "bus", "train", "motorcycle", "bicycle"})
"""Categories that have lamps."""
LYING = 0.5
"""Cosine of the lean from which a body lies: on the road, its side or its roof."""

HAZARD = Lamp.INDICATOR_LEFT | Lamp.INDICATOR_RIGHT
RIGHT_OF_WAY: dict[int, RightOfWay] = {1: "has", -1: "yields", 0: "none"}

INTENTIONAL = frozenset({"person", "rider", "animal"})
"""Categories that have an intent."""
SKELETAL = frozenset({"person", "rider"})
"""Categories that have a labelled skeleton."""


def visible_extents(
    instance: npt.NDArray[np.uint16],
) -> dict[int, tuple[Box, int]]:
    """Return the visible box and the pixel count of every id in a picture, 0 left out.

    One pass over the picture, whatever the number of actors.

    Parameters
    ----------
    instance : ndarray, shape (H, W), uint16

    Returns
    -------
    dict
        By instance id, ascending: box (4,) px xyxy by pixel corners, and its pixels.
    """
    there = np.flatnonzero(instance != 0)
    extents: dict[int, tuple[Box, int]] = {}
    if not there.size:
        return extents
    ids = instance.ravel()[there]
    order = np.argsort(ids, kind="stable")
    rows, columns = np.divmod(there[order].astype(np.uint32), np.uint32(instance.shape[1]))
    ids = ids[order]
    first = np.concatenate([[0], np.flatnonzero(ids[1:] != ids[:-1]) + 1])
    found, counts = ids[first], np.diff(first, append=len(ids))
    # Pixels of one id keep the order of rows, so the first and the last are its edges.
    left, right = (pick.reduceat(columns, first) for pick in (np.minimum, np.maximum))
    top, bottom = rows[first], rows[first + counts - 1]
    boxes = np.stack([left, top, right + 1, bottom + 1], axis=1).astype(np.float64).tolist()
    for id_, (x1, y1, x2, y2), count in zip(found.tolist(), boxes, counts.tolist(), strict=True):
        extents[id_] = ((x1, y1, x2, y2), count)
    return extents


def object_labels(frame: Frame, facts: RunFacts, moving: MovingCamera) -> list[ObjectLabel]:
    """Label every actor but the ego that has at least one visible pixel.

    Parameters
    ----------
    frame : Frame
    facts : RunFacts
    moving : MovingCamera
        The frame's camera while its rows are read.

    Raises
    ------
    ValueError
        A visible actor has no silhouette.
    """
    actors = {actor.instance_id: actor for actor in facts.scenario.actors}
    extents = visible_extents(frame.instance)
    places = facts.lane_places(frame.step, list(extents))
    return [
        _object_label(frame, actors[id_], facts, places.get(id_), box, count, moving)
        for id_, (box, count) in extents.items()
    ]


def camera_box(bounds_m: F64, camera_from_body: F64) -> Box3d:
    """Return a track's box in the camera frame.

    Parameters
    ----------
    bounds_m : ndarray, shape (2, 3)
        Least and greatest coordinates in the body frame.
    camera_from_body : ndarray, shape (4, 4)
    """
    center = apply(camera_from_body, bounds_m.mean(axis=0)[None])[0]
    return Box3d(
        center_m=_vec3(center),
        size_m=_vec3(bounds_m[1] - bounds_m[0]),
        quaternion_wxyz=tuple(quaternion_from_matrix(camera_from_body).tolist()),
    )


def _object_label(
    frame: Frame,
    actor: Actor,
    facts: RunFacts,
    lane: LanePlace | None,
    box: Box,
    visible_px: int,
    moving: MovingCamera,
) -> ObjectLabel:
    trajectory = facts.trajectory
    row, column = frame.step, trajectory.column(actor.instance_id)
    asset = assets.drawn(actor)
    world_from_body = pose(
        trajectory.position_m[row, column], trajectory.quaternion_wxyz[row, column]
    )
    camera_from_body = inverse(frame.world_from_camera) @ world_from_body
    box3d = camera_box(facts.bounds[actor.instance_id], camera_from_body)
    silhouette = frame.silhouettes.get(actor.instance_id)
    if silhouette is None:
        raise ValueError(
            f"actor {actor.instance_id} is visible in step {row} but has no silhouette; "
            "labels need a backend that draws them"
        )
    drives, goes = actor.category in VEHICLES, actor.category in INTENTIONAL
    joints, images, visibility = None, None, None
    if actor.category in SKELETAL:
        joints = _skeleton(asset, trajectory.articulation[row, column], camera_from_body)
    if joints:
        seen = skeleton_sight(moving, joints, asset, trajectory, actor.instance_id)
        images = joint_pixels(joints, seen)
        depths = dict(zip(joints, frame.camera.depth_of(seen.points).tolist(), strict=True))
        visibility = joint_visibility(frame, asset, actor.instance_id, images, depths)
    return ObjectLabel(
        instance_id=actor.instance_id,
        name=actor.name,
        category=actor.category,
        attributes=_attributes(actor, trajectory, row, column, float(world_from_body[2, 2])),
        box2d_visible=box,
        box2d_amodal=silhouette.box,
        box3d=box3d,
        position_world_m=_vec3(trajectory.position_m[row, column]),
        velocity_world_mps=_vec3(trajectory.velocity_mps[row, column]),
        visible_px=visible_px,
        occlusion=1.0 - visible_px / silhouette.inside_px,
        truncation=1.0 - silhouette.inside_px / silhouette.area_px,
        distance_m=float(np.linalg.norm(box3d.center_m)),
        lamps=lamp_names(Lamp(int(trajectory.lamps[row, column]))) if drives else None,
        intent=intent_name(int(trajectory.intent[row, column])) if goes else None,
        skeleton=joints,
        skeleton_px=images,
        skeleton_visible=visibility,
        acceleration_world_mps2=_vec3(facts.acceleration_mps2[row, column]),
        angular_velocity_world_radps=_vec3(trajectory.angular_velocity_radps[row, column]),
        lane=lane,
        intention=facts.intentions.at(actor, row) if goes else None,
        look=_look(actor),
        **(_driven(trajectory, row, column) if drives else {}),
    )


def _look(actor: Actor) -> PersonLook | None:
    if actor.category not in SKELETAL:
        return None
    return assets.person_look(actor.asset_id, actor.variant)


def _driven(trajectory: Trajectory, row: int, column: int) -> dict[str, Any]:
    """Return what is known of a vehicle's driver, as far as it was recorded."""
    found: dict[str, Any] = {}
    if trajectory.lamps_on is not None:
        found["lamps_on"] = lamps_on_names(Lamp(int(trajectory.lamps_on[row, column])))
    if trajectory.right_of_way is not None:
        found["right_of_way"] = RIGHT_OF_WAY[int(trajectory.right_of_way[row, column])]
    return found


def _attributes(
    actor: Actor, trajectory: Trajectory, row: int, column: int, upright: float
) -> dict[str, Any]:
    """Return what is worth knowing and has no key of its own; JSON values only.

    `upright` is the cosine of the body's lean.
    """
    velocity = trajectory.velocity_mps[row, column]
    attributes: dict[str, Any] = {
        "asset_id": actor.asset_id,
        "variant": actor.variant,
        "moving": bool(np.linalg.norm(velocity) > 0.1),
        "manoeuvre": int(trajectory.manoeuvre[row, column]),
    }
    if actor.category in VEHICLES | INTENTIONAL:
        attributes["lying"] = upright < LYING
    if actor.category in VEHICLES:
        attributes["braking"] = bool(trajectory.lamps[row, column] & Lamp.BRAKE)
    if actor.attached_to is not None:
        attributes["carried_by_at_start"] = actor.attached_to
    return attributes


def _skeleton(
    asset: Asset,
    articulation: npt.NDArray[np.float64],
    camera_from_body: npt.NDArray[np.float64],
) -> dict[str, Vec3] | None:
    joints = assets.skeleton(asset, articulation)
    if not joints:  # an imported figure, in one piece
        return None
    points = apply(camera_from_body, np.array(list(joints.values()), dtype=np.float64)).tolist()
    return {name: (x, y, z) for name, (x, y, z) in zip(joints, points, strict=True)}


def skeleton_sight(
    moving: MovingCamera,
    joints: dict[str, Vec3],
    asset: Asset,
    trajectory: Trajectory,
    instance_id: int,
) -> Images:
    """Return where a camera sees a person's joints.

    A joint goes with the part that it is fixed to while rows are read.

    Parameters
    ----------
    moving : MovingCamera
    joints : dict
        Where they are in the camera's frame at the picture's middle.
    asset : Asset
    trajectory : Trajectory
    instance_id : int
    """
    if moving.camera.readout_s == 0.0:
        points = np.array(list(joints.values()))
        return Images(moving.camera.project(points), points)
    return moving.project(_moving_joints(moving, asset, trajectory, instance_id))


def joint_pixels(names: Iterable[str], images: Images) -> dict[str, tuple[float, float] | None]:
    """Return the images (u, v) of joints by name, rounded to 1/1000 px; None for no image."""
    return {
        name: None if math.isnan(u) else (u, v)
        for name, (u, v) in zip(names, np.round(images.pixels, 3).tolist(), strict=True)
    }


def _moving_joints(
    moving: MovingCamera, asset: Asset, trajectory: Trajectory, instance_id: int
) -> PointsAt:
    """Return what tells the joints (J, 3) of a person in the world at moments (J,) or (1,), s."""
    fixed = assets.skeleton_points(asset)
    rows = place_in(trajectory.time_s, moving.moments([0.0, moving.camera.height]))[0]
    some = slice(rows[0], rows[-1] + 2)
    values = trajectory.articulation[some, trajectory.column(instance_id)]
    parts = assets.body_from_parts(asset, values[:, : len(asset.joints)])
    bodies = trajectory.poses(instance_id)[some, None]
    tracks = Tracks(trajectory.time_s[some], bodies @ parts)
    numbers = {part.name: number for number, part in enumerate(asset.parts)}
    part = np.array([numbers[name] for name, _ in fixed.values()], dtype=np.int64)
    offset = np.array([place for _, place in fixed.values()])

    def joints_at(moments: F64) -> F64:
        poses = tracks.at(np.broadcast_to(moments, part.shape), part)
        return np.asarray(np.einsum("nij,nj->ni", poses[:, :3, :3], offset) + poses[:, :3, 3])

    return joints_at


def lamp_names(lamps: Lamp) -> list[str]:
    """Return the lower-case names of the lamps that are lit, in the order of their bits."""
    return list(_lamp_names(int(lamps)))


def lamps_on_names(lamps: Lamp) -> list[str]:
    """Return the names of lamps that are switched on, ``hazard`` for both indicators."""
    if lamps & HAZARD != HAZARD:
        return lamp_names(lamps)
    return [*lamp_names(lamps & ~HAZARD), "hazard"]


@lru_cache(maxsize=64)
def _lamp_names(bits: int) -> tuple[str, ...]:
    return tuple(lamp.name.lower() for lamp in Lamp if lamp.value & bits and lamp.name)


def intent_name(intent: int) -> str:
    """Return the lower-case name of an intent."""
    return Intent(intent).name.lower()


def _vec3(values: npt.NDArray[np.float64]) -> Vec3:
    x, y, z = values.tolist()
    return (x, y, z)
