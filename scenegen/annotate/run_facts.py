"""What is known of a whole run, for the labels of its frames: worked out once, when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from scenegen import roads
from scenegen.annotate.intentions import Intentions
from scenegen.annotate.lane_places import LanePlaces
from scenegen.annotate.lanes import PaintedLine, painted_lines
from scenegen.annotate.motion import accelerations
from scenegen.annotate.pairs import Pairs
from scenegen.annotate.signals import ego_lane
from scenegen.annotate.tracks import track_bounds
from scenegen.geometry import pose, yaw_of
from scenegen.records import ConcreteScenario, Lane, RoadNetwork, Trajectory
from scenegen.records.base import F64
from scenegen.records.motion_labels import LanePlace


class RunFacts:
    """What the labels of a scene's frames have in common.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory
    """

    def __init__(self, scenario: ConcreteScenario, trajectory: Trajectory) -> None:
        self.scenario, self.trajectory = scenario, trajectory
        self._ego_lanes: dict[int, Lane | None] = {}

    @cached_property
    def network(self) -> RoadNetwork:
        """The road."""
        return roads.build_network(self.scenario.road)

    @cached_property
    def painted_lines(self) -> tuple[PaintedLine, ...]:
        """The road's lane lines."""
        return painted_lines(self.network)

    @cached_property
    def bounds(self) -> dict[int, F64]:
        """`track_bounds` of the scene."""
        return track_bounds(self.scenario, self.trajectory)

    @cached_property
    def acceleration_mps2(self) -> F64:
        """`accelerations` (T, N, 3) of the trajectory."""
        return accelerations(self.trajectory)

    @cached_property
    def intentions(self) -> Intentions:
        """What people, riders and animals are up to."""
        return Intentions(self.scenario, self.trajectory, self.network)

    @cached_property
    def pairs(self) -> Pairs:
        """What actors are to each other."""
        return Pairs(self.scenario, self.trajectory)

    @cached_property
    def lanes(self) -> LanePlaces:
        """The road's driving lanes."""
        return LanePlaces(self.network)

    def ego_lane(self, row: int) -> Lane | None:
        """Return the lane that the ego is in at a row, or else the nearest that goes its way."""
        if row not in self._ego_lanes:
            trajectory = self.trajectory
            ego = trajectory.column(self.scenario.ego.instance_id)
            place, turn = trajectory.position_m[row, ego], trajectory.quaternion_wxyz[row, ego]
            inside = self.lanes.lanes_at(place[None], np.atleast_1d(yaw_of(turn)))[0]
            self._ego_lanes[row] = inside or ego_lane(self.network, pose(place, turn))
        return self._ego_lanes[row]

    def lane_places(self, row: int, ids: Sequence[int]) -> dict[int, LanePlace]:
        """Return where those of some actors are at a row that are in driving lanes, by id."""
        trajectory = self.trajectory
        columns = [trajectory.column(id_) for id_ in ids]
        yaw = yaw_of(trajectory.quaternion_wxyz[row, columns])
        found = self.lanes.beside(self.ego_lane(row), trajectory.position_m[row, columns], yaw)
        return {id_: place for id_, place in zip(ids, found, strict=True) if place}
