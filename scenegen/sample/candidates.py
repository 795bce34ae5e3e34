"""Draws candidates column by column and sorts out those that meet the constraints."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.sample.copula import copulas_of
from scenegen.sample.points import UnitPoints
from scenegen.scenario import Constraint, LogicalScenario
from scenegen.scenario.distributions import Distribution
from scenegen.scenario.syntax import Column, evaluate


@dataclass(frozen=True)
class Candidates:
    """Many draws at once.

    Attributes
    ----------
    columns : dict of str to ndarray, shape (n,)
        Every parameter, drawn or derived.
    log_weight : ndarray, shape (n,)
        ln nominal - ln proposal density, summed over parameters, and that of the points.
    constraints : tuple of Constraint
        What the draws are asked to meet.
    """

    columns: dict[str, Column]
    log_weight: F64
    constraints: tuple[Constraint, ...] = ()

    @cached_property
    def met(self) -> npt.NDArray[np.bool_]:
        """Which constraints (n, C) on values each draw meets; those on places come later."""
        met = np.ones((len(self.log_weight), len(self.constraints)), dtype=bool)
        for index, constraint in enumerate(self.constraints):
            if not constraint.spatial:
                met[:, index] = evaluate(constraint.node, self.columns)
        return met

    @property
    def accepted(self) -> npt.NDArray[np.int64]:
        """Rows that meet every constraint on values."""
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
    return Candidates(columns, log_weight, logical.constraints)


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
