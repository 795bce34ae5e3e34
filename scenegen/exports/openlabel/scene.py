"""A scene as the content of an OpenLABEL file."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from scenegen.dataset import DatasetInfo, FrameReader, ScanReader, SceneReader, SweepReader
from scenegen.exports.openlabel.builder import Elements, intervals
from scenegen.exports.openlabel.elements import (
    behaviour,
    camera_object,
    line,
    named,
    pair,
    ranged_object,
    sign,
    signal,
)
from scenegen.exports.openlabel.rig import (
    coordinate_systems,
    ego_transform,
    intrinsics,
)
from scenegen.records import ObjectLabel
from scenegen.records.labels import EgoLabel
from scenegen.records.motion_labels import PairLabel

AnyReader = FrameReader | SweepReader | ScanReader
_FIRST_OWN = 2**16
"""Actors have their instance ids as uids; everything else is numbered from here on."""


class SceneContent:
    """Collects what all sensors know, frame by frame.

    A frame is a moment at which any sensor has one; its number counts these moments.
    """

    def __init__(self, scene: SceneReader, readings: list[AnyReader]) -> None:
        self._scene = scene
        moments = sorted({reading.entry.step for reading in readings})
        self._number = {step: number for number, step in enumerate(moments)}
        self._objects, self._actions = Elements("object"), Elements("action")
        self._events, self._contexts = Elements("event"), Elements("context")
        self._uids: dict[tuple[str, ...], int] = {}
        self._doing: dict[int, set[int]] = defaultdict(set)
        self._pairs: dict[int, dict[tuple[int, int], PairLabel]] = defaultdict(dict)
        self._goes_first: dict[tuple[int, int], set[int]] = defaultdict(set)
        self._poses: dict[str, tuple[EgoLabel, Any]] = {}
        self._streams: dict[str, Any] = {}
        self._properties: dict[int, dict[str, Any]] = {
            number: {"timestamp": 0.0, "streams": {}, "transforms": {}}
            for number in self._number.values()
        }

    def add(self, reading: AnyReader, uri: str) -> None:
        """Take in what a sensor gave at a moment; `uri` is where its file is."""
        frame, sensor = self._number[reading.entry.step], reading.sensor
        here = self._properties[frame]
        here["timestamp"] = reading.entry.time_s
        sync = {"frame_stream": reading.index, "timestamp": reading.entry.time_s}
        here["streams"][sensor] = {"uri": uri, "stream_properties": {"sync": sync}}
        if isinstance(reading, FrameReader):
            ego = self._frame(reading, frame)
        else:
            ego = self._ranged(reading, frame)
        here["transforms"] = ego_transform(ego)
        state = ego.model_dump(mode="json", exclude={"world_from_body"}, exclude_none=True)
        actor = self._scene.scenario.ego
        self._objects.tell(actor.instance_id, actor.name, actor.category, frame, behaviour(state))

    def _frame(self, reading: FrameReader, frame: int) -> EgoLabel:
        labels, instance, sensor = reading.labels, reading.instance, reading.sensor
        pose = labels.camera.world_from_camera
        self._poses.setdefault(sensor, (labels.ego, pose))
        self._stream(sensor, "camera", intrinsics(labels.camera))
        for label in labels.objects:
            data = camera_object(label, sensor, instance, pose)
            self._objects.tell(label.instance_id, label.name, label.category, frame, data)
            self._act(label, frame)
        for found in labels.pairs or []:
            self._pairs[frame].setdefault((found.a, found.b), found)
        for board in labels.signs:
            uid = self._uid("traffic sign", board.id)
            self._objects.tell(uid, board.id, "traffic sign", frame, sign(board, sensor))
        for lane in labels.lanes:
            uid = self._uid("lane line", lane.id)
            self._objects.tell(uid, lane.id, "lane line", frame, line(lane, sensor))
        for head in labels.signals:
            uid = self._uid("traffic light", head.id)
            self._objects.tell(uid, head.id, "traffic light", frame, signal(head, sensor))
        said = {**labels.weather, **labels.light}
        conditions = [named(key, value) for key, value in sorted(said.items())]
        self._contexts.tell(0, "conditions", "conditions", frame, conditions)
        return labels.ego

    def _ranged(self, reading: SweepReader | ScanReader, frame: int) -> EgoLabel:
        labels = reading.labels
        if isinstance(reading, SweepReader):
            kind, pose = "lidar", reading.labels.poses[0].world_from_sensor
        else:
            kind, pose = "radar", reading.labels.world_from_sensor
        self._poses.setdefault(reading.sensor, (labels.ego, pose))
        self._stream(reading.sensor, kind, {})
        for label in labels.objects:
            data = ranged_object(label, reading.sensor, pose)
            self._objects.tell(label.instance_id, label.name, label.category, frame, data)
        return labels.ego

    def _stream(self, sensor: str, kind: str, properties: dict[str, Any]) -> None:
        entry = {
            "type": kind,
            "uri": f"{self._scene.id}/{sensor}",
            "description": f"{kind} of the ego",
            "stream_properties": properties,
        }
        self._streams.setdefault(sensor, entry)

    def _act(self, label: ObjectLabel, frame: int) -> None:
        doing = [label.intent] if label.intent not in (None, "none") else []
        if label.attributes.get("braking"):
            doing.append("braking")
        if label.intention is not None and label.intention.distracted:
            doing.append("distracted")
        for action in doing:
            uid = self._uid("action", str(label.instance_id), str(action))
            self._actions.tell(uid, f"{label.name} {action}", str(action), frame)
            self._doing[label.instance_id].add(uid)
        ego = self._scene.scenario.ego.instance_id
        if label.right_of_way == "has":
            self._goes_first[label.instance_id, ego].add(frame)
        elif label.right_of_way == "yields":
            self._goes_first[ego, label.instance_id].add(frame)

    def _uid(self, *key: str) -> int:
        return self._uids.setdefault(key, _FIRST_OWN + len(self._uids))

    def _tell_pairs(self) -> None:
        """Tell the first of each pair of the second, if any sensor has both in the frame."""
        actors = {actor.instance_id: actor for actor in self._scene.scenario.actors}
        for frame, pairs in self._pairs.items():
            there = self._objects.in_frame(frame)
            for (first, second), found in sorted(pairs.items()):
                if {str(first), str(second)} <= there.keys():
                    who = actors[first]
                    self._objects.tell(first, who.name, who.category, frame, pair(found))

    def _tell_contacts(self) -> list[dict[str, Any]]:
        """Tell of contacts at the last moment before each; return who was in which."""
        relations = []
        moments = list(self._number)
        for row in self._scene.trajectory.contacts:
            before = [step for step in moments if step <= row["step"]]
            if not before:
                continue
            uid = self._uid("event", str(row["step"]), str(row["actor_a"]), str(row["actor_b"]))
            data = [
                named("step", int(row["step"])),
                named("impulse_ns", float(row["impulse_ns"])),
                named("closing_speed_mps", float(row["closing_speed_mps"])),
                ("vec", {"name": "position", "val": row["position_m"].tolist()}),
            ]
            frame = self._number[before[-1]]
            self._events.tell(uid, "contact", "contact", frame, data)
            both = [int(row["actor_a"]), int(row["actor_b"])]
            relations += [self._relation(who, "isParticipantOfEvent", "event", uid) for who in both]
        return [found for found in relations if found is not None]

    def _relation(self, who: int, type_: str, kind: str, what: int) -> dict[str, Any] | None:
        """Return a relation; None of who was never in a frame, as scenery (0)."""
        if who not in self._objects.uids():
            return None
        return {
            "name": type_,
            "type": type_,
            "rdf_subjects": [{"type": "object", "uid": str(who)}],
            "rdf_objects": [{"type": kind, "uid": str(what)}],
        }

    def content(self, info: DatasetInfo) -> dict[str, Any]:
        """Return the file's content."""
        manifest = self._scene.manifest
        self._tell_pairs()
        relations = [
            self._relation(who, "isSubjectOfAction", "action", uid)
            for who, actions in sorted(self._doing.items())
            for uid in sorted(actions)
        ]
        relations += self._tell_contacts()
        carried = {a.instance_id: a.attached_to for a in self._scene.scenario.actors}
        relations += [
            self._relation(who, "isCarriedAtStartBy", "object", by)
            for who, by in sorted(carried.items())
            if by is not None and by in self._objects.uids()
        ]
        lasting = [
            (self._relation(first, "goesBefore", "object", then), frames)
            for (first, then), frames in sorted(self._goes_first.items())
        ]
        numbered = {str(i): entry for i, entry in enumerate(r for r in relations if r)}
        now: dict[int, dict[str, Any]] = defaultdict(dict)
        for uid, (entry, there) in enumerate(lasting, start=len(numbered)):
            assert entry is not None
            numbered[str(uid)] = entry | {"frame_intervals": intervals(there)}
            for number in there:
                now[number][str(uid)] = {}
        kinds = {
            "objects": self._objects,
            "actions": self._actions,
            "events": self._events,
            "contexts": self._contexts,
        }
        frames = {}
        for number, properties in self._properties.items():
            frame = {"frame_properties": properties}
            frame |= {name: all_.in_frame(number) for name, all_ in kinds.items()}
            frame["relations"] = now[number]
            frames[str(number)] = {key: value for key, value in frame.items() if value}
        found: dict[str, Any] = {
            "metadata": {
                "schema_version": "1.0.0",
                "name": self._scene.id,
                "annotator": f"scenegen {info.scenegen_version}",
                "comment": info.synthetic.statement if info.synthetic else "",
                "scenario": manifest.scenario,
                "parameters": manifest.parameters,
                "log_weight": manifest.log_weight,
            },
            "coordinate_systems": coordinate_systems(self._poses),
            "streams": self._streams,
            "frame_intervals": intervals(self._properties),
            "frames": frames,
            **{name: elements.content() for name, elements in kinds.items()},
            "relations": numbered,
        }
        return {"openlabel": {key: value for key, value in found.items() if value}}
