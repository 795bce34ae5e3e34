"""Who carries whom: loads on a lorry's bed, riders on bicycles and in wheelchairs, what is pushed.

A load is held rigidly: before each physics step it gets the velocity of the point of
its carrier that it sits on, so that it is a body of its own that others can hit, and
leaves with exactly the carrier's motion. What somebody pushes is held in the plane, and
stands on its own wheels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenegen.geometry import matrix_from_quaternion, quaternion_multiply
from scenegen.records.base import F64
from scenegen.simulate.bodies import is_towed
from scenegen.simulate.vectors import cross, rotation_matrices

if TYPE_CHECKING:
    from scenegen.simulate.world import World


class Carriage:
    """Keeps what is attached in its place.

    Attributes
    ----------
    attached : ndarray, shape (A,), bool
        Who is carried at present.
    carrier : ndarray, shape (A,), int64
        By which actor (index), -1 for none; stays after release.
    offset_m : ndarray, shape (A, 3)
        Where body origins are in the frames of the carriers' bodies.
    turn_wxyz : ndarray, shape (A, 4)
        How the bodies are turned there.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        bodies = world.bodies
        towed = [is_towed(b.actor) for b in bodies]
        self.attached = np.array([b.actor.attached_to is not None for b in bodies])
        self.attached &= ~np.array(towed)
        self.carrier = np.full(len(bodies), -1, dtype=np.int64)
        self.offset_m = np.zeros((len(bodies), 3))
        self.turn_wxyz = np.tile([1.0, 0.0, 0.0, 0.0], (len(bodies), 1))
        for k, body in enumerate(bodies):
            if body.actor.attached_to is None or towed[k]:
                continue
            j = world.index[body.actor.attached_to]
            if not (j in world.vehicle_of or j in world.walkers or j in world.rolling.things()):
                raise ValueError(f"{bodies[j].actor.name} is no vehicle and can't carry a load")
            self.carrier[k] = j
            carrier = bodies[j].actor
            back = np.array(carrier.quaternion_wxyz) * np.array([1.0, -1.0, -1.0, -1.0])
            apart = np.subtract(body.actor.position_m, carrier.position_m)
            self.offset_m[k] = matrix_from_quaternion(back) @ apart
            self.turn_wxyz[k] = quaternion_multiply(back, np.array(body.actor.quaternion_wxyz))
            world.engine.set_collision(body.uid, bodies[j].uid, False)
        self._arms_m = self.offset_m + np.array(
            [
                matrix_from_quaternion(self.turn_wxyz[k]) @ b.cg_m - world.cg_m[self.carrier[k]]
                for k, b in enumerate(bodies)
            ]
        )
        for k in self.riders():
            for uid in world.collisions.ground_uids:
                world.engine.set_collision(world.uids[k], uid, False)

    def riders(self) -> list[int]:
        """Return the attached people."""
        return [k for k in np.flatnonzero(self.attached).tolist() if k in self._world.walkers]

    def bearer(self, k: int) -> int:
        """Return the actor (index) that holds actor `k` in the end, or `k`."""
        while self.attached[k]:
            k = int(self.carrier[k])
        return k

    def borne(self, k: int) -> list[int]:
        """Return what actor `k` itself holds."""
        return np.flatnonzero(self.attached & (self.carrier == k)).tolist()

    def push(self, lift_mps: float) -> None:
        """Give what is carried, and could be hit, the velocity of its place.

        Parameters
        ----------
        lift_mps : float
            What gravity will take off again during the step.
        """
        world = self._world
        near = world.collisions.near
        held = [k for k in near if self.attached[k]]
        for k in held:
            if int(self.carrier[k]) not in world.vehicle_of:
                _, velocity, spin = self._motion(k)
                velocity[2] += lift_mps
                world.engine.push([world.uids[k]], [velocity.tolist()], [spin.tolist()])
        on_wheels = [k for k in held if int(self.carrier[k]) in world.vehicle_of]
        loads = np.array(on_wheels, dtype=np.int64)
        if not loads.size:
            return
        fleet, uids = world.fleet, [world.uids[k] for k in loads.tolist()]
        n = [world.vehicle_of[j] for j in self.carrier[loads].tolist()]
        axes = rotation_matrices(fleet.quaternion_wxyz[n])
        arms = (axes @ self._arms_m[loads][:, :, None])[:, :, 0]
        spin = fleet.spin_radps[n]
        velocity = fleet.velocity_mps[n] + cross(spin, arms)
        velocity[:, 2] += lift_mps
        world.engine.push(uids, velocity.tolist(), spin.tolist())

    def _motion(self, k: int) -> tuple[F64, F64, F64]:
        """Return axes (3, 3), velocity (3,) and spin (3,) of an actor at present, world."""
        world = self._world
        if self.attached[k]:
            axes, velocity, spin = self._motion(int(self.carrier[k]))
            arm = axes @ self._arms_m[k]
            return (
                axes @ matrix_from_quaternion(self.turn_wxyz[k]),
                velocity + cross(spin, arm),
                spin,
            )
        axes = matrix_from_quaternion(world.rows[k, 3:7])
        if world.afoot.goes(k):
            return axes, world.afoot.velocity_mps[k].copy(), world.afoot.spin_radps[k]
        row = world.read([k])[0]
        return axes, row[7:10], row[10:13]

    def restore(self) -> None:
        """Work out the rows of everything carried from those of their carriers."""
        first = self.attached & ~self.attached[self.carrier]
        for loads in (first, self.attached & ~first):
            if loads.any():
                self._restore(np.flatnonzero(loads))

    def _restore(self, loads: npt.NDArray[np.intp]) -> None:
        """Work out rows of loads (n,) whose carriers' are known."""
        world = self._world
        before = world.rows[loads, 2]
        rows = world.rows[self.carrier[loads]]
        axes = rotation_matrices(rows[:, 3:7])
        arms = (axes @ self._arms_m[loads][:, :, None])[:, :, 0]
        turn = quaternion_multiply(rows[:, 3:7], self.turn_wxyz[loads])
        rows[:, :3] += arms
        rows[:, 3:7] = turn / np.sqrt((turn * turn).sum(axis=1))[:, None]
        rows[:, 7:10] += cross(rows[:, 10:13], arms)
        for row, k, z in zip(rows, loads.tolist(), before.tolist(), strict=True):
            if k in world.rolling.moved:
                self._stand(row, k, z)
        world.rows[loads] = rows

    def _stand(self, row: F64, k: int, before_m: float) -> None:
        """Put what somebody pushes, with its row (13,) as they go, onto its wheels."""
        world = self._world
        axes = matrix_from_quaternion(row[3:7])
        origin = row[:3] - axes @ world.cg_m[k]
        yaw = float(np.arctan2(axes[1, 0], axes[0, 0]))
        z, turn = world.rolling.stand(k, origin[:2], yaw)
        arm = matrix_from_quaternion(turn) @ world.cg_m[k]
        row[:3] = np.array([*origin[:2], z]) + arm
        row[3:7] = turn
        row[9] = (row[2] - before_m) / world.control_dt

    def row(self, k: int) -> F64:
        """Return the state (13,) of something carried, as its carrier takes it along now."""
        world, j = self._world, int(self.carrier[k])
        if j not in world.vehicle_of:
            row = world.read([k])[0] if k in world.collisions.near else world.rows[k].copy()
            row[7:] = world.rows[k, 7:]
            return np.asarray(row)
        fleet, n = world.fleet, world.vehicle_of[j]
        axes = rotation_matrices(fleet.quaternion_wxyz[n : n + 1])[0]
        arm, spin = axes @ self._arms_m[k], fleet.spin_radps[n]
        turn = quaternion_multiply(fleet.quaternion_wxyz[n], self.turn_wxyz[k])
        return np.concatenate(
            [
                fleet.position_m[n] + arm,
                turn / np.sqrt((turn * turn).sum()),
                fleet.velocity_mps[n] + cross(spin, arm),
                spin,
            ]
        )

    def release(self, k: int) -> None:
        """Let actor `k` go with the motion it has; its carrier is lighter from now on."""
        if not self.attached[k]:
            return
        world = self._world
        self.attached[k] = False
        j = int(self.carrier[k])
        if k not in world.walkers:
            world.engine.set_collision(world.uids[k], world.uids[j], True)
            self._mute(k, j)
        world.put_in_engine([k])
        if j not in world.vehicle_of:
            return
        n = world.vehicle_of[j]
        world.fleet.lighten(n, world.bodies[k].mass_kg)
        mass, inertia = world.fleet.mass_kg[n], world.fleet.inertia[n].tolist()
        world.engine.set_mass(world.uids[j], float(mass), (inertia[0], inertia[1], inertia[2]))

    def _mute(self, load: int, carrier: int) -> None:
        """Keep a load's rest on its carrier, and against what lies beside it, off the record."""
        world = self._world
        ids = [body.actor.instance_id for body in world.bodies]
        step = world.row * world.substeps
        world.collisions.ledger.mute(step, ids[load], ids[carrier])
        for other in np.flatnonzero(self.carrier == carrier).tolist():
            if other != load:
                world.collisions.ledger.mute(step, ids[load], ids[other])
