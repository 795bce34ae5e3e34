"""Compiled: where everyone on foot goes, as `simulate.walkers` and `simulate.afoot` have it."""

from __future__ import annotations

import numpy as np

from scenegen.simulate.afoot import HALF_STEP_M
from scenegen.simulate.footways import LOOK_AHEAD_M, point_at
from scenegen.simulate.jit import compiled
from scenegen.simulate.kinematic.ground import height
from scenegen.simulate.kinematic.motion import upright
from scenegen.simulate.kinematic.tables import Row, Table
from scenegen.simulate.walkers import CLIMB_MPS, TURN_RADPS


@compiled
def walk(
    dt: float, scenes: Table, actors: Table, movers: Table, ways: Table, heights: Table
) -> None:
    """Take everyone on foot to where they are after the control step."""
    climb = CLIMB_MPS * dt
    for e in range(len(scenes)):
        if not scenes[e].active:
            continue
        for w in range(scenes[e].movers):
            mover = movers[e, w]
            if mover.goes == 0:
                continue
            body = actors[e, mover.actor]
            x, y, z, yaw = body.position[0], body.position[1], body.position[2], mover.yaw
            if mover.given != 0:
                tx, ty, heading = _sidestep(mover, x, y, dt)
            else:
                tx, ty, heading = _plan(mover, ways[e, w], x, y, dt)
            cos, sin = HALF_STEP_M * np.cos(heading), HALF_STEP_M * np.sin(heading)
            ground = height(e, tx - cos, ty - sin, scenes, heights)
            ground += height(e, tx, ty, scenes, heights)
            ground += height(e, tx + cos, ty + sin, scenes, heights)
            tz = z + min(max(ground / 3.0 - z, -climb), climb)
            body.velocity[0], body.velocity[1] = (tx - x) / dt, (ty - y) / dt
            body.velocity[2] = (tz - z) / dt
            body.position[0], body.position[1], body.position[2] = tx, ty, tz
            body.spin[2] = (heading - yaw) / dt
            mover.yaw = heading
            body.yaw = (heading + np.pi) % (2.0 * np.pi) - np.pi
            upright(body, 0.0, 0.0)


@compiled
def _plan(mover: Row, way: Table, x: float, y: float, dt: float) -> tuple[float, float, float]:
    """Go on along the path, so as to stand at its end."""
    if mover.points < 2:
        return x, y, mover.yaw
    end = way[mover.points - 1, 2]
    left = max(end - mover.s, 0.0)
    wanted = min(mover.wanted, np.sqrt(2.0 * mover.limit * left))
    change = mover.limit * dt
    mover.speed += min(max(wanted - mover.speed, -change), change)
    mover.s = min(mover.s + mover.speed * dt, end)
    if left < 0.02:
        mover.speed, mover.finished = 0.0, 1
    tx, ty = point_at(way[: mover.points], mover.out, mover.s)
    heading = mover.yaw
    if mover.speed > 0.05:
        ax, ay = point_at(way[: mover.points], mover.out, mover.s + LOOK_AHEAD_M)
        heading = _facing(mover.yaw, ax - x, ay - y, dt)
    return tx, ty, heading


@compiled
def _sidestep(mover: Row, x: float, y: float, dt: float) -> tuple[float, float, float]:
    """Go with the velocity that keeps clear of others."""
    vx, vy = mover.way[0], mover.way[1]
    mover.speed = np.hypot(vx, vy)
    heading = _facing(mover.yaw, vx, vy, dt) if mover.speed > 0.3 else mover.yaw
    return x + vx * dt, y + vy * dt, heading


@compiled
def _facing(yaw: float, dx: float, dy: float, dt: float) -> float:
    """Return the heading after turning towards a direction."""
    if np.hypot(dx, dy) < 1e-3:
        return yaw
    turn = (np.arctan2(dy, dx) - yaw + np.pi) % (2.0 * np.pi) - np.pi
    return yaw + min(max(turn, -TURN_RADPS * dt), TURN_RADPS * dt)
