"""The workbench on which builders put an asset together."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np

from scenegen.assets.kinematics import parts_kinematics
from scenegen.assets.ranges import JOINT_RANGES, chain_samples
from scenegen.assets.surfaces import Piece, surfaces
from scenegen.assets.triangles import Geometry, join
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, CollisionShape, Joint, Material, Part, Spot, Wheel

_MARGIN_M = 0.005
_SOIL_M = 0.04


class Bench:
    """Collects shapes by part, material and class, and makes an `Asset` of them.

    Parameters
    ----------
    semantic : str
        Class of shapes that name none.
    """

    def __init__(self, semantic: str) -> None:
        self.semantic = semantic
        self._parts: list[Part] = []
        self._shapes: list[dict[tuple[Material, str, float], tuple[Material, list[Geometry]]]] = []

    def part(
        self,
        name: str,
        parent: str | None = None,
        origin_m: Vec3 = (0.0, 0.0, 0.0),
        joints: tuple[Joint, ...] = (),
    ) -> str:
        """Open a part and return its name."""
        index = -1 if parent is None else self._index(parent)
        self._parts.append(Part(name, index, origin_m, joints))
        self._shapes.append({})
        return name

    def add(
        self,
        part: str,
        shape: Geometry,
        material: Material,
        semantic: str | None = None,
        crease_rad: float = 0.7,
    ) -> None:
        """Put a shape, in the part's own frame, onto a part."""
        bins = self._shapes[self._index(part)]
        kind = semantic or self.semantic
        key = (material, kind, crease_rad)
        bins.setdefault(key, (material, []))[1].append(shape)

    def parts(self) -> tuple[Part, ...]:
        """Return the parts with their finished surfaces."""
        pieces = [
            Piece(join(shapes), material, semantic, crease)
            for bins in self._shapes
            for (_, semantic, crease), (material, shapes) in bins.items()
        ]
        made = iter(surfaces(pieces))
        return tuple(
            replace(part, surfaces=tuple(islice(made, len(bins))))
            for part, bins in zip(self._parts, self._shapes, strict=True)
        )

    def _index(self, name: str) -> int:
        for index, part in enumerate(self._parts):
            if part.name == name:
                return index
        raise KeyError(name)


def finish(
    asset_id: str,
    variant: int,
    category: str,
    bench: Bench,
    mass_kg: float,
    joints: tuple[str, ...] = (),
    collision: tuple[CollisionShape, ...] = (),
    wheels: tuple[Wheel, ...] = (),
    spots: tuple[Spot, ...] = (),
    anchors: dict[str, Vec3] | None = None,
    poses: F64 | None = None,
) -> Asset:
    """Return the asset, its body origin put below the middle of its bounds.

    Builders draw in a frame of their own choice; everything that is given in it moves
    along with the parts. Bounds are taken over `poses` (M, MAX_JOINTS), or over the
    ranges of the joints.
    """
    raw = Asset(
        asset_id,
        variant,
        category,
        bench.parts(),
        np.zeros((2, 3)),
        mass_kg,
        joints,
        collision,
        wheels,
        spots,
        anchors or {},
    )
    return settled(raw, poses)


def settled(asset: Asset, poses: F64 | None = None) -> Asset:
    """Return an asset with its bounds taken anew and its origin below their middle."""
    bounds = posed_bounds(asset.parts, asset.joints, poses)
    x, y = (-bounds.mean(axis=0)[:2]).tolist()

    def moved(place: Vec3) -> Vec3:
        return (place[0] + x, place[1] + y, place[2])

    return replace(
        asset,
        parts=tuple(
            replace(p, origin_m=moved(p.origin_m)) if p.parent < 0 else p for p in asset.parts
        ),
        bounds_m=bounds + np.array([x, y, 0.0]),
        collision=tuple(replace(c, center_m=moved(c.center_m)) for c in asset.collision),
        wheels=tuple(replace(w, position_m=moved(w.position_m)) for w in asset.wheels),
        spots=tuple(replace(s, position_m=moved(s.position_m)) for s in asset.spots),
        anchors={
            name: place if name in PART_ANCHORS else moved(place)
            for name, place in asset.anchors.items()
        },
    )


PART_ANCHORS = ("head_top", "toe", "wrist", "palm", "ball")
"""Anchors that are given in a part's frame rather than in the body's."""


def _directions(count: int) -> F64:
    """Return directions (count, 3) spread evenly over the sphere (a Fibonacci lattice)."""
    z = 1.0 - (2.0 * np.arange(count) + 1.0) / count
    turn = np.pi * (3.0 - np.sqrt(5.0)) * np.arange(count)
    flat = np.sqrt(1.0 - z * z)
    return np.column_stack([flat * np.cos(turn), flat * np.sin(turn), z])


_DIRECTIONS = np.concatenate([_directions(250), np.eye(3), -np.eye(3)])


def _extremes(points: F64) -> F64:
    """Return the points that lie farthest out in some direction.

    Directions are 0.11 rad from the nearest lattice point at most, so what bulges with
    a radius r is missed by r (1 - cos 0.11) = 0.006 r at most; `_MARGIN_M` allows for it.
    """
    return np.asarray(points[np.unique((points @ _DIRECTIONS.T).argmax(axis=0))])


def _chain(parts: tuple[Part, ...], index: int) -> list[int]:
    """Return the channels that move a part, without repetition."""
    channels: list[int] = []
    while index >= 0:
        channels += [joint.channel for joint in parts[index].joints]
        index = parts[index].parent
    return sorted(set(channels))


def _ancestry(parts: tuple[Part, ...], index: int) -> tuple[Part, ...]:
    """Return a part with all that carries it, root first, as a tree of its own."""
    line: list[Part] = []
    while index >= 0:
        line.append(parts[index])
        index = parts[index].parent
    line.reverse()
    return tuple(replace(part, parent=k - 1) for k, part in enumerate(line))


def _slides(parts: tuple[Part, ...], index: int) -> list[int]:
    """Return the channels that move a part upright: a pelvis on its legs, a wheel in its arch."""
    found: list[int] = []
    while index >= 0:
        found += [joint.channel for joint in parts[index].joints if joint.kind == "slide"]
        index = parts[index].parent
    return found


def posed_bounds(parts: tuple[Part, ...], joints: tuple[str, ...], given: F64 | None = None) -> F64:
    """Return the box (2, 3) around all parts over the ranges of their joints.

    Feet may swing below the ground when every joint is at its worst; what walks keeps
    them on it, so the box ends a hand's breadth of soil below the rest pose.
    """
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    ground = np.inf
    for index, part in enumerate(parts):
        if not part.surfaces:
            continue
        points = np.concatenate([s.vertices for s in part.surfaces]).astype(np.float64)
        channels = _chain(parts, index)
        corners = _extremes(points) if channels else points
        # What slides upright adds to the heights, whatever the pose.
        slides = _slides(parts, index) if given is None else []
        turning = [c for c in channels if c not in slides]
        samples = chain_samples(joints, turning) if given is None else given
        rest_and_poses = np.concatenate([np.zeros((1, samples.shape[1])), samples])
        poses = parts_kinematics(_ancestry(parts, index), rest_and_poses)[:, -1]
        turned = poses[:, :3, :3].reshape(-1, 3) @ corners.T
        reach = turned.reshape(len(poses), 3, -1) + poses[:, :3, 3:]
        ground = min(ground, float(reach[0, 2].min()))
        used = reach if given is None else reach[1:]
        down, up = (
            sum(pick(0.0, JOINT_RANGES[joints][joints[slide]][end]) for slide in slides)
            for end, pick in ((0, min), (1, max))
        )
        low = np.minimum(low, used.min(axis=(0, 2)) + np.array([0.0, 0.0, down]))
        high = np.maximum(high, used.max(axis=(0, 2)) + np.array([0.0, 0.0, up]))
    if given is None:
        low[2] = max(low[2], ground - _SOIL_M)
    low -= _MARGIN_M
    high += _MARGIN_M
    return np.array([low, high])
