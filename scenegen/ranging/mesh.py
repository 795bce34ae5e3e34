"""Triangles that many rays from many places are cast at, and what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh

from scenegen.ranging.reflectance import Palette
from scenegen.records import Surface
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

_LAYERS = 16
"""Back faces that one ray may pass before it counts as lost."""
_PAST_M = np.float32(2e-4)
"""So far behind a back face a ray goes on."""


F32 = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


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
    """

    corners: F64
    two_sided: npt.NDArray[np.bool_]
    semantic: npt.NDArray[np.uint8]
    coat: npt.NDArray[np.int32]

    def moved(self, frame_from_soup: F64) -> Soup:
        """Return the triangles taken through a transform (4, 4)."""
        corners = self.corners @ frame_from_soup[:3, :3].T + frame_from_soup[:3, 3]
        return Soup(corners, self.two_sided, self.semantic, self.coat)


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
            )
            for surface in drawn
        ]
    )


def join(soups: Sequence[Soup]) -> Soup:
    """Return one soup of several that share a frame."""
    if not soups:
        return Soup(
            np.zeros((0, 3, 3)), np.zeros(0, bool), np.zeros(0, np.uint8), np.zeros(0, np.int32)
        )
    return Soup(
        np.concatenate([s.corners for s in soups]),
        np.concatenate([s.two_sided for s in soups]),
        np.concatenate([s.semantic for s in soups]),
        np.concatenate([s.coat for s in soups]),
    )


_NOTHING = Soup(
    np.zeros((1, 3, 3)), np.zeros(1, bool), np.zeros(1, np.uint8), np.zeros(1, np.int32)
)


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
        self._scene = None
        if len(soup.corners):
            self._scene = rtcore_scene.EmbreeScene()
            TriangleMesh(self._scene, np.ascontiguousarray(soup.corners, dtype=np.float32))
        else:
            # So that there is something to look up for rays that meet nothing.
            soup = _NOTHING
        self.soup = soup
        corners = soup.corners
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        length = np.linalg.norm(normals, axis=1, keepdims=True)
        normals = np.divide(normals, length, out=np.zeros_like(normals), where=length > 0)
        self.normals: F32 = normals.astype(np.float32)

    def cast(self, origins: F32, directions: F32, reach: F32) -> tuple[Ints, F32]:
        """Return the first triangle (N,) that each ray meets, -1 for none, and its distance.

        Parameters
        ----------
        origins, directions : ndarray, shape (N, 3), float32
            Directions are of unit length.
        reach : ndarray, shape (N,), float32
            Nothing farther is looked for.
        """
        count = len(origins)
        triangle = np.full(count, -1, dtype=np.int64)
        distance = np.full(count, np.inf, dtype=np.float32)
        if self._scene is None or count == 0:
            return triangle, distance
        start = np.zeros(count, dtype=np.float32)
        going, eye, onward, left = np.arange(count), origins, directions, reach
        for _ in range(_LAYERS):
            found = self._scene.run(eye, onward, dists=left.copy(), output=1)
            face, along = found["primID"], found["tfar"]
            # Embree's normal has the length of twice the triangle's area.
            stops = np.einsum("ij,ij->i", found["Ng"], onward) < 0
            met = face >= 0
            face = np.where(met, face, 0)
            stops = (stops | self.soup.two_sided[face]) & met
            ends = going[stops]
            triangle[ends] = face[stops]
            distance[ends] = start[ends] + along[stops]
            on = met & ~stops
            going = going[on]
            if not len(going):
                break
            start[going] += along[on] + _PAST_M
            onward = directions[going]
            eye = origins[going] + start[going, None] * onward
            left = reach[going] - start[going]
        return triangle, distance
