"""Where the parts of an articulated body are, for any values of its joints."""

from __future__ import annotations

from functools import lru_cache, reduce

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, Joint, Part
from scenegen.records.taxonomy import BIPED_JOINTS

_EYE = np.eye(4)


@lru_cache(maxsize=512)
def _about(axis: Vec3) -> tuple[F64, F64, F64]:
    """Return a unit axis (3,), its cross-product matrix (3, 3) and that one's square."""
    n = np.asarray(axis, dtype=np.float64)
    n = n / np.linalg.norm(n)
    k = np.array([[0, -n[2], n[1]], [n[2], 0, -n[0]], [-n[1], n[0], 0]])
    return n, k, k @ k


def _joint_matrix(joint: Joint, value: F64) -> F64:
    """Return (..., 4, 4) of one joint at its values (...)."""
    n, k, square = _about(joint.axis)
    matrix = np.empty((*value.shape, 4, 4))
    matrix[...] = _EYE
    if joint.kind == "slide":
        matrix[..., :3, 3] = value[..., None] * n
        return matrix
    s, c = np.sin(value)[..., None, None], np.cos(value)[..., None, None]
    matrix[..., :3, :3] = _EYE[:3, :3] + s * k + (1.0 - c) * square
    return matrix


def parts_kinematics(parts: tuple[Part, ...], articulation: npt.ArrayLike) -> F64:
    """Return ``body_from_part`` (..., P, 4, 4) of a tree of parts, parents listed first."""
    values = np.asarray(articulation, dtype=np.float64)
    result = np.empty((*values.shape[:-1], len(parts), 4, 4))
    for index, part in enumerate(parts):
        turns = [_joint_matrix(joint, values[..., joint.channel]) for joint in part.joints]
        if turns:
            pose = reduce(np.matmul, turns)
        else:
            pose = np.broadcast_to(_EYE, (*values.shape[:-1], 4, 4)).copy()
        pose[..., :3, 3] += part.origin_m
        result[..., index, :, :] = (
            pose if part.parent < 0 else result[..., part.parent, :, :] @ pose
        )
    return result


def body_from_parts(asset: Asset, articulation: npt.ArrayLike) -> F64:
    """Return the pose of every part of an asset in its body frame.

    Parameters
    ----------
    asset : Asset
    articulation : array_like, shape (..., C)
        Joint values in the order of `asset.joints`, rad or m; C at least
        ``len(asset.joints)``, as in `Trajectory.articulation`.

    Returns
    -------
    ndarray, shape (..., P, 4, 4), float64
    """
    values = np.asarray(articulation, dtype=np.float64)
    if values.shape[-1] < len(asset.joints):
        raise ValueError(
            f"{asset.id} has {len(asset.joints)} joints, but articulation has "
            f"{values.shape[-1]} channels"
        )
    return parts_kinematics(asset.parts, values)


def skeleton(asset: Asset, articulation: npt.ArrayLike) -> dict[str, Vec3]:
    """Return the joints of a person's skeleton, body frame, m.

    Parameters
    ----------
    asset : Asset
        A biped; for any other asset the result is empty.
    articulation : array_like, shape (C,)

    Returns
    -------
    dict of str to (3,)
        ``pelvis``, ``spine``, ``neck``, ``head`` (top of the skull), and with ``_left``
        and ``_right`` each of ``hip``, ``knee``, ``ankle``, ``toe``, ``shoulder``,
        ``elbow``, ``wrist``.
    """
    fixed = skeleton_points(asset)
    if not fixed:
        return {}
    names = {part.name: index for index, part in enumerate(asset.parts)}
    poses = body_from_parts(asset, articulation)[[names[part] for part, _ in fixed.values()]]
    offsets = np.array([offset for _, offset in fixed.values()])
    points = (poses[:, :3, :3] @ offsets[:, :, None])[:, :, 0] + poses[:, :3, 3]
    return {joint: (x, y, z) for joint, (x, y, z) in zip(fixed, points.tolist(), strict=True)}


def skeleton_points(asset: Asset) -> dict[str, tuple[str, Vec3]]:
    """Return the part that each skeleton joint is fixed to, and its place in that part.

    Empty for what is no biped.
    """
    if asset.joints != BIPED_JOINTS:
        return {}
    zero = (0.0, 0.0, 0.0)
    points: dict[str, tuple[str, Vec3]] = {
        "pelvis": ("pelvis", zero),
        "spine": ("torso", zero),
        "neck": ("head", zero),
        "head": ("head", asset.anchors["head_top"]),
    }
    for side in ("left", "right"):
        for joint, part in (
            ("hip", "thigh"),
            ("knee", "shin"),
            ("ankle", "foot"),
            ("shoulder", "upper_arm"),
            ("elbow", "forearm"),
        ):
            points[f"{joint}_{side}"] = (f"{part}_{side}", zero)
        points[f"toe_{side}"] = (f"foot_{side}", asset.anchors["toe"])
        points[f"wrist_{side}"] = (f"forearm_{side}", asset.anchors["wrist"])
    return points
