"""What agents that learn are shown: vectors and pictures of fixed size, made from a `State`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from scenegen.drive.episode import Episode
from scenegen.drive.sensor_spaces import sensed, sensor_of
from scenegen.drive.state import State
from scenegen.records import SignalState
from scenegen.records.base import F64
from scenegen.report.plan import outline
from scenegen.roads import lane_points

NEAREST = 16
"""Others that the state vector holds."""
AHEAD_M = (5.0, 10.0, 20.0, 40.0, 80.0)
"""Where along the way its points are told."""
OTHER = 12
EGO = 8
FARTHEST = 1000.0
"""No number of the state vector is greater: what is farther off stands at this distance."""
STATE_SIZE = EGO + 3 * len(AHEAD_M) + NEAREST * OTHER

PIXELS, METRES_A_PIXEL = 96, 0.5
BACK_SHARE = 0.25
"""How much of the raster lies behind the ego."""
PLANES = ("driving", "crosswalk", "beside", "way", "vehicles", "people", "stop")
_STRIPS = {"driving": 0, "crosswalk": 1}
WHEELS = frozenset({"car", "truck", "bus", "train", "motorcycle", "bicycle", "caravan", "trailer"})
_LINE_M = (1.0, 3.5)
_STOP = (SignalState.RED, SignalState.RED_AMBER, SignalState.AMBER)

U8 = npt.NDArray[np.uint8]


def state_vector(episode: Episode, state: State) -> npt.NDArray[np.float32]:
    """Return what the ego needs to know, in its own frame, in SI units.

    Returns
    -------
    ndarray, shape (STATE_SIZE,), float32
        Of the ego: speed, acceleration, yaw rate, steering angle, whether there is a way, offset
        from it, heading against it, and how far it is along it. Of the way, `AHEAD_M` ahead
        each: x, y, curvature. Of each of the `NEAREST` others, nearest first: whether there
        is one, x, y, z, cosine and sine of its heading, velocity x, y, length, width, whether it
        goes on wheels, whether it goes on legs. What isn't there is 0.
    """
    route, yaw = state.route, float(state.yaw_rad[0])
    ego = [
        state.speed_mps,
        state.acceleration_mps2,
        float(state.yaw_rate_radps[0]),
        state.steer_rad,
        *([0.0] * 4 if route is None else [1.0, route.offset_m, _against(state), route.s_m]),
    ]
    way = np.zeros((len(AHEAD_M), 3))
    if route is not None:
        at = [min(round(m / route.spacing_m), len(route.points_m) - 1) for m in AHEAD_M]
        way[:, :2] = state.in_ego(route.points_m[at])
        way[:, 2] = route.curvature_1pm[at]
    others = np.zeros((NEAREST, OTHER))
    away = np.hypot(*state.from_ego[1:].T)
    order = np.argsort(away, kind="stable")[:NEAREST] + 1
    turned = state.yaw_rad[order] - yaw
    cast = episode.cast
    rows = np.column_stack(
        [
            np.ones(len(order)),
            state.from_ego[order],
            state.position_m[order, 2] - state.position_m[0, 2],
            np.cos(turned),
            np.sin(turned),
            state.in_ego(state.velocity_mps[order, :2] + state.position_m[0, :2]),
            2.0 * cast.half_m[order],
            [cast.categories[k] in WHEELS for k in order],
            [cast.categories[k] in {"person", "animal", "rider"} for k in order],
        ]
    )
    others[: len(rows)] = rows
    values = np.concatenate([ego, way.ravel(), others.ravel()])
    return np.asarray(np.clip(values, -FARTHEST, FARTHEST), dtype=np.float32)


def _against(state: State) -> float:
    assert state.route is not None
    off = float(state.yaw_rad[0] - state.route.heading_rad[0])
    return float(np.arctan2(np.sin(off), np.cos(off)))


@dataclass(frozen=True)
class Strip:
    """The outline (K, 2) of a lane, world, and the plane that it is drawn on."""

    outline_m: F64
    plane: int


class Raster:
    """Draws what is around the ego, seen from above; the ego looks up.

    Parameters
    ----------
    episode : Episode
    """

    def __init__(self, episode: Episode) -> None:
        self._episode = episode
        self._strips = []
        for lane in episode.network.lanes.values():
            s, half = lane.stations_m, 0.5 * lane.width_m
            left, right = (lane_points(lane, s, side)[0][:, :2] for side in (half, -half))
            outline = np.concatenate([left, right[::-1]])
            self._strips.append(Strip(outline, _STRIPS.get(lane.kind, 2)))
        heads = [head for head in episode.network.signals if head.kind != "walk"]
        numbers = [k for k, h in enumerate(episode.network.signals) if h.kind != "walk"]
        self._lines = [
            (k, np.array(h.stop_point_m[:2]), h.yaw_rad)
            for k, h in zip(numbers, heads, strict=True)
        ]

    def draw(self, state: State) -> U8:
        """Return (len(PLANES), PIXELS, PIXELS) uint8, 0 or 255."""
        planes = np.zeros((len(PLANES), PIXELS, PIXELS), np.uint8)
        for strip in self._strips:
            self._fill(planes[strip.plane], state, strip.outline_m)
        if state.route is not None:
            points = self._pixels(state, state.route.points_m)
            cv2.polylines(planes[3], [points], isClosed=False, color=255)
        cast, sizes = self._episode.cast, (2.0 * self._episode.cast.half_m).tolist()
        for k in range(1, len(cast.ids)):
            plane = 4 if cast.categories[k] in WHEELS else 5
            corners = outline(state.position_m[k, :2], float(state.yaw_rad[k]), *sizes[k])
            self._fill(planes[plane], state, corners)
        for number, middle, yaw in self._lines:
            if state.signals[number] in _STOP:
                self._fill(planes[6], state, outline(middle, yaw, *_LINE_M))
        return planes

    def _fill(self, plane: U8, state: State, outline_m: F64) -> None:
        pixels = self._pixels(state, outline_m)
        if (pixels.max(axis=0) >= 0).all() and (pixels.min(axis=0) < PIXELS).all():
            cv2.fillPoly(plane, [pixels], 255)

    def _pixels(self, state: State, xy_m: F64) -> npt.NDArray[np.int32]:
        local = state.in_ego(xy_m) / METRES_A_PIXEL
        column = 0.5 * PIXELS - local[:, 1]
        row = (1.0 - BACK_SHARE) * PIXELS - local[:, 0]
        return np.clip(np.stack([column, row], axis=1), -(2**14), 2**14).astype(np.int32)


Observe = Callable[[State], npt.NDArray[np.generic]]


def observers(shown: Mapping[str, spaces.Box], episode: Episode) -> dict[str, Observe]:
    """Return what makes each observation of an episode, by their spaces."""
    made: dict[str, Observe] = {}
    for name, space in shown.items():
        sensor = sensor_of(name)
        if sensor is not None:
            made[name] = partial(sensed, name=sensor, space=space)
        else:
            made[name] = Raster(episode).draw if name == "raster" else _vector(episode)
    return made


def _vector(episode: Episode) -> Observe:
    return lambda state: state_vector(episode, state)
