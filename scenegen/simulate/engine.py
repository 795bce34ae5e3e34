"""The PyBullet world: the only module that knows its calls, frames and quaternion order.

Bullet keeps a body by its centre of mass and writes quaternions ``xyzw``. Bodies
here are made so that Bullet's frame has the axes of the body frame and its origin
in the centre of gravity; `Engine` and `origin_state` are the only places that turn
the one into the other.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from scenegen.geometry import matrix_from_quaternion
from scenegen.records import CollisionShape
from scenegen.records.base import F64, Quaternion, Vec3
from scenegen.simulate.vectors import cross, rotation_matrices

GRAVITY_MPS2 = 9.81
SOLVER_ITERATIONS = 30
CONTACT_ERP = 0.04  # a share of overlap that doesn't throw apart what met at high speed


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep PyBullet's build banner, which it prints from C, off the terminal."""
    sys.stdout.flush()
    sys.stderr.flush()
    saved, null = [os.dup(1), os.dup(2)], os.open(os.devnull, os.O_WRONLY)
    try:
        for stream in (1, 2):
            os.dup2(null, stream)
        yield
    finally:
        for stream, kept in zip((1, 2), saved, strict=True):
            os.dup2(kept, stream)
            os.close(kept)
        os.close(null)


with _quiet():
    import pybullet as bullet

__all__ = [
    "GRAVITY_MPS2",
    "Engine",
    "Surfacing",
    "Touch",
    "bullet",
    "cg_position",
    "origin_state",
]

_KINDS = ("box", "capsule", "cylinder")
_GEOMETRY = {kind: getattr(bullet, f"GEOM_{kind.upper()}") for kind in _KINDS}


@dataclass(frozen=True)
class Surfacing:
    """How a body's surface meets others: Bullet multiplies the values of the two bodies."""

    friction: float = 0.6
    restitution: float = 0.05
    rolling_friction: float = 0.0
    spinning_friction: float = 0.0


@dataclass(frozen=True)
class Touch:
    """One contact point of one physics step: body `a` is pushed along `normal`."""

    uid_a: int
    uid_b: int
    position_m: Vec3
    normal: Vec3
    impulse_ns: float


class Engine:
    """A fresh PyBullet world, closed by `close`.

    Parameters
    ----------
    physics_hz : int
        Steps a second.

    Attributes
    ----------
    client : int
        PyBullet's number of the world.
    looks : int
        The visual shape of all bodies. Nobody sees it, but without one PyBullet makes a mesh
        of every collision shape, which takes half a second for a height field.
    """

    def __init__(self, physics_hz: int) -> None:
        self.dt = 1.0 / physics_hz
        self.client: int = bullet.connect(bullet.DIRECT)
        bullet.resetSimulation(physicsClientId=self.client)
        bullet.setPhysicsEngineParameter(
            fixedTimeStep=self.dt,
            numSubSteps=0,
            contactERP=CONTACT_ERP,
            numSolverIterations=SOLVER_ITERATIONS,
            deterministicOverlappingPairs=1,
            enableFileCaching=0,
            physicsClientId=self.client,
        )
        bullet.setGravity(0.0, 0.0, -GRAVITY_MPS2, physicsClientId=self.client)
        self.looks: int = bullet.createVisualShape(
            bullet.GEOM_BOX, halfExtents=[0.1] * 3, physicsClientId=self.client
        )

    def close(self) -> None:
        """Free the world; twice is once."""
        if self.client >= 0:
            bullet.disconnect(self.client)
        self.client = -1

    def step(self) -> None:
        """Advance by one physics step."""
        bullet.stepSimulation(self.client)

    # -- bodies -------------------------------------------------------------------

    def add_body(
        self,
        shapes: Sequence[CollisionShape],
        cg_m: Vec3,
        mass_kg: float,
        inertia_kgm2: Vec3,
        surfacing: Surfacing,
        turns_wxyz: Sequence[Quaternion] | None = None,
    ) -> int:
        """Make a rigid body at the origin, without damping, and return its number.

        Its shapes stand along its axes, or are turned by (4,) each.
        """
        compound = self._compound(shapes, cg_m, turns_wxyz)
        uid: int = bullet.createMultiBody(
            mass_kg, compound, self.looks, physicsClientId=self.client
        )
        self.set_mass(uid, mass_kg, inertia_kgm2)
        self.set_surfacing(uid, surfacing)
        return uid

    def remove(self, uid: int) -> None:
        """Take a body out of the world."""
        bullet.removeBody(uid, self.client)

    def _compound(
        self,
        shapes: Sequence[CollisionShape],
        cg_m: Vec3,
        turns_wxyz: Sequence[Quaternion] | None,
    ) -> int:
        """Return a collision shape about the centre of gravity."""
        centres = [np.subtract(s.center_m, cg_m).tolist() for s in shapes]
        if len(shapes) == 1:
            shape = shapes[0]
            return int(
                bullet.createCollisionShape(
                    _GEOMETRY[shape.kind],
                    collisionFramePosition=centres[0],
                    physicsClientId=self.client,
                    **_dimensions(shape),
                )
            )
        return self.gathered(shapes, centres, turns_wxyz or [(1.0, 0.0, 0.0, 0.0)] * len(shapes))

    def gathered(
        self,
        shapes: Sequence[CollisionShape],
        centers_m: Sequence[Sequence[float]],
        turns_wxyz: Sequence[Sequence[float]],
    ) -> int:
        """Return one collision shape of several, each at a place (3,) and turned by (4,)."""
        sizes = [_dimensions(s) for s in shapes]
        return int(
            bullet.createCollisionShapeArray(
                shapeTypes=[_GEOMETRY[s.kind] for s in shapes],
                halfExtents=[d.get("halfExtents", [0.1] * 3) for d in sizes],
                radii=[d.get("radius", 0.1) for d in sizes],
                lengths=[d.get("height", 0.1) for d in sizes],
                collisionFramePositions=centers_m,
                collisionFrameOrientations=[(x, y, z, w) for w, x, y, z in turns_wxyz],
                physicsClientId=self.client,
            )
        )

    def add_static(self, shape: int, surfacing: Surfacing) -> int:
        """Make an immovable body of one of Bullet's shapes at the origin; return its number.

        It is a plain rigid body, which Bullet's steps pass over, while they would go through
        a multi-body.
        """
        uid: int = bullet.createMultiBody(
            0.0, shape, self.looks, useMaximalCoordinates=1, physicsClientId=self.client
        )
        self.set_surfacing(uid, surfacing)
        return uid

    def set_surfacing(self, uid: int, surfacing: Surfacing, limb: int = -1) -> None:
        """Set friction and restitution, and switch Bullet's own damping off."""
        bullet.changeDynamics(
            uid,
            limb,
            lateralFriction=surfacing.friction,
            restitution=surfacing.restitution,
            rollingFriction=surfacing.rolling_friction,
            spinningFriction=surfacing.spinning_friction,
            linearDamping=0.0,
            angularDamping=0.0,
            physicsClientId=self.client,
        )

    def set_mass(self, uid: int, mass_kg: float, inertia_kgm2: Vec3) -> None:
        """Set mass and principal moments of inertia about the centre of gravity."""
        bullet.changeDynamics(
            uid,
            -1,
            mass=mass_kg,
            localInertiaDiagonal=inertia_kgm2,
            physicsClientId=self.client,
        )

    def set_collision(self, uid_a: int, uid_b: int, enabled: bool) -> None:
        """Say whether two bodies may touch."""
        bullet.setCollisionFilterPair(uid_a, uid_b, -1, -1, int(enabled), self.client)

    # -- state ----------------------------------------------------------------------

    def place(self, uid: int, cg_m: F64, quaternion_wxyz: F64) -> None:
        """Put a body's centre of gravity (3,) and its axes (4,) somewhere; stops it too."""
        w, x, y, z = quaternion_wxyz.tolist()
        bullet.resetBasePositionAndOrientation(uid, cg_m.tolist(), (x, y, z, w), self.client)

    def push(
        self,
        uids: Sequence[int],
        velocity: Sequence[Sequence[float]],
        spin: Sequence[Sequence[float]],
    ) -> None:
        """Set velocities (m/s, of the centre of gravity) and angular velocities (rad/s)."""
        client = self.client
        for uid, linear, angular in zip(uids, velocity, spin, strict=True):
            bullet.resetBaseVelocity(uid, linear, angular, client)

    def read(self, uids: Sequence[int]) -> F64:
        """Return rows (n, 13): centre of gravity, quaternion wxyz, velocity, angular velocity."""
        client = self.client
        rows = np.empty((len(uids), 13))
        for row, uid in zip(rows, uids, strict=True):
            position, (x, y, z, w) = bullet.getBasePositionAndOrientation(uid, client)
            linear, angular = bullet.getBaseVelocity(uid, client)
            row[:] = (*position, w, x, y, z, *linear, *angular)
        return rows

    def touches(self) -> list[Touch]:
        """Return the contacts that carried an impulse in the last step, in a fixed order."""
        found = [
            Touch(c[1], c[2], c[6], c[7], c[9] * self.dt)
            for c in bullet.getContactPoints(physicsClientId=self.client)
            if c[9] > 0.0
        ]
        return sorted(found, key=lambda t: (t.uid_a, t.uid_b, t.position_m))


def _dimensions(shape: CollisionShape) -> dict[str, object]:
    """Return PyBullet's size arguments; its capsules' height excludes the caps."""
    length, width, height = shape.size_m
    if shape.kind == "box":
        return {"halfExtents": [0.5 * length, 0.5 * width, 0.5 * height]}
    if shape.kind == "capsule":
        return {"radius": length, "height": max(height - 2.0 * length, 1e-3)}
    return {"radius": length, "height": height}


def origin_state(rows: F64, cg_m: F64) -> tuple[F64, F64, F64, F64]:
    """Take rows of `Engine.read` from the centre of gravity to the body origin.

    Parameters
    ----------
    rows : ndarray, shape (n, 13)
    cg_m : ndarray, shape (n, 3)
        Centres of gravity in the body frames.

    Returns
    -------
    position (n, 3), quaternion wxyz (n, 4), velocity (n, 3), angular velocity (n, 3)
        Of the body origins, in world axes.
    """
    quaternion, spin = rows[:, 3:7], rows[:, 10:13]
    arm = (rotation_matrices(quaternion) @ cg_m[..., None])[..., 0]
    return rows[:, :3] - arm, quaternion.copy(), rows[:, 7:10] - cross(spin, arm), spin.copy()


def cg_position(position_m: F64, quaternion_wxyz: F64, cg_m: F64) -> F64:
    """Return where the centre of gravity (3,) of a body with this origin is."""
    return np.asarray(position_m + matrix_from_quaternion(quaternion_wxyz) @ cg_m)
