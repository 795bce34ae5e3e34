"""Triangles that many rays from many places are cast at, and what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh

from scenegen.geometry import embree
from scenegen.ranging.reflectance import Palette
from scenegen.ranging.vectors import F32, Bools, dots
from scenegen.records import Surface
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

_LAYERS = 16
"""Back faces that one ray may pass before it counts as lost."""
_PAST_M = np.float32(2e-4)
"""So far behind a back face a ray goes on."""

Faces = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Soup:
    """Triangles of one frame.

    Attributes
    ----------
    corners : ndarray, shape (F, 3, 3)
    two_sided : ndarray, shape (F,), bool
    semantic : ndarray, shape (F,), uint8
    coat : ndarray, shape (F,), int32
        What it reflects: an entry of a `Palette`.
    instance : ndarray, shape (F,), uint16
        Id of the actor whose it is; 0 is none.
    """

    corners: F64
    two_sided: npt.NDArray[np.bool_]
    semantic: npt.NDArray[np.uint8]
    coat: npt.NDArray[np.int32]
    instance: npt.NDArray[np.uint16]

    def moved(self, frame_from_soup: F64) -> Soup:
        """Return the triangles taken through a transform (4, 4)."""
        corners = self.corners @ frame_from_soup[:3, :3].T + frame_from_soup[:3, 3]
        return replace(self, corners=corners)

    def owned_by(self, instance_id: int) -> Soup:
        """Return the triangles as those of an actor."""
        return replace(self, instance=np.full(len(self.corners), instance_id, np.uint16))


def soup_of(surfaces: Sequence[Surface], palette: Palette) -> Soup:
    """Return the triangles of surfaces that share a frame."""
    drawn = [surface for surface in surfaces if len(surface.faces)]
    return join(
        [
            Soup(
                surface.vertices.astype(np.float64)[surface.faces],
                np.full(len(surface.faces), surface.material.two_sided),
                np.full(len(surface.faces), CLASS_BY_NAME[surface.semantic].id, np.uint8),
                np.full(len(surface.faces), palette.coat(surface), np.int32),
                np.zeros(len(surface.faces), np.uint16),
            )
            for surface in drawn
        ]
    )


def join(soups: Sequence[Soup]) -> Soup:
    """Return one soup of several that share a frame."""
    if not soups:
        return _triangles(0)
    return Soup(*(np.concatenate([getattr(s, f.name) for s in soups]) for f in fields(Soup)))


def _triangles(count: int) -> Soup:
    """Return triangles without area."""
    return Soup(
        np.zeros((count, 3, 3)),
        np.zeros(count, bool),
        np.zeros(count, np.uint8),
        np.zeros(count, np.int32),
        np.zeros(count, np.uint16),
    )


@dataclass(frozen=True)
class Met:
    """What rays met first.

    Attributes
    ----------
    triangle : ndarray, shape (N,), int32
        -1 for none; the rest is meaningless then, but for `distance_m`.
    distance_m : ndarray, shape (N,), float32
        ``inf`` for none.
    normal : ndarray, shape (N, 3), float32
        Unit, of the triangle.
    facing : ndarray, shape (N,), float32
        Cosine between ray and normal: negative for front faces.
    """

    triangle: Faces
    distance_m: F32
    normal: F32
    facing: F32


class Mesh:
    """A soup that rays can be cast at; front faces stop them, and two-sided ones from behind.

    All of it is in float32, in which a millimetre is well resolved some hundred metres away.

    Attributes
    ----------
    soup : Soup
    normals : ndarray, shape (F, 3), float32
        Unit vectors; zero for a triangle without area.
    """

    def __init__(self, soup: Soup) -> None:
        self._scene: Any = None
        if len(soup.corners):
            # Not "robust", which takes a third longer: of 13 million rays at a street, none came
            # through between two triangles.
            self._scene = rtcore_scene.EmbreeScene(embree.device(), robust=False)
            TriangleMesh(self._scene, np.ascontiguousarray(soup.corners, dtype=np.float32))
        else:
            # So that there is something to look up for rays that meet nothing.
            soup = _triangles(1)
        self.soup = soup
        corners = soup.corners
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        length = np.linalg.norm(normals, axis=1, keepdims=True)
        normals = np.divide(normals, length, out=np.zeros_like(normals), where=length > 0)
        self.normals: F32 = normals.astype(np.float32)

    def cast(self, origins: F32, directions: F32, reach: F32) -> Met:
        """Return what each ray meets first.

        Parameters
        ----------
        origins, directions : ndarray, shape (N, 3), float32
            Directions are of unit length.
        reach : ndarray, shape (N,), float32
            Nothing farther is looked for.
        """
        count = len(origins)
        if self._scene is None or count == 0:
            nothing, far = np.full(count, -1, np.int32), np.full(count, np.inf, np.float32)
            return Met(nothing, far, np.zeros((count, 3), np.float32), np.zeros_like(far))
        first = self._run(origins, directions, reach)
        on, met = self._judged(first)
        triangle = np.where(met, first.triangle, np.int32(-1))
        distance = np.where(met, first.distance_m, np.float32(np.inf))
        normal, facing = first.normal, first.facing
        going = np.flatnonzero(on)
        start = first.distance_m[going] + _PAST_M
        for _ in range(_LAYERS):
            if not len(going):
                break
            onward = directions[going]
            eye = origins[going] + start[:, None] * onward
            found = self._run(eye, onward, reach[going] - start)
            on, met = self._judged(found)
            ends = going[met]
            triangle[ends], distance[ends] = found.triangle[met], start[met] + found.distance_m[met]
            normal[ends], facing[ends] = found.normal[met], found.facing[met]
            going, start = going[on], start[on] + found.distance_m[on] + _PAST_M
        return Met(triangle, distance, normal, facing)

    def _run(self, origins: F32, directions: F32, reach: F32) -> Met:
        """Return the first triangles, seen from whichever side."""
        found = self._scene.run(origins, directions, dists=reach.copy(), output=1)
        normal = self.normals.take(found["primID"], axis=0, mode="wrap")
        return Met(found["primID"], found["tfar"], normal, dots(normal, directions))

    def _judged(self, found: Met) -> tuple[Bools, Bools]:
        """Return which rays pass what they met, and which it stops."""
        met = found.triangle >= 0
        stops = found.facing < 0
        stops |= self.soup.two_sided.take(found.triangle, mode="wrap")
        return met & ~stops, met & stops
