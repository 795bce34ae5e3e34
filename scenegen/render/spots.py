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

SPOT_DTYPE = np.dtype(
    [
        ("position_range", "<f4", (4,)),  # camera frame, m
        ("axis_cone", "<f4", (4,)),  # camera frame; cosine of the cone; over 1 less that cosine
        ("intensity", "<f4", (4,)),  # cd by colour; 1 / range²
        ("up_cut", "<f4", (4,)),  # the vehicle's up; kind, see beam.glsl
    ]
)
_LEAST_LUX = 0.15
_LEAST_SHARE = 0.04
"""Of the light that is there anyway: a spot fades out before it falls below."""
_LEAST_SHOWN, _LEAST_OF_VIEW = 0.03, 0.0025
"""Shares of the light at one place, and in the view on the whole, from which on a spot is drawn."""
_EYE_LUX = 0.5
"""What a camera shows no difference to."""
_SLOPES = ((-0.6, -0.3, -0.1, 0.1, 0.3, 0.6), (-0.1, 0.02, 0.1, 0.3))
_DEPTHS_M = (6.0, 10.0, 16.0, 26.0, 42.0, 68.0, 110.0)
"""Where it is asked what a spot lights: along some rays of the camera."""
_PAIR_M = 2.5
"""Lamps of one thing that are nearer to each other are a pair: the headlamps of a car."""
_LONGEST_M = 120.0


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
        air: tuple[float, float],
    ) -> npt.NDArray[np.void]:
        """Return the spots (S,) that show in a view, those that light most of it first.

        Parameters
        ----------
        world_from_camera : ndarray, shape (4, 4)
        world_from_objects : ndarray, shape (O, 4, 4)
        lamps, valid : ndarray, shape (O,)
            Lit lamp bits, and which objects are there.
        air : (lx, 1/m)
            Illuminance of the ground without any spots, and extinction.
        """
        lit = np.flatnonzero(((lamps[self._object] & self._lamp) != 0) & valid[self._object])
        poses = inverse(world_from_camera) @ world_from_objects[self._object[lit]]
        cosine = self._cosine[lit, None]
        least = max(_LEAST_LUX, _LEAST_SHARE * air[0])
        reach = np.minimum(np.sqrt(self._intensity[lit] / least), self._farthest_m[lit])
        axis = np.einsum("nij,nj->ni", poses[:, :3, :3], self._axis[lit])
        position = np.einsum("nij,nj->ni", poses[:, :3, :3], self._position[lit])
        table = np.zeros(len(lit), dtype=SPOT_DTYPE)
        table["position_range"][:, :3] = position + poses[:, :3, 3]
        table["position_range"][:, 3] = reach
        table["axis_cone"] = np.hstack([axis, cosine]) / (1.0 - cosine)
        table["intensity"][:, :3] = self._intensity[lit, None] * self._color[lit]
        table["intensity"][:, 3] = reach**-2.0
        table["up_cut"][:, :3] = poses[:, :3, 2]
        table["up_cut"][:, 3] = self._kind[lit]
        lux = illuminance(table, _PLACES, air[1])
        share = lux / (lux.sum(axis=0) + air[0] + _EYE_LUX)
        whole = share.mean(axis=1)
        shown = (share.max(axis=1) > _LEAST_SHOWN) & (whole > _LEAST_OF_VIEW)
        order = np.argsort(-whole, kind="stable")
        picked: npt.NDArray[np.void] = table[order[shown[order]]]
        return picked


def illuminance(
    spots: npt.NDArray[np.void], places_m: F64, extinction_per_m: float
) -> npt.NDArray[np.float64]:
    """Return what spots (S,) give to surfaces at places (P, 3) that face them, lx (S, P).

    As ``beam.glsl`` has it, and through the air on to the camera.
    """
    to = spots["position_range"][:, None, :3] - places_m
    d2 = np.maximum((to**2).sum(axis=2), 0.05)
    d = np.sqrt(d2)
    inner = np.einsum("spi,si->sp", -to, spots["axis_cone"][:, :3]) / d
    inner = np.clip(inner - spots["axis_cone"][:, 3:], 0.0, 1.0)
    kind = spots["up_cut"][:, 3:]
    fading = np.clip(inner / 0.3, 0.0, 1.0)
    street = np.minimum(1.114 - 0.664 * inner, 1.0) ** 2 * fading**2 * (3.0 - 2.0 * fading)
    rise = np.einsum("spi,si->sp", -to, spots["up_cut"][:, :3]) / d
    short_of = (1.0 - inner) / (spots["axis_cone"][:, 3:] + 1.0)
    side2 = np.maximum(short_of * (2.0 - short_of) - rise**2, 0.0)
    low = np.where(rise > 0.0, 0.1, np.exp(np.minimum(rise, 0.0) / 0.055))
    low *= np.minimum(4.0 * inner, 1.0) / (1.0 + 20.0 * side2) ** 2
    window = np.maximum(1.0 - (d2 * spots["intensity"][:, 3:]) ** 2, 0.0) ** 2
    beam = np.where(kind > 0.0, low, inner**2) * window
    lux = spots["intensity"][:, :3].max(axis=1)[:, None] * np.where(kind < 0.0, street, beam) / d2
    way = d + np.linalg.norm(places_m, axis=1)
    return np.asarray(lux * np.exp(-extinction_per_m * way), dtype=np.float64)


def _places() -> F64:
    x, y, z = (a.ravel() for a in np.meshgrid(*_SLOPES, _DEPTHS_M, indexing="ij"))
    return np.stack([x * z, y * z, z], axis=1)


_PLACES = _places()


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
