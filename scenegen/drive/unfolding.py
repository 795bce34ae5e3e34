"""A trajectory that becomes known row by row, as sensors need it while an episode goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from scenegen.geometry import quaternion_multiply
from scenegen.records import Trajectory
from scenegen.records.base import F64
from scenegen.simulate import Recorder

_READ = (
    *("position_m", "quaternion_wxyz", "velocity_mps", "spin_radps", "articulation"),
    *("lamps", "signal_states"),
)
_AS = {"spin_radps": "angular_velocity_radps"}


class Unfolding:
    """A trajectory of full length; rows that nobody knows yet go on as the last one does.

    What isn't known goes straight on and turns evenly, with its joints, lamps and signals as
    they are.

    Parameters
    ----------
    recorder : Recorder
        With its first row written.
    rows : int
        Of the whole episode.
    ahead : int
        Rows that are foreseen at each step.

    Attributes
    ----------
    trajectory : Trajectory
        Of all rows; its arrays are views on what becomes known.
    """

    def __init__(self, recorder: Recorder, rows: int, ahead: int) -> None:
        self._recorder, self._rows, self._ahead = recorder, rows, ahead
        first = recorder.trajectory(rows)
        self._written = {name: np.array(getattr(recorder, name)) for name in _READ}
        views: dict[str, Any] = {_AS.get(n, n): array[:] for n, array in self._written.items()}
        self.trajectory: Trajectory = replace(first, **views)
        self._dt_s = float(first.time_s[1] - first.time_s[0])
        self._known = -1
        self.take(0, ahead=rows)

    def take(self, row: int, ahead: int | None = None) -> slice:
        """Read rows up to one, and return which rows have changed by that."""
        first = self._known + 1
        for name, array in self._written.items():
            array[first : row + 1] = getattr(self._recorder, name)[first : row + 1]
        self._known = row
        end = min(row + 1 + (self._ahead if ahead is None else ahead), self._rows)
        self._foresee(row, end)
        return slice(first, end)

    def _foresee(self, row: int, end: int) -> None:
        told = self._written
        later = np.arange(1, end - row)[:, None, None] * self._dt_s
        for array in told.values():
            array[row + 1 : end] = array[row]
        told["position_m"][row + 1 : end] += later * told["velocity_mps"][row]
        turned = _turns(later * told["spin_radps"][row])
        told["quaternion_wxyz"][row + 1 : end] = quaternion_multiply(
            turned, told["quaternion_wxyz"][row + 1 : end]
        )


def _turns(vectors_rad: F64) -> F64:
    """Return the quaternions (..., 4) of rotation vectors (..., 3)."""
    angle = np.linalg.norm(vectors_rad, axis=-1, keepdims=True)
    # sin(a / 2) / a, whose limit at 0 is a half.
    share = 0.5 * np.sinc(angle / (2.0 * np.pi))
    return np.concatenate([np.cos(0.5 * angle), share * vectors_rad], axis=-1)
