"""Drivers: steer along a path by pure pursuit and keep speed and distance by IDM.

All drivers of a scene decide together at the control rate, in arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.records import Brake, Drive, Pace, RoadNetwork, Stand, Synchronize
from scenegen.records.base import F64
from scenegen.simulate.engine import GRAVITY_MPS2
from scenegen.simulate.fleet import Fleet
from scenegen.simulate.holding import Allowed, held
from scenegen.simulate.idm import HEADWAY_S, STANDSTILL_GAP_M, free_acceleration, interaction
from scenegen.simulate.perception import REACTION_S, Boxes, Seen, behind_crest, hidden
from scenegen.simulate.priority import Priority
from scenegen.simulate.riders import AIM_M, AIM_S, Riders
from scenegen.simulate.stops import SignalStops
from scenegen.simulate.swept import aim_m
from scenegen.simulate.swinging import SWING_MPS2, Swings
from scenegen.simulate.synchrony import Going, Synchrony
from scenegen.simulate.tracks import SMOOTHING_M, Track, TrackTable, nearest_points
from scenegen.simulate.ways import Ways
from scenegen.simulate.yielding import YieldLines

LOOK_M = 150
STRIDE_M = 3
MARGIN_M = 0.25
MIRROR_M = 0.13
FORESIGHT_S = 1.0
"""How far drivers think ahead when something moves towards their path."""

BEND_MPS2 = 3.5
BEND_SHARE = 0.45
PACE_MPS = 0.3
"""How near to the speed wanted counts as having it."""

EMERGENCY_MPS2 = 9.5
AFTER_CRASH_MPS2 = 5.0


@dataclass(frozen=True)
class Crowd:
    """Everything that may be in a driver's way, arrays over O boxes: actors, then doors.

    Attributes
    ----------
    owner : ndarray, shape (O,), int64
        The actor that each is, or is a door of.
    seen : Seen
        Delayed positions (O, 2) and velocities (O, 2) of the boxes' middles.
    now_m : ndarray, shape (O, 3)
        Middles of the boxes now, for lines of sight.
    yaw_rad : ndarray, shape (O,)
    half_m : ndarray, shape (O, 3)
    sight_m : ndarray, shape (O,)
        Farthest distance at which each is noticed.
    present : ndarray, shape (O,), bool
        Obstacles of their own: neither carried by another nor a shut door.
    walls : Boxes
        What blocks the view; the first O are the boxes themselves.
    opaque : ndarray, shape (M,), bool
        Which of the walls do so.
    crests : callable or None
        Ground heights, where the ground itself may block the view.
    """

    owner: npt.NDArray[np.int64]
    seen: Seen
    now_m: F64
    yaw_rad: F64
    half_m: F64
    sight_m: F64
    present: npt.NDArray[np.bool_]
    walls: Boxes
    opaque: npt.NDArray[np.bool_]
    crests: Callable[[F64], F64] | None


class Drivers:
    """One driver for each vehicle of a fleet.

    Parameters
    ----------
    actor_index : ndarray, shape (N,), int64
        Which actor each vehicle is.
    ids : ndarray, shape (O,), int64
        Instance ids of all that may be in the way: of actors, then those of doors' owners.

    Attributes
    ----------
    hold, held_for : ndarray, shape (N,)
        `Hold` of the last decision, and which actor it was for, -1 for nobody.
    nearest_for : ndarray, shape (N,)
        Which actor is the nearest on the way of who is held by somebody there, -1 for nobody.
    changes : int
        How many manoeuvres have begun, or gone on.
    """

    def __init__(
        self,
        fleet: Fleet,
        network: RoadNetwork,
        actor_index: npt.NDArray[np.int64],
        ids: npt.NDArray[np.int64],
        control_hz: int,
    ) -> None:
        n = fleet.shape[0]
        self.fleet = fleet
        self.actor = actor_index
        self._ids = ids
        self.tracks = TrackTable(n)
        self.has_track = np.zeros(n, dtype=bool)
        self.wanted_mps = np.zeros(n)
        self.gain_mps2 = np.full(n, 2.0)
        self.loss_mps2 = np.full(n, 3.0)
        self.hard_mps2 = np.zeros(n)
        self.follow = np.zeros(n, dtype=bool)
        self._bends_from_m = np.full(n, np.inf)
        self.crashed = np.zeros(n, dtype=bool)
        self.headway_s = np.full(n, HEADWAY_S)
        self.min_gap_m = np.full(n, STANDSTILL_GAP_M)
        self.ways = Ways(n)
        self.hold = np.zeros(n, dtype=np.uint8)
        self.held_for = np.full(n, -1)
        self.nearest_for = np.full(n, -1)
        self._ignored = np.zeros((n, len(ids)), dtype=bool)
        self._stops = SignalStops(network, n)
        self._yields = YieldLines(network, n, control_hz)
        self._priority = Priority(network, n, control_hz)
        self._synchrony = Synchrony(n, actor_index)
        self.s_m = np.zeros(n)
        self.changes = 0
        self._control_hz = control_hz
        self._blind_s = np.zeros((n, len(ids)))
        specs = fleet.specs
        self._half_m = np.array([[0.5 * s.asset.size_m[0], 0.5 * s.asset.size_m[1]] for s in specs])
        self._half_m = self._half_m.reshape(n, 2)
        # Bounds contain mirrors and turned wheels; the body that has to pass is narrower.
        self._half_m[:, 1] -= np.where(fleet.balanced, 0.0, MIRROR_M)
        self._eye_m = np.array(
            [(0.1 * s.asset.size_m[0], 0.0, min(0.8 * s.asset.size_m[2], 2.3)) for s in specs]
        ).reshape(n, 3)
        self._base_m = np.array([s.wheelbase_m for s in specs])
        self._rear_m = np.array([s.rear_axle_m for s in specs])
        self._understeer = np.array([s.understeer_rad for s in specs])
        self._two_wheeled = fleet.layout.balanced
        self.riders = Riders(fleet)
        self._calm_mps2 = min(BEND_MPS2, BEND_SHARE * fleet.grip.peak * GRAVITY_MPS2)
        self._bend_mps2 = np.full(n, self._calm_mps2)
        self._swings = Swings(network, specs, fleet.hitches.pairs)

    # -- manoeuvres -----------------------------------------------------------------

    def start(
        self,
        driver: int,
        action: Drive | Brake | Pace | Synchronize | Stand,
        xy_m: F64,
        yaw_rad: float,
        *,
        resumed: bool = False,
    ) -> None:
        """Begin a manoeuvre of one vehicle whose reference point is at (2,), or go on with it."""
        self.changes += 1
        parked = isinstance(action, Stand)
        self.fleet.set_anti_lock(driver, not (isinstance(action, Brake) and action.locks))
        self.fleet.controls.parked[driver] = float(parked)
        self.riders.grabs[driver] = isinstance(action, Brake) and action.locks
        self.hard_mps2[driver] = 0.0
        self._synchrony.stop(driver)
        if isinstance(action, Drive):
            lane = self.ways.lay(driver, action, xy_m, yaw_rad, resumed)
            self.s_m[driver] = lane.locate(xy_m[None])[0][0]
            track = self._as_it_can(driver, lane, action)
            self.tracks.assign(driver, track, xy_m)
            self.has_track[driver] = True
            self.wanted_mps[driver] = action.speed_mps
            self.gain_mps2[driver] = action.acceleration_mps2
            self.loss_mps2[driver] = action.deceleration_mps2
            self.follow[driver] = action.follow
            self._bends_from_m[driver] = self._eases_from(driver, action)
            self.headway_s[driver] = action.headway_s
            self.min_gap_m[driver] = action.min_gap_m
            self._ignored[driver] = np.isin(self._ids, action.ignores)
            self._stops.assign(driver, lane if action.obey_signals else None)
            self._yields.assign(driver, lane if action.obey_signals else None)
            self._priority.assign(driver, lane)
        elif isinstance(action, Pace):
            self.wanted_mps[driver] = action.speed_mps
            self.gain_mps2[driver] = action.acceleration_mps2
            self.loss_mps2[driver] = action.deceleration_mps2
        elif isinstance(action, Synchronize):
            other = int(np.flatnonzero(self._ids == action.actor)[0])
            self._synchrony.start(driver, action, other, float(self.wanted_mps[driver]))
        elif isinstance(action, Brake):
            self.wanted_mps[driver] = action.speed_mps
            self.hard_mps2[driver] = action.deceleration_mps2
        else:
            self.wanted_mps[driver] = 0.0

    def _as_it_can(self, driver: int, lane: Track, action: Drive) -> Track:
        """Return a way as the driver of a long vehicle takes it, swinging out before bends."""
        aside = action.join_m > 0 or action.ends_m is not None
        begins = max(float(self.s_m[driver]), self.ways.goal_m(driver) if aside else 0.0)
        track = lane if action.backward else self._swings.way(driver, lane, begins)
        swings = track is not lane
        self._bend_mps2[driver] = min(SWING_MPS2, self._calm_mps2) if swings else self._calm_mps2
        return track

    def _eases_from(self, driver: int, action: Drive) -> float:
        """Return from where along its way on a driver slows down for bends."""
        aside_m = self.ways.goal_m(driver) + SMOOTHING_M
        return {"all": 0.0, "lane": aside_m, "none": np.inf}[action.bends]

    def finished(
        self, driver: int, action: Drive | Brake | Pace | Synchronize, speed_mps: float
    ) -> bool:
        """Return whether a manoeuvre has reached its end."""
        if isinstance(action, Drive):
            return self.ways.is_over(driver, float(self.s_m[driver]), speed_mps)
        if isinstance(action, Synchronize):
            return self._synchrony.is_over(driver)
        if isinstance(action, Pace):
            return abs(speed_mps - action.speed_mps) <= PACE_MPS
        return abs(speed_mps) <= action.speed_mps + 0.1

    # -- what is kept for each driver, for those who keep it elsewhere --------------------

    def kept(self) -> dict[str, npt.NDArray[Any]]:
        """Return what manoeuvres have set (N,), by name."""
        return {name: getattr(of, attribute) for name, (of, attribute) in self._places().items()}

    def keep_in(self, rows: npt.NDArray[Any], ignored: npt.NDArray[np.bool_]) -> None:
        """Keep what manoeuvres set in the columns (N,) of a table, under the names of `kept`."""
        for name, (of, attribute) in self._places().items():
            setattr(of, attribute, rows[name])
        self._ignored = ignored

    def _places(self) -> dict[str, tuple[object, str]]:
        return {
            "s": (self, "s_m"),
            "has_track": (self, "has_track"),
            "wanted": (self, "wanted_mps"),
            "gain": (self, "gain_mps2"),
            "loss": (self, "loss_mps2"),
            "hard": (self, "hard_mps2"),
            "follow": (self, "follow"),
            "bends_from": (self, "_bends_from_m"),
            "bend": (self, "_bend_mps2"),
            "crashed": (self, "crashed"),
            "headway": (self, "headway_s"),
            "min_gap": (self, "min_gap_m"),
            "index": (self.tracks, "index"),
            "grabs": (self.riders, "grabs"),
            **self.ways.places(),
        }

    @property
    def ignored(self) -> npt.NDArray[np.bool_]:
        """Whom (N, O) drivers don't heed."""
        return self._ignored

    def stops_on_way(self) -> list[list[tuple[float, int]]]:
        """Return where on each driver's way signals are that it obeys, and which (index)."""
        return self._stops.places()

    def lines_on_way(self) -> list[list[float]]:
        """Return where on each driver's way lines are at which it waits for others."""
        return self._yields.places()

    def waiting(self, front_m: F64, speed_mps: F64) -> F64:
        """Return the accelerations (N,) that waiting at lines allows; ``inf`` for no wait.

        Parameters
        ----------
        front_m, speed_mps : ndarray, shape (N,)
            Where on their tracks the vehicles' fronts are, and how fast.
        """
        going = self.has_track & ~self.crashed
        a, b = self.gain_mps2, self.loss_mps2
        return self._yields.allowed(front_m, speed_mps, self.tracks, going, a, b)[0]

    # -- decisions --------------------------------------------------------------------

    def decide(
        self,
        origin_m: F64,
        yaw_rad: F64,
        speed_mps: F64,
        crowd: Crowd,
        signals: npt.NDArray[np.uint8],
    ) -> None:
        """Set the fleet's controls for the next control step.

        Parameters
        ----------
        origin_m : ndarray, shape (N, 3)
        yaw_rad, speed_mps : ndarray, shape (N,)
            Heading, and speed along it.
        signals : ndarray, shape (S,), uint8
        """
        controls = self.fleet.controls
        # From here on, speeds and accelerations count the way the vehicle goes.
        controls.gear = self.ways.shift(controls.gear, speed_mps)
        speed_mps = speed_mps * controls.gear
        self.s_m, offset = self.tracks.follow(origin_m[:, :2])
        curvature = self._pursue(origin_m, yaw_rad, speed_mps)
        steer, lean = self._steered(curvature, speed_mps)
        going = self.has_track & ~self.crashed
        controls.steer_rad = np.where(going, steer, controls.steer_rad)
        controls.lean_rad = np.where(going, lean, 0.0)
        bend = self._bend_speed()
        ways = Going(
            self.tracks,
            self.has_track,
            self.s_m,
            speed_mps,
            crowd.now_m[:, :2],
            crowd.seen.velocity_mps,
        )
        timed = self._synchrony.ask(ways, self.wanted_mps)
        wanted = np.minimum(self.wanted_mps, bend)
        a, b = self.gain_mps2, self.loss_mps2
        free = free_acceleration(speed_mps, wanted, a, b)
        # Who keeps time doesn't wait for the model to come near to the speed wanted.
        keeps = ~np.isnan(timed) & (self.wanted_mps <= bend)
        free = np.where(keeps, timed, free)
        free = asked = np.minimum(free, self.riders.slowing(speed_mps, bend))
        yielding = self.follow & going
        leader = np.full(len(asked), -1)
        nearest = np.full(len(asked), -1)
        if yielding.any():
            gap, closing = self._nearest(origin_m, yaw_rad, offset, speed_mps, crowd)
            drag = interaction(
                speed_mps[:, None],
                closing,
                gap,
                a[:, None],
                b[:, None],
                headway_s=self.headway_s[:, None],
                min_gap_m=self.min_gap_m[:, None],
            )
            asked = asked - np.where(yielding, drag.max(axis=1), 0.0)
            leader = crowd.owner[drag.argmax(axis=1)]
            on_way = np.isfinite(gap).any(axis=1)
            nearest = np.where(on_way, crowd.owner[gap.argmin(axis=1)], -1)
        ahead = asked
        front = self.s_m + self._half_m[:, 0]
        signal = self._stops.allowed(front, speed_mps, signals, a, b)
        end = self.ways.stopping(self.s_m, speed_mps, controls.gear, b)
        line, before = self._yields.allowed(front, speed_mps, self.tracks, going, a, b)
        asked = np.minimum(np.minimum(np.minimum(asked, signal), end), line)
        first = np.where(before >= 0, self.actor[before], -1)
        self.hold, self.held_for = held(
            Allowed(free, ahead, signal, line, end, leader, first), self.wanted_mps, self.crashed
        )
        self.nearest_for = np.where(self.held_for == leader, nearest, -1)
        hard = (self.hard_mps2 > 0) & (speed_mps > self.wanted_mps + 0.05)
        asked = np.where(hard, np.minimum(asked, -self.hard_mps2), asked)
        asked = np.where(self.crashed, -AFTER_CRASH_MPS2, asked)
        hardest = np.full(len(asked), EMERGENCY_MPS2)
        controls.acceleration_mps2 = self.riders.limit(asked, hardest, a, speed_mps)

    def turn_wheel(self, driver: int, steer_rad: float, speed_mps: F64) -> None:
        """Steer one of the vehicles for its driver; who rides leans as that bend needs."""
        controls = self.fleet.controls
        if not self._two_wheeled[driver]:
            controls.steer_rad[driver] = steer_rad
            return
        curvature = np.tan(np.full(len(speed_mps), steer_rad)) / self._base_m
        steer, lean = self._steered(curvature, speed_mps)
        controls.steer_rad[driver], controls.lean_rad[driver] = steer[driver], lean[driver]

    def goes_before(self, ego: int, signals: npt.NDArray[np.uint8]) -> npt.NDArray[np.int8]:
        """Return who (N,) has the right of way over one of them: see `Priority.goes_before`."""
        going = self.has_track & ~self.crashed
        front = self.s_m + self._half_m[:, 0]
        return self._priority.goes_before(ego, front, self.tracks, going, signals)

    def _pursue(self, origin_m: F64, yaw_rad: F64, speed_mps: F64) -> F64:
        """Return the curvature (N,) of the arc to a point ahead (Coulter 1992)."""
        speed = np.maximum(speed_mps, 0.0)
        reach = aim_m(speed, self._base_m)
        reach = np.where(self._two_wheeled, AIM_M + AIM_S * speed, reach)
        gear = self.fleet.controls.gear
        place = self.riders.foresee(origin_m, yaw_rad, speed_mps)
        target = self.tracks.at(self.s_m + self._rear_m * gear + reach + place.way_m)
        cos, sin = np.cos(place.yaw_rad), np.sin(place.yaw_rad)
        dx = target[:, 0] - place.origin_m[:, 0] - self._rear_m * cos
        dy = target[:, 1] - place.origin_m[:, 1] - self._rear_m * sin
        left = dy * cos - dx * sin
        return np.asarray(2.0 * left / np.maximum(dx * dx + dy * dy, 0.25))

    def _steered(self, curvature_1pm: F64, speed_mps: F64) -> tuple[F64, F64]:
        """Return the steering angles and the leans (N,) that go round a bend."""
        curvature, lean = self.riders.turn(curvature_1pm, speed_mps)
        speed = np.maximum(speed_mps, 0.0)
        aside = np.clip(curvature * speed * speed / GRAVITY_MPS2, -0.6, 0.6)
        # Every vehicle understeers a little.
        steer = np.arctan(self._base_m * curvature) + self._understeer * aside
        return self.riders.handlebar(steer, curvature, speed_mps), lean

    def _bend_speed(self) -> F64:
        """Return the speed (N,) that still lets the driver slow down for the bends ahead."""
        curvature, s = self.tracks.bends(120, STRIDE_M)
        allowed = self._bend_mps2[:, None] / np.maximum(np.abs(curvature), 1e-4)
        ahead = np.maximum(s - self.s_m[:, None], 0.0)
        squared = allowed + 1.4 * self.loss_mps2[:, None] * ahead
        counts = s >= self._bends_from_m[:, None]
        return np.asarray(np.sqrt(np.where(counts, squared, np.inf).min(axis=1)))

    def _nearest(
        self, origin_m: F64, yaw_rad: F64, offset_m: F64, speed_mps: F64, crowd: Crowd
    ) -> tuple[F64, F64]:
        """Return gaps and closing speeds (N, O) to what is on the way; ``inf`` if not."""
        points, tangents, arcs = self.tracks.ahead(LOOK_M, STRIDE_M)
        seen, moving = crowd.seen.position_m, crowd.seen.velocity_mps
        best, dx, dy = nearest_points(np.ascontiguousarray(seen[:, :2]), points)
        rows = np.arange(len(points))[:, None]
        tx, ty = tangents[rows, best, 0], tangents[rows, best, 1]
        along = arcs[rows, best] + dx * tx + dy * ty - self.s_m[:, None]
        aside = dy * tx - dx * ty
        speed_along = moving[:, 0] * tx + moving[:, 1] * ty
        speed_aside = moving[:, 1] * tx - moving[:, 0] * ty
        cos = np.abs(np.cos(crowd.yaw_rad) * tx + np.sin(crowd.yaw_rad) * ty)
        sin = np.sqrt(np.maximum(1.0 - cos * cos, 0.0))
        half_along = crowd.half_m[:, 0] * cos + crowd.half_m[:, 1] * sin
        half_aside = crowd.half_m[:, 0] * sin + crowd.half_m[:, 1] * cos
        gap = along - self._half_m[:, :1] - half_along
        room = self._half_m[:, 1:] + half_aside + MARGIN_M
        # The own offset from the path fades with distance as the car returns to it.
        own = offset_m[:, None] * np.exp(-np.maximum(gap, 0.0) / 15.0)
        near, soon = aside - own, aside - own + FORESIGHT_S * speed_aside
        between = np.where(near * soon < 0, 0.0, np.minimum(np.abs(near), np.abs(soon)))
        on_way = (between < room) & (along > 0.3 * self._half_m[:, :1]) & (along < LOOK_M)
        on_way &= (dx * tx + dy * ty) ** 2 < (2.0 * STRIDE_M) ** 2
        on_way &= crowd.present & (self.actor[:, None] != crowd.owner)
        on_way &= (gap < crowd.sight_m) & self.follow[:, None] & ~self._ignored
        self._look(origin_m, yaw_rad, on_way, crowd)
        on_way &= self._blind_s <= 0.0
        closing = speed_mps[:, None] - speed_along
        return np.where(on_way, np.maximum(gap, 0.1), np.inf), np.where(on_way, closing, 0.0)

    def _look(
        self, origin_m: F64, yaw_rad: F64, wanted: npt.NDArray[np.bool_], crowd: Crowd
    ) -> None:
        """Keep account of how much longer each driver must not react to what.

        Something hidden stays unknown for a reaction time after it comes into view.
        """
        self._blind_s -= 1.0 / self._control_hz
        pairs = np.argwhere(wanted)
        if not len(pairs):
            return
        driver, thing = pairs.T
        cos, sin = np.cos(yaw_rad[driver]), np.sin(yaw_rad[driver])
        x, y, z = self._eye_m[driver].T
        eyes = origin_m[driver] + np.stack([cos * x - sin * y, sin * x + cos * y, z], axis=-1)
        targets = crowd.now_m[thing]
        targets[:, 2] += 0.7 * crowd.half_m[thing, 2]
        opaque = np.flatnonzero(crowd.opaque)
        # Nobody is hidden by a door of their own, but a door may be by its car.
        count = len(crowd.owner)
        owner = np.where(opaque < count, crowd.owner[np.minimum(opaque, count - 1)], -1)
        skip = (opaque == thing[:, None]) | (owner == self.actor[driver][:, None])
        skip |= owner == thing[:, None]
        walls = Boxes(
            crowd.walls.middle_m[opaque], crowd.walls.yaw_rad[opaque], crowd.walls.half_m[opaque]
        )
        unseen = hidden(eyes, targets, walls, skip)
        if crowd.crests is not None:
            unseen |= behind_crest(eyes, targets, crowd.crests)
        self._blind_s[driver[unseen], thing[unseen]] = REACTION_S
