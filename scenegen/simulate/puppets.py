"""Trees of boxes on hinges in the PyBullet world: what a limp body is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenegen.records.base import F64, Vec3
from scenegen.simulate.engine import Engine, Surfacing, bullet


@dataclass(frozen=True)
class Limb:
    """One box of a ragdoll and the hinge it hangs on; the first, without a hinge, is its root.

    Attributes
    ----------
    parent : int
        Index of the limb that it hangs on, -1 for the root.
    origin_m, axis : (3,)
        The hinge, in the parent's part frame.
    center_m, size_m : (3,)
        The box, in the limb's own part frame.
    low_rad, high_rad : float
        Range of the hinge.
    solid : bool
        Whether it meets other bodies.
    """

    parent: int
    origin_m: Vec3
    axis: Vec3
    center_m: Vec3
    size_m: Vec3
    mass_kg: float
    low_rad: float
    high_rad: float
    solid: bool = True


class Puppets:
    """Makes trees of limbs, and knows how Bullet has numbered them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._links: dict[int, list[int]] = {}

    def add(
        self, limbs: Sequence[Limb], stiff_nm: float | Sequence[float], surfacing: Surfacing
    ) -> int:
        """Make a tree of boxes at the origin and return its number.

        Parameters
        ----------
        limbs : sequence of Limb
            Parents before those that hang on them; a root without mass stays where it is.
        stiff_nm : float or sequence of float
            Moment of friction in every hinge, or in each.
        """
        client, (root, *others) = self._engine.client, limbs
        shapes = [
            bullet.createCollisionShape(
                bullet.GEOM_BOX,
                halfExtents=[0.5 * side for side in limb.size_m],
                collisionFramePosition=limb.center_m,
                physicsClientId=client,
            )
            for limb in limbs
        ]
        n = len(others)
        straight = [(0.0, 0.0, 0.0, 1.0)] * n
        uid: int = bullet.createMultiBody(
            root.mass_kg,
            shapes[0],
            self._engine.looks,
            baseInertialFramePosition=root.center_m,
            linkMasses=[limb.mass_kg for limb in others],
            linkCollisionShapeIndices=shapes[1:],
            linkVisualShapeIndices=[self._engine.looks] * n,
            linkPositions=[limb.origin_m for limb in others],
            linkOrientations=straight,
            linkInertialFramePositions=[limb.center_m for limb in others],
            linkInertialFrameOrientations=straight,
            linkParentIndices=[limb.parent for limb in others],
            linkJointTypes=[bullet.JOINT_REVOLUTE] * n,
            linkJointAxis=[limb.axis for limb in others],
            physicsClientId=client,
        )
        # Bullet numbers links depth first, and names their joints by the order of creation.
        names = [bullet.getJointInfo(uid, k, client)[1].decode() for k in range(n)]
        self._links[uid] = links = [names.index(f"joint{k + 1}") for k in range(n)]
        for k, limb in zip(links, others, strict=True):
            bullet.changeDynamics(
                uid,
                k,
                jointLowerLimit=limb.low_rad,
                jointUpperLimit=limb.high_rad,
                physicsClientId=client,
            )
            if not limb.solid:
                bullet.setCollisionFilterGroupMask(uid, k, 0, 0, physicsClientId=client)
        moments = [stiff_nm] * n if isinstance(stiff_nm, float) else list(stiff_nm)
        bullet.setJointMotorControlArray(
            uid, links, bullet.VELOCITY_CONTROL, forces=moments, physicsClientId=client
        )
        for k in range(-1, n):
            self._engine.set_surfacing(uid, surfacing, k)
        return uid

    def ignore(self, uid: int, other: int) -> None:
        """Let a tree of limbs and another body pass through each other."""
        for link in (-1, *self._links[uid]):
            bullet.setCollisionFilterPair(uid, other, link, -1, 0, self._engine.client)

    def bend(self, uid: int, values_rad: F64) -> None:
        """Set the hinges of a ragdoll, in the order of its limbs."""
        for k, value in zip(self._links[uid], values_rad.tolist(), strict=True):
            bullet.resetJointState(uid, k, value, 0.0, self._engine.client)

    def turn(self, uid: int, hinge: int, value_rad: float) -> None:
        """Set one hinge of a tree of limbs, and stop it."""
        bullet.resetJointState(uid, self._links[uid][hinge], value_rad, 0.0, self._engine.client)

    def angles(self, uid: int) -> F64:
        """Return the angles of a ragdoll's hinges, in the order of its limbs."""
        states = bullet.getJointStates(uid, self._links[uid], self._engine.client)
        return np.array([state[0] for state in states])

    def origins(self, uid: int) -> F64:
        """Return where the hinges (n, 3) of a ragdoll are, in the order of its limbs."""
        states = bullet.getLinkStates(
            uid, self._links[uid], computeForwardKinematics=1, physicsClientId=self._engine.client
        )
        return np.array([state[4] for state in states])
