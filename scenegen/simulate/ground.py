"""The ground: exact heights under wheels and feet, and what bodies fall on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records import CollisionShape, Lane, RoadNetwork
from scenegen.records.base import F64
from scenegen.roads import deck_solids, height_at
from scenegen.simulate.engine import Engine, Surfacing
from scenegen.simulate.statics import Standing, add_heightfield, add_plane, add_standing, standing

REFRESH_STEPS = 6
"""Physics steps for which the road below a wheel counts as a plane."""

SLOPE_SPAN_M = 0.1
STEEPEST = 0.6
"""Slope of a kerb as a tyre's patch feels it."""

GROUND = Surfacing(friction=1.0, restitution=0.5, rolling_friction=0.02, spinning_friction=0.02)
"""Multiplied by the falling body's own values, so that those name the pair."""

CELL_M = 0.5
MOST_CELLS = 3_000_000
MARGIN_M = 40.0
LEAST_KERB_M = 0.02


@dataclass
class Underfoot:
    """The road below every wheel as a plane that touches it.

    Attributes
    ----------
    at_m : ndarray, shape (N, K, 3)
        Points on the road.
    normal : ndarray, shape (N, K, 3)
    is_level : bool
        Whether it is the plane z = 0 everywhere.
    """

    at_m: F64
    normal: F64
    is_level: bool = False

    @classmethod
    def level(cls, points_m: F64) -> Underfoot:
        """Return the plane z = 0 below points (N, K, 3)."""
        at, normal = points_m.copy(), np.zeros_like(points_m)
        at[..., 2], normal[..., 2] = 0.0, 1.0
        return cls(at, normal, is_level=True)


class Ground:
    """Heights of a road network, and its body in the physics world.

    Parameters
    ----------
    network : RoadNetwork
    heights : callable
        Takes world points (n, 2) to heights (n,); `roads.height_at` of the network
        unless told otherwise.
    """

    def __init__(self, network: RoadNetwork, heights: Callable[[F64], F64] | None = None) -> None:
        self.network = network
        self._heights = heights or (lambda xy: height_at(network, xy))
        lanes = list(network.lanes.values())
        points = np.concatenate([lane.centre[:, :2] for lane in lanes])
        self.low, self.high = points.min(axis=0) - MARGIN_M, points.max(axis=0) + MARGIN_M

    def height(self, xy_m: F64, near_m: npt.ArrayLike | None = None) -> F64:
        """Return the heights (n,) at points (n, 2).

        Where roads lie above each other, of that one on or below heights `near_m` (n,).
        """
        xy = np.asarray(xy_m, dtype=np.float64)
        if near_m is not None and self.network.stacked:
            return height_at(self.network, xy, np.broadcast_to(near_m, xy.shape[:-1]))
        return np.asarray(self._heights(xy), dtype=np.float64)

    def is_level(self, points_m: F64, reach_m: F64) -> bool:
        """Return whether the ground is the plane z = 0 around points (N, K, 3).

        Parameters
        ----------
        reach_m : ndarray, shape (N,)
            How far around each point; raised strips are wider than that.
        """
        if not self.network.flat:
            return False
        around = np.zeros((len(reach_m), 5, 1, 2))
        around[:, 1, 0, 0], around[:, 2, 0, 0] = reach_m, -reach_m
        around[:, 3, 0, 1], around[:, 4, 0, 1] = reach_m, -reach_m
        heights = self.height((points_m[:, None, :, :2] + around).reshape(-1, 2))
        return not heights.any()

    def underfoot(self, points_m: F64) -> Underfoot:
        """Return the tangent planes of the road at points (N, K, 3)."""
        shape = points_m.shape[:2]
        xy = points_m[..., :2].reshape(-1, 2)
        n, half = len(xy), 0.5 * SLOPE_SPAN_M
        offsets = np.array([[0, 0], [half, 0], [-half, 0], [0, half], [0, -half]])
        near = np.tile(points_m[..., 2].ravel(), 5)
        height = self.height((xy[None] + offsets[:, None]).reshape(-1, 2), near).reshape(5, n)
        slope_x = np.clip((height[1] - height[2]) / SLOPE_SPAN_M, -STEEPEST, STEEPEST)
        slope_y = np.clip((height[3] - height[4]) / SLOPE_SPAN_M, -STEEPEST, STEEPEST)
        normal = np.stack([-slope_x, -slope_y, np.ones(n)], axis=-1)
        normal /= np.sqrt((normal * normal).sum(axis=1))[:, None]
        at = np.concatenate([xy, height[0][:, None]], axis=1)
        return Underfoot(at.reshape(*shape, 3), normal.reshape(*shape, 3))

    def build(self, engine: Engine) -> list[int]:
        """Make the ground's bodies and return their numbers.

        A flat network is a plane with its raised pavements as boxes; any other is a
        height field, which rounds kerbs to its cells, and decks above it are boxes.
        """
        if not self.network.flat:
            decks = [standing(slab) for slab in deck_solids(self.network.spec).slabs]
            return [*add_standing(engine, decks, GROUND), self._heightfield(engine)]
        raised = [
            box
            for lane in self.network.lanes.values()
            if lane.kind == "sidewalk"
            for box in _pavement(lane, self.height)
        ]
        return [add_plane(engine, GROUND), *add_standing(engine, raised, GROUND)]

    def _heightfield(self, engine: Engine) -> int:
        # On large maps the cells grow: falling things need no finer ground than memory allows.
        cell = max(CELL_M, float(np.sqrt(np.prod(self.high - self.low) / MOST_CELLS)))
        columns, rows = np.ceil((self.high - self.low) / cell).astype(int) + 1
        x = self.low[0] + cell * np.arange(columns)
        y = self.low[1] + cell * np.arange(rows)
        grid = np.stack(np.meshgrid(x, y), axis=-1)
        # A height field has one height for each place: that of the land below decks.
        heights = self.height(grid.reshape(-1, 2), -np.inf).reshape(rows, columns)
        corner = (float(self.low[0]), float(self.low[1]))
        return add_heightfield(engine, corner, cell, heights, GROUND)


def _pavement(lane: Lane, height: Callable[[F64], F64]) -> list[Standing]:
    """Return boxes below a raised strip, each as long as the strip stays straight.

    A strip that a crossing interrupts is raised only in parts.
    """
    boxes = []
    raised = height(lane.centre[:, :2]) > LEAST_KERB_M
    for first, last in _straight_runs(lane.centre, raised):
        a, b = lane.centre[first], lane.centre[last]
        top = float(height(lane.centre[[first, last], :2]).mean())
        run = b - a
        length = float(np.hypot(run[0], run[1]))
        box = CollisionShape("box", (0.0, 0.0, top - 0.5), (length, lane.width_m, 1.0))
        half = 0.5 * np.arctan2(run[1], run[0])
        turn = np.array([np.cos(half), 0.0, 0.0, np.sin(half)])
        boxes.append(Standing(box, np.array([*(0.5 * (a + b))[:2], 0.0]), turn))
    return boxes


def _straight_runs(centre_m: F64, raised: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return first and last indices of raised runs that turn away by less than 2 cm."""
    runs, start = [], 0
    for end in range(1, len(centre_m)):
        if not (raised[end] and raised[end - 1]):
            if end - 1 > start:
                runs.append((start, end - 1))
            start = end
            continue
        a, b = centre_m[start, :2], centre_m[end, :2]
        run = (b - a) / max(float(np.hypot(*(b - a))), 1e-9)
        away = centre_m[start:end, :2] - a
        if np.abs(away[:, 0] * run[1] - away[:, 1] * run[0]).max() > 0.02:
            runs.append((start, end - 1))
            start = end - 1
    if len(centre_m) - 1 > start:
        runs.append((start, len(centre_m) - 1))
    return runs
