"""Scenes that are stepped together: tables of all their members, and compiled loops over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scenegen.errors import InputError, SimulationError
from scenegen.records import ConcreteScenario
from scenegen.simulate.kinematic.decisions import decide, locate
from scenegen.simulate.kinematic.legs import walk
from scenegen.simulate.kinematic.motion import carry, drive
from scenegen.simulate.kinematic.rows import put_movers, put_scene, put_ways, share
from scenegen.simulate.kinematic.tables import HIT, Tables
from scenegen.simulate.kinematic.touching import touch
from scenegen.simulate.kinematic.world import NEVER, KinematicWorld
from scenegen.simulate.limits import ABYSS_M, BEYOND_M
from scenegen.simulate.perception import REACTION_S
from scenegen.simulate.world import Command

MOST_HITS = 256


class Batch:
    """E scenes of the same rates. What a scene does depends on the scene alone.

    Parameters
    ----------
    scenarios : sequence of ConcreteScenario

    Attributes
    ----------
    worlds : list of KinematicWorld
    tables : Tables
    failed : dict of int to SimulationError
        Scenes that have come to an end, and why.

    Raises
    ------
    InputError
        A scene needs rigid bodies, or has other rates than the first.
    """

    def __init__(self, scenarios: Sequence[ConcreteScenario]) -> None:
        self.tables = Tables.empty(len(scenarios))
        self.rates = scenarios[0].rates
        self._dt = 1.0 / self.rates.control_hz
        self._delay_s = round(REACTION_S * self.rates.control_hz) / self.rates.control_hz
        self._wake = np.full(len(scenarios), NEVER)
        self._asks = np.zeros(len(scenarios), np.uint8)
        self._hits = np.zeros(MOST_HITS, HIT)
        self._crowded: set[int] = set()
        self._barred: set[int] = set()
        self._bounds = np.zeros((len(scenarios), 2, 3))
        self.failed: dict[int, SimulationError] = {}
        self.worlds: list[KinematicWorld] = []
        for e, scenario in enumerate(scenarios):
            self.worlds.append(self._made(scenario))
            self._take(e)

    def replace(self, scene: int, scenario: ConcreteScenario) -> None:
        """Let another scenario begin in a scene's place.

        Raises
        ------
        InputError
            It needs rigid bodies, or has other rates.
        """
        world = self._made(scenario)
        self.worlds[scene].free()
        self.worlds[scene] = world
        self._take(scene)

    def _made(self, scenario: ConcreteScenario) -> KinematicWorld:
        if scenario.rates != self.rates:
            raise InputError(f"{scenario.scene_id} has other rates than the rest of its batch")
        return KinematicWorld(scenario)

    def _take(self, scene: int) -> None:
        """Write a new world into its rows, and let it see them."""
        world = self.worlds[scene]
        world.batch, world.scene = self, scene
        self.failed.pop(scene, None)
        if put_scene(self.tables, scene, world):
            # Tables have grown, so everybody's rows are elsewhere.
            for e, other in enumerate(self.worlds):
                if e != scene:
                    share(self.tables, e, other)
        share(self.tables, scene, world)
        self.put_ways(scene)
        self.put_movers(scene, list(world.afoot.movers))
        self._wake[scene] = world.plan_watch()
        (self._barred.add if world.barriers.moving.size and world.barriers.uids
         else self._barred.discard)(scene)  # fmt: skip
        self._bounds[scene, 0] = [*(world.ground.low - BEYOND_M), -ABYSS_M]
        self._bounds[scene, 1] = [*(world.ground.high + BEYOND_M), ABYSS_M]

    def put_ways(self, scene: int) -> None:
        """Write the ways of a scene's drivers into the tables."""
        put_ways(self.tables, scene, self.worlds[scene])

    def put_movers(self, scene: int, who: list[int]) -> None:
        """Write the paths of some on foot into the tables."""
        put_movers(self.tables, scene, self.worlds[scene], who)
        (self._crowded.add if self.worlds[scene].avoiding else self._crowded.discard)(scene)

    def close(self) -> None:
        """Let go of all scenes; twice is once."""
        worlds, self.worlds = self.worlds, []
        for world in worlds:
            world.free()
        # Batch and worlds know each other; what is large doesn't wait for the collector of cycles.
        self.tables = Tables.empty(0)

    def step(self, commands: Mapping[int, Mapping[int, Command]]) -> None:
        """Advance the scenes that are named by one control step.

        Parameters
        ----------
        commands : mapping of scene to mapping of instance id to Command
            Vehicles that agents steer instead of their drivers.
        """
        self._order(commands)
        t, dt = self.tables, self._dt
        locate(t.scenes, t.actors, t.vehicles, t.tracks, t.waits, self._asks)
        for e in np.flatnonzero(self._asks).tolist():
            self.worlds[e].ask_lines()
        for e in sorted(self._crowded & commands.keys()):
            self.worlds[e].keep_clear()
        decide(
            dt, self._delay_s, t.scenes, t.actors, t.vehicles, t.tracks, t.ignored, t.blind,
            t.past, t.stops, t.lights, t.walls, t.opaque, t.heights,
        )  # fmt: skip
        drive(dt, t.scenes, t.actors, t.vehicles, t.heights)
        walk(dt, t.scenes, t.actors, t.movers, t.ways, t.heights)
        carry(dt, t.scenes, t.actors)
        found = touch(dt, t.scenes, t.actors, t.vehicles, t.movers, t.solids, t.touched, self._hits)
        t.scenes["row"][t.scenes["active"]] += 1
        for e in commands:
            self.worlds[e].row += 1
        for hit in self._hits[:found]:
            world = self.worlds[int(hit["scene"])]
            world.note(
                int(hit["a"]), int(hit["b"]), float(hit["impulse_ns"]),
                float(hit["closing_mps"]), hit["position_m"],
            )  # fmt: skip
        self._look_after(commands)

    def _order(self, commands: Mapping[int, Mapping[int, Command]]) -> None:
        """Write down who is stepped, and what agents ask for."""
        active = self.tables.scenes["active"]
        active[:] = False
        self.tables.vehicles["commanded"][:] = False
        for e, asked in commands.items():
            if e in self.failed:
                continue
            active[e] = True
            world = self.worlds[e]
            for instance, command in asked.items():
                row = self.tables.vehicles[e, world.vehicle_of[world.index[instance]]]
                row["commanded"], row["command_steer"] = True, command.steer_rad
                row["command_asked"] = command.acceleration_mps2
                row["command_reverse"] = command.reverse
        for e in self._barred & commands.keys():
            world = self.worlds[e]
            world.barriers.follow()
            present = ~(world.carriage.attached | world.barriers.open())
            self.tables.actors[e, : len(present)]["present"] = present

    def _look_after(self, commands: Mapping[int, Mapping[int, Command]]) -> None:
        """Start what is due, and end scenes in which somebody has left the world."""
        actors = self.tables.actors
        low, high = self._bounds[:, None, 0], self._bounds[:, None, 1]
        inside = ((actors["position"] > low) & (actors["position"] < high)).all(axis=2)
        lost = (~inside & (actors["exists"] != 0)).any(axis=1)
        for e in np.flatnonzero(lost).tolist():
            if e in commands and e not in self.failed:
                try:
                    self.worlds[e].check()
                except SimulationError as error:
                    self.failed[e] = error
        for e in np.flatnonzero(self._wake <= self.tables.scenes["row"]).tolist():
            if e in commands and e not in self.failed:
                self._wake[e] = self.worlds[e].start_due()
