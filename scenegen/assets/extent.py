"""How much room a body takes: over the poses that it really took, and to run into."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.assets.kinematics import body_from_parts
from scenegen.records.base import F64
from scenegen.records.mesh import Asset, CollisionShape


def posed_bounds(asset: Asset, articulation: npt.ArrayLike) -> F64:
    """Return the least box, in body axes, that holds every vertex in all given poses.

    Parameters
    ----------
    asset : Asset
    articulation : array_like, shape (R, C)
        Joint values by row; C at least ``len(asset.joints)``.

    Returns
    -------
    ndarray, shape (2, 3)
        Least and greatest body coordinates, m.
    """
    values = np.atleast_2d(np.asarray(articulation, dtype=np.float64))
    poses = body_from_parts(asset, np.unique(values[:, : len(asset.joints)], axis=0))
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for index, part in enumerate(asset.parts):
        if not part.surfaces:
            continue
        vertices = np.concatenate([s.vertices for s in part.surfaces]).astype(np.float64)
        taken = poses[:, index]
        if (taken == taken[0]).all():
            taken = taken[:1]
        turned = taken[:, :3, :3] @ vertices.T  # reducing along memory is what makes it fast
        low = np.minimum(low, (turned.min(axis=2) + taken[:, :3, 3]).min(axis=0))
        high = np.maximum(high, (turned.max(axis=2) + taken[:, :3, 3]).max(axis=0))
    return np.stack([low, high])


def solid_bounds(asset: Asset) -> F64:
    """Return the box, in body axes, around what one would run into: no mirrors, no swinging arms.

    Returns
    -------
    ndarray, shape (2, 3)
        Least and greatest body coordinates, m; `Asset.bounds_m` of what nothing runs into.
    """
    if not asset.collision:
        return asset.bounds_m
    bounds = np.concatenate([_solid(shape) for shape in asset.collision])
    return np.stack([bounds.min(axis=0), bounds.max(axis=0)])


def _solid(shape: CollisionShape) -> F64:
    x, y, z = shape.size_m
    # Boxes have lengths, cylinders radii.
    half = np.array([x, y, z] if shape.kind == "box" else [2.0 * x, 2.0 * y, z]) / 2.0
    return np.array(shape.center_m) + np.stack([-half, half])
