"""Parameters that go with what is lacking, and the part of their range that has more of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import rankdata

from scenegen.evaluate.gaps.origins import Origin
from scenegen.evaluate.images import F64
from scenegen.scenario.choices import Categorical, Discrete
from scenegen.scenario.continuous import FAMILIES, LogUniform
from scenegen.scenario.distributions import Distribution, Fixed
from scenegen.scenario.syntax import Type
from scenegen.scenario.units import ANGLE, UNITS, Dimension

LEAST_SCENES = 12
"""Of fewer scenes no parameter is judged."""
LEVEL = 0.05
MOST = 2
FAVOUR = 4.0
"""How much more often a text is drawn that goes with what is lacking."""
"""Parameters that are changed in one scenario."""
_PERMUTATIONS = 2000


@dataclass(frozen=True)
class Tuning:
    """A parameter that is drawn otherwise.

    Attributes
    ----------
    path : str
        As an override names it.
    value : dict
        The new distribution as YAML, with the old one as ``nominal``.
    rho : float
        Spearman's correlation with what is lacking, over scenes.
    p_value : float
        Corrected for all parameters that were looked at.
    scenes : int
    """

    path: str
    value: dict[str, Any]
    rho: float
    p_value: float
    scenes: int


def tune(
    origin: Origin, need: Mapping[str, float], generator: np.random.Generator
) -> tuple[Tuning, ...]:
    """Find parameters with whose values what is lacking rises or falls.

    Correlations are tested by permutation of scenes against the greatest one of all
    parameters (Westfall and Young 1993), so that many parameters make no false alarm.

    Parameters
    ----------
    need : mapping
        By scene, how much of what is lacking it has.
    """
    scenes = sorted(need)
    columns = [c for name in sorted(origin.draws) for c in _columns(origin, name, scenes)]
    if len(scenes) < LEAST_SCENES or not columns:
        return ()
    x = np.stack([_ranks(column.values) for column in columns])
    y = _ranks(np.array([need[scene] for scene in scenes]))
    rho = x @ y
    orders = np.argsort(generator.random((_PERMUTATIONS, len(scenes))), axis=1)
    greatest = np.abs(x @ y[orders].T).max(axis=0)
    p = (1 + (greatest[:, None] >= np.abs(rho) - 1e-12).sum(axis=0)) / (1 + _PERMUTATIONS)
    chosen: dict[str, Tuning] = {}
    for k in np.argsort(-np.abs(rho), kind="stable"):
        column = columns[k]
        useless = column.text is not None and rho[k] < 0
        if p[k] >= LEVEL or len(chosen) == MOST or useless or column.name in chosen:
            continue
        chosen[column.name] = Tuning(
            column.name if "." in column.name else f"parameters.{column.name}",
            _towards(origin.logical.parameters[column.name], column, bool(rho[k] > 0)),
            float(rho[k]),
            float(p[k]),
            len(scenes),
        )
    return tuple(chosen.values())


@dataclass(frozen=True)
class _Column:
    """A parameter's values (M,) by scene; of a text, whether it is the one in `text`."""

    name: str
    values: F64
    text: str | None = None


def _columns(origin: Origin, name: str, scenes: list[str]) -> list[_Column]:
    """Return what of a parameter can go with something: nothing if it isn't drawn or known."""
    drawn, draws = origin.logical.parameters.get(name), origin.draws[name]
    if drawn is None or name.startswith(("light.", "weather.")) or not _plain(drawn):
        return []
    if not all(scene in draws for scene in scenes) or len({draws[s] for s in scenes}) < 2:
        return []
    sampling = drawn.as_drawn
    if isinstance(sampling, Categorical):
        return [
            _Column(name, np.array([float(draws[s] == text) for s in scenes]), str(text))
            for text in sampling.values
        ]
    fixed = isinstance(sampling, Fixed) or not isinstance(drawn.type, Dimension)
    if fixed or _unit(drawn.type) is None:
        return []
    values = np.array([float(draws[s]) for s in scenes])
    halved = values.min() < np.median(values) < values.max()
    return [_Column(name, values)] if halved or isinstance(sampling, Discrete) else []


def _plain(drawn: Distribution) -> bool:
    """Say whether a parameter's distributions are such as `written` writes."""
    plain = {"categorical", "discrete", "fixed", *FAMILIES}
    return {drawn.as_drawn.kind, drawn.as_nominal.kind} <= plain


def _ranks(values: F64) -> F64:
    """Return ranks (n,) with mean 0 and length 1; zeros if all are equal."""
    ranks = rankdata(values) - (len(values) + 1) / 2
    length = float(np.linalg.norm(ranks))
    return np.asarray(ranks / length if length > 0 else ranks, np.float64)


def _towards(drawn: Distribution, column: _Column, upper: bool) -> dict[str, Any]:
    """Return a text drawn more often, or the half of the numbers that scenes drew.

    Scenes exist there, so the scenario's constraints can be met.
    """
    sampling, values = drawn.as_drawn, column.values
    nominal = written(drawn.as_nominal)
    if isinstance(sampling, Categorical):
        pairs = zip(sampling.values, sampling.probabilities, strict=True)
        weights = {v: round(p * (FAVOUR if v == column.text else 1.0), 6) for v, p in pairs}
        return {"categorical": weights, "nominal": nominal}
    middle = float(np.median(values))
    if isinstance(sampling, Discrete):
        kept = {
            v: round(p, 6)
            for v, p in zip(sampling.values, sampling.probabilities, strict=True)
            if (v >= middle if upper else v <= middle) and p > 0
        }
        return {"discrete": kept, "nominal": nominal}
    kind = "log_uniform" if isinstance(sampling, LogUniform) else "uniform"
    assert isinstance(sampling.type, Dimension)
    ends = (middle, float(values.max())) if upper else (float(values.min()), middle)
    unit = _unit(sampling.type)
    assert unit is not None
    low, high = _inward(ends[0] / unit[1], ends[1] / unit[1])
    return {
        kind: [quantity(end * unit[1], sampling.type) for end in (low, high)],
        "nominal": nominal,
    }


def written(drawn: Distribution) -> dict[str, Any]:
    """Return a distribution as a user would write it."""
    if isinstance(drawn, Discrete | Categorical):
        pairs = zip(drawn.values, drawn.probabilities, strict=True)
        return {drawn.kind: {value: round(share, 6) for value, share in pairs}}
    assert isinstance(drawn.type, Dimension)
    if isinstance(drawn, Fixed):
        return {"fixed": quantity(drawn.value, drawn.type)}
    plain = {"a", "b"}
    fields = {
        name: value if name in plain else quantity(value, drawn.type)
        for name, value in vars(drawn).items()
        if name != "dimension"
    }
    return {drawn.kind: fields}


def _unit(dimension: Type) -> tuple[str, float] | None:
    """Return a unit of a dimension and its size in SI; None if there is none to write."""
    if dimension == Dimension():
        return "", 1.0
    if dimension == ANGLE:
        return "deg", UNITS["deg"][0]
    return next(
        ((n, 1.0) for n, (size, d) in UNITS.items() if d == dimension and size == 1.0), None
    )


def quantity(value: float, dimension: Dimension) -> str | float:
    """Return an SI value as text with a unit."""
    unit = _unit(dimension)
    if unit is None:
        raise ValueError(f"no unit for {dimension}")
    number = float(f"{value / unit[1]:.10g}")
    return f"{number:.10g} {unit[0]}" if unit[0] else number


def _inward(low: float, high: float) -> tuple[float, float]:
    """Return ends with few digits that lie within the range, as far as it is wide enough."""
    step = 10.0 ** math.floor(math.log10(high - low) - 2)
    return math.ceil(low / step) * step, math.floor(high / step) * step
