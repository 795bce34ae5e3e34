"""What frames know in the world at their moments: people's joints, lane lines, signals."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scenegen.records import FrameLabels, LaneLabel, SignalLabel
from scenegen.records.base import F64


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
    """What any camera knows at one time; everything by its id, in the order of ids."""

    time_s: float
    step: int
    people: dict[int, Person] = field(default_factory=dict)
    lanes: dict[str, LaneLabel] = field(default_factory=dict)
    signals: dict[str, SignalLabel] = field(default_factory=dict)


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

    def moments(self) -> list[Moment]:
        """Return all moments in order."""
        return [self._moments[step] for step in sorted(self._moments)]
