"""Takes scenery out of the way of actors."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenegen.assets import get
from scenegen.geometry import yaw_of
from scenegen.records import Actor, Prop, Walk
from scenegen.records.base import F64
from scenegen.records.mesh import CollisionShape
from scenegen.sample.overlap import Footprint, footprint, overlap

MARGIN_M = 0.15
CORRIDOR_M = 0.9
"""Width that is kept free along the way of someone who walks."""


def clear_of_actors(props: tuple[Prop, ...], actors: tuple[Actor, ...]) -> tuple[Prop, ...]:
    """Return the props that neither overlap an actor at the start nor stand in a walker's way."""
    taken = [area for actor in actors for area in _areas(actor)]
    middles = np.array([area.corners_m.mean(axis=0) for area in taken])
    radii = np.array([_radius(area) for area in taken])
    kept = []
    for prop in props:
        box = _prop(prop)
        away = np.linalg.norm(middles - box.corners_m.mean(axis=0), axis=1)
        near = np.flatnonzero(away < radii + _radius(box))
        if not any(overlap(box, taken[k]) for k in near):
            kept.append(prop)
    return tuple(kept)


def _radius(area: Footprint) -> float:
    """Return the radius of the circle around a footprint."""
    return 0.5 * float(np.linalg.norm(area.corners_m[2] - area.corners_m[0]))


def _prop(prop: Prop) -> Footprint:
    asset = get(prop.asset_id, prop.variant, prop.size_m)
    bounds = asset.bounds_m
    if asset.category == "vegetation" and asset.collision:
        # People walk, and cars park, under the crowns of trees.
        bounds = np.concatenate([_solid(shape) for shape in asset.collision])
        bounds = np.stack([bounds.min(axis=0), bounds.max(axis=0)])
    return footprint(bounds, np.array(prop.position_m), float(yaw_of(prop.quaternion_wxyz)))


def _solid(shape: CollisionShape) -> F64:
    """Return the bounds (2, 3) of what one would run into."""
    x, y, z = shape.size_m
    # Boxes have lengths, cylinders radii.
    half = np.array([x, y, z] if shape.kind == "box" else [2.0 * x, 2.0 * y, z]) / 2.0
    return np.array(shape.center_m) + np.stack([-half, half])


def _areas(actor: Actor) -> list[Footprint]:
    position = np.array(actor.position_m)
    yaw = float(yaw_of(actor.quaternion_wxyz))
    bounds = get(actor.asset_id, actor.variant).bounds_m
    areas = [footprint(bounds, position, yaw, -MARGIN_M)]
    for manoeuvre in actor.behaviour:
        if isinstance(manoeuvre.action, Walk):
            areas += _corridor(np.array(manoeuvre.action.path), position[2], actor.size_m[2])
    return areas


def _corridor(path_m: F64, z_m: float, height_m: float) -> list[Footprint]:
    """Return a box along every leg of a path."""
    boxes = []
    for a, b in pairwise(path_m):
        step = b - a
        bounds = np.array(
            [[0.0, -CORRIDOR_M / 2, -1.0], [float(np.hypot(*step)), CORRIDOR_M / 2, height_m]]
        )
        yaw = float(np.arctan2(step[1], step[0]))
        boxes.append(footprint(bounds, np.array([*a, z_m]), yaw))
    return boxes
