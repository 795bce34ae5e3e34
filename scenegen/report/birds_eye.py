"""A plan of the scene seen from above: lanes, paint, scenery, actors and their ways."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.geometry import yaw_of
from scenegen.records import ConcreteScenario, Prop, RoadNetwork, Trajectory
from scenegen.report.colors import Image, Rgb, category_colour
from scenegen.report.overlay import put_text

F64 = npt.NDArray[np.float64]

_SHIFT = 4
_GROUND: Rgb = (38, 46, 40)
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
_LONGEST_M = 110.0


class _Plan:
    """Takes world metres to pixels of the plan; +x is right, +y is up."""

    def __init__(self, centre: F64, metres_per_px: float, width: int, height: int) -> None:
        self.metres_per_px = metres_per_px
        self.image: Image = np.full((height, width, 3), _GROUND, np.uint8)
        self._centre = centre
        self._middle = np.array([width / 2, height / 2])

    def px(self, xy_m: npt.ArrayLike) -> npt.NDArray[np.int32]:
        """Return fixed-point px (..., 2) of world points (..., 2)."""
        offset = (np.asarray(xy_m, np.float64)[..., :2] - self._centre) / self.metres_per_px
        px = offset * [1.0, -1.0] + self._middle - 0.5
        fixed = np.rint(np.clip(px, -3e4, 3e4) * 2**_SHIFT)
        return np.asarray(fixed, dtype=np.int32)

    def fill(self, polygon_m: npt.ArrayLike, colour: Rgb) -> None:
        """Fill a polygon (K, 2)."""
        cv2.fillPoly(self.image, [self.px(polygon_m)], colour, cv2.LINE_AA, _SHIFT)

    def line(
        self, points_m: npt.ArrayLike, colour: Rgb, width_m: float = 0.0, closed: bool = False
    ) -> None:
        """Draw a polyline (K, 2), at least 1 px wide."""
        thickness = max(1, round(width_m / self.metres_per_px))
        cv2.polylines(
            self.image, [self.px(points_m)], closed, colour, thickness, cv2.LINE_AA, _SHIFT
        )


def birds_eye(
    scenario: ConcreteScenario,
    trajectory: Trajectory,
    network: RoadNetwork,
    *,
    width: int = 640,
    height: int = 384,
    row: int | None = None,
) -> Image:
    """Return a plan (height, width, 3) of the scene, sRGB.

    Faint boxes are where actors start, full ones where they are at `row` (with a tick
    at the front); lines are their ways over the whole scene. The ego is white.

    Parameters
    ----------
    row : int, optional
        Row of the trajectory; the middle one if not given.
    """
    row = len(trajectory.time_s) // 2 if row is None else row
    plan = _framed(scenario, trajectory, row, width, height)
    _draw_road(plan, network)
    for prop in scenario.props:
        _draw_prop(plan, prop)
    _draw_ways(plan, scenario, trajectory)
    for at, strength in ((0, 0.45), (row, 1.0)):
        _draw_actors(plan, scenario, trajectory, at, strength)
    _draw_scale(plan)
    return plan.image


def _framed(
    scenario: ConcreteScenario, trajectory: Trajectory, row: int, width: int, height: int
) -> _Plan:
    """Choose the section: the ways of all that come near the ego, or else what is around it.

    A section longer than `_LONGEST_M` would show cars as dots; then it is that long and
    lies around the ego at `row`.
    """
    position = trajectory.position_m[..., :2]
    ego = trajectory.column(scenario.ego.instance_id)
    near = np.linalg.norm(position - position[:, ego : ego + 1], axis=-1).min(axis=0) < 40.0
    shown = position[:, near].reshape(-1, 2)
    low, high = shown.min(axis=0) - _MARGIN_M, shown.max(axis=0) + _MARGIN_M
    span = np.maximum(high - low, [40.0, 24.0])
    metres_per_px = float(max(span[0] / width, span[1] / height))
    if metres_per_px * width <= _LONGEST_M:
        return _Plan((low + high) / 2, metres_per_px, width, height)
    return _Plan(position[row, ego], _LONGEST_M / width, width, height)


def _draw_road(plan: _Plan, network: RoadNetwork) -> None:
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


def _draw_prop(plan: _Plan, prop: Prop) -> None:
    yaw = float(yaw_of(prop.quaternion_wxyz))
    if prop.size_m is not None:
        outline = _outline(np.array(prop.position_m[:2]), yaw, prop.size_m[0], prop.size_m[1])
        tall = prop.asset_id == "prop.building"
        plan.fill(outline, (84, 74, 70) if tall else (70, 84, 66))
        return
    for prefix, (colour, radius_m) in _SCENERY.items():
        if prop.asset_id.startswith(prefix):
            radius = max(1.2, radius_m / plan.metres_per_px)
            x, y = plan.px(prop.position_m[:2]).tolist()
            cv2.circle(
                plan.image, (x, y), round(radius * 2**_SHIFT), colour, -1, cv2.LINE_AA, _SHIFT
            )


def _draw_ways(plan: _Plan, scenario: ConcreteScenario, trajectory: Trajectory) -> None:
    for actor in scenario.actors:
        column = trajectory.column(actor.instance_id)
        way = trajectory.position_m[trajectory.valid[:, column], column, :2]
        if len(way) > 1 and np.ptp(way, axis=0).max() > 0.5:
            plan.line(way, _colour(scenario, actor.instance_id, 0.8))


def _draw_actors(
    plan: _Plan, scenario: ConcreteScenario, trajectory: Trajectory, row: int, strength: float
) -> None:
    for actor in scenario.actors:
        column = trajectory.column(actor.instance_id)
        if not trajectory.valid[row, column]:
            continue
        middle = trajectory.position_m[row, column, :2]
        yaw = float(yaw_of(trajectory.quaternion_wxyz[row, column]))
        length, width = (max(v, 3 * plan.metres_per_px) for v in actor.size_m[:2])
        outline = _outline(middle, yaw, length, width)
        colour = _colour(scenario, actor.instance_id, strength)
        if strength < 1:
            plan.line(outline, colour, closed=True)
            continue
        plan.fill(outline, colour)
        front = middle + 0.5 * length * np.array([np.cos(yaw), np.sin(yaw)])
        plan.line(np.stack([middle, front]), (20, 20, 24), 0.25)


def _outline(middle_m: F64, yaw_rad: float, length_m: float, width_m: float) -> F64:
    """Return the corners (4, 2) of a turned rectangle."""
    corners = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * [0.5 * length_m, 0.5 * width_m]
    c, s = np.cos(yaw_rad), np.sin(yaw_rad)
    return np.asarray(corners @ np.array([[c, s], [-s, c]]) + middle_m)


def _colour(scenario: ConcreteScenario, instance_id: int, strength: float) -> Rgb:
    actor = next(a for a in scenario.actors if a.instance_id == instance_id)
    full = _EGO if actor is scenario.ego else category_colour(actor.category)
    red, green, blue = (
        round(ground + strength * (value - ground))
        for value, ground in zip(full, _LANES["driving"], strict=True)
    )
    return (red, green, blue)


def _draw_scale(plan: _Plan) -> None:
    """Draw a bar of 5, 10, 20 or 50 m, about a sixth of the width."""
    height, width = plan.image.shape[:2]
    wanted = width * plan.metres_per_px / 6
    metres = min((5, 10, 20, 50, 100, 200), key=lambda m: abs(m - wanted))
    length, y = round(metres / plan.metres_per_px), height - 12
    cv2.line(plan.image, (12, y), (12 + length, y), (235, 235, 235), 2)
    put_text(plan.image, f"{metres} m", (12, y - 6), (235, 235, 235), 0.4)
