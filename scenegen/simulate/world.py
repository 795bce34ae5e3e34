"""The world of one scene: state, and `World.step`, which advances it by one control step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.errors import SimulationError
from scenegen.geometry import quaternion_from_yaw, quaternion_multiply, yaw_of
from scenegen.records import Brake, ConcreteScenario, Drive, Release, Stand, Walk
from scenegen.records.base import F64
from scenegen.roads import build_network, signal_state
from scenegen.simulate.bodies import make_body, make_scenery
from scenegen.simulate.carriage import Carriage
from scenegen.simulate.collisions import Collisions
from scenegen.simulate.drivers import Crowd, Drivers
from scenegen.simulate.engine import GRAVITY_MPS2, Engine, origin_state
from scenegen.simulate.fleet import Fleet
from scenegen.simulate.ground import REFRESH_STEPS, Ground, Underfoot
from scenegen.simulate.perception import Boxes, Memory, sight_range
from scenegen.simulate.script import Script
from scenegen.simulate.triggers import fires
from scenegen.simulate.tyres import road_friction
from scenegen.simulate.vectors import rotation_matrices
from scenegen.simulate.walkers import CLIMB_MPS, Walker

ABYSS_M = 60.0
ROAD_MARGIN_M = 0.15
HALF_STEP_M = 0.25
REST_S = 0.5
REST_MPS = 0.03
REST_RADPS = 0.1
"""What has been slower than this for as long is at rest."""

BEYOND_M = 600.0


@dataclass(frozen=True)
class Command:
    """An agent's control of one vehicle for one control step, in place of its driver's."""

    steer_rad: float
    acceleration_mps2: float


class World:
    """Everything that moves in one scene.

    Parameters
    ----------
    scenario : ConcreteScenario

    Attributes
    ----------
    row : int
        Control steps done.
    position_m, quaternion_wxyz, velocity_mps, spin_radps : ndarray, shape (A, 3 or 4)
        Body origins at the present control step, world.
    """

    def __init__(self, scenario: ConcreteScenario) -> None:
        self.scenario = scenario
        rates = scenario.rates
        self.dt = 1.0 / rates.physics_hz
        self.substeps = rates.physics_hz // rates.control_hz
        self.control_dt = 1.0 / rates.control_hz
        self.row = 0
        self.network = build_network(scenario.road)
        self.ground = Ground(self.network)
        self.engine = Engine(rates.physics_hz)
        ground_uids = self.ground.build(self.engine)
        self.scenery = make_scenery(self.engine, scenario)
        actors = scenario.actors
        self.index = {actor.instance_id: k for k, actor in enumerate(actors)}
        self.bodies = [make_body(self.engine, a, self._load_of(a.instance_id)) for a in actors]
        self.uids = [body.uid for body in self.bodies]
        self.cg_m = np.array([body.cg_m for body in self.bodies])
        self.scripts = [Script(actor) for actor in actors]
        self._make_roles()
        self.collisions = Collisions(self, ground_uids)
        self.carriage = Carriage(self)
        self._set_velocities()
        self.rows = self.engine.read(self.uids)
        self.fleet.take(range(len(self.vehicles)), self.rows[self.vehicles])
        self._refresh()
        self.memory = Memory(rates.control_hz)
        self._make_crowd()
        self._start_manoeuvres()

    def close(self) -> None:
        """Free the physics world."""
        self.engine.close()

    @property
    def time_s(self) -> float:
        """Time of the present control step."""
        return self.row * self.control_dt

    def _load_of(self, carrier: int) -> float:
        actors = self.scenario.actors
        return sum(a.mass_kg for a in actors if a.attached_to == carrier)

    def _make_roles(self) -> None:
        vehicles = [k for k, body in enumerate(self.bodies) if body.spec]
        self.vehicles: npt.NDArray[np.int64] = np.array(vehicles, dtype=np.int64)
        self.vehicle_of = {k: n for n, k in enumerate(vehicles)}
        self.vehicle_uids = [self.uids[k] for k in vehicles]
        specs = [s for body in self.bodies if (s := body.spec) is not None]
        mu = road_friction(self.scenario.weather.wetness)
        self.fleet = Fleet(specs, mu, self.scenario.rates.physics_hz)
        self.drivers = Drivers(
            self.fleet,
            self.network,
            self.vehicles,
            len(self.bodies),
            self.scenario.rates.control_hz,
        )
        self.walkers = {
            k: Walker(
                k,
                np.array(body.actor.position_m),
                float(yaw_of(np.array(body.actor.quaternion_wxyz))),
            )
            for k, body in enumerate(self.bodies)
            if body.role == "walker"
        }
        self._still_rows = {k: 0 for k, body in enumerate(self.bodies) if body.role != "vehicle"}
        self._block_left = 0
        self.things = [k for k, body in enumerate(self.bodies) if body.role == "thing"]
        self._walk_mps = np.zeros((len(self.bodies), 3))
        self._walk_spin = np.zeros((len(self.bodies), 3))
        self._walk_rows = np.zeros((len(self.bodies), 13))

    def _set_velocities(self) -> None:
        for body in self.bodies:
            velocity = body.actor.velocity_mps
            self.engine.push([body.uid], [velocity], [(0.0, 0.0, 0.0)])
        for k, walker in self.walkers.items():
            walker.speed_mps = float(np.hypot(*self.bodies[k].actor.velocity_mps[:2]))

    def _make_crowd(self) -> None:
        lit = np.array([b.role == "vehicle" for b in self.bodies])
        self._sight_m = sight_range(self.scenario.weather, self.scenario.light, lit)
        sizes = np.array([b.asset.size_m for b in self.bodies])
        self._half_m = 0.5 * sizes
        for k, body in enumerate(self.bodies):
            if body.role == "walker":
                # Bounds hold the limbs of every pose; who stands in the way is narrower.
                self._half_m[k, :2] = np.minimum(self._half_m[k, :2], (0.5, 0.3))
        self._middle_z = np.array([b.asset.center_m[2] for b in self.bodies])
        walls = self.scenery.boxes
        self._wall_opaque = np.concatenate([lit, walls.half_m.min(axis=1) > 0.3])

    # -- one control step -------------------------------------------------------------

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
        self._decide(commands or {})
        self._plan_walks()
        self.collisions.look_out()
        if self.collisions.near:
            self.put_in_engine(self._driven())
        self._feel_road()
        for k in range(self.substeps):
            self._substep(k)
        self.fleet.publish()
        self._block_left = 0
        self.row += 1
        self._settle()
        self._start_manoeuvres()

    def loose(self) -> list[int]:
        """Return the actors whose motion is Bullet's alone: debris, and who has been struck."""
        free = [k for k in self.things if not self.carriage.attached[k]]
        return free + [k for k, w in self.walkers.items() if w.struck]

    @property
    def restless(self) -> list[int]:
        """Loose actors that have not yet come to rest."""
        rows = round(REST_S * self.scenario.rates.control_hz)
        return [k for k in self.loose() if self._still_rows[k] < rows]

    def _driven(self) -> list[int]:
        """Return the actors whose motion is worked out here, outside Bullet."""
        loose = set(self.loose())
        return [k for k in range(len(self.bodies)) if k not in loose]

    def put_in_engine(self, actors: Sequence[int]) -> None:
        """Tell Bullet where some actors are and how they move."""
        for k in actors:
            row = self.rows[k]
            self.engine.place(self.uids[k], row[:3], row[3:7])
            self.engine.push([self.uids[k]], [row[7:10].tolist()], [row[10:13].tolist()])

    def _start_manoeuvres(self) -> None:
        for k, script in enumerate(self.scripts):
            while (pending := script.pending) is not None:
                trigger = pending.trigger
                other = None
                if trigger.actor is not None:
                    j = self.index[trigger.actor]
                    other = (*self._planar(j), float(self.yaw_rad[j]))
                if not fires(trigger, self.time_s, self._planar(k), other, self._finished(k)):
                    break
                self._begin(k, script.advance(self.row).action)

    def _planar(self, k: int) -> tuple[F64, F64]:
        return self.position_m[k, :2], self.velocity_mps[k, :2]

    def _finished(self, k: int) -> bool:
        running = self.scripts[k].running
        if running is None or isinstance(running.action, Release):
            return True
        if isinstance(running.action, Walk):
            return self.walkers[k].finished
        if k in self.vehicle_of:
            speed = float(self.speed_mps[self.vehicle_of[k]])
            return self.drivers.finished(self.vehicle_of[k], running.action, speed)
        return True

    def _begin(self, k: int, action: Drive | Brake | Walk | Stand | Release) -> None:
        """Start an action of actor `k`."""
        if isinstance(action, Release):
            self.carriage.release(k)
        elif isinstance(action, Walk):
            if k not in self.walkers:
                raise ValueError(f"{self.bodies[k].actor.name} has no legs to walk on")
            self.walkers[k].start(action)
        elif k in self.vehicle_of:
            self.drivers.start(self.vehicle_of[k], action, self.position_m[k, :2])
        elif isinstance(action, Stand):
            if k in self.walkers:
                self.walkers[k].stop()
        else:
            raise ValueError(f"{self.bodies[k].actor.name} has no wheels to drive on")

    def _decide(self, commands: Mapping[int, Command]) -> None:
        middles = self.position_m + np.array([0.0, 0.0, 1.0]) * self._middle_z[:, None]
        seen = self.memory.update(self.position_m[:, :2], self.velocity_mps[:, :2])
        walls = self.scenery.boxes
        crowd = Crowd(
            seen=seen,
            now_m=middles,
            yaw_rad=self.yaw_rad,
            half_m=self._half_m,
            sight_m=self._sight_m,
            present=~self.carriage.attached,
            walls=Boxes(
                np.concatenate([middles, walls.middle_m]),
                np.concatenate([self.yaw_rad, walls.yaw_rad]),
                np.concatenate([self._half_m, walls.half_m]),
            ),
            opaque=self._wall_opaque,
            crests=None if self.network.flat else self.ground.height,
        )
        own = self.vehicles
        self.drivers.decide(
            self.position_m[own], self.yaw_rad[own], self.speed_mps, crowd, self.signals()
        )
        for instance, command in commands.items():
            n = self.vehicle_of[self.index[instance]]
            self.fleet.controls.steer_rad[n] = command.steer_rad
            self.fleet.controls.acceleration_mps2[n] = command.acceleration_mps2

    def signals(self) -> npt.NDArray[np.uint8]:
        """Return the present state (S,) of every signal head."""
        plan = self.scenario.road.signals
        heads = self.network.signals
        if plan is None:
            return np.zeros(len(heads), dtype=np.uint8)
        states = [signal_state(plan, head.group, self.time_s) for head in heads]
        return np.array(states, dtype=np.uint8)

    def _plan_walks(self) -> None:
        """Set the velocities that take everyone on legs to their next place."""
        afoot = [k for k in self.walkers if self._on_foot(k)]
        if not afoot:
            return
        targets, headings = np.zeros((len(afoot), 3)), np.zeros(len(afoot))
        for row, k in enumerate(afoot):
            walker = self.walkers[k]
            walker.position_m = self.position_m[k]
            targets[row, :2], headings[row] = walker.plan(self.control_dt)
            walker.yaw_rad = float(headings[row])
        ahead = np.stack([np.cos(headings), np.sin(headings)], axis=-1) * HALF_STEP_M
        under = targets[:, None, :2] + ahead[:, None] * np.array([[-1.0], [0.0], [1.0]])
        heights = self.ground.height(under.reshape(-1, 2)).reshape(-1, 3).mean(axis=1)
        climb, z = CLIMB_MPS * self.control_dt, self.position_m[afoot, 2]
        targets[:, 2] = z + np.clip(heights - z, -climb, climb)
        self._aim(afoot, targets, headings)

    def _aim(self, afoot: list[int], targets_m: F64, headings_rad: F64) -> None:
        """Set velocities and spins with which walkers (n,) arrive upright after a control step."""
        turn = quaternion_from_yaw(headings_rad)
        now = self.quaternion_wxyz[afoot] * np.array([1.0, -1.0, -1.0, -1.0])
        error = quaternion_multiply(turn, now)
        way = np.where(error[:, :1] < 0.0, -2.0, 2.0) / self.control_dt
        there = targets_m + (rotation_matrices(turn) @ self.cg_m[afoot][:, :, None])[:, :, 0]
        self._walk_mps[afoot] = (there - self.rows[afoot, :3]) / self.control_dt
        self._walk_spin[afoot] = error[:, 1:] * way
        self._walk_rows[afoot] = np.concatenate(
            [there, turn, self._walk_mps[afoot], self._walk_spin[afoot]], axis=1
        )

    def walk_velocity(self, k: int) -> F64:
        """Return the velocity (3,) that someone on legs goes with."""
        return np.asarray(self._walk_mps[k])

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
            elif self._on_foot(j):
                x, y, z = self._walk_mps[j].tolist()
                engine.push([self.uids[j]], [(x, y, z + lift)], [self._walk_spin[j].tolist()])
        self.carriage.push(lift)
        engine.step()
        self.collisions.resolve(self.row * self.substeps + k)
        fleet.publish_pose()
        if self.collisions.take_tilted():
            self._block_left = 0

    def _on_foot(self, k: int) -> bool:
        """Return whether an actor goes where its own legs take it."""
        walker = self.walkers.get(k)
        return walker is not None and not walker.struck and not self.carriage.attached[k]

    def _settle(self) -> None:
        """Gather the state at the end of a control step, and check that all is well."""
        self.rows[self.vehicles] = self.fleet.rows()
        touched = self.collisions.touched
        for k in self.walkers:
            if self._on_foot(k) and k not in touched:
                self.rows[k] = self._walk_rows[k]
        if self.collisions.near:
            back = self.loose() + [k for k in self.walkers if self._on_foot(k) and k in touched]
            self.rows[back] = self.engine.read([self.uids[k] for k in back])
            self._note_rest()
        self.carriage.restore()
        self._refresh()

    def _note_rest(self) -> None:
        """Count for how long everything loose has been at rest."""
        for k in self.loose():
            row = self.rows[k]
            still = float(row[7:10] @ row[7:10]) < REST_MPS**2
            still &= float(row[10:13] @ row[10:13]) < REST_RADPS**2
            self._still_rows[k] = (
                self._still_rows[k] + 1 if still and k not in (self.collisions.touched) else 0
            )

    def _refresh(self) -> None:
        """Work out the state of the body origins from that of the centres of gravity."""
        state = origin_state(self.rows, self.cg_m)
        self.position_m, self.quaternion_wxyz, self.velocity_mps, self.spin_radps = state
        self.yaw_rad = yaw_of(self.quaternion_wxyz)
        forward = rotation_matrices(self.quaternion_wxyz[self.vehicles])[:, :, 0]
        self.speed_mps = (self.velocity_mps[self.vehicles] * forward).sum(axis=1)
        self._check()

    def _check(self) -> None:
        low, high = self.ground.low - BEYOND_M, self.ground.high + BEYOND_M
        xy, z = self.position_m[:, :2], self.position_m[:, 2]
        finite = np.asarray(np.isfinite(self.rows).all(axis=1))
        inside = ((xy > low) & (xy < high)).all(axis=1) & (np.abs(z) < ABYSS_M)
        wrong = np.flatnonzero(~(finite & inside))
        if wrong.size:
            actor = self.bodies[int(wrong[0])].actor
            what = "left the world" if finite[wrong[0]] else "is no longer finite"
            raise SimulationError(
                f"actor {actor.instance_id} ({actor.name}) {what} at physics step "
                f"{self.row * self.substeps} ({self.time_s:.2f} s), "
                f"position {np.round(self.position_m[wrong[0]], 2).tolist()}"
            )
