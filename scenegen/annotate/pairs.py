"""What actors are to each other: gaps, times to collision, post-encroachment times."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenegen import assets
from scenegen.geometry import encounters
from scenegen.geometry.rectangles import Rectangles, gap, overlaps
from scenegen.records import ConcreteScenario, Trajectory
from scenegen.records.base import F64
from scenegen.records.motion_labels import PairLabel

NEAR_M = 30.0
"""Pairs without the ego are labelled while their origins are nearer than this."""
MOVING_MPS = 0.1
LEVEL_M = 3.0
"""Bodies whose origins differ by more in height are on roads above each other: they never meet."""
VEHICLES = frozenset({"car", "truck", "bus", "train", "motorcycle", "bicycle"})
DIGITS = 4
"""Decimals of what is written: 0.1 mm, 0.1 ms."""
_AT_ONCE = 4096

Rows = npt.NDArray[np.int64]


def post_encroachment(a: Rectangles, b: Rectangles, a_z_m: F64, b_z_m: F64) -> int | None:
    """Return the least number of rows between one body's being at a place and another's.

    Post-encroachment time is the time between the first road user's leaving a conflict area
    and the second's coming there (Allen, Shin, Cooper 1978); here its least over all places that
    both cover, which of two bodies of any shape and way is the same as the least difference in
    time between two rows at which their outlines overlap.

    Parameters
    ----------
    a, b : Rectangles, shape (T,)
    a_z_m, b_z_m : ndarray, shape (T,)
        Heights of their origins.

    Returns
    -------
    int or None
        0 where they overlap at a row, None where they have no place in common.
    """
    first, second = np.nonzero(_near(a, b, a_z_m, b_z_m))
    lag = np.abs(first - second)
    order = np.argsort(lag, kind="stable")
    for start in range(0, len(order), _AT_ONCE):
        some = order[start : start + _AT_ONCE]
        met = overlaps(a[first[some]], b[second[some]])
        if met.any():
            return int(lag[some[np.argmax(met)]])
    return None


def _near(a: Rectangles, b: Rectangles, a_z_m: F64, b_z_m: F64) -> npt.NDArray[np.bool_]:
    """Say which rows (T, T) of one might overlap which of the other, by circles around them."""
    dx, dy = b.x_m[None] - a.x_m[:, None], b.y_m[None] - a.y_m[:, None]
    reach = a.radius_m[:, None] + b.radius_m[None]
    return np.asarray(
        (dx * dx + dy * dy < reach * reach) & (np.abs(b_z_m[None] - a_z_m[:, None]) < LEVEL_M)
    )


class Pairs:
    """The pairs of a run's actors.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory
    """

    def __init__(self, scenario: ConcreteScenario, trajectory: Trajectory) -> None:
        self._scenario, self._trajectory = scenario, trajectory
        self._ids = np.array([a.instance_id for a in scenario.actors])
        self._columns = np.array([trajectory.column(int(i)) for i in self._ids])
        self._encroached: dict[tuple[int, int], int | None] = {}

    @cached_property
    def bodies(self) -> encounters.Moving:
        """The rectangles (A, T) of all actors."""
        rows = len(self._trajectory.step)
        each = [
            [np.broadcast_to(v, rows) for v in vars(assets.footprint(a, self._trajectory)).values()]
            for a in self._scenario.actors
        ]
        return encounters.Moving(*(np.array(values) for values in zip(*each, strict=True)))

    @cached_property
    def _unit(self) -> Rows:
        """Who (A,) carries each actor at the start, through whom else it may be; or itself."""
        carrier = {a.instance_id: a.attached_to for a in self._scenario.actors}
        units = []
        for id_ in self._ids.tolist():
            unit, below = id_, carrier[id_]
            while below is not None:
                unit, below = below, carrier[below]
            units.append(unit)
        return np.array(units)

    def chosen(self, row: int) -> tuple[Rows, Rows]:
        """Return the pairs (P,), (P,) of a row, as indices of the scenario's actors, in order.

        The ego (the first) with all that it doesn't carry; then, of those whom nothing carries
        at the start, pairs with a vehicle of which one moves, within `NEAR_M`.
        """
        trajectory, unit = self._trajectory, self._unit
        there = trajectory.valid[row, self._columns]
        first, second = np.triu_indices(len(unit), 1)
        place = trajectory.position_m[row, self._columns]
        moves = (trajectory.velocity_mps[row, self._columns] ** 2).sum(axis=1) > MOVING_MPS**2
        drives = np.array([a.category in VEHICLES for a in self._scenario.actors])
        leads = unit == self._ids
        away = ((place[first] - place[second]) ** 2).sum(axis=1)
        wanted = (moves[first] | moves[second]) & (drives[first] | drives[second])
        wanted &= leads[first] & leads[second] & (away < NEAR_M * NEAR_M)
        wanted = (wanted | (first == 0)) & there[first] & there[second]
        wanted &= unit[first] != unit[second]
        return first[wanted], second[wanted]

    def at(self, row: int) -> list[PairLabel]:
        """Return the labels of a row's pairs."""
        first, second = self.chosen(row)
        if not len(first):
            return []
        one, other = self.bodies[first, row], self.bodies[second, row]
        z = self._trajectory.position_m[row, self._columns, 2]
        level = np.abs(z[first] - z[second]) < LEVEL_M
        times = np.where(level, encounters.time_to_collision(one, other), np.inf)
        speed = np.hypot(other.vx_mps - one.vx_mps, other.vy_mps - one.vy_mps)
        with np.errstate(divide="ignore", invalid="ignore"):
            rates = np.where(times > 0, 0.5 * speed / times, np.inf)
        return [
            PairLabel(
                a=int(self._ids[a]),
                b=int(self._ids[b]),
                gap_m=round(free, DIGITS),
                ttc_s=_finite(ttc),
                drac_mps2=_finite(rate) if np.isfinite(ttc) else None,
                pet_s=self._pet_s(a, b),
            )
            for a, b, free, ttc, rate in zip(
                first.tolist(),
                second.tolist(),
                gap(one, other).tolist(),
                times.tolist(),
                rates.tolist(),
                strict=True,
            )
        ]

    def _pet_s(self, a: int, b: int) -> float | None:
        if (a, b) not in self._encroached:
            z = self._trajectory.position_m[:, self._columns, 2].T
            bodies = self.bodies
            self._encroached[a, b] = post_encroachment(bodies[a], bodies[b], z[a], z[b])
        rows = self._encroached[a, b]
        if rows is None:
            return None
        return round(rows / self._scenario.rates.control_hz, DIGITS)


def _finite(value: float) -> float | None:
    return round(value, DIGITS) if np.isfinite(value) else None
