"""From the land's triangles and heights to surfaces: shared corners, normals, materials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records import Surface
from scenegen.records.base import F64
from scenegen.roads.map.arrangement import I64
from scenegen.roads.map.land import Land
from scenegen.roads.surfaces import looks, packed

_SMOOTH = {"batter": 1, "kerb": 2, "sidewalk": 2}
"""Triangles of one number have common normals where they meet; all others are of number 0 or 3."""


@dataclass(frozen=True)
class Mesh:
    """Triangles in the world with what each is made of.

    Attributes
    ----------
    corners : ndarray, shape (V, 3)
    index : ndarray, shape (T, 3)
    group : ndarray, shape (T,), str
    normal : ndarray, shape (T, 3, 3)
        At each triangle's corners.
    """

    corners: F64
    index: I64
    group: npt.NDArray[np.str_]
    normal: F64


def shared_corners(land: Land) -> tuple[F64, I64]:
    """Return the corners (V, 2) of the land's triangles, and which each has (T, 3)."""
    corners, index = np.unique(land.plane.reshape(-1, 2), axis=0, return_inverse=True)
    return corners, index.reshape(-1, 3)


def mesh_of(land: Land, corners: F64, index: I64, z: F64) -> Mesh:
    """Return the mesh over the plane."""
    at = np.column_stack([corners, z])
    face = np.cross(at[index[:, 1]] - at[index[:, 0]], at[index[:, 2]] - at[index[:, 0]])
    smooth = np.array([_SMOOTH.get(name, 0) for name in land.group.tolist()])
    smooth[~land.paved] = 3
    normal = np.empty((len(index), 3, 3))
    for number in np.unique(smooth):
        here = smooth == number
        summed = np.zeros((len(at), 3))
        for k in range(3):
            np.add.at(summed, index[here, k], face[here])
        summed /= np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-12)
        normal[here] = summed[index[here]]
    group = np.where(land.group == "batter", "kerb", land.group)
    return Mesh(at, index, group, normal)


def together(meshes: Sequence[Mesh]) -> Mesh:
    """Return several meshes as one."""
    starts = np.cumsum([0, *(len(mesh.corners) for mesh in meshes)])
    return Mesh(
        np.concatenate([mesh.corners for mesh in meshes]),
        np.concatenate([m.index + start for m, start in zip(meshes, starts[:-1], strict=True)]),
        np.concatenate([mesh.group for mesh in meshes]),
        np.concatenate([mesh.normal for mesh in meshes]),
    )


def surfaces_of(mesh: Mesh, *, town: bool) -> tuple[Surface, ...]:
    """Return one surface for each kind of ground that occurs, as `surfaces.build_surfaces` does.

    Corners keep their places exactly: equal ones have equal bytes in all surfaces.
    """
    surfaces = []
    for groups, (material, semantic, tile) in looks(town=town).items():
        chosen = np.isin(mesh.group, groups)
        if not chosen.any():
            continue
        at = mesh.corners[mesh.index[chosen]].reshape(-1, 3)
        rounded = np.round(np.hstack([mesh.normal[chosen].reshape(-1, 3), at[:, :2] / tile]), 5)
        surfaces.append(packed(np.hstack([at, rounded]) + 0.0, material, semantic))
    return tuple(surfaces)
