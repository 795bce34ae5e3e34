"""One scene of a batch, seen as a `World`: its state is views of the batch's tables.

What decides what happens when (behaviours, conditions, ways, signals) is that of `World`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenegen.records import AllOf, AnyOf, ConcreteScenario, Condition, OnAction, Trigger
from scenegen.roads import head_state
from scenegen.simulate.contacts import Hit
from scenegen.simulate.engine import Engine
from scenegen.simulate.kinematic.ghost import Ghost
from scenegen.simulate.kinematic.refusals import check_kinematic
from scenegen.simulate.limits import check_state
from scenegen.simulate.world import Command, World

if TYPE_CHECKING:
    from scenegen.simulate.kinematic.batch import Batch

NEVER = np.iinfo(np.int64).max


class KinematicWorld(World):
    """A scene without rigid bodies.

    Parameters
    ----------
    scenario : ConcreteScenario

    Raises
    ------
    InputError
        The scene needs rigid bodies.
    """

    articulated = False
    batch: Batch
    scene: int

    def __init__(self, scenario: ConcreteScenario) -> None:
        check_kinematic(scenario)
        self._lights: npt.NDArray[np.uint8] | None = None
        super().__init__(scenario)
        conditions = [c for a in scenario.actors for c in _conditions_of(a)]
        self._all_noted = any(isinstance(c, OnAction) for c in conditions)

    @classmethod
    def alone(cls, scenario: ConcreteScenario) -> KinematicWorld:
        """Return the only scene of a batch of its own."""
        from scenegen.simulate.kinematic.batch import Batch  # noqa: PLC0415 - which holds worlds

        return Batch([scenario]).worlds[0]

    def _make_engine(self) -> Engine:
        return Ghost(self.scenario.rates.physics_hz)

    def _build_ground(self) -> list[int]:
        return []

    def signals(self) -> npt.NDArray[np.uint8]:
        """Return the present state (S,) of every signal head."""
        return np.asarray(self.lights()[self.row])

    def lights(self) -> npt.NDArray[np.uint8]:
        """Return what every head shows (T, S) at all control steps."""
        if self._lights is None:
            rows = round(self.scenario.duration_s * self.scenario.rates.control_hz) + 2
            plan, heads = self.scenario.road.signals, self.network.signals
            self._lights = np.zeros((rows, len(heads)), np.uint8)
            columns: dict[tuple[str, object], npt.NDArray[np.uint8]] = {}
            for k, head in enumerate(heads):
                if plan is None:
                    continue
                key = (head.kind, head.group)
                if key not in columns:
                    times = (row * self.control_dt for row in range(rows))
                    columns[key] = np.array([head_state(plan, head, t) for t in times], np.uint8)
                self._lights[:, k] = columns[key]
        return self._lights

    def step(self, commands: Mapping[int, Command] | None = None) -> None:
        """Advance by one control step; of a batch with other scenes, all do."""
        self.batch.step({self.scene: commands or {}})
        error = self.batch.failed.get(self.scene)
        if error is not None:
            raise error

    def close(self) -> None:
        """Let go of the whole batch; twice is once."""
        self.batch.close()

    def free(self) -> None:
        """Let go of what is this scene's alone."""
        super().close()

    def check(self) -> None:
        """Raise a SimulationError if a state isn't finite, or a body has left the world."""
        self.rows = np.concatenate([self.position_m, self.velocity_mps], axis=1)
        check_state(self)

    # -- what is worked out scene by scene ------------------------------------------------

    def note(self, a: int, b: int, impulse_ns: float, closing_mps: float, place: object) -> None:
        """Write a contact of actors (indices) into the ledger; `b` is -1 for scenery."""
        one, two = (self.bodies[k].actor.instance_id if k >= 0 else 0 for k in (a, b))
        if two != 0 and two < one:
            one, two = two, one
        x, y, z = np.asarray(place).tolist()
        self.collisions.ledger.note(
            self.row * self.substeps, Hit(one, two, impulse_ns, closing_mps, (x, y, z))
        )
        for k in {a, b} & self.afoot.movers.keys():
            self.afoot.movers[k].struck = bool(self.batch.tables.actors[self.scene, k]["struck"])
        self.collisions.touched |= {a, b} - {-1}

    def ask_lines(self) -> None:
        """Work out what waiting at yield lines allows the drivers."""
        rows = self.batch.tables.vehicles[self.scene, : len(self.vehicles)]
        front = self.drivers.s_m + rows["half_length"]
        rows["line_allowed"] = self.drivers.waiting(front, rows["speed"] * rows["gear"])

    @property
    def avoiding(self) -> list[int]:
        """Those (indices) on foot who keep clear of others."""
        return [k for k, mover in self.afoot.movers.items() if mover.avoids and self.afoot.goes(k)]

    def keep_clear(self) -> None:
        """Work out the velocities of those who keep clear of others."""
        self.pull(self.afoot.movers)
        ways = self.afoot.ways(self.avoiding)
        movers = self.batch.tables.movers[self.scene]
        movers["given"][:] = 0
        if ways:
            everybody = {k: unit for unit, k in enumerate(self.afoot.movers)}
            units, walkers = [everybody[k] for k in ways], [self.afoot.movers[k] for k in ways]
            movers["way"][units], movers["given"][units] = list(ways.values()), 1
            movers["s"][units] = [walker.s_m for walker in walkers]
            movers["finished"][units] = [walker.finished for walker in walkers]

    def pull(self, who: Collection[int]) -> None:
        """Bring the walkers among some actors up to date with the tables."""
        walkers = self.afoot.movers
        table = self.batch.tables.movers[self.scene, : len(walkers)]
        columns = (table[name].tolist() for name in ("yaw", "speed", "s", "finished"))
        for k, yaw, speed, s_m, finished in zip(walkers, *columns, strict=True):
            if k in who:
                walker = walkers[k]
                walker.position_m = self.position_m[k]
                walker.yaw_rad, walker.speed_mps = yaw, speed
                walker.s_m, walker.finished = s_m, bool(finished)

    # -- behaviours -----------------------------------------------------------------------

    def start_due(self) -> int:
        """Start what is due, and return the control step at which to look again."""
        who = [k for k, row in self._due.items() if row <= self.row]
        self.pull(who)
        changes = self.drivers.changes
        self.direction.start_manoeuvres(who)
        self.batch.put_movers(self.scene, [k for k in who if k in self.afoot.movers])
        if self.drivers.changes != changes:
            self.batch.put_ways(self.scene)
        return self.plan_watch(who)

    def plan_watch(self, who: list[int] | None = None) -> int:
        """Work out when to look at actors (indices; all) again; return when the first is due."""
        if who is None:
            self._due = {}
            who = list(range(len(self.bodies)))
        for k in who:
            self._due[k] = self._looked_at(k)
        return min(self._due.values(), default=NEVER)

    def _looked_at(self, k: int) -> int:
        """Return the control step before which nothing can begin or end for an actor."""
        script = self.direction.scripts[k]
        running, pending = script.running, script.pending
        if self._all_noted or script.actor.interrupts:
            return self.row + 1
        if running is not None and len(script.beside) < len(running.alongside):
            return self.row + 1
        if pending is None:
            return NEVER
        trigger = pending.trigger
        if isinstance(trigger, Trigger) and trigger.kind == "time" and trigger.delay_s <= 0.0:
            return max(self.row + 1, int(trigger.value / self.control_dt) - 1)
        return self.row + 1


def _conditions_of(actor: object) -> list[Condition]:
    """Return all conditions of an actor's behaviour, and those they are made of."""
    found: list[Condition] = []

    def add(condition: Condition | None) -> None:
        if condition is not None:
            found.append(condition)
            if isinstance(condition, AllOf | AnyOf):
                for part in condition.conditions:
                    add(part)

    for interrupt in actor.interrupts:  # type: ignore[attr-defined]
        add(interrupt.trigger)
        add(interrupt.until)
    for manoeuvre in actor.manoeuvres:  # type: ignore[attr-defined]
        add(manoeuvre.trigger)
        for beside in manoeuvre.alongside:
            add(beside.trigger)
    return found
