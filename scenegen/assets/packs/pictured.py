"""Patches of triangles under pictures: split, and coloured by what the pictures show."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scenegen.assets.packs.source_mesh import SourceMesh, picture_colors
from scenegen.assets.packs.split import few_colors, split_by_picture
from scenegen.records.base import F64

_TRANSPARENT = 0.3
_STEPS = ((3, 6), (4, 12), (6, 24), (8, 40), (11, 55), (15, 75), (21, 105), (30, 150), (42, 210))
"""A model's diagonal is so many of the longest edges under a picture, and so many of those where
the picture changes."""
_COLORS = 8
"""Of a picture on one object at most."""


@dataclass(frozen=True)
class Patch:
    """Triangles (F, 3, 5) of one object and material: places, and where in the picture."""

    corners: F64
    title: str
    tint: F64
    roughness: float
    picture: F64 | None


def mesh_of(patches: list[Patch], triangles: int) -> SourceMesh:
    """Return one mesh of patches; a picture's few colours are materials of their own.

    Parameters
    ----------
    patches : list of Patch
    triangles : int
        Pictures are split as finely as keeps to so many, if that is fine enough to tell what
        they show.
    """
    found: list[tuple[F64, F64, Patch]] = []
    for patch in _split(patches, triangles):
        if patch.picture is None:
            found.append((patch.corners[..., :3], patch.tint, patch))
        else:
            found += [(*own, patch) for own in _pictured(patch.corners, patch.tint, patch.picture)]
    sizes = [len(own) for own, *_ in found]
    points = np.concatenate([own for own, *_ in found]).reshape(-1, 3)
    mesh = SourceMesh(
        points,
        np.arange(len(points)).reshape(-1, 3),
        np.repeat(np.arange(len(found)), sizes),
        np.repeat([color for _, color, _ in found], sizes, axis=0),
        tuple(patch.title for *_, patch in found),
        tuple(patch.roughness for *_, patch in found),
        tuple(sorted({patch.title for patch in patches if patch.picture is not None})),
    )
    return mesh.only(_area(mesh) > 0.0)


def _area(mesh: SourceMesh) -> F64:
    a, b, c = mesh.vertices[mesh.faces].swapaxes(0, 1)
    return np.asarray(np.linalg.norm(np.cross(b - a, c - a), axis=1))


def _pictured(corners: F64, tint: F64, picture: F64) -> list[tuple[F64, F64]]:
    """Return small triangles (F, 3, 3) by the few colours that a picture gives them."""
    color, opacity = picture_colors(picture, corners[..., 3:])
    shown = opacity > _TRANSPARENT
    if not shown.any():
        return []
    few, label = few_colors(color[shown], _COLORS)
    own = corners[shown, :, :3]
    return [(own[label == k], few[k] * tint) for k in np.unique(label)]


def _split(patches: list[Patch], triangles: int) -> list[Patch]:
    """Return patches whose pictures are split as finely as a number of triangles allows."""
    places = np.concatenate([patch.corners[..., :3].reshape(-1, 3) for patch in patches])
    whole = float(np.linalg.norm(np.ptp(places, axis=0)))
    best = patches
    for longest, finest in _STEPS:
        tried = [
            patch
            if patch.picture is None
            else replace(
                patch,
                corners=split_by_picture(
                    patch.corners, patch.picture, whole / longest, whole / finest
                ),
            )
            for patch in patches
        ]
        if best is not patches and sum(len(patch.corners) for patch in tried) > triangles:
            break
        best = tried
    return best
