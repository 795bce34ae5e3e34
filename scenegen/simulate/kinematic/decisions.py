"""Compiled: what drivers decide in a control step, the formulas of `simulate.drivers` as loops."""

from __future__ import annotations

import numpy as np

from scenegen.records import SignalState
from scenegen.simulate.actuators import ROLLING_RESISTANCE
from scenegen.simulate.balance import LEANS_FROM_MPS, LEANS_RANGE_MPS
from scenegen.simulate.drivers import (
    AFTER_CRASH_MPS2,
    EMERGENCY_MPS2,
    STRIDE_M,
)
from scenegen.simulate.engine import GRAVITY_MPS2
from scenegen.simulate.idm import HEADWAY_S, LINE_GAP_M, STANDSTILL_GAP_M
from scenegen.simulate.jit import compiled
from scenegen.simulate.kinematic.sight import drag_ahead
from scenegen.simulate.kinematic.tables import Row, Table
from scenegen.simulate.riders import (
    AIM_M,
    AIM_S,
    BISECTIONS,
    BRAKE_SHARE,
    LEAN_S,
    LEAN_SHARE,
    MOST_LEAN_RAD,
    SLOWS_S,
    TIP_SHARE,
)
from scenegen.simulate.stops import BEYOND_M, NOTICED_M
from scenegen.simulate.ways import BRAKE_SHARE as WAY_BRAKE_SHARE
from scenegen.simulate.ways import SHIFT_MPS, THERE_M
from scenegen.simulate.world import SHIFT_MPS as AGENT_SHIFT_MPS
from scenegen.simulate.yielding import NOTICED_M as LINE_NOTICED_M
from scenegen.simulate.yielding import PASSED_M

RED, RED_AMBER, AMBER = int(SignalState.RED), int(SignalState.RED_AMBER), int(SignalState.AMBER)
BENDS_M = 120


@compiled
def locate(
    scenes: Table, actors: Table, vehicles: Table, tracks: Table, waits: Table, asks: Table
) -> None:
    """Find every vehicle on its track, and which scenes have somebody before a yield line."""
    for e in range(len(scenes)):
        asks[e] = 0
        if not scenes[e].active:
            continue
        for n in range(scenes[e].vehicles):
            driver = vehicles[e, n]
            driver.line_allowed = np.inf
            if not driver.has_track:
                continue
            x, y = actors[e, driver.actor].position[0], actors[e, driver.actor].position[1]
            track = tracks[e, n]
            best, least = 0, np.inf
            for k in range(driver.index - 3, driver.index + 12):
                at = min(max(k, 0), driver.last)
                dx, dy = x - track[at, 0], y - track[at, 1]
                away = dx * dx + dy * dy
                if away < least:
                    best, least = at, away
            dx, dy = x - track[best, 0], y - track[best, 1]
            driver.index = best
            driver.s = best + dx * track[best, 2] + dy * track[best, 3]
            driver.offset = dy * track[best, 2] - dx * track[best, 3]
            if not driver.crashed:
                for k in range(driver.yields):
                    gap = waits[e, n, k] - driver.s - driver.half_length
                    if -PASSED_M < gap < LINE_NOTICED_M:
                        asks[e] = 1


@compiled
def decide(
    dt: float,
    delay_s: float,
    scenes: Table,
    actors: Table,
    vehicles: Table,
    tracks: Table,
    ignored: Table,
    blind: Table,
    past: Table,
    stops: Table,
    lights: Table,
    walls: Table,
    opaque: Table,
    heights: Table,
) -> None:
    """Set the controls of every vehicle for the control step that begins."""
    for e in range(len(scenes)):
        scene = scenes[e]
        if not scene.active:
            continue
        at = scene.row % past.shape[1]
        for k in range(scene.actors):
            past[e, at, k, 0] = actors[e, k].position[0]
            past[e, at, k, 1] = actors[e, k].position[1]
            past[e, at, k, 2] = actors[e, k].velocity[0]
            past[e, at, k, 3] = actors[e, k].velocity[1]
        for n in range(scene.vehicles):
            driver = vehicles[e, n]
            if driver.tractor >= 0:
                continue
            before = driver.gear
            if abs(driver.speed) < SHIFT_MPS:
                driver.gear = driver.way_gear
            steer, lean, calm = _steer(e, n, actors, vehicles, tracks, scene.peak)
            going = driver.has_track and not driver.crashed
            if going:
                driver.steer_asked, driver.lean_asked = steer, lean
            else:
                driver.lean_asked = 0.0
            drag = 0.0
            if driver.follow and going:
                drag = drag_ahead(
                    e, n, dt, delay_s, scenes, actors, vehicles, tracks, ignored, blind, past,
                    walls, opaque, heights,
                )  # fmt: skip
            _press(e, n, drag, calm, scene.peak, vehicles, tracks, stops, lights, scene.row)
            if driver.commanded:
                _obey(driver, before, scene.peak)
        for n in range(scene.vehicles):
            trailer = vehicles[e, n]
            if trailer.tractor >= 0:
                tractor = vehicles[e, trailer.tractor]
                trailer.asked, trailer.parked = min(tractor.asked, 0.0), tractor.parked
                crashed = trailer.crashed or tractor.crashed
                trailer.crashed, tractor.crashed = crashed, crashed


@compiled
def _obey(driver: Row, gear: float, peak: float) -> None:
    """Let an agent steer a vehicle, whose gear was in until now."""
    if abs(driver.speed) < AGENT_SHIFT_MPS:
        gear = -1.0 if driver.command_reverse else 1.0
    driver.gear, driver.parked = gear, 0.0
    driver.asked = driver.command_asked
    driver.steer_asked = driver.command_steer
    if driver.two_wheeled:
        v = max(driver.speed, 0.0)
        most = min(LEAN_SHARE * peak * GRAVITY_MPS2, GRAVITY_MPS2 * np.tan(MOST_LEAN_RAD))
        aside = np.tan(driver.command_steer) / driver.base * v * v
        driver.lean_asked = np.arctan(min(max(aside, -most), most) / GRAVITY_MPS2)


@compiled
def _point(track: Table, last: int, s: float) -> tuple[float, float]:
    """Return a track's point at an arc length."""
    place = min(max(s, 0.0), last - 1e-6)
    low = int(place)
    part = place - low
    x = track[low, 0] + part * (track[low + 1, 0] - track[low, 0])
    return x, track[low, 1] + part * (track[low + 1, 1] - track[low, 1])


@compiled
def _steer(
    e: int, n: int, actors: Table, vehicles: Table, tracks: Table, peak: float
) -> tuple[float, float, float]:
    """Return the steering angle, the lean to the left and the sideways acceleration asked for."""
    driver = vehicles[e, n]
    me = actors[e, driver.actor]
    v = max(driver.speed * driver.gear, 0.0)
    x, y, yaw, way = me.position[0], me.position[1], me.yaw, 0.0
    reach = max(2.5 + 0.55 * v, 1.2 * driver.base)
    if driver.two_wheeled:
        # Riders aim from where they will be once their lean has come about.
        reach, way = AIM_M + AIM_S * v, v * LEAN_S
        half = yaw + 0.5 * driver.yaw_rate * LEAN_S
        x, y = x + way * np.cos(half), y + way * np.sin(half)
        yaw += driver.yaw_rate * LEAN_S
    if driver.last < 1:
        return 0.0, 0.0, 0.0
    tx, ty = _point(tracks[e, n], driver.last, driver.s + driver.rear * driver.gear + reach + way)
    cos, sin = np.cos(yaw), np.sin(yaw)
    dx, dy = tx - x - driver.rear * cos, ty - y - driver.rear * sin
    curvature = 2.0 * (dy * cos - dx * sin) / max(dx * dx + dy * dy, 0.25)
    if driver.two_wheeled:
        most = min(LEAN_SHARE * peak * GRAVITY_MPS2, GRAVITY_MPS2 * np.tan(MOST_LEAN_RAD))
        aside = min(max(curvature * v * v, -most), most)
        return np.arctan(driver.base * curvature), np.arctan(aside / GRAVITY_MPS2), abs(aside)
    aside = min(max(curvature * v * v / GRAVITY_MPS2, -0.6), 0.6)
    return np.arctan(driver.base * curvature) + driver.understeer * aside, 0.0, 0.0


@compiled
def _halt(gap: float, v: float, gain: float, loss: float) -> float:
    """Return the acceleration towards a stand before a line (IDM)."""
    dynamic = v * HEADWAY_S + v * v / (2.0 * np.sqrt(gain * loss))
    ratio = (STANDSTILL_GAP_M + max(dynamic, 0.0)) / max(gap + LINE_GAP_M, 0.3)
    return gain - gain * ratio * ratio


@compiled
def _bend_speed(driver: Row, track: Table) -> float:
    """Return the speed that still lets a driver slow down for the bends ahead."""
    square = np.inf
    for k in range(BENDS_M // STRIDE_M):
        at = min(max(driver.index + STRIDE_M * k, 0), driver.last)
        if at >= driver.bends_from:
            allowed = driver.bend / max(abs(track[at, 4]), 1e-4)
            square = min(square, allowed + 1.4 * driver.loss * max(at - driver.s, 0.0))
    return np.sqrt(square)


@compiled
def _free(v: float, wanted: float, a: float, b: float) -> float:
    """Return the acceleration on an empty road (`idm.free_acceleration`)."""
    target = max(wanted, 0.1)
    if wanted < 0.1:
        return -b
    if v <= target:
        return a * (1.0 - (v / target) ** 4)
    return -b * (1.0 - (target / max(v, 0.1)) ** max(4.0 * a / b, 1.0))


@compiled
def _signals(
    e: int, n: int, v: float, vehicles: Table, stops: Table, lights: Table, row: int
) -> float:
    """Return the acceleration that signals allow; ``inf`` where none is in the way."""
    driver = vehicles[e, n]
    front = driver.s + driver.half_length
    allowed = np.inf
    for k in range(driver.signals):
        gap = stops[e, n, k, 0] - front
        if gap < BEYOND_M or gap > NOTICED_M:
            continue
        state = lights[e, min(row, lights.shape[1] - 1), int(stops[e, n, k, 1])]
        amber = state == AMBER and v * v / (2.0 * max(gap, 0.1)) < driver.loss
        if state in (RED, RED_AMBER) or amber:
            allowed = min(allowed, _halt(gap, v, driver.gain, driver.loss))
    return allowed


@compiled
def _press(
    e: int,
    n: int,
    drag: float,
    calm: float,
    peak: float,
    vehicles: Table,
    tracks: Table,
    stops: Table,
    lights: Table,
    row: int,
) -> None:
    """Set the acceleration that a driver asks for."""
    driver, track = vehicles[e, n], tracks[e, n]
    speed, a, b = driver.speed * driver.gear, driver.gain, driver.loss
    v = max(speed, 0.0)
    bend = _bend_speed(driver, track)
    asked = _free(v, min(driver.wanted, bend), a, b)
    if driver.two_wheeled and speed > bend:
        asked = min(asked, -(speed - bend) / SLOWS_S)
    asked -= drag
    asked = min(asked, _signals(e, n, v, vehicles, stops, lights, row))
    left = max(driver.goal - driver.s, 0.0)
    needed = v * v / max(2.0 * left, 0.1)
    if driver.way_gear != driver.gear:
        asked = min(asked, -b)
    elif driver.stops and (needed > WAY_BRAKE_SHARE * b or left < THERE_M):
        asked = min(asked, -max(needed, 0.5))
    asked = min(asked, driver.line_allowed)
    if driver.hard > 0 and speed > driver.wanted + 0.05:
        asked = min(asked, -driver.hard)
    if driver.crashed:
        asked = -AFTER_CRASH_MPS2
    hardest, gain = EMERGENCY_MPS2, a
    if driver.two_wheeled:
        hardest, gain = _within_balance(driver, calm, peak, hardest, gain)
    driver.asked = min(max(asked, -hardest), gain)


@compiled
def _within_balance(
    driver: Row, aside: float, peak: float, hardest: float, gain: float
) -> tuple[float, float]:
    """Return how hard a rider brakes and speeds up at most: see `simulate.riders`."""
    total = BRAKE_SHARE * peak * GRAVITY_MPS2
    lifting = driver.cg_height / (GRAVITY_MPS2 * driver.base)
    now = abs(GRAVITY_MPS2 * np.tan(driver.lean))
    will = max(aside, now)
    if not driver.grabs:
        low, high = 0.0, min(TIP_SHARE * driver.rear_share / lifting, total)
        for _ in range(BISECTIONS):
            middle = 0.5 * (low + high)
            rear = will * driver.rear_share / (driver.rear_share - middle * lifting)
            if middle * middle + rear * rear <= total * total:
                low = middle
            else:
                high = middle
        hardest = min(hardest, low)
    resistance = driver.drag * driver.speed**2 / driver.mass + ROLLING_RESISTANCE * GRAVITY_MPS2
    pull = np.sqrt(max(total * total - now * now, 0.0)) * driver.driven_share
    return hardest, min(gain, pull - resistance)


@compiled
def leaning_share(speed: float) -> float:
    """Return how far riders turn by leaning rather than by the handlebar."""
    return min(max((speed - LEANS_FROM_MPS) / LEANS_RANGE_MPS, 0.0), 1.0)
