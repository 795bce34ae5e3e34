"""A plan of the scene seen from above: lanes, paint, scenery, actors and their ways."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from scenegen import assets
from scenegen.geometry import yaw_of
from scenegen.records import Actor, ConcreteScenario, Prop, RoadNetwork, Trajectory
from scenegen.report.colors import Image, Rgb, category_colour
from scenegen.report.plan import Plan, outline

F64 = npt.NDArray[np.float64]

_LANES: dict[str, Rgb] = {
    "verge": (46, 58, 46),
    "sidewalk": (92, 90, 94),
    "shoulder": (66, 68, 74),
    "parking": (72, 70, 80),
    "driving": (58, 60, 66),
    "crosswalk": (86, 88, 94),
}
"""Drawn in this order, so that narrow strips stay visible."""
_SCENERY: dict[str, tuple[Rgb, float]] = {
    "prop.tree": ((58, 102, 58), 2.0),
    "prop.bush": ((64, 96, 58), 0.8),
    "prop.street_lamp": ((240, 220, 140), 0.4),
    "prop.signal_post": ((240, 180, 70), 0.5),
}
_EGO: Rgb = (255, 255, 255)
_MARGIN_M = 12.0
DOOR_M = 0.12
"""Thickness at which doors are drawn."""
_LONGEST_M = 110.0
_FARTHEST_M = 250.0
"""Lengths of sections: around the ego alone, and at most, to show somebody else as well."""
_AROUND_M = 15.0
"""How much of the road is shown beyond them."""
_BARRIER = "prop.crossing_barrier"


def birds_eye(
    scenario: ConcreteScenario,
    trajectory: Trajectory,
    network: RoadNetwork,
    *,
    width: int = 640,
    height: int = 384,
    row: int | None = None,
    with_ids: Collection[int] = (),
) -> Image:
    """Return a plan (height, width, 3) of the scene, sRGB.

    Faint boxes are where actors start, full ones where they are at `row` (with a tick
    at the front); lines are their ways over the whole scene. The ego is white.

    Parameters
    ----------
    row : int, optional
        Row of the trajectory; the middle one if not given.
    with_ids : collection of int
        Instance ids of actors who are to be on it at `row`, as far as a plan of 250 m has room.
    """
    row = len(trajectory.time_s) // 2 if row is None else row
    plan = _framed(scenario, trajectory, row, (width, height), with_ids)
    draw_road(plan, network)
    for prop in scenario.props:
        draw_prop(plan, prop)
    draw_ways(plan, scenario, trajectory)
    for at, strength in ((0, 0.45), (row, 1.0)):
        draw_actors(plan, scenario, trajectory, at, strength)
    plan.scale_bar()
    return plan.image


def _framed(
    scenario: ConcreteScenario,
    trajectory: Trajectory,
    row: int,
    size: tuple[int, int],
    with_ids: Collection[int],
) -> Plan:
    """Choose the section: the ways of all that come near the ego, or else what is around it.

    A section longer than `_LONGEST_M` would show cars as dots; then it is that long and
    lies around the ego at `row`. It is wider if that takes those of `with_ids` in, the nearest
    first.
    """
    width, height = size
    position = trajectory.position_m[..., :2]
    ego = trajectory.column(scenario.ego.instance_id)
    near = np.linalg.norm(position - position[:, ego : ego + 1], axis=-1).min(axis=0) < 40.0
    shown = position[:, near].reshape(-1, 2)
    middle, metres_per_px = _section(shown, _MARGIN_M, size)
    if metres_per_px * width > _LONGEST_M:
        middle, metres_per_px = position[row, ego], _LONGEST_M / width
    at = position[row, [trajectory.column(one) for one in with_ids]]
    at = at[np.argsort(np.linalg.norm(at - position[row, ego], axis=-1))]
    for count in range(1, len(at) + 1):
        if _within(at[:count], middle, metres_per_px, size):
            continue
        wider = _section(np.vstack([position[row, ego], at[:count]]), _AROUND_M, size)
        if wider[1] * width > _FARTHEST_M:
            break
        middle, metres_per_px = wider[0], max(wider[1], _LONGEST_M / width)
    return Plan(middle, metres_per_px, width, height)


def _section(points_m: F64, margin_m: float, size: tuple[int, int]) -> tuple[F64, float]:
    """Return middle (2,) and metres per px of the section that holds points (N, 2)."""
    low, high = points_m.min(axis=0) - margin_m, points_m.max(axis=0) + margin_m
    span = np.maximum(high - low, [40.0, 24.0])
    return (low + high) / 2, float((span / size).max())


def _within(points_m: F64, middle_m: F64, metres_per_px: float, size: tuple[int, int]) -> bool:
    """Return whether points (N, 2) and what is around them lie within a section."""
    half = 0.5 * metres_per_px * np.array(size) - _AROUND_M
    return bool((np.abs(points_m - middle_m) <= half).all())


def draw_road(plan: Plan, network: RoadNetwork) -> None:
    """Draw lanes and paint."""
    for kind, colour in _LANES.items():
        for lane in network.lanes.values():
            if lane.kind == kind:
                plan.fill(_band(lane.centre[:, :2], lane.width_m), colour)
    for line in network.lines:
        colour = (222, 190, 70) if line.color == "yellow" else (196, 198, 202)
        if line.type == "broken":
            for start in range(0, len(line.points) - 1, 2):
                plan.line(line.points[start : start + 2], colour, line.width_m)
        else:
            plan.line(line.points, colour, min(line.width_m, 0.5))


def _band(centre_m: F64, width_m: float) -> F64:
    """Return the outline (2K, 2) of a strip along a centre line (K, 2)."""
    along = np.gradient(centre_m, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    left = np.stack([-along[:, 1], along[:, 0]], axis=1) * (0.5 * width_m)
    return np.concatenate([centre_m + left, (centre_m - left)[::-1]])


def draw_prop(plan: Plan, prop: Prop) -> None:
    """Draw what stands beside the road, as far as it is of use on a plan."""
    yaw = float(yaw_of(prop.quaternion_wxyz))
    if prop.size_m is not None:
        edge = outline(np.array(prop.position_m[:2]), yaw, prop.size_m[0], prop.size_m[1])
        tall = prop.asset_id == "prop.building"
        plan.fill(edge, (84, 74, 70) if tall else (70, 84, 66))
        return
    for prefix, (colour, radius_m) in _SCENERY.items():
        if prop.asset_id.startswith(prefix):
            radius = max(1.2, radius_m / plan.metres_per_px)
            plan.disc(prop.position_m[:2], radius, colour)


def draw_ways(plan: Plan, scenario: ConcreteScenario, trajectory: Trajectory) -> None:
    """Draw the lines along which actors move over the whole scene."""
    for actor in scenario.actors:
        column = trajectory.column(actor.instance_id)
        way = trajectory.position_m[trajectory.valid[:, column], column, :2]
        if len(way) > 1 and np.ptp(way, axis=0).max() > 0.5:
            plan.line(way, _colour(scenario, actor.instance_id, 0.8))


def draw_actors(
    plan: Plan, scenario: ConcreteScenario, trajectory: Trajectory, row: int, strength: float
) -> None:
    """Draw actors as boxes where they are at a row, with the doors that they have opened.

    Below a strength of 1, boxes are faint and hollow.
    """
    for actor in scenario.actors:
        column = trajectory.column(actor.instance_id)
        if not trajectory.valid[row, column]:
            continue
        middle = trajectory.position_m[row, column, :2]
        yaw = float(yaw_of(trajectory.quaternion_wxyz[row, column]))
        length, width = (max(v, 3 * plan.metres_per_px) for v in actor.size_m[:2])
        if actor.asset_id == _BARRIER:
            middle, (length, width) = _arm(actor, middle, yaw, trajectory.articulation[row, column])
        edge = outline(middle, yaw, length, width)
        colour = _colour(scenario, actor.instance_id, strength)
        for door in _open_doors(actor, middle, yaw, trajectory.articulation[row, column]):
            plan.line(door, colour, DOOR_M)
        if strength < 1:
            plan.line(edge, colour, closed=True)
            continue
        plan.fill(edge, colour)
        front = middle + 0.5 * length * np.array([np.cos(yaw), np.sin(yaw)])
        plan.line(np.stack([middle, front]), (20, 20, 24), 0.25)


def _open_doors(actor: Actor, middle_m: F64, yaw_rad: float, values: F64) -> list[F64]:
    """Return hinge and edge (2, 2) of every door of an actor that is not shut, world.

    Parameters
    ----------
    values : ndarray, shape (MAX_JOINTS,)
        Its joints.
    """
    if not values.any() or not actor.asset_id.endswith(assets.DOORS_SUFFIX):
        return []
    asset = assets.get(actor.asset_id, actor.variant)
    world = np.array([[np.cos(yaw_rad), np.sin(yaw_rad)], [-np.sin(yaw_rad), np.cos(yaw_rad)]])
    found = []
    for channel, name in enumerate(asset.joints):
        if not name.startswith("door_") or values[channel] == 0.0:
            continue
        part, panel = assets.door_shape(asset, name)
        turn = values[channel] * part.joints[0].axis[2]
        edge = -panel.size_m[0] * np.array([np.cos(turn), np.sin(turn)])
        hinge = np.array(part.origin_m[:2])
        found.append(middle_m + np.stack([hinge, hinge + edge]) @ world)
    return found


def _arm(actor: Actor, middle: F64, yaw: float, articulation: F64) -> tuple[F64, F64]:
    """Return middle and size (2,) of a barrier's footprint with its arm as it is."""
    low, high = assets.posed_bounds(assets.get(actor.asset_id, actor.variant), articulation)[:, :2]
    turn = np.array([[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]])
    return middle + turn @ (0.5 * (low + high)), high - low


def _colour(scenario: ConcreteScenario, instance_id: int, strength: float) -> Rgb:
    actor = next(a for a in scenario.actors if a.instance_id == instance_id)
    full = _EGO if actor is scenario.ego else category_colour(actor.category)
    red, green, blue = (
        round(ground + strength * (value - ground))
        for value, ground in zip(full, _LANES["driving"], strict=True)
    )
    return (red, green, blue)
