"""Compiled: where everything goes in a control step, by kinematics.

Vehicles are bicycles (Rajamani, Vehicle Dynamics and Control, 2012, ch. 2) whose rear axle slips as
a steady bend asks for: curvature is ``tan(steer) / (base + K v²)`` with the understeer gradient K,
the rear slip angle that of a linear tyre, and acceleration and curvature lie within the friction
circle. Steering, engines and brakes have the rates and lags of `simulate.actuators`; semitrailers
follow the tractrix of their kingpin. People go where `simulate.walkers` has them go.
"""

from __future__ import annotations

import numpy as np

from scenegen.simulate.actuators import (
    BRAKE_LAG_S,
    ENGINE_LAG_S,
    HOLD_MPS,
    ROLLING_RESISTANCE,
)
from scenegen.simulate.engine import GRAVITY_MPS2
from scenegen.simulate.jit import compiled
from scenegen.simulate.kinematic.decisions import leaning_share
from scenegen.simulate.kinematic.ground import height
from scenegen.simulate.kinematic.tables import Row, Table
from scenegen.simulate.riders import LEAN_S

BLOCKS = 2
"""Steering, engines and brakes are worked out so often in a control step, as in `Fleet`."""


@compiled
def drive(dt: float, scenes: Table, actors: Table, vehicles: Table, heights: Table) -> None:
    """Move every vehicle; semitrailers after their tractors."""
    for e in range(len(scenes)):
        scene = scenes[e]
        if not scene.active:
            continue
        for towed in range(2):
            for n in range(scene.vehicles):
                vehicle = vehicles[e, n]
                if (vehicle.tractor >= 0) != (towed == 1):
                    continue
                body = actors[e, vehicle.actor]
                x, y, yaw = body.position[0], body.position[1], body.yaw
                if towed == 1:
                    _draw(vehicle, body, actors[e, vehicles[e, vehicle.tractor].actor],
                          vehicles[e, vehicle.tractor], dt)  # fmt: skip
                else:
                    _roll(vehicle, body, scene.peak, scene.sliding, dt)
                _settle(e, vehicle, body, x, y, yaw, dt, scenes, heights)


@compiled
def _roll(vehicle: Row, body: Row, peak: float, sliding: float, dt: float) -> None:
    """Go on by a control step on one's own wheels."""
    h = dt / BLOCKS
    yaw, v = body.yaw, vehicle.speed
    # The rear axle, which goes where it points but for its slip.
    x = body.position[0] + vehicle.rear * np.cos(yaw)
    y = body.position[1] + vehicle.rear * np.sin(yaw)
    # How steeply the road rises ahead: the body's x axis against the horizon.
    q = body.quaternion
    rise = 2.0 * (q[1] * q[3] - q[0] * q[2])
    turned = 0.0
    for _ in range(BLOCKS):
        _actuate(vehicle, abs(v), h)
        locked = vehicle.locks and vehicle.brake_n > peak * vehicle.mass * GRAVITY_MPS2
        grip = (sliding if locked else peak) * GRAVITY_MPS2
        braking = min(vehicle.brake_n / vehicle.mass, grip)
        braking += ROLLING_RESISTANCE * GRAVITY_MPS2
        hauled = vehicle.mass + vehicle.pulled
        push = min(vehicle.drive_n / hauled, vehicle.driven_share * grip) * vehicle.gear
        push -= vehicle.drag * v * abs(v) / hauled + GRAVITY_MPS2 * rise
        after = v + push * h
        slower = braking * h
        if abs(after) <= slower:
            after = 0.0
        else:
            after -= slower if after > 0.0 else -slower
        along = (after - v) / h
        side = np.sqrt(max(grip * grip - along * along, 0.0))
        middle = 0.5 * (v + after)
        square = middle * middle
        if vehicle.two_wheeled:
            vehicle.lean += (vehicle.lean_asked - vehicle.lean) * (1.0 - np.exp(-h / LEAN_S))
            share = leaning_share(abs(middle))
            bent = np.tan(vehicle.steer) / vehicle.base
            held = GRAVITY_MPS2 * np.tan(vehicle.lean) / max(square, 1.0)
            curvature = bent + share * (held - bent)
        elif locked:
            curvature = 0.0
        else:
            curvature = np.tan(vehicle.steer) / (
                vehicle.base + vehicle.understeer * square / GRAVITY_MPS2
            )
        if square * abs(curvature) > side:
            curvature = np.copysign(side / max(square, 1e-9), curvature)
        slip = 0.0 if vehicle.two_wheeled else square * curvature * vehicle.slip_spm2
        turn = middle * curvature * h
        course = yaw + 0.5 * turn - np.copysign(slip, slip * middle) * 1.0
        x, y = x + middle * h * np.cos(course), y + middle * h * np.sin(course)
        yaw, v = yaw + turn, after
        turned += turn
    vehicle.speed, vehicle.yaw_rate = v, turned / dt
    body.yaw = yaw
    body.position[0] = x - vehicle.rear * np.cos(yaw)
    body.position[1] = y - vehicle.rear * np.sin(yaw)


@compiled
def _actuate(vehicle: Row, speed: float, h: float) -> None:
    """Move steering, engine and brakes towards what the driver asks for: `simulate.actuators`."""
    wanted = min(max(vehicle.steer_asked, -vehicle.steer_max), vehicle.steer_max)
    most = vehicle.steer_rate * h
    vehicle.steer += min(max(wanted - vehicle.steer, -most), most)
    braking = vehicle.asked < 0.0
    needed = vehicle.mass if braking else vehicle.mass + vehicle.pulled
    needed *= vehicle.asked + ROLLING_RESISTANCE * GRAVITY_MPS2
    needed += vehicle.drag * speed * speed
    pull = min(vehicle.pull, vehicle.power / max(speed, 1.0))
    drive = 0.0 if braking else min(max(needed, 0.0), pull)
    brake = min(max(-needed, 0.0), vehicle.brake_max) if braking else 0.0
    hold = vehicle.parked > 0.0 or (braking and speed < HOLD_MPS)
    if hold:
        brake = vehicle.brake_max
    lag = 1.0 if braking else 1.0 - np.exp(-h / ENGINE_LAG_S)
    vehicle.drive_n += (drive - vehicle.drive_n) * lag
    lag = 1.0 - np.exp(-h / BRAKE_LAG_S) if braking or hold else 1.0
    vehicle.brake_n += (brake - vehicle.brake_n) * lag


@compiled
def _draw(vehicle: Row, body: Row, front: Row, tractor: Row, dt: float) -> None:
    """Take a semitrailer's kingpin to where its tractor's fifth wheel is."""
    px = front.position[0] + tractor.hitch * np.cos(front.yaw)
    py = front.position[1] + tractor.hitch * np.sin(front.yaw)
    yaw, reach = body.yaw, vehicle.kingpin - vehicle.rear
    dx = px - body.position[0] - vehicle.kingpin * np.cos(yaw)
    dy = py - body.position[1] - vehicle.kingpin * np.sin(yaw)
    half = 0.5 * (dy * np.cos(yaw) - dx * np.sin(yaw)) / reach
    turn = (dy * np.cos(yaw + half) - dx * np.sin(yaw + half)) / reach
    body.yaw = yaw + turn
    body.position[0] = px - vehicle.kingpin * np.cos(body.yaw)
    body.position[1] = py - vehicle.kingpin * np.sin(body.yaw)
    vehicle.yaw_rate = turn / dt
    vehicle.steer = 0.0
    vehicle.speed = tractor.speed * np.cos(front.yaw - body.yaw)
    vehicle.brake_n = max(0.0, -vehicle.asked) * vehicle.mass


@compiled
def _settle(
    e: int,
    vehicle: Row,
    body: Row,
    x: float,
    y: float,
    yaw: float,
    dt: float,
    scenes: Table,
    heights: Table,
) -> None:
    """Put a vehicle that went from a place onto the road below its axles and sides."""
    cos, sin = np.cos(body.yaw), np.sin(body.yaw)
    px, py = body.position[0], body.position[1]
    a, b = vehicle.rear, vehicle.rear + vehicle.base
    half = vehicle.half_width
    behind = height(e, px + a * cos, py + a * sin, scenes, heights)
    ahead = height(e, px + b * cos, py + b * sin, scenes, heights)
    left = height(e, px - half * sin, py + half * cos, scenes, heights)
    right = height(e, px + half * sin, py - half * cos, scenes, heights)
    pitch = -np.arctan((ahead - behind) / vehicle.base)
    roll = np.arctan((left - right) / (2.0 * half))
    if vehicle.two_wheeled:
        roll = -vehicle.lean
    z = behind - a * (ahead - behind) / vehicle.base
    body.velocity[0] = (px - x) / dt
    body.velocity[1] = (py - y) / dt
    body.velocity[2] = (z - body.position[2]) / dt
    body.position[2] = z
    body.spin[0], body.spin[1], body.spin[2] = 0.0, 0.0, (body.yaw - yaw) / dt
    body.yaw = (body.yaw + np.pi) % (2.0 * np.pi) - np.pi
    upright(body, roll, pitch)


@compiled
def upright(body: Row, roll: float, pitch: float) -> None:
    """Write a body's quaternion from its heading, pitch and roll."""
    cr, sr = np.cos(0.5 * roll), np.sin(0.5 * roll)
    cp, sp = np.cos(0.5 * pitch), np.sin(0.5 * pitch)
    cy, sy = np.cos(0.5 * body.yaw), np.sin(0.5 * body.yaw)
    body.quaternion[0] = cr * cp * cy + sr * sp * sy
    body.quaternion[1] = sr * cp * cy - cr * sp * sy
    body.quaternion[2] = cr * sp * cy + sr * cp * sy
    body.quaternion[3] = cr * cp * sy - sr * sp * cy


@compiled
def carry(dt: float, scenes: Table, actors: Table) -> None:
    """Take what is carried along with its carriers."""
    for e in range(len(scenes)):
        if not scenes[e].active:
            continue
        for depth in range(1, 3):
            for k in range(scenes[e].actors):
                load = actors[e, k]
                if load.depth != depth:
                    continue
                by = actors[e, load.carrier]
                w, x, y, z = by.quaternion[0], by.quaternion[1], by.quaternion[2], by.quaternion[3]
                a, b, c = load.offset[0], load.offset[1], load.offset[2]
                # Rotation of the offset by the carrier's quaternion.
                tx, ty, tz = 2 * (y * c - z * b), 2 * (z * a - x * c), 2 * (x * b - y * a)
                px = by.position[0] + a + w * tx + y * tz - z * ty
                py = by.position[1] + b + w * ty + z * tx - x * tz
                pz = by.position[2] + c + w * tz + x * ty - y * tx
                load.velocity[0] = (px - load.position[0]) / dt
                load.velocity[1] = (py - load.position[1]) / dt
                load.velocity[2] = (pz - load.position[2]) / dt
                load.position[0], load.position[1], load.position[2] = px, py, pz
                r, i, j, m = load.turn[0], load.turn[1], load.turn[2], load.turn[3]
                load.quaternion[0] = w * r - x * i - y * j - z * m
                load.quaternion[1] = w * i + x * r + y * m - z * j
                load.quaternion[2] = w * j - x * m + y * r + z * i
                load.quaternion[3] = w * m + x * j - y * i + z * r
                q = load.quaternion
                load.yaw = np.arctan2(
                    2 * (q[0] * q[3] + q[1] * q[2]), 1 - 2 * (q[2] * q[2] + q[3] * q[3])
                )
                load.spin[2] = by.spin[2]
