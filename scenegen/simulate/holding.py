"""Which of the things that a driver heeds holds it back most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.records.holds import Hold

NOTICED_MPS2 = 0.1
"""So much less acceleration than on an empty road counts as being held."""
STILL_MPS = 0.1
"""A speed wanted below this is a wish to stand."""


@dataclass(frozen=True)
class Allowed:
    """What each of N drivers may do, as accelerations (N,) in m/s², ``inf`` where nothing holds.

    Attributes
    ----------
    free, ahead, signal, line, end : ndarray, shape (N,)
        On an empty road; and with one thing heeded beside that.
    leader, first : ndarray, shape (N,), int64
        Index of the actor ahead, and of the actor who goes first at a line; -1 for nobody.
    """

    free: F64
    ahead: F64
    signal: F64
    line: F64
    end: F64
    leader: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]


def held(
    allowed: Allowed, wanted_mps: F64, crashed: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return the `Hold` (N,) that binds each driver most, and for which actor (N,), -1: nobody.

    Parameters
    ----------
    allowed : Allowed
    wanted_mps : ndarray, shape (N,)
        What the behaviours in force want to go at, whatever the way is like.
    crashed : ndarray, shape (N,), bool
    """
    kinds = np.array([Hold.AHEAD, Hold.SIGNAL, Hold.LINE, Hold.END], dtype=np.uint8)
    terms = np.stack([allowed.ahead, allowed.signal, allowed.line, allowed.end])
    which = terms.argmin(axis=0)
    binds = terms.min(axis=0) < allowed.free - NOTICED_MPS2
    kind = np.where(binds, kinds[which], np.uint8(Hold.NONE))
    kind = np.where(wanted_mps < STILL_MPS, np.uint8(Hold.WANTED), kind)
    kind = np.where(crashed, np.uint8(Hold.CRASHED), kind)
    whom = np.where(kind == Hold.AHEAD, allowed.leader, -1)
    return kind, np.where(kind == Hold.LINE, allowed.first, whom)
