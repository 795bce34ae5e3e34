"""How people, animals and riders come to fall: struck, thrown off, or by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenegen.records.base import F64, Vec2
from scenegen.records.behaviour import Way
from scenegen.simulate.fleet import UPRIGHT
from scenegen.simulate.vectors import cross, rotation_matrices

if TYPE_CHECKING:
    from scenegen.simulate.world import World

STUMBLE_RADPS = 1.6
"""How fast someone turns over their feet who begins to fall."""

SLIDES = 0.55
"""Tangent of the sideslip from which nobody holds a single-track vehicle any longer."""
SLIDES_FROM_MPS = 2.0

FALL_TURN: dict[Way, float] = {
    "forward": 0.0,
    "backward": np.pi,
    "left": 0.5 * np.pi,
    "right": -0.5 * np.pi,
}


class Falls:
    """Takes those off their feet and saddles who don't hold any longer."""

    def __init__(self, world: World) -> None:
        self._world = world

    def knock_down(self, k: int, spin_radps: F64 | None = None) -> None:
        """Let someone on legs collapse: from now on, limbs of their own fall and strike.

        They go on as they went, turning by `spin_radps` on top; what struck them does so
        again, limb by limb.
        """
        world = self._world
        walker = world.walkers[k]
        if walker.struck:
            return
        for j in world.carriage.borne(k):
            self.let_go(j)
        if world.carriage.attached[k]:
            row = world.carriage.row(k)
            world.carriage.release(k)
        else:
            row = world.read([k])[0] if k in world.collisions.near else world.rows[k].copy()
            row[7:] = world.rows[k, 7:]
        if spin_radps is not None:
            row[10:13] += spin_radps
        walker.struck = True
        world.collisions.replace(k, world.ragdolls.collapse(k, row))
        world.alighting.fall(k)
        world.rows[k] = row

    def topple(self, k: int, way: Way) -> None:
        """Let someone on legs fall over their feet, or off what they ride, unstruck."""
        world = self._world
        walker = world.walkers[k]
        if walker.struck:
            return
        walker.fell = True
        if world.carriage.attached[k]:
            self.unseat(int(world.carriage.carrier[k]))
            return
        turn = walker.yaw_rad + FALL_TURN[way]
        spin = STUMBLE_RADPS * np.array([-np.sin(turn), np.cos(turn), 0.0])
        world.rows[k, 7:10] += cross(spin, np.array([0.0, 0.0, world.cg_m[k, 2]]))
        self.knock_down(k, spin)

    def unseat(self, k: int) -> None:
        """Let a bicycle or wheelchair fall and throw its rider."""
        world = self._world
        n = world.vehicle_of.get(k)
        if n is None:
            self.let_go(k)
        elif world.fleet.balanced[n]:
            world.fleet.balanced[n] = False
            world.drivers.crashed[n] = True
            self._land(k)
        else:
            return
        for rider in world.carriage.riders():
            if world.carriage.carrier[rider] == k:
                self.knock_down(rider)
                # Astride its frame, limbs and bicycle would burst apart.
                world.ragdolls.ignore(rider, world.uids[k])

    def upset(self) -> None:
        """Unseat the riders of single-track vehicles that lie, or slide sideways."""
        world, fleet = self._world, self._world.fleet
        if not fleet.balanced.any():
            return
        axes, velocity = rotation_matrices(fleet.quaternion_wxyz), fleet.velocity_mps
        ahead, aside = np.abs((velocity[:, None] @ axes)[:, 0, :2]).T
        slides = (aside > SLIDES * ahead) & (np.hypot(ahead, aside) > SLIDES_FROM_MPS)
        lost = fleet.balanced & (slides | (axes[:, 2, 2] < UPRIGHT))
        for n in np.flatnonzero(lost).tolist():
            self.unseat(int(world.vehicles[n]))

    def let_go(self, k: int) -> None:
        """Leave a load, or what somebody pushed or propelled, to itself; who pushed it stops."""
        world = self._world
        if k not in world.rolling.moved:
            world.carriage.release(k)
            return
        world.rolling.let_go(k)
        if world.carriage.attached[k]:
            world.walkers[int(world.carriage.carrier[k])].stop()
            world.carriage.release(k)
        else:
            world.afoot.movers[k].struck = True
        self._land(k)

    def drop(self, k: int, push_mps: Vec2) -> None:
        """Let something go, and slide on what carried it if that still did, in its axes."""
        world = self._world
        slides = world.carriage.attached[k] and push_mps != (0.0, 0.0)
        self.let_go(k)
        if not slides:
            return
        axes = rotation_matrices(world.quaternion_wxyz[[int(world.carriage.carrier[k])]])[0]
        world.rows[k, 7:10] += axes[:, :2] @ np.array(push_mps)
        world.put_in_engine([k])

    def _land(self, k: int) -> None:
        """From now on, an actor's collision shapes meet the ground and the scenery."""
        world = self._world
        for uid in [*world.collisions.ground_uids, *world.scenery.uids]:
            world.engine.set_collision(world.uids[k], uid, True)
