"""From the world's states to the rows of a `Trajectory`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.records import CONTROLS, MAX_JOINTS, Drive, Intent, Lamp, Stand, Trajectory
from scenegen.records.base import F64
from scenegen.records.holds import Ending, Holds
from scenegen.simulate.intents import intents_of
from scenegen.simulate.joints import Joints
from scenegen.simulate.lamps import lit, vehicle_lamps
from scenegen.simulate.top_speed import top_speed
from scenegen.simulate.world import World

BRAKE_LAMP_MPS2 = 0.4
"""Braking, per mass, from which the pedal counts as pressed."""


class Recorder:
    """Writes down a world, one row at a time."""

    def __init__(self, world: World, rows: int) -> None:
        n, s = len(world.bodies), len(world.network.signals)
        self._world = world
        self._joints = Joints(world) if world.articulated else None
        self.position_m = np.zeros((rows, n, 3))
        self.quaternion_wxyz = np.zeros((rows, n, 4))
        self.velocity_mps = np.zeros((rows, n, 3))
        self.spin_radps = np.zeros((rows, n, 3))
        self.articulation = np.zeros((rows, n, MAX_JOINTS))
        self.lamps = np.zeros((rows, n), dtype=np.uint16)
        self.lamps_on = np.zeros((rows, n), dtype=np.uint16)
        self.distracted = np.zeros((rows, n), dtype=bool)
        self.right_of_way = np.zeros((rows, n), dtype=np.int8)
        self._hold = np.zeros((rows, n), dtype=np.uint8)
        self._whom = np.zeros((rows, n), dtype=np.uint16)
        self._nearest = np.zeros((rows, n), dtype=np.uint16)
        self._ended: dict[tuple[int, str], int] = {}
        self._ids = np.array([body.actor.instance_id for body in world.bodies], dtype=np.uint16)
        self._ego = world.vehicle_of.get(0)
        self.controls = np.zeros((rows, 0 if self._ego is None else len(CONTROLS)))
        self.manoeuvre = np.full((rows, n), -1, dtype=np.int16)
        self.struck = np.zeros((rows, n), dtype=bool)
        self.fallen = np.zeros((rows, n), dtype=bool)
        self.moving = np.zeros((rows, n), dtype=bool)
        self.signal_states = np.zeros((rows, s), dtype=np.uint8)

    def write(self, row: int) -> None:
        """Record the world's present state."""
        world = self._world
        self.position_m[row] = world.position_m
        turn = world.quaternion_wxyz
        self.quaternion_wxyz[row] = np.where(turn[:, :1] < 0, -turn, turn)
        self.velocity_mps[row] = world.velocity_mps
        self.spin_radps[row] = world.spin_radps
        if self._joints is not None:
            self.articulation[row] = self._joints.update()
        self.signal_states[row] = world.signals()
        if row > 0:
            whom = world.drivers.held_for
            self._hold[row, world.vehicles] = world.drivers.hold
            self._whom[row, world.vehicles] = np.where(whom >= 0, self._ids[whom], 0)
            near = world.drivers.nearest_for
            self._nearest[row, world.vehicles] = np.where(near >= 0, self._ids[near], 0)
        for k, script in enumerate(world.direction.scripts):
            self.manoeuvre[row, k] = script.number
            for does in sorted(script.done):
                self._ended.setdefault((int(self._ids[k]), does), row)
            if k in world.walkers:
                walker = world.walkers[k]
                self.struck[row, k] = walker.struck and not walker.fell
                self.fallen[row, k] = walker.fell
            if k in world.afoot.movers:
                mover = world.afoot.movers[k]
                self.moving[row, k] = not (mover.finished or mover.struck)
                self.distracted[row, k] = world.afoot.goes(k) and mover.gait == "phone"
            if k in world.vehicle_of:
                on = self._lamps(k)
                self.lamps_on[row, k], self.lamps[row, k] = on, lit(on, world.time_s)
        if self._ego is not None:
            self.right_of_way[row, world.vehicles] = world.drivers.goes_before(
                self._ego, world.signals()
            )
            if row > 0:
                self.controls[row] = self._controls(self._ego)

    def _controls(self, n: int) -> F64:
        """Return the `CONTROLS` (C,) of vehicle `n`."""
        fleet, actuators = self._world.fleet, self._world.fleet.actuators
        asked, layout = fleet.controls, fleet.layout
        speed = abs(float(self._world.speed_mps[n]))
        pull = min(float(layout.pull_n[n]), float(layout.power_w[n]) / max(speed, 1.0))
        return np.array(
            [
                actuators.steer_rad[n],
                asked.steer_rad[n],
                asked.acceleration_mps2[n],
                min(float(actuators.drive_n[n]) / pull, 1.0),
                float(actuators.brake_n[n]) / float(layout.brake_max_n[n]),
                asked.gear[n],
            ]
        )

    def _lamps(self, k: int) -> Lamp:
        world = self._world
        n = world.vehicle_of[k]
        fleet, script = world.fleet, world.direction.scripts[world.leader(k)]
        braking = float(fleet.actuators.brake_n[n]) > BRAKE_LAMP_MPS2 * float(fleet.mass_kg[n])
        crashed = bool(world.drivers.crashed[n])
        is_bicycle = world.bodies[k].actor.category == "bicycle"
        lit = world.scenario.light.headlights and world.bodies[k].actor.lights
        if is_bicycle:
            off = script.motion is None or isinstance(script.motion, Stand)
            return Lamp.LOW_BEAM | Lamp.TAIL if lit and not off else Lamp.NONE
        beacon = world.bodies[k].actor.beacon
        # Who has come over to another lane stops indicating, though they drive on.
        in_force = [
            action
            for action in script.in_force
            if not (
                isinstance(action, Drive)
                and action.join_m > 0
                and world.direction.is_over(world.leader(k), action)
            )
        ]
        backing = bool(fleet.controls.gear[n] < 0)
        return vehicle_lamps(
            script.motion,
            in_force,
            headlights=lit,
            braking=braking,
            crashed=crashed,
            backing=backing,
            beacon=beacon,
        )

    def _intents(self, rows: int) -> npt.NDArray[np.uint8]:
        """Return what everyone was about (T, A), but for those whom that no longer helps."""
        about = intents_of(self._world, self.manoeuvre[:rows], self.moving[:rows])
        about[self.struck[:rows]] = Intent.STRUCK
        about[self.fallen[:rows]] = Intent.FALLEN
        return about

    def holds(self) -> Holds:
        """Return what held drivers back, and what ended."""
        ended = (Ending(actor, does, row) for (actor, does), row in self._ended.items())
        top = np.full(len(self._ids), np.inf)
        fleet = self._world.fleet
        top[self._world.vehicles] = top_speed(fleet.layout, fleet.mass_kg + fleet.pulled_kg)
        return Holds(self._hold, self._whom, tuple(ended), self._nearest, top)

    def trajectory(self, rows: int | None = None, termination: str = "completed") -> Trajectory:
        """Return everything that files have, or its first rows if the run ended early."""
        world = self._world
        rows = len(self.position_m) if rows is None else rows
        return Trajectory(
            actor_ids=self._ids,
            step=np.arange(rows, dtype=np.int64) * world.substeps,
            time_s=np.arange(rows, dtype=np.float64) * world.control_dt,
            position_m=self.position_m[:rows],
            quaternion_wxyz=self.quaternion_wxyz[:rows],
            velocity_mps=self.velocity_mps[:rows],
            angular_velocity_radps=self.spin_radps[:rows],
            articulation=self.articulation[:rows],
            lamps=self.lamps[:rows],
            intent=self._intents(rows),
            manoeuvre=self.manoeuvre[:rows],
            valid=np.ones((rows, len(self._ids)), dtype=bool),
            signal_states=self.signal_states[:rows],
            contacts=world.collisions.ledger.records(),
            termination=termination,
            lamps_on=self.lamps_on[:rows],
            distracted=self.distracted[:rows],
            right_of_way=self.right_of_way[:rows],
            controls=self.controls[:rows],
        )
