"""What frames know in the world at their moments: joints, lines, signals, signs, motion."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scenegen.records import FrameLabels, LaneLabel, ObjectLabel, SignalLabel
from scenegen.records.base import F64
from scenegen.records.labels import EgoLabel, SignLabel
from scenegen.records.motion_labels import PairLabel


@dataclass(frozen=True)
class Person:
    """Somebody's joints (K, 3) in the world, with their names."""

    instance_id: int
    name: str
    category: str
    joints: tuple[str, ...]
    points_m: F64


@dataclass
class Moment:
    """What any camera knows at one time, everything by its id.

    Attributes
    ----------
    movers : dict
        What the world's axes and the run say of actors that a camera shows; boxes in them are of
        the first camera that does.
    """

    time_s: float
    step: int
    people: dict[int, Person] = field(default_factory=dict)
    lanes: dict[str, LaneLabel] = field(default_factory=dict)
    signals: dict[str, SignalLabel] = field(default_factory=dict)
    signs: dict[str, SignLabel] = field(default_factory=dict)
    movers: dict[int, ObjectLabel] = field(default_factory=dict)
    pairs: dict[tuple[int, int], PairLabel] = field(default_factory=dict)
    ego: EgoLabel | None = None


class Surroundings:
    """Collects moments while the labels of cameras are gone through."""

    def __init__(self) -> None:
        self._moments: dict[int, Moment] = {}

    def see(self, labels: FrameLabels) -> None:
        """Take what a frame's labels know; what another camera had of this moment stays."""
        moment = self._moments.setdefault(labels.step, Moment(labels.time_s, labels.step))
        pose = np.array(labels.camera.world_from_camera)
        for label in labels.objects:
            if label.skeleton is not None and label.instance_id not in moment.people:
                points = np.array(list(label.skeleton.values())) @ pose[:3, :3].T + pose[:3, 3]
                moment.people[label.instance_id] = Person(
                    label.instance_id, label.name, label.category, tuple(label.skeleton), points
                )
        for lane in labels.lanes:
            moment.lanes.setdefault(lane.id, lane)
        for signal in labels.signals:
            moment.signals.setdefault(signal.id, signal)
        for sign in labels.signs:
            moment.signs.setdefault(sign.id, sign)
        for label in labels.objects:
            moment.movers.setdefault(label.instance_id, label)
        for pair in labels.pairs or []:
            moment.pairs.setdefault((pair.a, pair.b), pair)
        moment.ego = moment.ego or labels.ego

    def moments(self) -> list[Moment]:
        """Return all moments in order."""
        return [self._moments[step] for step in sorted(self._moments)]
