"""What stands in a scene and hides people: scenery, signals and the ground itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from scenegen.assets.kinematics import body_from_parts
from scenegen.assets.lookup import get
from scenegen.geometry import (
    Boxes,
    apply,
    boxes_of,
    inverse,
    pose,
    quaternion_from_yaw,
    segments_depth,
)
from scenegen.geometry.embree import Blocker
from scenegen.geometry.rectangles import Mask
from scenegen.records.base import F64, Vec3
from scenegen.records.concrete import Prop
from scenegen.records.mesh import Surface
from scenegen.records.road import RoadNetwork

ASIDE_M = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""How far beside a line of sight others are tried, to tell by how much it is free or hidden."""
DIRECTIONS = 8
"""And in how many directions around it."""
_Model = tuple[str, int, Vec3 | None]
"""Asset, variant and size."""


class Standing:
    """What stands in a scene, as it is drawn: lines of sight end at its triangles.

    Parameters
    ----------
    props : sequence of Prop
    network : RoadNetwork
        Its surfaces and its signals' posts hide as well.
    """

    def __init__(self, props: Sequence[Prop], network: RoadNetwork) -> None:
        things: list[tuple[_Model, F64]] = [
            ((p.asset_id, p.variant, p.size_m), pose(p.position_m, p.quaternion_wxyz))
            for p in props
        ]
        things += [
            ((head.asset_id, 0, None), pose(head.foot_m, quaternion_from_yaw(head.yaw_rad)))
            for head in network.signals
        ]
        self._models = [model for model, _ in things]
        self._poses = np.array([at for _, at in things]).reshape(-1, 4, 4)
        bounds = np.array([get(*model).bounds_m for model in self._models]).reshape(-1, 2, 3)
        self._boxes = _boxes(bounds, self._poses)
        self._network = network

    def depth(self, eye_m: F64, points_m: F64, known_m: F64) -> F64:
        """Return how deep in something lines of sight run, m: by how much they are hidden.

        Of what stands: where a line ends at it, how far beside the line the next one is that
        doesn't, as one of `ASIDE_M`, or their last. Where it is free, negative: how far the box
        around what stands is beside it; within that box, how far the next line is that isn't
        free. ``-inf`` where nothing is so near; the ground counts where lines end at it.

        Parameters
        ----------
        eye_m : ndarray, shape (T, 3)
        points_m : ndarray, shape (P, T, 3)
        known_m : ndarray, shape (P, T)
            What is known of these lines in the same measure, due to others.

        Returns
        -------
        ndarray, shape (P, T)
            The greatest of all.
        """
        depth, eyes = known_m.copy(), np.broadcast_to(eye_m, points_m.shape)
        for thing in self._near(eye_m, points_m):
            beside = segments_depth(thing.box, eyes, points_m)
            near = (beside < 0) & (beside > -ASIDE_M[-1])
            depth = np.maximum(depth, np.where(near, beside, -np.inf))
            asked = (beside >= 0) & (depth < ASIDE_M[-1])
            start, end = eyes[asked], points_m[asked]
            blocked = thing.blocks(start, end)
            # By how much a line is free doesn't matter where another hides it.
            told = blocked | (depth[asked] < 0)
            far = np.full(len(start), -np.inf)
            far[told] = thing.aside(start[told], end[told], blocked[told])
            far[told & ~blocked] *= -1.0
            depth[asked] = np.maximum(depth[asked], far)
        return self._over_ground(eyes, points_m, depth)

    def blocks(self, eye_m: F64, points_m: F64) -> Mask:
        """Say which lines (P, T) of sight, as `depth` takes them, end at what stands."""
        eyes = np.broadcast_to(eye_m, points_m.shape)
        blocked = np.zeros(points_m.shape[:-1], dtype=bool)
        for thing in (*self._near(eye_m, points_m), self._ground):
            asked = ~blocked & (segments_depth(thing.box, eyes, points_m) >= 0)
            blocked[asked] = thing.blocks(eyes[asked], points_m[asked])
        return blocked

    def _over_ground(self, eyes_m: F64, points_m: F64, known_m: F64) -> F64:
        """Return how deep lines run with the ground, which counts where they end at it."""
        depth, ground = known_m.copy(), self._ground
        lowest = np.minimum(eyes_m[..., 2], points_m[..., 2])
        asked = (lowest < ground.box.high_m) & (depth < ASIDE_M[-1])
        asked[asked] = ground.blocks(eyes_m[asked], points_m[asked])
        start, end = eyes_m[asked], points_m[asked]
        far = ground.aside(start, end, np.ones(len(start), dtype=bool))
        depth[asked] = np.maximum(depth[asked], far)
        return depth

    def _near(self, eye_m: F64, points_m: F64) -> Iterator[_Thing]:
        """Yield what stands within a metre of some line of sight, by circles in plan."""
        middle = points_m[..., :2].mean(axis=0)
        spread = np.linalg.norm(points_m[..., :2] - middle, axis=-1).max()
        base = self._boxes.base
        centre = np.stack([base.x_m, base.y_m], axis=-1)[:, None] - eye_m[:, :2]
        onward = middle - eye_m[:, :2]
        share = (centre * onward).sum(axis=-1) / np.maximum((onward**2).sum(axis=-1), 1e-9)
        beside = centre - np.clip(share, 0.0, 1.0)[..., None] * onward
        apart = np.linalg.norm(beside, axis=-1).min(axis=1, initial=np.inf)
        for number in np.flatnonzero(apart <= base.radius_m + spread + ASIDE_M[-1]):
            yield _Thing(_blocker(*self._models[number]), self._poses[number], self._boxes[number])

    @cached_property
    def _ground(self) -> _Thing:
        """Road and land; Embree reckons in float32, so it is asked about their middle."""
        surfaces = self._network.surfaces
        vertices = np.concatenate([s.vertices for s in surfaces]).astype(np.float64)
        middle = pose(np.round(0.5 * (vertices.min(axis=0) + vertices.max(axis=0))))
        corners = _corners(surfaces) - middle[:3, 3]
        bounds = np.array([corners.min(axis=(0, 1)), corners.max(axis=(0, 1))])
        return _Thing(Blocker(corners), middle, _boxes(bounds[None], middle[None])[0])


@dataclass(frozen=True)
class _Thing:
    """Something that stands: its triangles, where they are, and the upright box around them."""

    blocker: Blocker
    world_from_body: F64
    box: Boxes

    def blocks(self, start_m: F64, end_m: F64) -> Mask:
        """Say which lines (N,) between points (N, 3), world, end at it."""
        body = inverse(self.world_from_body)
        return self.blocker.blocks(apply(body, start_m), apply(body, end_m))

    def aside(self, start_m: F64, end_m: F64, blocked: Mask) -> F64:
        """Return how far beside each line (N,) the next one is of which the other thing is true.

        One of `ASIDE_M`; their last where there is none.
        """
        far = np.full(len(start_m), ASIDE_M[-1])
        across = _across(end_m - start_m)
        open_ = np.arange(len(start_m))
        for aside in ASIDE_M[:-1]:
            shift = aside * across[:, open_]
            ends = [(point[open_] + shift).reshape(-1, 3) for point in (start_m, end_m)]
            other = self.blocks(*ends).reshape(DIRECTIONS, -1) != blocked[open_]
            found = other.any(axis=0)
            far[open_[found]] = aside
            open_ = open_[~found]
        return far


def _across(onward: F64) -> F64:
    """Return unit vectors (DIRECTIONS, N, 3) across lines (N, 3), evenly around each."""
    ahead = onward / np.maximum(np.linalg.norm(onward, axis=1, keepdims=True), 1e-9)
    # Lines of sight are never upright, and if one is, any two directions will do.
    flat = np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
    left = np.stack([-ahead[:, 1], ahead[:, 0], np.zeros(len(ahead))], axis=1)
    left = np.where(flat > 1e-6, left / np.maximum(flat, 1e-6), [1.0, 0.0, 0.0])
    up = np.cross(ahead, left)
    turn = 2.0 * np.pi * np.arange(DIRECTIONS)[:, None, None] / DIRECTIONS
    return np.asarray(np.cos(turn) * left + np.sin(turn) * up)


def _boxes(bounds_m: F64, world_from_body: F64) -> Boxes:
    """Return the upright boxes (n,) around bodies with bounds (n, 2, 3) in poses (n, 4, 4)."""
    yaw = np.arctan2(world_from_body[:, 1, 0], world_from_body[:, 0, 0])
    upright = pose(world_from_body[:, :3, 3], quaternion_from_yaw(yaw))
    leaning = (inverse(upright) @ world_from_body)[:, :3, :3]
    middle, half = bounds_m.mean(axis=1), 0.5 * (bounds_m[:, 1] - bounds_m[:, 0])
    middle = (leaning @ middle[..., None])[..., 0]
    half = (np.abs(leaning) @ half[..., None])[..., 0]
    around = np.stack([middle - half, middle + half], axis=1)
    x, y, z = world_from_body[:, :3, 3].T
    return boxes_of(around, x, y, z, yaw)


def _corners(surfaces: Sequence[Surface]) -> F64:
    """Return the corners (F, 3, 3) of the triangles of surfaces, in their frame."""
    return np.concatenate([s.vertices.astype(np.float64)[s.faces] for s in surfaces])


@lru_cache(maxsize=256)
def _blocker(asset_id: str, variant: int, size_m: Vec3 | None) -> Blocker:
    asset = get(asset_id, variant, size_m)
    poses = body_from_parts(asset, np.zeros(len(asset.joints)))
    parts = [
        apply(at, _corners(part.surfaces).reshape(-1, 3)).reshape(-1, 3, 3)
        for part, at in zip(asset.parts, poses, strict=True)
        if part.surfaces
    ]
    return Blocker(np.concatenate(parts))
