"""People and animals on their way: along a path at a speed, within what legs can do."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import atan2, cos, hypot, pi, remainder, sin, sqrt

import numpy as np

from scenegen.records import Walk
from scenegen.records.base import F64
from scenegen.records.behaviour import Gait
from scenegen.simulate.footways import LOOK_AHEAD_M, STRIDE_M, abreast, wish
from scenegen.simulate.tracks import RUN_OUT_M

TURN_RADPS = 4.0
WHEELED_RADPS, WHEELED_TURN_HZ = 1.2, 2.5
WHEELED_FROM_MPS = 0.1
"""How who pushes something, or propels a wheelchair, turns: more slowly the nearer the goal."""

CLIMB_MPS = 0.9
"""Speed at which a body is lifted over a kerb."""

SWING_S, SHORTEST_M = 0.35, 0.05
"""For how long one who walks goes on straight before turning another way, if it's worth it."""

OFF_M = 1e-3
"""How far off a path one may be to simply walk on along it."""


@dataclass
class Walker:
    """Where someone on legs is, and how they go on.

    Attributes
    ----------
    actor : int
        Index of the actor.
    position_m : ndarray, shape (3,)
        Body origin, on the ground.
    speed_mps : float
        Along the path.
    struck : bool
        Hit by something, or fallen; physics has taken over.
    fell : bool
        Whether it was the latter.
    """

    actor: int
    position_m: F64
    yaw_rad: float
    speed_mps: float = 0.0
    struck: bool = False
    fell: bool = False
    finished: bool = True
    wanted_mps: float = 0.0
    limit_mps2: float = 2.5
    points_m: F64 = field(default_factory=lambda: np.zeros((0, 2)))
    along_m: F64 = field(default_factory=lambda: np.zeros(0))
    path: F64 = field(default_factory=lambda: np.zeros((0, 3)))
    out: F64 = field(default_factory=lambda: np.zeros(2))
    s_m: float = 0.0
    gait: Gait = "auto"
    avoids: bool = False
    room_m: tuple[float, float] | None = None
    laid: dict[int, tuple[Walk, F64]] = field(default_factory=dict)

    def start(self, action: Walk) -> None:
        """Set out along a path, or go on along it, from where on it one is nearest to."""
        self.points_m = self._laid(action)
        steps = np.hypot(*np.diff(self.points_m, axis=0).T)
        self.along_m = np.concatenate([[0.0], np.cumsum(steps)])
        self.out = self._heading_at_end()
        fine = np.arange(0.0, self.along_m[-1], 0.1)
        gap = self._at(fine) - self.position_m[:2]
        self.s_m = float(fine[(gap * gap).sum(axis=1).argmin()]) if len(fine) else 0.0
        self._step_over(action)
        if action.length_m is not None:
            self._cut(self.s_m + action.length_m)
        self.path = np.column_stack([self.points_m, self.along_m])
        self.wanted_mps = action.speed_mps
        self.limit_mps2 = action.acceleration_mps2
        self.gait, self.avoids, self.room_m = action.gait, action.avoid, action.room_m
        self.finished = False

    def _laid(self, action: Walk) -> F64:
        """Return the path (n, 2) of an action, laid where one was when it began."""
        if not action.from_here:
            return np.asarray(action.path, dtype=np.float64)
        if id(action) not in self.laid:
            path = np.asarray(action.path, dtype=np.float64)
            corner = self.position_m[:2] + self._swing_m() * self.heading()
            self.laid[id(action)] = action, self._rounded(path - path[0] + corner)
        return self.laid[id(action)][1]

    def _step_over(self, action: Walk) -> None:
        """Let one who isn't on the path, and keeps to it, first come over to it."""
        here = self.position_m[:2]
        if action.avoid or float(np.hypot(*(self._at(np.array([self.s_m]))[0] - here))) < OFF_M:
            return
        ahead = min(self.s_m + STRIDE_M, float(self.along_m[-1]))
        rest = self.points_m[self.along_m > ahead]
        corner = here + self._swing_m() * self.heading()
        self.points_m = self._rounded(np.vstack([corner, self._at(np.array([ahead])), rest]))
        steps = np.hypot(*np.diff(self.points_m, axis=0).T)
        self.points_m = self.points_m[np.concatenate([[True], steps > 1e-6])]
        if len(self.points_m) < 2:
            self.points_m = np.vstack([here, here + 1e-3 * self.heading()])
        steps = np.hypot(*np.diff(self.points_m, axis=0).T)
        self.along_m = np.concatenate([[0.0], np.cumsum(steps)])
        self.s_m = 0.0

    def _swing_m(self) -> float:
        """Return how far one goes on straight before turning another way."""
        return SWING_S * self.speed_mps

    def _rounded(self, path_m: F64) -> F64:
        """Return a path (n, 2) with the way to its beginning, and no corner there."""
        swing, here, corner = self._swing_m(), self.position_m[:2], path_m[0]
        if swing < SHORTEST_M:
            return path_m
        way = path_m[1] - corner
        out = corner + way * min(swing / max(float(np.hypot(*way)), 1e-9), 0.9)
        u = np.linspace(0.0, 1.0, 9)[:, None]
        bend = (1.0 - u) ** 2 * here + 2.0 * u * (1.0 - u) * corner + u * u * out
        return np.asarray(np.vstack([bend, path_m[1:]]))

    def _cut(self, end_m: float) -> None:
        """Let the path end so far along it."""
        if end_m >= float(self.along_m[-1]):
            return
        kept = self.along_m < end_m
        self.points_m = np.vstack([self.points_m[kept], self._at(np.array([end_m]))])
        self.along_m = np.concatenate([self.along_m[kept], [end_m]])
        self.out = self._heading_at_end()

    def _heading_at_end(self) -> F64:
        last = self.points_m[-1] - self.points_m[-2]
        return np.asarray(last / max(float(np.hypot(*last)), 1e-9))

    def stop(self, gait: Gait = "auto") -> None:
        """Come to a stand where one is."""
        self.wanted_mps, self.gait, self.finished = 0.0, gait, True

    def plan(self, dt: float) -> tuple[F64, float]:
        """Go on for one control step; return the target (2,) and heading at its end.

        Slows down so as to stand at the path's end.
        """
        if not len(self.points_m):
            return self.position_m[:2], self.yaw_rad
        left = max(float(self.along_m[-1]) - self.s_m, 0.0)
        wanted = min(self.wanted_mps, sqrt(2.0 * self.limit_mps2 * left))
        change = self.limit_mps2 * dt
        self.speed_mps += min(max(wanted - self.speed_mps, -change), change)
        self.s_m = min(self.s_m + self.speed_mps * dt, float(self.along_m[-1]))
        if left < 0.02:
            self.speed_mps, self.finished = 0.0, True
        target, ahead = self._at(np.array([self.s_m, self.s_m + LOOK_AHEAD_M]))
        heading = self.yaw_rad
        if self.speed_mps > 0.05:
            heading = self._facing(ahead - self.position_m[:2], dt)
        return target, heading

    def _facing(self, way: F64, dt: float) -> float:
        """Return the heading after turning towards a direction (2,) for `dt`."""
        dx, dy = way.tolist()
        if hypot(dx, dy) < 1e-3:
            return self.yaw_rad
        turn = remainder(atan2(dy, dx) - self.yaw_rad, 2.0 * pi)
        return self.yaw_rad + min(max(turn, -TURN_RADPS * dt), TURN_RADPS * dt)

    def wish(self) -> tuple[float, float]:
        """Return the velocity that one who avoids others would like: back to the path."""
        if not len(self.points_m):
            return 0.0, 0.0
        here = float(self.position_m[0]), float(self.position_m[1])
        speeds = self.wanted_mps, self.limit_mps2
        x, y, self.s_m, self.finished = wish(
            self.path, self.out, here, self.s_m, self.finished, *speeds
        )
        return x, y

    def towards(self, goal_mps: F64, velocity_mps: F64, dt: float) -> F64:
        """Return the velocity (2,) after `dt` of changing from one to another as legs can."""
        change = goal_mps - velocity_mps
        most = self.limit_mps2 * dt
        return np.asarray(velocity_mps + change * min(1.0, most / max(hypot(*change), 1e-9)))

    def sidestep(self, velocity_mps: F64, dt: float) -> tuple[F64, float]:
        """Go with a velocity for one control step; return target (2,) and heading at its end."""
        self.speed_mps = hypot(*velocity_mps.tolist())
        # Who shuffles aside goes on looking where they were going.
        heading = self._facing(velocity_mps, dt) if self.speed_mps > 0.3 else self.yaw_rad
        return self.position_m[:2] + velocity_mps * dt, heading

    def heading(self) -> F64:
        """Return the direction (2,) one faces."""
        return np.array([cos(self.yaw_rad), sin(self.yaw_rad)])

    def wheel(self, velocity_mps: F64, axle_m: float, dt: float) -> tuple[F64, float]:
        """Go as wheels let one for one control step; return target (2,) and heading at its end.

        Parameters
        ----------
        velocity_mps : ndarray, shape (2,)
            How one would like to go; wheels go forward, and turn to it by and by.
        axle_m : float
            How far ahead the axle is that doesn't go aside, and about which all turns.
        """
        vx, vy = velocity_mps.tolist()
        pivot = self.position_m[:2] + axle_m * self.heading()
        heading = self.yaw_rad
        if hypot(vx, vy) > WHEELED_FROM_MPS:
            off = remainder(atan2(vy, vx) - heading, 2.0 * pi)
            heading += min(max(off * WHEELED_TURN_HZ, -WHEELED_RADPS), WHEELED_RADPS) * dt
        ahead = np.array([cos(heading), sin(heading)])
        self.speed_mps = max(float(velocity_mps @ ahead), 0.0)
        return pivot + (self.speed_mps * dt - axle_m) * ahead, heading

    def beside(self) -> tuple[float, float, float, float]:
        """Return the path's point abreast of the walker, and its direction there."""
        return abreast(self.path, self.out, self.s_m)

    def _at(self, s_m: F64) -> F64:
        """Return points (n, 2) at arc lengths, straight on past the end."""
        points = np.empty((len(s_m), 2))
        points[:, 0] = np.interp(s_m, self.along_m, self.points_m[:, 0])
        points[:, 1] = np.interp(s_m, self.along_m, self.points_m[:, 1])
        beyond = np.minimum(np.maximum(s_m - self.along_m[-1], 0.0), RUN_OUT_M)
        return np.asarray(points + beyond[:, None] * self.out)
