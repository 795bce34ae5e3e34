"""What is told beside a run: what held drivers back, and what actors came to the end of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64


class Hold(IntEnum):
    """What holds a driver back most."""

    NONE = 0
    WANTED = 1  # nothing: the own behaviour wants to stand, or brakes
    AHEAD = 2  # somebody on the own way, by the Intelligent Driver Model
    SIGNAL = 3
    LINE = 4  # a line at which others go first, or one has to halt
    END = 5  # the end of the own way, or a change of gear
    CRASHED = 6


@dataclass(frozen=True)
class Ending:
    """A behaviour that came to its end for the first time.

    Attributes
    ----------
    actor : int
        Instance id.
    does : str
        Its word in the language.
    row : int
        Of the trajectory.
    """

    actor: int
    does: str
    row: int


@dataclass(frozen=True)
class Holds:
    """What held every driver at every control step, and what ended; not part of any file.

    Attributes
    ----------
    kind : ndarray, shape (T, N), uint8
        `Hold`, in the order of the trajectory's actors; ``NONE`` of who drives nothing, and in
        the first row, before anybody has decided.
    whom : ndarray, shape (T, N), uint16
        Instance id of who is waited for, 0 for nobody.
    ended : tuple of Ending
        In order of time; what an interrupt broke off ends once it is taken up again and done.
    nearest : ndarray, shape (T, N), uint16, or None
        Instance id of who is the nearest on the way of who is held by somebody ahead there: not
        always whom they wait for, as a lorry that stands counts more than a bicycle before it.
    top_mps : ndarray, shape (N,), or None
        How fast engines take each on a level road; ``inf`` for who has none.
    """

    kind: npt.NDArray[np.uint8]
    whom: npt.NDArray[np.uint16]
    ended: tuple[Ending, ...] = ()
    nearest: npt.NDArray[np.uint16] | None = None
    top_mps: F64 | None = None
