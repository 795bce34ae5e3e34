"""How snow lies: on which things, how deep by place, and where traffic has worn it away.

The shader cover.frag has the same formulas for pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.geometry.noise import value_noise
from scenegen.records import RoadNetwork, Weather
from scenegen.records.base import F64

NOTHING, FIELD, ROAD, PATH = range(4)
"""Where snow lies: not at all, as it fell, between the tracks of wheels, where people walk."""

_KINDS = {
    **dict.fromkeys(("person", "rider", "animal"), NOTHING),
    **dict.fromkeys(("road", "lane marking"), ROAD),
    **dict.fromkeys(("sidewalk", "parking"), PATH),
}
_TEXEL_M = 0.2
_MOST_TEXELS = 4096
_MARGIN_M = 6.0
_TRACK_OFF_M, _TRACK_WIDTH_M = 0.78, 0.32
"""Half the track of a car, and the width of its tyre's path from one car to the next."""
_TRACK, _BETWEEN = 255, 70
"""Wear under the wheels, and between them."""
_FAR_M = 4096.0
"""Noise is taken so far from the origin: the shader's whole places are never negative."""


def lies_on(semantic: str) -> int:
    """Return how snow lies on a class of things that stand."""
    return _KINDS.get(semantic, FIELD)


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

    def at(self, xy: F64) -> F64:
        """Return the wear (N,), 0 to 1, at places (N, 2) of the world: as a texture's, blended."""
        size = np.array(self.wear.shape[::-1])
        texel = (xy - self.place[:2]) * self.place[2:] * size - 0.5
        texel = np.clip(texel, 0, size - 1)
        x, y = np.minimum(texel.astype(np.int64), np.maximum(size - 2, 0)).T
        right, up = np.minimum(x + 1, size[0] - 1), np.minimum(y + 1, size[1] - 1)
        s, t = texel[:, 0] - x, texel[:, 1] - y
        low = (1 - s) * self.wear[y, x] + s * self.wear[y, right]
        high = (1 - s) * self.wear[up, x] + s * self.wear[up, right]
        return np.asarray(((1 - t) * low + t * high) / 255)


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


def cover(
    weather: Weather, traffic: TrafficMap, kind: npt.NDArray[np.int_], xy: F64, rise: F64
) -> tuple[F64, F64]:
    """Return which share of surfaces is under snow, and how trodden that is, both (N,), 0 to 1.

    Parameters
    ----------
    weather : Weather
    traffic : TrafficMap
    kind : ndarray, shape (N,)
        `lies_on` of each.
    xy : ndarray, shape (N, 2)
        Places, world.
    rise : ndarray, shape (N,)
        Upward part of the normals.
    """
    rough = 0.55 * value_noise(0.9 * xy + _FAR_M, 11) + 0.45 * value_noise(5 * xy + _FAR_M, 12)
    share = _step(0.0, 0.06, weather.snow_depth_m - 0.035 * rough)
    share *= _step(0.35, 0.62, rise + 0.25 * (rough - 0.5))
    driven = traffic.at(xy)
    lane = _step(0.02, 0.12, driven)
    track = _step(0.3, 0.75, driven + 0.35 * (rough - 0.5))
    trodden = _step(0.0, 0.45, 1.45 * weather.road_snow - rough) * (1 - 0.93 * track)
    walked = np.maximum(trodden, 0.55 * share * _step(0.35, 0.6, rough))
    # Ploughs leave a strip along the edge, and what lies beyond the traffic stays.
    ploughed = np.maximum(trodden, share * (1 - lane) * _step(0.25, 0.6, rough))
    dirty = lane * (0.35 + 0.65 * _step(0.05, 0.5, driven)) * (1 - 0.6 * weather.road_snow)
    share = np.choose(kind, [np.zeros_like(share), share, ploughed, walked])
    return share, np.where(kind == FIELD, 0.0, dirty)


def _step(low: float, high: float, value: F64) -> F64:
    """Return 0 below `low` to 1 above `high`, smoothly."""
    share = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(share * share * (3 - 2 * share))
