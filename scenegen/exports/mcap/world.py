"""Bodies, people, lane lines, signals and events in the world's frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from foxglove_schemas_protobuf.ArrowPrimitive_pb2 import ArrowPrimitive
from foxglove_schemas_protobuf.CubePrimitive_pb2 import CubePrimitive
from foxglove_schemas_protobuf.FrameTransforms_pb2 import FrameTransforms
from foxglove_schemas_protobuf.Log_pb2 import Log
from foxglove_schemas_protobuf.PoseInFrame_pb2 import PoseInFrame
from foxglove_schemas_protobuf.SceneEntity_pb2 import SceneEntity
from foxglove_schemas_protobuf.SceneEntityDeletion_pb2 import SceneEntityDeletion
from foxglove_schemas_protobuf.SceneUpdate_pb2 import SceneUpdate
from foxglove_schemas_protobuf.SpherePrimitive_pb2 import SpherePrimitive

from scenegen.exports.behaviour import flat, line_facts, object_behaviour
from scenegen.exports.bodies import Body
from scenegen.exports.drawn import LINE_COLORS, signal_color
from scenegen.exports.mcap.messages import (
    EGO,
    WORLD,
    Message,
    class_color,
    color,
    line,
    nanoseconds,
    pairs,
    pose,
    stamp,
    transform,
    vector,
)
from scenegen.exports.run_events import run_events
from scenegen.exports.surroundings import Moment
from scenegen.geometry import pose as pose_of
from scenegen.geometry import quaternion_from_matrix, quaternion_from_yaw
from scenegen.records import Trajectory
from scenegen.records.base import F64, Vec3
from scenegen.records.taxonomy import BONES

_LEAST_ARROW_M = 0.05


def run_messages(bodies: list[Body], run: Trajectory) -> Iterator[Message]:
    """Return boxes of actors and the ego's pose at every control step, and what happens."""
    ego = next(body for body in bodies if body.name == "ego")
    for row, time_s in enumerate(run.time_s.tolist()):
        time_ns, when = nanoseconds(time_s), stamp(time_s)
        boxes, gone = [], []
        for body in bodies:
            if body.valid[row]:
                boxes.append(_box(body, row, time_s))
            elif row > 0 and body.valid[row - 1]:
                gone.append(
                    SceneEntityDeletion(
                        timestamp=when, type=SceneEntityDeletion.MATCHING_ID, id=body.entity
                    )
                )
        yield Message(time_ns, "/objects", SceneUpdate(deletions=gone, entities=boxes))
        where = ego.world_from_body[row]
        moved = FrameTransforms(transforms=[transform(time_s, WORLD, EGO, where)])
        yield Message(time_ns, "/tf", moved)
        placed = PoseInFrame(timestamp=when, frame_id=WORLD, pose=pose(where))
        yield Message(time_ns, "/ego/pose", placed)
    for event in run_events(bodies, run):
        level = Log.WARNING if event.is_contact else Log.INFO
        said = Log(
            timestamp=stamp(event.time_s), level=level, message=event.text, name=event.subject
        )
        yield Message(nanoseconds(event.time_s), "/events", said)


def _box(body: Body, row: int, time_s: float) -> SceneEntity:
    cube = CubePrimitive(
        pose=pose(body.world_from_body[row] @ body.body_from_box),
        size=vector(body.size_m),
        color=class_color(body.category, 0.5),
    )
    about = {"instance_id": body.instance_id, "category": body.category}
    return _entity(time_s, body.entity, about, cubes=[cube])


def moment_messages(moments: Iterable[Moment]) -> Iterator[Message]:
    """Return people's bones, lane lines and signals at the moments of frames."""
    last: dict[str, set[str]] = {}
    for moment in moments:
        entities = {
            "/people": list(_people(moment)),
            "/lanes": [
                _entity(
                    moment.time_s,
                    lane.id,
                    line_facts(lane),
                    lines=[line(lane.points_world_m, color(LINE_COLORS[lane.color]), strip=True)],
                )
                for lane in moment.lanes.values()
            ],
            "/signals": list(_signals(moment)),
            "/signs": list(_signs(moment)),
            "/motion": list(_motion(moment)),
        }
        for topic, there in entities.items():
            now = {entity.id for entity in there}
            deletions = [
                SceneEntityDeletion(
                    timestamp=stamp(moment.time_s), type=SceneEntityDeletion.MATCHING_ID, id=id_
                )
                for id_ in sorted(last.get(topic, set()) - now)
            ]
            last[topic] = now
            update = SceneUpdate(deletions=deletions, entities=there)
            yield Message(nanoseconds(moment.time_s), topic, update)


def _people(moment: Moment) -> Iterator[SceneEntity]:
    for person in moment.people.values():
        at = dict(zip(person.joints, person.points_m, strict=True))
        ends = [at[joint] for bone in BONES if at.keys() >= set(bone) for joint in bone]
        about = {"instance_id": person.instance_id, "category": person.category}
        about |= {f"joint.{name}": " ".join(map(str, at[name])) for name in person.joints}
        bones = line(ends, class_color(person.category), strip=False)
        id_ = f"{person.name}_{person.instance_id}"
        yield _entity(moment.time_s, id_, about, lines=[bones])


def _signals(moment: Moment) -> Iterator[SceneEntity]:
    for signal in moment.signals.values():
        about: dict[str, object] = {"kind": signal.kind, "state": signal.state}
        about |= {"relevant_to_ego": str(signal.relevant_to_ego).lower()}
        if signal.countdown_s is not None:
            about |= {"countdown_s": signal.countdown_s, "next_state": signal.next_state}
        yield lamp(moment.time_s, signal.id, signal.position_world_m, signal.state, about)


def lamp(
    time_s: float, id_: str, position_m: Vec3, state: str, about: Mapping[str, object]
) -> SceneEntity:
    """Return a signal head as a ball of its colour."""
    head = SpherePrimitive(
        pose=pose(pose_of(np.array(position_m))),
        size=vector((0.4, 0.4, 0.4)),
        color=color(signal_color(state)),
    )
    return _entity(time_s, id_, about, spheres=[head])


def outline(time_s: float, id_: str, about: Mapping[str, object], lines: list[F64]) -> SceneEntity:
    """Return white lines through points (K, 3) each."""
    white = color(LINE_COLORS["white"])
    return _entity(time_s, id_, about, lines=[line(points, white, strip=True) for points in lines])


def shown(time_s: float, topic: str, entities: list[SceneEntity]) -> Message:
    """Return what is to be seen on a topic from a moment on."""
    return Message(nanoseconds(time_s), topic, SceneUpdate(entities=entities))


def _signs(moment: Moment) -> Iterator[SceneEntity]:
    """Return a plate for each sign, which looks along its x."""
    for sign in moment.signs.values():
        turn = quaternion_from_yaw(sign.facing_rad)
        plate = CubePrimitive(
            pose=pose(pose_of(np.array(sign.position_world_m), turn)),
            size=vector((0.05, 0.6, 0.6)),
            color=class_color("traffic sign"),
        )
        about = {"code": sign.code, "relevant_to_ego": str(sign.relevant_to_ego).lower()}
        about |= {"lane": sign.lane} if sign.lane is not None else {}
        yield _entity(moment.time_s, sign.id, about, cubes=[plate])


def _motion(moment: Moment) -> Iterator[SceneEntity]:
    """Return accelerations as arrows, a metre for 1 m/s², with all that is said of behaviour."""
    for label in moment.movers.values():
        about: dict[str, object] = {"instance_id": label.instance_id}
        about |= dict(flat(object_behaviour(label)))
        arrows = list(_arrow(label.position_world_m, label.acceleration_world_mps2))
        id_ = f"{label.name}_{label.instance_id}"
        yield _entity(moment.time_s, id_, about, arrows=arrows)


def _arrow(start_m: Vec3, vector_m: Vec3 | None) -> Iterator[ArrowPrimitive]:
    length = float(np.linalg.norm(vector_m or 0.0))
    if vector_m is not None and length > _LEAST_ARROW_M:
        ahead = np.array(vector_m) / length
        yield ArrowPrimitive(
            pose=pose(pose_of(np.array(start_m), quaternion_from_matrix(_along(ahead)))),
            shaft_length=0.8 * length,
            shaft_diameter=0.08,
            head_length=0.2 * length,
            head_diameter=0.2,
            color=color((255, 150, 40)),
        )


def _along(ahead: F64) -> F64:
    """Return a rotation (3, 3) whose x is a direction (3,)."""
    aside = np.cross((0.0, 0.0, 1.0) if abs(ahead[2]) < 0.9 else (0.0, 1.0, 0.0), ahead)
    aside /= np.linalg.norm(aside)
    return np.stack([ahead, aside, np.cross(ahead, aside)], axis=1)


def _entity(time_s: float, id_: str, about: Mapping[str, object], **shapes: Any) -> SceneEntity:
    return SceneEntity(
        timestamp=stamp(time_s), frame_id=WORLD, id=id_, metadata=pairs(about), **shapes
    )
