"""One lane of each of many roads: centre lines in plan, worked out for all of them at once.

A road that is straight, or straight, arc, straight in plan, has lanes in closed form; the arc is
the same polygon as in `alignment`. Any other lane is a polyline of a `Lane` that was built.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scenegen.geometry import wrap_angle
from scenegen.records import Lane
from scenegen.records.base import F64
from scenegen.roads.paths import lane_points, project_to_lane

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Built(NamedTuple):
    """A lane that was built, and the rows (k,) of which it is the lane."""

    rows: Rows
    lane: Lane


@dataclass(frozen=True)
class LaneLines:
    """A lane's centre line on each of n roads.

    Attributes
    ----------
    exists : ndarray, shape (n,), bool
        Whether the road has the lane; where not, the numbers mean nothing.
    direction : ndarray, shape (n,)
        +1 where traffic goes along the reference line, -1 where against it.
    width_m, length_m : ndarray, shape (n,)
    origin_m : ndarray, shape (n, 2)
        Where the reference line starts, world.
    turned : ndarray, shape (n,), bool
        Whether it starts along +y in place of +x.
    offset_m : ndarray, shape (n,)
        Of the lane's middle, to the left of the reference line.
    run_m : ndarray, shape (n,)
        Length of the straight before the arc, and of that after it.
    radius_m, side : ndarray, shape (n,)
        Of the arc, and +1 where it turns left, -1 where right.
    chords : ndarray, shape (n,)
        Chords of the arc; 0 for a straight.
    step_rad : ndarray, shape (n,)
        Angle between two chords.
    built : tuple of Built
        Rows that have a polyline in place of all this.
    """

    exists: Mask
    direction: F64
    width_m: F64
    length_m: F64
    origin_m: F64
    turned: Mask
    offset_m: F64
    run_m: F64
    radius_m: F64
    side: F64
    chords: F64
    step_rad: F64
    built: tuple[Built, ...] = field(default=())

    def point(self, s_m: F64, lateral_m: F64) -> tuple[F64, F64, F64]:
        """Return x, y and heading (n,) at stations along traffic and offsets to its left (n,).

        Beyond both ends lanes go on straight; the same place as `paths.lane_point`.
        """
        along = np.where(self.direction > 0, s_m, self.length_m - s_m)
        x, y, heading = self._axis_point(along)
        # The axis frame mirrors what bends to the right.
        left = self.side * self.direction * lateral_m
        x, y = x - left * np.sin(heading), y + left * np.cos(heading)
        x, y, heading = self._to_world(x, y, heading)
        heading = wrap_angle(np.where(self.direction > 0, heading, heading + np.pi))
        for rows, lane in self.built:
            for row in _each_lateral(lateral_m, rows):
                places, yaw = lane_points(lane, s_m[row], float(lateral_m[row[0]]))
                x[row], y[row], heading[row] = places[:, 0], places[:, 1], yaw
        return x, y, heading

    def project(self, x: F64, y: F64) -> tuple[F64, F64]:
        """Return stations and offsets (n,) of the points of lanes nearest to places (n,).

        Stations are clipped to [0, length]; the same numbers as `paths.project_to_lane`.
        """
        px, py = self._to_axis(x, y)
        along, aside = self._axis_project(px, py)
        s = np.where(self.direction > 0, along, self.length_m - along)
        lateral = self.side * self.direction * aside
        for rows, lane in self.built:
            s[rows], lateral[rows] = project_to_lane(lane, np.stack([x[rows], y[rows]], axis=-1))
        return s, lateral

    def level(self, s_m: F64) -> F64:
        """Return how high (n,) a lane lies above others of the same draw, which cross below.

        Lanes in closed form lie above no other, and count from the ground.
        """
        level = np.zeros_like(s_m)
        for rows, lane in self.built:
            level[rows] = lane_points(lane, s_m[rows])[0][:, 2]
        return level

    def heading(self, s_m: F64) -> F64:
        """Return headings (n,) along traffic at stations (n,)."""
        return self.point(s_m, np.zeros_like(s_m))[2]

    # The axis frame starts at the reference line's start, along x, and bends to the left.

    def _arc(self) -> tuple[F64, F64, F64]:
        """Return the lane's radius, the length of its chords and its offset towards the bend."""
        inward = self.side * self.offset_m
        rho = self.radius_m - inward
        return rho, 2.0 * rho * np.sin(0.5 * self.step_rad), inward

    def _axis_point(self, s: F64) -> tuple[F64, F64, F64]:
        rho, chord, inward = self._arc()
        if not self.chords.any():
            return s, inward, np.zeros_like(s)
        bent = self.chords * chord
        within = np.clip(s - self.run_m, 0.0, bent)
        k = np.clip(np.floor(within / np.where(chord > 0, chord, 1.0)), 0.0, self.chords - 1.0)
        k = np.where(self.chords > 0, k, 0.0)
        start, middle = k * self.step_rad, (k + 0.5) * self.step_rad
        after = s - self.run_m - bent
        end = self.chords * self.step_rad
        before_bend = s < self.run_m
        beyond = ~before_bend & (after >= 0.0)
        angle = np.where(beyond, end, start)
        heading = np.where(beyond, end, middle)
        run = np.where(beyond, after, within - k * chord)
        x = self.run_m + rho * np.sin(angle) + run * np.cos(heading)
        y = self.radius_m - rho * np.cos(angle) + run * np.sin(heading)
        straight = before_bend | (self.chords == 0)
        x, y = np.where(straight, s, x), np.where(straight, inward, y)
        return x, y, np.where(straight, 0.0, heading)

    def _axis_project(self, x: F64, y: F64) -> tuple[F64, F64]:
        """Return stations and offsets to the left, in the axis frame, of the nearest points."""
        rho, chord, inward = self._arc()
        straight = self.chords == 0
        first = np.where(straight, self.length_m, self.run_m)
        best_s = np.clip(x, 0.0, first)
        best_t = y - inward
        if straight.all():
            return best_s, best_t
        best = np.hypot(x - best_s, best_t)
        count = np.maximum(self.chords, 1.0)
        step = np.where(straight, 1.0, self.step_rad)
        k = np.clip(np.floor(np.arctan2(x - self.run_m, self.radius_m - y) / step), 0.0, count - 1)
        spans = (
            (k * step, (k + 0.5) * step, chord, self.run_m + k * chord),
            (count * step, count * step, self.run_m, self.run_m + count * chord),
        )
        for angle, heading, length, station in spans:
            dx = x - (self.run_m + rho * np.sin(angle))
            dy = y - (self.radius_m - rho * np.cos(angle))
            c, s = np.cos(heading), np.sin(heading)
            run = dx * c + dy * s
            held = np.clip(run, 0.0, length)
            across = dy * c - dx * s
            apart = np.hypot(run - held, across)
            nearer = ~straight & (apart < best)
            best = np.where(nearer, apart, best)
            best_s = np.where(nearer, station + held, best_s)
            best_t = np.where(nearer, across, best_t)
        return best_s, best_t

    def _to_world(self, x: F64, y: F64, heading: F64) -> tuple[F64, F64, F64]:
        y, heading = self.side * y, self.side * heading
        return (
            self.origin_m[:, 0] + np.where(self.turned, -y, x),
            self.origin_m[:, 1] + np.where(self.turned, x, y),
            np.where(self.turned, heading + 0.5 * np.pi, heading),
        )

    def _to_axis(self, x: F64, y: F64) -> tuple[F64, F64]:
        dx, dy = x - self.origin_m[:, 0], y - self.origin_m[:, 1]
        return np.where(self.turned, dy, dx), self.side * np.where(self.turned, -dx, dy)


def _each_lateral(lateral_m: F64, rows: Rows) -> Sequence[Rows]:
    """Return the rows in groups of one offset each."""
    values, group = np.unique(lateral_m[rows], return_inverse=True)
    if len(values) == 1:
        return [rows]
    return [rows[group == k] for k in range(len(values))]
