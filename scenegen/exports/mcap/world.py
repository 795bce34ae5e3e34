"""Bodies, people, lane lines, signals and events in the world's frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from foxglove_schemas_protobuf.CubePrimitive_pb2 import CubePrimitive
from foxglove_schemas_protobuf.FrameTransforms_pb2 import FrameTransforms
from foxglove_schemas_protobuf.Log_pb2 import Log
from foxglove_schemas_protobuf.PoseInFrame_pb2 import PoseInFrame
from foxglove_schemas_protobuf.SceneEntity_pb2 import SceneEntity
from foxglove_schemas_protobuf.SceneEntityDeletion_pb2 import SceneEntityDeletion
from foxglove_schemas_protobuf.SceneUpdate_pb2 import SceneUpdate
from foxglove_schemas_protobuf.SpherePrimitive_pb2 import SpherePrimitive

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
from scenegen.records import Trajectory
from scenegen.records.taxonomy import BONES


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
                    {"type": lane.type, "color": lane.color},
                    lines=[line(lane.points_world_m, color(LINE_COLORS[lane.color]), strip=True)],
                )
                for lane in moment.lanes.values()
            ],
            "/signals": list(_signals(moment)),
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
        head = SpherePrimitive(
            pose=pose(pose_of(np.array(signal.position_world_m))),
            size=vector((0.4, 0.4, 0.4)),
            color=color(signal_color(signal.state)),
        )
        about = {"kind": signal.kind, "state": signal.state}
        about |= {"relevant_to_ego": str(signal.relevant_to_ego).lower()}
        yield _entity(moment.time_s, signal.id, about, spheres=[head])


def _entity(time_s: float, id_: str, about: Mapping[str, object], **shapes: Any) -> SceneEntity:
    return SceneEntity(
        timestamp=stamp(time_s), frame_id=WORLD, id=id_, metadata=pairs(about), **shapes
    )
