"""Draws candidates column by column and sorts out those that meet the constraints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.sample.copula import copulas_of
from scenegen.sample.points import UnitPoints
from scenegen.scenario import LogicalScenario
from scenegen.scenario.distributions import Distribution
from scenegen.scenario.syntax import Column, evaluate


@dataclass(frozen=True)
class Candidates:
    """Many draws at once.

    Attributes
    ----------
    columns : dict of str to ndarray, shape (n,)
        Every parameter, drawn or derived.
    met : ndarray, shape (n, C), bool
        Which of the C constraints each draw meets.
    log_weight : ndarray, shape (n,)
        ln nominal - ln proposal density, summed over parameters, and that of the points.
    """

    columns: dict[str, Column]
    met: npt.NDArray[np.bool_]
    log_weight: F64

    @property
    def accepted(self) -> npt.NDArray[np.int64]:
        """Rows that meet every constraint."""
        return np.flatnonzero(self.met.all(axis=1))

    def row(self, index: int) -> dict[str, Column]:
        """Return the columns of one draw, each of shape (1,)."""
        return {name: column[index : index + 1] for name, column in self.columns.items()}


def draw_candidates(logical: LogicalScenario, points: UnitPoints) -> Candidates:
    """Turn points of the unit cube into candidates: a parameter for each coordinate.

    Parameters
    ----------
    logical : LogicalScenario
    points : UnitPoints
        Coordinates in the order of the parameters' names, so that the order in the file
        changes nothing.
    """
    n = len(points)
    copulas = copulas_of(logical.correlations, sorted(logical.parameters))
    u, log_weight = points.u, points.log_weight.copy()
    for copula in copulas:
        if points.marginal:
            log_weight += copula.log_density(u)
        else:
            u = copula.correlate(u)
    columns: dict[str, Column] = {}
    # Draws whose arguments make no sense get no number, and are rejected by a constraint.
    with np.errstate(all="ignore"):
        bound = _fill(logical, u, columns)
        for name, distribution in bound.items():
            log_weight += distribution.log_weight(columns[name])
        for copula in copulas:
            log_weight += copula.log_weight(u, columns, bound)
    met = np.ones((n, len(logical.constraints)), dtype=bool)
    for index, constraint in enumerate(logical.constraints):
        met[:, index] = np.broadcast_to(evaluate(constraint.node, columns), (n,))
    return Candidates(columns, met, log_weight)


def _fill(logical: LogicalScenario, u: F64, columns: dict[str, Column]) -> dict[str, Distribution]:
    """Work out every parameter's column from points (n, d); return what each was drawn from."""
    place = {name: index for index, name in enumerate(sorted(logical.parameters))}
    bound: dict[str, Distribution] = {}
    for name in logical.order:
        if name in logical.derived:
            columns[name] = np.broadcast_to(evaluate(logical.derived[name], columns), (len(u),))
        else:
            bound[name] = logical.parameters[name].bind(columns)
            columns[name] = bound[name].quantile(u[:, place[name]])
    return bound
