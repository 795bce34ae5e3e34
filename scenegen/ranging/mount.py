"""A LiDAR or radar on the ego: where it is and how it moves, without what it is cast at."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from scenegen.geometry.interpolation import blended, poses_at
from scenegen.records import ConcreteScenario, LidarSpec, RadarSpec, Trajectory
from scenegen.records.base import F64


class Mount:
    """A sensor's place on the ego through a run.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory
        Of the same scene.
    name : str
        Of the sensor, one of the scenario's LiDARs or radars.
    """

    def __init__(self, scenario: ConcreteScenario, trajectory: Trajectory, name: str) -> None:
        self.scenario, self.trajectory, self.name = scenario, trajectory, name
        ranged: dict[str, LidarSpec | RadarSpec] = {**scenario.lidars, **scenario.radars}
        self._body_from_sensor = ranged[name].body_from_sensor

    @cached_property
    def rows(self) -> F64:
        """Poses (R, 4, 4) of the sensor, world, by row of the trajectory."""
        body = self.trajectory.poses(self.scenario.ego.instance_id)
        return np.asarray(body @ self._body_from_sensor)

    def at(self, time_s: float) -> F64:
        """Return the sensor's pose (4, 4), world, at a moment."""
        return np.asarray(poses_at(self.trajectory.time_s, self.rows, [time_s])[0])

    def velocity_mps(self, time_s: float) -> F64:
        """Return the sensor's velocity (3,), world, at a moment."""
        trajectory = self.trajectory
        column, times = trajectory.column(self.scenario.ego.instance_id), trajectory.time_s
        arm = self.at(time_s)[:3, 3] - blended(trajectory.position_m[:, column], times, time_s)
        turn = blended(trajectory.angular_velocity_radps[:, column], times, time_s)
        return np.asarray(
            blended(trajectory.velocity_mps[:, column], times, time_s) + np.cross(turn, arm)
        )
