"""The map of a scene: where there is road or pavement, 0.1 m a pixel, in positive coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scenegen.dataset.codecs import encode_semantic
from scenegen.records import ConcreteScenario, Trajectory
from scenegen.records.base import F64
from scenegen.roads import build_network

PX_M = 0.1
"""Size of a pixel that nuScenes' devkit takes for granted."""
_AROUND_M = 120.0
_WALKED = frozenset({"road", "lane marking", "parking", "sidewalk"})
_FINE = 4
"""Bits of a pixel's fraction in which triangles are drawn."""


@dataclass(frozen=True)
class SceneMap:
    """A mask, and the world in its coordinates.

    Attributes
    ----------
    map_from_world : (4, 4) float64
        Moves the scene so that the mask's lower left corner is at 0, 0.
    png : bytes
        255 is road or pavement.
    """

    map_from_world: F64
    png: bytes


def scene_map(scenario: ConcreteScenario, trajectory: Trajectory) -> SceneMap:
    """Return the map of what lies around the ego's way."""
    way = trajectory.position_m[:, trajectory.column(scenario.ego.instance_id), :2]
    low = np.floor(way.min(axis=0) - _AROUND_M)
    size = np.ceil((way.max(axis=0) + _AROUND_M - low) / PX_M).astype(int)
    mask = np.zeros((size[1], size[0]), np.uint8)
    for surface in build_network(scenario.road).surfaces:
        if surface.semantic in _WALKED:
            corners = (surface.vertices[:, :2].astype(np.float64) - low) / PX_M
            corners[:, 1] = size[1] - corners[:, 1]
            fine = np.round((corners - 0.5) * 2**_FINE).astype(np.int32)
            triangles = fine[surface.faces]
            within = (triangles.max(axis=1) >= 0) & (triangles.min(axis=1) < size * 2**_FINE)
            for triangle in triangles[within.all(axis=1)]:
                cv2.fillConvexPoly(mask, triangle, 255, shift=_FINE)
    moved = np.eye(4)
    moved[:2, 3] = -low
    return SceneMap(moved, encode_semantic(mask))
