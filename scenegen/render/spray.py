"""Spray and snow dust that fast vehicles throw up behind their wheels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenegen.geometry import inverse, pose
from scenegen.records.base import F64

if TYPE_CHECKING:
    from scenegen.records import ConcreteScenario, Trajectory
    from scenegen.records.conditions import Weather
    from scenegen.roads.shelter import Shelter

PUFF_DTYPE = np.dtype([("center_radius", "<f4", (4,)), ("cover", "<f4")])
"""Middle in the camera frame and radius, m; share of the light that it takes in its middle."""
MOST = 512
_WHEELED = frozenset({"car", "truck", "bus", "motorcycle"})
_FROM_MPS, _FULL_MPS = 7.0, 33.0
"""Spray begins above walking pace and grows up to motorway speed (Weir et al. 1978)."""
_LIFE_S, _RATE_HZ = 1.0, 14.0
_CAR_WIDTH_M = 1.8
_SEEN_M = 120.0
_THICKEST = 0.55


def thrown_up(weather: Weather) -> float:
    """Return how much there is to throw up, 0 to 1: a film of water, or loose snow."""
    wet = max(weather.wetness - 0.3, 0.0) / 0.7
    return max(wet, 0.6 * weather.road_snow)


class Spray:
    """The vehicles of a scene that may throw up spray, less in a room that stays dry."""

    def __init__(
        self, scenario: ConcreteScenario, trajectory: Trajectory, room: Shelter | None = None
    ) -> None:
        self._room = room
        self._amount = thrown_up(scenario.weather)
        actors = [a for a in scenario.actors if a.category in _WHEELED]
        self._actors = actors if self._amount > 0.0 else []
        self._columns = [trajectory.column(actor.instance_id) for actor in self._actors]
        self._trajectory = trajectory

    def puffs(self, world_from_camera: F64, row: int, seed: int) -> npt.NDArray[np.void]:
        """Return the (at most `MOST`,) puffs before a camera, the farthest first."""
        found = [
            self._behind(actor.size_m, column, row, seed + actor.instance_id)
            for actor, column in zip(self._actors, self._columns, strict=True)
            if self._trajectory.valid[row, column]
        ]
        table = np.concatenate([np.zeros((0, 5)), *found])
        camera = inverse(world_from_camera)
        table[:, :3] = table[:, :3] @ camera[:3, :3].T + camera[:3, 3]
        table = table[(table[:, 2] > 0.3) & (table[:, 2] < _SEEN_M)]
        table = table[np.argsort(table[:, 2], kind="stable")[:MOST][::-1]]
        puffs = np.zeros(len(table), dtype=PUFF_DTYPE)
        puffs["center_radius"], puffs["cover"] = table[:, :4], table[:, 4]
        return puffs

    def _behind(self, size_m: tuple[float, ...], column: int, row: int, seed: int) -> F64:
        """Return the puffs (N, 5) of a vehicle: middle in the world, radius, cover."""
        moving = self._trajectory
        speed = float(np.linalg.norm(moving.velocity_mps[row, column]))
        share = self._amount * min(max(speed - _FROM_MPS, 0.0) / (_FULL_MPS - _FROM_MPS), 1.0)
        if self._room is not None:
            share *= 1.0 - float(self._room.dry(moving.position_m[row, column]))
        if share == 0.0:
            return np.zeros((0, 5))
        beats = float(moving.time_s[row]) * _RATE_HZ
        born = int(np.floor(beats)) - np.arange(int(_LIFE_S * _RATE_HZ))
        age = np.repeat((beats - born) / _RATE_HZ / _LIFE_S, 2)
        side = np.tile([-1.0, 1.0], len(born))
        chance = _chances(np.repeat(born, 2) * 2 + (side > 0), seed)
        length, width = size_m[0], size_m[1]
        scale = width / _CAR_WIDTH_M
        # Air drags it along at first: it falls behind by half of what the vehicle drives.
        local = np.stack(
            [
                -0.5 * length + 0.4 - 0.55 * speed * age * _LIFE_S,
                side * 0.38 * width * (1.0 + 0.3 * age) + 0.25 * (chance[:, 0] - 0.5),
                scale * (0.15 + 0.75 * age * (0.6 + 0.8 * chance[:, 1])),
            ],
            axis=1,
        )
        world = pose(moving.position_m[row, column], moving.quaternion_wxyz[row, column])
        radius = scale * (0.22 + 0.85 * age) * (0.8 + 0.4 * chance[:, 2])
        cover = _THICKEST * share * scale * np.minimum(age * 8.0, 1.0) * (1.0 - age) ** 1.3
        points = local @ world[:3, :3].T + world[:3, 3]
        return np.concatenate([points, radius[:, None], cover[:, None]], axis=1)


def _chances(numbers: npt.NDArray[np.int64], seed: int) -> F64:
    """Return three numbers (N, 3) from 0 to 1 for each puff, the same in every frame."""
    mixed = (numbers[:, None].astype(np.uint64) + np.uint64(seed)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = mixed + np.arange(1, 4, dtype=np.uint64) * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(31)
    mixed *= np.uint64(0x94D049BB133111EB)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / 2.0**53)
