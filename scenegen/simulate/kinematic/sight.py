"""Compiled: what drivers have on their way ahead, late, and only what can be seen.

The formulas are those of `simulate.drivers` and `simulate.perception`, written as loops over one
driver and one thing at a time; a test holds the two against each other.
"""

from __future__ import annotations

import numpy as np

from scenegen.simulate.drivers import FORESIGHT_S, LOOK_M, MARGIN_M, STRIDE_M
from scenegen.simulate.jit import compiled
from scenegen.simulate.kinematic.ground import height
from scenegen.simulate.kinematic.tables import Row, Table
from scenegen.simulate.perception import REACTION_S

WINDOW = LOOK_M // STRIDE_M
CREST_PARTS = 19


@compiled
def drag_ahead(
    e: int,
    n: int,
    dt: float,
    delay_s: float,
    scenes: Table,
    actors: Table,
    vehicles: Table,
    tracks: Table,
    ignored: Table,
    blind: Table,
    past: Table,
    walls: Table,
    opaque: Table,
    heights: Table,
) -> float:
    """Return the deceleration that driver `n` of scene `e` owes to who is ahead, m/s²."""
    driver = vehicles[e, n]
    me = actors[e, driver.actor]
    track = tracks[e, n]
    scene = scenes[e]
    ring = past.shape[1]
    step = scene.row
    oldest = (step + 1) % ring if step >= ring - 1 else 0
    age = delay_s * min(step, ring - 1) / max(ring - 1, 1)
    speed = driver.speed * driver.gear
    v = max(speed, 0.0)
    first, last = driver.index, driver.last
    worst = 0.0
    for o in range(scene.actors):
        blind[e, n, o] -= dt
        other = actors[e, o]
        if o == driver.actor or other.present == 0 or ignored[e, n, o] != 0:
            continue
        vx, vy = past[e, oldest, o, 2], past[e, oldest, o, 3]
        px, py = past[e, oldest, o, 0] + age * vx, past[e, oldest, o, 1] + age * vy
        far = LOOK_M + 20.0
        if (px - me.position[0]) ** 2 + (py - me.position[1]) ** 2 > far * far:
            continue
        best = _nearest(track, first, last, px, py)
        tx, ty = track[best, 2], track[best, 3]
        dx, dy = px - track[best, 0], py - track[best, 1]
        run = dx * tx + dy * ty
        along = best + run - driver.s
        if along <= 0.3 * driver.half_length or along >= LOOK_M:
            continue
        if run * run >= (2.0 * STRIDE_M) ** 2:
            continue
        aside = dy * tx - dx * ty
        speed_aside = vy * tx - vx * ty
        cos = abs(np.cos(other.yaw) * tx + np.sin(other.yaw) * ty)
        sin = np.sqrt(max(1.0 - cos * cos, 0.0))
        half_along = other.half[0] * cos + other.half[1] * sin
        half_aside = other.half[0] * sin + other.half[1] * cos
        gap = along - driver.half_length - half_along
        own = driver.offset * np.exp(-max(gap, 0.0) / 15.0)
        near = aside - own
        soon = near + FORESIGHT_S * speed_aside
        between = 0.0 if near * soon < 0 else min(abs(near), abs(soon))
        if between >= driver.half_width + half_aside + MARGIN_M or gap >= other.sight:
            continue
        if _is_hidden(e, driver, me, o, scenes, actors, walls, opaque, heights):
            blind[e, n, o] = REACTION_S
        if blind[e, n, o] > 0.0:
            continue
        closing = speed - (vx * tx + vy * ty)
        worst = max(worst, _interaction(driver, v, closing, gap))
    return worst


@compiled
def _nearest(track: Table, first: int, last: int, x: float, y: float) -> int:
    """Return the point of the way ahead that is nearest to a place."""
    best, least = 0, np.inf
    for k in range(WINDOW):
        at = min(max(first + STRIDE_M * k, 0), last)
        dx, dy = x - track[at, 0], y - track[at, 1]
        away = dx * dx + dy * dy
        if away < least:
            best, least = at, away
    return best


@compiled
def _interaction(driver: Row, v: float, closing: float, gap: float) -> float:
    """Return the deceleration for the sake of something ahead (`idm.interaction`)."""
    dynamic = v * driver.headway + v * closing / (2.0 * np.sqrt(driver.gain * driver.loss))
    ratio = (driver.min_gap + max(dynamic, 0.0)) / max(gap, 0.3)
    return driver.gain * ratio * ratio


@compiled
def _is_hidden(
    e: int,
    driver: Row,
    me: Row,
    o: int,
    scenes: Table,
    actors: Table,
    walls: Table,
    opaque: Table,
    heights: Table,
) -> bool:
    """Return whether a driver's line of sight to actor `o` goes through a box or the ground."""
    cos, sin = np.cos(me.yaw), np.sin(me.yaw)
    x, y, z = driver.eye[0], driver.eye[1], driver.eye[2]
    ex = me.position[0] + cos * x - sin * y
    ey = me.position[1] + sin * x + cos * y
    ez = me.position[2] + z
    other, scene = actors[e, o], scenes[e]
    rx, ry = other.position[0] - ex, other.position[1] - ey
    rz = other.position[2] + other.middle_z + 0.7 * other.half[2] - ez
    square = rx * rx + ry * ry
    for k in range(scene.actors):
        wall = actors[e, k]
        if k in (o, driver.actor) or wall.lit == 0:
            continue
        sx, sy = wall.position[0] - ex, wall.position[1] - ey
        reach = wall.half[0] + wall.half[1]
        if not _near_line(sx, sy, rx, ry, square, reach):
            continue
        c, s = np.cos(wall.yaw), np.sin(wall.yaw)
        dz = ez - wall.position[2] - wall.middle_z
        if _blocks(-sx, -sy, dz, rx, ry, rz, c, s, wall.half[0], wall.half[1], wall.half[2]):
            return True
    for k in range(scene.walls):
        if opaque[e, k] == 0:
            continue
        box = walls[e, k]
        sx, sy = box[0] - ex, box[1] - ey
        if not _near_line(sx, sy, rx, ry, square, box[5] + box[6]):
            continue
        if _blocks(-sx, -sy, ez - box[2], rx, ry, rz, box[3], box[4], box[5], box[6], box[7]):
            return True
    if scene.rough != 0:
        for k in range(CREST_PARTS):
            part = 0.05 + 0.05 * k
            ground = height(e, ex + part * rx, ey + part * ry, scenes, heights)
            if ez + part * rz < ground - 0.05:
                return True
    return False


@compiled
def _near_line(sx: float, sy: float, rx: float, ry: float, square: float, reach: float) -> bool:
    """Return whether a point comes within reach of a line from the origin."""
    part = min(max((sx * rx + sy * ry) / max(square, 1e-9), 0.0), 1.0)
    dx, dy = sx - part * rx, sy - part * ry
    return dx * dx + dy * dy <= reach * reach


@compiled
def _blocks(
    x: float,
    y: float,
    z: float,
    rx: float,
    ry: float,
    rz: float,
    cos: float,
    sin: float,
    length: float,
    width: float,
    tall: float,
) -> bool:
    """Return whether a line from (x, y, z), seen from a box's middle, goes through the box."""
    enter, leave = -np.inf, np.inf
    for axis in range(3):
        if axis == 0:
            at, along, half = cos * x + sin * y, cos * rx + sin * ry, length
        elif axis == 1:
            at, along, half = cos * y - sin * x, cos * ry - sin * rx, width
        else:
            at, along, half = z, rz, tall
        slope = 1e-9 if abs(along) < 1e-9 else along
        near, far = (-half - at) / slope, (half - at) / slope
        enter, leave = max(enter, min(near, far)), min(leave, max(near, far))
    return enter < leave and leave > 0.0 and enter < 1.0
