"""The lamps that throw light: which of them matter to a view."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from scenegen.geometry import inverse
from scenegen.records.base import F64
from scenegen.records.mesh import Spot
from scenegen.records.taxonomy import Lamp
from scenegen.render.scene import RenderScene

MOST = 16
SPOT_DTYPE = np.dtype(
    [
        ("position_range", "<f4", (4,)),  # camera frame, m
        ("direction_cone", "<f4", (4,)),  # camera frame, cosine of the cone
        ("intensity", "<f4", (4,)),  # cd by colour
        ("up_cut", "<f4", (4,)),  # the vehicle's up; kind, see beam.glsl
    ]
)
_LEAST_LUX = 0.15
_LEAST_SHARE = 0.04
"""Of the light that is there anyway: a spot fades out before it falls below."""
_PAIR_M = 2.5
"""Lamps of one thing that are nearer to each other are a pair: the headlamps of a car."""
_SHORTEST_M, _LONGEST_M = 3.0, 120.0
"""Spots that daylight leaves a shorter reach than the first aren't drawn."""


class SpotTable:
    """All spots of a scene in body frames, ready to be picked from.

    Parameters
    ----------
    scene : RenderScene
    joined : bool
        Whether pairs of lamps shine as one.
    """

    def __init__(self, scene: RenderScene, *, joined: bool = False) -> None:
        told = _joined(scene.spots) if joined else scene.spots
        spots = [spot for _, spot in told]
        # A pair reaches further by the root of two, but is worth drawing from when each lamp is.
        self._shortest_m = _SHORTEST_M * (2.0**0.5 if joined else 1.0)
        self._object = np.array([index for index, _ in told], dtype=np.int64)
        self._lamp = np.array([int(s.lamp) for s in spots], dtype=np.uint32)
        self._position = np.array([s.position_m for s in spots], dtype=np.float64).reshape(-1, 3)
        axis = np.array([s.direction for s in spots], dtype=np.float64).reshape(-1, 3)
        self._axis = axis / np.maximum(np.linalg.norm(axis, axis=1, keepdims=True), 1e-9)
        self._intensity = np.array([s.intensity_cd for s in spots], dtype=np.float64)
        self._color = np.array([s.color for s in spots], dtype=np.float64).reshape(-1, 3)
        street = (self._lamp & int(Lamp.STREET)) != 0
        self._kind = np.where(self._lamp & int(Lamp.LOW_BEAM), 1.0, np.where(street, -1.0, 0.0))
        self._cosine = np.cos(np.array([s.cone_rad for s in spots], dtype=np.float64))
        # The rim of a street lamp's cone meets the ground here.
        rim_m = self._position[:, 2] / np.maximum(self._cosine, 0.1)
        self._farthest_m = np.where(street, rim_m, _LONGEST_M)

    def pick(
        self,
        world_from_camera: F64,
        world_from_objects: F64,
        lamps: npt.NDArray[np.uint32],
        valid: npt.NDArray[np.bool_],
        daylight_lux: float,
    ) -> npt.NDArray[np.void]:
        """Return the (at most `MOST`,) spots that light most of what is near the camera.

        Parameters
        ----------
        world_from_camera : ndarray, shape (4, 4)
        world_from_objects : ndarray, shape (O, 4, 4)
        lamps, valid : ndarray, shape (O,)
            Lit lamp bits, and which objects are there.
        daylight_lux : float
            Illuminance of the ground without any spots.
        """
        lit = np.flatnonzero(((lamps[self._object] & self._lamp) != 0) & valid[self._object])
        poses = inverse(world_from_camera) @ world_from_objects[self._object[lit]]
        position = np.einsum("nij,nj->ni", poses[:, :3, :3], self._position[lit]) + poses[:, :3, 3]
        axis = np.einsum("nij,nj->ni", poses[:, :3, :3], self._axis[lit])
        least = max(_LEAST_LUX, _LEAST_SHARE * daylight_lux)
        reach = np.minimum(np.sqrt(self._intensity[lit] / least), self._farthest_m[lit])
        # What a driver looks at lies some 15 m ahead; spots behind the reach don't count.
        distance = np.linalg.norm(position - [0.0, 0.0, 15.0], axis=1)
        score = self._intensity[lit] / (distance**2 + 25.0)
        score[(position[:, 2] + reach < 0.0) | (reach < self._shortest_m)] = -1.0
        order = np.argsort(-score, kind="stable")[:MOST]
        order = order[score[order] > 1e-3]
        chosen = lit[order]
        table = np.zeros(len(order), dtype=SPOT_DTYPE)
        table["position_range"][:, :3] = position[order]
        table["position_range"][:, 3] = reach[order]
        table["direction_cone"][:, :3] = axis[order]
        table["direction_cone"][:, 3] = self._cosine[chosen]
        table["intensity"][:, :3] = self._intensity[chosen, None] * self._color[chosen]
        table["up_cut"][:, :3] = poses[order, :3, 2]
        table["up_cut"][:, 3] = self._kind[chosen]
        return table


def _joined(spots: tuple[tuple[int, Spot], ...]) -> tuple[tuple[int, Spot], ...]:
    """Return spots with pairs that shine the same way as one, which stands between the two."""
    alike: dict[tuple[int, tuple[object, ...]], list[Spot]] = defaultdict(list)
    for index, spot in spots:
        alike[index, (spot.lamp, spot.direction, spot.cone_rad, spot.color)].append(spot)
    result: list[tuple[int, Spot]] = []
    for (index, _), group in alike.items():
        places = np.array([spot.position_m for spot in group])
        if np.ptp(places, axis=0).max() > _PAIR_M:
            result += [(index, spot) for spot in group]
            continue
        x, y, z = places.mean(axis=0).tolist()
        whole = sum(spot.intensity_cd for spot in group)
        result.append((index, replace(group[0], position_m=(x, y, z), intensity_cd=whole)))
    return tuple(result)
