"""Takes scenery out of the way of actors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.assets import get, solid_bounds, whole
from scenegen.geometry import Boxes, boxes_of, boxes_overlap, yaw_of
from scenegen.geometry.rectangles import Rectangles
from scenegen.records import Actor, Asset, Prop, Walk
from scenegen.records.base import F64

Rows = npt.NDArray[np.int64]

MARGIN_M = 0.15
HOLLOW = frozenset({"prop.tunnel", "prop.tunnel_portal"})
"""What takes up room only around those who are in it."""
CORRIDOR_M = 0.9
"""Width that is kept free along the way of someone who walks."""


def clear_of_actors(props: tuple[Prop, ...], actors: tuple[Actor, ...]) -> tuple[Prop, ...]:
    """Return the props that neither overlap an actor at the start nor stand in a walker's way.

    Tunnels, which actors are in, stay.
    """
    taken = _together([area for actor in actors for area in _areas(actor)])
    boxes = _boxes(props)
    near = _close(boxes.base, taken.base)
    hit = boxes_overlap(boxes[near[0]], taken[near[1]])
    blocked = set(near[0][hit].tolist())
    return tuple(p for k, p in enumerate(props) if k not in blocked or p.asset_id in HOLLOW)


def _close(a: Rectangles, b: Rectangles) -> tuple[Rows, Rows]:
    """Return the numbers of those of some rectangles and of others whose circles meet."""
    x, y = b.x_m - a.x_m[:, None], b.y_m - a.y_m[:, None]
    some, others = np.nonzero(x * x + y * y < (b.radius_m + a.radius_m[:, None]) ** 2)
    return some, others


def _together(areas: list[Boxes]) -> Boxes:
    """Return all of some boxes (n,) in one."""
    bases = [np.stack(np.broadcast_arrays(*vars(area.base).values())) for area in areas]
    heights = [np.stack(np.broadcast_arrays(area.low_m, area.high_m)) for area in areas]
    low, high = np.concatenate(heights, axis=1)
    return Boxes(Rectangles(*np.concatenate(bases, axis=1)), low, high)


def _boxes(props: tuple[Prop, ...]) -> Boxes:
    bounds = np.array([_bounds(whole(prop)) for prop in props]).reshape(-1, 2, 3)
    x, y, z = np.array([prop.position_m for prop in props]).reshape(-1, 3).T
    yaw = yaw_of(np.array([prop.quaternion_wxyz for prop in props]).reshape(-1, 4))
    return boxes_of(bounds, x, y, z, yaw)


def _bounds(asset: Asset) -> F64:
    """Return the bounds (2, 3) of what must not stand in anybody's way."""
    # People walk, and cars park, under the crowns of trees.
    return solid_bounds(asset) if asset.category == "vegetation" else asset.bounds_m


def _areas(actor: Actor) -> list[Boxes]:
    x, y, z = (np.array([value]) for value in actor.position_m)
    yaw = np.atleast_1d(yaw_of(actor.quaternion_wxyz))
    areas = [boxes_of(get(actor.asset_id, actor.variant).bounds_m[None], x, y, z, yaw, -MARGIN_M)]
    for action in actor.actions:
        if isinstance(action, Walk):
            areas.append(_corridor(np.array(action.path), actor.position_m[2], actor.size_m[2]))
    return areas


def _corridor(path_m: F64, z_m: float, height_m: float) -> Boxes:
    """Return a box along every leg (n,) of a path."""
    start, end = path_m[:-1, :2], path_m[1:, :2]
    (x, y), (dx, dy) = (0.5 * (start + end)).T, (end - start).T
    yaw, half = np.arctan2(dy, dx), 0.5 * np.hypot(dx, dy)
    legs = Rectangles(x, y, np.cos(yaw), np.sin(yaw), half, np.full_like(half, 0.5 * CORRIDOR_M))
    return Boxes(legs, np.full_like(half, z_m - 1.0), np.full_like(half, z_m + height_m))
