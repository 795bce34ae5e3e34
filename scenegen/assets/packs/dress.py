"""What triangles are made of, and how they are shaded."""

from __future__ import annotations

import numpy as np
from scipy.cluster.vq import kmeans2

from scenegen.assets.packs.model import ModelPiece
from scenegen.assets.packs.rows import Row
from scenegen.assets.packs.simplify import same_places
from scenegen.assets.packs.source_mesh import SourceMesh
from scenegen.assets.surfaces import corner_normals
from scenegen.assets.triangles import I64, Geometry
from scenegen.records.base import F64, Vec3
from scenegen.seeds import named_generator

COLORS = 24
"""Different colours of a model at most; its pictures are gone into these."""
_CREASE_RAD = 0.7
_DARKEST = 0.012
_NO_AREA = 1e-16


def material_keys(mesh: SourceMesh, row: Row) -> list[str]:
    """Return the material (F,) of each face: its role, or its colour among a few."""
    roles: dict[int, str] = {}
    for role in ("paint", "glass", "tyre", "chrome"):
        for number, name in enumerate(mesh.names):
            if name in getattr(row, role):
                roles[number] = role
    plain = ~np.isin(mesh.material, list(roles))
    keys = np.array([roles.get(number, "") for number in mesh.material.tolist()], dtype=object)
    keys[plain] = _colors(mesh.only(plain), row.id)
    return [str(key) for key in keys]


def _colors(mesh: SourceMesh, asset_id: str) -> list[str]:
    """Return each face's colour among at most `COLORS`, with its material's roughness."""
    if not len(mesh.faces):
        return []
    srgb = _encoded(np.maximum(mesh.color, _DARKEST))
    exact = np.rint(srgb * 255.0)
    distinct = np.unique(exact, axis=0)
    if len(distinct) > COLORS:
        means, label = kmeans2(
            exact, COLORS, minit="++", rng=named_generator("pack colours", asset_id)
        )
    else:
        means = distinct
        label = np.unique(exact, axis=0, return_inverse=True)[1].reshape(-1)
    codes = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.rint(means).astype(int).tolist()]
    rough = [f"{round(20 * value) / 20:.2f}" for value in mesh.roughness]
    return [
        f"{codes[k]} {rough[m]}"
        for k, m in zip(label.tolist(), mesh.material.tolist(), strict=True)
    ]


def _encoded(linear: F64) -> F64:
    """Return sRGB in [0, 1] of linear values (IEC 61966-2-1)."""
    return np.asarray(
        np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    )


def pieces(
    part: str, vertices: F64, faces: I64, materials: list[str], origin_m: Vec3 = (0.0, 0.0, 0.0)
) -> tuple[ModelPiece, ...]:
    """Return the pieces of a part, shaded smoothly across the borders of its materials.

    Parameters
    ----------
    part : str
    vertices, faces : ndarray
        In the body frame.
    materials : list of str
        Of each face.
    origin_m : (3,)
        The part's origin, which the pieces are given from.
    """
    corners = vertices[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    place = same_places(corners.reshape(-1, 3)).reshape(-1, 3)
    keep = (place != np.roll(place, 1, axis=1)).all(axis=1) & ((across**2).sum(axis=1) > _NO_AREA)
    corners, place, names = corners[keep], place[keep], np.array(materials, dtype=object)[keep]
    normals = corner_normals(corners, place, np.full(len(corners), _CREASE_RAD))
    made = []
    for name in sorted(set(names.tolist())):
        chosen = names == name
        points = (corners[chosen] - np.asarray(origin_m)).reshape(-1, 3)
        shading = np.rint(np.column_stack([points / 1e-6, normals[chosen].reshape(-1, 3) / 1e-5]))
        _, first, inverse = np.unique(shading, axis=0, return_index=True, return_inverse=True)
        made.append(
            ModelPiece(
                part,
                str(name),
                points[first],
                normals[chosen].reshape(-1, 3)[first],
                inverse.reshape(-1, 3).astype(np.int64),
            )
        )
    return tuple(made)


def whole(mesh: SourceMesh) -> Geometry:
    """Return a model's triangles without what they are made of."""
    return Geometry(mesh.vertices, mesh.faces, np.zeros((len(mesh.vertices), 2)))
