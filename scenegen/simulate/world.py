"""The world of one scene: state, and `World.step`, which advances it by one control step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from scenegen.geometry import yaw_of
from scenegen.records import MAX_JOINTS, ConcreteScenario
from scenegen.records.base import F64, Vec3
from scenegen.roads import build_network, head_state
from scenegen.simulate.afoot import Afoot
from scenegen.simulate.alighting import Alighting
from scenegen.simulate.barriers import Barriers
from scenegen.simulate.bodies import is_towed, make_body, make_scenery
from scenegen.simulate.carriage import Carriage
from scenegen.simulate.collisions import Collisions
from scenegen.simulate.direction import Direction
from scenegen.simulate.doors import Doors
from scenegen.simulate.drivers import Drivers
from scenegen.simulate.engine import GRAVITY_MPS2, Engine, origin_state
from scenegen.simulate.falls import Falls
from scenegen.simulate.fleet import Fleet
from scenegen.simulate.forcing import Forcing
from scenegen.simulate.grip import road_grip
from scenegen.simulate.ground import REFRESH_STEPS, Ground, Underfoot
from scenegen.simulate.hitches import Hitch
from scenegen.simulate.limits import check_state
from scenegen.simulate.loose import Loose
from scenegen.simulate.outlook import Outlook
from scenegen.simulate.ragdoll import Ragdolls
from scenegen.simulate.rolling import Rolling
from scenegen.simulate.vectors import rotation_matrices

SHIFT_MPS = 0.5
ROAD_MARGIN_M = 0.15
"""What a wheel may sway aside within a control step, on top of its way ahead."""


@dataclass(frozen=True)
class Command:
    """An agent's control of one vehicle for one control step, in place of its driver's.

    Attributes
    ----------
    steer_rad : float
        At the road wheels, to the left.
    acceleration_mps2 : float
        The way the gear goes; negative brakes.
    reverse : bool
        Gears are shifted below `SHIFT_MPS` only.
    """

    steer_rad: float
    acceleration_mps2: float
    reverse: bool = False


class World:
    """Everything that moves in one scene.

    Parameters
    ----------
    scenario : ConcreteScenario

    Attributes
    ----------
    articulated : bool
        Whether joints are worked out, so that limbs and wheels can be drawn.
    row : int
        Control steps done.
    position_m, quaternion_wxyz, velocity_mps, spin_radps : ndarray, shape (A, 3 or 4)
        Body origins at the present control step, world.
    articulation : ndarray, shape (A, MAX_JOINTS)
        Joint values, as last worked out by `Joints`.
    """

    articulated: ClassVar[bool] = True

    def __init__(self, scenario: ConcreteScenario) -> None:
        self.scenario = scenario
        rates = scenario.rates
        self.dt = 1.0 / rates.physics_hz
        self.substeps = rates.physics_hz // rates.control_hz
        self.control_dt = 1.0 / rates.control_hz
        self.row = 0
        self.network = build_network(scenario.road)
        self.ground = Ground(self.network)
        self.engine = self._make_engine()
        try:
            self._populate()
        except BaseException:
            self.engine.close()
            raise

    def _make_engine(self) -> Engine:
        return Engine(self.scenario.rates.physics_hz)

    def _build_ground(self) -> list[int]:
        return self.ground.build(self.engine)

    def _populate(self) -> None:
        """Put everything in its place and start what starts at once."""
        scenario = self.scenario
        self.scenery = make_scenery(self.engine, scenario)
        actors = scenario.actors
        self.index = {actor.instance_id: k for k, actor in enumerate(actors)}
        self.bodies = [make_body(self.engine, a, *self._borne_by(a.instance_id)) for a in actors]
        # After a height field, PyBullet takes milliseconds for every further shape.
        ground_uids = self._build_ground()
        self.uids = [body.uid for body in self.bodies]
        self.articulation = np.zeros((len(actors), MAX_JOINTS))
        self.ragdolls = Ragdolls(self)
        self.falls = Falls(self)
        self.cg_m = np.array([body.cg_m for body in self.bodies])
        self._make_roles()
        self.forcing = Forcing(self)
        self.barriers = Barriers(self)
        self.collisions = Collisions(self, ground_uids)
        self.carriage = Carriage(self)
        self.alighting = Alighting(self)
        self._set_velocities()
        self.rows = self.engine.read(self.uids)
        self.fleet.take(range(len(self.vehicles)), self.rows[self.vehicles])
        self.loose = Loose(self)
        self._refresh()
        self._outlook = Outlook(self)
        self.direction = Direction(self)
        self.direction.start_manoeuvres()

    def close(self) -> None:
        """Free the physics world; twice is once."""
        self.engine.close()
        # Parts know their world. Without that, what is large needn't wait for the collector of
        # cycles, and memory stays flat over thousands of episodes.
        self.afoot.forget()
        self.fleet.kerbs = None
        for script in self.direction.scripts:
            script.waits.clear()
            script.alarms.clear()
        for part in vars(self).values():
            getattr(part, "__dict__", {}).pop("_world", None)

    @property
    def time_s(self) -> float:
        """Time of the present control step."""
        return self.row * self.control_dt

    def _borne_by(self, carrier: int) -> tuple[float, float]:
        """Return the masses of an actor's loads and of its semitrailer."""
        borne = [a for a in self.scenario.actors if a.attached_to == carrier]
        towed = sum(a.mass_kg for a in borne if is_towed(a))
        return sum(a.mass_kg for a in borne) - towed, towed

    def _hitches(self) -> list[Hitch]:
        """Return who pulls whom; tractors and their semitrailers don't collide."""
        found = []
        for k, body in enumerate(self.bodies):
            if body.actor.attached_to is None or not is_towed(body.actor):
                continue
            j = self.index[body.actor.attached_to]
            joint = [
                np.subtract(b.asset.anchors[name], b.cg_m)
                for b, name in ((self.bodies[j], "fifth_wheel"), (body, "kingpin"))
            ]
            pair = (self.vehicle_of[j], self.vehicle_of[k])
            found.append(Hitch(*pair, _vec3(joint[0]), _vec3(joint[1])))
            self.engine.set_collision(self.uids[j], self.uids[k], False)
        return found

    def _make_roles(self) -> None:
        vehicles = [k for k, body in enumerate(self.bodies) if body.spec]
        self.vehicles: npt.NDArray[np.int64] = np.array(vehicles, dtype=np.int64)
        self.vehicle_of = {k: n for n, k in enumerate(vehicles)}
        self.vehicle_uids = [self.uids[k] for k in vehicles]
        specs = [s for body in self.bodies if (s := body.spec) is not None]
        grip = road_grip(self.scenario.weather)
        self.fleet = Fleet(specs, grip, self.scenario.rates.physics_hz)
        self.fleet.couple(self._hitches())
        self.doors = Doors(self)
        ids = np.array([body.actor.instance_id for body in self.bodies], dtype=np.int64)
        self.drivers = Drivers(
            self.fleet,
            self.network,
            self.vehicles,
            np.concatenate([ids, ids[self.doors.owner]]),
            self.scenario.rates.control_hz,
        )
        self.rolling = Rolling(self)
        self.afoot = Afoot(self)
        self.walkers = self.afoot.walkers
        self._block_left = 0

    def _set_velocities(self) -> None:
        for body in self.bodies:
            self.engine.push([body.uid], [body.actor.velocity_mps], [(0.0, 0.0, 0.0)])

    def step(self, commands: Mapping[int, Command] | None = None) -> None:
        """Advance by one control step.

        Parameters
        ----------
        commands : mapping of instance id to Command, optional
            Vehicles that an agent steers instead of their drivers.

        Raises
        ------
        SimulationError
            A state is not finite, or a body has left the world.
        """
        self.falls.upset()
        self._decide(commands or {})
        self.alighting.begin()
        self.afoot.plan()
        self.doors.swing()
        self.barriers.follow()
        self.collisions.look_out()
        if self.collisions.near:
            self.put_in_engine(self.loose.others())
        self._feel_road()
        for k in range(self.substeps):
            self._substep(k)
        self.fleet.publish()
        self._block_left = 0
        self.row += 1
        self._settle()
        self.alighting.end()
        self.direction.start_manoeuvres()

    def _decide(self, commands: Mapping[int, Command]) -> None:
        """Let drivers set their controls, and an agent override those of its vehicles."""
        own, crowd = self.vehicles, self._outlook.crowd()
        gear = self.fleet.controls.gear.copy()
        self.drivers.decide(
            self.position_m[own], self.yaw_rad[own], self.speed_mps, crowd, self.signals()
        )
        commanded = [self.vehicle_of[self.index[instance]] for instance in commands]
        for n, command in zip(commanded, commands.values(), strict=True):
            self._obey(n, command, float(gear[n]))
        self.forcing.act(commanded)
        self.fleet.hitches.follow(self.fleet.controls, self.drivers.crashed)

    def _obey(self, n: int, command: Command, gear: float) -> None:
        """Let an agent steer vehicle `n`, whose gear was in until now."""
        controls = self.fleet.controls
        if abs(float(self.speed_mps[n])) < SHIFT_MPS:
            gear = -1.0 if command.reverse else 1.0
        controls.gear[n], controls.parked[n] = gear, 0.0
        controls.acceleration_mps2[n] = command.acceleration_mps2
        self.drivers.turn_wheel(n, command.steer_rad, self.speed_mps)

    def put_in_engine(self, actors: Sequence[int]) -> None:
        """Tell Bullet where some actors are and how they move."""
        for k in actors:
            row = self.rows[k]
            self.engine.place(self.uids[k], row[:3], row[3:7])
            self.engine.push([self.uids[k]], [row[7:10].tolist()], [row[10:13].tolist()])

    def leader(self, k: int) -> int:
        """Return the tractor (index) that pulls actor `k`, or `k`."""
        for hitch in self.fleet.hitches.pairs:
            if self.vehicles[hitch.trailer] == k:
                return int(self.vehicles[hitch.tractor])
        return k

    def read(self, actors: Sequence[int]) -> F64:
        """Return rows (n, 13) of the state of some actors, as Bullet has it."""
        rows = self.engine.read([self.uids[k] for k in actors])
        for row, k in zip(rows, actors, strict=True):
            if k in self.ragdolls.uids:
                row[:] = self.ragdolls.row(k)
        return rows

    def signals(self) -> npt.NDArray[np.uint8]:
        """Return the present state (S,) of every signal head."""
        plan = self.scenario.road.signals
        heads = self.network.signals
        if plan is None:
            return np.zeros(len(heads), dtype=np.uint8)
        states = [head_state(plan, head, self.time_s) for head in heads]
        return np.array(states, dtype=np.uint8)

    def _feel_road(self) -> None:
        """Find out whether every wheel will stay on the plane during this control step."""
        speed = np.sqrt((self.fleet.velocity_mps * self.fleet.velocity_mps).sum(axis=1))
        reach = speed * self.control_dt + ROAD_MARGIN_M
        self._level = self.ground.is_level(self.fleet.patches_world(), reach)

    def _substep(self, k: int) -> None:
        fleet = self.fleet
        if self._block_left == 0:
            patches = fleet.patches_world()
            fleet.begin(Underfoot.level(patches) if self._level else self.ground.underfoot(patches))
            self._block_left = REFRESH_STEPS
        fleet.advance()
        self._block_left -= 1
        if self.collisions.near:
            self._step_engine(k)
        elif self._block_left == 0:
            fleet.publish()

    def _step_engine(self, k: int) -> None:
        """Let Bullet solve this step's contacts.

        Whoever is moved from outside gets the velocity for the step anew, and with it
        what Bullet's gravity will take off again.
        """
        fleet, engine = self.fleet, self.engine
        fleet.publish_motion()
        lift = GRAVITY_MPS2 * self.dt
        for j in self.collisions.near:
            if j in self.vehicle_of:
                n = self.vehicle_of[j]
                x, y, z = fleet.velocity_mps[n].tolist()
                engine.push([self.uids[j]], [(x, y, z + lift)], [fleet.spin_radps[n].tolist()])
            elif self.afoot.goes(j):
                x, y, z = self.afoot.velocity_mps[j].tolist()
                engine.push([self.uids[j]], [(x, y, z + lift)], [self.afoot.spin_radps[j].tolist()])
        self.carriage.push(lift)
        self.rolling.grip()
        engine.step()
        self.collisions.resolve(self.row * self.substeps + k)
        fleet.publish_pose()
        if self.collisions.take_tilted():
            self._block_left = 0

    def _settle(self) -> None:
        """Gather the state at the end of a control step, and check that all is well."""
        self.rows[self.vehicles] = self.fleet.rows()
        self.afoot.arrive()
        if self.collisions.near:
            touched = [k for k in self.afoot.movers if k in self.collisions.touched]
            back = self.loose.actors() + [k for k in touched if self.afoot.goes(k)]
            self.rows[back] = self.read(back)
            self.loose.note_rest()
            self.barriers.feel()
        self.carriage.restore()
        self._refresh()

    def _refresh(self) -> None:
        """Work out the state of the body origins from that of the centres of gravity."""
        state = origin_state(self.rows, self.cg_m)
        self.position_m, self.quaternion_wxyz, self.velocity_mps, self.spin_radps = state
        self.yaw_rad = yaw_of(self.quaternion_wxyz)
        forward = rotation_matrices(self.quaternion_wxyz[self.vehicles])[:, :, 0]
        self.speed_mps = (self.velocity_mps[self.vehicles] * forward).sum(axis=1)
        check_state(self)


def _vec3(values: F64) -> Vec3:
    x, y, z = values.tolist()
    return (x, y, z)
