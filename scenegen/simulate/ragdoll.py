"""Bodies whose muscles have given way: every part a box, every joint with its range and friction.

Someone on legs is one capsule until something strikes them or they fall; from then on Bullet
moves a tree of boxes, whose joints are the asset's own, so that what lies on the road is the
pose that is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenegen.assets import JOINT_RANGES, body_from_parts
from scenegen.geometry import inverse, matrix_from_quaternion, quaternion_from_matrix
from scenegen.records import Asset
from scenegen.records.base import F64, Vec3
from scenegen.records.taxonomy import BIPED_JOINTS
from scenegen.simulate.bodies import FLESH
from scenegen.simulate.puppets import Limb, Puppets

if TYPE_CHECKING:
    from scenegen.simulate.world import World

SOFT_M = 0.012
"""By how much boxes are smaller than the meshes they stand for: what is soft gives way."""

KNUCKLE_SHARE = 0.15
"""Share of a part's mass that turns with the first of its two joints."""

STIFF_NM_KG = 0.06
"""Moment with which a joint resists, over body mass: limp, but no puppet."""

LIMP_RANGES: dict[tuple[str, ...], dict[str, tuple[float, float]]] = {
    BIPED_JOINTS: {
        "spine_pitch": (-0.25, 0.8),
        "neck_pitch": (-0.7, 0.7),
        **dict.fromkeys(("hip_left", "hip_right"), (-0.35, 1.7)),
        **dict.fromkeys(("hip_out_left", "hip_out_right"), (-0.15, 0.6)),
        **dict.fromkeys(("knee_left", "knee_right"), (0.0, 2.2)),
        **dict.fromkeys(("ankle_left", "ankle_right"), (-1.2, 0.4)),
        **dict.fromkeys(("shoulder_left", "shoulder_right"), (-0.9, 2.8)),
        **dict.fromkeys(("shoulder_out_left", "shoulder_out_right"), (0.0, 1.4)),
        **dict.fromkeys(("elbow_left", "elbow_right"), (0.0, 2.3)),
    }
}
"""How far joints give way that nobody holds, rad, where that is farther than in a gait."""


class Ragdolls:
    """The bodies that have fallen.

    Attributes
    ----------
    uids : dict of int to int
        Bullet's number of each, by actor.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._puppets = Puppets(world.engine)
        self.uids: dict[int, int] = {}
        self._channels: dict[int, list[int]] = {}
        self._base_from_body: dict[int, F64] = {}
        self._middle_m: dict[int, F64] = {}

    def collapse(self, k: int, row: F64) -> int:
        """Put a ragdoll in the place of actor `k`; return its number.

        Parameters
        ----------
        row : ndarray, shape (13,)
            State of the actor's centre of gravity, in the form of `Engine.read`.
        """
        world, body = self._world, self._world.bodies[k]
        values = world.articulation[k]
        limbs, channels = limbs_of(body.asset, body.mass_kg, values)
        uid = self._puppets.add(limbs, STIFF_NM_KG * body.mass_kg, FLESH)
        self.uids[k], self._channels[k] = uid, channels
        body_from_base = body_from_parts(body.asset, values)[0]
        self._base_from_body[k] = inverse(body_from_base)
        self._middle_m[k] = np.array(limbs[0].center_m)
        axes = matrix_from_quaternion(row[3:7])
        place = np.eye(4)
        place[:3, :3], place[:3, 3] = axes, row[:3] - axes @ world.cg_m[k]
        base = place @ body_from_base
        middle = base[:3, 3] + base[:3, :3] @ limbs[0].center_m
        velocity = row[7:10] + np.cross(row[10:13], middle - row[:3])
        world.engine.place(uid, middle, quaternion_from_matrix(base[:3, :3]))
        self._puppets.bend(uid, values[channels])
        world.engine.push([uid], [velocity.tolist()], [row[10:13].tolist()])
        return uid

    def ignore(self, k: int, uid: int) -> None:
        """Let a fallen actor and another body pass through each other."""
        self._puppets.ignore(self.uids[k], uid)

    def row(self, k: int) -> F64:
        """Return the state (13,) of a fallen actor in the form of `Engine.read`."""
        world = self._world
        row = world.engine.read([self.uids[k]])[0]
        base = np.eye(4)
        base[:3, :3] = matrix_from_quaternion(row[3:7])
        base[:3, 3] = row[:3] - base[:3, :3] @ self._middle_m[k]
        place = base @ self._base_from_body[k]
        at = place[:3, 3] + place[:3, :3] @ world.cg_m[k]
        row[7:10] += np.cross(row[10:13], at - row[:3])
        row[:3], row[3:7] = at, quaternion_from_matrix(place[:3, :3])
        return np.asarray(row)

    def hinges(self, k: int) -> F64:
        """Return where the hinges (n, 3) of a fallen actor are, in the order of its limbs."""
        return self._puppets.origins(self.uids[k])

    def bent(self, k: int, values: F64) -> F64:
        """Return joint values (MAX_JOINTS,) of a fallen actor; `values` are the last ones."""
        bent = values.copy()
        bent[self._channels[k]] = self._puppets.angles(self.uids[k])
        return bent


def limbs_of(asset: Asset, mass_kg: float, values: F64) -> tuple[list[Limb], list[int]]:
    """Return an asset's parts as limbs, and their channels.

    A part with two joints becomes a massy knuckle and a limb. Joints of the first part place
    it in the body and don't turn.

    Parameters
    ----------
    values : ndarray, shape (MAX_JOINTS,)
        Joints at the start, which count as within range.
    """
    boxes = [_box(part_vertices(asset, index)) for index in range(len(asset.parts))]
    volumes = np.array([size[0] * size[1] * size[2] for _, size in boxes])
    masses = mass_kg * volumes / volumes.sum()
    ranges = JOINT_RANGES[asset.joints] | LIMP_RANGES.get(asset.joints, {})
    limbs = [Limb(-1, (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), *boxes[0], float(masses[0]), 0.0, 0.0)]
    place, channels = {0: 0}, []
    for index, part in enumerate(asset.parts[1:], start=1):
        parent, origin = place[part.parent], part.origin_m
        for n, joint in enumerate(part.joints):
            first, last = ranges[asset.joints[joint.channel]]
            now, solid = float(values[joint.channel]), n == len(part.joints) - 1
            share = (
                1.0 if len(part.joints) == 1 else (1 - KNUCKLE_SHARE if solid else KNUCKLE_SHARE)
            )
            box = boxes[index] if solid else ((0.0, 0.0, 0.0), (0.1, 0.1, 0.1))
            mass = share * float(masses[index])
            least, most = min(first, now), max(last, now)
            limbs.append(Limb(parent, origin, joint.axis, *box, mass, least, most, solid))
            parent, origin = len(limbs) - 1, (0.0, 0.0, 0.0)
            channels.append(joint.channel)
        place[index] = parent
    return limbs, channels


def part_vertices(asset: Asset, index: int) -> F64:
    """Return all vertices (n, 3) of a part, in its own frame."""
    surfaces = asset.parts[index].surfaces
    return np.concatenate([s.vertices for s in surfaces]).astype(np.float64)


def _box(vertices_m: F64) -> tuple[Vec3, Vec3]:
    """Return middle and size (3,) of a box that stands for a part."""
    low, high = vertices_m.min(axis=0), vertices_m.max(axis=0)
    (x, y, z), (length, width, height) = (0.5 * (low + high)).tolist(), (high - low).tolist()
    return (x, y, z), (length - SOFT_M, width - SOFT_M, height - SOFT_M)
