"""Spray and snow dust that fast vehicles throw up behind their wheels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenegen.geometry import inverse, pose
from scenegen.records.base import F64

if TYPE_CHECKING:
    from scenegen.records import Actor, ConcreteScenario, Trajectory
    from scenegen.records.conditions import Weather
    from scenegen.roads.shelter import Shelter

PUFF_DTYPE = np.dtype([("center_radius", "<f4", (4,)), ("cover", "<f4")])
"""Middle in the camera frame and radius, m; share of the light that it takes in its middle."""
MOST = 768
_WHEELED = frozenset({"car", "truck", "bus", "motorcycle"})
_TYRE_M = {"car": 0.2, "motorcycle": 0.07, "truck": 0.6, "bus": 0.6}
"""Width of the tyres on either side behind; lorries and buses have two there, motorcycles half of
one."""
_FROM_MPS, _FULL_MPS = 7.0, 33.0
"""Between these an ever larger part of the water is torn into drops that stay in the air."""
_LIFE_S, _RATE_HZ = 1.0, 14.0
_SEEN_M = 120.0
_SETTLES_S = 0.8
"""Time in which drops fall out of the air to 1/e."""
_WAKE_M = 3.0
"""Height from which on a body's wake lifts spray over all of its rear."""
_Jets = tuple[tuple[float, float, float], ...]
_BESIDE = ((0.35, -1.0, 0.0), (0.35, 1.0, 0.0))
_AMID = ((0.1, -1.0, 0.0), (0.1, 1.0, 0.0))
_BEHIND = ((-0.5, -1.0, 0.0), (-0.5, 1.0, 0.0), *((-0.5, 0.0, 1.0),) * 3)
"""Where along the body (as parts of its length) puffs come from, on which side, and whether the
wake lifts them: beside the front wheels, the driven ones of long bodies, the rear ones, and thrice
behind the body. Of lorries, front and driven wheels throw up most of what is beside them (Sherard
1971); clouds on both sides and behind are what one sees (Dumas and Lemay 2004)."""
_LONG_M = 7.0
_DEPTH = 0.6
"""Optical depth of a puff of 1 m that a car throws up at 25 m/s, times its radius squared."""


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
        # Whoever carries the cameras isn't drawn, and would hide what its front wheels throw up.
        self._jets = [_jets_of(a, a is scenario.ego) for a in self._actors]
        self._columns = [trajectory.column(actor.instance_id) for actor in self._actors]
        self._trajectory = trajectory

    def puffs(self, world_from_camera: F64, row: int, seed: int) -> npt.NDArray[np.void]:
        """Return the (at most `MOST`,) puffs before a camera, the farthest first."""
        found = [
            self._behind(actor, jets, column, row, seed + actor.instance_id)
            for actor, jets, column in zip(self._actors, self._jets, self._columns, strict=True)
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

    def _behind(self, actor: Actor, jets: _Jets, column: int, row: int, seed: int) -> F64:
        """Return the puffs (N, 5) of a vehicle: middle in the world, radius, cover."""
        moving, size_m = self._trajectory, actor.size_m
        speed = float(np.linalg.norm(moving.velocity_mps[row, column]))
        fine = min(max(speed - _FROM_MPS, 0.0) / (_FULL_MPS - _FROM_MPS), 1.0)
        # A tyre meets as much water as its width, the film and the way that it rolls.
        water = self._amount * _TYRE_M[actor.category] / _TYRE_M["car"] * speed / 25.0 * fine
        if self._room is not None:
            water *= 1.0 - float(self._room.dry(moving.position_m[row, column]))
        if water == 0.0:
            return np.zeros((0, 5))
        beats = float(moving.time_s[row]) * _RATE_HZ
        born = np.repeat(int(np.floor(beats)) - np.arange(int(_LIFE_S * _RATE_HZ)), len(jets))
        age = (beats - born) / _RATE_HZ / _LIFE_S
        jet = np.tile(np.arange(len(jets)), len(born) // len(jets))
        from_m, side, lift = np.array(jets)[jet].T
        chance = _chances(born * len(jets) + jet, seed)
        length, width, height = size_m
        wake = min(height / _WAKE_M, 1.0)
        # Air drags it along at first: it falls behind by half of what the vehicle drives.
        rises = lift * wake * height * (0.1 + 0.75 * chance[:, 1]) * np.minimum(age * 2.5, 1.0)
        local = np.stack(
            [
                from_m * (length - 0.8) - 0.55 * speed * age * _LIFE_S,
                width * (side * (0.42 + 0.15 * age) + (0.15 + 0.6 * lift) * (chance[:, 0] - 0.5)),
                0.2 + (1.0 - lift) * 0.4 * height**0.5 * age + rises,
            ],
            axis=1,
        )
        world = pose(moving.position_m[row, column], moving.quaternion_wxyz[row, column])
        start = 0.25 + 0.15 * lift * wake * width
        radius = (start + (0.4 + (0.1 + 0.15 * lift) * height) * age) * (0.8 + 0.4 * chance[:, 2])
        share = np.where(lift > 0, wake, 1.0)
        fades = np.minimum(age * 8.0, 1.0) * np.exp(-age * _LIFE_S / _SETTLES_S) * (1.0 - age)
        cover = -np.expm1(-_DEPTH * water * share * fades / (radius * radius))
        points = local @ world[:3, :3].T + world[:3, 3]
        return np.concatenate([points, radius[:, None], cover[:, None]], axis=1)


def _jets_of(actor: Actor, is_ego: bool) -> _Jets:
    return (*(() if is_ego else _BESIDE), *(_AMID if actor.size_m[0] > _LONG_M else ()), *_BEHIND)


def _chances(numbers: npt.NDArray[np.int64], seed: int) -> F64:
    """Return three numbers (N, 3) from 0 to 1 for each puff, the same in every frame.

    Mixed as SplitMix64 does (Steele, Lea, Flood 2014).
    """
    step = np.uint64(0x9E3779B97F4A7C15)
    mixed: npt.NDArray[np.uint64] = numbers[:, None].astype(np.uint64) * np.uint64(3)
    mixed = mixed + np.array([0, 1, 2], dtype=np.uint64)
    mixed = (mixed + np.uint64(seed * 0x10001 % 2**64)) * step
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / 2.0**53)
