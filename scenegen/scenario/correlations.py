"""Sets of parameters that go together: rank correlations, checked to be possible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenegen.errors import nearest
from scenegen.records.base import F64
from scenegen.scenario.document import CorrelationEntry
from scenegen.scenario.resolve import Scope
from scenegen.scenario.source import Path
from scenegen.scenario.syntax import TEXT

LEAST_EIGENVALUE = 1e-6
MAX_MEMBERS = 50

Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Correlation:
    """A Gaussian copula between parameters.

    Attributes
    ----------
    names : tuple of str
        The k parameters.
    rank : tuple of tuple of float, shape (k, k)
        Spearman's rank correlations of what is drawn.
    nominal : tuple of tuple of float, shape (k, k)
        Those of the real world.
    """

    names: tuple[str, ...]
    rank: Matrix
    nominal: Matrix


def pearson_of(rank: F64) -> F64:
    """Return the correlations of Gaussians with given rank correlations: 2 sin(pi rho / 6).

    Pearson (1907); see Nelsen, An Introduction to Copulas (2006), section 5.1.
    """
    return np.asarray(2.0 * np.sin(np.pi * np.asarray(rank) / 6.0))


def rank_of(pearson: F64) -> F64:
    """Return the rank correlations of Gaussians with given correlations."""
    return np.asarray(6.0 / np.pi * np.arcsin(np.asarray(pearson) / 2.0))


def is_possible(rank: F64) -> bool:
    """Say whether Gaussians can have such rank correlations: whether theirs are definite."""
    return bool(np.linalg.eigvalsh(pearson_of(rank)).min() > LEAST_EIGENVALUE)


def nearest_possible(rank: F64) -> F64:
    """Return rank correlations (k, k), to two decimals, near given ones and possible.

    Alternating projections on the definite matrices and on those with ones on the diagonal
    (Higham 2002, Computing the nearest correlation matrix), on the correlations of Gaussians.
    """
    target = pearson_of(rank)
    step = np.zeros_like(target)
    for _ in range(200):
        before = target - step
        values, vectors = np.linalg.eigh(before)
        definite = (vectors * np.maximum(values, 1e-3)) @ vectors.T
        step = definite - before
        target = definite.copy()
        np.fill_diagonal(target, 1.0)
    near = rank_of(np.clip(target, -1.0, 1.0))
    found = np.round(near, 2)
    while not is_possible(found):
        # Two decimals may be one step too far: shrink towards independence.
        near *= 0.99
        np.fill_diagonal(near, 1.0)
        found = np.round(near, 2)
    return found


def read_correlations(entries: tuple[CorrelationEntry, ...], scope: Scope) -> Iterator[Correlation]:
    """Yield the correlated sets of a document; problems are noted in the scope."""
    taken: set[str] = set()
    for index, entry in enumerate(entries):
        path: Path = ("correlations", index)
        fine = [
            _check_member(name, (*path, "of", i), taken, scope) for i, name in enumerate(entry.of)
        ]
        if not 2 <= len(entry.of) <= MAX_MEMBERS:
            scope.problems.add(path, f"a correlated set has 2 to {MAX_MEMBERS} parameters")
            continue
        rank = _matrix(entry.rank, len(entry.of), (*path, "rank"), scope)
        nominal = rank
        if entry.nominal == "independent":
            nominal = np.eye(len(entry.of))
        elif entry.nominal != "same":
            nominal = _matrix(entry.nominal, len(entry.of), (*path, "nominal"), scope)
        if all(fine) and rank is not None and nominal is not None:
            yield Correlation(entry.of, _plain(rank), _plain(nominal))


def _plain(matrix: F64) -> Matrix:
    return tuple(tuple(row) for row in matrix.tolist())


def _check_member(name: str, path: Path, taken: set[str], scope: Scope) -> bool:
    problem = ""
    if name in scope.derived:
        problem = f"{name!r} is derived; name the parameters that it is derived from"
    elif name not in scope.parameters:
        problem = f"unknown parameter {name!r}{nearest(name, scope.parameters)}"
    elif scope.parameters[name].type is TEXT:
        problem = f"{name!r} is a text, and texts have no order that could go with anything"
    elif not scope.parameters[name].varied:
        problem = f"{name!r} takes one value only"
    elif name in taken:
        problem = f"{name!r} is named twice; write parameters that go together as one set"
    if problem:
        scope.problems.add(path, problem)
    taken.add(name)
    return not problem


def _matrix(raw: Any, k: int, path: Path, scope: Scope) -> F64 | None:
    """Read a number for a pair or a whole matrix; None if a problem was noted."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        if k != 2:
            scope.problems.add(path, f"{k} parameters need a matrix: {k} rows of {k} numbers")
            return None
        raw = [[1.0, raw], [raw, 1.0]]
    numbers = _numbers(raw, k)
    problem = ""
    if numbers is None:
        problem = f"needs {k} rows of {k} numbers from -1 to 1" + (", or one number" * (k == 2))
    elif not np.array_equal(np.diag(numbers), np.ones(k)):
        problem = "what goes with itself has 1 on the diagonal"
    elif not np.array_equal(numbers, numbers.T):
        row, column = np.argwhere(numbers != numbers.T)[0].tolist()
        problem = f"row {row + 1} and row {column + 1} disagree on how the two go together"
    elif (np.abs(numbers - np.eye(k)) >= 1.0).any():
        problem = "1 and -1 leave nothing to draw; derive one parameter from the other"
    elif not is_possible(numbers):
        near = ", ".join(str(row) for row in nearest_possible(numbers).tolist())
        problem = f"nothing can go together like this; the nearest that can is [{near}]"
    if problem:
        scope.problems.add(path, problem)
        return None
    return numbers


def _numbers(raw: Any, k: int) -> F64 | None:
    """Return a matrix (k, k) of numbers from -1 to 1; None if it is anything else."""
    if not isinstance(raw, list) or len(raw) != k:
        return None
    for row in raw:
        if not isinstance(row, list) or len(row) != k:
            return None
        for number in row:
            if isinstance(number, bool) or not isinstance(number, int | float):
                return None
            if not -1 <= number <= 1:
                return None
    return np.array(raw, np.float64)
