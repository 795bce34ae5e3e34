"""Compiled: who overlaps whom at the end of a control step, and what is left of their speeds.

Outlines are rectangles on the ground (`geometry.rectangles`: four axes keep two of them apart, or
none does) of bodies whose heights overlap too. Two that meet go on as after a plastic impact along
the axis of least overlap: ``J = closing / (1/m1 + 1/m2)``. Nothing spins, rebounds or is pushed
aside; drivers who were hit brake, people stay where they were hit.
"""

from __future__ import annotations

import numpy as np

from scenegen.simulate.collisions import CRASH_MPS, FALL_MPS, STRUCK_MPS
from scenegen.simulate.contacts import GAP_S, LEAST_MPS, LEAST_NS
from scenegen.simulate.jit import compiled
from scenegen.simulate.kinematic.tables import MOVER_ROLE, VEHICLE_ROLE, Row, Table

STANDS_KG = 1e12
"""The mass of what doesn't give way."""
STEP_M = 0.2
"""What is no higher is driven over."""


@compiled
def touch(
    dt: float,
    scenes: Table,
    actors: Table,
    vehicles: Table,
    movers: Table,
    solids: Table,
    touched: Table,
    hits: Table,
) -> int:
    """Note new contacts in `hits`; return how many there are, at most its length."""
    count = 0
    gap = round(GAP_S / dt)
    for e in range(len(scenes)):
        if not scenes[e].active:
            continue
        for k in range(scenes[e].actors):
            if actors[e, k].meets == 0:
                continue
            for j in range(k + 1, scenes[e].actors):
                depth, nx, ny = _between(actors[e, k], actors[e, j])
                if depth > 0.0:
                    count = _meet(
                        e, k, j, nx, ny, actors[e, j].position[0], actors[e, j].position[1], gap,
                        scenes, actors, vehicles, movers, touched, hits, count,
                    )  # fmt: skip
            if actors[e, k].role != VEHICLE_ROLE:
                continue
            for w in range(scenes[e].solids):
                depth, nx, ny = _against(actors[e, k], solids[e, w])
                if depth > 0.0:
                    count = _meet(
                        e, k, -1, nx, ny, solids[e, w, 0], solids[e, w, 1], gap,
                        scenes, actors, vehicles, movers, touched, hits, count,
                    )  # fmt: skip
    return count


@compiled
def _between(one: Row, two: Row) -> tuple[float, float, float]:
    """Return what `_overlap` does, of two actors."""
    if two.meets == 0 or one.bearer == two.bearer:
        return -1.0, 1.0, 0.0
    if VEHICLE_ROLE not in (one.role, two.role):
        return -1.0, 1.0, 0.0
    dx, dy = two.position[0] - one.position[0], two.position[1] - one.position[1]
    reach = one.reach[0] + one.reach[1] + two.reach[0] + two.reach[1]
    if dx * dx + dy * dy >= reach * reach:
        return -1.0, 1.0, 0.0
    if abs(two.position[2] - one.position[2]) >= min(one.height, two.height):
        return -1.0, 1.0, 0.0
    return _overlap(
        dx, dy, np.cos(one.yaw), np.sin(one.yaw), one.reach[0], one.reach[1],
        np.cos(two.yaw), np.sin(two.yaw), two.reach[0], two.reach[1],
    )  # fmt: skip


@compiled
def _against(one: Row, box: Table) -> tuple[float, float, float]:
    """Return what `_overlap` does, of an actor and a box that stands."""
    dx, dy = box[0] - one.position[0], box[1] - one.position[1]
    reach = one.reach[0] + one.reach[1] + box[5] + box[6]
    if dx * dx + dy * dy >= reach * reach:
        return -1.0, 1.0, 0.0
    low, high = box[2] - box[7], box[2] + box[7]
    if low >= one.position[2] + one.height or high <= one.position[2] + STEP_M:
        return -1.0, 1.0, 0.0
    return _overlap(
        dx, dy, np.cos(one.yaw), np.sin(one.yaw), one.reach[0], one.reach[1],
        box[3], box[4], box[5], box[6],
    )  # fmt: skip


@compiled
def _overlap(
    dx: float,
    dy: float,
    c1: float,
    s1: float,
    l1: float,
    w1: float,
    c2: float,
    s2: float,
    l2: float,
    w2: float,
) -> tuple[float, float, float]:
    """Return how deep two rectangles overlap, and the axis (2,) from the first to the second.

    Below 0 if they are apart.
    """
    best, nx, ny = np.inf, 1.0, 0.0
    cos, sin = abs(c1 * c2 + s1 * s2), abs(s2 * c1 - c2 * s1)
    for axis in range(4):
        if axis == 0:
            ax, ay, reach = c1, s1, l1 + l2 * cos + w2 * sin
        elif axis == 1:
            ax, ay, reach = -s1, c1, w1 + l2 * sin + w2 * cos
        elif axis == 2:
            ax, ay, reach = c2, s2, l2 + l1 * cos + w1 * sin
        else:
            ax, ay, reach = -s2, c2, w2 + l1 * sin + w1 * cos
        apart = dx * ax + dy * ay
        depth = reach - abs(apart)
        if depth <= 0.0:
            return -1.0, 1.0, 0.0
        if depth < best:
            sign = 1.0 if apart >= 0.0 else -1.0
            best, nx, ny = depth, sign * ax, sign * ay
    return best, nx, ny


@compiled
def _meet(
    e: int,
    k: int,
    j: int,
    nx: float,
    ny: float,
    x: float,
    y: float,
    gap: int,
    scenes: Table,
    actors: Table,
    vehicles: Table,
    movers: Table,
    touched: Table,
    hits: Table,
    count: int,
) -> int:
    """Let two that overlap have met, if they haven't just before.

    `j` is -1 for scenery; (`x`, `y`) is the middle of the other.
    """
    row = scenes[e].row + 1
    column = touched.shape[2] - 1 if j < 0 else j
    last = touched[e, k, column]
    touched[e, k, column] = row
    if last > 0 and row - last <= gap:
        return count
    one = actors[e, k]
    closing = one.velocity[0] * nx + one.velocity[1] * ny
    mass = STANDS_KG
    if j >= 0:
        two = actors[e, j]
        closing -= two.velocity[0] * nx + two.velocity[1] * ny
        mass = actors[e, two.bearer].mass
    impulse = closing / (1.0 / actors[e, one.bearer].mass + 1.0 / mass)
    if closing < LEAST_MPS or impulse < LEAST_NS:
        touched[e, k, column] = last
        return count
    if count < len(hits):
        hit = hits[count]
        hit.scene, hit.a, hit.b = e, k, j
        hit.impulse_ns, hit.closing_mps = impulse, closing
        # On the first one's outline, where it is nearest to the other's middle.
        cos, sin = np.cos(one.yaw), np.sin(one.yaw)
        dx, dy = x - one.position[0], y - one.position[1]
        ahead, left = dx * cos + dy * sin, dy * cos - dx * sin
        ahead = min(max(ahead, -one.reach[0]), one.reach[0])
        left = min(max(left, -one.reach[1]), one.reach[1])
        hit.position_m[0] = one.position[0] + ahead * cos - left * sin
        hit.position_m[1] = one.position[1] + ahead * sin + left * cos
        hit.position_m[2] = one.position[2] + 0.5 * one.height
        count += 1
    _suffer(e, k, -impulse * nx, -impulse * ny, closing, actors, vehicles, movers)
    if j >= 0:
        _suffer(e, j, impulse * nx, impulse * ny, closing, actors, vehicles, movers)
    return count


@compiled
def _suffer(
    e: int,
    k: int,
    px: float,
    py: float,
    closing: float,
    actors: Table,
    vehicles: Table,
    movers: Table,
) -> None:
    """Let an impulse (2,) have its consequences for one of the two, and whoever carries it."""
    k = actors[e, k].bearer
    body = actors[e, k]
    size = np.hypot(px, py) / body.mass
    if body.role == VEHICLE_ROLE:
        vehicle = vehicles[e, body.unit]
        change = (px * np.cos(body.yaw) + py * np.sin(body.yaw)) / body.mass
        after = vehicle.speed + change
        # A blow that would throw a body back stops it.
        vehicle.speed = 0.0 if after * vehicle.speed < 0.0 else after
        if size > (FALL_MPS if vehicle.two_wheeled else CRASH_MPS):
            vehicle.crashed = True
    elif body.role == MOVER_ROLE and closing > STRUCK_MPS and size > FALL_MPS:
        mover = movers[e, body.unit]
        mover.goes, mover.speed, body.struck = 0, 0.0, 1
        body.velocity[0] = body.velocity[1] = body.velocity[2] = 0.0
        body.spin[2] = 0.0
