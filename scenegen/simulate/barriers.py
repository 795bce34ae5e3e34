"""Half barriers of a level crossing: arms that follow the lights, and give way when run into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenegen.assets import JOINT_RANGES, arm_shape
from scenegen.geometry import apply, pose
from scenegen.records.base import F64, Vec3
from scenegen.records.taxonomy import BARRIER_JOINTS
from scenegen.roads import barrier_lift
from scenegen.simulate.bodies import THING
from scenegen.simulate.puppets import Limb, Puppets

if TYPE_CHECKING:
    from scenegen.simulate.world import World

LIFT, SWING = (BARRIER_JOINTS.index(name) for name in ("lift", "swing"))
PIN_NM = 600.0
"""Moment at which the arm turns away about its post (own estimate): on an arm of 4 m that of a
wind of 28 m/s."""
DRIVE_NM = 20_000.0
"""What the drive, which locks itself, holds the arm up with."""
PASSABLE_RAD = 0.8
"""From here on, lifted or swung aside, an arm keeps no driver from going on."""
STOP_RAD = 1.4
"""How far it swings aside before it meets its stops, which give a little."""
HUB_M = 0.2
_HUB_KG = 8.0


class Barriers:
    """The barriers among a world's actors.

    The foot is the actor's own body. The arm is another one, on two hinges: the drive turns the
    one, and friction holds the other until something pushes harder.

    Attributes
    ----------
    moving : ndarray, shape (A,), bool
        Which actors are barriers that come down, go up, or would if nothing stood below.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._puppets = Puppets(world.engine)
        self._of = [k for k, body in enumerate(world.bodies) if body.role == "barrier"]
        self._arms = {k: self._arm(k) for k in self._of}
        self._values: dict[int, F64] = {}
        self.moving = np.zeros(len(world.bodies), dtype=bool)
        for k in self._of:
            self._turn(k, np.array([0.0, barrier_lift(world.scenario.road, 0.0)]))

    @property
    def uids(self) -> dict[int, int]:
        """Bullet's numbers of the arms, and whose they are."""
        return {uid: k for k, uid in self._arms.items()}

    def _arm(self, k: int) -> int:
        """Make an arm, lowered, and return its number."""
        world, body = self._world, self._world.bodies[k]
        part, shape, mass = arm_shape(body.asset)
        least, most = JOINT_RANGES[BARRIER_JOINTS]["lift"]
        here: Vec3 = (0.0, 0.0, 0.0)
        hub = (HUB_M, HUB_M, HUB_M)
        turning, lifting = part.joints
        limbs = [
            Limb(-1, here, here, here, hub, 0.0, 0.0, 0.0),
            Limb(0, here, turning.axis, here, hub, _HUB_KG, -STOP_RAD, STOP_RAD, False),
            Limb(1, here, lifting.axis, shape.center_m, shape.size_m, mass, least, most),
        ]
        uid = self._puppets.add(limbs, (PIN_NM, DRIVE_NM), THING)
        place = pose(body.actor.position_m, body.actor.quaternion_wxyz)
        hinge = apply(place, np.array([body.asset.anchors["hinge"]]))[0]
        world.engine.place(uid, hinge, np.array(body.actor.quaternion_wxyz))
        self._puppets.ignore(uid, world.uids[k])
        return uid

    def _turn(self, k: int, values: F64) -> None:
        """Set where an arm is: its swing and its lift."""
        self._values[k] = values
        self._puppets.bend(self._arms[k], values)

    def follow(self) -> None:
        """Let the drives go on for a control step; coming down, an arm rests on what it meets."""
        world = self._world
        wanted = barrier_lift(world.scenario.road, world.time_s + world.control_dt)
        self.moving[:] = False
        for k in self._of:
            lift = self._values[k][1]
            self.moving[k] = wanted != lift
            blocked = k in world.collisions.touched
            if wanted > lift or (wanted < lift and not blocked):
                self._values[k][1] = wanted
                self._puppets.turn(self._arms[k], 1, wanted)

    def feel(self) -> None:
        """Read back where Bullet has left the arms that have been run into."""
        for k in self._of:
            if k not in self._world.collisions.touched and self._values[k][0] == 0.0:
                continue
            self._values[k][0] = self._puppets.angles(self._arms[k])[0]

    def show(self) -> None:
        """Write the arms' angles into the joint values."""
        for k in self._of:
            swing, lift = self._values[k].tolist()
            self._world.articulation[k, [SWING, LIFT]] = swing, lift

    def open(self) -> npt.NDArray[np.bool_]:
        """Return which actors (A,) are in nobody's way: barriers that are up, or swung aside."""
        away = np.zeros(len(self._world.bodies), dtype=bool)
        for k in self._of:
            away[k] = np.abs(self._values[k]).max() > PASSABLE_RAD
        return away
