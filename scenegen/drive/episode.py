"""A scenario with somebody else at the ego's controls: one step at a time, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from scenegen.drive.actions import Action, command_of
from scenegen.drive.perceiving import Perceiving
from scenegen.drive.physics import Physics, world_of
from scenegen.drive.state import Cast, Route, State, Touched, Vehicle
from scenegen.errors import InputError
from scenegen.records import Actor, ConcreteScenario, RoadNetwork, Trajectory
from scenegen.simulate import Command, Recorder, World
from scenegen.simulate.specs import VehicleSpec

if TYPE_CHECKING:
    from scenegen.drive.senses import Senses
    from scenegen.render import QualityName

ROUTE_M, ROUTE_STRIDE_M = 120, 2
"""How far ahead the way is told, and in which steps."""


def ego_wheels(world: World) -> int:
    """Return which vehicle of a world the ego is.

    Raises
    ------
    InputError
        It has no wheels.
    """
    ego = world.vehicle_of.get(0)
    if ego is None:
        scenario = world.scenario
        asset = scenario.ego.asset_id
        raise InputError(f"{scenario.scene_id}: the ego, {asset}, has no wheels to drive")
    return ego


def vehicle_of(ego: Actor, spec: VehicleSpec) -> Vehicle:
    """Return what an agent has to know of the ego."""
    # Who rides turns by leaning, and finds the handlebar's angle for it.
    understeer = 0.0 if spec.balanced else spec.understeer_rad
    return Vehicle(
        ego.size_m,
        spec.wheelbase_m,
        spec.rear_axle_m,
        spec.kind.steer_max_rad,
        spec.kind.pull_mps2,
        spec.kind.brake_mps2,
        understeer,
    )


class Episode:
    """One run of a scenario in closed loop.

    The same scenario and the same actions give the same bytes; without any action it is what
    `simulate` gives.

    Parameters
    ----------
    scenario : ConcreteScenario
    decision_hz : int, optional
        Steps a second; the rate of control, which it has to divide, if not given.
    record : bool
        Whether `trajectory` will be asked for.
    physics : str
        ``rigid``, or ``kinematic``: many times as fast, without what bodies do to each other.

    Attributes
    ----------
    state : State
        What is true.
    told : State
        What the agent is told: the same, unless the scene disturbs its perception.

    Raises
    ------
    InputError
        The ego has no wheels, the rate doesn't divide that of control, or the scene needs
        rigid bodies.
    """

    def __init__(
        self,
        scenario: ConcreteScenario,
        decision_hz: int | None = None,
        *,
        record: bool = True,
        physics: Physics = "rigid",
    ) -> None:
        control_hz = scenario.rates.control_hz
        hz = decision_hz or control_hz
        if control_hz % hz:
            raise InputError(f"decision_hz={hz} doesn't divide the rate of control, {control_hz}")
        self.scenario = scenario
        self._repeat = control_hz // hz
        self._rows = round(scenario.duration_s * control_hz) + 1
        self._world = world_of(scenario, physics)
        try:
            self._ego = ego_wheels(self._world)
            self.vehicle, self.cast = self._vehicle(), self._cast()
            self._recorder = Recorder(self._world, self._rows) if record else None
            self._write()
        except BaseException:
            self.close()
            raise
        self._senses: Senses | None = None
        self._told, self._speed = 0, float(self._world.speed_mps[self._ego])
        self._perceiving = Perceiving(scenario)
        self.state = self._observe(0.0)
        self.told = self._perceiving.told(self.state)

    def _vehicle(self) -> Vehicle:
        return vehicle_of(self.scenario.ego, self._world.fleet.specs[self._ego])

    def _cast(self) -> Cast:
        actors = self.scenario.actors
        return Cast(
            np.array([actor.instance_id for actor in actors], dtype=np.int64),
            tuple(actor.name for actor in actors),
            tuple(actor.category for actor in actors),
            0.5 * np.array([actor.size_m[:2] for actor in actors]),
            tuple(head.id for head in self.network.signals),
        )

    @property
    def network(self) -> RoadNetwork:
        """The road."""
        return self._world.network

    @property
    def step_s(self) -> float:
        """Time from one decision to the next."""
        return self._repeat * self._world.control_dt

    def sense(self, names: Sequence[str], quality: QualityName = "full") -> None:
        """Have cameras and LiDARs of the scenario tell of every state from the first on.

        Parameters
        ----------
        names : sequence of str
        quality : str
            Of pictures.

        Raises
        ------
        InputError
            There is no such camera or LiDAR.
        ValueError
            The episode isn't recorded, or has gone on already.
        """
        if not names:
            return
        if self._recorder is None or self._world.row:
            raise ValueError("sensors are asked for before the first step of a recorded episode")
        # Whoever goes by states alone needs neither OpenGL nor rays.
        from scenegen.drive.senses import Senses  # noqa: PLC0415

        self._senses = Senses(self.scenario, self._recorder, names, quality)
        sensed = self._senses.at(0)
        self.state = replace(self.state, sensed=sensed)
        self.told = replace(self.told, sensed=sensed)

    @property
    def over(self) -> bool:
        """Whether the scenario's time is up."""
        return self._world.row + 1 >= self._rows

    def step(self, action: Action | None) -> State:
        """Go on to the next decision.

        Parameters
        ----------
        action : Action or None
            None leaves the ego to the scenario's own driver.

        Raises
        ------
        ActionError
            The action isn't finite.
        SimulationError
            A state is not finite, or a body has left the world.
        ValueError
            The episode is over.
        """
        if self.over:
            raise ValueError("the episode is over")
        commands: dict[int, Command] = {}
        if action is not None:
            commands[self.scenario.ego.instance_id] = command_of(action, self.state, self.vehicle)
        rows = min(self._repeat, self._rows - 1 - self._world.row)
        for _ in range(rows):
            self._world.step(commands)
            self._write()
        self.state = self._observe(rows * self._world.control_dt)
        self.told = self._perceiving.told(self.state)
        return self.state

    def _write(self) -> None:
        if self._recorder is not None:
            self._recorder.write(self._world.row)

    def _observe(self, passed_s: float) -> State:
        world, n = self._world, self._ego
        speed = float(world.speed_mps[n])
        gained = (speed - self._speed) / passed_s if passed_s else 0.0
        self._speed = speed
        return State(
            row=world.row,
            time_s=world.time_s,
            position_m=world.position_m.copy(),
            velocity_mps=world.velocity_mps.copy(),
            yaw_rad=world.yaw_rad.copy(),
            yaw_rate_radps=world.spin_radps[:, 2].copy(),
            speed_mps=speed,
            acceleration_mps2=gained,
            steer_rad=float(world.fleet.actuators.steer_rad[n]),
            signals=world.signals(),
            route=self._route(),
            touched=self._touched(),
            sensed={} if self._senses is None else self._senses.at(world.row),
        )

    def _route(self) -> Route | None:
        drivers, n = self._world.drivers, self._ego
        if not drivers.has_track[n]:
            return None
        return Route(*drivers.tracks.way(n, self._world.position_m[0, :2], ROUTE_M, ROUTE_STRIDE_M))

    def _touched(self) -> tuple[Touched, ...]:
        """Return the ego's contacts that began since this was asked last."""
        hits = self._world.collisions.ledger.begun(self._told)
        self._told += len(hits)
        ego = self.scenario.ego.instance_id
        return tuple(
            Touched(hit.b if hit.a == ego else hit.a, hit.closing_mps)
            for hit in hits
            if ego in (hit.a, hit.b)
        )

    def trajectory(self, termination: str = "completed") -> Trajectory:
        """Return everything so far; `termination` says why it ends there."""
        if self._recorder is None:
            raise ValueError("the episode wasn't recorded")
        return self._recorder.trajectory(self._world.row + 1, termination)

    def close(self) -> None:
        """Free the physics world; twice is once."""
        self._world.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
