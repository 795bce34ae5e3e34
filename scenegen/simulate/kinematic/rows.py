"""From worlds to the rows of the tables, and the views by which worlds see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenegen.geometry import yaw_of
from scenegen.records.base import F64
from scenegen.simulate.bodies import extent
from scenegen.simulate.drivers import MIRROR_M
from scenegen.simulate.engine import GRAVITY_MPS2
from scenegen.simulate.kinematic.ground import height_grid
from scenegen.simulate.kinematic.tables import (
    MOVER_ROLE,
    PAST_FIELDS,
    THING,
    TRACK_FIELDS,
    VEHICLE_ROLE,
    WALL_FIELDS,
    Tables,
)
from scenegen.simulate.outlook import Outlook
from scenegen.simulate.perception import REACTION_S
from scenegen.simulate.specs import REAR_STIFFENING
from scenegen.simulate.vectors import rotation_matrices

if TYPE_CHECKING:
    from scenegen.simulate.kinematic.world import KinematicWorld

ROOM = 64
"""Tables grow by as much more than is needed, so that they seldom do."""


def put_scene(tables: Tables, e: int, world: KinematicWorld) -> bool:
    """Write a world's members into a scene's rows; return whether tables have grown."""
    count, own, walking = len(world.bodies), len(world.vehicles), len(world.afoot.movers)
    walls, solids, lights = world.scenery.boxes, _solids(world), world.lights()
    corner, cell, heights = height_grid(world.ground)
    ring = round(REACTION_S * world.scenario.rates.control_hz) + 1
    grown = [
        tables.widen("actors", count),
        tables.widen("vehicles", own),
        tables.widen("movers", walking),
        tables.widen("tracks", own, 2, TRACK_FIELDS),
        tables.widen("ways", walking, 2, 3),
        tables.widen("ignored", own, count),
        tables.widen("blind", own, count),
        tables.widen("past", ring, count, PAST_FIELDS),
        tables.widen("stops", own, 1, 2),
        tables.widen("waits", own, 1),
        tables.widen("lights", *lights.shape),
        tables.widen("walls", len(walls.yaw_rad), WALL_FIELDS),
        tables.widen("solids", len(solids), WALL_FIELDS),
        tables.widen("opaque", len(walls.yaw_rad)),
        tables.widen("heights", heights.size),
        tables.widen("touched", tables.actors.shape[1], tables.actors.shape[1] + 1),
    ]
    tables.clear(e)
    scene = tables.scenes[e]
    scene["actors"], scene["vehicles"], scene["movers"] = count, own, walking
    scene["walls"], scene["heads"] = len(walls.yaw_rad), lights.shape[1]
    scene["peak"], scene["sliding"] = world.fleet.grip.peak, world.fleet.grip.sliding
    scene["rough"] = not world.network.flat
    scene["corner"], scene["cell"] = corner, cell
    scene["lines"], scene["columns"] = heights.shape
    tables.heights[e, : heights.size] = heights.ravel()
    tables.lights[e, : len(lights), : lights.shape[1]] = lights
    tables.lights[e, len(lights) :, : lights.shape[1]] = lights[-1:]
    boxes = tables.walls[e, : len(walls.yaw_rad)]
    boxes[:, :3], boxes[:, 5:] = walls.middle_m, walls.half_m
    boxes[:, 3], boxes[:, 4] = np.cos(walls.yaw_rad), np.sin(walls.yaw_rad)
    scene["solids"] = len(solids)
    tables.solids[e, : len(solids)] = solids
    _put_actors(tables, e, world)
    _put_vehicles(tables, e, world)
    return any(grown)


def _put_actors(tables: Tables, e: int, world: KinematicWorld) -> None:
    count = len(world.bodies)
    rows, outlook = tables.actors[e, :count], Outlook(world)
    half, sight, middle_z, opaque = outlook.constants()
    tables.opaque[e, : len(opaque) - len(sight)] = opaque[len(sight) :]
    rows["exists"], rows["bearer"] = 1, [world.carriage.bearer(k) for k in range(count)]
    for hitch in world.fleet.hitches.pairs:
        rows["bearer"][world.vehicles[hitch.trailer]] = world.vehicles[hitch.tractor]
    attached = world.carriage.attached
    rows["carrier"] = world.carriage.carrier
    rows["depth"] = np.where(attached, 1 + attached[world.carriage.carrier], 0)
    rows["present"] = ~(attached | world.barriers.open())
    rows["offset"], rows["turn"] = world.carriage.offset_m, world.carriage.turn_wxyz
    rows["position"], rows["quaternion"] = world.position_m, world.quaternion_wxyz
    rows["velocity"], rows["spin"], rows["yaw"] = (
        world.velocity_mps,
        world.spin_radps,
        world.yaw_rad,
    )
    rows["half"], rows["sight"], rows["middle_z"] = half, sight[:count], middle_z
    rows["reach"] = world.collisions.reach_m[:, :2]
    rows["mass"] = [body.mass_kg for body in world.bodies]
    units = {k: unit for unit, k in enumerate(world.afoot.movers)}
    for k, body in enumerate(world.bodies):
        row = rows[k]
        row["height"] = max(float(body.asset.bounds_m[1, 2]), 0.1)
        row["meets"] = body.role != "barrier" and not _sits_inside(world, k)
        row["role"], row["unit"] = THING, -1
        if k in world.vehicle_of:
            row["role"], row["unit"] = VEHICLE_ROLE, world.vehicle_of[k]
        elif k in units:
            row["role"], row["unit"] = MOVER_ROLE, units[k]
        row["lit"] = body.role == "vehicle"


def _solids(world: KinematicWorld) -> F64:
    """Return the shapes of scenery as upright boxes (C, 8)."""
    things = world.scenery.things
    turns = np.array([thing.quaternion_wxyz for thing in things]).reshape(-1, 4)
    ends = np.array([extent((thing.shape,)) for thing in things]).reshape(-1, 2, 3)
    places = np.array([thing.position_m for thing in things]).reshape(-1, 3)
    arms = rotation_matrices(turns) @ ends.mean(axis=1)[:, :, None]
    yaw = yaw_of(turns)
    boxes = np.zeros((len(things), WALL_FIELDS))
    boxes[:, :3], boxes[:, 5:] = places + arms[:, :, 0], 0.5 * (ends[:, 1] - ends[:, 0])
    boxes[:, 3], boxes[:, 4] = np.cos(yaw), np.sin(yaw)
    return boxes


def _sits_inside(world: KinematicWorld, k: int) -> bool:
    return k in world.alighting.seats


def _put_vehicles(tables: Tables, e: int, world: KinematicWorld) -> None:
    fleet, drivers, layout = world.fleet, world.drivers, world.fleet.layout
    rows = tables.vehicles[e, : len(world.vehicles)]
    rows["exists"], rows["actor"], rows["tractor"] = 1, world.vehicles, -1
    specs = fleet.specs
    rows["half_length"] = [0.5 * s.asset.size_m[0] for s in specs]
    rows["half_width"] = [0.5 * s.asset.size_m[1] - (0 if s.balanced else MIRROR_M) for s in specs]
    rows["eye"] = [(0.1 * s.asset.size_m[0], 0.0, min(0.8 * s.asset.size_m[2], 2.3)) for s in specs]
    rows["base"], rows["rear"] = (
        [s.wheelbase_m for s in specs],
        [s.rear_axle_m for s in specs],
    )
    rows["understeer"] = [0.0 if s.balanced else s.understeer_rad for s in specs]
    rows["slip_spm2"] = [1.0 / (s.kind.cornering * REAR_STIFFENING * GRAVITY_MPS2) for s in specs]
    rows["cg_height"] = [s.cg_m[2] for s in specs]
    rows["rear_share"] = [
        (s.wheelbase_m + s.rear_axle_m - s.cg_m[0]) / s.wheelbase_m for s in specs
    ]
    loads = layout.static_n * layout.present
    rows["driven_share"] = (loads * (layout.driven > 0)).sum(axis=1) / loads.sum(axis=1)
    rows["two_wheeled"] = layout.balanced
    rows["steer_max"], rows["steer_rate"] = layout.steer_max, layout.steer_rate
    rows["mass"], rows["pulled"], rows["drag"] = fleet.mass_kg, fleet.pulled_kg, layout.drag
    rows["power"], rows["pull"] = layout.power_w, layout.pull_n
    rows["brake_max"] = layout.brake_max_n
    for hitch in fleet.hitches.pairs:
        rows["tractor"][hitch.trailer] = hitch.tractor
        rows["hitch"][hitch.tractor] = specs[hitch.tractor].asset.anchors["fifth_wheel"][0]
        rows["kingpin"][hitch.trailer] = specs[hitch.trailer].asset.anchors["kingpin"][0]
    rows["speed"] = world.speed_mps
    for name, values in _seen(world).items():
        rows[name] = values
    tables.ignored[e, : len(rows), : len(world.bodies)] = drivers.ignored[:, : len(world.bodies)]


def _seen(world: KinematicWorld) -> dict[str, object]:
    """Return what drivers and their vehicles keep, by the names of the tables' columns."""
    fleet, drivers = world.fleet, world.drivers
    controls, actuators = fleet.controls, fleet.actuators
    return {
        **drivers.kept(),
        "gear": controls.gear,
        "parked": controls.parked,
        "steer_asked": controls.steer_rad,
        "asked": controls.acceleration_mps2,
        "steer": actuators.steer_rad,
        "drive_n": actuators.drive_n,
        "brake_n": actuators.brake_n,
    }


def share(tables: Tables, e: int, world: KinematicWorld) -> None:
    """Let a world see its rows, so that what it changes is changed there."""
    actors = tables.actors[e, : len(world.bodies)]
    world.position_m, world.quaternion_wxyz = actors["position"], actors["quaternion"]
    world.velocity_mps, world.spin_radps = actors["velocity"], actors["spin"]
    world.yaw_rad = actors["yaw"]
    rows = tables.vehicles[e, : len(world.vehicles)]
    world.speed_mps = rows["speed"]
    controls, actuators = world.fleet.controls, world.fleet.actuators
    controls.gear, controls.parked = rows["gear"], rows["parked"]
    controls.steer_rad, controls.acceleration_mps2 = rows["steer_asked"], rows["asked"]
    actuators.steer_rad = rows["steer"]
    actuators.drive_n, actuators.brake_n = rows["drive_n"], rows["brake_n"]
    world.drivers.keep_in(rows, tables.ignored[e, : len(rows), : len(world.bodies)])


def put_ways(tables: Tables, e: int, world: KinematicWorld) -> None:
    """Write the ways of a world's drivers, and what lies on them."""
    drivers, own = world.drivers, len(world.vehicles)
    table, stops, waits = drivers.tracks, drivers.stops_on_way(), drivers.lines_on_way()
    points = table.points_m.shape[1]
    tables.widen("stops", own, max(map(len, stops), default=0), 2)
    tables.widen("waits", own, max(map(len, waits), default=0))
    if points > tables.tracks.shape[2]:
        tables.widen("tracks", own, points + ROOM, TRACK_FIELDS)
    rows = tables.tracks[e, :own, :points]
    rows[..., :2], rows[..., 2:4], rows[..., 4] = table.points_m, table.tangent, table.curvature
    vehicles = tables.vehicles[e, :own]
    vehicles["last"] = table.last
    for n in range(own):
        vehicles["signals"][n], vehicles["yields"][n] = len(stops[n]), len(waits[n])
        tables.stops[e, n, : len(stops[n])] = np.array(stops[n]).reshape(-1, 2)
        tables.waits[e, n, : len(waits[n])] = waits[n]
    works = world.fleet.tyres.anti_lock.max(axis=1) > 0.0
    vehicles["locks"] = ~works


def put_movers(tables: Tables, e: int, world: KinematicWorld, who: list[int]) -> None:
    """Write how some on foot go on."""
    units = {k: unit for unit, k in enumerate(world.afoot.movers)}
    for k in who:
        walker, row = world.afoot.movers[k], tables.movers[e, units[k]]
        count = len(walker.points_m)
        tables.widen("ways", len(units), count, 3)
        way = tables.ways[e, units[k]]
        way[:count, :2], way[:count, 2] = walker.points_m, walker.along_m
        row["exists"], row["actor"], row["points"] = 1, k, count
        row["finished"], row["goes"], row["given"] = walker.finished, world.afoot.goes(k), 0
        row["speed"], row["s"], row["yaw"] = walker.speed_mps, walker.s_m, walker.yaw_rad
        row["wanted"], row["limit"], row["out"] = walker.wanted_mps, walker.limit_mps2, walker.out
