"""What criteria ask of a run: the ego's way through it, worked out once."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenegen.annotate.lane_places import LanePlaces
from scenegen.annotate.pairs import Pairs
from scenegen.geometry import yaw_of
from scenegen.geometry.encounters import Moving
from scenegen.records import ConcreteScenario, Lane, RoadNetwork, Trajectory
from scenegen.records.base import F64
from scenegen.roads import build_network

LEVEL_M = 3.0
SMOOTHING = 5
"""Rows over which accelerations are averaged, as a vehicle's own sensors do."""


class Course:
    """A run of T rows, seen from the ego.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory
    """

    def __init__(self, scenario: ConcreteScenario, trajectory: Trajectory) -> None:
        self.scenario, self.trajectory = scenario, trajectory
        self.column = trajectory.column(scenario.ego.instance_id)

    @cached_property
    def network(self) -> RoadNetwork:
        """The road."""
        return build_network(self.scenario.road)

    @property
    def dt_s(self) -> float:
        """Time from row to row."""
        return 1.0 / self.scenario.rates.control_hz

    @cached_property
    def bodies(self) -> Moving:
        """The rectangles (A, T) of all actors, in their order."""
        return Pairs(self.scenario, self.trajectory).bodies

    @cached_property
    def ego(self) -> Moving:
        """The ego's rectangle (T,)."""
        return self.bodies[0]

    @cached_property
    def others(self) -> list[int]:
        """Who (indices of the scenario's actors) can be run into: whom the ego doesn't carry."""
        carrier = {a.instance_id: a.attached_to for a in self.scenario.actors}
        ego = self.scenario.ego.instance_id

        def carried(id_: int | None) -> bool:
            while id_ is not None and id_ != ego:
                id_ = carrier[id_]
            return id_ == ego

        actors = enumerate(self.scenario.actors)
        return [k for k, actor in actors if not carried(actor.instance_id)]

    @cached_property
    def level(self) -> npt.NDArray[np.bool_]:
        """When (A, T) each actor is on the ego's road rather than on one above or below."""
        columns = [self.trajectory.column(a.instance_id) for a in self.scenario.actors]
        z = self.trajectory.position_m[:, columns, 2].T
        return np.asarray(np.abs(z - z[:1]) < LEVEL_M)

    @cached_property
    def yaw_rad(self) -> F64:
        """The ego's heading (T,)."""
        return yaw_of(self.trajectory.quaternion_wxyz[:, self.column])

    @cached_property
    def position_m(self) -> F64:
        """The ego's origin (T, 3)."""
        return self.trajectory.position_m[:, self.column]

    @cached_property
    def speed_mps(self) -> F64:
        """The ego's speed (T,) along its heading."""
        v = self.trajectory.velocity_mps[:, self.column]
        return np.asarray(v[:, 0] * np.cos(self.yaw_rad) + v[:, 1] * np.sin(self.yaw_rad))

    @cached_property
    def front_m(self) -> F64:
        """The middle of the ego's front (T, 2)."""
        ahead = np.stack([np.cos(self.yaw_rad), np.sin(self.yaw_rad)], axis=1)
        return np.asarray(self.ego.middle_m + np.asarray(self.ego.half_length_m)[:, None] * ahead)

    @cached_property
    def _places(self) -> LanePlaces:
        return LanePlaces(self.network)

    @cached_property
    def lanes(self) -> list[Lane | None]:
        """The driving lane (T,) that the ego's middle is in at each row."""
        at = np.column_stack([self.ego.middle_m, self.position_m[:, 2]])
        return self._places.lanes_at(at, self.yaw_rad)

    @cached_property
    def way_m(self) -> float:
        """How far the ego went."""
        return float(np.hypot(*np.diff(self.position_m[:, :2], axis=0).T).sum())

    def smooth(self, values: F64) -> F64:
        """Return values (T,) averaged over `SMOOTHING` rows."""
        width = min(SMOOTHING, len(values))
        padded = np.pad(values, (width // 2, width - 1 - width // 2), mode="edge")
        return np.convolve(padded, np.full(width, 1.0 / width), mode="valid")
