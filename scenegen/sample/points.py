"""Points of the unit cube, a coordinate for each parameter: what a draw is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from scenegen.records.base import F64
from scenegen.scenario.distributions import open_unit


@dataclass(frozen=True)
class UnitPoints:
    """Some points of the open unit cube.

    Attributes
    ----------
    u : ndarray, shape (n, d)
        Coordinates in (0, 1), in the order of the parameters' names.
    log_weight : ndarray, shape (n,)
        Minus the log density that the points were chosen with; 0 where they are uniform.
    marginal : bool
        Whether a coordinate is where a parameter lies in its own distribution, whatever it
        goes together with. If not, coordinates are independent, and what goes together is
        made from several of them.
    """

    u: F64
    log_weight: F64
    marginal: bool = False

    def __len__(self) -> int:
        return len(self.u)


class PointSource(Protocol):
    """Where the candidates of one scene come from, best first."""

    def take(self, n: int) -> UnitPoints:
        """Return the next points, n of them or fewer if there are no more."""


class GivenPoints:
    """Points (n, d) that are there already, until there are no more."""

    def __init__(self, u: F64) -> None:
        self.u = u

    def take(self, n: int) -> UnitPoints:
        some, self.u = self.u[:n], self.u[n:]
        return UnitPoints(some, np.zeros(len(some)))


class UniformPoints:
    """Independent uniform points, without end."""

    def __init__(self, generator: np.random.Generator, dimension: int) -> None:
        self.generator = generator
        self.dimension = dimension

    def take(self, n: int) -> UnitPoints:
        return UnitPoints(open_unit(self.generator, (n, self.dimension)), np.zeros(n))
