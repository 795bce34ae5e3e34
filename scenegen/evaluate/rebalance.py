"""Weights of pictures that bring a synthetic set's composition near a real one's.

Bounded calibration (the logit method of Deville and Särndal 1992, "Calibration estimators in
survey sampling") with a ridge: weights stay within bounds and near one, and moments that can't
be matched within them are matched as far as that goes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from scenegen.errors import InputError
from scenegen.evaluate.images import ATTRIBUTES, F64, Task
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.composition import content
from scenegen.evaluate.study import Tick, silent

BOUNDS = (0.2, 5.0)
"""No picture is drawn more than so much less or more often than without weights."""
RIDGE = 0.1
"""Misfit in standard deviations that is accepted for moving weights by about one."""
BALANCED = ("time_of_day", "weather")
_KNOWN_SHARE = 0.5
_DECIMALS = 6
_STEPS = 200
_SMALL = 1e-9


@dataclass(frozen=True)
class Balance:
    """What re-weighting changes.

    Attributes
    ----------
    weights : (N,) float64
        Of the synthetic pictures; mean one.
    names : tuple of str
        What is balanced, as ``class=car`` or ``time_of_day=night``.
    target, plain, weighted : (K,) float64
        Means over the real set, over the synthetic one, and over it with the weights.
    scale : (K,) float64
        Standard deviation over the pictures of both sets.
    """

    weights: F64
    names: tuple[str, ...]
    target: F64
    plain: F64
    weighted: F64
    scale: F64

    @property
    def misfit_before(self) -> float:
        """Root mean square of plain minus target in standard deviations; 0 without columns."""
        return _rms((self.plain - self.target) / self.scale)

    @property
    def misfit_after(self) -> float:
        """Root mean square of weighted minus target in standard deviations."""
        return _rms((self.weighted - self.target) / self.scale)

    @property
    def effective_share(self) -> float:
        """Pictures that count as much as the weighted ones do, over all (Kish 1965)."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum() / len(self.weights))


def picture_weights(
    synthetic: MappedSet,
    train: MappedSet,
    task: Task | None = None,
    bounds: tuple[float, float] = BOUNDS,
    tick: Tick = silent,
) -> F64:
    """Return sampling weights (N,) float64 of synthetic pictures, mean one within bounds.

    With them the mean share of each class (of pixels; objects a picture for ``boxes``) and
    the shares of `BALANCED` slices come near those of the real training pictures. Sets alike
    get ones. Weights are rounded to six decimals, so that no machine's last bit tells.

    Parameters
    ----------
    task : str, optional
        Which truth is balanced; ``semantic`` by default where both sets have it.
    bounds : (float, float)
        Least and largest weight, below and above one.
    """
    return balance(synthetic, train, task, bounds, tick).weights


def balance(
    synthetic: MappedSet,
    train: MappedSet,
    task: Task | None = None,
    bounds: tuple[float, float] = BOUNDS,
    tick: Tick = silent,
) -> Balance:
    """Return the weights of `picture_weights` with what they change."""
    if not len(synthetic) or not len(train):
        empty = synthetic if not len(synthetic) else train
        raise InputError(f"{empty.name}: has no pictures to balance by")
    kind = task or common_task(synthetic, train)
    made = content(synthetic, kind, lambda share, note: tick(share / 2, note))
    real = content(train, kind, lambda share, note: tick(0.5 + share / 2, note))
    names = [f"class={name}" for name in synthetic.mapping.space.names]
    columns, goals, scales = [*made.T], [*real.mean(axis=0)], [*_deviation(made, real)]
    for attribute in BALANCED:
        for name, column, share in _slice_columns(synthetic, train, attribute):
            names.append(name)
            columns.append(column)
            goals.append(share)
            scales.append(max(float(np.sqrt(share * (1 - share))), float(column.std())))
    matrix, target = np.stack(columns, axis=1), np.array(goals)
    movable = np.ptp(matrix, axis=0) > 0  # what is equal in all pictures no weight can change
    matrix, target, scale = matrix[:, movable], target[movable], np.array(scales)[movable]
    weights = calibrated((matrix - target) / scale, bounds)
    return Balance(
        weights,
        tuple(name for name, moves in zip(names, movable, strict=True) if moves),
        target,
        matrix.mean(axis=0),
        np.average(matrix, axis=0, weights=weights),
        scale,
    )


def calibrated(
    columns: F64, bounds: tuple[float, float] = BOUNDS, ridge: float = RIDGE
) -> npt.NDArray[np.float64]:
    """Return weights (N,) float64 with mean one for which weighted means of columns near zero.

    Weights are F(x λ) with F a logistic between the bounds, F(0) = F'(0) = 1. λ minimises
    mean G(x λ) + ridge |λ|²/2 with G' = F, which is convex in as many unknowns as there are
    columns; at its minimum the weighted mean of each column is -ridge λ.

    Parameters
    ----------
    columns : (N, K) float64
        Deviations from the target in standard deviations.
    """
    low, high = bounds
    if not 0 <= low < 1 < high:
        raise InputError(f"bounds {bounds} of weights: the lower is in [0, 1), the upper above 1")
    count = len(columns)
    x = np.column_stack([np.ones(count), columns])
    penalty = np.array([0.0, *([ridge] * columns.shape[1])])
    steep = (high - low) / ((1 - low) * (high - 1))
    start = float(np.log((1 - low) / (high - 1)))
    one = np.eye(x.shape[1])[0]  # the constant column has the target one, the others zero

    def weights(unknowns: F64) -> F64:
        return np.asarray(low + (high - low) * expit(steep * (x @ unknowns) + start))

    def objective(unknowns: F64) -> tuple[float, F64]:
        u = x @ unknowns
        primitive = low * u + (high - low) / steep * np.logaddexp(0, steep * u + start)
        value = primitive.mean() - unknowns[0] + 0.5 * float(penalty @ unknowns**2)
        return float(value), x.T @ weights(unknowns) / count - one + penalty * unknowns

    def curvature(unknowns: F64) -> F64:
        s = expit(steep * (x @ unknowns) + start)
        slope = (high - low) * steep * s * (1 - s)
        return np.asarray((x.T * slope) @ x / count + np.diag(penalty))

    return np.asarray(
        np.round(weights(_minimum(objective, curvature, x.shape[1])), _DECIMALS), np.float64
    )


def _minimum(
    objective: Callable[[F64], tuple[float, F64]], curvature: Callable[[F64], F64], size: int
) -> F64:
    """Return where a convex function is least, by Newton's steps halved until they help."""
    at = np.zeros(size)
    value, gradient = objective(at)
    for _ in range(_STEPS):
        if np.abs(gradient).max() < _SMALL:
            break
        step = np.linalg.solve(curvature(at) + _SMALL * np.eye(size), gradient)
        slope = float(gradient @ step)
        while True:
            there, steeper = objective(at - step)
            if there <= value - 1e-4 * slope or slope < _SMALL**2:
                break
            step, slope = step / 2, slope / 2
        at, value, gradient = at - step, there, steeper
    return at


def common_task(*sets: MappedSet) -> Task:
    """Return a truth that all sets have, ``semantic`` before ``boxes``."""
    tasks: tuple[Task, ...] = ("semantic", "boxes")
    for task in tasks:
        if all(mapped.has(task) for mapped in sets):
            return task
    have = "; ".join(f"{m.name} has {', '.join(sorted(m.images.tasks)) or 'none'}" for m in sets)
    raise InputError(f"no kind of truth that all sets have: {have}")


def _slice_columns(
    synthetic: MappedSet, train: MappedSet, attribute: str
) -> list[tuple[str, F64, float]]:
    """Return name, column (N,) and target of each slice that both sets tell of.

    A picture that doesn't tell counts as the target, so it is moved neither way.
    """
    made, real = (
        np.array([str(record.attributes.get(attribute, "")) for record in mapped.records])
        for mapped in (synthetic, train)
    )
    values = ATTRIBUTES[attribute]
    tells, told = np.isin(made, values), np.isin(real, values)
    if min(tells.mean(), told.mean()) < _KNOWN_SHARE:
        return []
    there = [value for value in values if (made == value).any()]
    reachable = np.isin(real, there)
    if not reachable.any():
        return []
    result = []
    for value in there:
        share = float((real[reachable] == value).mean())
        column = np.where(tells, made == value, share).astype(np.float64)
        result.append((f"{attribute}={value}", column, share))
    return result


def _deviation(made: F64, real: F64) -> F64:
    """Return the deviation of columns over both sets (C,); one for columns that are constant."""
    both = np.sqrt((made.var(axis=0) + real.var(axis=0)) / 2)
    return np.where(both > 0, both, 1.0)


def _rms(values: F64) -> float:
    return float(np.sqrt(np.mean(values**2))) if values.size else 0.0
