"""Takes scenery out of the way of actors."""

from __future__ import annotations

import numpy as np

from scenegen.assets import get, solid_bounds, whole
from scenegen.geometry import yaw_of
from scenegen.records import Actor, Asset, Prop, Walk
from scenegen.records.base import F64
from scenegen.sample.overlap import Footprint, footprint, overlap

MARGIN_M = 0.15
HOLLOW = frozenset({"prop.tunnel", "prop.tunnel_portal"})
"""What takes up room only around those who are in it."""
CORRIDOR_M = 0.9
"""Width that is kept free along the way of someone who walks."""


def clear_of_actors(props: tuple[Prop, ...], actors: tuple[Actor, ...]) -> tuple[Prop, ...]:
    """Return the props that neither overlap an actor at the start nor stand in a walker's way.

    Tunnels, which actors are in, stay.
    """
    taken = [area for actor in actors for area in _areas(actor)]
    boxes = _footprints(props)
    (middles, radii), circles = _circles(taken), zip(*_circles(boxes), strict=True)
    kept = []
    for prop, box, (middle, radius) in zip(props, boxes, circles, strict=True):
        x, y = (middles - middle).T
        near = np.flatnonzero(x * x + y * y < (radii + radius) ** 2)
        if prop.asset_id in HOLLOW or not any(overlap(box, taken[k]) for k in near):
            kept.append(prop)
    return tuple(kept)


def _circles(areas: list[Footprint]) -> tuple[F64, F64]:
    """Return the middles (n, 2) and radii (n,) of the circles around footprints."""
    corners = np.array([area.corners_m for area in areas]).reshape(-1, 4, 2)
    across = corners[:, 2] - corners[:, 0]
    return corners.mean(axis=1), 0.5 * np.hypot(across[:, 0], across[:, 1])


def _footprints(props: tuple[Prop, ...]) -> list[Footprint]:
    places = np.array([prop.position_m for prop in props]).reshape(-1, 3)
    yaws = yaw_of(np.array([prop.quaternion_wxyz for prop in props]).reshape(-1, 4)).tolist()
    return [
        footprint(_bounds(whole(prop)), place, yaw)
        for prop, place, yaw in zip(props, places, yaws, strict=True)
    ]


def _bounds(asset: Asset) -> F64:
    """Return the bounds (2, 3) of what must not stand in anybody's way."""
    # People walk, and cars park, under the crowns of trees.
    return solid_bounds(asset) if asset.category == "vegetation" else asset.bounds_m


def _areas(actor: Actor) -> list[Footprint]:
    position = np.array(actor.position_m)
    yaw = float(yaw_of(actor.quaternion_wxyz))
    bounds = get(actor.asset_id, actor.variant).bounds_m
    areas = [footprint(bounds, position, yaw, -MARGIN_M)]
    for action in actor.actions:
        if isinstance(action, Walk):
            areas += _corridor(np.array(action.path), position[2], actor.size_m[2])
    return areas


def _corridor(path_m: F64, z_m: float, height_m: float) -> list[Footprint]:
    """Return a box along every leg of a path."""
    start, end = path_m[:-1, :2], path_m[1:, :2]
    x, y = (end - start).T
    yaw = np.arctan2(y, x)
    aside = 0.5 * CORRIDOR_M * np.stack([-np.sin(yaw), np.cos(yaw)], axis=-1)
    corners = np.stack([start - aside, end - aside, end + aside, start + aside], axis=1)
    return [Footprint(leg, z_m - 1.0, z_m + height_m) for leg in corners]
