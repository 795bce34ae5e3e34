"""Actors, lines and signals as OpenLABEL's object data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.dataset.codecs import U16
from scenegen.exports.behaviour import flat, object_behaviour
from scenegen.exports.openlabel.builder import Data
from scenegen.exports.openlabel.rig import WORLD
from scenegen.exports.outlines import outlines
from scenegen.geometry import apply, matrix_from_quaternion, quaternion_from_matrix
from scenegen.records import LaneLabel, ObjectLabel, SignalLabel
from scenegen.records.labels import Box, Box3d, SignLabel
from scenegen.records.motion_labels import PairLabel
from scenegen.records.sweep import RangedObject

_VECTORS = {
    "velocity_mps": "velocity",
    "angular_velocity_radps": "angular_velocity",
    "angular_velocity_world_radps": "angular_velocity",
    "acceleration_world_mps2": "acceleration",
}
"""Vectors in the world, by the labels' names."""


def num(name: str, value: float) -> Data:
    """Return a number."""
    return "num", {"name": name, "val": value}


def text(name: str, value: str) -> Data:
    """Return a text."""
    return "text", {"name": name, "val": value}


def boolean(name: str, value: bool) -> Data:
    """Return a truth."""
    return "boolean", {"name": name, "val": value}


def behaviour(said: dict[str, Any]) -> Iterator[Data]:
    """Go through what is said of motion and behaviour, under flat names: ``lane.id``."""
    for key, value in flat(said):
        if key in _VECTORS:
            yield "vec", _vec(_VECTORS[key], value, WORLD)
        elif isinstance(value, list):
            yield "vec", {"name": key, "val": value}
        else:
            yield named(key, value)


def pair(label: PairLabel) -> Iterator[Data]:
    """Go through what one actor is to another: numbers of the first, named after the second."""
    for key in ("gap_m", "ttc_s", "drac_mps2", "pet_s"):
        value = getattr(label, key)
        if value is not None:
            yield num(f"to.{label.b}.{key}", value)


def named(name: str, value: Any) -> Data:
    """Return a value by its type; what is none of the simple ones as text."""
    if isinstance(value, bool):
        return boolean(name, value)
    if isinstance(value, int | float):
        return num(name, value)
    return text(name, str(value))


def camera_object(
    label: ObjectLabel, sensor: str, instance: U16, world_from_camera: npt.ArrayLike
) -> Iterator[Data]:
    """Go through what a camera's labels say of an actor.

    What belongs to the actor stands in the world and under its own name; what belongs to
    the picture under the sensor's name and what it is.
    """
    yield "cuboid", _cuboid(label.box3d, world_from_camera)
    yield "vec", _vec("velocity", label.velocity_world_mps, WORLD)
    for key, value in sorted(label.attributes.items()):
        yield named(key, value)
    if label.lamps is not None:
        yield "vec", {"name": "lamps", "val": list(label.lamps)}
    if label.intent is not None:
        yield text("intent", label.intent)
    yield from behaviour(object_behaviour(label))
    size = {"num": [{"name": "visible_px", "val": label.visible_px}]}
    hidden = [
        {"name": "occlusion", "val": label.occlusion},
        {"name": "truncation", "val": label.truncation},
    ]
    yield "bbox", _bbox(f"{sensor}.visible", label.box2d_visible, sensor) | {"attributes": size}
    amodal = _bbox(f"{sensor}.amodal", label.box2d_amodal, sensor)
    yield "bbox", amodal | {"attributes": {"num": hidden}}
    yield num(f"{sensor}.distance_m", label.distance_m)
    x1, y1, x2, y2 = (int(edge) for edge in label.box2d_visible)
    rings = outlines(instance[y1:y2, x1:x2] == label.instance_id)
    for number, ring in enumerate(rings):
        corners = np.add(ring, (x1, y1)).astype(np.int64).ravel().tolist()
        yield "poly2d", _outline(f"{sensor}.mask.{number}", corners, True, sensor)
    for joint, place in (label.skeleton or {}).items():
        here = apply(np.asarray(world_from_camera), np.array([place]))[0].tolist()
        yield "point3d", {"name": joint, "val": here, "coordinate_system": WORLD}
    for joint, pixel in (label.skeleton_px or {}).items():
        if pixel is not None:
            point: dict[str, Any] = {"name": f"{sensor}.{joint}", "val": list(pixel)}
            point["coordinate_system"] = sensor
            if label.skeleton_visible is not None:
                shows = {"name": "visibility", "val": label.skeleton_visible[joint]}
                point["attributes"] = {"num": [shows]}
            yield "point2d", point


def ranged_object(
    label: RangedObject, sensor: str, world_from_sensor: npt.ArrayLike
) -> Iterator[Data]:
    """Go through what a LiDAR's or a radar's labels say of an actor."""
    yield "cuboid", _cuboid(label.box3d, world_from_sensor)
    yield "vec", _vec("velocity", label.velocity_world_mps, WORLD)
    yield num(f"{sensor}.num_points", label.num_points)
    yield num(f"{sensor}.distance_m", label.distance_m)


def line(label: LaneLabel, sensor: str) -> Iterator[Data]:
    """Go through what is said of a lane line: in the world, and where it has an image."""
    yield text("line_type", label.type)
    yield text("color", label.color)
    for key in ("number", "width_m", "ego_index"):
        value = getattr(label, key)
        if value is not None:
            yield num(key, value)
    yield boolean(f"{sensor}.visible", label.visible)
    points = np.array(label.points_world_m).ravel().tolist()
    name = f"{sensor}.points"
    yield "poly3d", {"name": name, "val": points, "closed": False, "coordinate_system": WORLD}
    for number, part in enumerate(_runs(label.points_px)):
        yield "poly2d", _outline(f"{sensor}.image.{number}", part, False, sensor)


def signal(label: SignalLabel, sensor: str) -> Iterator[Data]:
    """Go through what is said of a signal head."""
    yield text("state", label.state)
    yield text("kind", label.kind)
    yield boolean("relevant_to_ego", label.relevant_to_ego)
    if label.countdown_s is not None and label.next_state is not None:
        yield num("countdown_s", label.countdown_s)
        yield text("next_state", label.next_state)
    place = list(label.position_world_m)
    yield "point3d", {"name": "position", "val": place, "coordinate_system": WORLD}
    if label.position_px is not None:
        pixel = list(label.position_px)
        yield "point2d", {"name": f"{sensor}.image", "val": pixel, "coordinate_system": sensor}


def sign(label: SignLabel, sensor: str) -> Iterator[Data]:
    """Go through what is said of a traffic sign; a box in the picture is its plates'."""
    yield text("code", label.code)
    yield num("facing_rad", label.facing_rad)
    yield boolean("relevant_to_ego", label.relevant_to_ego)
    if label.lane is not None:
        yield text("lane", label.lane)
    place = list(label.position_world_m)
    yield "point3d", {"name": "position", "val": place, "coordinate_system": WORLD}
    size = {"num": [{"name": "visible_px", "val": label.visible_px}]}
    yield "bbox", _bbox(f"{sensor}.plates", label.box2d_visible, sensor) | {"attributes": size}
    yield boolean(f"{sensor}.front_visible", label.front_visible)


def _cuboid(box: Box3d, world_from_sensor: npt.ArrayLike) -> dict[str, Any]:
    pose = np.asarray(world_from_sensor, dtype=np.float64)
    w, x, y, z = quaternion_from_matrix(
        pose[:3, :3] @ matrix_from_quaternion(box.quaternion_wxyz)
    ).tolist()
    center = apply(pose, np.array([box.center_m]))[0].tolist()
    value = [*center, x, y, z, w, *box.size_m]
    return {"name": "shape", "val": value, "coordinate_system": WORLD}


def _bbox(name: str, box: Box, sensor: str) -> dict[str, Any]:
    x1, y1, x2, y2 = box
    value = [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1]
    return {"name": name, "val": value, "coordinate_system": sensor}


def _vec(name: str, value: tuple[float, ...], system: str) -> dict[str, Any]:
    return {"name": name, "val": list(value), "coordinate_system": system}


def _outline(name: str, flat: Sequence[float], closed: bool, sensor: str) -> dict[str, Any]:
    return {
        "name": name,
        "val": flat,
        "mode": "MODE_POLY2D_ABSOLUTE",
        "closed": closed,
        "coordinate_system": sensor,
    }


def _runs(points: list[tuple[float, float] | None]) -> list[list[float]]:
    """Return the runs of at least two points that have an image, each as flat numbers."""
    runs: list[list[float]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1] += point
    return [run for run in runs if len(run) >= 4]
