"""What people, riders and animals are up to: their behaviour, and what came of it in the run."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen import roads
from scenegen.annotate.gaze import EgoInView
from scenegen.annotate.lane_places import strips_of
from scenegen.records import Actor, ConcreteScenario, Intent, RoadNetwork, Trajectory
from scenegen.records.base import F64
from scenegen.records.motion_labels import Intention

Intents = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

ONTO_THE_ROAD = (Intent.CROSSING, Intent.TURNING_BACK, Intent.WANDERING, Intent.HESITATING)
"""What takes, or keeps, somebody on the carriageway who doesn't go along it."""


def times_to_crossing(beyond_m: F64, intent: Intents, on_crosswalk: Mask, time_s: F64) -> F64:
    """Return the time (T,) in s until somebody is on the carriageway on their way across it.

    Parameters
    ----------
    beyond_m : ndarray, shape (T,)
        How far outside the carriageway they are, negative on it.
    intent : ndarray, shape (T,)
        `taxonomy.Intent`.
    on_crosswalk : ndarray, shape (T,), bool
        Where who walks along crosses: along a zebra.
    time_s : ndarray, shape (T,)

    Returns
    -------
    ndarray, shape (T,)
        0 while they are on it, ``nan`` if they won't be. Between two rows the distance is taken
        to change evenly.
    """
    crosses = np.isin(intent, [int(i) for i in ONTO_THE_ROAD])
    on = (beyond_m < 0) & (crosses | (on_crosswalk & (intent == Intent.WALKING_ALONG)))
    moments = time_s.copy()
    entered = np.flatnonzero(on[1:] & (beyond_m[:-1] >= 0)) + 1
    share = beyond_m[entered] / (beyond_m[entered] - beyond_m[entered - 1])
    moments[entered] -= share * (time_s[entered] - time_s[entered - 1])
    found = np.full(len(time_s), np.nan)
    following = np.nan
    for row in range(len(time_s) - 1, -1, -1):
        if on[row]:
            following, found[row] = moments[row], 0.0
        else:
            found[row] = following - time_s[row]
    # Who has been struck, or has fallen, goes nowhere by their own behaviour.
    found[np.isin(intent, [int(Intent.STRUCK), int(Intent.FALLEN)])] = np.nan
    return found


class Intentions:
    """The intentions of a run's actors, worked out for those who are asked about.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory
    network : RoadNetwork
    """

    def __init__(
        self, scenario: ConcreteScenario, trajectory: Trajectory, network: RoadNetwork
    ) -> None:
        self._scenario, self._trajectory, self._network = scenario, trajectory, network
        lanes = network.lanes.values()
        self._crosswalks = strips_of([lane for lane in lanes if lane.kind == "crosswalk"])
        self._view: EgoInView | None = None
        self._known: dict[int, tuple[F64, int]] = {}

    def at(self, actor: Actor, row: int) -> Intention:
        """Return an actor's intention at a row."""
        to_crossing, seen = self._of(actor)
        trajectory, column = self._trajectory, self._trajectory.column(actor.instance_id)
        until = float(to_crossing[row])
        return Intention(
            will_cross=not np.isnan(until),
            time_to_crossing_s=None if np.isnan(until) else round(until, 4),
            hesitating=int(trajectory.intent[row, column]) == Intent.HESITATING,
            distracted=trajectory.distracted is not None
            and bool(trajectory.distracted[row, column]),
            seen_ego=row >= seen,
        )

    def _of(self, actor: Actor) -> tuple[F64, int]:
        """Return an actor's `times_to_crossing`, and the row from which they have seen the ego."""
        id_ = actor.instance_id
        if id_ not in self._known:
            trajectory, column = self._trajectory, self._trajectory.column(id_)
            place = trajectory.position_m[:, column, :2]
            beyond = roads.beyond_carriageway(self._network, place)
            zebra = np.any(self._crosswalks.within(trajectory.position_m[:, column])[0], axis=1)
            intent = trajectory.intent[:, column]
            times = times_to_crossing(beyond, intent, zebra, trajectory.time_s)
            if self._view is None:
                self._view = EgoInView(self._scenario, trajectory)
            self._known[id_] = times, self._view.first_row(actor)
        return self._known[id_]
