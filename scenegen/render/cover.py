"""What snow lies on, and where traffic has worn it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.records.taxonomy import CLASS_BY_NAME
from scenegen.render.scene import RenderScene

if TYPE_CHECKING:
    from scenegen.records import RoadNetwork

NOTHING, FIELD, ROAD, PATH = range(4)
"""Where snow lies: not at all, as it fell, between the tracks of wheels, where people walk."""

_ROADS = frozenset({"road", "lane marking"})
_PATHS = frozenset({"sidewalk", "parking"})
_SHAKEN_OFF = frozenset({"person", "rider", "animal"})
_STILL_M = 0.3
_TEXEL_M = 0.2
_MOST_TEXELS = 4096
_MARGIN_M = 6.0
_TRACK_OFF_M, _TRACK_WIDTH_M = 0.78, 0.32
"""Half the track of a car, and the width of its tyre's path from one car to the next."""
_TRACK, _BETWEEN = 255, 70
"""Wear under the wheels, and between them."""


def lies_on(scene: RenderScene) -> npt.NDArray[np.uint32]:
    """Return how snow lies on each drawable (D + 1,), of which the last is the sky.

    What goes further than `_STILL_M` in the scene has shaken its snow off.
    """
    still = np.ones(len(scene.part_object), dtype=np.bool_)
    if len(scene.moving_parts):
        places = scene.moving_world_from_parts[..., :3, 3]
        still[scene.moving_parts] = np.ptp(places, axis=0).max(axis=-1) < _STILL_M
    kinds = {CLASS_BY_NAME[name].id: ROAD for name in _ROADS}
    kinds |= {CLASS_BY_NAME[name].id: PATH for name in _PATHS}
    kinds |= {CLASS_BY_NAME[name].id: NOTHING for name in _SHAKEN_OFF}
    found = [kinds.get(d.semantic, FIELD) if still[d.part] else NOTHING for d in scene.drawables]
    return np.array([*found, NOTHING], dtype=np.uint32)


@dataclass(frozen=True)
class TrafficMap:
    """Wear of the road's snow, seen from above.

    Attributes
    ----------
    wear : ndarray, shape (H, W), uint8
        0 where nobody drives to 255 in the tracks of wheels; rows along +y, columns along +x.
    place : (4,)
        World x and y (m) of the first corner, and 1 / length (1/m) of both sides.
    """

    wear: npt.NDArray[np.uint8]
    place: tuple[float, float, float, float]


def traffic_map(network: RoadNetwork) -> TrafficMap:
    """Draw the tracks that traffic leaves along the lanes."""
    lanes = [lane for lane in network.lanes.values() if lane.kind == "driving"]
    if not lanes:
        return TrafficMap(np.zeros((1, 1), dtype=np.uint8), (0.0, 0.0, 1.0, 1.0))
    points = np.concatenate([lane.centre[:, :2] for lane in lanes])
    low, high = points.min(axis=0) - _MARGIN_M, points.max(axis=0) + _MARGIN_M
    texel = max(_TEXEL_M, float((high - low).max()) / _MOST_TEXELS)
    columns, rows = np.ceil((high - low) / texel).astype(int).tolist()
    wear = np.zeros((rows, columns), dtype=np.uint8)

    def draw(line: npt.NDArray[np.float64], width_m: float, value: int) -> None:
        at = np.rint((line - low) / texel * 16.0).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(wear, [at], False, value, max(2, round(width_m / texel)), cv2.LINE_8, 4)

    for lane in lanes:
        draw(lane.centre[:, :2], lane.width_m * 0.9, _BETWEEN)
    for lane in lanes:
        for side in (-_TRACK_OFF_M, _TRACK_OFF_M):
            draw(_beside(lane.centre[:, :2], side), _TRACK_WIDTH_M, _TRACK)
    wear = np.asarray(cv2.GaussianBlur(wear, (3, 3), 0.6), dtype=np.uint8)
    width_m, height_m = columns * texel, rows * texel
    return TrafficMap(wear, (float(low[0]), float(low[1]), 1.0 / width_m, 1.0 / height_m))


def _beside(line: npt.NDArray[np.float64], left_m: float) -> npt.NDArray[np.float64]:
    """Return a polyline (K, 2) moved to its left."""
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    return line + left_m * np.stack([-along[:, 1], along[:, 0]], axis=1)
