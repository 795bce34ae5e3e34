"""Drivers of long vehicles swing out before tight bends, so that what they sweep has room.

The way is moved sideways, smoothly, until the vehicle that is driven along it keeps off the
kerbs first, and within its lane as far as there is room for that: least squares over the
offsets, with the kinematics of `simulate.swept`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.interpolate import BSpline
from scipy.ndimage import map_coordinates, maximum_filter1d
from scipy.optimize import least_squares

from scenegen.records import RoadNetwork
from scenegen.records.base import F64
from scenegen.roads import beyond_carriageway
from scenegen.simulate.hitches import Hitch
from scenegen.simulate.specs import VehicleSpec
from scenegen.simulate.swept import Rig, aim_m, outlines, rig_of
from scenegen.simulate.tracks import SPACING_M, Track, bends_of

TIGHT_M = 40.0
"""Wider bends need no swinging out."""
ON_LANE_M, ALONG = 1.3, 0.97
"""A place this near to a point of a lane's middle lies on it; cosine of the angle between ways."""
APPROACH_M, DEPART_M = 25.0, 30.0
"""From where before a bend and until where behind it the way may be moved."""
KNOT_M = 4.0
WIDEST_M = 5.0
SWING_MPS2 = 1.5
"""Sideways acceleration at which lorries and buses are driven through such bends."""
LEAD_M = 5
"""How far before the bend they are as slow as that."""

KERB_M, MARGIN_M = 0.25, 0.1
"""What drivers keep from kerbs, and from the borders of their lane."""
KERB_WEIGHT, LANE_WEIGHT, EFFORT, STIFFNESS = 8.0, 1.0, 0.05, 0.3
LONGEST_M = 20
"""No vehicle reaches farther behind or ahead of its tractor's rear axle."""
GRID_M, AROUND_M = 0.5, 16.0
TRIES = 20
ROUNDED = 3
"""Decimals of metres: what differs between ways to add numbers up is no difference."""


@dataclass(frozen=True)
class Room:
    """What there is for a way.

    Attributes
    ----------
    half_lane_m : float
        Half of the width of its lane.
    beyond : callable
        Distances (...,) of points (..., 2) beyond the carriageway.
    middles_m, ahead : ndarray, shape (K, 2)
        The middles of all driving lanes, at most 2 m between points, and their directions.
    """

    half_lane_m: float
    beyond: Callable[[F64], F64]
    middles_m: F64
    ahead: F64

    def on_lane(self, points_m: F64, tangents: F64) -> npt.NDArray[np.bool_]:
        """Return which of points (n, 2) lie on the middle of a lane, and lead along it."""
        away = points_m[:, None] - self.middles_m
        near = np.hypot(away[..., 0], away[..., 1]) < ON_LANE_M
        return np.asarray((near & (tangents @ self.ahead.T > ALONG)).any(axis=1))


class Swings:
    """The long vehicles of N, and the ways that their drivers take.

    Parameters
    ----------
    specs : sequence of VehicleSpec, length N
    hitches : sequence of Hitch
        Who pulls whom.
    """

    def __init__(
        self, network: RoadNetwork, specs: Sequence[VehicleSpec], hitches: Sequence[Hitch]
    ) -> None:
        pulls = {hitch.tractor: specs[hitch.trailer] for hitch in hitches}
        self._network = network
        self._rigs = {
            driver: rig_of(spec, pulls.get(driver))
            for driver, spec in enumerate(specs)
            if spec.asset.category in ("truck", "bus") and "kingpin" not in spec.asset.anchors
        }

    def way(self, driver: int, lane: Track, from_m: float) -> Track:
        """Return how a driver goes along a lane from a place on; the lane itself if it can."""
        rig = self._rigs.get(driver)
        return lane if rig is None else swung_out(lane, rig, self._network, from_m)


def _room(network: RoadNetwork, track: Track, from_m: float) -> Room:
    """Return the room that a network gives to who goes on along a track from a place on."""
    here = track.points_m[max(int(from_m / SPACING_M), 0)]
    driven = [lane for lane in network.lanes.values() if lane.kind == "driving"]
    away = [float(np.hypot(*(lane.centre[:, :2] - here).T).min()) for lane in driven]
    width = driven[int(np.argmin(away))].width_m
    middles = np.concatenate([lane.centre[:, :2] for lane in driven])
    ahead = np.concatenate([np.gradient(lane.centre[:, :2], axis=0) for lane in driven])
    ahead /= np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
    return Room(0.5 * width, partial(beyond_carriageway, network), middles, ahead)


def swung_out(track: Track, rig: Rig, network: RoadNetwork, from_m: float) -> Track:
    """Return a track with its tight bends driven as a long vehicle has to; itself without any.

    Arc lengths stay those of the track as it was.

    Parameters
    ----------
    from_m : float
        Where along the track the vehicle is.
    """
    points = track.points_m
    bent = np.flatnonzero(np.abs(track.curvature_1pm) > 1.0 / TIGHT_M)
    if not (bent > from_m).any():
        return track
    room = _room(network, track, from_m)
    for first, last in _tight(track, rig, room, from_m):
        points = _moved(replace(track, points_m=points), rig, room, (first, last))
    if points is track.points_m:
        return track
    tangent, bends = bends_of(points)
    # Slow when the bend begins, and until the last axle is through.
    behind = int(rig.trailer_m + 0.5 * rig.base_m)
    bends = maximum_filter1d(
        np.abs(bends), LEAD_M + behind + 1, origin=(behind - LEAD_M) // 2, mode="nearest"
    )
    return replace(track, points_m=points, tangent=tangent, curvature_1pm=bends)


def _tight(track: Track, rig: Rig, room: Room, from_m: float) -> list[tuple[int, int]]:
    """Return the stretches (first and last point) around bends in which the lane is too narrow."""
    s = np.flatnonzero(np.abs(track.curvature_1pm) > 1.0 / TIGHT_M)
    radius = 1.0 / np.abs(track.curvature_1pm[s])
    wide = np.array([rig.swept_width_m(r) > 2.0 * room.half_lane_m for r in radius], dtype=bool)
    tight = s[wide & (s > from_m)]
    # Who is told to drive some other way drives that, wherever it leads.
    tight = tight[room.on_lane(track.points_m[tight], track.tangent[tight])]
    found: list[tuple[int, int]] = []
    for at in tight.tolist():
        low = max(int(np.ceil(from_m)), at - int(APPROACH_M), 0)
        high = min(at + int(DEPART_M + rig.trailer_m), len(track.points_m) - 1)
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], high
        else:
            found.append((low, high))
    return [(a, b) for a, b in found if b - a > 8.0 * KNOT_M]


def _moved(track: Track, rig: Rig, room: Room, stretch: tuple[int, int]) -> F64:
    """Return the points (M, 2) of a track with one stretch moved sideways."""
    first, last = stretch
    lane = track.points_m[first:last]
    left = np.stack([-track.tangent[first:last, 1], track.tangent[first:last, 0]], axis=-1)
    bumps = _bumps(len(lane))
    tightest = float(np.abs(track.curvature_1pm[first:last]).max())
    speed = float(np.sqrt(SWING_MPS2 / tightest))
    reach = float(aim_m(np.array(speed), np.array(rig.base_m)))
    after = track.points_m[last : last + LONGEST_M]
    before = lane[0] - np.arange(LONGEST_M, 0, -1)[:, None] * track.tangent[first]
    middle = np.concatenate([before, lane, after])
    kerb = _distances(lane, room.beyond)

    def misses(shifts: F64) -> F64:
        """Return what is wrong (B, R) with each row of shifts (B, K)."""
        moved = lane + (shifts @ bumps)[..., None] * left
        ways = np.concatenate([moved, np.broadcast_to(after, (len(shifts), *after.shape))], axis=1)
        swept = outlines(rig, ways, reach, speed)
        over_kerb = np.maximum(kerb(swept) + KERB_M, 0.0)
        over_lane = np.maximum(_aside(swept, middle) + MARGIN_M - room.half_lane_m, 0.0)
        rows = [
            KERB_WEIGHT * over_kerb,
            LANE_WEIGHT * over_lane,
            EFFORT * shifts,
            STIFFNESS * np.diff(shifts, 2, axis=1),
        ]
        return np.concatenate([row.reshape(len(shifts), -1) for row in rows], axis=1)

    def slopes(shifts: F64) -> F64:
        """Return the derivatives (R, K) at shifts (K,)."""
        step = 0.02
        both = misses(np.vstack([shifts, shifts + step * np.eye(len(shifts))]))
        return np.asarray((both[1:] - both[0]).T / step)

    best = least_squares(
        lambda shifts: misses(shifts[None])[0],
        np.zeros(len(bumps)),
        slopes,
        bounds=(-WIDEST_M, WIDEST_M),
        max_nfev=TRIES,
        ftol=1e-4,
    )
    points = track.points_m.copy()
    points[first:last] = lane + (np.round(best.x, ROUNDED) @ bumps)[:, None] * left
    return points


def _bumps(count: int) -> F64:
    """Return cubic B-splines (K, count) that are 0 at both ends, with their slopes."""
    pieces = max(int((count - 1) / KNOT_M), 5)
    knots = np.concatenate(
        [[0.0] * 3, np.linspace(0.0, count - 1.0, pieces + 1), [count - 1.0] * 3]
    )
    all_of_them = BSpline.design_matrix(np.arange(count, dtype=np.float64), knots, 3).toarray()
    return np.asarray(all_of_them.T[2:-2])


def _distances(lane_m: F64, beyond: Callable[[F64], F64]) -> Callable[[F64], F64]:
    """Return a function for distances (...,) of points (..., 2) beyond the carriageway."""
    low = lane_m.min(axis=0) - AROUND_M
    count = np.ceil((lane_m.max(axis=0) + AROUND_M - low) / GRID_M).astype(np.int64) + 1
    x, y = (low[k] + GRID_M * np.arange(count[k]) for k in (0, 1))
    grid = beyond(np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1))

    def distance(points_m: F64) -> F64:
        place = np.moveaxis((points_m - low) / GRID_M, -1, 0)
        return np.asarray(map_coordinates(grid, place, order=1, mode="nearest"))

    return distance


def _aside(points_m: F64, lane_m: F64) -> F64:
    """Return distances (B, T, E) of points (B, T, E, 2) from a lane's middle (M, 2).

    The middle begins `LONGEST_M` points before what is there after no step.
    """
    here = LONGEST_M + np.arange(points_m.shape[1])
    window = np.minimum(here[:, None] + np.arange(-LONGEST_M, LONGEST_M - 4), len(lane_m) - 1)
    off = points_m[:, :, :, None] - lane_m[window][None, :, None]
    nearest = (off * off).sum(axis=-1).min(axis=-1)
    return np.asarray(np.sqrt(nearest))
