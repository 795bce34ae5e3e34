"""Who moves in a scene, with boxes that hold them, from what sensors' labels and the run say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from scenegen.geometry import inverse, pose
from scenegen.records import ConcreteScenario, ObjectLabel, Trajectory
from scenegen.records.base import F64
from scenegen.records.sweep import RangedObject


@dataclass(frozen=True)
class Body:
    """An actor that some sensor has a label of, or the ego, over the whole scene.

    Attributes
    ----------
    instance_id : int
    name, category : str
    size_m : ndarray, shape (3,)
        Length, width and height of its box.
    body_from_box : ndarray, shape (4, 4)
    world_from_body : ndarray, shape (T, 4, 4)
        At the steps of the trajectory.
    valid : ndarray, shape (T,), bool
        Whether it is there.
    """

    instance_id: int
    name: str
    category: str
    size_m: F64
    body_from_box: F64
    world_from_body: F64
    valid: npt.NDArray[np.bool_]

    @property
    def entity(self) -> str:
        """What it is called among others, with its id, since names may come twice."""
        return f"{self.name}_{self.instance_id}"


@dataclass
class Bodies:
    """Collects boxes while labels are gone through."""

    scenario: ConcreteScenario
    trajectory: Trajectory
    _found: dict[int, Body] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ego = self.scenario.ego
        box = pose((0.0, 0.0, ego.size_m[2] / 2))
        self._add(ego.instance_id, ego.name, ego.category, np.array(ego.size_m), box)

    def see(
        self, time_s: float, world_from_sensor: F64, objects: Iterable[ObjectLabel | RangedObject]
    ) -> None:
        """Take the boxes of labels, which are given in a sensor's frame at a moment.

        A box keeps its place in the body's frame, so that of the first label is taken.
        """
        row = int(np.abs(self.trajectory.time_s - time_s).argmin())
        for label in objects:
            if label.instance_id in self._found:
                continue
            column = self.trajectory.column(label.instance_id)
            body = pose(
                self.trajectory.position_m[row, column],
                self.trajectory.quaternion_wxyz[row, column],
            )
            box = pose(label.box3d.center_m, label.box3d.quaternion_wxyz)
            size = np.array(label.box3d.size_m)
            body_from_box = inverse(body) @ world_from_sensor @ box
            self._add(label.instance_id, label.name, label.category, size, body_from_box)

    def _add(self, id_: int, name: str, category: str, size_m: F64, body_from_box: F64) -> None:
        valid = self.trajectory.valid[:, self.trajectory.column(id_)]
        poses = self.trajectory.poses(id_)
        self._found[id_] = Body(id_, name, category, size_m, body_from_box, poses, valid)

    def all(self) -> list[Body]:
        """Return everybody who was seen, and the ego, by rising id."""
        return [self._found[id_] for id_ in sorted(self._found)]
